"""Reads ChartQA: `{train,val,test}/{png/, *_human.json, *_augmented.json}`, or tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from vary_data.base.errors import SourceError, UsageError
from vary_data.dataset.rejection import Rejected
from vary_data.sources.coco import PictureRef
from vary_data.sources.instructions.example import (
    SOURCE_SPLITS,
    InstructionExample,
    checked,
    first_picture,
    load_rows,
    question,
)
from vary_data.sources.instructions.tables import GROUP, PICTURE, hub_tables, table_rows

PARTS = ("human", "augmented")
NUMBERED_PARTS = {0: "human", 1: "augmented"}
"""The values of `human_or_machine` in HuggingFaceM4/ChartQA."""


def read(root: Path, images: Path | None, split: str, prefix: str) -> Iterator[InstructionExample]:
    """Every question of a split, first the human ones; either file may be missing.

    Raises:
        SourceError: both files are missing, or one cannot be read.
        UsageError: `images` for a table, which has its pictures.
    """
    name = SOURCE_SPLITS[split]
    places = (root / name, root / "ChartQA Dataset" / name)
    folder = next((place for place in places if place.is_dir()), None)
    files = [(p, folder / f"{name}_{p}.json") for p in PARTS] if folder else []
    found = [(part, file) for part, file in files if file.is_file()]
    tables = [] if found else hub_tables(root, split)
    if tables:
        if images:
            raise UsageError("--images is not needed", f"{tables[0].name} has the pictures")
        yield from checked(
            table_rows(tables, grouped=True), lambda key, row: _of_table(key, row, prefix)
        )
        return
    if folder is None or not found:
        raise SourceError(
            f"no {name}/{name}_human.json or {name}_augmented.json in {root}",
            "give the folder that contains train, val and test, or Parquet files of the Hub",
        )
    pictures = (images, images / "png") if images else (folder / "png",)
    for part, file in found:
        rows = ((f"{part}-{line.number - 1}", line) for line in load_rows(file))
        yield from checked(rows, lambda key, row: _of_file(key, row, pictures, prefix))


def _of_file(key: str, row: Any, folders: Sequence[Path], prefix: str) -> InstructionExample:
    name = row["imgname"]
    picture = first_picture([(folder, name) for folder in folders])
    return _example(key, row["query"], [row["label"]], picture, name, key.split("-")[0], prefix)


def _of_table(key: str, row: Any, prefix: str) -> InstructionExample:
    """A row of HuggingFaceM4/ChartQA (`query`, `label`, `human_or_machine`) or lmms-lab/ChartQA
    (`question`, `answer`, `type`)."""
    if row.get(PICTURE) is None:
        raise Rejected("no-image")
    if "query" in row:
        part = NUMBERED_PARTS.get(row.get("human_or_machine"), "")
        text, labels = row["query"], row["label"]
    else:
        part = str(row.get("type") or "").partition("_")[0]
        text, labels = row["question"], row["answer"]
    labels = labels if isinstance(labels, list) else [labels]
    return _example(key, text, labels, row[PICTURE], row[GROUP], part, prefix)


def _example(
    key: str,
    text: str,
    labels: list[Any],
    picture: PictureRef,
    group: str,
    part: str,
    prefix: str,
) -> InstructionExample:
    answers = tuple(str(label) for label in labels)
    if not text.strip() or not answers or not answers[0].strip():
        raise Rejected("empty-turn")
    return InstructionExample(
        key,
        picture,
        question(f"{prefix} {text}".strip(), answers[0]),
        kind="vqa",
        group=group,
        answers=answers,
        facts=(("part", part),) if part else (),
    )
