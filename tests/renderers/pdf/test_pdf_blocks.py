"""Tables, lists, headings and footnotes: blocks with roles, as plain text and as Markdown."""

import time

import pymupdf
import pytest

from renderers.pdf.blocks import Block
from renderers.pdf.content import label_share
from renderers.pdf.markdown import markdown
from renderers.pdf.order import agreement
from renderers.pdf.page import PageReader
from renderers.pdf.roles import PageFrame, with_roles
from renderers.pdf.rows import TextRow
from renderers.pdf.styles import marked_text
from renderers.pdf.text import page_text
from renderers.picture import Cell
from renderers.rejected import Rejected
from tests.renderers.pdf.pdf_inputs import latex
from tests.renderers.pdf.placed_lines import STORIES, column, line, wrapped

CELLS = (
    ("Name", "What it is", "Remarks"),
    ("Old bridge", "a bridge that was built by the people of the valley", "not known when"),
    ("Mill", "the mill of the town, used until the war", "it was closed in that year"),
)
XS, YS = (50, 130, 280, 400), (300, 320, 380, 440)


def ruled_page(path):
    """A table with rules whose cells have one to three rows, drawn row by row."""
    with pymupdf.open() as document:
        page = document.new_page()
        page.insert_textbox((50, 50, 500, 250), " ".join(STORIES), fontsize=10)
        for x in XS:
            page.draw_line((x, YS[0]), (x, YS[-1]))
        for y in YS:
            page.draw_line((XS[0], y), (XS[-1], y))
        for row, cells in enumerate(CELLS):
            for number, text in enumerate(cells):
                box = (XS[number] + 3, YS[row] + 2, XS[number + 1] - 3, YS[row + 1])
                assert page.insert_textbox(box, text, fontsize=10) >= 0
        document.save(path)
    return path


def read(path, **settings):
    with pymupdf.open(path) as document:
        return PageReader(**settings).read(document, 0)


def test_cells_of_several_rows_are_kept_apart(tmp_path):
    page = read(ruled_page(tmp_path / "t.pdf"))
    assert page.text.split("\n")[-3:] == [" ".join(cells) for cells in CELLS]
    (table,) = [r for r in page.picture.regions if r.role == "table"]
    assert table.text.split("\n") == [" ".join(cells) for cells in CELLS]


def test_a_ruled_table_in_markdown(tmp_path):
    text = read(ruled_page(tmp_path / "t.pdf"), markdown=True).text
    rows = [f"| {' | '.join(cells)} |" for cells in CELLS]
    assert "\n".join([rows[0], "| --- | --- | --- |", *rows[1:]]) in text


def test_rows_with_wide_gaps_are_a_table():
    table = (("Name", "A", "B"), ("one", "1.0", "2.5"), ("two", "3.5", "4.0"))
    cells = [
        line(text, x, 200 + 14 * number)
        for number, row in enumerate(table)
        for text, x in zip(row, (50, 150, 220), strict=True)
    ]
    (block,) = page_text(cells, 800).blocks
    assert block.role == "table"
    assert block.table.cells == table


def test_a_bold_row_between_rows_of_cells_is_no_heading():
    """The gap in the row is too narrow for cells, but its second word stands at their edge."""
    body = column(50, 100, wrapped(STORIES[0], 60))
    cells = [
        line("club-penalty", 50, 214, bold=True),
        line("10000", 160, 214),
        line("display-widow-penalty 10000", 50, 226, bold=True),
    ]
    lone = line("display-widow-penalty 20000", 50, 260, bold=True)
    blocks = page_text([*body, *cells, lone], 800).blocks
    roles = {block.text: block.role for block in blocks}
    assert roles["display-widow-penalty 10000"] == "paragraph"
    assert roles["display-widow-penalty 20000"] == "section_header"


def test_text_that_is_larger_than_a_long_listing_is_no_heading():
    """More than half of the letters are small, so the body is larger than most of them."""
    small = [
        piece
        for n, story in enumerate(STORIES)
        for piece in column(50, 300 + 110 * n, wrapped(story, 90), 10, size=8)
    ]
    texts = {
        "The fonts of this theme": (16, "title"),
        "• The letters of the clerks are in no free system.": (10, "list_item"),
        "请自己设定隶书。": (10, "paragraph"),
        "恢复文件.": (11, "paragraph"),
        "One of them is in the sample that follows below": (10, "paragraph"),
        "2.1 Letters of the clerks": (10, "section_header"),
    }
    larger = [
        line(text, 50, 100 + 40 * n, size=size) for n, (text, (size, _)) in enumerate(texts.items())
    ]
    roles = {block.text: block.role for block in page_text([*larger, *small], 800).blocks}
    assert {text: roles[text] for text in texts} == {
        text: role for text, (_, role) in texts.items()
    }


