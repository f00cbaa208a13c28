"""The deep checks, each with a fault planted into a good dataset."""

from __future__ import annotations

import ast
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from PIL import Image, ImageDraw

from tests.tools.toy_datasets import CHARTS, PAGES, rewrite
from vary_data.cli.validate import command
from vary_data.quality.validate import validate
from vary_data.quality.validate.picture import cut_texts
from vary_data.quality.validate.rows import check_row
from vary_data.quality.validate.truth import check_truth

TRAIN = f"{CHARTS}/data/train-00000-of-00002.parquet"
SHEETS = f"{PAGES}/data/train-00000-of-00001.parquet"
Row = dict[str, Any]
Fault = Callable[[Row], None]


def replace_text(row: Row, old: str, new: str) -> None:
    row["text"] = row["text"].replace(old, new)
    row["messages"][-1]["content"][0]["text"] = row["text"]


def first_value(row: Row) -> str:
    return str(next(iter(ast.literal_eval(row["text"])["values"].values())))


def repaint(row: Row, paint: Callable[[Image.Image], Image.Image | None]) -> None:
    with Image.open(io.BytesIO(row["image"]["bytes"])) as image:
        picture = image.convert("RGB")
    picture = paint(picture) or picture
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    row["image"]["bytes"] = stream.getvalue()
    row["width"], row["height"] = picture.size


def region(row: Row, role: str) -> Row:
    return next(r for r in row["regions"] if r["role"] == role)


def change_value(row: Row) -> None:
    replace_text(row, repr(first_value(row)), "'1234 t'")


def use_value_twice(row: Row) -> None:
    values = list(ast.literal_eval(row["text"])["values"].values())
    replace_text(row, repr(values[0]), repr(values[1]))


def change_title(row: Row) -> None:
    replace_text(row, "Harvest in", "Harvests in")


def cut_region_text(row: Row) -> None:
    title = region(row, "title")
    title["text"] = title["text"][:-2]


def through_a_letter(row: Row) -> int:
    """A vertical edge near the middle of the title that cuts one of its letters."""
    x0, y0, x1, y1 = region(row, "title")["bbox"]
    with Image.open(io.BytesIO(row["image"]["bytes"])) as image:
        title = np.asarray(image.convert("L"))[int(y0) : int(y1)]
    (inked,) = np.nonzero(np.ptp(title, axis=0) > 100)
    return int(inked[np.abs(inked + 1 - (x0 + x1) / 2).argmin()]) + 1


def crop_picture(row: Row) -> None:
    edge = through_a_letter(row)
    repaint(row, lambda image: image.crop((0, 0, edge, image.height)))


def crop_and_hide(row: Row) -> None:
    """The title loses its right half, and its regions are made to fit."""
    edge = through_a_letter(row)
    crop_picture(row)
    row["regions"] = [r for r in row["regions"] if r["bbox"][0] < edge - 2]
    for item in row["regions"]:
        item["bbox"][2] = min(item["bbox"][2], edge)


def paint_over(row: Row) -> None:
    box = region(row, "title")["bbox"]
    repaint(row, lambda image: ImageDraw.Draw(image).rectangle(box, fill="white"))


def paint_over_half(row: Row) -> None:
    x0, y0, x1, y1 = region(row, "title")["bbox"]
    half = (x0 + (x1 - x0) * 0.6, y0 - 1, x1 + 1, y1 + 1)
    repaint(row, lambda image: ImageDraw.Draw(image).rectangle(half, fill="white"))


def truncate(row: Row) -> None:
    row["image"]["bytes"] = row["image"]["bytes"][:-200]


def lose_the_end(row: Row) -> None:
    row["image"]["bytes"] = row["image"]["bytes"][:-8]


def make_blank(row: Row) -> None:
    repaint(row, lambda image: Image.new("RGB", image.size, "#fafafa"))


def declare_another_size(row: Row) -> None:
    row["width"] += 1


def name_another_format(row: Row) -> None:
    row["image"]["path"] = row["id"] + ".webp"


def name_another_sample(row: Row) -> None:
    row["image"]["path"] = "other.png"


def no_literal(row: Row) -> None:
    replace_text(row, "}}", "}")


def nested_literal(row: Row) -> None:
    replace_text(row, row["text"], "(" * 5000)


def call_something(row: Row) -> None:
    replace_text(row, row["text"], "dict(title=open('/etc/passwd').read())")


