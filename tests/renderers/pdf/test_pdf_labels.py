"""Labels in the margin, rows that end early, authors below a title, headings in italics."""

from renderers.pdf.text import page_text
from tests.renderers.pdf.pdf_inputs import latex, read
from tests.renderers.pdf.placed_lines import column, line

MANUAL = r"""\documentclass{article}\pagestyle{empty}
\newcommand\entry[1]{\noindent\llap{\texttt{#1}\hskip 6pt}}
\begin{document}
\parindent=0pt \parskip=9pt \hsize=300pt
\entry{openfile}The command opens the file that was named and waits until the rest of it can be
read by the program without any further question.

All that was written is kept in the folder of the user, where it stays until the next day, when it
is deleted with the other files.

The following paragraph has no label and is set in the usual way below the other ones.
\end{document}"""


def test_a_label_in_the_margin_does_not_split_its_paragraph(tmp_path):
    lines = read(latex(tmp_path, MANUAL)).text.split("\n")
    assert lines[0].startswith("openfile The command opens")
    assert lines[0].endswith("without any further question.")
    assert lines[1].startswith("All that was")
    assert lines[1].endswith("with the other files.")
    assert len(lines) == 3


def test_a_row_may_begin_with_a_quotation_within_a_sentence():
    rows = [
        "The package removes what is not needed, to avoid the",
        "“out of space” error of the program. Then it goes on with the rest of",
        "the pages that were not read before, and the work of the day is done.",
    ]
    assert page_text(column(72, 100, rows), 800).text.count("\n") == 0


AUTHORS = r"""\documentclass{article}\pagestyle{empty}\usepackage[T1]{fontenc}
\title{The Scripts of Euler}
\author{Frank First\qquad\qquad\qquad Rainer Second\\Michael Third\\Revised by David Fourth}
\date{Version 3.00}
\begin{document}\maketitle
\section{Introduction}
This package was written by the first of them; later it was moved into the fonts of the society
with only minor changes, as the reader will see.
\end{document}"""


def test_authors_beside_each_other_are_no_headings(tmp_path):
    page = read(latex(tmp_path, AUTHORS), markdown=True)
    heads = [text for text in page.text.split("\n") if text.startswith("#")]
    assert heads == ["# The Scripts of Euler", "## 1 Introduction"]


NEWS = r"""\documentclass{article}\pagestyle{empty}\usepackage[T1]{fontenc}\parindent=0pt
\begin{document}
\textit{Changing the case of text}\par\medskip
The team have renamed the functions that change the case of letters, and they have moved them into
a new module, which is now the home of all functions for texts.\par\bigskip
\textbf{3 How to use the package.}\par\medskip
It is loaded in the usual way, \textit{without any options}, before the other packages of the
document are loaded, so that they find what they need.\par\bigskip
\textit{The whole of this short paragraph is set in italics.}\par\medskip
It is not the heading of what follows, because it ends like a sentence, and so it stays in the
text of the page as a paragraph.
\end{document}"""


def test_headings_in_italics_and_with_a_full_stop(tmp_path):
    page = read(latex(tmp_path, NEWS), markdown=True)
    heads = [text for text in page.text.split("\n") if text.startswith("#")]
    assert heads == ["# Changing the case of text", "# 3 How to use the package."]


HEAD = r"""\documentclass{article}\pagestyle{empty}
\begin{document}
\setcounter{section}{1}\section{Implementation}
\subsection{The 2 checks before it is loaded}
The first of them looks whether the file is there, and the second one whether it is the right one
for the version of the program that reads it.
\end{document}"""


def test_a_section_at_the_head_of_a_page_is_no_running_header(tmp_path):
    page = read(latex(tmp_path, HEAD), markdown=True)
    heads = [text for text in page.text.split("\n") if text.startswith("#")]
    assert heads == ["# 2 Implementation", "## 2.1 The 2 checks before it is loaded"]


