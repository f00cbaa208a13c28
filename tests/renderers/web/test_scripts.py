"""Rules of proofreaders for other scripts, on pages in the real browser."""

from __future__ import annotations

import unicodedata
from typing import Any

import numpy as np
import pytest

from renderers.fonts import families
from renderers.picture import Region
from renderers.roles import WORD
from renderers.web.document import (
    CheckBox,
    Group,
    Pair,
    Span,
    Table,
    TableCell,
    TextBlock,
    text,
)
from renderers.web.renderer import RenderedPage
from tests.renderers.web.conftest import Draw

SIZE = 40


def font(lang: str, name: str = "") -> dict[str, Any]:
    """A family of the language for a page, the first one by default."""
    known = [family.name for family in families(lang) if not name or family.name == name]
    if not known:
        pytest.skip(f"no font for {lang} is installed")
    return {"lang": lang, "body": known[0], "head": known[0]}


def of(page: RenderedPage, role: str) -> list[Region]:
    return [region for region in page.picture.regions if region.role == role]


def gaps(page: RenderedPage, region: Region) -> int:
    """Columns without ink between the first and the last one with ink, in a region."""
    x0, y0, x1, y1 = (round(v) for v in region.bbox)
    inked = page.picture.pixels[y0:y1, x0:x1].min(axis=(0, 2)) < 128
    places = np.flatnonzero(inked)
    return int(np.count_nonzero(~inked[places[0] : places[-1]]))


def test_arabic_letters_are_joined(draw: Draw) -> None:
    page = draw(TextBlock(text("عسل س\u200cه\u200cم")), size=SIZE, **font("ar"))
    joined, parted = of(page, WORD)
    assert (joined.text, parted.text) == ("عسل", "س\u200cه\u200cم")
    assert gaps(page, joined) == 0
    assert gaps(page, parted) > 0


def test_arabic_runs_from_right_to_left_and_the_truth_in_the_order_of_reading(draw: Draw) -> None:
    long = "كتب المؤرخون عن أسواق المدينة القديمة وأبوابها العالية " * 3
    page = draw(TextBlock(text(long)), **font("ar"))
    assert page.text == " ".join(long.split())
    lines = of(page, "line")
    assert len(lines) > 1
    assert " ".join(line.text for line in lines) == page.text
    for line in lines:
        words = [r for r in of(page, WORD) if page.picture.regions[r.parent or 0] is line]
        lefts = [word.bbox[0] for word in words]
        assert lefts == sorted(lefts, reverse=True)
    assert max(line.bbox[2] for line in lines) > 590 - 60


def test_numbers_and_latin_words_keep_their_order_within_arabic(draw: Draw) -> None:
    page = draw(TextBlock(text("اتصل على 012 345 678 أو GNU General Public اليوم")), **font("ar"))
    boxes = {region.text: region.bbox for region in of(page, WORD)}
    assert boxes["012"][0] < boxes["345"][0] < boxes["678"][0]
    assert boxes["GNU"][0] < boxes["General"][0] < boxes["Public"][0]
    assert boxes["اتصل"][0] > boxes["678"][0] > boxes["Public"][0] > boxes["اليوم"][0]
    (line,) = of(page, "line")
    assert line.text == "اتصل على 012 345 678 أو GNU General Public اليوم"


def test_tables_and_boxes_are_mirrored(draw: Draw) -> None:
    row = (TableCell(text("الاسم")), TableCell(text("العمر")))
    page = draw(Table((row,)), CheckBox(text("نعم")), Pair(text("اسم"), text("علي")), **font("ar"))
    first, second = of(page, "cell")
    assert (first.text, first.cell and first.cell.column) == ("الاسم", 0)
    assert first.bbox[0] > second.bbox[0]
    (box,) = of(page, "checkbox_unselected")
    word = next(r for r in of(page, WORD) if r.text == "نعم")
    assert box.bbox[2] > word.bbox[2] + 5
    assert of(page, "key")[0].bbox[0] > of(page, "value")[0].bbox[0]


