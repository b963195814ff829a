"""Loads what a role and a backend need, in phases. Heavy imports are here, inside the functions, and nowhere else."""

import os
from pathlib import Path

from retrieval_server.config import Config
from retrieval_server.embedder import Embedder, ModelRefused
from retrieval_server.manifest import Manifest
from retrieval_server.search import LexicalRetriever, Retriever
from retrieval_server.startup import Startup


def import_backend(backend: str) -> None:
    """Imports the libraries of a backend.

    Raises:
        ModelRefused: they are not installed.
    """
    # One thread pool, the embedder's: the linear algebra of NumPy and FAISS would start others at import.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    try:
        if backend == "torch":
            import retrieval_server.embedder_torch
        else:
            import retrieval_server.embedder_onnx
        import retrieval_server.vectors  # noqa: F401
    except ImportError as error:
        reason = f"the backend {backend} is not in this image ({error}); build it with BACKEND={backend}"
        raise ModelRefused(reason) from error


def load_embedder(backend: str, folder: Path, threads: int) -> Embedder:
    """Loads a model.

    Raises:
        ModelRefused: it is missing, damaged or of another backend.
    """
    import_backend(backend)
    if backend == "torch":
        from retrieval_server.embedder_torch import TorchEmbedder

        return TorchEmbedder(folder, threads)
    from retrieval_server.embedder_onnx import OnnxEmbedder

    return OnnxEmbedder(folder, threads)


def load_retriever(config: Config, threads: int, startup: Startup) -> Retriever:
    """Loads model and index, and runs both once: what it returns answers at full speed.

    Raises:
        ModelRefused, IndexRefused: one of them is missing, damaged, or not made for the other.
    """
    if config.backend == "lexical":
        with startup.phase("index"):
            return LexicalRetriever(config.index_path)
    with startup.phase("model_imports"):
        import_backend(config.backend)
    with startup.phase("model"):
        embedder = load_embedder(config.backend, config.model_dir, threads)
    with startup.phase("index"):
        from retrieval_server.vectors import VectorRetriever

        manifest = Manifest.read(config.index_path)
        manifest.expect_model(config.index_path, embedder.name, embedder.dimension)
        retriever = VectorRetriever(config.index_path, manifest, embedder, threads)
    with startup.phase("warm_up"):
        retriever.check_probe()
    return retriever
