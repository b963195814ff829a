"""Answers a question from the index: quotes of the best sentences, each with its source."""

import hashlib
import math
import re
from dataclasses import dataclass

from retrieval_server.passages import sentences
from retrieval_server.search import MARK_END, MARK_START, MODEL, Hit, Index

_PASSAGES = 5
_SENTENCES = 3
_SENTENCES_PER_PASSAGE = 2
#: Sentences below this share of the best one's score are not quoted.
_WORTH_QUOTING = 0.3
_MARKED_WORD = re.compile(f"{MARK_START}(.*?){MARK_END}")
_NO_MARKS = str.maketrans("", "", MARK_START + MARK_END)

NOTHING_FOUND = "The documents hold nothing about this question."


@dataclass(frozen=True)
class Answer:
    #: The same for the same question and index, wherever it runs.
    id: str
    created: int
    #: The answer in the pieces that a stream sends: one for each sentence, then the sources.
    pieces: list[str]
    sources: list[dict]

    @property
    def content(self) -> str:
        return "".join(self.pieces)


@dataclass(frozen=True)
class _Sentence:
    text: str
    words: frozenset[str]
    hit: Hit
    position: int


def answer(index: Index, question: str) -> Answer:
    """Quotes the sentences that hold the question's rarest words. Takes nothing from outside the index."""
    chosen = _choose(_candidates(index, question))
    numbers: dict[str, int] = {}
    sources: list[dict] = []
    pieces: list[str] = []
    for sentence in chosen:
        hit = sentence.hit
        if hit.id not in numbers:
            numbers[hit.id] = len(numbers) + 1
            sources.append(
                {
                    "n": numbers[hit.id],
                    "id": hit.id,
                    "path": hit.path,
                    "heading": hit.heading,
                    "score": hit.score,
                }
            )
        pieces.append(f"“{sentence.text}” [{numbers[hit.id]}]\n\n")
    if sources:
        pieces.append("Sources:\n" + "\n".join(_source_line(source) for source in sources))
    key = f"{index.manifest['sources_sha256']}\0{question}"
    return Answer(
        id="chatcmpl-" + hashlib.sha256(key.encode()).hexdigest()[:24],
        created=index.created,
        pieces=pieces or [NOTHING_FOUND],
        sources=sources,
    )


def _candidates(index: Index, question: str) -> list[_Sentence]:
    found = []
    for hit in index.search(question, _PASSAGES):
        for position, marked in enumerate(sentences(index.marked(question, hit))):
            words = frozenset(word.lower() for word in _MARKED_WORD.findall(marked))
            found.append(_Sentence(marked.translate(_NO_MARKS), words, hit, position))
    return found


def _choose(candidates: list[_Sentence]) -> list[_Sentence]:
    """The best sentences: a word counts more the fewer candidates hold it, a long sentence counts less.

    A sentence without any of the words still has its passage's score: the heading may be what was asked for.
    """

    def weight(word: str) -> float:
        return math.log(1 + len(candidates) / sum(word in c.words for c in candidates))

    def score(candidate: _Sentence) -> float:
        found = sum(weight(word) for word in sorted(candidate.words))
        return round(candidate.hit.score * (1 + found) / math.sqrt(8 + len(candidate.text.split())), 6)

    scored = sorted(((-score(c), c.hit.id, c.position, c) for c in candidates), key=lambda s: s[:3])
    chosen: list[_Sentence] = []
    for negative, _, _, candidate in scored:
        if -negative < _WORTH_QUOTING * -scored[0][0] or len(chosen) == _SENTENCES:
            break
        if sum(c.hit.id == candidate.hit.id for c in chosen) < _SENTENCES_PER_PASSAGE:
            chosen.append(candidate)
    return chosen


def _source_line(source: dict) -> str:
    place = f"{source['path']} ({source['heading']})" if source["heading"] else source["path"]
    return f"[{source['n']}] {place}"


def completion(result: Answer) -> dict:
    """The answer in the shape of an OpenAI chat completion, with its sources."""
    return {
        **_frame(result, "chat.completion"),
        "choices": [{"index": 0, "message": {"role": "assistant", "content": result.content}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0},
        "sources": result.sources,
    }


def chunks(result: Answer) -> list[dict]:
    """The answer as OpenAI chat completion chunks: the role, the pieces, the end with the sources."""

    def chunk(delta: dict, finish_reason: str | None = None) -> dict:
        return {
            **_frame(result, "chat.completion.chunk"),
            "choices": [{"index": 0, "delta": delta, "finish_reason": finish_reason}],
        }

    return [
        chunk({"role": "assistant", "content": ""}),
        *[chunk({"content": piece}) for piece in result.pieces],
        {**chunk({}, "stop"), "sources": result.sources},
    ]


def _frame(result: Answer, kind: str) -> dict:
    return {"id": result.id, "object": kind, "created": result.created, "model": MODEL}
