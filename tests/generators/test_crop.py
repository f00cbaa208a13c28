"""Blocks of pages as samples of their own."""

from __future__ import annotations

import ast
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.export.layout_rows import PAGE
from tests.tools.written_rows import write_rows
from vary_data import generate, open_dataset, validate
from vary_data.base.errors import SourceError, UsageError
from vary_data.targets.tables.html import parse_html


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


def crops(tmp_path: Path, *rows: dict[str, Any], **options: Any) -> tuple[list[Any], list[str]]:
    """The crops of written rows, and the reasons of rejections."""
    write_rows(tmp_path / "rows", "pages-en", list(rows))
    settings = {"workers": 1, "margin": 0, "min_side": 2, **options}
    result = generate(
        "crop", tmp_path / "cut", name="crop", dataset=str(tmp_path / "rows"), **settings
    )
    found = list(open_dataset(tmp_path / "cut").config("crop").rows())
    return found, [r.reason for r in result.rejections]


def test_crops_of_retargeted_rows_have_the_own_texts_of_blocks(out: Path, tmp_path: Path) -> None:
    generate(
        "retarget", tmp_path / "html", name="h", source=str(out / "pages-en"), to="html", workers=1
    )
    generate("crop", tmp_path / "cut", name="crop", dataset=str(tmp_path / "html"), workers=1,
             roles=("title",), min_side=2)  # fmt: skip
    (row,) = open_dataset(tmp_path / "cut").config("crop").rows()
    assert (row["text"], row["format"]) == ("Ferries", "plain")
    assert "target" not in json.loads(row["meta"])


@pytest.mark.parametrize(
    "damage",
    [{"parent": 1}, {"parent": 77}, {"bbox": [float("nan"), 1.0, 20.0, 4.0]}],
    ids=["cycle", "wrong parent", "no number"],
)
def test_damaged_regions_are_counted(tmp_path: Path, damage: dict[str, Any]) -> None:
    title, *others = PAGE["regions"]
    row = {**PAGE, "regions": [{**title, **damage}, *others]}
    found, reasons = crops(tmp_path, PAGE, row, roles=("title",), min_side=2)
    assert (len(found), reasons) == (1, ["regions"])


def test_words_that_reach_out_of_their_block_are_not_cut(tmp_path: Path) -> None:
    title, line, *_ = PAGE["regions"]
    line = {**line, "bbox": [2.0, 0.0, 22.0, 5.0]}
    (row,), _ = crops(tmp_path, {"text": "Ferries", "regions": [title, line]}, roles=("title",))
    assert (row["width"], row["height"]) == (20, 5)


def test_a_caption_beside_a_turned_table_is_left_out(tmp_path: Path) -> None:
    quad = [16, 2, 28, 12, 16, 22, 4, 12]
    turned = {"bbox": [4.0, 2.0, 28.0, 22.0], "quad": quad, "role": "table", "text": "Table"}
    caption = {"bbox": [5.0, 3.0, 10.0, 5.0], "text": "Table 1", "role": "caption", "parent": 0}
    word = {"bbox": [8.0, 8.0, 14.0, 12.0], "text": "1", "role": "word", "parent": 1}
    regions = [{"order": i, **r} for i, r in enumerate((turned, caption, word))]
    (row,), _ = crops(tmp_path, {"text": "Table", "regions": regions}, roles=("table",))
    assert [r["role"] for r in row["regions"]] == ["table"]


def test_crops_of_markdown_have_cells_and_numbers_of_formulas(tmp_path: Path) -> None:
    table, *below = [
        {**r, "text": "" if r["role"] == "table" else r["text"]} for r in PAGE["regions"][3:8]
    ]
    cells = [{**cell, "parent": 0, "order": i} for i, cell in enumerate(below, start=1)]
    formula = {"bbox": [2.0, 21.0, 30.0, 23.0], "text": "a = b", "role": "formula", "order": 5}
    tag = {"bbox": [26.0, 21.0, 30.0, 23.0], "text": "(7)", "role": "tag", "parent": 5, "order": 6}
    row = {
        "text": "x",
        "format": "markdown",
        "regions": [{**table, "order": 0}, *cells, formula, tag],
    }
    (cut, equation), _ = crops(tmp_path, row)
    assert parse_html(cut["text"]).texts()[1] == ["North", "7:15"]
    assert equation["text"] == r"\[ a = b \tag{7} \]"
    for form in ("otsl", "latex"):
        source = str(tmp_path / "cut" / "crop")
        generate("retarget", tmp_path / form, name="r", source=source, to=form, workers=1)
        assert list(open_dataset(tmp_path / form).config("r").rows()), form


def test_panels_of_a_figure_are_charts_of_their_own(tmp_path: Path) -> None:
    """The whole picture was cut out, and rejected as a chart without a text."""
    generate("render-charts", tmp_path / "out", num_samples=3, panels=1.0, types=("bar", "line"),
             annotations=1.0, workers=1)  # fmt: skip
    (config,) = open_dataset(tmp_path / "out").configs
    figures = [row for row in config.rows() if json.loads(row["meta"])["type"] == "panels"]
    assert figures
    result = generate("crop", tmp_path / "crop", name="crop", dataset=str(tmp_path / "out"),
                      workers=1, roles=("chart",))  # fmt: skip
    whole = {row["id"]: (row, json.loads(row["meta"])) for row in figures}
    made = list(open_dataset(tmp_path / "crop").config("crop").rows())
    insets = sum(reason.reason == "inset" for reason in result.rejections)
    assert len(made) == sum(len(meta["panels"]) for _, meta in whole.values()) - insets
    for row in made:
        meta = json.loads(row["meta"])
        figure, facts = whole[meta["origin"]]
        panels = ast.literal_eval(figure["text"])["panels"]
        name = meta["panel"]
        assert ast.literal_eval(row["text"]) == panels[name]
        assert (row["kind"], row["template"], meta["type"]) == (
            "chart", facts["panels"][name]["type"], facts["panels"][name]["type"],
        )  # fmt: skip
        for link in meta["values"]:
            if "mark" in link:
                mark = row["regions"][link["mark"]]
                assert mark["role"] == "mark"
                assert mark["text"] == "/".join(link["path"][: mark["text"].count("/") + 1])
        left, top, right, bottom = meta["box"]
        with Image.open(io.BytesIO(figure["image"]["bytes"])) as picture:
            there = np.asarray(picture.convert("RGB"))[top:bottom, left:right]
        with Image.open(io.BytesIO(row["image"]["bytes"])) as picture:
            assert np.array_equal(np.asarray(picture.convert("RGB")), there)
    assert validate(tmp_path / "crop", deep=True).clean