def test_columns_go_from_right_to_left(draw: Draw) -> None:
    body = tuple(TextBlock(text(f"الفقرة رقم {n} من النص")) for n in range(12))
    style = {"height": 260, "max_height": 260, "variables": {"leading": "1.75"}}
    page = draw(Group(body, flow=True, columns=2), **style, **font("ar"))
    lefts = [region.bbox[0] for region in of(page, "paragraph")]
    assert lefts[0] > 300 > lefts[-1]


@pytest.mark.parametrize("name", ["", "Lohit Devanagari"])
def test_devanagari_letters_form_clusters(draw: Draw, name: str) -> None:
    words = "क्ष क\u200c ष कि क"
    page = draw(TextBlock(text(words)), size=SIZE, **font("hi", name))
    found = of(page, WORD)
    assert [region.text for region in found] == words.split(" ")
    width = [region.bbox[2] - region.bbox[0] for region in found]
    assert width[0] < 0.9 * (width[1] + width[2])  # a conjunct is one shape
    assert width[3] > width[4]


def test_a_devanagari_font_without_latin_letters_has_a_companion(draw: Draw) -> None:
    page = draw(TextBlock(text("यह A4 काग़ज़ है")), **font("hi", "Noto Sans Devanagari"))
    assert [region.text for region in of(page, WORD)] == ["यह", "A4", "काग़ज़", "है"]
    assert page.text == "यह A4 काग़ज़ है"


def test_thai_lines_break_between_words_without_spaces(draw: Draw) -> None:
    long = "ครูอธิบายวิธีอ่านแผนที่ให้นักเรียนฟังอย่างช้าๆและชาวบ้านช่วยกันซ่อมสะพานไม้ข้ามคลอง" * 2
    page = draw(TextBlock(text(long)), **font("th"))
    assert page.text == long
    lines = of(page, "line")
    assert len(lines) > 1
    assert "".join(line.text for line in lines) == long
    words = [region.text for region in of(page, WORD)]
    assert {"ครู", "นักเรียน", "สะพาน"} <= set(words)
    for part in (*words, *(line.text for line in lines)):
        assert not unicodedata.category(part[0]).startswith("M")


def test_japanese_columns_go_down_and_to_the_left(draw: Draw) -> None:
    long = "吾輩は猫である。名前はまだ無い。" * 6
    style = {**font("ja"), "vertical": True, "height": 300, "max_height": 300}
    css = "#sheet { writing-mode: vertical-rl; }"
    page = draw(TextBlock(text(long)), css=css, **style)
    lines = of(page, "line")
    assert len(lines) > 2
    assert "".join(line.text for line in lines) == long
    lefts = [line.bbox[0] for line in lines]
    assert lefts == sorted(lefts, reverse=True)
    assert all(line.bbox[3] - line.bbox[1] > line.bbox[2] - line.bbox[0] for line in lines[:-1])


@pytest.mark.parametrize("vertical", [False, True])
def test_ruby_is_drawn_and_is_not_in_the_truth(draw: Draw, vertical: bool) -> None:
    parts = text("町の", Span("図書館", reading="としょかん"), "で本を読む。")
    bare = text("町の図書館で本を読む。")
    css = "#sheet { writing-mode: vertical-rl; }" if vertical else ""
    style = {**font("ja"), "vertical": vertical, "variables": {"leading": "2"}}
    page, plain = (draw(TextBlock(t), css=css, **style) for t in (parts, bare))
    assert page.text == plain.text == "町の図書館で本を読む。"
    assert [r.text for r in of(page, "line")] == ["町の図書館で本を読む。"]
    assert (page.picture.pixels < 128).sum() > (plain.picture.pixels < 128).sum()


def test_korean_words_are_parted_by_spaces(draw: Draw) -> None:
    page = draw(TextBlock(text("서울에서 ", Span("부산까지", "bold"), " 2020년")), **font("ko"))
    assert [region.text for region in of(page, WORD)] == ["서울에서", "부산까지", "2020년"]


def test_vietnamese_accents_are_within_their_words(draw: Draw) -> None:
    page = draw(TextBlock(text("ẤỄỘ ợậ")), size=SIZE, **font("vi", "Noto Sans"))
    capital, _ = of(page, WORD)
    left, top, right, _ = (round(v) for v in capital.bbox)
    above = page.picture.pixels[:top, left:right]
    assert above.min() > 200
