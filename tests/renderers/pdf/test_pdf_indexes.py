"""Rows of indexes and of programs between sentences, as manuals of TeX packages have them."""

from __future__ import annotations

from pathlib import Path

import pymupdf
import pytest

from renderers.pdf.text import page_text
from tests.renderers.pdf.pdf_inputs import CHINESE, ENGLISH, read
from tests.renderers.pdf.placed_lines import line

Row = tuple[float, str, str]
"""Left edge, font, text."""
TEXT, CODE = "times-roman", "cour"
WORDS = ENGLISH.split()


def drawn(path: Path, columns: list[list[Row]], foot: str = "", size: float = 10) -> Path:
    """Rows of columns below each other, and a page number at 0.86 of the height."""
    with pymupdf.open() as document:
        page = document.new_page(width=595, height=842)
        for rows in columns:
            for i, (x, font, text) in enumerate(rows):
                page.insert_text((x, 110 + 12 * i), text, fontname=font, fontsize=size)
        if foot:
            page.insert_text((292, 732), foot, fontname=TEXT, fontsize=size)
        document.save(path)
    return path


def entry(x: float, name: str, numbers: str, end: float, dots: bool = True) -> Row:
    """A name and page numbers that end at `end`, with dots between them if there is room."""
    room = end - x - pymupdf.get_text_length(f"{name} {numbers}", TEXT, 10)
    leader = " ." * int(room / 5) if dots else ""
    return x, TEXT, f"{name}{leader} {numbers}"


def test_entries_of_an_index_are_lines_and_its_page_number_is_last(tmp_path: Path) -> None:
    left = [
        (155.0, TEXT, "M"),
        entry(72, "\\make@footnote@endnote@of@section", "820,", 250),
        (107.0, TEXT, "1989, 2601"),
        entry(72, "makebst.tex", "24", 250),
        entry(72, "\\marginparsep", "908, 951, 1001,", 250),
        (107.0, TEXT, "1113, 1342, 2680"),
        entry(72, "\\marginparwidth", "901, 905, 944,", 250),
        (107.0, TEXT, "948, 994, 998, 1106, 1110, 1335"),
        (107.0, TEXT, "1339, 2673, 2677"),
        entry(72, "\\bibliography@close@of@natbib", "808, 2589", 250, dots=False),
        entry(72, "\\bibliography@mcite", "35", 250),
        (155.0, TEXT, "N"),
        entry(72, "\\natbib@close", "12", 250),
    ] + [entry(72, f"\\name{i}", f"{i}", 250) for i in range(30, 67)]
    right = [entry(310, f"\\other{i}", f"{i}", 490) for i in range(40, 89)]
    page = read(drawn(tmp_path / "a.pdf", [left, right], "86"))
    lines = page.text.split("\n")
    dotless = [" ".join(line.replace(" .", "").split()) for line in lines]
    assert dotless[:10] == [
        "M",
        "\\make@footnote@endnote@of@section 820, 1989, 2601",
        "makebst.tex 24",
        "\\marginparsep 908, 951, 1001, 1113, 1342, 2680",
        "\\marginparwidth 901, 905, 944, 948, 994, 998, 1106, 1110, 1335 1339, 2673, 2677",
        "\\bibliography@close@of@natbib 808, 2589",
        "\\bibliography@mcite 35",
        "N",
        "\\natbib@close 12",
        "\\name30 30",
    ]
    assert dotless[-2:] == ["\\other88 88", "86"]
    assert "page_number" in [r.role for r in page.picture.regions if r.text == "86"]


@pytest.mark.parametrize("numbers", [True, False])
def test_a_program_after_the_short_end_of_a_sentence(tmp_path: Path, numbers: bool) -> None:
    """No two rows end at one place but those of the program."""
    prefix = "38{} " if numbers else ""
    rows = [
        (72.0, TEXT, "The rest of the package follows here, with all that the kernel needs of it,"),
        (72.0, TEXT, "and what remains of the code."),
        (72.0, CODE, prefix.format(3) + "%<*package>"),
        (72.0, TEXT, "Currently, there is little of it."),
        (72.0, CODE, prefix.format(4) + "%</package>"),
        (72.0, TEXT, "Alter the formatting in arrays; set them tight."),
        (72.0, CODE, prefix.format(5) + "%</kernel>"),
    ]
    page = read(drawn(tmp_path / "a.pdf", [rows]))
    assert page.text.split("\n") == [f"{rows[0][2]} {rows[1][2]}", *(r[2] for r in rows[2:])]


