"""Blocks of pages as samples of their own."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.export.layout_rows import PAGE
from tests.tools.written_rows import write_rows
from vary_data import generate, open_dataset, validate
from vary_data.base.errors import SourceError, UsageError


@pytest.fixture
def out(tmp_path: Path) -> Path:
    rows = [{**PAGE, "doc": 1, "shade": 90}, {"text": "no block", "regions": []}]
    write_rows(tmp_path / "out", "pages-en", rows)
    return tmp_path / "out"


def test_crops_have_the_regions_below_the_block(out: Path, tmp_path: Path) -> None:
    result = generate("crop", tmp_path / "crop", name="crop", dataset=str(out), workers=1,
                      roles=("table", "title"), margin=1, min_side=2)  # fmt: skip
    title, table = open_dataset(tmp_path / "crop").config("crop").rows()
    assert result.samples == 2
    assert title["text"] == "Ferries"
    assert (title["width"], title["height"]) == (20, 5)
    assert [(r["role"], r["bbox"], r["parent"]) for r in title["regions"]] == [
        ("title", [1.0, 1.0, 19.0, 4.0], None),
        ("line", [1.0, 1.0, 19.0, 4.0], 0),
    ]
    with Image.open(io.BytesIO(title["image"]["bytes"])) as picture:
        assert np.asarray(picture).mean() == 90
    roles = [region["role"] for region in table["regions"]]
    assert roles == ["table", "cell", "cell", "cell", "cell"], "the caption is outside"
    assert [region["order"] for region in table["regions"]] == list(range(5))
    assert json.loads(table["meta"])["box"] == [1, 7, 19, 21]
    assert table["doc_id"] == "1"


def test_blocks_that_cannot_be_used_are_counted(out: Path, tmp_path: Path) -> None:
    result = generate("crop", tmp_path / "crop", name="crop", dataset=str(out), workers=1,
                      roles=("table", "title"), margin=0, min_side=10)  # fmt: skip
    assert result.samples == 1
    assert [r.reason for r in result.rejections] == ["too-small"]


def test_crops_are_clean(out: Path, tmp_path: Path) -> None:
    generate("crop", tmp_path / "crop", name="crop", dataset=str(out), workers=1, min_side=2)
    assert validate(tmp_path / "crop").clean


def test_what_cannot_be_cut(out: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="'tables' is no role of blocks"):
        generate("crop", tmp_path / "crop", name="crop", dataset=str(out), roles=("tables",))
    with pytest.raises(SourceError, match=r"no row of .* has a region of the roles code"):
        generate("crop", tmp_path / "crop", name="crop", dataset=str(out), roles=("code",))


def test_a_table_whose_texts_are_in_its_cells(tmp_path: Path) -> None:
    table = {**PAGE["regions"][3], "text": ""}
    regions = [*PAGE["regions"][:3], table, *PAGE["regions"][4:]]
    for form, expected in (
        ("markdown", "<td>7:15</td>"),
        ("plain", "To all\nNorth 7:15\n"),
    ):
        out = tmp_path / form
        write_rows(out, "pages-en", [{"text": "t", "format": form, "regions": regions}])
        generate("crop", out, name="crop", dataset=str(out / "pages-en"), workers=1,
                 roles=("table",), min_side=2)  # fmt: skip
        (row,) = open_dataset(out).config("crop").rows()
        assert expected in row["text"]
        assert row["format"] == form
