"""Searches an index: BM25 ranking by SQLite's full-text engine."""

import re
import sqlite3
import threading
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

MODEL = "lexical-bm25"
SCHEMA_VERSION = 1

#: Marks around found words in `Index.marked`.
MARK_START, MARK_END = "\x01", "\x02"

#: Distinct terms of a query that are searched for; the rest is left out.
_MAX_TERMS = 64
_TERM = re.compile(r"[^\W_]+")
_STOP_WORDS = frozenset(
    """
    a about an and are as at be by can did do does for from had has have how i if in into is it its me my of on
    or our please said say says should so tell than that the their them there these they this those to us was we
    were what when where which who whom whose why will with would you your
    """.split()
)


class IndexRefused(Exception):
    """The index file can't be used; the message says why and what to do."""


@dataclass(frozen=True)
class Hit:
    rowid: int
    id: str
    path: str
    heading: str
    body: str
    #: BM25, higher is better; comparable within one query only.
    score: float

    @property
    def content(self) -> str:
        return f"{self.heading}\n\n{self.body}" if self.heading else self.body


def match_expression(query: str) -> str | None:
    """The query as a safe full-text expression: its terms, quoted and joined by OR; None when it has no term.

    Stop words are left out, unless there is nothing else.
    """
    terms = list(dict.fromkeys(term.lower() for term in _TERM.findall(query)))
    terms = [term for term in terms if term not in _STOP_WORDS] or terms
    return " OR ".join(f'"{term}"' for term in terms[:_MAX_TERMS]) or None


class Index:
    """An open index. Safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        """Opens the file read-only and reads it once, so that the first question finds it in memory.

        Raises:
            IndexRefused: no such file, not an index, or an index of another schema.
        """
        if not path.is_file():
            raise IndexRefused(f"{path}: no such index; build it with python -m retrieval_server.index build")
        # One connection with a lock: a query takes about a millisecond, and SQLite would serialize it anyway.
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(
            f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )
        try:
            self.manifest = self._read_manifest(path)
            self.touch()
        except BaseException:
            self._connection.close()
            raise

    def _read_manifest(self, path: Path) -> dict[str, str]:
        try:
            manifest = dict(self._connection.execute("SELECT key, value FROM manifest"))
        except sqlite3.DatabaseError as error:
            raise IndexRefused(f"{path}: is not an index ({error})") from error
        schema = manifest.get("schema_version")
        if schema != str(SCHEMA_VERSION) or manifest.get("model") != MODEL:
            raise IndexRefused(
                f"{path}: has schema {schema}, model {manifest.get('model')}; this server reads schema "
                f"{SCHEMA_VERSION}, model {MODEL}. Rebuild it with python -m retrieval_server.index build"
            )
        return manifest

    @property
    def documents(self) -> int:
        return int(self.manifest["documents"])

    @property
    def passages(self) -> int:
        return int(self.manifest["passages"])

    @property
    def created(self) -> int:
        """When the newest source was changed, in seconds since 1970."""
        return int(self.manifest["created"])

    def touch(self) -> None:
        """Runs a query over the whole index, which leaves its pages in memory."""
        with self._lock:
            self._connection.execute("SELECT sum(length(body)) FROM passages").fetchone()
            self._connection.execute("SELECT count(*) FROM passages WHERE passages MATCH 'a'").fetchone()

    def search(self, query: str, limit: int) -> list[Hit]:
        """The best passages, best first; equal scores in the order of their ids."""
        expression = match_expression(query)
        if expression is None:
            return []
        # Rounded: the last digits of a logarithm may differ between processors, the order must not.
        statement = """
            SELECT rowid, id, path, heading, body, round(-bm25(passages, 0, 0, 2.0, 1.0), 6) AS score
            FROM passages WHERE passages MATCH ? ORDER BY score DESC, id LIMIT ?
        """
        with self._lock:
            return [Hit(*row) for row in self._connection.execute(statement, (expression, limit))]

    def marked(self, query: str, hit: Hit) -> str:
        """The body of a hit with marks around each word that the query found, by the index's own stemming."""
        statement = "SELECT highlight(passages, 3, ?, ?) FROM passages WHERE passages MATCH ? AND rowid = ?"
        with self._lock:
            row = self._connection.execute(
                statement, (MARK_START, MARK_END, match_expression(query), hit.rowid)
            ).fetchone()
        return row[0]

    def close(self) -> None:
        with self._lock:
            self._connection.close()
