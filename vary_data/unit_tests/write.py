"""Writes the unit tests of a dataset as a folder that olmOCR-bench runs.

unit_tests.jsonl              the tests of pages
pdfs/NAME.pdf                 each picture as a PDF of one page
truth/NAME_pg1_repeat1.md     its truth, as answers are given: the first candidate
charts/facts.jsonl            the facts of charts, which olmOCR-bench does not know
charts/truth/NAME.txt
rows.jsonl is below charts/, too: NAME, the id of the row, its split and kind
"""

from __future__ import annotations

import io
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from vary_data.base.errors import OutputError, SourceError
from vary_data.dataset.reader import DatasetConfig
from vary_data.dataset.rejection import Rejected
from vary_data.export.pictures import exported_picture
from vary_data.targets.regions import sound_regions
from vary_data.targets.registry import content_of
from vary_data.targets.target import targets
from vary_data.unit_tests.make import unit_tests

RESOLUTION = 150.0
"""Pixels of a picture per inch of its PDF."""


@dataclass(frozen=True, slots=True)
class Written:
    """Tests by type, rows, rows with fewer tests than were asked for, and rows left out by
    reason."""

    tests: dict[str, int]
    rows: int
    short: int
    left_out: dict[str, int]


def write_unit_tests(
    configs: Sequence[DatasetConfig],
    folder: Path,
    *,
    split: str | None = None,
    per_row: int = 40,
    limit: int | None = None,
    seed: int = 0,
) -> Written:
    """Write the tests of the rows of `configs`, at most `limit` rows of each.

    Raises:
        OutputError: the folder is not empty, or cannot be written.
        SourceError: there is no row of which tests can be made.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise OutputError(f"{folder} is not an empty folder", "choose another folder with --to")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.") as name:
            content = Path(name) / "content"
            for below in ("pdfs", "truth", "charts/truth"):
                (content / below).mkdir(parents=True)
            rows = (
                row
                for config in configs
                for _, row in zip(_numbers(limit), config.rows(split=split), strict=False)
            )
            written = _write(rows, content, per_row, seed)
            if not written.tests:
                raise SourceError("no unit test can be made of these rows")
            if folder.exists():
                folder.rmdir()
            content.rename(folder)
    except OSError as error:
        raise OutputError(f"cannot write {folder}: {error.strerror or error}") from error
    return written


def _write(rows: Iterable[Mapping[str, Any]], folder: Path, per_row: int, seed: int) -> Written:
    counts: Counter[str] = Counter()
    left_out: Counter[str] = Counter()
    number = short = 0
    with (
        (folder / "unit_tests.jsonl").open("w", encoding="utf-8") as pages,
        (folder / "charts" / "facts.jsonl").open("w", encoding="utf-8") as charts,
    ):
        for row in rows:
            try:
                sound_regions(row)
            except Rejected as error:
                left_out[error.reason] += 1
                continue
            number += 1
            name = exported_picture(number - 1, row).name.replace("#", "-")
            truth, chart = truth_of(row), row["format"] == "dict"
            found = unit_tests(row, truth, f"{name}.pdf", per_row, seed)
            short += len(found) < per_row
            counts.update(test.type for test in found)
            file = charts if chart else pages
            file.writelines(f"{test.to_json()}\n" for test in found)
            if chart:
                (folder / "charts" / "truth" / f"{name}.txt").write_text(truth, encoding="utf-8")
            else:
                text = folder / "truth" / f"{name}_pg1_repeat1.md"
                text.write_text(truth, encoding="utf-8")
                _write_pdf(row["image"]["bytes"], folder / "pdfs" / f"{name}.pdf")
    return Written(dict(counts), number, short, dict(left_out))


def truth_of(row: Mapping[str, Any]) -> str:
    """The right answer: the dict of a chart, else the text in Markdown if the row has one."""
    if row["format"] == "dict" or content_of(row) is None:
        return str(row["text"])
    try:
        return targets(row, "markdown")[0].text
    except Rejected:
        return str(row["text"])


def _write_pdf(data: bytes, path: Path) -> None:
    with Image.open(io.BytesIO(data)) as image:
        image.convert("RGB").save(path, "PDF", resolution=RESOLUTION)


def _numbers(limit: int | None) -> Iterable[int]:
    return range(limit) if limit is not None else iter(int, 1)
