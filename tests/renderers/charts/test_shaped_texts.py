"""Texts of charts whose letters are joined, stacked or run from right to left."""

import numpy as np
import pytest

from renderers import fonts
from renderers.charts.directions import LEFT_TO_RIGHT_MARK, RIGHT_TO_LEFT_MARK, directed
from renderers.charts.matplotlib.backend import MatplotlibBackend
from renderers.charts.matplotlib.text import Font, advance, stamp, wrap
from renderers.charts.matplotlib.word_spans import shaped_spans
from renderers.charts.spec import ChartSpec, NumberFormat, Series, Table
from renderers.languages.registry import language

TITLE = "إنتاج القمح حسب المدينة"
SPEC = ChartSpec(
    "bar",
    "ar",
    Table(
        ("الرياض", "جدة", "دمشق"),
        (Series("", (12.0, -7.5, 31.0), NumberFormat(1, suffix=" طن")),),
    ),
    title=TITLE,
    labels=True,
)


def font(lang, name=""):
    found = [f for f in fonts.families(lang) if name in f.name and f.companion is None]
    if not found:
        pytest.skip(f"no font for {lang} is installed")
    return Font(found[0].regular, 40.0)


def edges(words):
    return {word.text: (word.bbox[0], word.bbox[2]) for word in words}


def test_arabic_letters_are_joined():
    """A joined word is narrower than its letters side by side."""
    letters = font("ar", "Amiri")
    alone = sum(stamp(letter, letters).width for letter in "البيت")
    assert stamp("البيت", letters).width < 0.8 * alone
    assert abs(advance("البيت", letters) - stamp("البيت", letters).width) < 6


def test_the_words_of_a_line_stand_from_right_to_left():
    made = stamp("إنتاج القمح 2019 طن", font("ar", "DejaVu"))
    found = edges(made.words)
    assert list(found) == ["إنتاج", "القمح", "2019", "طن"]
    lefts = [left for left, _ in found.values()]
    assert lefts == sorted(lefts, reverse=True)
    assert found["إنتاج"][1] == made.width


def test_latin_words_within_arabic_keep_their_order():
    found = edges(stamp("نسبة GDP Total في مصر", font("ar", "DejaVu")).words)
    assert found["نسبة"][0] > found["Total"][0] > found["GDP"][0] > found["في"][0]


def test_the_sign_of_a_number_is_at_the_left_of_its_digits():
    assert directed("-5 طن") == f"{RIGHT_TO_LEFT_MARK}{LEFT_TO_RIGHT_MARK}-5 طن"
    assert directed("10-19 سنة") == f"{RIGHT_TO_LEFT_MARK}10-19 سنة"
    assert directed("-5 t") == "-5 t"
    letters = font("ar", "DejaVu")
    number, unit = stamp("-5 طن", letters).words
    mask = stamp("-5 طن", letters).mask
    left, _, right, _ = (int(v) for v in number.bbox)
    assert number.text == "-5"
    assert unit.bbox[2] <= number.bbox[0] + 1
    # The minus is as flat as a line; the five is as high as its digits.
    width = (right - left) // 3
    heights = [np.count_nonzero(mask[:, a:b].any(1)) for a, b in
               ((left, left + width), (right - width, right))]  # fmt: skip
    assert heights[0] < 0.3 * heights[1]


def test_devanagari_clusters_and_thai_marks_have_their_words():
    assert list(edges(stamp("क्षेत्र की श्रेणी 25", font("hi")).words)) == [
        "क्षेत्र", "की", "श्रेणी", "25"
    ]  # fmt: skip
    assert list(edges(stamp("น้ำฝน รายเดือน", font("th", "Garuda")).words)) == ["น้ำฝน", "รายเดือน"]
    # A mark above a letter takes no room of its own.
    thai = font("th", "Garuda")
    assert abs(stamp("ที่", thai).width - stamp("ท", thai).width) < 4


def test_words_without_their_glyphs_are_none():
    assert shaped_spans("ab cd", [("a", 0.0), (" ", 5.0), ("c", 9.0), ("d", 12.0)], 20.0) == []
    assert shaped_spans("ab", [("a", 0.0), ("b", 5.0), (" ", 8.0), ("c", 9.0)], 20.0) == []


def test_lines_from_right_to_left_begin_at_the_right():
    letters = font("ar", "DejaVu")
    wrapped = wrap(TITLE + " والإقليم", letters, advance(TITLE, letters), 2)
    assert wrapped is not None
    made = stamp(wrapped, letters, "left")
    first, last = made.words[0], made.words[-1]
    assert made.width - first.bbox[2] < 3
    assert last.bbox[0] > 0


def check_arabic(backend):
    chart = backend.render(SPEC, np.random.default_rng(2))
    regions = chart.drawing.picture().regions
    words = [region for region in regions if region.role == "word"]
    title = [next(word for word in words if word.text == text) for text in TITLE.split()]
    lefts = [word.bbox[0] for word in title]
    assert lefts == sorted(lefts, reverse=True)
    assert "-7.5 طن" in [region.text for region in regions if region.role == "value"]
    assert chart.truth["values"]["جدة"] == "-7.5 طن"


def test_an_arabic_chart_by_matplotlib():
    font("ar")
    check_arabic(MatplotlibBackend())


@pytest.mark.parametrize("lang", ["ar", "fa", "hi", "th"])
def test_charts_are_drawn_in_one_face(lang):
    """Faces that lack digits or brackets have a companion in browsers, but not in charts."""
    known = fonts.families(lang)
    if not known:
        pytest.skip(f"no font for {lang} is installed")
    able = fonts.covering(known, [language(lang).native, "12.5 (%)"])
    assert able
    for family in able:
        assert {ord(c) for c in "12.5(%)"} <= fonts.coverage(family.regular)


def test_hindi_numbers_are_grouped_by_two():
    from renderers.charts.local_numbers import marks_of
    from vary_data.targets.printed import number

    printed = NumberFormat(1, thousands=True, marks=marks_of("hi")).print(1234567.5)
    assert printed == "12,34,567.5"
    read = number(f"{printed} टन", "hi")
    assert read is not None
    assert float(read.value) == 1234567.5
    assert read.print() == f"{printed} टन"
    assert NumberFormat(0, True).print(1234567) == "1,234,567"
