"""Searches an index: BM25 ranking by SQLite's full-text engine."""

import re
import sqlite3
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

from retrieval_server.manifest import LEXICAL_MODEL, IndexRefused, Manifest

#: Marks around found words in `Passages.marked`.
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


@dataclass(frozen=True)
class Hit:
    rowid: int
    id: str
    path: str
    heading: str
    body: str
    #: Higher is better: BM25 (comparable within one query only), or the cosine of question and passage.
    score: float

    @property
    def content(self) -> str:
        return f"{self.heading}\n\n{self.body}" if self.heading else self.body


class Retriever(Protocol):
    """Finds passages. Safe to use from several threads."""

    #: What ranks the passages, as named in answers.
    model: str
    #: Passages with a lower score say nothing about the question.
    least_score: float
    #: Sentences below this share of the best one's score are not quoted.
    worth_quoting: float
    manifest: Manifest
    passages: "Passages"

    def search(self, query: str, limit: int) -> list[Hit]:
        """The best passages, best first; equal scores in the order of the index."""

    def similarity(self, question: str, texts: Sequence[str]) -> list[float] | None:
        """How near each text is to the question; None when only words are compared."""

    def touch(self) -> None:
        """Leaves all that a search needs in memory."""

    def close(self) -> None: ...


def match_expression(query: str) -> str | None:
    """The query as a safe full-text expression: its terms, quoted and joined by OR; None when it has no term.

    Stop words are left out, unless there is nothing else.
    """
    terms = list(dict.fromkeys(term.lower() for term in _TERM.findall(query)))
    terms = [term for term in terms if term not in _STOP_WORDS] or terms
    return " OR ".join(f'"{term}"' for term in terms[:_MAX_TERMS]) or None


class Passages:
    """The passages of an index, with their full text. Safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        """Opens the file read-only.

        Raises:
            IndexRefused: it is not a file with passages.
        """
        # One connection with a lock: a query takes about a millisecond, and SQLite would serialize it anyway.
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(
            f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )
        try:
            self.touch()
        except sqlite3.DatabaseError as error:
            self._connection.close()
            raise IndexRefused(f"{path}: holds no passages ({error})") from error

    def touch(self) -> None:
        """Reads the start of the tables, which leaves SQLite's schema and their roots in memory."""
        with self._lock:
            self._connection.execute("SELECT body FROM passages LIMIT 1").fetchone()
            self._connection.execute("SELECT count(*) FROM passages WHERE passages MATCH 'a'").fetchone()

    def search(self, query: str, limit: int) -> list[Hit]:
        """The best passages by BM25; equal scores in the order of their ids."""
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

    def get(self, rowids: Sequence[int]) -> list[Hit]:
        """Passages by row, in the order asked for, with the score 0."""
        statement = "SELECT rowid, id, path, heading, body, 0.0 FROM passages WHERE rowid = ?"
        with self._lock:
            return [Hit(*self._connection.execute(statement, (rowid,)).fetchone()) for rowid in rowids]

    def marked(self, query: str, hit: Hit) -> str:
        """The body of a hit with marks around each word of the query, by the index's own stemming."""
        statement = "SELECT highlight(passages, 3, ?, ?) FROM passages WHERE passages MATCH ? AND rowid = ?"
        expression = match_expression(query)
        if expression is None:
            return hit.body
        with self._lock:
            row = self._connection.execute(statement, (MARK_START, MARK_END, expression, hit.rowid)).fetchone()
        # Found by its meaning, without any of the words.
        return row[0] if row else hit.body

    def close(self) -> None:
        with self._lock:
            self._connection.close()


class LexicalRetriever:
    """Ranks by the words that question and passage share."""

    model = LEXICAL_MODEL
    #: Without a common word there is no hit.
    least_score = 0.0
    worth_quoting = 0.3

    def __init__(self, folder: Path) -> None:
        """Opens an index.

        Raises:
            IndexRefused: it is missing, damaged or of another format.
        """
        self.manifest = Manifest.read(folder)
        self.passages = Passages(self.manifest.checked(folder, "passages"))

    def search(self, query: str, limit: int) -> list[Hit]:
        return self.passages.search(query, limit)

    def similarity(self, question: str, texts: Sequence[str]) -> None:
        return None

    def touch(self) -> None:
        self.passages.touch()

    def close(self) -> None:
        self.passages.close()


def scored(hits: Sequence[Hit], scores: Sequence[float]) -> list[Hit]:
    return [replace(hit, score=score) for hit, score in zip(hits, scores, strict=True)]
