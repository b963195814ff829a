"""BERT encoders as ONNX, written from their weights: no deep-learning framework is needed to export one."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

#: The operators used are all in it; onnxruntime reads it since 1.15.
OPSET = 17
INPUTS = ("input_ids", "attention_mask", "token_type_ids")
OUTPUT = "last_hidden_state"
_EPSILON = 1e-12


@dataclass(frozen=True)
class Shape:
    layers: int
    heads: int
    hidden: int

    @classmethod
    def of(cls, weights: Mapping[str, np.ndarray], heads: int) -> "Shape":
        layers = sum(name.endswith("attention.self.query.weight") for name in weights)
        return cls(layers, heads, weights["embeddings.word_embeddings.weight"].shape[1])


class _Graph:
    """Collects nodes; each method returns the name of the value that its node makes."""

    def __init__(self, weights: Mapping[str, np.ndarray]) -> None:
        self._weights = weights
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}

    def op(self, kind: str, *inputs: str, **attributes: object) -> str:
        name = f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], name=name, **attributes))
        return name

    def constant(self, name: str, value: np.ndarray) -> str:
        self.constants.setdefault(name, numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def weight(self, name: str) -> str:
        return self.constant(name, self._weights[name])

    def scalar(self, name: str, value: float) -> str:
        return self.constant(name, np.float32(value))

    def shape(self, *sizes: int) -> str:
        return self.constant("shape_" + "_".join(map(str, sizes)), np.array(sizes, np.int64))

    def linear(self, value: str, name: str) -> str:
        matrix = self.constant(f"{name}.weight", self._weights[f"{name}.weight"].T)
        return self.op("Add", self.op("MatMul", value, matrix), self.weight(f"{name}.bias"))

    def norm(self, value: str, name: str) -> str:
        scale, bias = self.weight(f"{name}.weight"), self.weight(f"{name}.bias")
        return self.op("LayerNormalization", value, scale, bias, axis=-1, epsilon=_EPSILON)

    def gelu(self, value: str) -> str:
        """x / 2 * (1 + erf(x / sqrt 2)), in the order that onnxruntime fuses."""
        inner = self.op("Erf", self.op("Div", value, self.scalar("sqrt_2", np.sqrt(2))))
        product = self.op("Mul", value, self.op("Add", inner, self.scalar("one", 1)))
        return self.op("Mul", product, self.scalar("half", 0.5))


def build(weights: Mapping[str, np.ndarray], heads: int) -> onnx.ModelProto:
    """The encoder whose weights are named as in Hugging Face's BertModel, in float32.

    Inputs: `input_ids`, `attention_mask`, `token_type_ids` (int64, batch x sequence). Output: `last_hidden_state`
    (float32, batch x sequence x hidden).
    """
    shape = Shape.of(weights, heads)
    graph = _Graph(weights)
    mask = _additive_mask(graph)
    value = _embeddings(graph)
    for layer in range(shape.layers):
        value = _layer(graph, value, mask, f"encoder.layer.{layer}", shape)
    graph.op("Identity", value)
    graph.nodes[-1].output[0] = OUTPUT
    batch = ["batch", "sequence"]
    return helper.make_model(
        helper.make_graph(
            graph.nodes,
            "bert",
            [helper.make_tensor_value_info(name, TensorProto.INT64, batch) for name in INPUTS],
            [helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, [*batch, shape.hidden])],
            list(graph.constants.values()),
        ),
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=8,
    )


def _embeddings(graph: _Graph) -> str:
    words = graph.op("Gather", graph.weight("embeddings.word_embeddings.weight"), INPUTS[0])
    types = graph.op("Gather", graph.weight("embeddings.token_type_embeddings.weight"), INPUTS[2])
    length = graph.op("Gather", graph.op("Shape", INPUTS[0]), graph.constant("index_1", np.array([1], np.int64)))
    positions = graph.op(
        "Slice",
        graph.weight("embeddings.position_embeddings.weight"),
        graph.constant("from_0", np.array([0], np.int64)),
        length,
        graph.constant("axis_0", np.array([0], np.int64)),
    )
    return graph.norm(graph.op("Add", graph.op("Add", words, types), positions), "embeddings.LayerNorm")


def _additive_mask(graph: _Graph) -> str:
    """0 where a token is, the lowest float where padding is; batch x 1 x 1 x sequence."""
    mask = graph.op("Cast", INPUTS[1], to=TensorProto.FLOAT)
    axes = graph.constant("axes_1_2", np.array([1, 2], np.int64))
    hidden = graph.op("Sub", graph.scalar("one", 1), graph.op("Unsqueeze", mask, axes))
    return graph.op("Mul", hidden, graph.scalar("lowest", np.finfo(np.float32).min))


def _layer(graph: _Graph, value: str, mask: str, name: str, shape: Shape) -> str:
    head = shape.hidden // shape.heads

    def split(part: str, order: list[int]) -> str:
        linear = graph.linear(value, f"{name}.attention.self.{part}")
        return graph.op("Transpose", graph.op("Reshape", linear, graph.shape(0, 0, shape.heads, head)), perm=order)

    query, key = split("query", [0, 2, 1, 3]), split("key", [0, 2, 3, 1])
    scores = graph.op("Div", graph.op("MatMul", query, key), graph.scalar("sqrt_head", np.sqrt(head)))
    shares = graph.op("Softmax", graph.op("Add", scores, mask), axis=-1)
    mixed = graph.op("Transpose", graph.op("MatMul", shares, split("value", [0, 2, 1, 3])), perm=[0, 2, 1, 3])
    joined = graph.op("Reshape", mixed, graph.shape(0, 0, shape.hidden))
    attended = graph.op("Add", graph.linear(joined, f"{name}.attention.output.dense"), value)
    attended = graph.norm(attended, f"{name}.attention.output.LayerNorm")
    inner = graph.gelu(graph.linear(attended, f"{name}.intermediate.dense"))
    outer = graph.op("Add", graph.linear(inner, f"{name}.output.dense"), attended)
    return graph.norm(outer, f"{name}.output.LayerNorm")
