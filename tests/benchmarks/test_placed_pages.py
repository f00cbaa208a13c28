"""Placed layouts of benchmarks/styled_pages: text comes out of the file as it was put in."""

from __future__ import annotations

import re
from collections import deque
from pathlib import Path

import numpy as np
import pymupdf
import pytest

from benchmarks.styled_pages.blocks.contents import entry, index
from benchmarks.styled_pages.blocks.diagram import front
from benchmarks.styled_pages.blocks.listing import listing, wrapped
from benchmarks.styled_pages.blocks.repeated import _entries, array, series
from benchmarks.styled_pages.content import Content
from benchmarks.styled_pages.flow import Flow
from benchmarks.styled_pages.lines import HALF, Type, break_lines
from benchmarks.styled_pages.look import random_look
from benchmarks.styled_pages.sheet import Face
from renderers.fonts import families

PARAGRAPH = "The typesetter distributes paragraphs over consecutive lines automatically. " * 6


@pytest.fixture(scope="module")
def latin() -> Face:
    return Face(Path(families("en")[0].regular.path))


@pytest.fixture(scope="module")
def fixed() -> Face:
    (mono,) = (family for family in families("en") if family.style == "mono")
    return Face(Path(mono.regular.path))


def type_of(face: Face, han: Face | None = None, **fields: object) -> Type:
    values = {"squeezed": 1.0, "quarter": 0.25, "chinese": han is not None, **fields}
    styles = dict.fromkeys(("roman", "mono", "bold"), face)
    return Type(styles, {"roman": han} if han else {}, [], {}, **values)  # type: ignore[arg-type]


def flow_of(face: Face, seed: int = 0, columns: int = 1) -> Flow:
    look = random_look(np.random.default_rng(seed), "en", {columns: 1.0}, side=False)
    return Flow(look, type_of(face), lambda flow: None)


def content_of(code: list[str], seed: int = 0) -> Content:
    return Content("en", np.random.default_rng(seed), deque([("p", PARAGRAPH)]), ["word"], code)


def text_of(flow: Flow) -> str:
    flow.next_page()
    with pymupdf.open("pdf", flow.sheet.pdf()) as document:
        return "\n".join(page.get_text() for page in document)


def test_words_without_drawn_spaces_are_read_as_words(latin: Face) -> None:
    flow = flow_of(latin)
    flow.paragraph([(PARAGRAPH, "roman")])
    read = text_of(flow).replace("-\n", "")
    assert read.split() == PARAGRAPH.split()


def test_lines_fill_the_column_and_no_more(latin: Face) -> None:
    boxes = type_of(latin).boxes([(PARAGRAPH, "roman")], 10)
    for line in break_lines(boxes, 200, first=20):
        assert sum(box.width for box in line) + sum(box.glue for box in line[1:]) <= 200


def test_latin_in_chinese_has_a_quarter_of_glue_and_no_space(latin: Face) -> None:
    han = Face(Path(families("zh")[-1].regular.path))
    boxes = type_of(latin, han).boxes([("用 TEX 排版，好", "roman")], 10)
    assert [box.text for box in boxes] == ["用", "TEX", "排", "版", "，", "好"]
    assert [box.glue for box in boxes] == [0.0, 2.5, 2.5, 0.0, 0.0, 0.0]
    assert not boxes[4].breaks  # no line begins with a comma
    narrow = type_of(latin, han, squeezed=0.5).boxes([("，", "roman")], 10)
    assert narrow[0].width == pytest.approx(boxes[4].width / 2)


@pytest.mark.parametrize("squeezed", [0.5, 0.75])
def test_the_ink_of_squeezed_signs_is_in_their_boxes(squeezed: float, latin: Face) -> None:
    """Faces with signs in the middle of their square had them over the next character."""
    for family in families("zh"):
        han = Face(Path(family.regular.path))
        faces = type_of(latin, han, squeezed=squeezed)
        for sign in sorted(HALF):
            box = faces.sign(sign, "roman", 10)
            (run,) = box.runs
            begin, end = (run.x + 10 * side for side in run.face.sides(sign))
            if run.face is han and han.width(sign) > 0.9:
                assert 0.1 < begin < end < box.width - 0.1, (family.name, sign)
            assert box.width <= 10.01


def test_the_ink_of_a_character_is_that_of_its_outline(latin: Face) -> None:
    begin, end = latin.sides("l")
    assert 0 < begin < end < latin.width("l")
    assert latin.sides(" ") == (0, 0)


def test_every_row_of_a_listing_is_there_once(fixed: Face) -> None:
    rows = [f"value_{i} = call({i})" for i in range(12)]
    assert list(wrapped(rows, 80, 99)) == [(row, i + 1) for i, row in enumerate(rows)]
    assert list(wrapped(["x" * 25], 20, 99)) == [("x" * 20, 1), ("    " + "x" * 5, 0)]
    assert [row for row, _ in wrapped(["# " + "文" * 12], 20, 99)] == [
        "# 文文文文文文文文文",
        "    文文文",
    ]
    flow = flow_of(fixed)
    listing(flow, content_of(["\n".join(rows)]), rows=12)
    read = text_of(flow)
    assert [read.count(f"value_{i} ") for i in range(12)] == [1] * 12


