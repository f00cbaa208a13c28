"""Reads DocVQA, InfographicVQA and TextVQA: the files of their sites, or tables of the Hub.

On the site, questions are in one JSON file for each split and pictures in folders beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from vary_data.base.errors import SourceError, UsageError
from vary_data.base.json_lines import JsonLine
from vary_data.dataset.rejection import Rejected
from vary_data.sources.coco import PictureRef
from vary_data.sources.files import read_annotations
from vary_data.sources.instructions.example import (
    SOURCE_SPLITS,
    InstructionExample,
    checked,
    first_picture,
    question,
)
from vary_data.sources.instructions.tables import PICTURE, hub_tables, table_rows


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Where a set has its questions and pictures, and what their fields are called."""

    title: str
    files: tuple[str, ...]
    """Names of the annotation file, the usual one first; `{split}` is train, val or test."""
    folder: str
    """The folder of the annotation files, where they are not in that of the set itself."""
    pictures: tuple[str, ...]
    """Folders of the pictures, next to that folder."""
    tables: str
    """The folder of this set on the Hub, where it shares a repository."""
    number: str
    """The field with the number of the question."""
    picture: str
    """The field with the picture's name."""
    suffix: str = ""
    """What that name lacks."""
    group: str = ""
    """The field with the document or picture in tables, which do not name their pictures."""
    most_frequent: bool = False
    """Whether the truth is the most frequent answer, else the first one."""


SETS = {
    "docvqa": QuestionSet(
        title="DocVQA",
        files=("{split}_v1.0_withQT.json", "{split}_v1.0.json"),
        folder="spdocvqa_qas",
        pictures=("spdocvqa_images", "documents"),
        tables="DocVQA",
        number="questionId",
        picture="image",
        group="ucsf_document_id",
    ),
    "infovqa": QuestionSet(
        title="InfographicVQA",
        files=(
            "infographicsVQA_{split}_v1.0_withQT.json",
            "infographicsVQA_{split}_v1.0.json",
        ),
        folder="infographicsvqa_qas",
        pictures=("infographicsvqa_images", "images"),
        tables="InfographicVQA",
        number="questionId",
        picture="image_local_name",
        group="image_url",
    ),
    "textvqa": QuestionSet(
        title="TextVQA",
        files=("TextVQA_0.5.1_{split}.json",),
        folder="annotations",
        pictures=("train_images", "test_images", "train_val_images/train_images"),
        tables="data",
        number="question_id",
        picture="image_id",
        suffix=".jpg",
        group="image_id",
        most_frequent=True,
    ),
}


def read(
    name: str, source: Path, images: Path | None, split: str, prefix: str
) -> Iterator[InstructionExample]:
    """Every question of a split, after the instruction `prefix` if this is not empty.

    `source` is the folder of the set, of its annotations, an annotation file, or a Parquet file.

    Raises:
        SourceError: nothing of that split is there, or it cannot be read.
        UsageError: `images` for a table, which has its pictures.
    """
    form = SETS[name]
    file = _annotations(form, source, split)
    tables = [] if file else hub_tables(source, split, form.tables)
    if tables:
        if images:
            raise UsageError("--images is not needed", f"{tables[0].name} has the pictures")
        return checked(table_rows(tables), lambda key, row: _of_table(form, key, row, prefix))
    if file is None:
        names = " or ".join(_names(form, split))
        raise SourceError(
            f"no {names} in {source}",
            f"unpack the annotations there, or name a folder of the Hub with {split}-*.parquet",
        )
    content = read_annotations(file)
    data = content.get("data") if isinstance(content, dict) else content
    if not isinstance(data, list):
        raise SourceError(f"{file} has no list of questions", f"expected the JSON of {form.title}")
    rows = ((str(i), JsonLine(i + 1, row)) for i, row in enumerate(data))
    return checked(rows, lambda key, row: _of_file(form, key, row, images or file.parent, prefix))


def _names(form: QuestionSet, split: str) -> list[str]:
    return [name.format(split=SOURCE_SPLITS[split]) for name in form.files]


def _annotations(form: QuestionSet, source: Path, split: str) -> Path | None:
    """The annotation file of a split; None if there is none."""
    if not source.is_dir():
        return None if source.suffix.lower() == ".parquet" else source
    places = [source / name for name in _names(form, split)]
    places += [source / form.folder / name for name in _names(form, split)]
    return next((place for place in places if place.is_file()), None)


def _of_file(
    form: QuestionSet, key: str, row: Any, folder: Path, prefix: str
) -> InstructionExample:
    name = row[form.picture]
    if not isinstance(name, str) or not name:
        raise Rejected("no-image")
    name = f"{name}{form.suffix}"
    short = PurePosixPath(name).name
    below = [name, *(f"{place}/{short}" for place in form.pictures), short]
    # The annotations may have a folder of their own next to that of the pictures.
    roots = [folder, folder.parent] if folder.name == form.folder else [folder]
    picture = first_picture([(root, place) for root in roots for place in below])
    group = str(row.get(form.group) or name)
    return _example(form, key, row, picture, group, prefix)


def _of_table(form: QuestionSet, key: str, row: Any, prefix: str) -> InstructionExample:
    picture = row.get(PICTURE)
    if picture is None:
        raise Rejected("no-image")
    return _example(form, key, row, picture, str(row.get(form.group) or key), prefix)


def _example(
    form: QuestionSet, key: str, row: Any, picture: PictureRef, group: str, prefix: str
) -> InstructionExample:
    answers = tuple(str(answer) for answer in row.get("answers") or ())
    if not answers:
        raise Rejected("no-answer")
    truth = Counter(answers).most_common(1)[0][0] if form.most_frequent else answers[0]
    if not row["question"].strip() or not truth.strip():
        raise Rejected("empty-turn")
    return InstructionExample(
        key,
        picture,
        question(f"{prefix} {row['question']}".strip(), truth),
        kind="vqa",
        group=group,
        answers=answers,
        facts=(("row", str(row[form.number])),),
    )
