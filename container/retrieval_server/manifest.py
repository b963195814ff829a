"""The index folder: manifest.json, which says what is in it, and the files that it names."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

#: Raised when files of an older one can't be read any more.
FORMAT = 2
FILE_NAME = "manifest.json"
LEXICAL_MODEL = "lexical-bm25"
#: Embedded when the index is built and at each start: another vector means another model, or a damaged one.
PROBE = "All legislative powers herein granted shall be vested in a Congress of the United States."

_REBUILD = "rebuild it with python -m retrieval_server.index build"


class IndexRefused(Exception):
    """The index can't be used; the message says why and what to do."""


@dataclass(frozen=True)
class IndexFile:
    name: str
    bytes: int
    sha256: str

    @classmethod
    def of(cls, path: Path) -> "IndexFile":
        return cls(path.name, path.stat().st_size, _sha256(path))


@dataclass(frozen=True)
class Manifest:
    #: Whose vectors are in it; `lexical-bm25` when it holds none.
    model: str
    #: Numbers in a vector; 0 without vectors.
    dimension: int
    documents: int
    passages: int
    #: When the newest source was changed, in seconds since 1970: a rebuild without changes is no change.
    created: int
    sources_sha256: str
    #: By use: `passages` (SQLite) and `vectors` (FAISS).
    files: dict[str, IndexFile]
    #: The vector of PROBE.
    probe: list[float] = field(default_factory=list)
    format: int = FORMAT

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """Reads the manifest; the files that it names are not looked at.

        Raises:
            IndexRefused: no index, or not one of this format.
        """
        path = folder / FILE_NAME
        try:
            value = json.loads(path.read_bytes())
            found = value["format"]
            if found != FORMAT:
                raise IndexRefused(f"{folder}: has format {found}, this server reads {FORMAT}; {_REBUILD}")
            files = {use: IndexFile(**file) for use, file in value.pop("files").items()}
            return cls(files=files, **value)
        except (FileNotFoundError, NotADirectoryError):
            raise IndexRefused(f"{folder}: no such index; {_REBUILD.replace('rebuild', 'build')}") from None
        except OSError as error:
            raise IndexRefused(f"{path}: can't be read ({error.strerror})") from None
        except (ValueError, KeyError, TypeError, AttributeError):
            raise IndexRefused(f"{path}: is not the manifest of an index; {_REBUILD}") from None

    def write(self, folder: Path) -> None:
        """Puts the manifest in its place, which makes the files that it names the index."""
        unfinished = folder / (FILE_NAME + ".new")
        unfinished.write_text(json.dumps(asdict(self), indent=1) + "\n")
        unfinished.replace(folder / FILE_NAME)

    def checked(self, folder: Path, use: str) -> Path:
        """The path of a file, after a look at all of it: this also brings it into memory.

        Raises:
            IndexRefused: the file is missing or is not what was written.
        """
        file = self.files.get(use)
        if file is None:
            raise IndexRefused(f"{folder}: holds no {use}; {_REBUILD}")
        path = folder / file.name
        try:
            size = path.stat().st_size
            if size != file.bytes:
                raise IndexRefused(f"{path}: is damaged: {size} bytes instead of {file.bytes}; {_REBUILD}")
            if _sha256(path) != file.sha256:
                raise IndexRefused(f"{path}: is damaged: its checksum is another one; {_REBUILD}")
        except OSError as error:
            raise IndexRefused(f"{path}: can't be read ({error.strerror}); {_REBUILD}") from None
        return path

    def expect_model(self, folder: Path, model: str, dimension: int) -> None:
        """
        Raises:
            IndexRefused: the vectors are of another model.
        """
        if (self.model, self.dimension) != (model, dimension):
            raise IndexRefused(
                f"{folder}: was made with the model {self.model} (dimension {self.dimension}), this server runs "
                f"{model} (dimension {dimension}); {_REBUILD}, or set MODEL_DIR to the other model"
            )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
