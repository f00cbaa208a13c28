"""Rows of letters, items and text with pronunciation."""

import pytest

from renderers.pdf.text import page_text
from tests.renderers.pdf.pdf_inputs import CHINESE
from tests.renderers.pdf.placed_lines import STORIES, column, line, wrapped

WIDE = wrapped(STORIES[2], 80)


def texts(lines):
    return page_text(lines, 800).text.split("\n")


def right_aligned(rows):
    return [line(text, 540 - 5 * len(text), 100 + 12 * i) for i, text in enumerate(rows)]


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


@pytest.mark.parametrize(
    "date", ["二〇二四年五月二十日", "2024年5月20日", "2024 年 5 月", "二〇二四年五月"]
)
def test_a_chinese_date_is_below_the_middle_of_a_name(date):
    body = column(50, 100, [CHINESE[:44]] * 2, 16, advance=1.0)
    name = line("北京市人民政府办公厅公告处", 350, 150, advance=1.0)
    lines = [*body, name, line(date, 415 - 5 * len(date), 166, advance=1.0)]
    assert texts(lines)[-2:] == [name.text, date]


def test_a_motto_in_the_right_half_is_one_paragraph():
    lines = [*column(50, 100, WIDE), *column(300, 280, ["Begin at the beginning", "and go on"])]
    assert texts(lines)[-1] == "Begin at the beginning and go on"


def test_rows_that_only_share_their_right_edge_are_rows_of_their_own():
    rows = ["Number 12/A of this year", "London, Long Street", "May 20, 2024"]
    assert texts(right_aligned(rows)) == rows


def test_right_aligned_rows_of_a_sentence_are_one_paragraph():
    rows = ["A study of the effects of", "long walks and of cold wind on", "the people of London"]
    assert texts(right_aligned(rows)) == [" ".join(rows)]


def test_a_text_beside_a_wide_picture_goes_on_below_it_with_a_capital():
    rows = [*wrapped(STORIES[2], 36)[:8], "wind had brought with it all of what"]
    below = wrapped(f"London had seen. {STORIES[0]}", 88)
    lines = [*column(310, 100, rows), *column(50, 208, below)]
    assert texts(lines) == [" ".join([*rows, *below])]


def test_a_chinese_text_beside_a_wide_picture_goes_on_below_it():
    text = CHINESE * 4
    rows = [text[18 * i :][:18] for i in range(6)]
    below = [text[108 + 44 * i :][:44] for i in range(3)]
    lines = [*column(310, 100, rows, 16, advance=1.0), *column(50, 196, below, 16, advance=1.0)]
    assert texts(lines) == ["".join([*rows, *below])]


def test_names_below_each_other_are_rows_of_their_own():
    rows = [
        "A. B. Carter, who is the chair",
        "C. D. Walker, one of the house",
        "E. F. Porter, head of a school",
    ]
    assert texts(column(50, 100, rows)) == rows
    authors = ["A. B. Carter, C. D. Walker,", "E. F. Porter, G. H. Miller,", "J. K. Turner, L. Lee"]
    assert texts(column(50, 100, authors)) == [" ".join(authors)]


@pytest.mark.parametrize(
    "rows",
    [["Number: 12", "Date: May 20", "Due: June 20"], ["姓名：张三", "年龄：二十", "籍贯：北京"]],
)
def test_fields_below_each_other_are_rows_of_their_own(rows):
    """No longer row shows that each of them is short."""
    assert texts(column(50, 100, rows, advance=0.5 if rows[0].isascii() else 1.0)) == rows


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


@pytest.mark.parametrize("label", ["[Ree58]", "[vGen09a]", "[Knuth, 1984]"])
def test_labels_of_a_bibliography_begin_items(label):
    """Their text goes on in a row with a capital, also after a colon or an abbreviation."""
    rows = [
        ("Trevor R. Reese. Georgia in Anglo-Spanish Diplomacy of that time. In:", "William Press."),
        ("Arnold van Gennep. Les rites de passage of old. Paris: Nourry, 1909.", "London Press."),
    ]
    lines, x = [], 60 + 5 * len(label)
    for number, (first, second) in enumerate(rows):
        y = 100 + 30 * number
        lines += [line(label, 50, y), line(first, x, y), line(second, x, y + 12)]
    assert texts(lines) == [f"{label} {first} {second}" for first, second in rows]


def test_a_reference_at_the_beginning_of_a_row_is_no_label():
    text = f"{STORIES[2][:60]} [Knu84] {STORIES[2][60:]}"
    rows = wrapped(text, 60)
    assert any(row.startswith("[Knu84]") for row in rows)
    assert texts(column(50, 100, rows)) == [text]


def test_fields_of_a_chinese_form_without_values_are_lines_of_their_own():
    rows = ["学位论文作者签名：", "日期：  年  月"]
    assert texts(column(50, 100, rows, 24, advance=1.0)) == [rows[0], "日期： 年 月"]
