"""Splits Markdown and plain text into passages."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

#: Characters that a passage holds at most, unless one sentence or line is longer.
MAX_CHARACTERS = 1000

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_HEADING = re.compile(r"(#{1,6})\s+(.+?)\s*#*$")
_FENCE = re.compile(r"\s*(`{3,}|~{3,})")
#: Between a sentence's end and the next one's start; \x01 and \x02 mark found words, see search.py.
_SENTENCE_GAP = re.compile(r"(?<=[.!?])\s+(?=\x01?[A-Z“\"(\[])")
_LIST_ITEM = re.compile(r"\s*(?:[-*+]|\d+[.)])\s+")


@dataclass(frozen=True)
class Passage:
    id: str
    path: str
    #: The headings above the passage, joined by " > "; empty at the top of a file without any.
    heading: str
    body: str


def split_document(path: str, text: str) -> list[Passage]:
    """The passages of a document in order. A passage never crosses a heading."""
    sections: list[tuple[str, list[str]]] = []
    for heading, block in _blocks(_COMMENT.sub("", text)):
        if not sections or sections[-1][0] != heading:
            sections.append((heading, []))
        sections[-1][1].extend(_parts(block))
    bodies = [(heading, body) for heading, parts in sections for body in _pack(parts, "\n\n")]
    return [Passage(f"{path}#{n}", path, heading, body) for n, (heading, body) in enumerate(bodies, start=1)]


def sentences(body: str) -> list[str]:
    """The sentences of a passage; list items stand alone, code and tables are left out."""
    found: list[str] = []
    for block in body.split("\n\n"):
        if _is_verbatim(block):
            continue
        items: list[str] = []
        for line in block.splitlines():
            starts_item = _LIST_ITEM.match(line)
            if starts_item or not items:
                items.append(line[starts_item.end() :] if starts_item else line)
            else:
                items[-1] += " " + line
        for item in items:
            found.extend(" ".join(s.split()) for s in _SENTENCE_GAP.split(item) if s.strip())
    return found


def _is_verbatim(block: str) -> bool:
    plain = block.lstrip("\x01")
    return bool(_FENCE.match(plain)) or plain.startswith(("|", "    ", "\t"))


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    """Paragraphs, lists, tables and fenced code, each with the headings above it."""
    headings: list[str] = []
    lines: list[str] = []
    fence = ""
    for line in [*text.splitlines(), ""]:
        mark = _FENCE.match(line)
        heading = None if fence else _HEADING.match(line)
        if fence:
            lines.append(line)
            if line.strip() == fence:
                fence = ""
        elif mark:
            fence = mark[1]
            lines.append(line)
        elif line.strip() and not heading:
            lines.append(line)
        else:
            if lines:
                yield " > ".join(filter(None, headings)), "\n".join(lines)
                lines = []
            if heading:
                level = len(heading[1])
                headings = [*headings[: level - 1], *[""] * (level - 1 - len(headings)), heading[2]]
    if lines:
        yield " > ".join(filter(None, headings)), "\n".join(lines)


def _parts(block: str) -> list[str]:
    """A block, cut between sentences (or lines of code and tables) where it is too long for one passage."""
    if len(block) <= MAX_CHARACTERS:
        return [block]
    if _is_verbatim(block) or "\n" in block:
        return _pack(block.splitlines(), "\n")
    return _pack(_SENTENCE_GAP.split(block), " ")


def _pack(parts: list[str], glue: str) -> list[str]:
    """Joins neighbours as long as they fit into one passage."""
    packed: list[str] = []
    for part in parts:
        if packed and len(packed[-1]) + len(glue) + len(part) <= MAX_CHARACTERS:
            packed[-1] += glue + part
        else:
            packed.append(part)
    return packed
