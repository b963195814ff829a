"""Reads documents for the index: Markdown, plain text, HTML and PDF. Build time only."""

import warnings
from dataclasses import dataclass
from pathlib import Path

_TEXT = {".md", ".txt"}
_HTML = {".html", ".htm"}
_PDF = {".pdf"}
SUFFIXES = _TEXT | _HTML | _PDF
#: Parts of a page that are not its text.
_NOT_TEXT = ["script", "style", "template", "noscript", "nav", "svg", "iframe", "form"]


class BuildError(Exception):
    """The sources can't be made into an index; the message names the file and the reason."""


@dataclass(frozen=True)
class Document:
    #: Relative to its source folder.
    path: str
    #: As Markdown.
    text: str
    #: Time of change, in seconds since 1970.
    modified: int


def read_documents(folders: list[Path]) -> list[Document]:
    """All documents below the folders, in the order of their paths.

    Raises:
        BuildError: a folder is missing, a file can't be read, or a path occurs twice.
    """
    documents: dict[str, Document] = {}
    for folder in folders:
        if not folder.is_dir():
            raise BuildError(f"{folder}: is not a folder")
        for file in folder.rglob("*"):
            if file.suffix.lower() not in SUFFIXES or not file.is_file():
                continue
            path = file.relative_to(folder).as_posix()
            if path in documents:
                raise BuildError(f"{file}: another source folder also holds {path}")
            documents[path] = Document(path, _text(file), int(file.stat().st_mtime))
    return [documents[path] for path in sorted(documents)]


def _text(file: Path) -> str:
    suffix = file.suffix.lower()
    try:
        if suffix in _PDF:
            return _pdf(file)
        text = file.read_text(encoding="utf-8-sig")
        return _html(text) if suffix in _HTML else text
    except UnicodeDecodeError:
        raise BuildError(f"{file}: is not UTF-8 text") from None
    except ImportError as error:
        raise BuildError(
            f"{file}: needs the package {error.name}: pip install -r container/requirements-index.txt"
        ) from None


def _html(text: str) -> str:
    from bs4 import BeautifulSoup
    from markdownify import MarkdownConverter

    page = BeautifulSoup(text, "html.parser")
    for part in page(_NOT_TEXT):
        part.decompose()
    return MarkdownConverter(heading_style="ATX", strip=["a", "img"]).convert_soup(page.body or page)


def _pdf(file: Path) -> str:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            reader = PdfReader(file)
            if reader.is_encrypted:
                raise BuildError(f"{file}: is encrypted")
            return "\n\n".join(page.extract_text() for page in reader.pages)
    except (PyPdfError, ValueError, KeyError, TypeError) as error:
        raise BuildError(f"{file}: is not a PDF that can be read ({error})") from None
