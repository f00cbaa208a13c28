"""The format of YOLO detectors (Ultralytics): blocks of the layout with DocLayNet's categories.

`images/<split>/` and `labels/<split>/` have a picture and a text file for each row, with a line
`class x y width height` for each block: its class from 0, its center and size as shares of the
picture's. `data.yaml` names splits and classes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from vary_data.export.coco import CATEGORIES, layout_annotations
from vary_data.export.format import ExportedRow, ExportFormat

SPLIT_NAMES = {"train": "train", "validation": "val", "test": "test"}
"""Splits as data.yaml calls them; others keep their names."""


def write_split(split: str, rows: Iterable[ExportedRow], folder: Path) -> None:
    """Write the pictures and labels of a split."""
    images, labels = folder / "images" / split, folder / "labels" / split
    images.mkdir(parents=True)
    labels.mkdir(parents=True)
    for item in rows:
        (images / item.picture.file).write_bytes(item.picture.data)
        width, height = item.row["width"], item.row["height"]
        lines = []
        for found in layout_annotations(item):
            x, y, wide, high = found["bbox"]
            box = ((x + wide / 2) / width, (y + high / 2) / height, wide / width, high / height)
            numbers = " ".join(f"{share:.6f}" for share in box)
            lines.append(f"{found['category_id'] - 1} {numbers}\n")
        label = labels / f"{item.picture.name}.txt"
        label.write_text("".join(lines), encoding="utf-8")


def describe(folder: Path, counts: Mapping[str, int]) -> None:
    """Write `data.yaml`. JSON is YAML, and quotes every name."""
    splits = {SPLIT_NAMES.get(split, split): f"images/{split}" for split in counts}
    names = dict(enumerate(CATEGORIES))
    # Without `path`, folders are beside the file; a relative one is below Ultralytics' own folder.
    text = json.dumps({**splits, "names": names}, indent=2)
    (folder / "data.yaml").write_text(f"{text}\n", encoding="utf-8")


FORMAT = ExportFormat(write_split, plain_conversations=False, layout=True, finish=describe)
