"""Builds the index: python -m retrieval_server.index build OUT SOURCE_DIR..."""

import argparse
import hashlib
import os
import sqlite3
import sys
from pathlib import Path

from retrieval_server.passages import split_document
from retrieval_server.search import MODEL, SCHEMA_VERSION

_SUFFIXES = {".md", ".txt"}

_SCHEMA = """
CREATE TABLE manifest (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE VIRTUAL TABLE passages USING fts5(
  id UNINDEXED, path UNINDEXED, heading, body, tokenize = 'porter unicode61'
);
"""


class BuildError(Exception):
    """The sources can't be made into an index; the message names the file and the reason."""


def build(out: Path, source_dirs: list[Path]) -> dict[str, str]:
    """Writes the index of all .md and .txt files below the folders, and returns its manifest.

    Paths in the index are relative to their folder. The same sources give the same file.

    Raises:
        BuildError: a folder is missing, a file is not UTF-8, a path occurs twice, or there is no text.
    """
    documents = _read(source_dirs)
    passages = [p for path, (text, _) in documents.items() for p in split_document(path, text)]
    if not passages:
        raise BuildError("no .md or .txt file with text in: " + ", ".join(map(str, source_dirs)))
    digest = hashlib.sha256()
    for path, (text, _) in documents.items():
        digest.update(f"{path}\0{hashlib.sha256(text.encode()).hexdigest()}\n".encode())
    manifest = {
        "schema_version": str(SCHEMA_VERSION),
        "model": MODEL,
        "documents": str(len(documents)),
        "passages": str(len(passages)),
        "sources_sha256": digest.hexdigest(),
        # Of the newest source: a rebuild without changes is no change.
        "created": str(max(modified for _, modified in documents.values())),
    }
    # The new index takes the old one's place only when it is whole.
    unfinished = out.with_name(out.name + ".new")
    out.parent.mkdir(parents=True, exist_ok=True)
    unfinished.unlink(missing_ok=True)
    connection = sqlite3.connect(unfinished)
    try:
        with connection:
            connection.executescript(_SCHEMA)
            connection.executemany("INSERT INTO manifest VALUES (?, ?)", sorted(manifest.items()))
            connection.executemany(
                "INSERT INTO passages (id, path, heading, body) VALUES (?, ?, ?, ?)",
                [(p.id, p.path, p.heading, p.body) for p in passages],
            )
            connection.execute("INSERT INTO passages (passages) VALUES ('optimize')")
        connection.execute("VACUUM")
    finally:
        connection.close()
    os.replace(unfinished, out)
    return manifest


def _read(source_dirs: list[Path]) -> dict[str, tuple[str, int]]:
    """Text and time of change (seconds) of each document, in the order of their paths."""
    documents: dict[str, tuple[str, int]] = {}
    for folder in source_dirs:
        if not folder.is_dir():
            raise BuildError(f"{folder}: is not a folder")
        for file in folder.rglob("*"):
            if file.suffix not in _SUFFIXES or not file.is_file():
                continue
            path = file.relative_to(folder).as_posix()
            if path in documents:
                raise BuildError(f"{file}: another source folder also holds {path}")
            try:
                documents[path] = (file.read_text(encoding="utf-8"), int(file.stat().st_mtime))
            except UnicodeDecodeError:
                raise BuildError(f"{file}: is not UTF-8 text") from None
    return dict(sorted(documents.items()))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m retrieval_server.index", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    build_command = commands.add_parser("build", help="build an index from folders with .md and .txt files")
    build_command.add_argument("out", type=Path, metavar="OUT", help="index file to write")
    build_command.add_argument("sources", type=Path, nargs="+", metavar="SOURCE_DIR")
    options = parser.parse_args(arguments)
    try:
        manifest = build(options.out, options.sources)
    except (BuildError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(f"{options.out}: {manifest['passages']} passages of {manifest['documents']} documents")
    return 0


if __name__ == "__main__":
    sys.exit(main())
