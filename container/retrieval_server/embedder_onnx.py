"""Embeddings by onnxruntime: the vectors of sentence-transformers without PyTorch."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from retrieval_server.embedder import ModelManifest, ModelRefused


class OnnxEmbedder:
    def __init__(self, folder: Path, threads: int) -> None:
        """Loads a model.

        Raises:
            ModelRefused: it is missing or damaged.
        """
        manifest = ModelManifest.read(folder, "onnx")
        self.name = manifest.name
        self.dimension = manifest.dimension
        try:
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._session = _session(folder / "model.onnx", threads)
        except Exception as error:  # Both libraries raise types of their own, some of them plain Exception.
            raise ModelRefused(f"{folder}: can't be loaded ({str(error)[:200]})") from error
        self._tokenizer.enable_truncation(manifest.max_tokens)
        # To the longest text of the batch.
        self._tokenizer.enable_padding()
        self._inputs = {value.name for value in self._session.get_inputs()}

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        encoded = self._tokenizer.encode_batch(list(texts))
        inputs = {
            "input_ids": np.array([text.ids for text in encoded], np.int64),
            "attention_mask": np.array([text.attention_mask for text in encoded], np.int64),
            "token_type_ids": np.array([text.type_ids for text in encoded], np.int64),
        }
        mask = inputs["attention_mask"][..., None].astype(np.float32)
        (states,) = self._session.run(
            ["last_hidden_state"], {name: value for name, value in inputs.items() if name in self._inputs}
        )
        return normalized((states * mask).sum(axis=1) / mask.sum(axis=1))


def normalized(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def _session(path: Path, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # The graph was optimised when the model was prepared.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    # Waiting threads that spin use up the CPU quota of the one that works.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
