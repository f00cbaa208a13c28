"""`testset.json`: the content and origin of a test set, with hashes of all samples."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import Any

from renderers.picture import pixel_hash
from vary_data import __version__
from vary_data.dataset.reader import DatasetConfig
from vary_data.engine.writer import write_text
from vary_data.quality.contamination.index import RUN_TOKENS
from vary_data.testset.build import BuildResult
from vary_data.testset.request import SPLIT, BuildRequest

FILE = "testset.json"


def write_manifest(output: Path, request: BuildRequest, result: BuildResult) -> Path:
    """Write the manifest of the test set in `output`; it contains no local paths.

    Raises:
        OutputError: it cannot be written.
    """
    path = output / FILE
    text = json.dumps(manifest(output, request, result), ensure_ascii=False, indent=1)
    write_text(path, f"{text}\n")
    return path


def manifest(output: Path, request: BuildRequest, result: BuildResult) -> dict[str, Any]:
    """The manifest as plain data.

    `text_sha256` is of the text's UTF-8 bytes, `pixels_sha256` of size, mode and pixels.
    """
    samples = [
        _sample(part, row)
        for part, chosen in result.chosen.items()
        if chosen
        for row in DatasetConfig(output / part).rows()
    ]
    per_document = Counter(sample["doc_id"] for sample in samples)
    documents = {s["doc_id"]: (s["source"], s["license"]) for s in samples}
    return {
        "made_by": f"vary-data {__version__}",
        "command": request.command(),
        "seed": request.seed,
        "split": SPLIT,
        "min_characters": request.min_characters,
        "counts": {
            part: {"wanted": wanted, "chosen": len(result.chosen[part])}
            for part, wanted in result.wanted.items()
        },
        "excluded": {
            "datasets": [
                {"name": d.path.resolve().name, "plans": {c.name: c.plan_id for c in d.configs}}
                for d in result.exclude
            ],
            "run": RUN_TOKENS,
            "max_overlap": request.max_overlap,
            "documents": result.documents,
            "samples": result.samples,
        },
        "documents": [
            {"doc_id": d, "source": source, "license": license_, "samples": per_document[d]}
            for d, (source, license_) in sorted(documents.items())
        ],
        "samples": samples,
    }


def _sample(part: str, row: dict[str, Any]) -> dict[str, Any]:
    names = ("id", "doc_id", "lang", "kind", "format", "source", "license", "renderer", "template")
    return {
        "config": part,
        **{name: row[name] for name in names},
        "text_sha256": hashlib.sha256(row["text"].encode()).hexdigest(),
        "pixels_sha256": pixel_hash(row["image"]["bytes"]),
    }
