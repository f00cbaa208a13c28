"""Whole pages against text written by hand."""

import pymupdf
import pytest

from renderers.pdf.character_reader import read_characters
from tests.renderers.pdf.pdf_inputs import html, latex, read

TWO_COLUMNS = r"""
\documentclass[twocolumn,10pt]{article}
\usepackage[textwidth=360pt,textheight=300pt]{geometry}
\setlength{\columnsep}{14pt}
\hyphenpenalty=10000 \tolerance=9999 \emergencystretch=3em
\pagestyle{plain}
\title{On the Order of Reading}\author{A. Writer}\date{May 2020}
\begin{document}
\twocolumn[\maketitle]
\section{First}
The quick brown fox jumps over the lazy dog and runs into the wood, where it is
dark and no one can see it for a while. Then it comes back to the house\footnote{This is the
note.} and sleeps by the fire until the morning.

A second paragraph begins here with the letters of the field, and it has more than
one row so that the column is full of words.
\newpage
\section{Second}
The right column is read after the left one has come to its end. It holds an efficient
office with the ligatures of the font, which are written out as letters.
\end{document}
"""


def test_two_column_paper(tmp_path):
    page = read(latex(tmp_path, TWO_COLUMNS))
    assert page.lang == "en"
    assert page.text.split("\n") == [
        "On the Order of Reading",
        "A. Writer",
        "May 2020",
        "1 First",
        "The quick brown fox jumps over the lazy dog and runs into the wood, where it is"
        " dark and no one can see it for a while. Then it comes back to the house1 and sleeps"
        " by the fire until the morning.",
        "A second paragraph begins here with the letters of the field, and it has more than"
        " one row so that the column is full of words.",
        "1This is the note.",
        "2 Second",
        "The right column is read after the left one has come to its end. It holds an efficient"
        " office with the ligatures of the font, which are written out as letters.",
        "1",
    ]


def test_hyphens_stay_and_rows_join_without_a_space_after_them(tmp_path):
    source = (
        r"\documentclass{article}\usepackage[textwidth=140pt]{geometry}\pagestyle{empty}"
        r"\begin{document}\noindent This is the representation of an extraordinarily"
        r" well-known internationalisation of the characterisation.\end{document}"
    )
    page = read(latex(tmp_path, source))
    rows = [region.text for region in page.picture.regions if region.role == "line"]
    assert any(row.endswith("-") for row in rows)
    assert page.text == "".join(row if row.endswith("-") else row + " " for row in rows).rstrip()
    assert page.text.replace("-", "").startswith("This is the representation of an extraordin")


FOOTNOTES = r"""
\documentclass{article}
\usepackage[textwidth=300pt,textheight=200pt]{geometry}
\pagestyle{headings}\markright{RUNNING HEAD}
\begin{document}
\noindent The treaty was signed in the spring.\footnote{Some say that it was the summer.} It
was broken in the autumn of the same year,\footnote{On the third of October.} and the war
that followed was the longest of them all.
\end{document}
"""


def test_footnotes_and_running_head(tmp_path):
    page = read(latex(tmp_path, FOOTNOTES))
    assert page.text.split("\n") == [
        "RUNNING HEAD 1",
        "The treaty was signed in the spring.1 It was broken in the autumn of the same year,2"
        " and the war that followed was the longest of them all.",
        "1Some say that it was the summer.",
        "2On the third of October.",
    ]


SIDEBAR = "<p style='font-size:10px'>{}</p>"
MAIN = (
    "The main text of the page is on the left, and it goes on for some rows before it comes to"
    " an end. All of it is read before the sidebar, because it is one column."
)
SIDEBAR_TEXT = "A sidebar is set in a narrow column of its own, on the right of the text."
TITLE = "The Title Goes Over Both"


def test_sidebar_is_read_after_the_text_beside_it(tmp_path):
    path = html(
        tmp_path / "sidebar.pdf",
        (f"<h2>{TITLE}</h2>", (60, 40, 540, 90)),
        (SIDEBAR.format(SIDEBAR_TEXT), (400, 100, 540, 400)),
        (SIDEBAR.format(MAIN), (60, 100, 370, 400)),
        size=(600, 450),
    )
    assert read(path).text.split("\n") == [TITLE, MAIN, SIDEBAR_TEXT]


CHAPTER = "第一章　山中"
PARAGRAPHS = (
    "从前有座山，山上有座庙，庙里有个老和尚在讲故事。他讲的是很久以前的事情，那时候山下还没有村子，只有一条小河。",
    "有一年春天，河水涨得很高，把两岸的树都淹没了。老和尚对小和尚说：“水总会退的，我们等一等。”",
)


def test_chinese_book_page(tmp_path):
    style = "font-size:12px;text-indent:2em;margin:0"
    body = "".join(f"<p style='{style}'>{p}</p>" for p in PARAGRAPHS)
    path = html(
        tmp_path / "book.pdf",
        (f"<h3>{CHAPTER}</h3>{body}", (50, 60, 310, 400)),
        ("<p style='font-size:9px'>12</p>", (170, 420, 200, 445)),
        size=(360, 460),
    )
    page = read(path, languages=("zh",))
    assert page.lang == "zh"
    assert page.text.split("\n") == ["第一章 山中", *PARAGRAPHS, "12"]


def test_rows_can_be_kept(tmp_path):
    path = html(tmp_path / "rows.pdf", (SIDEBAR.format(MAIN), (60, 60, 250, 400)))
    page = read(path, keep_rows=True)
    rows = [region.text for region in page.picture.regions if region.role == "line"]
    assert len(rows) > 3
    assert page.text == "\n".join(rows)


