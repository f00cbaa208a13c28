"""Rows that are lines of their own: lists, verse, title pages, headings near items."""

from dataclasses import replace

import pytest

from renderers.pdf.text import page_text
from tests.renderers.pdf.pdf_inputs import CHINESE
from tests.renderers.pdf.placed_lines import STORIES, column, line, wrapped


def texts(lines):
    return page_text(lines, 800).text.split("\n")


def test_short_sentences_below_each_other_are_lines_of_their_own():
    """Two rows of equal length look like the edge of the column."""
    rows = [
        "The red boat is at the old harbor.",
        "Is the red boat older than all of the blue ones? Yes, so it is.",
        "Was the red boat built before them? No.",
        "Four years later it sank near the coast.",
        "Its bell is on the tower of the church.",
        "The captain wrote a book about it.",
    ]
    assert texts(column(50, 100, rows)) == rows


def test_parts_of_an_outline_are_lines_of_their_own():
    rows = ["Basic commands", "Structuring text", "Maths", "Changing the layout", "Specialties"]
    assert texts(column(50, 100, rows)) == rows


def test_verse_with_capitals_and_rows_of_about_one_length_is_read_by_rows():
    rows = [
        "The curfew tolls the knell of parting day,",
        "The lowing herd winds slowly o’er the lea,",
        "The plowman homeward plods his weary way,",
        "And leaves the world to darkness and to me.",
        "Now fades the glimmering landscape there,",
        "And all the air a solemn stillness holds,",
        "Save where the beetle wheels his droning,",
    ]
    assert texts(column(50, 100, rows)) == rows


@pytest.mark.parametrize("rows", [
    ["床前明月光，", "疑是地上霜。", "举头望明月，", "低头思故乡。"],
    ["国破山河在，城春草木深。", "感时花溅泪，恨别鸟惊心。",
     "烽火连三月，家书抵万金。", "白头搔更短，浑欲不胜簪。"],
])  # fmt: skip
def test_chinese_verse_is_read_by_rows(rows):
    assert texts(column(50, 100, rows, 16, advance=1.0)) == rows


def test_chinese_prose_in_rows_of_one_length_is_one_paragraph():
    text = CHINESE * 2
    rows = [text[i : i + 20] for i in range(0, len(text), 20)]
    assert texts(column(50, 100, rows, 16, advance=1.0)) == [text]


def test_rows_of_prose_that_begin_with_capitals_by_chance_are_one_paragraph():
    rows = [
        "There was no possibility of taking a walk that day with Mrs",
        "Reed and her family, and I was glad of it: I never liked Jane",
        "Eyre to come home in the raw twilight, with nipped fingers and",
        "John calling for Bessie, the nurse, and humbled by Eliza and",
        "Georgiana Reed.",
    ]
    full = [line(text, 50, 100 + 12 * i, advance=30 / len(text)) for i, text in enumerate(rows[:4])]
    assert texts([*full, line(rows[4], 50, 148)]) == [" ".join(rows)]


def test_page_numbers_of_an_entry_are_one_line():
    rows = ["let . . . 6, 11, 12, 26, 28,", "46, 56, 57, 64,", "78, 79, 81, 82,", "148, 158, 167,"]
    entry = [line(rows[0], 50, 100), *column(80, 112, [*rows[1:], "169, 176, 201,", "204, 214"])]
    assert texts(entry) == [" ".join([*rows, "169, 176, 201,", "204, 214"])]


def test_loose_rows_of_a_title_page_are_lines_of_their_own():
    """Two of them end below each other by chance, like rows that fill a column."""
    rows = ["Documentation", "Version 0.5", "01/05/2018", "Author: Christian Hupfer"]
    wide = ["Store counter values per chapter (or other track", "levels)"]
    places = [(wide[0], 110, 100), (wide[1], 262, 114)]
    places += [(text, 275 - 2.5 * len(text), 142 + 28 * i) for i, text in enumerate(rows)]
    lines = [line(text, x, y) for text, x, y in places]
    assert texts(lines) == [" ".join(wide), *rows]


