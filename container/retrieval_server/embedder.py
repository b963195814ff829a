"""Turns texts into vectors."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np

FILE_NAME = "model.json"
#: Texts that are embedded at once when an index is built.
BATCH = 32


class ModelRefused(Exception):
    """The model can't be used; the message says why and what to do."""


class Embedder(Protocol):
    """Safe to use from several threads."""

    name: str
    dimension: int

    def embed(self, texts: Sequence[str]) -> "np.ndarray":
        """Vectors of length 1: float32, one row a text."""


@dataclass(frozen=True)
class ModelManifest:
    """What model.json in a model folder says; written by `python -m model_tools`."""

    name: str
    backend: str
    dimension: int
    #: Tokens of a text that are looked at; the rest is cut off.
    max_tokens: int
    #: Size in bytes of each file.
    files: dict[str, int]

    @classmethod
    def read(cls, folder: Path, backend: str) -> "ModelManifest":
        """Reads the manifest and looks for the files that it names.

        Only their sizes: reading them takes longer than loading the model. The probe of the index finds other damage.

        Raises:
            ModelRefused: no model of this backend, or a file is missing or of another size.
        """
        path = folder / FILE_NAME
        try:
            manifest = cls(**json.loads(path.read_bytes()))
        except (FileNotFoundError, NotADirectoryError):
            raise ModelRefused(f"{folder}: no such model; make it with python -m model_tools prepare") from None
        except (OSError, ValueError, TypeError) as error:
            raise ModelRefused(f"{path}: can't be read ({type(error).__name__})") from None
        if manifest.backend != backend:
            raise ModelRefused(f"{folder}: was prepared for the backend {manifest.backend}, this server runs {backend}")
        for name, expected in manifest.files.items():
            file = folder / name
            size = file.stat().st_size if file.is_file() else None
            if size is None:
                raise ModelRefused(f"{file}: is missing")
            if size != expected:
                raise ModelRefused(f"{file}: is damaged: {size} bytes instead of {expected}")
        return manifest
