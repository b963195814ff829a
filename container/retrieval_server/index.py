"""Builds the index: python -m retrieval_server.index build DIR... [--out FOLDER]"""

import argparse
import hashlib
import os
import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path

from retrieval_server.config import Config, ConfigError
from retrieval_server.cpus import available_cpus, threads_for
from retrieval_server.documents import SUFFIXES, BuildError, Document, read_documents
from retrieval_server.embedder import BATCH, Embedder, ModelRefused
from retrieval_server.loading import load_embedder
from retrieval_server.manifest import LEXICAL_MODEL, PROBE, IndexFile, Manifest
from retrieval_server.passages import Passage, split_document

_SCHEMA = """
CREATE VIRTUAL TABLE passages USING fts5(
  id UNINDEXED, path UNINDEXED, heading, body, tokenize = 'porter unicode61'
);
"""
_PROGRESS_SECONDS = 2

Progress = Callable[[int, int], None]


def build(
    out: Path, source_dirs: list[Path], embedder: Embedder | None = None, progress: Progress = lambda done, total: None
) -> Manifest:
    """Writes the index of all documents below the folders, and returns its manifest.

    Paths in the index are relative to their folder. The same sources give the same index. An index that is there
    already is replaced when the new one is whole.

    Args:
        embedder: Makes the vectors; None for an index that is searched by words only.
        progress: Told how many passages of how many are embedded.

    Raises:
        BuildError: the sources can't be read, or there is no text in them.
    """
    documents = read_documents(source_dirs)
    passages = [passage for document in documents for passage in split_document(document.path, document.text)]
    if not passages:
        kinds = ", ".join(sorted(SUFFIXES))
        raise BuildError(f"no file ({kinds}) with text in: {', '.join(map(str, source_dirs))}")
    out.mkdir(parents=True, exist_ok=True)
    files = {"passages": _named_by_content(_write_passages(out / "passages.new", passages), "passages", ".db")}
    if embedder is not None:
        vectors = _write_vectors(out / "vectors.new", passages, embedder, progress)
        files["vectors"] = _named_by_content(vectors, "vectors", ".faiss")
    manifest = Manifest(
        model=embedder.name if embedder else LEXICAL_MODEL,
        dimension=embedder.dimension if embedder else 0,
        documents=len(documents),
        passages=len(passages),
        created=max(document.modified for document in documents),
        sources_sha256=_digest(documents),
        files={use: IndexFile.of(path) for use, path in files.items()},
        probe=[float(number) for number in embedder.embed([PROBE])[0]] if embedder else [],
    )
    manifest.write(out)
    _remove_others(out, set(files.values()))
    return manifest


def _digest(documents: list[Document]) -> str:
    digest = hashlib.sha256()
    for document in documents:
        digest.update(f"{document.path}\0{hashlib.sha256(document.text.encode()).hexdigest()}\n".encode())
    return digest.hexdigest()


def _write_passages(path: Path, passages: list[Passage]) -> Path:
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    try:
        with connection:
            connection.executescript(_SCHEMA)
            connection.executemany(
                "INSERT INTO passages (id, path, heading, body) VALUES (?, ?, ?, ?)",
                [(p.id, p.path, p.heading, p.body) for p in passages],
            )
            connection.execute("INSERT INTO passages (passages) VALUES ('optimize')")
        connection.execute("VACUUM")
    finally:
        connection.close()
    return path


def _write_vectors(path: Path, passages: list[Passage], embedder: Embedder, progress: Progress) -> Path:
    import faiss
    import numpy as np

    texts = [f"{passage.heading}\n\n{passage.body}" if passage.heading else passage.body for passage in passages]
    vectors = np.empty((len(texts), embedder.dimension), np.float32)
    # Neighbours in length: a batch is as slow as its longest text.
    order = sorted(range(len(texts)), key=lambda row: len(texts[row]))
    for start in range(0, len(order), BATCH):
        rows = order[start : start + BATCH]
        vectors[rows] = embedder.embed([texts[row] for row in rows])
        progress(start + len(rows), len(order))
    # Exact, and the fastest up to some 100,000 passages; on vectors of length 1 the inner product is the cosine.
    index = faiss.IndexFlatIP(embedder.dimension)
    index.add(vectors)
    faiss.write_index(index, str(path))
    return path


def _named_by_content(path: Path, use: str, suffix: str) -> Path:
    """Gives a file a name that no file with another content has: a running server keeps the one it has open."""
    named = path.with_name(f"{use}-{IndexFile.of(path).sha256[:12]}{suffix}")
    path.replace(named)
    return named


def _remove_others(folder: Path, keep: set[Path]) -> None:
    for use, suffix in (("passages", ".db"), ("vectors", ".faiss")):
        for path in folder.glob(f"{use}-*{suffix}"):
            if path not in keep:
                path.unlink()


def _print_progress() -> Progress:
    last = time.monotonic()

    def show(done: int, total: int) -> None:
        nonlocal last
        if done == total or time.monotonic() - last > _PROGRESS_SECONDS:
            last = time.monotonic()
            print(f"embedded {done} of {total} passages", file=sys.stderr, flush=True)

    return show


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m retrieval_server.index", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    build_command = commands.add_parser(
        "build", help="build an index from folders", description="BACKEND and MODEL_DIR are those of the server."
    )
    build_command.add_argument("sources", type=Path, nargs="+", metavar="DIR", help=", ".join(sorted(SUFFIXES)))
    build_command.add_argument("--out", type=Path, metavar="FOLDER", help="where to (default: INDEX_PATH)")
    options = parser.parse_args(arguments)
    try:
        config = Config.from_environment(os.environ)
        threads = config.threads or threads_for(available_cpus(os.environ))
        embedder = None if config.backend == "lexical" else load_embedder(config.backend, config.model_dir, threads)
        out = options.out or config.index_path
        manifest = build(out, options.sources, embedder, _print_progress())
    except (BuildError, ConfigError, ModelRefused, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(f"{out}: {manifest.passages} passages of {manifest.documents} documents, model {manifest.model}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
