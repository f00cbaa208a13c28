"""ChartQA: `{train,val,test}/{png/, *_human.json, *_augmented.json}`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from vary_data.base.errors import SourceError
from vary_data.dataset.rejection import Rejected
from vary_data.sources.instructions.example import (
    Example,
    checked,
    load_rows,
    picture_file,
    question,
)

SPLITS = {"train": "train", "validation": "val", "test": "test"}
PARTS = ("human", "augmented")


def read(root: Path, split: str, suffix: str) -> Iterator[Example]:
    """Every question of a split, human ones first; either file may be absent.

    Raises:
        SourceError: neither file is there, or one cannot be read.
    """
    name = SPLITS[split]
    places = (root / name, root / "ChartQA Dataset" / name)
    folder = next((place for place in places if place.is_dir()), None)
    files = [(p, folder / f"{name}_{p}.json") for p in PARTS] if folder else []
    found = [(part, file) for part, file in files if file.is_file()]
    if folder is None or not found:
        raise SourceError(
            f"no {name}/{name}_human.json or {name}_augmented.json in {root}",
            "name the folder that holds train, val and test",
        )
    for part, file in found:
        rows = ((f"{part}-{i}", row) for i, row in enumerate(load_rows(file)))
        yield from checked(rows, lambda key, row: _example(key, row, folder / "png", suffix))


def _example(key: str, row: Any, pictures: Path, suffix: str) -> Example:
    picture = picture_file(pictures, row["imgname"])
    label = str(row["label"])
    if not row["query"].strip() or not label.strip():
        raise Rejected("empty-turn")
    return Example(
        key,
        picture,
        question(f"{suffix} {row['query']}".strip(), label),
        kind="vqa",
        group=row["imgname"],
        answers=(label,),
        facts=(("part", key.split("-")[0]),),
    )
