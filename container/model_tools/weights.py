"""Reads the weights of a BERT encoder, named as in Hugging Face's BertModel."""

from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper
from safetensors.numpy import load_file

_PREFIXES = ("model.0.auto_model.", "0.auto_model.", "bert.")


def read_weights(folder: Path) -> dict[str, np.ndarray]:
    """From model.safetensors, or from weights.onnx, an export whose graph is not used."""
    if (folder / "model.safetensors").is_file():
        found = load_file(folder / "model.safetensors")
    else:
        found = _from_onnx(onnx.load(folder / "weights.onnx"))
    return {_plain(name): value.astype(np.float32) for name, value in found.items() if value.dtype.kind == "f"}


def _plain(name: str) -> str:
    prefix = next((prefix for prefix in _PREFIXES if name.startswith(prefix)), "")
    return name.removeprefix(prefix)


def _from_onnx(model: onnx.ModelProto) -> dict[str, np.ndarray]:
    """Exports keep the names of biases, but not of matrices, which are transposed: the bias that is added tells it."""
    values = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    named = {name: value for name, value in values.items() if not name.startswith("onnx::")}
    products = {
        node.output[0]: values[node.input[1]]
        for node in model.graph.node
        if node.op_type == "MatMul" and node.input[1] in values
    }
    for node in model.graph.node:
        if node.op_type != "Add":
            continue
        product = next((name for name in node.input if name in products), None)
        bias = next((name for name in node.input if name.endswith(".bias")), None)
        if product and bias:
            named[bias.removesuffix("bias") + "weight"] = products[product].T
    return named
