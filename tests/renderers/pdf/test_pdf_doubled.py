"""Imitated bold type and shadows: one copy of each character is text."""

from tests.renderers.pdf.drawn_pages import drawn, rows, set_rows
from tests.renderers.pdf.pdf_inputs import ENGLISH, read

ROWS = rows(ENGLISH)
TEXT = " ".join(ROWS)


def plain(path):
    return read(path, keep_rows=True).text.replace("\n", " ")


def test_rows_drawn_three_times(tmp_path):
    """Row by row, and page by page."""
    by_row = "".join(
        set_rows([row], x=72 + dx, y=740 - 14 * i + dy)
        for i, row in enumerate(ROWS)
        for dx, dy in ((0, 0), (0.3, 0), (0.15, 0.2))
    )
    assert plain(drawn(tmp_path / "a.pdf", by_row)) == TEXT
    by_page = set_rows(ROWS) + set_rows(ROWS, x=72.3)
    assert plain(drawn(tmp_path / "b.pdf", by_page)) == TEXT


def test_each_letter_drawn_twice(tmp_path):
    doubled = "".join(f"({c}) Tj 0.3 0 Td ({c}) Tj 9 0 Td " for c in "Chapter One")
    stream = f"{set_rows(ROWS)} BT /F1 14 Tf 72 300 Td {doubled} ET"
    assert "".join(plain(drawn(tmp_path / "a.pdf", stream)).split()).endswith("ChapterOne")


def test_a_shadow_beneath_a_title(tmp_path):
    title = ["The River Report"]
    stream = (
        f"{set_rows(ROWS)} 0.6 g {set_rows(title, x=73.5, y=298.5, size=26)}"
        f" 0 g {set_rows(title, y=300, size=26)}"
    )
    assert plain(drawn(tmp_path / "a.pdf", stream)) == f"{TEXT} The River Report"


def test_double_letters_are_two_letters(tmp_path):
    row = "All llamas will fill the hall, 1111 illicit ill lilies ooze 0000 oo ll ii."
    stream = f"{set_rows(ROWS)}{set_rows([row], y=300)}"
    assert plain(drawn(tmp_path / "a.pdf", stream)) == f"{TEXT} {row}"


def test_the_same_word_on_the_next_row_stays(tmp_path):
    stream = f"{set_rows(ROWS)}{set_rows(['the same words', 'the same words'], y=300)}"
    assert plain(drawn(tmp_path / "a.pdf", stream)) == f"{TEXT} the same words the same words"