def another_key(row: Row) -> None:
    replace_text(row, "'y_title'", "'ylabel'")


def number_in_truth(row: Row) -> None:
    value = first_value(row)
    replace_text(row, repr(value), value.removesuffix(" t"))


def move_region(row: Row) -> None:
    region(row, "value")["bbox"] = [-30.0, 10.0, -5.0, 20.0]


def move_word(row: Row) -> None:
    word = region(row, "word")
    word["bbox"] = [v + 60 for v in word["bbox"]]


def another_answer(row: Row) -> None:
    row["messages"][-1]["content"][0]["text"] = "{}"


def no_picture_in_the_question(row: Row) -> None:
    row["messages"][0]["content"] = row["messages"][0]["content"][1:]


def break_meta(row: Row) -> None:
    row["meta"] = "{'type': 1}"


def no_kind(row: Row) -> None:
    row["kind"] = ""


def replacement_character(row: Row) -> None:
    replace_text(row, "Source:", "Source\ufffd")


FAULTS: dict[Fault, str] = {
    change_value: "missing-string",
    use_value_twice: "missing-string",
    change_title: "missing-string",
    cut_region_text: "missing-string",
    crop_picture: "region",
    crop_and_hide: "cut",
    paint_over: "no-ink",
    paint_over_half: "cut",
    truncate: "image",
    lose_the_end: "image",
    make_blank: "blank",
    declare_another_size: "image-size",
    name_another_format: "image-path",
    name_another_sample: "image-path",
    no_literal: "truth",
    nested_literal: "truth",
    call_something: "truth",
    another_key: "truth",
    number_in_truth: "truth",
    move_region: "region",
    move_word: "word",
    another_answer: "messages",
    no_picture_in_the_question: "messages",
    break_meta: "meta",
    no_kind: "value",
    replacement_character: "truth",
}


def test_a_good_dataset_is_clean(pristine: Path) -> None:
    report = validate(pristine, deep=True, jobs=1)
    assert report.problems == ()
    assert report.clean
    assert report.replayed == 8


@pytest.mark.parametrize(
    ("fault", "check"), FAULTS.items(), ids=lambda v: getattr(v, "__name__", v)
)
def test_a_planted_fault_is_found(pristine: Path, fault: Fault, check: str) -> None:
    row = pq.read_table(pristine / TRAIN).to_pylist()[1]
    assert list(check_row(row)) == []
    fault(row)
    assert check in {found for found, _ in check_row(row)}


def test_a_fault_is_reported_with_its_place(out: Path) -> None:
    ids = []

    def spoil(rows: list[Row]) -> None:
        ids.append(rows[5]["id"])
        change_title(rows[5])

    rewrite(out / TRAIN, spoil)
    report = validate(out, deep=True, jobs=1, replays=0)
    assert report.counts == {"missing-string": 1}
    (problem,) = report.problems
    assert (problem.file, problem.row, problem.id) == (TRAIN, 5, ids[0])
    assert "is not on the picture" in problem.what


def test_a_word_that_the_page_does_not_show(out: Path) -> None:
    def spoil(rows: list[Row]) -> None:
        replace_text(rows[0], "Page", "Sheet")

    rewrite(out / SHEETS, spoil)
    report = validate(out, deep=True, jobs=1, replays=0)
    assert report.counts == {"missing-string": 1}
    assert report.problems[0].what == "'Sheet' of the truth is not on the picture"


def test_replay_finds_what_agrees_with_itself(out: Path) -> None:
    """Picture, regions and truth are consistent, but differ from those of the recipe."""

    def spoil(rows: list[Row]) -> None:
        for row in rows:
            row["seed"] += 1

    rewrite(out / SHEETS, spoil)
    report = validate(out / PAGES, deep=True, jobs=1, replays=2)
    assert report.replayed == 2
    assert report.counts == {"replay": 2}
    assert "text, regions, pixels" in report.problems[0].what


def test_a_generator_that_is_not_installed_is_a_note(out: Path) -> None:
    recipe = out / PAGES / ".vary" / "recipe.json"
    recipe.write_text(json.dumps({**json.loads(recipe.read_text()), "generator": "scrolls"}))
    report = validate(out / PAGES, deep=True, jobs=1)
    assert report.clean
    assert report.notes[0].startswith(
        "sheets-en: nothing was drawn again: unknown generator 'scrolls'"
    )


