"""How a model folder is made: from a hub, from a folder, from weights."""

import hashlib
import json
import threading
from dataclasses import replace
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import save_file

from model_tools import bert, sources
from model_tools.__main__ import main
from model_tools.catalog import MODELS, File
from model_tools.prepare import prepare
from model_tools.weights import read_weights
from retrieval_server.loading import load_embedder

HIDDEN, HEADS, LAYERS, INNER, VOCABULARY = 8, 2, 2, 16, 30
RANDOM = np.random.default_rng(20261125)


def tiny_weights() -> dict[str, np.ndarray]:
    def matrix(*shape: int) -> np.ndarray:
        return RANDOM.normal(0, 0.5, shape).astype(np.float32)

    weights = {
        "embeddings.word_embeddings.weight": matrix(VOCABULARY, HIDDEN),
        "embeddings.position_embeddings.weight": matrix(12, HIDDEN),
        "embeddings.token_type_embeddings.weight": matrix(2, HIDDEN),
        "embeddings.LayerNorm.weight": matrix(HIDDEN),
        "embeddings.LayerNorm.bias": matrix(HIDDEN),
        "embeddings.position_ids": np.arange(12)[None],
    }
    sizes = {
        "attention.self.query": (HIDDEN, HIDDEN),
        "attention.self.key": (HIDDEN, HIDDEN),
        "attention.self.value": (HIDDEN, HIDDEN),
        "attention.output.dense": (HIDDEN, HIDDEN),
        "attention.output.LayerNorm": (HIDDEN,),
        "intermediate.dense": (INNER, HIDDEN),
        "output.dense": (HIDDEN, INNER),
        "output.LayerNorm": (HIDDEN,),
    }
    for layer in range(LAYERS):
        for name, shape in sizes.items():
            weights[f"encoder.layer.{layer}.{name}.weight"] = matrix(*shape)
            weights[f"encoder.layer.{layer}.{name}.bias"] = matrix(shape[0])
    return weights


def run_by_hand(weights: dict[str, np.ndarray], ids: list[int]) -> np.ndarray:
    """BERT as in its paper (arXiv 1810.04805) for one text without padding, in float64."""
    w = {name: value.astype(np.float64) for name, value in weights.items()}

    def linear(x, name):
        return x @ w[f"{name}.weight"].T + w[f"{name}.bias"]

    def norm(x, name):
        centred = x - x.mean(-1, keepdims=True)
        return centred / np.sqrt((centred**2).mean(-1, keepdims=True)) * w[f"{name}.weight"] + w[f"{name}.bias"]

    def gelu(x):
        # Abramowitz and Stegun 7.1.26, error below 1.5e-7.
        z = np.abs(x) / np.sqrt(2)
        t = 1 / (1 + 0.3275911 * z)
        series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
        return x / 2 * (1 + np.sign(x) * (1 - series * np.exp(-(z**2))))

    x = w["embeddings.word_embeddings.weight"][ids] + w["embeddings.position_embeddings.weight"][: len(ids)]
    x = norm(x + w["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
    size = HIDDEN // HEADS
    for layer in range(LAYERS):
        at = f"encoder.layer.{layer}"
        query, key, value = (linear(x, f"{at}.attention.self.{part}") for part in ("query", "key", "value"))
        heads = []
        for head in range(HEADS):
            part = slice(head * size, (head + 1) * size)
            scores = np.exp(query[:, part] @ key[:, part].T / np.sqrt(size))
            heads.append(scores / scores.sum(-1, keepdims=True) @ value[:, part])
        x = norm(x + linear(np.hstack(heads), f"{at}.attention.output.dense"), f"{at}.attention.output.LayerNorm")
        x = norm(
            x + linear(gelu(linear(x, f"{at}.intermediate.dense")), f"{at}.output.dense"), f"{at}.output.LayerNorm"
        )
    return x


def states(session, ids: list[list[int]], mask: list[list[int]]) -> np.ndarray:
    inputs = {"input_ids": np.array(ids), "attention_mask": np.array(mask), "token_type_ids": np.zeros_like(ids)}
    (result,) = session.run(["last_hidden_state"], inputs)
    return result


def test_the_graph_computes_what_bert_computes():
    weights = tiny_weights()
    session = onnxruntime.InferenceSession(bert.build(weights, HEADS).SerializeToString())
    result = states(session, [[3, 1, 4, 1, 5]], [[1] * 5])[0]
    assert np.abs(result - run_by_hand(weights, [3, 1, 4, 1, 5])).max() < 1e-4


def test_padding_changes_nothing():
    weights = tiny_weights()
    session = onnxruntime.InferenceSession(bert.build(weights, HEADS).SerializeToString())
    result = states(session, [[3, 1, 4, 0, 0], [1, 2, 3, 4, 5]], [[1, 1, 1, 0, 0], [1] * 5])
    assert np.abs(result[0, :3] - run_by_hand(weights, [3, 1, 4])).max() < 1e-4


def test_weights_are_found_in_an_export(tmp_path):
    """Exports name a matrix by a number, and transpose it."""
    weight, bias = np.arange(6, dtype=np.float32).reshape(2, 3), np.ones(2, np.float32)
    name = "model.0.auto_model.encoder.layer.0.output.dense"
    graph = helper.make_graph(
        [
            helper.make_node("MatMul", ["x", "onnx::MatMul_7"], ["y"]),
            helper.make_node("Add", [f"{name}.bias", "y"], ["z"]),
        ],
        "export",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 3])],
        [helper.make_tensor_value_info("z", TensorProto.FLOAT, [1, 2])],
        [numpy_helper.from_array(weight.T.copy(), "onnx::MatMul_7"), numpy_helper.from_array(bias, f"{name}.bias")],
    )
    onnx.save(helper.make_model(graph), tmp_path / "weights.onnx")
    found = read_weights(tmp_path)
    assert set(found) == {"encoder.layer.0.output.dense.weight", "encoder.layer.0.output.dense.bias"}
    assert (found["encoder.layer.0.output.dense.weight"] == weight).all()


