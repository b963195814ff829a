"""Search by meaning, and what is refused."""

import json
import shutil
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from conftest import CONTAINER, serving

from retrieval_server.config import Config
from retrieval_server.embedder import ModelRefused
from retrieval_server.index import build
from retrieval_server.loading import load_retriever
from retrieval_server.manifest import IndexRefused, Manifest
from retrieval_server.startup import Startup


@pytest.fixture
def copy(vector_index_path, tmp_path) -> Path:
    return Path(shutil.copytree(vector_index_path, tmp_path / "copy"))


def load(model_dir, index_path):
    return load_retriever(Config(model_dir=model_dir, index_path=index_path), 1, Startup())


@pytest.fixture(scope="module")
def retriever(model_dir, vector_index_path):
    retriever = load(model_dir, vector_index_path)
    yield retriever
    retriever.close()


def test_passages_are_found_by_meaning(retriever, index_path):
    question = "Can the army live in my home?"
    hits = retriever.search(question, 5)
    assert "No Soldier shall" in hits[0].body
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)
    assert 0.3 < hits[0].score <= 1


def test_scores_are_the_cosines_of_question_and_passage(retriever, embedder):
    question = "trial by jury"
    hits = retriever.search(question, 50)
    assert len(hits) == retriever.manifest.passages
    vectors = embedder.embed([question, *(hit.content for hit in hits)])
    assert np.allclose(vectors[1:] @ vectors[0], [hit.score for hit in hits], atol=1e-5)


def test_the_manifest_names_the_model(retriever):
    assert (retriever.manifest.model, retriever.manifest.dimension) == ("all-MiniLM-L6-v2", 384)
    assert set(retriever.manifest.files) == {"passages", "vectors"}


def test_model_and_index_are_mapped_into_memory(retriever, vector_index_path, model_dir):
    maps = Path("/proc/self/maps").read_text()
    assert str(vector_index_path / retriever.manifest.files["vectors"].name) in maps
    assert str(model_dir / "model.bin") in maps


def test_many_threads_may_search(retriever):
    expected = retriever.search("jury", 5)
    results = []
    threads = [threading.Thread(target=lambda: results.append(retriever.search("jury", 5))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [expected] * 8


def test_progress_is_told(embedder, tmp_path):
    told = []
    manifest = build(tmp_path / "i", [CONTAINER / "documents"], embedder, lambda *numbers: told.append(numbers))
    assert told[-1] == (manifest.passages, manifest.passages)
    assert told == sorted(told)


def test_an_index_of_another_model_is_refused(model_dir, copy):
    replace(Manifest.read(copy), model="paraphrase-MiniLM-L3-v2").write(copy)
    with pytest.raises(
        IndexRefused,
        match=r"was made with the model paraphrase-MiniLM-L3-v2 \(dimension 384\), this server runs all-MiniLM-L6-v2",
    ):
        load(model_dir, copy)


def test_an_index_without_vectors_is_refused(model_dir, index_path):
    with pytest.raises(IndexRefused, match=r"was made with the model lexical-bm25 .*, this server runs all-Mini"):
        load(model_dir, index_path)


def test_a_model_that_gives_other_vectors_is_refused(model_dir, copy):
    manifest = Manifest.read(copy)
    replace(manifest, probe=manifest.probe[::-1]).write(copy)
    with pytest.raises(ModelRefused, match="is not the one that made the index, or is damaged"):
        load(model_dir, copy)


def test_damaged_vectors_are_refused(model_dir, copy):
    path = copy / Manifest.read(copy).files["vectors"].name
    data = bytearray(path.read_bytes())
    data[1000] ^= 1
    path.write_bytes(data)
    with pytest.raises(IndexRefused, match="is damaged: its checksum is another"):
        load(model_dir, copy)


@pytest.fixture
def model_copy(model_dir, tmp_path) -> Path:
    return Path(shutil.copytree(model_dir, tmp_path / "model"))


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def swap_backend(path: Path) -> None:
    path.write_text(json.dumps(json.loads(path.read_text()) | {"backend": "torch"}))


@pytest.mark.parametrize(
    ("file", "change", "message"),
    [
        ("model.json", Path.unlink, "no such model; make it with"),
        ("model.json", lambda path: path.write_text("{"), r"model\.json: can't be read"),
        ("model.json", swap_backend, "was prepared for the backend torch, this server runs onnx"),
        ("model.bin", Path.unlink, r"model\.bin: is missing"),
        ("model.bin", cut, r"model\.bin: is damaged: \d+ bytes instead of \d+"),
        ("model.onnx", lambda path: path.write_bytes(b"x" * path.stat().st_size), "can't be loaded"),
        ("tokenizer.json", lambda path: path.write_bytes(b"x" * path.stat().st_size), "can't be loaded"),
    ],
)
def test_a_damaged_model_is_refused(model_copy, vector_index_path, file, change, message):
    change(model_copy / file)
    with pytest.raises(ModelRefused, match=message):
        load(model_copy, vector_index_path)


def test_weights_that_are_damaged_inside_are_refused(model_copy, vector_index_path):
    weights = np.memmap(model_copy / "model.bin", np.float32, "r+")
    weights[len(weights) // 2 :] *= -1
    weights.flush()
    with pytest.raises(ModelRefused, match="is not the one that made the index, or is damaged"):
        load(model_copy, vector_index_path)


@pytest.fixture(scope="module")
def client(model_dir, vector_index_path):
    with serving(backend="onnx", model_dir=model_dir, index_path=vector_index_path) as client:
        yield client


def test_answers_quote_what_is_meant(client):
    answer = client.post(
        "/chat", json={"messages": [{"role": "user", "content": "Can the army live in my home?"}]}
    ).json()
    assert answer["model"] == "all-MiniLM-L6-v2"
    assert answer["choices"][0]["message"]["content"].startswith("“No Soldier shall")
    assert answer["sources"][0]["path"] == "bill-of-rights.md"


def test_nothing_is_quoted_for_a_question_about_something_else(client):
    question = {"role": "user", "content": "How do I bake chocolate cookies?"}
    answer = client.post("/chat", json={"messages": [question]}).json()
    assert answer["choices"][0]["message"]["content"] == "The documents hold nothing about this question."
    assert answer["sources"] == []


def test_the_phases_of_a_start_are_told(client):
    report = client.get("/startup").json()
    assert list(report["phases_ms"]) == ["interpreter", "model_imports", "model", "index", "warm_up"]
    assert (report["role"], report["backend"]) == ("full", "onnx")
    assert report["threads"] >= 1
