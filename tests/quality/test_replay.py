"""Samples drawn again are equal to the stored ones, or the differences are reported."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from PIL import Image, ImageDraw

from renderers.picture import pixel_hash
from tests.tools.toy_datasets import CHARTS, PAGES, rewrite
from vary_data.base.errors import SourceError
from vary_data.cli.replay import command
from vary_data.quality.replay import find, redraw

SHEETS = f"{PAGES}/data/train-00000-of-00001.parquet"


def replay(out: Path, *arguments: str) -> Result:
    return CliRunner().invoke(command, [str(out), *arguments], catch_exceptions=False)


def test_a_sample_comes_out_as_it_is_stored(pristine: Path, tmp_path: Path) -> None:
    result = replay(pristine, "toy-0002", "-o", str(tmp_path / "again.png"))
    assert result.exit_code == 0
    assert result.output.split()[:6] == ["text", "same", "regions", "same", "pixels", "same"]
    stored = find(pristine, "toy-0002")[1]["image"]["bytes"]
    assert pixel_hash((tmp_path / "again.png").read_bytes()) == pixel_hash(stored)


def test_one_of_several_samples_of_a_task(pristine: Path, tmp_path: Path) -> None:
    result = replay(pristine / PAGES, "sheet-002#2", "-o", str(tmp_path / "again.png"))
    assert result.exit_code == 0
    with Image.open(tmp_path / "again.png") as image:
        assert (image.format, image.size) == ("PNG", (640, 800))


@pytest.mark.worker_processes
def test_several_rows_at_once_keep_their_order(pristine: Path) -> None:
    configuration, row = find(pristine, "toy-0011")
    rows = [row, find(pristine, "toy-0000")[1]]
    assert [r.drawn and r.drawn["id"] for r in redraw(configuration, rows, jobs=2)] == [
        "toy-0011",
        "toy-0000",
    ]


def test_what_differs_is_shown(out: Path) -> None:
    def spoil(rows: list[dict[str, Any]]) -> None:
        row = rows[0]
        row["text"] = row["text"].replace("Page", "Leaf")
        row["regions"][0]["bbox"][0] += 4
        with Image.open(io.BytesIO(row["image"]["bytes"])) as image:
            ImageDraw.Draw(image).rectangle((10, 20, 29, 39), fill="black")
            stream = io.BytesIO()
            image.save(stream, "PNG")
        row["image"]["bytes"] = stream.getvalue()

    rewrite(out / SHEETS, spoil)
    result = replay(out, "sheet-000#1", "--show-diff")
    assert result.exit_code == 3
    lines = [line.strip() for line in result.output.splitlines()]
    assert [line.split() for line in lines if line.endswith("different")] == [
        ["text", "different"],
        ["regions", "different"],
        ["pixels", "different"],
    ]
    assert "-Leaf 1 of sheet-000" in lines
    assert "+Page 1 of sheet-000" in lines
    assert "400 of 512000 pixels differ by up to 255, within [10, 20, 30, 40]" in lines


def test_other_versions_are_named(out: Path) -> None:
    plan = out / CHARTS / ".vary" / "plan.json"
    facts = json.loads(plan.read_text())
    facts["versions"]["pillow"] = "1.0"
    plan.write_text(json.dumps(facts))

    def spoil(rows: list[dict[str, Any]]) -> None:
        rows[0]["text"] = "{}"

    rewrite(next((out / CHARTS / "data").glob("train-00000-*")), spoil)
    assert "pillow 1.0 then" in replay(out, "toy-0000").output


def test_an_unknown_id_and_a_task_that_is_gone(out: Path) -> None:
    with pytest.raises(SourceError, match="no sample 'toy-9999'"):
        find(out, "toy-9999")
    recipe = out / CHARTS / ".vary" / "recipe.json"
    recipe.write_text(recipe.read_text().replace('"n": 25', '"n": 2'))
    with pytest.raises(SourceError, match="no longer has the task 'toy-0011'"):
        replay(out, "toy-0011")


def test_a_task_that_is_now_rejected_says_why(out: Path) -> None:
    configuration, row = find(out, "toy-0003")
    (outcome,) = redraw(configuration, [{**row, "id": "toy-0004"}])
    assert not outcome.agrees
    assert outcome.failure == ("the task gave no such sample: overlap labels lie on each other")
