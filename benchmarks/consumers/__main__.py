"""Runs the parts; see the package."""

from __future__ import annotations

import argparse
import importlib
import sys
import tempfile
from pathlib import Path

import benchmarks.consumers
from benchmarks.consumers.llama_factory import read_with_llama_factory
from benchmarks.consumers.swift_ import train_with_swift
from benchmarks.consumers.trl_ import train_with_trl
from benchmarks.consumers.webdataset_ import read_with_webdataset
from vary_data import generate, open_dataset
from vary_data.cli.export import command as export


def exported(folder: Path, form: str) -> Path:
    target = folder / form
    arguments = [str(folder / "out"), "--format", form, "--to", str(target)]
    export(arguments, standalone_mode=False)
    return target


def make_rows(out: Path) -> dict[str, str]:
    """Charts and pages of two splits; returns their texts by row id."""
    splits = {"train": 0.5, "validation": 0.5}
    generate(
        "render-charts", out, num_samples=12, workers=1, backend="matplotlib",
        types=["bar", "line"], splits=splits,
    )  # fmt: skip
    generate("web-pages", out, num_samples=8, workers=1, splits=splits)
    rows = (row for config in open_dataset(out).configs for row in config.rows())
    return {row["id"]: row["text"] for row in rows}


def main() -> int:
    parser = argparse.ArgumentParser(
        description=benchmarks.consumers.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--swift", type=Path, metavar="PYTHON", help="one that has ms-swift")
    arguments = parser.parse_args()
    lines = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        truths = make_rows(folder / "out")
        for package, form, part in (
            ("trl", "trl", lambda source: train_with_trl(source, folder)),
            ("llamafactory", "llava", read_with_llama_factory),
            ("webdataset", "webdataset", lambda source: read_with_webdataset(source, truths)),
        ):
            try:
                importlib.import_module(package)
            except ImportError:
                lines.append(f"{package} is not installed: left out")
                continue
            lines.append(part(exported(folder, form)))
        if arguments.swift:
            lines.append(train_with_swift(arguments.swift, exported(folder, "swift"), folder))
        else:
            lines.append("ms-swift: left out without --swift PYTHON")
    print("\n".join(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
