import asyncio
import os
import re
import subprocess
import sys

import pytest
from conftest import CONTAINER

from retrieval_server import chat
from retrieval_server.search import LexicalRetriever


@pytest.fixture(scope="module")
def index(index_path):
    index = LexicalRetriever(index_path)
    yield index
    index.close()


def test_an_answer_quotes_and_cites_the_passage(index):
    result = chat.answer(index, "May soldiers be quartered in a house?")
    assert result.content.startswith("“No Soldier shall, in time of peace be quartered in any house")
    assert "by law.” [1]" in result.content
    assert "[1] bill-of-rights.md (The Bill of Rights > Amendment III (Third Amendment))" in result.content


def test_a_heading_alone_answers(index):
    assert "No Soldier shall" in chat.answer(index, "What does the Third Amendment say?").pieces[0]


@pytest.mark.parametrize("question", ["trial by jury", "What are unalienable rights?", "nation", "the"])
def test_quotes_are_verbatim_and_citations_match_the_sources(index, question):
    result = chat.answer(index, question)
    passages = {h.id: " ".join(h.body.split()) for h in index.search(question, 50)}
    quotes = re.findall(r"“(.*?)” \[(\d+)\]", result.content)
    assert 1 <= len(quotes) <= 3
    assert [s["n"] for s in result.sources] == list(range(1, len(result.sources) + 1))
    assert {int(n) for _, n in quotes} == {s["n"] for s in result.sources}
    for quote, n in quotes:
        assert quote in passages[result.sources[int(n) - 1]["id"]]


@pytest.mark.parametrize("question", ["xylophone", "?!"])
def test_without_a_hit_nothing_is_made_up(index, question):
    result = chat.answer(index, question)
    assert (result.content, result.sources) == (chat.NOTHING_FOUND, [])


async def all_chunks(result):
    async def pieces():
        for piece in result.pieces:
            yield piece

    return [chunk async for chunk in chat.chunks(result.frame, pieces())]


def test_chunks_join_to_the_completion(index):
    result = chat.answer(index, "trial by jury")
    chunks, whole = asyncio.run(all_chunks(result)), chat.completion(result.frame, result.content)
    deltas = [c["choices"][0]["delta"] for c in chunks]
    assert deltas[0]["role"] == "assistant"
    assert "".join(d.get("content", "") for d in deltas) == whole["choices"][0]["message"]["content"]
    assert [c["choices"][0]["finish_reason"] for c in chunks][-2:] == [None, "stop"]
    assert chunks[-1]["sources"] == whole["sources"]
    assert {c["id"] for c in chunks} == {whole["id"]}


def test_processes_with_other_hash_seeds_give_the_same_answer(index, index_path):
    code = (
        "import sys, pathlib; from retrieval_server import chat, search; "
        "index = search.LexicalRetriever(pathlib.Path(sys.argv[1])); "
        "print(chat.answer(index, 'rights of the people and trials'))"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code, index_path],
            cwd=CONTAINER,
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(outputs) == 1
