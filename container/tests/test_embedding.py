"""onnxruntime gives what sentence-transformers gives; see reference/make.py."""

import json
from pathlib import Path

import numpy as np
import pytest
from conftest import CONTAINER

from retrieval_server.config import Config
from retrieval_server.documents import read_documents
from retrieval_server.loading import load_retriever
from retrieval_server.passages import split_document
from retrieval_server.search import LexicalRetriever
from retrieval_server.startup import Startup

REFERENCE = Path(__file__).parent / "reference"
MADE = json.loads((REFERENCE / "all-MiniLM-L6-v2.json").read_text())
QUESTIONS = json.loads((REFERENCE / "questions.json").read_text())


@pytest.mark.parametrize("entry", MADE["texts"], ids=[f"text {n}" for n in range(len(MADE["texts"]))])
def test_vectors_are_those_of_sentence_transformers(embedder, entry):
    (vector,) = embedder.embed([entry["text"]])
    expected = np.array(entry["vector"])
    assert vector.shape == (384,)
    assert abs(np.linalg.norm(vector) - 1) < 1e-5
    assert vector @ expected / np.linalg.norm(expected) >= 0.9999


def test_a_batch_gives_the_same_vectors(embedder):
    texts = [entry["text"] for entry in MADE["texts"]]
    cosines = (embedder.embed(texts) * np.array([entry["vector"] for entry in MADE["texts"]])).sum(axis=1)
    assert cosines.min() >= 0.9999


def answers(question: dict) -> set[str]:
    """Ids of the passages that hold the words which answer a question."""
    found = set()
    for document in read_documents([CONTAINER / "documents"]):
        for passage in split_document(document.path, document.text):
            if question["passage"] in " ".join(passage.body.split()):
                found.add(passage.id)
    return found


def recall_at_5(top_5: dict[str, list[str]]) -> float:
    """Share of the questions whose passage is among the first five."""
    return sum(bool(answers(q) & set(top_5[q["question"]])) for q in QUESTIONS) / len(QUESTIONS)


def test_each_question_has_its_passage():
    assert all(len(answers(question)) == 1 for question in QUESTIONS)


def test_recall_is_that_of_torch(model_dir, vector_index_path, index_path, capsys):
    by_meaning = load_retriever(Config(model_dir=model_dir, index_path=vector_index_path), 1, Startup())
    by_words = LexicalRetriever(index_path)
    onnx, lexical = (
        {q["question"]: [hit.id for hit in retriever.search(q["question"], 5)] for q in QUESTIONS}
        for retriever in (by_meaning, by_words)
    )
    torch = MADE["top_5"]
    with capsys.disabled():
        figures = f"torch {recall_at_5(torch):.3f}, onnx {recall_at_5(onnx):.3f}, lexical {recall_at_5(lexical):.3f}"
        print(f"\nrecall at 5 of {len(QUESTIONS)} questions: {figures}")
    assert recall_at_5(onnx) == recall_at_5(torch)
    assert [set(onnx[q]) for q in torch] == [set(torch[q]) for q in torch]
    by_meaning.close()
    by_words.close()
