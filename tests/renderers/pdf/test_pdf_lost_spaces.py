"""Spaces after characters after which MuPDF adds none."""

from itertools import pairwise

import pytest

from renderers.pdf.lost_spaces import with_spaces
from tests.renderers.pdf.drawn_pages import drawn, rows, set_rows
from tests.renderers.pdf.pdf_inputs import ENGLISH, read

SYMBOL = "<</Type/Font/Subtype/Type1/BaseFont/Symbol>>"
BODY = set_rows(rows(ENGLISH))


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