def test_bold_entries_of_the_contents_are_no_headings():
    body = column(50, 200, wrapped(STORIES[0], 60))
    entry = line("1.1 Examples with numbers . . . . . . . . . . 3", 50, 120, bold=True)
    heading = line("1.1 Examples with numbers", 50, 150, bold=True)
    blocks = page_text([entry, heading, *body], 800).blocks
    assert [block.role for block in blocks[:2]] == ["paragraph", "section_header"]


def test_a_frame_around_text_is_no_table():
    lines = column(50, 200, wrapped(STORIES[0], 60))
    frame = [(40, 180, 360, 181), (40, 280, 360, 281), (40, 180, 41, 281), (359, 180, 360, 281)]
    page = page_text(lines, 800, rules=[*frame, (40, 230, 360, 230.5)])
    assert page.text == STORIES[0]


def labels(*ys):
    """Rules above and below labels at the left margin, with equal ends."""
    return [(40, y, 110, y + 0.5) for y in ys]


def test_labels_between_rules_are_no_table():
    body = column(130, 104, STORIES, leading=14)
    names = [line(text, 42, y) for y, text in ((104, "name"), (118, "new"), (160, "last"))]
    stars = [line("*", 98, y) for y in (104, 160)]
    page = page_text([*names, *stars, *body], 800, rules=labels(94, 108, 122, 150, 164))
    assert not [block for block in page.blocks if block.table]


def test_rules_of_several_frames_are_no_table():
    # Rules with equal ends belong to two frames, and the text between these is wider than they.
    wide = column(40, 160, wrapped(" ".join(STORIES), 60), leading=12)
    frames = [
        line(text, x, y)
        for y in (110, 124, 410, 424)
        for x, text in ((210, "command"), (290, "value"))
    ]
    rules = [(200, y, 340, y + 0.5) for y in (100, 130, 400, 430)]
    page = page_text([*frames[:4], *wide, *frames[4:]], 800, rules=rules)
    assert not [block for block in page.blocks if block.table]
    assert " ".join(page.text.split()).count(" ".join(STORIES)[:200]) == 1


def test_a_cell_beside_two_rows_of_numbers():
    rows = [("4", 106, "OTSL", "0.96", "HTML", "0.95"), ("2", 146, "OTSL", "0.92", "HTML", "0.91")]
    lines = [line(text, x, 86) for text, x in (("layers", 55), ("language", 105), ("TED", 185))]
    for layers, y, first, best, second, worst in rows:
        lines += [line(layers, 55, y + 6), line(first, 105, y), line(best, 185, y)]
        lines += [line(second, 105, y + 14), line(worst, 185, y + 14)]
    ys = (72, 94, 130, 170)
    rules = [(50, y, 250, y + 0.5) for y in ys] + [(x, 72, x + 0.5, 170) for x in (100, 180)]
    page = page_text(lines, 800, rules=rules)
    assert page.text.split("\n") == [
        "layers language TED",
        "4 OTSL 0.96",
        "HTML 0.95",
        "2 OTSL 0.92",
        "HTML 0.91",
    ]


def test_steps_in_ruled_tables_count_as_settled():
    assert agreement([[0, 1], [5, 2, 3, 4]]) == 0.8
    assert agreement([[0, 1], [5, 2, 3, 4]], settled=5) == 0.9
    assert agreement([[0]]) == 1.0


def test_listings_in_a_proportional_font_are_no_evidence():
    code = [
        "if data.special[name] then for (key, item)",
        "in pairs(data.special, 'no entry') do of",
    ]
    page = page_text(column(50, 100, code), 800)
    assert [len(block.rows) for block in page.blocks] == [2]
    assert page.continuity.count == 0


CODE = [
    "int count = 0;",
    "for (int i = 0; i < size; i++) {",
    "// all of the words that were read before this one",
    "if (known(words[i]))",
    "count += lengths[i];",
    "}",
    "return count;",
]


def test_rows_of_code_in_a_proportional_font_stay_apart():
    before, after = wrapped(STORIES[0], 60), wrapped(STORIES[1], 60)
    lines = column(50, 100, [*before, *CODE, *after])
    page = page_text(lines, 800)
    assert page.text.split("\n") == [" ".join(before), *CODE, " ".join(after)]
    assert [block.role for block in page.blocks[1:-1]] == ["code"] * len(CODE)


