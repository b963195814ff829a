"""Embeddings by sentence-transformers and PyTorch: for comparison, never in the default image."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from sentence_transformers import SentenceTransformer

from retrieval_server.embedder import ModelManifest, ModelRefused


class TorchEmbedder:
    def __init__(self, folder: Path, threads: int) -> None:
        """Loads a model.

        Raises:
            ModelRefused: it is missing or damaged.
        """
        manifest = ModelManifest.read(folder, "torch")
        self.name = manifest.name
        self.dimension = manifest.dimension
        torch.set_num_threads(threads)
        try:
            self._model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
        except (OSError, ValueError, RuntimeError) as error:
            raise ModelRefused(f"{folder}: can't be loaded ({str(error)[:200]})") from error

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        return self._model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
