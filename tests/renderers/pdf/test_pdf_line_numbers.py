"""Line numbers between columns, drop caps, letter-spaced words."""

from dataclasses import replace

from renderers.pdf.drop_caps import with_drop_caps
from renderers.pdf.letter_spacing import with_joined_letters
from renderers.pdf.line_numbers import line_numbers
from renderers.pdf.text import page_text
from tests.renderers.pdf.placed_lines import STORIES, column, line, wrapped


def numbered(rows, x, first, *, right=False):
    """Rows with a small number left (or right) of each, which fills the gutter."""
    lines = []
    for i, text in enumerate(rows):
        y = 200 + 12 * i
        number = str(first + i)
        at = x + 205 if right else x - 12 - 3 * len(number)
        lines += [line(number, at, y, size=6), line(text, x, y)]
    return lines


def test_numbers_in_the_gutter_do_not_join_the_columns():
    left, right = wrapped(STORIES[0], 38), wrapped(STORIES[1], 38)
    lines = numbered(left, 50, 1) + numbered(right, 262, 1 + len(left))
    assert len(line_numbers(lines)) == len(left) + len(right)
    texts = page_text(lines, 800).text.split("\n")
    start = len(left) + 1
    assert texts == [
        " ".join(f"{1 + i} {row}" for i, row in enumerate(left)),
        " ".join(f"{start + i} {row}" for i, row in enumerate(right)),
    ]


def test_numbers_at_the_right_follow_their_rows():
    rows = wrapped(STORIES[1], 38)
    page = page_text(numbered(rows, 50, 1, right=True), 800)
    assert page.text == " ".join(f"{row} {1 + i}" for i, row in enumerate(rows))
    assert [block.role for block in page.blocks] == ["paragraph"]


def test_page_numbers_and_lists_are_no_line_numbers():
    lines = column(50, 200, ["1", "2", "3"]) + column(80, 200, ["one", "two", "three"])
    assert line_numbers(lines) == {}


def test_a_drop_cap_begins_the_first_word():
    rows = wrapped(STORIES[0][1:], 50)  # without its first letter
    beside = column(74, 200, rows[:3])
    below = column(50, 236, rows[3:])
    cap = line("I", 50, 224, size=40)
    lines = [*beside, cap, *below]  # as wide as their text: no row ends early
    assert with_drop_caps(lines)[0].text == "I" + rows[0]
    assert page_text(lines, 800).text == STORIES[0]


def test_a_drop_cap_begins_a_paragraph():
    """The sentence above it ends at the right edge, and both paragraphs begin at the left one."""
    above = wrapped(STORIES[2], 50)[:4]
    lines = [line(text, 50, 100 + 12 * i, advance=25 / len(text)) for i, text in enumerate(above)]
    rows = wrapped(STORIES[0][1:], 44)
    beside = [line(text, 74, 148 + 12 * i, advance=22.6 / len(text)) for i, text in enumerate(rows)]
    lines = [*lines, *beside[:3], line("I", 50, 172, size=40)]
    found = page_text(lines, 800).text.split("\n")
    assert found == [" ".join(above), "I" + " ".join(rows[:3])]


def test_a_large_letter_beside_nothing_stays():
    lines = [line("A", 50, 100, size=40), *column(50, 200, wrapped(STORIES[0], 60))]
    assert page_text(lines, 800).text.split("\n")[0] == "A"


def spaced(text, gap, word_gap):
    """A line whose letters stand `gap` apart; a space between them, as MuPDF reads it."""
    x, out, boxes = 50.0, "", []
    for word in text.split():
        for letter in word:
            out += letter + " "
            boxes += [(x, 190.0, x + 5, 203.0), (x + 5, 190.0, x + 5 + gap, 203.0)]
            x += 5 + gap
        x += word_gap - gap
    example = line("x", 50, 200)
    box = (50.0, 190.0, boxes[-2][2], 203.0)
    fields = {name: getattr(example, name) for name in ("size", "baseline", "top", "bottom")}
    from renderers.pdf.characters import Line

    return Line(out[:-1], tuple(boxes[:-1]), horizontal=True, monospaced=False, box=box, **fields)


def test_letter_spaced_words_are_joined():
    (found,) = with_joined_letters([spaced("INTRODUCTION AND SUMMARY", 5, 14)])
    assert found.text == "INTRODUCTION AND SUMMARY"
    assert len(found.boxes) == len(found.text)


def test_letters_with_equal_gaps_stay_apart():
    (found,) = with_joined_letters([spaced("ABCDEFG", 5, 5)])
    assert found.text == "A B C D E F G"


def test_letters_of_lines_that_are_not_horizontal_stay_apart():
    """Their letters stand below each other, so that gaps between left and right edges are none."""
    turned = replace(spaced("INTRODUCTION AND SUMMARY", 5, 14), horizontal=False)
    assert with_joined_letters([turned]) == [turned]


def test_rows_after_listings_with_numbers_are_their_own():
    """Rows of a closed part are freed, and later rows may be created in their place."""
    rows, expected, y = [], [], 100
    for part in range(8):
        for number in range(1, 7):
            code = f"call_{part}({number});"
            rows += [line(str(number), 40, y), replace(line(code, 60, y), monospaced=True)]
            expected.append(f"{number} {code}")
            y += 12
        y += 24
        for text in wrapped(STORIES[part % 3], 60)[:4]:
            rows.append(line(text, 60, y))
            expected.append(text)
            y += 12
        y += 24
    found = page_text(rows, y + 100, keep_rows=True)
    assert found.text.split("\n") == expected