def test_words_stand_on_their_ink(tmp_path):
    """Between the words there is no ink, under each word there is."""
    path = html(tmp_path / "ink.pdf", (SIDEBAR.format(MAIN), (60, 60, 250, 400)))
    page = read(path)
    words = [region for region in page.picture.regions if region.role == "word"]
    assert " ".join(word.text for word in words) == MAIN
    pixels = page.picture.pixels.copy()
    assert pixels.ndim == 2
    for word in words:
        x0, y0, x1, y1 = word.bbox
        box = pixels[int(y0) : int(y1) + 1, int(x0) : int(x1) + 1]
        assert box.min() < 128
    for word in words:
        x0, y0, x1, y1 = word.bbox
        pixels[int(y0) : int(y1) + 1, int(x0) : int(x1) + 1] = 255
    assert (pixels < 128).sum() < 20


def test_chinese_characters_share_their_word_equally(tmp_path):
    path = html(
        tmp_path / "zh.pdf", (f"<p style='font-size:14px'>{PARAGRAPHS[0]}</p>", (60, 60, 500, 200))
    )
    words = [r for r in read(path).picture.regions if r.role == "word"]
    assert "".join(word.text for word in words) == PARAGRAPHS[0]
    assert max(len(word.text) for word in words) > 5
    widths = {round((r.bbox[2] - r.bbox[0]) / len(r.text), 1) for r in words if len(r.text) > 1}
    assert len(widths) == 1


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_page_is_read_as_it_is_shown(tmp_path, turn):
    import pymupdf

    path = html(tmp_path / "turned.pdf", (SIDEBAR.format(MAIN), (60, 60, 400, 400)))
    with pymupdf.open(path) as document:
        document[0].set_rotation(turn)
        document.save(tmp_path / "shown.pdf")
    from tests.renderers.pdf.pdf_inputs import reason

    assert reason(tmp_path / "shown.pdf") == "rotated-text"


def test_both_rasterizers_agree_on_where_the_ink_is(tmp_path):
    import shutil

    import numpy as np

    from renderers.pdf.raster import MuPdf, Poppler
    from vary_data.generators import sandbox

    if shutil.which("pdftoppm") is None:
        pytest.skip("needs poppler")
    path = html(tmp_path / "both.pdf", (SIDEBAR.format(MAIN), (60, 60, 400, 400)))
    one, other = (read(path, rasterizer=r) for r in (MuPdf(), Poppler(sandbox.wrap)))
    assert one.text == other.text
    assert one.picture.pixels.shape == other.picture.pixels.shape
    dark = [page.picture.pixels < 160 for page in (one, other)]
    rows = [np.flatnonzero(d.any(axis=1)) for d in dark]
    assert abs(rows[0][0] - rows[1][0]) <= 2
    assert abs(rows[0][-1] - rows[1][-1]) <= 2


def test_dpi_and_long_side_set_the_size(tmp_path):
    from renderers.pdf.raster import RasterScale

    path = html(tmp_path / "size.pdf", (SIDEBAR.format(MAIN), (20, 20, 300, 300)), size=(360, 720))
    assert read(path, scale=RasterScale(long_side=1000)).picture.pixels.shape[:2] == (1000, 500)
    assert read(path, scale=RasterScale(dpi=144)).picture.pixels.shape[:2] == (1440, 720)


def test_a_mirrored_letter_stays_in_its_word(tmp_path):
    """The logo of XeTeX, of which the first E looks to the left."""
    source = r"""\documentclass{article}\usepackage{graphicx}\pagestyle{empty}\parindent0pt
\begin{document}
The program \hbox{X\lower.5ex\hbox{\reflectbox{E}}\TeX} is one of those that can read the
fonts of the system, and it is used by many who set texts in the languages of the world.
\end{document}"""
    text = read(latex(tmp_path, source)).text
    assert text.startswith("The program XETEX is one of those that can read the fonts of the")
    assert text.endswith("who set texts in the languages of the world.")


def test_rows_of_a_typewriter_font_stand_alone_whatever_the_font_calls_itself(tmp_path):
    """Without the pitch flag of its descriptor, which many fonts lack."""
    rows = [
        "for name in names:   # of all",
        "if name in known: print(name)",
        "that is the end of it and on",
    ]
    with pymupdf.open() as made:
        page = made.new_page(width=400, height=300)
        for number, row in enumerate(rows):
            page.insert_text((40, 60 + 12 * number), row, fontname="cour", fontsize=10)
        made.save(tmp_path / "a.pdf")
    lines = [line.replace("   ", " ") for line in rows]
    assert read(tmp_path / "a.pdf").text.split("\n") == lines


def test_a_row_has_the_font_of_most_of_its_characters(tmp_path):
    # MuPDF ends a span at each space that a file leaves out.
    words = ["a", "few", "short", "words", "of", "text"]
    with pymupdf.open() as document:
        page = document.new_page()
        x = 72.0
        for word, font in (*((w, "helv") for w in words), ("typewritten", "cour")):
            page.insert_text((x, 72), word, fontname=font, fontsize=10)
            x += pymupdf.get_text_length(word, font, 10) + 2.8
        document.save(tmp_path / "a.pdf")
    with pymupdf.open(tmp_path / "a.pdf") as document:
        (line,) = read_characters(document[0].get_displaylist()).lines
    assert line.text == "a few short words of text typewritten"
    assert not line.monospaced
