"""Margin notes are read after the paragraph next to them, never between its rows."""

from renderers.pdf.characters import Line
from renderers.pdf.margin import margin_notes, note_position
from renderers.pdf.text import page_text
from tests.renderers.pdf.pdf_inputs import latex, read

FIRST = (
    "The river rises among low hills and turns twice before it reaches the plain, where the"
    " old road crosses it on a bridge of seven arches. Two mills stood below the bridge until"
    " the flood took the second one away, and with it the garden of the keeper, which"
    " had been known for its plums."
)
SECOND = (
    "Beyond the bridge the fields are flat and wet in spring. Herons stand in them for hours,"
    " and nobody has ever seen one of them catch anything there. The farmers say that they"
    " count the cattle, and that the count is always right. In the last week of May they"
    " leave, on one day, and come back when the hay is in."
)
NOTE = "The birds were counted here every day for a year."


def page_with_notes(folder, setting, first_note, second_note):
    return latex(
        folder,
        rf"""\documentclass{{article}}
\usepackage[a4paper,textwidth=300pt,marginparwidth=80pt,marginparsep=10pt]{{geometry}}
\hyphenpenalty=10000 \tolerance=9999 \pagestyle{{empty}} {setting}
\begin{{document}}
{FIRST.replace("seven", first_note + "seven")}

{SECOND.replace("catch", second_note + "catch")}
\end{{document}}""",
    )


def test_notes_of_one_and_three_rows_follow_their_paragraphs(tmp_path):
    short = r"\marginpar{A note}"
    long = rf"\marginpar{{\footnotesize\raggedright {NOTE}}}"
    for setting in ("", r"\reversemarginpar"):
        page = read(page_with_notes(tmp_path, setting, short, long))
        assert page.text == f"{FIRST}\nA note\n{SECOND}\n{NOTE}"
        assert page.flows == 3


def test_a_description_list_keeps_its_labels(tmp_path):
    path = latex(
        tmp_path,
        rf"""\documentclass{{article}}
\usepackage[a4paper,textwidth=300pt]{{geometry}}
\hyphenpenalty=10000 \tolerance=9999 \pagestyle{{empty}}
\begin{{document}}
\begin{{list}}{{}}{{\leftmargin=70pt \labelwidth=60pt \labelsep=10pt}}
\item[River\hfill] {FIRST}
\item[Fields\hfill] {SECOND}
\end{{list}}
\end{{document}}""",
    )
    starts = [line.split()[:2] for line in read(path).text.splitlines()]
    assert ["River", "The"] in starts
    assert ["Fields", "Beyond"] in starts


def test_formula_numbers_stay_in_their_rows(tmp_path):
    path = latex(
        tmp_path,
        rf"""\documentclass{{article}}
\usepackage[a4paper,textwidth=300pt]{{geometry}}
\hyphenpenalty=10000 \tolerance=9999 \pagestyle{{empty}}
\begin{{document}}
{FIRST}
\begin{{equation}} a = b + c \end{{equation}}
{SECOND}
\end{{document}}""",
    )
    assert "a = b + c (1)" in read(path).text.splitlines()


def test_where_a_note_is_read():
    """Two columns of one paragraph each; boxes are x0, y0, x1, y1."""
    left = [(100.0, 100.0, 200.0, 110.0), (100.0, 112.0, 200.0, 122.0)]
    right = [(220.0, 100.0, 320.0, 110.0), (220.0, 112.0, 320.0, 122.0)]
    assert note_position((40.0, 113.0, 90.0, 121.0), [left, right]) == 1
    assert note_position((330.0, 101.0, 390.0, 109.0), [left, right]) == 2
    assert note_position((330.0, 80.0, 390.0, 88.0), [left, right]) == 1  # above: before
    assert note_position((40.0, 101.0, 90.0, 109.0), [left, right]) == 0  # a label: before


def line(text, x, y, monospaced=False):
    """A line of 10 points whose characters are 5 points apart."""
    boxes = tuple((x + 5.0 * i, y - 9, x + 5.0 * i + 5, y + 3) for i in range(len(text)))
    box = (x, y - 9, x + 5.0 * len(text), y + 3)
    return Line(text, boxes, 10.0, y, True, monospaced, box, y - 7.5, y + 2)


def notes_among_rows(text, x, **settings):
    """Ten rows from 100 to 300 points, and `text` drawn after the fourth, level with it."""
    body = [line("x" * 40, 100.0, 100.0 + 12 * row) for row in range(10)]
    body[3] = line("x" * 40, 100.0, 136.0, **settings)
    return margin_notes([*body[:4], line(text, x, 136.0, **settings), *body[4:]])


def test_what_is_a_note():
    assert notes_among_rows("a note", 310.0) == [[4]]
    assert notes_among_rows("a note", 60.0) == [[4]]


def test_a_note_is_clear_of_the_edge_although_marks_hang_over_it():
    """Some rows end two points further right, so that the note would be a word of the row."""
    rows = [line("x" * 40, 100.0, 100.0 + 12 * row) for row in range(10)]
    hanging = [line("x" * 40, 102.0, 220.0 + 12 * row) for row in range(2)]
    assert margin_notes([*rows[:4], line("a note", 308.0, 136.0), *rows[4:], *hanging]) == [[4]]


def test_chinese_marks_may_hang_over_the_edge():
    rows = [line("x" * 40, 100.0, 100.0 + 12 * row) for row in range(10)]
    hanging = [line("x" * 39 + "，", 110.0, 220.0 + 12 * row) for row in range(2)]
    assert margin_notes([*rows[:4], line("a note", 310.0, 136.0), *rows[4:], *hanging]) == [[4]]


def test_fields_of_a_note_are_lines_of_their_own():
    rows = [line("x" * 40, 100.0, 100.0 + 12 * row) for row in range(10)]
    fields = ["New: 2021-09", "Updated: 2022"]
    note = [line(text, 310.0, 136.0 + 12 * row) for row, text in enumerate(fields)]
    assert page_text([*rows[:4], *note, *rows[4:]], 800).text.split("\n")[1:] == fields


def test_what_is_none():
    assert notes_among_rows("a note", 304.0) == []  # as near as a word of the row
    assert notes_among_rows("(12)", 310.0) == []
    assert notes_among_rows("xiv", 310.0) == []
    assert notes_among_rows("a column as wide as text", 310.0) == []
    assert notes_among_rows("} % rest", 310.0, monospaced=True) == []


def test_cells_drawn_row_by_row_are_no_notes():
    lines = []
    for row in range(10):
        lines += [line("x" * 40, 100.0, 100.0 + 12 * row), line("cell", 310.0, 100.0 + 12 * row)]
    assert margin_notes(lines) == []
