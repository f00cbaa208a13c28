"""Spaces after characters after which MuPDF adds none."""

from itertools import pairwise

import pytest

from renderers.pdf.lost_spaces import spaces_at_limit, with_spaces, with_spaces_at_limit
from tests.renderers.pdf.drawn_pages import drawn, rows, set_rows
from tests.renderers.pdf.pdf_inputs import ENGLISH, printed, read

SYMBOL = "<</Type/Font/Subtype/Type1/BaseFont/Symbol>>"
BODY = set_rows(rows(ENGLISH))


def test_characters_that_chromium_does_not_draw_are_no_spaces(tmp_path):
    """It has a space without an advance in their place."""
    invisible = "f(\u2061x) co\u00adop z\u200bero a\u200db, all"
    path = printed(tmp_path / "a.pdf", f"<meta charset=utf-8><p>{invisible} {ENGLISH}</p>")
    assert read(path).text.startswith("f(x) coop zero ab, all It is")


def last_row(folder, sign, gap):
    """The last row of a page where a sign of Symbol is between two words."""
    shown = (
        f"BT 72 400 Td /F1 11 Tf (It is less) Tj /Sy 11 Tf [{-gap} ({sign}) {-gap}] TJ"
        " /F1 11 Tf (than before.) Tj ET"
    )
    path = drawn(folder / "a.pdf", BODY + shown, fonts={"Sy": SYMBOL})
    return read(path, keep_rows=True).text.split("\n")[-1]


@pytest.mark.parametrize(("sign", "text"), [(r"\243", "≤"), (r"\256", "→"), (r"\261", "±")])
def test_a_gap_after_a_sign_is_a_space(tmp_path, sign, text):
    assert last_row(tmp_path, sign, 278) == f"It is less {text} than before."
    assert last_row(tmp_path, sign, 50) == f"It is less{text}than before."


@pytest.mark.parametrize("width", [0.25, 0.14, 0.1, 0.06])
def test_narrow_spaces_between_words_are_spaces(tmp_path, width):
    """Spaces that the file draws, made narrower: the font's own is 0.25 font sizes wide."""
    lines = rows(ENGLISH)
    path = drawn(tmp_path / "a.pdf", f"{11 * (width - 0.25):.3f} Tw {set_rows(lines)}")
    assert read(path, keep_rows=True).text.split("\n") == lines


@pytest.mark.parametrize("gap", [0.16, 0.18, 0.25])
def test_gaps_without_a_space_between_words_are_spaces(tmp_path, gap):
    lines = rows(ENGLISH)
    shown = (f" {-1000 * gap} ".join(f"({word})" for word in line.split()) for line in lines)
    stream = f"BT /F1 11 Tf 14 TL 72 740 Td {' '.join(f'[{row}] TJ T*' for row in shown)} ET"
    page = read(drawn(tmp_path / "a.pdf", stream), keep_rows=True)
    assert page.text.split("\n") == lines
    words = [region.text for region in page.picture.regions if region.role == "word"]
    assert words == ENGLISH.split()


def test_letters_that_stand_apart_are_one_word(tmp_path):
    """Names are often set with 0.1 font sizes between their letters: no space is that narrow."""
    shown = f"1.1 Tc {set_rows(['written by Niederberger'], y=500)}"
    page = read(drawn(tmp_path / "a.pdf", BODY + shown), keep_rows=True)
    assert page.text.split("\n")[-1] == "written by Niederberger"


def spaced(text, gap):
    """The text with a gap of `gap` font sizes between all of its characters."""
    boxes = [(i * (5 + 10 * gap), 0.0, i * (5 + 10 * gap) + 5, 10.0) for i in range(len(text))]
    found, places = with_spaces(text, boxes, 10)
    assert len(found) == len(places)
    assert [p for c, p in zip(found, places, strict=True) if c != " "] == boxes
    assert all(a[0] < b[0] and a[2] <= b[2] for a, b in pairwise(places))
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("⟩i", "⟩ i"),
        ("ὶἀ", "ὶ ἀ"),  # polytonic Greek
        ("𝑥i", "𝑥 i"),
        ("ai", "ai"),  # MuPDF has added spaces here
        ("⟩.", "⟩."),
        ("∫a", "∫a"),
        ("⋃a", "⋃a"),
        ("中文", "中文"),
        ("→中", "→中"),
        ("あa", "あa"),
    ],
)
def test_only_the_gaps_that_mupdf_leaves_out(text, expected):
    assert spaced(text, 0.3) == expected
    assert spaced(text, 0.1) == text


def tight(folder, gap, size=9.96264):
    """A page in rows whose words are this far apart, without spaces, in TeX's font size."""
    lines = rows(ENGLISH)
    shown = (f" {-1000 * gap} ".join(f"({word})" for word in line.split()) for line in lines)
    stream = (
        f"BT /F1 {size} Tf 14 TL 72.3 740.7 Td {' '.join(f'[{row}] TJ T*' for row in shown)} ET"
    )
    return lines, read(drawn(folder / "a.pdf", stream), keep_rows=True)


@pytest.mark.parametrize("gap", [0.1495, 0.15, 0.1505])
def test_gaps_of_just_the_limit_are_spaces(tmp_path, gap):
    """TeX's tightest rows in Times have them; MuPDF sees some as spaces, and others not."""
    lines, page = tight(tmp_path, gap)
    assert page.text.split("\n") == lines
    words = [region.text for region in page.picture.regions if region.role == "word"]
    assert words == ENGLISH.split()


def row_with(gaps):
    """The characters of "whichagiven" with gaps at some places, in font sizes of 10 points."""
    boxes, x = [], 0.0
    for index in range(len("whichagiven")):
        x += 10 * gaps.get(index, 0.0)
        boxes.append((x, 0.0, x + 5, 10.0))
        x += 5
    return boxes


def test_only_gaps_of_the_limit_between_close_letters():
    def found(gaps, text="whichagiven"):
        return spaces_at_limit(text, row_with(gaps), 10.0)

    assert found({5: 0.15, 6: 0.1493}) == [4, 5]
    assert found({5: 0.14, 6: 0.1}) == []
    assert found(dict.fromkeys(range(1, 11), 0.15)) == []  # letters that are set apart
    assert found({5: 0.15}, "LaTeX2egive") == []  # the logo has such a gap before its 2
    assert found({5: 0.15}, "f(x)=(a)giv") == []


def test_a_space_of_the_limit_fills_its_gap_in_the_style_before_it():
    boxes = row_with({5: 0.15, 6: 0.15})
    text, styles, found = with_spaces_at_limit("whichagiven", "bbbbbirrrrr", boxes, 10.0)
    assert (text, styles) == ("which a given", "bbbbbbiirrrrr")
    assert found[5] == (25.0, 0.0, 26.5, 10.0)
    assert found[7] == (31.5, 0.0, 33.0, 10.0)
    assert [box for letter, box in zip(text, found, strict=True) if letter != " "] == boxes
    assert with_spaces_at_limit("whichagiven", "", boxes, 10.0)[:2] == ("which a given", "")
