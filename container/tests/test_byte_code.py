"""The check of the image's byte code finds what is missing."""

import py_compile
import sys

import pytest
from conftest import CONTAINER

sys.path.append(str(CONTAINER / "build_checks"))
import byte_code


@pytest.fixture
def module(tmp_path, monkeypatch):
    """An imported module without byte code."""
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    path = tmp_path / "module_under_test.py"
    path.write_text("x = 1\n")
    __import__("module_under_test")
    yield path
    del sys.modules["module_under_test"]


def is_missing() -> bool:
    return "module_under_test" in byte_code.without_byte_code()


def test_a_module_without_byte_code_is_found(module):
    assert is_missing()


@pytest.mark.parametrize(
    "mode", [py_compile.PycInvalidationMode.TIMESTAMP, py_compile.PycInvalidationMode.UNCHECKED_HASH]
)
def test_byte_code_where_python_looks_for_it_counts(module, mode):
    py_compile.compile(str(module), invalidation_mode=mode)
    assert not is_missing()


def test_byte_code_beside_the_source_does_not_count(module):
    """What `compileall -b` writes."""
    py_compile.compile(str(module), cfile=str(module) + "c")
    assert is_missing()


def test_byte_code_of_another_source_does_not_count(module):
    py_compile.compile(str(module), invalidation_mode=py_compile.PycInvalidationMode.TIMESTAMP)
    module.write_text("x = 22\n")
    assert is_missing()
