"""Reads ChartQA: `{train,val,test}/{png/, *_human.json, *_augmented.json}`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from vary_data.base.errors import SourceError
from vary_data.dataset.rejection import Rejected
from vary_data.sources.instructions.example import (
    SOURCE_SPLITS,
    InstructionExample,
    checked,
    load_rows,
    picture_file,
    question,
)

PARTS = ("human", "augmented")


def read(root: Path, split: str, suffix: str) -> Iterator[InstructionExample]:
    """Every question of a split, first the human ones; either file may be missing.

    Raises:
        SourceError: both files are missing, or one cannot be read.
    """
    name = SOURCE_SPLITS[split]
    places = (root / name, root / "ChartQA Dataset" / name)
    folder = next((place for place in places if place.is_dir()), None)
    files = [(p, folder / f"{name}_{p}.json") for p in PARTS] if folder else []
    found = [(part, file) for part, file in files if file.is_file()]
    if folder is None or not found:
        raise SourceError(
            f"no {name}/{name}_human.json or {name}_augmented.json in {root}",
            "give the folder that contains train, val and test",
        )
    for part, file in found:
        rows = ((f"{part}-{line.number - 1}", line) for line in load_rows(file))
        yield from checked(rows, lambda key, row: _example(key, row, folder / "png", suffix))


def _example(key: str, row: Any, pictures: Path, suffix: str) -> InstructionExample:
    picture = picture_file(pictures, row["imgname"])
    label = str(row["label"])
    if not row["query"].strip() or not label.strip():
        raise Rejected("empty-turn")
    return InstructionExample(
        key,
        picture,
        question(f"{suffix} {row['query']}".strip(), label),
        kind="vqa",
        group=row["imgname"],
        answers=(label,),
        facts=(("part", key.split("-")[0]),),
    )