def test_rows_of_code_may_have_chinese_names():
    code = [r"\newtheorem{axiom}{公理}[part]", r"\newtheorem{lemma}{引理}[part]", r"\fi", "}%"]
    page = page_text(column(50, 100, code, advance=0.7), 800)
    assert page.text.split("\n") == code


@pytest.mark.parametrize(
    "array",
    [
        ["3 0 7 1 4 2", "0 0 7 4 4 1", "7 7 0 3 2 2"],
        ["[0.12 -1.50 0.33]", "[1.70 -0.02 0.40]", "[0.31 -1.30 1.12]"],
        ["{12 1.5e-3 40% 7/8},", "{90 1.0e-2 25% 1/2},", "{33 6.2e+4 10% 5/6},"],
        ["[[-2 12 18 ]", "[ 50 -4 -16]", "[ 17 -2 -12]]"],
    ],
)
def test_rows_of_an_array_stay_apart(array):
    """They are equally long, as the rows of a paragraph."""
    before = wrapped(STORIES[0], len(array[0]))
    page = page_text([*column(50, 100, array), *column(50, 200, before)], 800)
    assert page.text.split("\n") == [*array, STORIES[0]]


@pytest.mark.parametrize(
    "rows",
    [["12, 14, 15,", "23, 27, 31,", "40, 44, 51"], ["12 monks, 15", "nuns and 23", "as 40 x 60"]],
)
def test_numbers_in_a_sentence_stay_together(rows):
    page = page_text(column(50, 100, rows), 800)
    assert page.text == " ".join(rows)


def test_numbered_rows_of_code_keep_their_numbers():
    numbers = column(30, 100, [str(i) for i in range(1, 8)])
    page = page_text([*column(50, 100, CODE), *numbers], 800)
    assert page.text.split("\n") == [f"{i} {row}" for i, row in enumerate(CODE, 1)]


@pytest.mark.parametrize(
    "rows",
    [
        [
            "the names of all;",
            "the places of all the people;",
            "what was read by them;",
            "the end;",
        ],
        ["x = y + z", "y = 2 z", "z = x / y", "x > 0"],
        ["Adams, 12", "Baker, 14", "Clark (see Baker)", "Dean, 19"],
    ],
)
def test_lists_and_formulas_are_no_code(rows):
    assert all(block.role != "code" for block in page_text(column(50, 100, rows), 800).blocks)


def test_items_and_references_with_hanging_indents_stay_whole():
    rows = wrapped(STORIES[0], 50)
    item = [line("1. " + rows[0], 50, 200), *column(65, 212, rows[1:])]
    second = [line("2. " + rows[0], 50, 320), *column(65, 332, rows[1:])]
    reference = [line("[12] " + rows[0], 50, 440), *column(75, 452, rows[1:])]
    page = page_text(item + second + reference, 800)
    assert page.text.split("\n") == [f"{label} {STORIES[0]}" for label in ("1.", "2.", "[12]")]
    assert [block.role for block in page.blocks] == ["list_item"] * 3


def test_a_bibliography_without_labels():
    lines, y = [], 200
    for story in STORIES:
        first, *others = wrapped(story, 60)
        lines += [line(first, 50, y), *column(70, y + 12, others)]
        y += 12 * (1 + len(others))
    assert page_text(lines, 800).text.split("\n") == list(STORIES)


def test_indented_first_rows_begin_paragraphs():
    lines, y = [], 200
    for story in STORIES:
        first, *others = wrapped(story, 60)
        lines += [line(first, 70, y), *column(50, y + 12, others)]
        y += 12 * (1 + len(others))
    assert page_text(lines, 800).text.split("\n") == list(STORIES)


def test_a_word_broken_in_a_short_row_continues():
    rows = ["It is the study of the inter-", "national office and of the"]
    lines = column(50, 200, [*rows, *wrapped(STORIES[0], 60)])
    assert page_text(lines, 800).text.startswith("It is the study of the inter-national office")


PAPER = r"""\documentclass{article}\begin{document}
\title{An Efficient Bridge}\author{Ada First}\date{}\maketitle
\section{Introduction}
It is known\footnote{The records of the council say so.} that the \emph{old} bridge was
\textbf{not} built in one year, and that x\textsuperscript{2} is a square.
\subsection{The parts of it}
\begin{itemize}\item The first part, which is long enough to be set in two rows of the page so
that we can see it. \item The second part.\end{itemize}
\begin{table}[h]\centering\begin{tabular}{lrr}\hline Name & A & B\\\hline one & 1.0 & 2\\
two & 3.5 & 4\\\hline\end{tabular}\caption{The numbers of the town.}\end{table}
\end{document}"""


