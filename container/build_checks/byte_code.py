"""Checks that Python finds compiled byte code for all that the server imports, whatever it is asked to do later.

With --compile-standard-library it first writes what the base image lacks. Without, it fails and names the modules.
"""

import importlib.util
import sys
from pathlib import Path

#: Imported only when they are needed, but by then a request waits for them.
_LATER = {
    "retrieval_server.index": "",
    "retrieval_server.mcp_tools": "mcp",
    "retrieval_server.provider_openai": "",
    "retrieval_server.provider_bedrock": "",
    "retrieval_server.secrets": "",
    "retrieval_server.embedder_onnx": "onnxruntime",
    "retrieval_server.embedder_torch": "torch",
    "retrieval_server.vectors": "faiss",
    "encodings.idna": "",
    "concurrent.futures.thread": "",
}


def import_all() -> None:
    import retrieval_server.server  # noqa: F401

    for module, needs in _LATER.items():
        # What a backend needs is only in its own image.
        if not needs or importlib.util.find_spec(needs):
            importlib.import_module(module)


def without_byte_code() -> list[str]:
    """Modules that come from a source file without its compiled file beside it, or with one of another source."""
    missing = []
    for name, module in sorted(sys.modules.items()):
        source = getattr(getattr(module, "__spec__", None), "origin", None)
        if not source or not source.endswith(".py") or name == "__main__":
            continue
        compiled = Path(importlib.util.cache_from_source(source))
        if not compiled.is_file() or not _belongs(compiled, Path(source)):
            missing.append(name)
    return missing


def _belongs(compiled: Path, source: Path) -> bool:
    """As the interpreter decides it, see PEP 552: unchecked, or time and size of the source."""
    header = compiled.read_bytes()[:16]
    if header[:4] != importlib.util.MAGIC_NUMBER:
        return False
    flags = int.from_bytes(header[4:8], "little")
    if flags:
        return flags == 0b01
    stat = source.stat()
    return (int.from_bytes(header[8:12], "little"), int.from_bytes(header[12:], "little")) == (
        int(stat.st_mtime) & 0xFFFFFFFF,
        stat.st_size & 0xFFFFFFFF,
    )


def main() -> int:
    writes = "--compile-standard-library" in sys.argv
    sys.dont_write_bytecode = not writes
    import_all()
    if writes:
        return 0
    missing = without_byte_code()
    total = sum(1 for module in sys.modules.values() if getattr(module, "__file__", None))
    if missing:
        print(f"no byte code for {len(missing)} of {total} modules: {', '.join(missing)}", file=sys.stderr)
        return 1
    print(f"byte code is there for all of {total} modules")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