@pytest.mark.parametrize("flags", [[], ["--json"]])
def test_the_command_says_what_is_wrong_and_exits_with_3(out: Path, flags: list[str]) -> None:
    rewrite(out / TRAIN, lambda rows: change_title(rows[5]))
    result = CliRunner().invoke(command, [str(out), "--deep", "--replays", "0", *flags])
    assert result.exit_code == 3
    assert "missing-string" in result.output
    if flags:
        report = json.loads(result.output)
        assert report["clean"] is False
        assert report["problems"][0]["row"] == 5
    else:
        assert f"{TRAIN} row 5 (toy-" in result.output


def test_the_command_exits_with_0_when_all_is_well(pristine: Path) -> None:
    result = CliRunner().invoke(command, [str(pristine)])
    assert result.exit_code == 0
    assert result.output == "clean: 28 rows in 5 files of 2 configurations\n"


@pytest.mark.parametrize("place", [0.02, 0.5, 0.9])
def test_damaged_bytes_in_a_shard_are_found(out: Path, place: float) -> None:
    """A JPEG decoder ignores damaged bytes; the checksums of the Parquet pages detect them."""
    path = out / SHEETS
    pq.write_table(pq.read_table(path), path, write_page_checksum=True, compression="none")
    assert validate(out / PAGES, deep=True, jobs=1, replays=0).clean
    data = bytearray(path.read_bytes())
    start = int(len(data) * place)
    data[start : start + 300] = bytes(300)
    path.write_bytes(data)
    report = validate(out / PAGES, deep=True, jobs=1, replays=0)
    assert report.counts == {"unreadable": 1}


def test_a_bar_of_zero_and_a_named_mark_are_no_faults(pristine: Path) -> None:
    row = pq.read_table(pristine / TRAIN).to_pylist()[0]
    mark = region(row, "mark")
    mark["bbox"][1] = mark["bbox"][3]
    mark["text"] = "Wheat"
    assert list(check_row(row)) == []


def test_the_name_of_a_mark_is_not_written_on_it(pristine: Path) -> None:
    row = pq.read_table(pristine / TRAIN).to_pylist()[0]
    name = region(row, "x_tick")["text"]
    region(row, "mark")["text"] = name
    region(row, "x_tick")["role"] = "mark"
    what = f"{name!r} of the truth is not on the picture"
    assert ("missing-string", what) in list(check_row(row))


@pytest.mark.parametrize(
    ("text", "drawn", "found"),
    [
        (r"\(\blacksquare\)", True, []),  # the end of a proof
        (r"\(\blacksquare\)", False, ["no-ink"]),
        ("word", True, ["no-ink"]),
    ],
)
def test_a_filled_square_fills_its_box(text: str, drawn: bool, found: list[str]) -> None:
    pixels = np.full((40, 40, 3), 255, np.uint8)
    if drawn:
        pixels[10:20, 10:20] = 0
    regions = [{"bbox": [10.0, 10.0, 20.0, 20.0], "text": text}]
    assert [check for check, _ in cut_texts(pixels, regions, tight=False)] == found


def test_a_page_of_a_document_may_have_few_unknown_characters() -> None:
    row = {"text": "word " * 99 + "\ufffd", "kind": "page", "format": "plain"}
    row |= {"regions": [], "messages": []}
    assert list(check_truth(row, {})) == []
    many = row | {"text": "word " * 20 + "\ufffd"}
    for faulty in (many, row | {"format": "mmd"}, row | {"kind": "chart"}):
        assert [problem for _, problem in check_truth(faulty, {})][:1] == [
            "the text contains the character U+FFFD"
        ]


@pytest.mark.parametrize("empty", [False, True])
def test_a_stroke_that_fills_its_columns_is_ink(empty: bool) -> None:
    """The `I` of a bold `IL` has no other color above or below it in the tight box of the text."""
    pixels = np.full((20, 30, 3), 200, np.uint8)
    if not empty:
        pixels[6:14, 10:13] = 20
    pixels[6:14, 15:17] = 20
    pixels[12:14, 15:18] = 20
    regions = [{"text": "IL", "bbox": [10, 6, 18, 14], "role": "category"}]
    found = [check for check, _ in cut_texts(pixels, regions, tight=True)]
    assert found == (["cut"] if empty else [])
