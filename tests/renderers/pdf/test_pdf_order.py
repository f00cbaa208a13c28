"""Reading order and joining, on lines placed by hand."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from renderers.pdf.canonical import normalize
from renderers.pdf.characters import Line
from renderers.pdf.order import agreement, grouped_rows, reading_order
from renderers.pdf.rows import split_words
from renderers.pdf.text import page_text

SIZE = 10.0


def line(text, x, y, size=SIZE, advance=0.5):
    """A line whose characters stand `advance` font sizes apart, with its base line at `y`.

    Vowels are narrower than that, so that the font has no fixed pitch.
    """
    step = advance * size
    boxes = tuple(
        (x + i * step, y - 0.9 * size, x + (i + (0.8 if c in "aeo" else 1)) * step, y + 0.3 * size)
        for i, c in enumerate(text)
    )
    box = (boxes[0][0], boxes[0][1], boxes[-1][2], boxes[-1][3])
    return Line(text, boxes, size, y, True, False, box, y - 0.75 * size, y + 0.2 * size)


def column(x, y, texts, leading=12.0):
    return [line(text, x, y + i * leading) for i, text in enumerate(texts)]


def order(lines, height=800):
    return [[lines[i].text for i in flow] for flow in reading_order(lines, height).flows]


FULL = "x" * 40  # 200 points


def test_two_columns_are_read_one_after_the_other():
    left = column(50, 200, [f"left {i}".ljust(40, "x") for i in range(8)])
    right = column(262, 200, [f"right {i}".ljust(40, "x") for i in range(8)])
    flows = order(left + right)
    assert [[t[:5] for t in flow] for flow in flows] == [["left "] * 8, ["right"] * 8]


def test_three_columns():
    columns = [column(x, 200, [c + FULL[1:30]] * 6) for x, c in ((50, "a"), (220, "b"), (390, "c"))]
    flows = order([piece for c in columns for piece in c])
    assert ["".join({t[0] for t in flow}) for flow in flows] == ["a", "b", "c"]


def test_rows_of_a_table_are_not_columns():
    """The file draws a table row by row, so the gutter is no column's."""
    cells = []
    for row in range(6):
        cells += [line(f"name {row}", 50, 200 + 14 * row), line(f"{row}.50", 300, 200 + 14 * row)]
    (flow,) = reading_order(cells, 800).flows
    joined = [[cells[i].text for i in row] for row in grouped_rows(cells, flow)]
    assert joined == [[f"name {row}", f"{row}.50"] for row in range(6)]
    assert page_text(cells, 800).text == "\n".join(f"name {row} {row}.50" for row in range(6))


def test_prose_drawn_row_by_row_is_columns_all_the_same():
    lines = []
    for row in range(8):
        y = 200 + 12 * row
        lines += [line("l" + FULL[1:], 50, y), line("r" + FULL[1:], 270, y)]
    assert ["".join({t[0] for t in flow}) for flow in order(lines)] == ["l", "r"]


def test_title_columns_wide_caption_columns():
    title = [line("Title".ljust(80, "x"), 50, 150)]
    upper = column(50, 200, [FULL] * 6) + column(262, 200, [FULL] * 6)
    caption = [line("Caption".ljust(80, "x"), 50, 300)]
    lower = column(50, 340, [FULL] * 6) + column(262, 340, [FULL] * 6)
    lines = title + upper + caption + lower
    got = [i for flow in reading_order(lines, 800).flows for i in flow]
    assert got == list(range(len(lines)))
    assert agreement(reading_order(lines, 800).flows) == 1.0


def test_running_heads_beside_each_other_do_not_join_the_columns():
    heads = [line("Author", 50, 40), line("Journal of X", 400, 40)]
    body = column(50, 80, [FULL] * 8) + column(262, 80, [FULL] * 8)
    foot = [line("17", 255, 780)]
    flows = reading_order(heads + body + foot, 800).flows
    assert flows[0] == [0, 1]
    assert flows[-1] == [len(heads + body)]


@given(st.integers(0, 2**32 - 1))
def test_every_line_is_read_once(seed):
    rng = np.random.default_rng(seed)
    lines = [
        line("w" * int(rng.integers(1, 30)), *(float(v) for v in rng.uniform(10, 700, 2)))
        for _ in range(int(rng.integers(1, 40)))
    ]
    flows = reading_order(lines, 800).flows
    assert sorted(i for flow in flows for i in flow) == list(range(len(lines)))
    for flow in flows:
        assert sorted(i for row in grouped_rows(lines, flow) for i in row) == sorted(flow)


def paragraph(texts, **kwargs):
    return page_text(column(50, 400, texts, **kwargs), 1000).text


def test_joining_rows():
    assert paragraph(["one two three", "four five six"]) == "one two three four five six"
    assert paragraph(["the represen-", "tation of it"]) == "the represen-tation of it"
    assert paragraph(["a range of 1–", "20 of these"]) == "a range of 1–20 of these"
    assert paragraph(["he came – and –", "went away ––"]) == "he came – and – went away ––"
    assert paragraph(["中文的第一行，", "第二行接上去。"]) == "中文的第一行，第二行接上去。"
    assert paragraph(["这一行用 Python", "语言写成的吗？"]) == "这一行用 Python语言写成的吗？"


def test_an_indent_or_a_short_row_begins_a_paragraph():
    first, last = "ten words " * 3 + "ten words.", "end."
    indented = [line(first, 50, 400), line(first, 50, 412), line(first[:29], 70, 424)]
    assert page_text(indented, 1000).text.count("\n") == 1
    short = [line(first, 50, 400), line(last, 50, 412), line(first, 50, 424)]
    assert page_text(short, 1000).text == f"{first} {last}\n{first}"


def test_a_contents_table_keeps_its_rows():
    rows_of_it = ["1 First . . . . . . . 12", "2 Second . . . . . . 15"]
    assert paragraph(rows_of_it) == "\n".join(rows_of_it)


def test_words_and_runs():
    mixed = line("使用 ab12 了", 0, 10, advance=1.0)
    assert [word.text for word in split_words(mixed)] == ["使用", "ab12", "了"]
    assert split_words(mixed)[0].box[0] == 0
    assert split_words(mixed)[0].box[2] == 20


def boxes(text, width=5.0):
    return [(i * width, 0.0, (i + 1) * width, 10.0) for i in range(len(text))]


def test_shapes_are_written_by_their_usual_characters():
    text, kept = normalize(
        "ﬁn\u00ad⼀\u3000乐\uf0b7\u200b", boxes("ﬁn\u00ad⼀\u3000乐\uf0b7\u200b")
    )
    assert text == "fin-一 乐•"
    assert len(kept) == len(text)
    assert kept[0] == kept[1]  # both letters of the ligature stand in its box


def test_accents_that_are_drawn_over_letters():
    over = [(0.0, 0.0, 5.0, 10.0), (0.0, 0.0, 5.0, 10.0), (5.0, 0.0, 10.0, 10.0)]
    assert normalize("´et", over)[0] == "ét"
    apart = [(0.0, 0.0, 5.0, 10.0), (5.0, 0.0, 10.0, 10.0)]
    assert normalize("´e", apart)[0] == "´e"


@given(st.text(max_size=30))
def test_boxes_stay_parallel(text):
    out, kept = normalize(text, boxes(text))
    assert len(out) == len(kept)
    assert out == out.strip(" ")