def test_dots_end_before_the_number_of_the_page(latin: Face) -> None:
    flow = flow_of(latin)
    content = content_of(["a_name = 1"])
    entry(flow, content, "3.2", "roman", 10.0, "417", dots=True, leading=14)
    read = " ".join(text_of(flow).split())
    assert read.startswith("3.2 ")
    assert read.endswith("417")
    assert read.count(flow.look.leader) > 8


@pytest.mark.parametrize("columns", [1, 2])
@pytest.mark.parametrize("seed", range(12))
def test_an_index_is_below_the_text_before_it_and_in_its_columns(
    seed: int, columns: int, latin: Face
) -> None:
    flow = flow_of(latin, seed, columns)
    content = content_of(["a_name_that_is_longer_than_many_columns = 1"], seed)
    flow.paragraph([(PARAGRAPH, "roman")])
    index(flow, content)
    assert_apart(flow)


@pytest.mark.parametrize("seed", range(6))
def test_a_title_over_all_columns_does_not_begin_in_the_second(seed: int, latin: Face) -> None:
    flow = flow_of(latin, seed, 2)
    flow.paragraph([(PARAGRAPH, "roman")])
    flow.next_column()
    front(flow, content_of(["a_name = 1"], seed))
    assert flow.sheet.pages == 1
    flow.paragraph([(PARAGRAPH, "roman")])
    assert_apart(flow)


def assert_apart(flow: Flow) -> None:
    """No word stands on another one or beyond the text's edge."""
    flow.next_page()
    with pymupdf.open("pdf", flow.sheet.pdf()) as document:
        for page in document:
            # an index has a word for each dot: a million pairs, so not one by one
            words = np.array([word[:4] for word in page.get_text("words")]).reshape(-1, 4)
            low, high = words[:, :2], words[:, 2:]
            assert (high[:, 0] <= flow.look.width - flow.look.right + 0.2 * flow.look.size).all()
            heights = high[:, 1] - low[:, 1]
            for i in range(len(words)):
                over = np.minimum(high[i], high[i + 1 :]) - np.maximum(low[i], low[i + 1 :])
                assert ((over[:, 0] < 1) | (over[:, 1] < 0.5 * heights[i])).all()


@pytest.mark.parametrize("seed", range(24))
def test_arrays_and_series_stay_in_the_column(seed: int, latin: Face) -> None:
    long = "a_name_that_is_longer_than_most_columns_" * 4
    flow, content = flow_of(latin, seed), content_of([f"{long} = name + 1"], seed)
    left, right = flow.left, flow.left + flow.width
    for block in (array, series):
        block(flow, content)
    flow.next_page()
    with pymupdf.open("pdf", flow.sheet.pdf()) as document:
        words = [word for page in document for word in page.get_text("words")]
    assert len(words) >= 6
    assert left - 0.1 <= min(word[0] for word in words)
    assert max(word[2] for word in words) <= right + 0.1


@pytest.mark.parametrize("seed", range(24))
def test_the_rows_of_an_array_have_equally_many_entries(seed: int, latin: Face) -> None:
    flow = flow_of(latin, seed)
    array(flow, content_of(["a_name = 1"], seed))
    flow.next_page()
    rows: dict[tuple[int, float], int] = {}
    with pymupdf.open("pdf", flow.sheet.pdf()) as document:
        for page in document:
            for word in page.get_text("words"):
                row = (page.number, round(word[3], 1))
                rows[row] = rows.get(row, 0) + bool(word[4].strip("[](){},|"))
    assert len(rows) >= 3
    assert len(set(rows.values())) == 1


@pytest.mark.parametrize("seed", range(60))
def test_brackets_of_an_array_stand_below_each_other(seed: int, latin: Face) -> None:
    flow = flow_of(latin, seed)
    array(flow, content_of(["a_name = 1"], seed))
    flow.next_page()
    places: dict[str, set[float]] = {"[({|": set(), "])}|": set()}
    with pymupdf.open("pdf", flow.sheet.pdf()) as document:
        for page in document:
            rows: dict[float, list[tuple[str, float]]] = {}
            for block in page.get_text("rawdict")["blocks"]:
                for line in block["lines"]:
                    for span in line["spans"]:
                        found = [(c["c"], round(c["origin"][0], 1)) for c in span["chars"]]
                        rows.setdefault(round(line["bbox"][3], 1), []).extend(found)
            for row in rows.values():
                (first, x0), (last, x1) = min(row, key=lambda c: c[1]), _last(row)
                places["[({|"] |= {x0} if first in "[({|" else set()
                places["])}|"] |= {x1} if last in "])}|" else set()
    assert [len(xs) for xs in places.values()] in ([0, 0], [1, 1])


def test_no_number_is_a_negative_zero() -> None:
    for seed in range(60):
        entry_of = _entries(content_of(["a_name = 1"], seed))
        shown = [entry_of() for _ in range(400)]
        assert not [text for text in shown if re.fullmatch(r"-0(\.0*)?", text)]


def _last(row: list[tuple[str, float]]) -> tuple[str, float]:
    """The last sign of a row but a comma."""
    return max((c for c in row if c[0] not in ", "), key=lambda c: c[1])
