"""Leaders of dots in texts, and in the pages that are written without them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from renderers.leaders import has_leader, without_leaders
from renderers.pdf.blocks import Block, Table
from renderers.pdf.entries import LEADER
from renderers.pdf.leaders import blocks_without_leaders
from renderers.pdf.page import DocumentPage
from renderers.pdf.rows import TextRow, Word
from renderers.roles import PARAGRAPH, TABLE
from tests.renderers.pdf.drawn_pages import drawn, set_rows
from tests.renderers.pdf.pdf_inputs import read

FILLER = "The rest of the page has some more words so that it is long enough to be read."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2.2 Of streams . . . . . . . . 33", "2.2 Of streams 33"),
        ("2.2 Of streams ........33", "2.2 Of streams 33"),
        ("Wright, Joseph. . . . . . . .1", "Wright, Joseph 1"),
        ("第一章 引言·········3", "第一章 引言 3"),
        ("第一章 引言…………3", "第一章 引言 3"),
        ("第一章 引言⋯⋯⋯⋯3", "第一章 引言 3"),
        ("options . . 125, 3", "options 125, 3"),
        ("\\LaTeX . . . . . 50, 70 \\LaTeXe . . 44", "\\LaTeX 50, 70 \\LaTeXe 44"),
        ("Name: ..............", "Name:"),
        ("a\n. . . . . . . .\nb", "a\nb"),
        ("f(1) = 0. · · · · · · (1分)", "f(1) = 0. (1分)"),
        ("\\section*........5", "\\section* 5"),
    ],
)
def test_leaders(text: str, expected: str) -> None:
    assert has_leader(text)
    assert without_leaders(text) == expected
    assert not has_leader(expected)


@pytest.mark.parametrize(
    "text",
    [
        "He said . . . nothing.",
        "He said. . . . Then he left.",
        "He waited....",
        "他说……然后走了。",
        "the digits 0 . . . 9",
        "x1, . . . , xn",
        "i = 36, 35, . . . 19",
        "分别以(a)、(b)、(c)......作为",
        "他说………然后走了。",
        "a1 + ⋯ + an = 3",
        "他说⋯⋯然后走了。",
        "The dots in {.....} are squares.",
        "... ... ... ...",
        "n = p1 ·...· pk",
        "no public use... ....but read on",
        "version 1.2.3.4.5.6",
        "• • • • • •",
        "",
    ],
)
def test_what_is_no_leader(text: str) -> None:
    assert not has_leader(text)
    assert without_leaders(text) == text


@pytest.mark.parametrize("text", ["\\name . 620, 635", "\\other . . . .", "16.3 Cases. . . . 9"])
def test_rows_with_few_dots_are_entries_whose_dots_stay(text: str) -> None:
    assert LEADER.search(text)
    assert not has_leader(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**1 Intro** **. . . . . .** **5**", "**1 Intro** **5**"),
        ("`\\def` `......` 145", "`\\def` 145"),
        ("`\\section*` . . . . . 5", "`\\section*` 5"),
        ("**3.1 Intro . . . . . .** 14", "**3.1 Intro** 14"),
        ("**3.1 Intro** . . . . . .**14**", "**3.1 Intro** **14**"),
        ("**Preface** *. . . . . . ix*", "**Preface** *ix*"),
        ("**A** **. . . . . . 10**", "**A** **10**"),
        ("**A . . . . . 1** *B . . . . .* 2", "**A 1** *B* 2"),
        ("\\*A . . . . . .*1*", "\\*A *1*"),
    ],
)
def test_emphasis_around_leaders_is_left_closed(text: str, expected: str) -> None:
    assert without_leaders(text, markdown=True) == expected


def test_rows_of_a_table_that_have_only_leaders_are_left_out() -> None:
    cells = (("Name", "Age"), (". . . . .", ". . . . ."), ("", ""), ("Ada .........", "36"))
    rows = [TextRow(" ".join(row), (0, 0, 9, 9), 10, 9, ()) for row in cells]
    table = Block(tuple(rows), TABLE, table=Table(cells, headers=1))
    (found,) = blocks_without_leaders([table])
    assert found.table == Table((("Name", "Age"), ("", ""), ("Ada", "36")), headers=1)
    dots = Block((rows[1],), TABLE, table=Table(cells[1:2]))
    assert blocks_without_leaders([dots]) == []


ROWS = ["1 Of leaders . . . . . . . . . . . . . . . . 12", "2 Of dots .................... 345"]


def test_the_option_leaves_leaders_out_of_the_text_and_the_regions(tmp_path: Path) -> None:
    """Forms of `retarget` and crops are made of regions."""
    path = drawn(tmp_path / "a.pdf", set_rows([*ROWS, FILLER]))
    assert ". . . ." in read(path).text
    whole = [r.bbox for r in read(path).picture.regions if r.role == "line"]
    for settings in ({}, {"keep_rows": True}, {"markdown": True}):
        page = read(path, drop_leaders=True, **settings)
        assert "1 Of leaders 12" in page.text
        assert "2 Of dots 345" in page.text
        assert FILLER in page.text
    lines = [r for r in page.picture.regions if r.role == "line"]
    assert [r.text for r in lines] == ["1 Of leaders 12", "2 Of dots 345", FILLER]
    assert [r.bbox for r in lines] == whole  # of the rows as they are drawn
    words = [r.text for r in page.picture.regions if r.role == "word"]
    assert words[:8] == ["1", "Of", "leaders", "12", "2", "Of", "dots", "345"]


def test_a_word_around_a_leader_becomes_two() -> None:
    """Some programs put no space before and after the dots."""
    text = "On dots............34 5"
    words = (Word("On", (0, 0, 8, 9)), Word("dots............34", (10, 0, 34, 9)),
             Word("5", (36, 0, 40, 9)))  # fmt: skip
    row = TextRow(text, (0, 0, 40, 9), 10, 9, words)
    (found,) = blocks_without_leaders([Block((row,), PARAGRAPH)])
    (kept,) = found.rows
    assert kept.text == "On dots 34 5"
    assert kept.box == row.box
    # 12 dots are as wide as 6 letters: two points a letter
    assert kept.words == (
        Word("On", (0, 0, 8, 9)), Word("dots", (10, 0, 18, 9)), Word("34", (30, 0, 34, 9)),
        Word("5", (36, 0, 40, 9)),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "monospaced", "ends"),
    [
        ("结果······", False, [4]),  # a word of Chinese characters has even steps
        ("结果……………", False, [4]),
        ("ab......", True, [4]),
        ("ab⋯⋯⋯⋯⋯", False, [2]),  # of a Latin font: each as wide as two letters
        ("......ab......", True, [16]),
    ],
)
def test_a_word_is_as_wide_as_its_letters(text: str, monospaced: bool, ends: list[float]) -> None:
    """Of a run of equally wide signs a dot was taken for half a letter."""
    widths = {"ab⋯⋯⋯⋯⋯": 12.0}
    word = Word(text, (0, 0, widths.get(text, 2.0 * len(text)), 9))
    rest = Word("12", (40, 0, 44, 9))
    row = TextRow(f"{text} 12", (0, 0, 44, 9), 10, 9, (word, rest), monospaced=monospaced)
    (found,) = blocks_without_leaders([Block((row,), PARAGRAPH)])
    (kept,) = found.rows
    assert [w.box[2] for w in kept.words] == [*ends, 44]


def test_words_of_cells_are_without_leaders() -> None:
    cells = (("Ada .........", "36"),)
    words = ((
        (Word("Ada", (0, 0, 6, 9)), Word(".........", (7, 0, 20, 9))), (Word("36", (30, 0, 34, 9)),)
    ),)  # fmt: skip
    row = TextRow("Ada ......... 36", (0, 0, 34, 9), 10, 9, ())
    (found,) = blocks_without_leaders([Block((row,), TABLE, table=Table(cells, words=words))])
    assert found.table is not None
    assert found.table.cells == (("Ada", "36"),)
    assert [[word.text for word in cell] for cell in found.table.words[0]] == [["Ada"], ["36"]]


def test_programs_keep_their_dots(tmp_path: Path) -> None:
    code = ["def wait(n):", "    print\\('........ 12'\\)", "    return n"]
    courier = "<</Type/Font/Subtype/Type1/BaseFont/Courier>>"
    stream = set_rows([*ROWS, FILLER]) + set_rows(code, y=640, font="F2", size=10)
    path = drawn(tmp_path / "a.pdf", stream, fonts={"F2": courier})
    page = read(path, drop_leaders=True)
    assert "1 Of leaders 12" in page.text
    assert "........ 12" in page.text


def in_typewriter(path: Path, rows: Sequence[str]) -> DocumentPage:
    """A page with rows in a typewriter font below others, read without leaders."""
    escaped = [re.sub(r"([\\()])", r"\\\1", row) for row in rows]
    courier = "<</Type/Font/Subtype/Type1/BaseFont/Courier>>"
    stream = set_rows([FILLER] * 3) + set_rows(escaped, y=640, font="F2", size=10)
    page: DocumentPage = read(drawn(path, stream, fonts={"F2": courier}), drop_leaders=True)
    return page


def test_an_index_in_a_typewriter_font_is_no_program(tmp_path: Path) -> None:
    """Nor are its letters, names with few dots or without, and further numbers."""
    entries = ["\\unvbox . . . . . . . . . . 20", "V", "\\vrule . . . . . . . . 2320,", "2325"]
    entries += ["\\vss:a_long_name . 7, 91", "\\vss", "in boxes . . . . . . . . . 3208"]
    page = in_typewriter(tmp_path / "a.pdf", entries)
    expected = ["\\unvbox 20", "V", "\\vrule 2320,", "2325"]
    expected += ["\\vss:a_long_name . 7, 91", "\\vss", "in boxes 3208"]
    assert page.text.split("\n")[-7:] == expected
    assert "code" not in {r.role for r in page.picture.regions}


@pytest.mark.parametrize(
    "rows",
    [
        ["for i in range(9):", "    x = a[1]", "    # width ........ 80", "    print(x)"],
        ["f = g . h", "k = map f . 3", "m = k . 12", "n = fold m . 4"],
        ["print $a . 5", "print $b . 6"],
        ["# width ........ 80", "# height ....... 25", *(f"x = {name}(x)" for name in "abcdefgh")],
        ["Total ............ 12.50", "Tax .............. 1.20", "Sum .............. 13.70"],
    ],
)
def test_rows_of_programs_may_lead_to_numbers(tmp_path: Path, rows: list[str]) -> None:
    page = in_typewriter(tmp_path / "a.pdf", rows)
    assert page.text.split("\n")[-len(rows) :] == [row.strip() for row in rows]
    roles = {r.text: r.role for r in page.picture.regions if r.role == "code"}
    assert list(roles) == [row.strip() for row in rows]


@pytest.mark.parametrize("dot", [".", "\\264"])
def test_entries_are_lines_of_their_own_whatever_their_dots(tmp_path: Path, dot: str) -> None:
    names = ["Of the first kind", "Of the second kind", "Of the third kind", "Of others"]
    rows = [f"{name} {' '.join([dot] * (70 - len(name)))} {10 + i}" for i, name in enumerate(names)]
    page = read(drawn(tmp_path / "a.pdf", set_rows([*rows, FILLER])), drop_leaders=True)
    entries = [f"{name} {10 + i}" for i, name in enumerate(names)]
    assert page.text.split("\n") == [*entries, FILLER]


def test_entries_with_few_dots_are_lines_of_their_own(tmp_path: Path) -> None:
    entries = [
        "classes of documents, of letters, of sheets and of further papers, too . . 12, 30",
        "classes of documents in which nothing of all that has been said is seen . 7, 19",
    ]
    prose = ["They read them again and again, and all of the values were between 0 . . . 9", FILLER]
    page = read(drawn(tmp_path / "a.pdf", set_rows([*entries, *prose])))
    assert page.text.split("\n") == [*entries, " ".join(prose)]