SET_OFF = r"""\documentclass{article}\pagestyle{empty}
\begin{document}\parindent=0pt \parskip=9pt \hsize=300pt
\textsc{Changes of the Last Year}

The program reads the files that were named and waits until the rest of them can be read without
any further question by the user.

{\large\texttt{openfile}}

The command opens the file that was named, and the other ones of the folder are read after it, as
they were in the last version.

REPORTING ERRORS

Errors are sent to the address that is in the file, with the version of the program and what was
seen on the screen when it stopped.

\textbf{Known faults:}

The program stops if there is no file with the name that was given, and does not say so before the
rest of the files was read.
\end{document}"""


def test_headings_in_small_capitals_typewriter_and_capitals_and_labels_with_a_colon(tmp_path):
    page = read(latex(tmp_path, SET_OFF), markdown=True)
    heads = [text.lstrip("# ") for text in page.text.split("\n") if text.startswith("#")]
    assert heads == [
        "Changes of the Last Year",
        "`openfile`",
        "REPORTING ERRORS",
        "Known faults:",
    ]
    roles = [r.role for r in page.picture.regions if r.parent is None]
    assert roles == ["section_header", "paragraph"] * 4


def test_a_row_of_chinese_with_a_name_in_capitals_is_no_heading():
    rows = ["使用 LATEX", "在一个阳光明媚的早晨，老人沿着河边的小路慢", "慢地走着。"]
    lines = [*column(72, 100, rows[:1], advance=1.0), *column(72, 130, rows[1:], advance=1.0)]
    assert [block.role for block in page_text(lines, 800).blocks] == ["paragraph", "paragraph"]


def wide(texts, y=132, leading=24.0, size=14):
    return column(72, y, texts, leading=leading, size=size, advance=1.0)


def test_a_chinese_title_of_two_characters_is_no_part_of_the_first_item():
    items = wide(["• 语言系统", "• 服务于人", "• 选择工具"])
    text = page_text([line("目录", 72, 108, size=20, advance=1.0), *items], 400).text
    assert text.split("\n") == ["目录", "• 语言系统", "• 服务于人", "• 选择工具"]


def test_items_with_the_marks_of_slides_are_lines_of_their_own():
    for mark in "▸►▶∗":
        rows = [f"{mark} {text} of the work" for text in ("Created part", "Other parts", "The end")]
        read = page_text(column(72, 132, rows, leading=24.0, size=14), 400).text
        assert read.split("\n") == rows


def test_the_mark_of_an_item_needs_no_space():
    rows = ["▶因为条件的要求，使用一次", "▶要求一次使用，因为条件多", "▶使用条件，因为一次的要求"]
    assert page_text(wide(rows), 400).text.split("\n") == rows


def test_names_below_each_other_in_a_narrow_column_are_no_paragraph():
    names = ["语言系统", "服务于人", "选择工具", "怎样使用", "其他"]
    assert page_text(wide(names), 400).text.split("\n") == names
    # narrow text has rows close to each other
    assert page_text(wide(names, leading=18.0), 400).text == "".join(names)
    # and text with loose rows is wider
    rows = ["语言系统服务于人选择工具", "怎样使用才能得到更多的字", "而其他的人没有这样的工具"]
    assert page_text(wide(rows), 400).text == "".join(rows)


def test_a_sentence_in_a_narrow_column_with_loose_rows_goes_on():
    rows = ["The house", "was built", "in the year", "of the war"]
    assert "\n" not in page_text(column(72, 100, rows, leading=18.0), 400).text


def test_numbers_and_lists_in_a_narrow_column_with_loose_rows_go_on():
    series = [str(number) for number in range(53, 61)]
    assert page_text(column(72, 100, series, leading=18.0), 400).text == " ".join(series)
    names = ["dim, dim<-,", "names, names<-,", "levels<-, @<-,"]
    assert page_text(column(72, 100, names, leading=18.0), 400).text == " ".join(names)


def test_running_text_in_a_narrow_column_with_loose_rows_is_a_paragraph():
    text = "使用条件因为一次的要求才能得到更多的字" * 4
    rows = [text[i : i + 8] for i in range(0, len(text), 8)]
    assert page_text(wide(rows), 400).text == text
    rows = ["the house was", "built when the", "old town of", "Bremen still", "had its walls"]
    assert page_text(column(72, 100, rows, leading=18.0), 400).text == " ".join(rows)