@pytest.fixture
def own_model(tmp_path, model_dir) -> Path:
    """A tiny model with a real tokenizer."""
    folder = tmp_path / "own"
    folder.mkdir()
    weights = tiny_weights()
    big = np.zeros((30522, HIDDEN), np.float32)
    big[:] = RANDOM.normal(0, 0.5, big.shape)
    weights["embeddings.word_embeddings.weight"] = big
    weights["embeddings.position_embeddings.weight"] = RANDOM.normal(0, 0.5, (256, HIDDEN)).astype(np.float32)
    save_file(weights, folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps({"num_attention_heads": HEADS, "hidden_size": HIDDEN}))
    (folder / "tokenizer.json").write_bytes((model_dir / "tokenizer.json").read_bytes())
    return folder


def test_a_model_of_ones_own_is_prepared_and_loaded(own_model, tmp_path, capsys):
    out = tmp_path / "out"
    arguments = ["prepare", "--model", "mine", "--source", "folder", "--folder", str(own_model), "--out", str(out)]
    assert main(arguments) == 0
    assert "mine, dimension 8" in capsys.readouterr().out
    embedder = load_embedder("onnx", out, 1)
    assert (embedder.name, embedder.dimension) == ("mine", HIDDEN)
    assert embedder.embed(["trial by jury", "x"]).shape == (2, HIDDEN)


def test_an_onnx_graph_is_taken_as_it_is(own_model, tmp_path):
    onnx.save(bert.build(read_weights(own_model), HEADS), own_model / "model.onnx")
    first = load_embedder("onnx", prepared(own_model, tmp_path / "1"), 1).embed(["trial by jury"])
    (own_model / "model.safetensors").unlink()
    second = load_embedder("onnx", prepared(own_model, tmp_path / "2"), 1).embed(["trial by jury"])
    assert np.allclose(first, second)


def prepared(folder: Path, out: Path) -> Path:
    prepare("mine", "onnx", "folder", out, folder)
    return out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--model", "mine"], '"mine" is not one of all-MiniLM-L6-v2, paraphrase-MiniLM-L3-v2'),
        (["--source", "folder"], "--source folder needs --folder"),
        (["--source", "folder", "--folder", "{}/nowhere"], "tokenizer.json: is missing"),
    ],
)
def test_what_cannot_be_prepared_is_named(tmp_path, capsys, arguments, message):
    out = ["--out", str(tmp_path / "out")]
    assert main(["prepare", *(a.format(tmp_path) for a in arguments), *out]) == 2
    error = capsys.readouterr().err
    assert error.startswith("error: ")
    assert message in error


@pytest.fixture
def hub(tmp_path):
    """A model hub on this machine with one revision of one model."""
    files = {"model.safetensors": b"weights", "tokenizer.json": b"words"}
    model = replace(
        MODELS["all-MiniLM-L6-v2"],
        weights=File("model.safetensors", hashlib.sha256(b"weights").hexdigest()),
        tokenizer=File("tokenizer.json", hashlib.sha256(b"words").hexdigest()),
    )
    folder = tmp_path / "hub" / model.repository / "resolve" / model.revision
    folder.mkdir(parents=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)

    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *arguments):
            super().__init__(*arguments, directory=tmp_path / "hub")

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield model, folder, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_the_pinned_revision_is_taken_from_the_hub(hub, tmp_path):
    model, _, address = hub
    sources.from_hub(model, tmp_path, address)
    assert (tmp_path / "model.safetensors").read_bytes() == b"weights"


def test_a_file_with_another_checksum_is_refused_and_removed(hub, tmp_path):
    model, folder, address = hub
    (folder / "model.safetensors").write_bytes(b"other weights")
    with pytest.raises(sources.SourceError, match=r"model\.safetensors: has the checksum .*, expected"):
        sources.from_hub(model, tmp_path, address)
    assert not (tmp_path / "model.safetensors").exists()


def test_a_revision_that_is_not_there_is_named(hub, tmp_path):
    model, _, address = hub
    with pytest.raises(sources.SourceError, match=r"resolve/0000/model\.safetensors: can't be downloaded .*404"):
        sources.from_hub(replace(model, revision="0000"), tmp_path, address)


def test_both_models_are_pinned():
    for model in MODELS.values():
        assert len(model.revision) == 40
        for file in (model.weights, model.tokenizer):
            assert len(file.sha256) == 64
        assert all("==" in package.requirement and len(package.sha256) == 64 for package in model.packages)
