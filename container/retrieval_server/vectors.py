"""Searches an index by meaning: the passages whose vectors are nearest to the question's."""

from collections.abc import Sequence
from pathlib import Path

import faiss
import numpy as np

from retrieval_server.embedder import Embedder, ModelRefused
from retrieval_server.manifest import PROBE, IndexRefused, Manifest
from retrieval_server.search import Hit, Passages, scored

#: Cosine of the probe's vector then and now. An int8 copy of a model is above it, another model far below.
_SAME_MODEL = 0.99


class VectorRetriever:
    """Ranks by the cosine of the vectors of question and passage. Row n of both files is the same passage."""

    #: Unrelated texts of the models here have a cosine around 0.05, and hardly ever more than this.
    least_score = 0.2
    worth_quoting = 0.75

    def __init__(self, folder: Path, manifest: Manifest, embedder: Embedder, threads: int) -> None:
        """Opens an index whose model has been compared with the embedder's.

        Raises:
            IndexRefused: it is damaged.
        """
        self.model = embedder.name
        self.manifest = manifest
        self._embedder = embedder
        faiss.omp_set_num_threads(threads)
        path = manifest.checked(folder, "vectors")
        try:
            self._vectors = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        except RuntimeError as error:
            raise IndexRefused(f"{path}: is not a FAISS index") from error
        if (self._vectors.ntotal, self._vectors.d) != (manifest.passages, manifest.dimension):
            raise IndexRefused(
                f"{path}: holds {self._vectors.ntotal} vectors of dimension {self._vectors.d}, the manifest says "
                f"{manifest.passages} of {manifest.dimension}"
            )
        self.passages = Passages(manifest.checked(folder, "passages"))

    def search(self, query: str, limit: int) -> list[Hit]:
        found = min(limit, self.manifest.passages)
        scores, rows = self._vectors.search(self._embedder.embed([query]), found)
        # Rounded: the last digits differ between processors.
        hits = self.passages.get([int(row) + 1 for row in rows[0]])
        return scored(hits, [round(float(score), 6) for score in scores[0]])

    def similarity(self, question: str, texts: Sequence[str]) -> list[float]:
        vectors = self._embedder.embed([question, *texts])
        return [round(float(cosine), 6) for cosine in vectors[1:] @ vectors[0]]

    def touch(self) -> None:
        """One search over all vectors."""
        self.search(PROBE, 1)

    def check_probe(self) -> None:
        """Compares the embedder with the one that made the index. Also the first, slow run of both.

        Raises:
            ModelRefused: the vector of the same text is another one.
        """
        self.touch()
        cosine = float(np.dot(self._embedder.embed([PROBE])[0], np.array(self.manifest.probe, np.float32)))
        if not cosine >= _SAME_MODEL:
            raise ModelRefused(
                f"the model {self.model} is not the one that made the index, or is damaged: the same text has another "
                f"vector (cosine {cosine:.3f})"
            )

    def close(self) -> None:
        self.passages.close()
