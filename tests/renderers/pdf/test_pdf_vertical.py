"""Vertical Chinese: columns from right to left, or a rejection by name."""

from itertools import pairwise

import pymupdf
import pytest

from renderers.pdf.character_reader import read_characters
from renderers.pdf.page import PageReader
from renderers.pdf.quality import check_complete
from renderers.pdf.text import page_text
from renderers.pdf.vertical import vertical_columns
from renderers.rejected import Rejected
from tests.renderers.pdf.placed_lines import line

COLUMNS = ("学而时习之，不亦说乎？", "有朋自远方来，不亦乐乎？", "人不知而不愠，不亦君子")
LAST = "乎？"
FORMS = str.maketrans("，？", "︐︖")


def vertical_page(path, columns, *, left=400, top=60, forms=True, size=14):
    """Each character by itself, one font size apart, columns from right to left."""
    with pymupdf.open() as document:
        page = document.new_page(width=500, height=500)
        for number, column in enumerate(columns):
            text = column.translate(FORMS) if forms else column
            for place, character in enumerate(text):
                at = left - 2 * size * number, top + size * place
                page.insert_text(at, character, fontname="china-s", fontsize=size)
        document.save(path)
    return path


def test_columns_are_read_from_right_to_left(tmp_path):
    path = vertical_page(tmp_path / "v.pdf", [*COLUMNS, LAST] * 2, forms=False)
    with pymupdf.open(path) as document:
        page = PageReader(languages=("zh",)).read(document, 0)
    whole = "".join((*COLUMNS, LAST))
    assert page.text == f"{whole}\n{whole}"
    lines = [r for r in page.picture.regions if r.role == "line"]
    assert [r.text for r in lines] == [*COLUMNS, LAST] * 2
    assert all(a.bbox[0] > b.bbox[0] for a, b in pairwise(lines))


def test_vertical_forms_of_punctuation_are_written_as_usual():
    lines = [
        line(c, 100 - 20 * n, 50 + 10 * i, advance=1.0)
        for n, column in enumerate(COLUMNS)
        for i, c in enumerate(column.translate(FORMS))
    ]
    found = vertical_columns(lines)
    assert [column.text for column in found] == list(COLUMNS)
    assert page_text(lines, 500).text == "".join(COLUMNS)


def test_a_page_with_vertical_forms_is_complete():
    """The text has other code points for them than the lines of the page."""
    lines = [
        line(c, 100 - 20 * n, 50 + 10 * i, advance=1.0)
        for n, column in enumerate(COLUMNS)
        for i, c in enumerate(column.translate(FORMS))
    ]
    text = page_text(lines, 500).text
    check_complete(lines, [text])
    with pytest.raises(Rejected):
        check_complete(lines, [text.replace("，", "")])


def test_horizontal_chinese_is_not_vertical(tmp_path):
    with pymupdf.open() as document:
        page = document.new_page()
        for row in range(12):
            page.insert_text((50, 60 + 16 * row), "".join(COLUMNS), fontname="china-s")
        lines = read_characters(page.get_displaylist()).lines
    assert vertical_columns(lines) is None


def test_vertical_columns_beside_horizontal_text_are_rejected():
    lines = [
        line(c, 100 - 20 * n, 50 + 10 * i, advance=1.0)
        for n, column in enumerate(COLUMNS)
        for i, c in enumerate(column)
    ]
    lines += [line("横排的文字", 200, 50 + 14 * i, advance=1.0) for i in range(4)]
    with pytest.raises(Rejected) as failure:
        vertical_columns(lines)
    assert failure.value.reason == "vertical-text"
