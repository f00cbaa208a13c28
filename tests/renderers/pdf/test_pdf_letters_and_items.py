"""Rows of letters, items and text with pronunciation."""

from renderers.pdf.text import page_text
from tests.renderers.pdf.pdf_inputs import CHINESE
from tests.renderers.pdf.placed_lines import STORIES, column, line, wrapped

WIDE = wrapped(STORIES[2], 80)


def texts(lines):
    return page_text(lines, 800).text.split("\n")


def test_a_heading_to_the_left_of_an_item_ends_it():
    """All rows near it are short, so that they seem to fill the column."""
    rows = ["1. The dean is coming today.", "2. The dean has canceled.", "Committee reports"] * 4
    lines = [
        line(text, 70 if text[0].isdecimal() else 50, 100 + 16 * i) for i, text in enumerate(rows)
    ]
    full = [line(text, 50, 340 + 16 * i, advance=40 / len(text)) for i, text in enumerate(WIDE)]
    assert texts([*lines, *full])[:12] == rows


def test_a_row_of_an_item_with_an_indent_goes_on_at_the_edge():
    first = "8. There was no possibility of taking a walk that day. We had been there."
    lines = [
        line(first, 70, 100),
        *column(50, 112, ["and so on, after all of it was said.", *WIDE]),
    ]
    assert texts(lines)[0].startswith(f"{first} and so on")


def test_name_and_date_in_the_right_half_are_rows_of_their_own():
    body = column(50, 100, WIDE)
    end = 100 + 12 * len(WIDE)
    lines = [*body, *(line("the mayor", 360, end), line("May 20, 2024", 345, end + 12))]
    lines.append(line("This letter is public.", 60, end + 24))
    assert texts(lines)[-3:] == ["the mayor", "May 20, 2024", "This letter is public."]


def test_a_motto_in_the_right_half_is_one_paragraph():
    lines = [*column(50, 100, WIDE), *column(300, 280, ["Begin at the beginning", "and go on"])]
    assert texts(lines)[-1] == "Begin at the beginning and go on"


def test_abbreviations_and_first_letters_of_names_are_no_labels():
    rows = ["1. in which the money is paid that was", "e. g. in euro, and not in"]
    assert texts([line(rows[0], 50, 100), line(rows[1], 66, 112)]) == [" ".join(rows)]


def test_labels_of_chinese_items_have_no_space():
    rows = ["A.作者通过细节描写表现了内心", "B.文章采用倒叙的手法写成", "3．语言朴实而富有感染力"]
    assert texts(column(50, 100, rows, advance=1.0)) == rows
    assert texts(column(50, 100, ["他说2.5米", "的路不长"], advance=1.0)) == ["他说2.5米的路不长"]


def test_the_pronunciation_above_characters_is_no_step_of_rows():
    """The rows below them are as far apart as in the rest of the text."""
    text = CHINESE[:40]
    spelled = []
    for place in range(3):
        y = 100 + 40 * place
        spelled += [line("xue er shi xi zhi", 50, y - 16, size=8), line(text[:12], 50, y, size=16)]
    body = [line(text[20 * i :][:20], 50, 230 + 38 * i, size=16, advance=1.0) for i in range(2)]
    assert texts([*spelled, *body])[-1] == text