def test_numbered_rows_of_a_program_in_a_proportional_font(tmp_path: Path) -> None:
    """The rows of one length would be a paragraph; numbers alone are those of lines beside it."""
    program = [(72.0, TEXT, f"{i} the box of width {i} is set below") for i in range(97, 104)]
    text = [(72.0, TEXT, " ".join(WORDS[i : i + 14])) for i in range(0, 56, 14)]
    page = read(drawn(tmp_path / "a.pdf", [[*program, *text]]))
    assert page.text.split("\n")[:7] == [row[2] for row in program]


def test_two_numbered_rows_among_text_are_lines(tmp_path: Path) -> None:
    """They fill their column, as the rows of a paragraph do."""
    program = [(72.0, TEXT, f"{i} the box is set below, at its width of {i}") for i in (17, 18)]
    text = [(72.0, TEXT, " ".join(WORDS[i : i + 6])) for i in range(0, 48, 6)]
    page = read(drawn(tmp_path / "a.pdf", [[*text, (72.0, TEXT, ""), *program]]))
    assert page.text.split("\n")[-2:] == [row[2] for row in program]


def test_a_sentence_among_rows_of_a_program_that_are_shorter(tmp_path: Path) -> None:
    """Near it all rows end where those of the program do; the column is wider."""
    full = [(72.0, TEXT, "The rest of the package follows here, with all that the kernel needs")]
    program = [(72.0, CODE, f"\\set{{{i}}}{{one}}") for i in range(20, 32)]
    sentence = "Here is the tail of all."
    rows = [*full * 4, *program, (72.0, TEXT, ""), (72.0, TEXT, sentence), *program]
    page = read(drawn(tmp_path / "a.pdf", [rows]))
    assert sentence in page.text.split("\n")


def test_centered_rows_are_apart_from_the_text_below(tmp_path: Path) -> None:
    rows = [(250.0, TEXT, "Department of Nothing")]
    rows += [(72.0, TEXT, " ".join(WORDS[i : i + 17])) for i in range(0, 68, 17)]
    page = read(drawn(tmp_path / "a.pdf", [rows]))
    assert page.text.split("\n")[0] == "Department of Nothing"


def test_a_name_that_reaches_into_the_next_column_does_not_divide_both(tmp_path: Path) -> None:
    long = "\\frontmatter@footnote@produce@footnotes@of"
    left = [entry(72, f"\\name{i}", f"{i}", 250) for i in range(30, 60)]
    left[7:9] = [(72.0, TEXT, long), entry(107, "", "1732", 250)]
    right = [entry(262, f"\\other{i}", f"{i}", 440) for i in range(40, 70)]
    right[7] = (292.0, TEXT, "1426, 1427")
    end = 72 + pymupdf.get_text_length(long, TEXT, 10)
    assert 262 < end < 272
    page = read(drawn(tmp_path / "a.pdf", [left, right]))
    lines = [" ".join(line.replace(" .", "").split()) for line in page.text.split("\n")]
    assert lines[7] == f"{long} 1732"
    assert lines[-1] == "\\other69 69"
    assert [line.split()[1] for line in lines[:7]] == [str(i) for i in range(30, 37)]
    assert [line.split()[1] for line in lines[8:29]] == [str(i) for i in range(39, 60)]


def test_an_indented_row_that_ends_before_a_long_address_is_not_centered(tmp_path: Path) -> None:
    address = "http://www.example.org/documentation/packages/"
    han = (CHINESE * 9)[:300]
    room = int((420 - pymupdf.get_text_length(address, TEXT, 10)) / 10) - 1
    texts = [han[:36], "", *(han[100 + 42 * i : 142 + 42 * i] for i in range(4))]
    path = tmp_path / "a.pdf"
    with pymupdf.open() as document:
        page = document.new_page(width=595, height=842)
        for i, text in enumerate(texts):
            page.insert_text((92 if i == 0 else 72, 110 + 16 * i), text, fontname="china-s",
                             fontsize=10)  # fmt: skip
        page.insert_text((72, 126), address, fontname=TEXT, fontsize=10)
        page.insert_text((492 - 10 * room, 126), han[40 : 40 + room], fontname="china-s",
                         fontsize=10)  # fmt: skip
        document.save(path)
    assert read(path).text.count("\n") == 0


def test_entries_with_following_pages_are_lines_of_their_own():
    ends = {"name": "4, 6 f., 11", "normal": "16, 18 ff.", "number": "12"}
    rows = [f"{name} . . . . . . . . . . . . {pages}" for name, pages in ends.items()]
    lines = [line(text, 50, 100 + 12 * i, advance=20 / len(text)) for i, text in enumerate(rows)]
    assert page_text(lines, 800).text.split("\n") == rows