def test_a_paper_in_markdown(tmp_path):
    page = read(latex(tmp_path, PAPER), markdown=True)
    assert page.text.split("\n\n") == [
        "# An Efficient Bridge",
        "Ada First",
        "## 1 Introduction",
        "It is known[^1] that the *old* bridge was **not** built in one year, and that"
        " x<sup>2</sup> is a square.",
        "### 1.1 The parts of it",
        "- The first part, which is long enough to be set in two rows of the page so that we can"
        " see it.\n- The second part.",
        "| Name | A | B |\n| --- | --- | --- |\n| one | 1.0 | 2 |\n| two | 3.5 | 4 |",
        "Table 1: The numbers of the town.",
        "[^1]: The records of the council say so.",
        "1",
    ]
    blocks = [r for r in page.picture.regions if r.role not in ("line", "cell", "word")]
    assert [(r.role, r.level) for r in blocks] == [
        *(("title", None), ("paragraph", None), ("section_header", 1), ("paragraph", None)),
        *(("section_header", 2), ("list_item", 1), ("list_item", 1), ("table", None)),
        *(("caption", None), ("footnote", None), ("page_number", None)),
    ]
    table, caption = page.picture.regions.index(blocks[7]), blocks[8]
    assert caption.parent == table
    cells = [r for r in page.picture.regions if r.parent == table and r.role == "cell"]
    assert [(r.text, r.cell) for r in cells] == [
        (text, Cell(row, column))
        for row, texts in enumerate((("Name", "A", "B"), ("one", "1.0", "2"), ("two", "3.5", "4")))
        for column, text in enumerate(texts)
    ]


def test_special_characters_are_escaped():
    page = page_text([line("a*b_c <d> [e] of the file", 50, 200)], 800)
    assert markdown(page.blocks) == r"a\*b\_c &lt;d&gt; \[e\] of the file"


def test_a_dash_or_bullet_in_bold_is_no_emphasis():
    bold = line("old – new", 50, 200, styles="bbbrbrrbb")
    assert marked_text(bold, [bold]) == "**old** – n**ew**"
    dot = line("• one", 50, 200, styles="brrrr")
    assert marked_text(dot, [dot]) == "• one"


def test_a_page_of_formulas_is_rejected(tmp_path):
    formula = r"\[ \alpha_i^2 + \sum_{k=1}^n \beta_k x_k y_k = \int_a^b f(x)\,g(y)\,dx\,dy \]"
    body = "It is shown that the sum is equal to the value of the right side." + 9 * formula
    source = rf"\documentclass{{article}}\begin{{document}}{body}\end{{document}}"
    with pytest.raises(Rejected) as failure:
        read(latex(tmp_path, source))
    assert failure.value.reason in ("mostly-formulas", "no-unicode")


def test_text_upside_down_is_rejected(tmp_path):
    with pymupdf.open() as document:
        page = document.new_page()
        turned = pymupdf.Matrix(1, 0, 0, -1, 0, 0)
        for number, row in enumerate(wrapped(" ".join(STORIES), 60)):
            at = pymupdf.Point(72, 100 + 14 * number)
            page.insert_text(at, row, fontsize=11, morph=(at, turned))
        document.save(tmp_path / "m.pdf")
    with pytest.raises(Rejected) as failure:
        read(tmp_path / "m.pdf")
    assert failure.value.reason == "mirrored-text"


def test_labels_between_drawings_are_a_diagram():
    boxes = [
        (50 + 80 * i, 100 + 60 * j, 110 + 80 * i, 140 + 60 * j) for i in range(4) for j in (0, 1)
    ]
    links = [(110 + 80 * i, 115, 130 + 80 * i, 125) for i in range(3)]
    labels = [line(f"part {i}", b[0] + 10, b[1] + 20) for i, b in enumerate(boxes)]
    assert label_share(labels, boxes + links) > 0.9
    text = column(50, 300, wrapped(" ".join(STORIES), 60))
    assert label_share(labels + text, boxes + links) < 0.1


@pytest.mark.parametrize("style", [{"size": 14.0}, {"bold": True}])
def test_roles_of_many_headings_are_found_at_once(style):
    """They were compared with one another: 49 s for 4,000 of them."""
    style = {"size": 10.0, "words": (), **style}
    rows = [
        TextRow(f"Name {i}", (50.0, i, 99.0, i + 9.0), baseline=i + 7.0, **style)
        for i in map(float, range(3000))
    ]
    frame = PageFrame(10.0, 4000.0, frozenset(), frozenset())
    started = time.process_time()
    found = with_roles([Block((row,)) for row in rows], frame)
    assert time.process_time() - started < 2
    assert len(found) == 3000
