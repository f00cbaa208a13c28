"""Order by the text: columns that the file draws row by row, rows that do not belong together."""

import random
from itertools import zip_longest

import pytest

from renderers.pdf.continuity import join_score, row_joins
from renderers.pdf.document import open_document
from renderers.pdf.gutters import Verdict, gutter_evidence
from renderers.pdf.order_check import check_order
from renderers.pdf.page import PageReader
from renderers.pdf.quality import DEFAULTS
from renderers.pdf.text import page_text
from renderers.rejected import Rejected
from tests.renderers.pdf.placed_lines import STORIES, column, line, wrapped
from vary_data.sources.demo import CHINESE, ENGLISH, write_documents


def row_by_row(columns, xs, top=200.0, leading=12.0):
    """The rows of columns in the order in which a form draws them: across the page."""
    lines = []
    for number, row in enumerate(zip_longest(*columns)):
        lines += [line(t, x, top + number * leading) for x, t in zip(xs, row, strict=True) if t]
    return lines


@pytest.mark.parametrize(
    ("before", "after", "positive"),
    [
        ("must be in want of", "a wife. However", True),
        ("the first entering of a", "neighbourhood, this truth", True),
        ("must be in want of the", "of a wife", False),
        ("the end of the street.", "The next day", True),
        ("at the end of the", "The next day", False),
        ("a demon-", "stration of it", True),
        ("他们在一九九九年的报", "告中说明了这一点", True),
        ("这是我们的", "的人在那里", False),
    ],
)
def test_scores_of_joins(before, after, positive):
    assert (join_score(before, after) > 0) is positive


def test_nothing_to_judge_after_a_chinese_mark_or_before_a_latin_word():
    assert join_score("这是真的。", "那是假的") is None
    assert join_score("使用的是", "MuPDF 库") is None


def test_rows_in_order_and_rows_in_random_order():
    rows = wrapped(STORIES[0], 40)
    shuffled = random.Random(0).sample(rows, len(rows))
    assert row_joins(rows).mean > 0.3
    assert row_joins(shuffled).mean < 0


def test_three_narrow_columns_drawn_row_by_row():
    columns = [wrapped(story, 28) for story in STORIES]
    lines = row_by_row(columns, (50, 220, 390))
    page = page_text(lines, 800)
    assert page.text == "\n".join(" ".join(rows) for rows in columns)
    check_order(page)


def test_a_heading_above_columns_drawn_row_by_row():
    columns = [wrapped(story, 28) for story in STORIES[:2]]
    heading = [line("A heading over both columns of the page".ljust(60, "x"), 50, 150)]
    lines = heading + row_by_row(columns, (50, 240))
    texts = page_text(lines, 800).text.split("\n")
    assert texts[1:] == [" ".join(rows) for rows in columns]


def test_columns_drawn_in_random_order():
    columns = [wrapped(story, 36) for story in STORIES[:2]]
    lines = row_by_row(columns, (50, 270))
    random.Random(1).shuffle(lines)
    page = page_text(lines, 800)
    assert page.text == "\n".join(" ".join(rows) for rows in columns)
    assert page.order_agreement < 0.75
    check_order(page)  # the text shows its order


def test_rows_of_text_with_a_wide_gap_are_no_columns():
    """Each row has a gap at the same place; the file draws the left halves first."""
    rows = [row for story in STORIES for row in wrapped(story, 64)]
    halves = [(row[: row.rindex(" ", 0, 34)], row[row.rindex(" ", 0, 34) + 1 :]) for row in rows]
    left = column(50, 200, [a for a, _ in halves])
    right = column(260, 200, [b for _, b in halves])
    evidence = gutter_evidence(
        left + right, range(len(left)), range(len(left), 2 * len(left)), 10.0
    )
    assert evidence.verdict is Verdict.ROWS


def test_cells_of_a_table_are_no_evidence():
    lines = []
    for row in range(8):
        y = 200 + 14 * row
        lines += [line(f"name {row}", 50, y), line(f"{row}.50", 300, y)]
    evidence = gutter_evidence(lines, range(0, 16, 2), range(1, 16, 2), 10.0)
    assert evidence.verdict is Verdict.NOTHING


def test_a_page_whose_rows_do_not_continue_each_other_is_rejected():
    rows = wrapped(" ".join(STORIES), 60)
    upwards = column(50, 200, rows[::-1])
    with pytest.raises(Rejected) as failure:
        check_order(page_text(upwards, 800))
    assert failure.value.reason == "order-uncertain"


def test_one_column_drawn_upwards_is_kept_if_the_text_shows_its_order():
    lines = column(50, 200, wrapped(" ".join(STORIES), 60))[::-1]
    page = page_text(lines, 800)
    assert page.order_agreement == 0
    check_order(page)


def test_one_column_drawn_upwards_without_text_to_judge_is_rejected():
    lines = column(50, 200, [f"{n}0{n} {n}1{n} {n}2{n}" for n in range(9)])[::-1]
    with pytest.raises(Rejected, match="orders agree by 0%"):
        check_order(page_text(lines, 800))


def old_text(lang, width):
    """Rows of a text whose words follow each other otherwise than in today's texts."""
    if lang == "zh":
        text = "".join(CHINESE)
        return [text[i : i + width] for i in range(0, len(text), width)]
    return wrapped(" ".join(ENGLISH), width)


@pytest.mark.parametrize(("lang", "width"), [("en", 50), ("zh", 10)])
def test_a_text_that_the_statistic_does_not_know_is_compared_with_its_own_words(lang, width):
    rows = old_text(lang, width)
    page = page_text(column(50, 200, rows, advance=1.0 if lang == "zh" else 0.5), 800)
    assert page.continuity.count >= DEFAULTS.judged_rows
    assert page.continuity.total < DEFAULTS.broken
    check_order(page)


def test_an_old_text_read_across_its_columns_is_rejected():
    rows = old_text("en", 44)
    half = len(rows) // 2
    across = [row for pair in zip(rows[:half], rows[half:], strict=False) for row in pair]
    with pytest.raises(Rejected, match="rows do not continue each other"):
        check_order(page_text(column(50, 200, across), 800))


def test_two_columns_of_classical_chinese_are_kept(tmp_path):
    write_documents(tmp_path, "zh")
    with open_document(tmp_path / "demo-zh.pdf") as document:
        for index in range(1, document.page_count, 2):
            assert PageReader().read(document, index).flows == 4  # head, two columns, page number
