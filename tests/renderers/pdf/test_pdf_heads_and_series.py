"""What is above columns and beside them, and numbered items in columns: posters, newspapers and
examination papers."""

import pytest

from renderers.pdf import heads
from renderers.pdf.pieces import count_gaps
from renderers.pdf.series import goes_down
from renderers.pdf.text import page_text
from tests.renderers.pdf.placed_lines import STORIES, column, line, wrapped

NARROW = wrapped(STORIES[0], 34)
WIDE = wrapped(STORIES[2], 80)


def texts(lines):
    return page_text(lines, 800).text.split("\n")


def test_a_title_above_a_gutter_is_of_none_of_the_columns():
    """The file draws it last, and another gutter than that below it is free."""
    rows = [wrapped(story, 30)[:10] for story in STORIES]
    columns = [column(x, 200, texts) for x, texts in zip((50, 230, 410), rows, strict=True)]
    title = [line("Jane Austen", 355, 160, size=16), line("jane@example.com", 350, 180)]
    found = texts([*columns[0], *columns[1], *columns[2], *title])
    assert found[:2] == ["Jane Austen", "jane@example.com"]


def test_a_heading_that_reaches_into_a_gutter_does_not_cut_the_columns():
    """A row of the left column is longer than those beside the heading."""
    left = column(50, 200, [*(text[:30] for text in NARROW[:6]), *(NARROW[6:10] * 3)])
    right = column(240, 200, NARROW[:10] + NARROW[:8])
    heading = [line("What is true", 215, 170, size=18), line("A truth", 50, 170, size=18)]
    found = texts([*heading, *left, *right])
    assert found[:2] == ["A truth What is true", found[1]]
    assert found[1].startswith(NARROW[0][:30])


def test_the_name_of_a_newspaper_is_beside_its_date_and_number():
    head = [line("Evening News", 50, 120, size=36)]
    details = [
        line("Wednesday", 415, 92),
        line("Number 12845", 400, 104),
        line("24 pages", 420, 116),
    ]
    body = column(50, 180, WIDE)
    found = texts([*head, *details, *body])
    assert found[:4] == ["Evening News", "Wednesday", "Number 12845", "24 pages"]


def items(numbers, x, y):
    """Questions with two answers each, and a gap between them that both columns have."""
    return [
        row
        for place, number in enumerate(numbers)
        for row in column(x, y + 70 * place, [f"{number}. Which one?", "(a) two", "(b) three"])
    ]


@pytest.mark.parametrize(
    ("left", "right", "order"),
    [
        ((1, 2, 3), (4, 5, 6), "123456"),
        ((1, 3, 5), (2, 4, 6), "123456"),  # read in strips
    ],
)
def test_the_numbers_of_questions_say_how_columns_are_read(left, right, order):
    found = texts([*items(left, 50, 200), *items(right, 300, 200)])
    assert "".join(text[0] for text in found if text[0].isdecimal()) == order


def test_numbers_of_items_stand_at_one_edge():
    lines = [*items((1, 2), 50, 200), line("Part 2", 280, 190), *items((3, 4), 300, 200)]
    strips = [(0, 1, 2, 7, 8, 9), (3, 4, 5, 10, 11, 12)]
    assert goes_down(lines, range(6), range(6, 13), strips)
    assert not goes_down(lines, range(6, 13), range(6), strips)
    assert not goes_down([*lines, line("1.5 m", 300, 400)], range(3), range(6, 13), strips)


def test_numbers_with_one_order_for_columns_and_strips_say_nothing():
    """Sections of two articles, one below the other: the first one ends in the right column."""
    above = [*column(50, 200, ["1. On truth", *NARROW]), *column(300, 200, NARROW)]
    left, right = ["2. On walks", *NARROW], ["3. On roses", *NARROW[:-1], "The end."]
    below = [*column(50, 400, left), *column(300, 400, right)]
    found = "\n".join(texts([*above, *below]))
    places = [found.index(text) for text in ("1. On", "2. On", "3. On")]
    assert places == sorted(places)
    assert found[: places[1]].count("It is a truth") == 2


def test_many_headings_take_little_time(monkeypatch):
    """Most characters are those of one small row, so that all others are headings."""
    counted = []

    def counting(taken, width):
        counted.append(width)
        return count_gaps(taken, width)

    monkeypatch.setattr(heads, "count_gaps", counting)
    rows = [line("Ab cd", 50 + i % 7 * 30, 20 + 3 * i, size=2.4) for i in range(100)]
    small = line("x" * 1000, 50, 330, size=2, advance=0.002)
    texts([*rows, small])
    assert 0 < len(counted) < 20 * len(rows)