def test_rows_of_a_text_with_double_spacing_are_one_paragraph():
    rows = wrapped(STORIES[0], 60)
    assert texts(column(50, 100, rows, 24.0)) == [" ".join(rows)]


def test_a_bold_heading_above_a_centered_row_is_a_line_of_its_own():
    rows = ["Department of Instruction", "Minutes for 5/5/2011"]
    heading = replace(line(rows[0], 200, 100), bold=True)
    members = ["Present: Brave, Claire, Smart (chair), Brown", "Absent: Gone (sabbatical)"]
    body = column(50, 160, members, 24.0)
    assert texts([heading, line(rows[1], 212, 114), *body])[:2] == rows


def test_a_row_that_is_centered_below_a_bold_one_by_chance_goes_on_with_it():
    """Names with descriptions that hang below them: the name is the most of its row."""
    pairs = [
        ("RestoreEnvironmentLeading for each of the formulas that", "is in this list of names."),
        ("RestoreMathEnvironmentLeading for each of formulas that", "is in the other of them."),
        ("RestoreTextEnvironmentLeading for all of the text there", "is in one more of the lists."),
        ("SetTextEnvironmentSinglespace if the font is one of TeX", "Gyre Pagella, say so here."),
    ]
    lines = []
    for index, (name, rest) in enumerate(pairs):
        first = replace(line(name, 50, 100 + 28 * index), bold=True)
        width = line(rest, 0, 0).box[2]
        indent = (first.box[0] + first.box[2] - width) / 2
        lines += [first, line(rest, indent, 112 + 28 * index)]
    assert texts(lines) == [" ".join(pair) for pair in pairs]


def test_a_bold_heading_below_a_loose_item_ends_it():
    rows = ["College-wide Committees", "Library", "Curriculum"]
    lines = [line(text, 50, 100 + 20 * i) for i, text in enumerate(rows)]
    lines[0] = replace(lines[0], bold=True)
    assert texts(lines) == rows


def test_a_bold_heading_below_the_end_of_a_sentence_is_a_line_of_its_own():
    rows = ["All of it is kept here.", "Further Files"]
    lines = column(50, 100, rows)
    lines[1] = replace(lines[1], bold=True)
    assert texts(lines) == rows


def test_the_bold_end_of_an_item_belongs_to_it():
    rows = ["[13] Johnson, H., The title of the proceedings of that year (2015).", "Proceedings."]
    lines = [line(rows[0], 50, 100), replace(line(rows[1], 75, 112), bold=True)]
    assert texts(lines) == [" ".join(rows)]


def test_bold_page_numbers_belong_to_the_entry_above_them():
    rows = ["separator . . . . . . . . . 89–90,", "235–236, 302"]
    lines = [line(rows[0], 50, 100), replace(line(rows[1], 90, 112), bold=True)]
    assert texts(lines) == [" ".join(rows)]


def test_a_sentence_that_begins_in_bold_is_one_paragraph():
    rows = wrapped(f"Small improvement {STORIES[1]}", 60)
    lines = column(50, 100, rows)
    lines[0] = replace(lines[0], bold=True)
    assert texts(lines) == [" ".join(rows)]


def test_a_row_of_a_program_after_a_sentence_among_short_rows_is_its_own():
    """The rows of the program make the column seem as narrow as the end of the sentence."""
    text = [*wrapped(STORIES[0], 80)[:1], "and that is what must be done at the end."]
    code = ["20 newcommand of it", "21 let this be that end of all the old ones", "22 fi"]
    code += ["23 let one value be the other one of these", "24 relax", "25 let another be so"]
    assert texts(column(50, 100, [*text, *code]))[:2] == [" ".join(text), code[0]]


def test_an_answer_below_a_question_among_short_answers_is_an_item():
    rows = ["8. Which of the four rows below is right if all of the others are", "wrong? See it"]
    answers = [f"({letter}) answer {i} wrong" for i, letter in enumerate("abcde")]
    lines = [line(rows[0], 50, 100), line(rows[1], 62, 112)]
    lines += [line(text, 62, 130 + 18 * i) for i, text in enumerate(answers)]
    assert texts(lines) == [" ".join(rows), *answers]
