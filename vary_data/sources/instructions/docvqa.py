"""Reads DocVQA: `{train,val}_v1.0[_withQT].json`, `test_v1.0.json`, pictures in `documents/`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from vary_data.base.errors import SourceError
from vary_data.base.json_lines import JsonLine
from vary_data.dataset.rejection import Rejected
from vary_data.sources.files import read_annotations
from vary_data.sources.instructions.example import (
    SOURCE_SPLITS,
    InstructionExample,
    checked,
    picture_file,
    question,
)


def read(root: Path, split: str, suffix: str) -> Iterator[InstructionExample]:
    """Every question of a split, after the instruction `suffix` if this is not empty.

    Raises:
        SourceError: the annotation file of that split is missing, or it is not JSON.
    """
    names = [f"{SOURCE_SPLITS[split]}_v1.0_withQT.json", f"{SOURCE_SPLITS[split]}_v1.0.json"]
    files = [root / name for name in names if (root / name).is_file()]
    if not files:
        raise SourceError(f"no {' or '.join(names)} in {root}", "unpack the annotations there")
    content = read_annotations(files[0])
    data = content.get("data") if isinstance(content, dict) else content
    if not isinstance(data, list):
        raise SourceError(f"{files[0]} has no list of questions", "expected the JSON of DocVQA")
    rows = ((str(i), JsonLine(i + 1, row)) for i, row in enumerate(data))
    return checked(rows, lambda key, row: _example(key, row, root, suffix))


def _example(key: str, row: Any, root: Path, suffix: str) -> InstructionExample:
    picture = picture_file(root, row["image"])
    answers = tuple(str(answer) for answer in row.get("answers") or ())
    if not answers:
        raise Rejected("no-answer")
    if not row["question"].strip() or not answers[0].strip():
        raise Rejected("empty-turn")
    return InstructionExample(
        key,
        picture,
        question(f"{suffix} {row['question']}".strip(), answers[0]),
        kind="vqa",
        group=str(row.get("ucsf_document_id") or row["image"]),
        answers=answers,
        facts=(("row", str(row["questionId"])),),
    )
