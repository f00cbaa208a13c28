"""Tables with rules between their rows: at the margin, with wrapped texts, with lists in a cell."""

from renderers.pdf.text import page_text
from renderers.roles import MARGIN_NOTE
from tests.renderers.pdf.placed_lines import STORIES, column, line, wrapped


def test_the_first_column_of_a_table_at_the_margin_is_no_note():
    names = ("list", "copy", "move", "remove")
    rows, lines, ys = [], [], [100]
    for name, story in zip(names, STORIES, strict=False):
        texts = wrapped(story, 30)[:6]
        rows.append(f"{name} {' '.join(texts)}")
        lines += [line(name, 52, ys[-1] + 45), *column(150, ys[-1] + 15, texts)]
        ys.append(ys[-1] + 80)
    rules = [(50, y, 320, y + 0.5) for y in ys] + [(120, ys[0], 120.5, ys[-1])]
    page = page_text(lines, 800, rules=rules)
    assert page.text.split("\n") == rows


def test_a_note_beside_a_table_is_a_note():
    text = " ".join(STORIES)
    body = [text[i : i + 66] for i in range(0, 12 * 66, 66)]
    above, below = column(200, 80, body[:6]), column(200, 300, body[6:])
    note = column(60, 204, ["A note about the", "Table beside it"], size=8, leading=9.6)
    cells = [
        line(text, x, 204 + 20 * i)
        for i, row in enumerate((("one", "a"), ("two", "b"), ("three", "c")))
        for text, x in zip(row, (204, 304), strict=True)
    ]
    rules = [(200, y, 400, y + 0.5) for y in (190, 210, 230, 250)]
    rules += [(x, 190, x + 0.5, 250) for x in (200, 300, 400)]
    page = page_text([*above, *cells, *below, *note], 800, rules=rules)
    notes = [block for block in page.blocks if block.role == MARGIN_NOTE]
    assert [block.lines for block in notes] == [["A note about the Table beside it"]]


def ruled(rows, columns=(50, 150), ys=(90, 114, 138, 162, 186)):
    """Lines of a table, with a rule above, below and between its rows and columns; every row has
    one or two lines per cell."""
    lines = []
    for y, cells in zip(ys, rows, strict=False):
        for x, texts in zip(columns, cells, strict=True):
            start = y + (10 if len(texts) == 2 else 15)
            lines += [line(text, x + 2, start + 11 * i) for i, text in enumerate(texts)]
    bottom = ys[len(rows)]
    rules = [(50, y, 300, y + 0.5) for y in ys[: len(rows) + 1]]
    return lines, [*rules, (148, ys[0], 148.5, bottom)]


SINGLE = [(["one"], ["a text of a row"]), (["two"], ["another text"]), (["three"], ["more"])]


def test_wrapped_texts_on_the_same_base_lines_are_one_row():
    command = (
        ["Copy the first of", "All files"],
        ["Copies files, but not any", "Folders or links."],
    )
    lines, rules = ruled([*SINGLE, command])
    text = page_text(lines, 800, rules=rules).text.split("\n")
    assert text[-1] == "Copy the first of All files Copies files, but not any Folders or links."


def test_entries_on_the_same_base_lines_are_rows():
    entries = (["Letters", "Roman"], ["With letters of it", "With numbers"])
    lines, rules = ruled([*SINGLE, entries])
    text = page_text(lines, 800, rules=rules).text.split("\n")
    assert text[-2:] == ["Letters With letters of it", "Roman With numbers"]


def test_words_and_numbers_that_fill_a_narrow_column_are_rows():
    for entries in (("1992", "1993"), ("Shift", "Enter")):
        cells = (entries, ("a text of its row is here", "another one stands below"))
        lines, rules = ruled([*SINGLE, cells], columns=(112, 150))
        text = page_text(lines, 800, rules=rules).text.split("\n")
        assert text[-2:] == [" ".join(row) for row in zip(*cells, strict=True)]


def test_a_long_text_in_a_narrow_cell():
    text = (
        "Update the lists of all packages from the sources that a file names. To do if"
        " that file or one of the sources has changed since the last time."
    )
    rows = wrapped(text, 23)
    assert len(rows) == 7
    lines = [line("update", 52, 150), line("search words", 52, 205)]
    lines += [line(row, 152, 114 + 12 * i) for i, row in enumerate(rows)]
    lines.append(line("Search for words.", 152, 205))
    rules = [(50, y, 300, y + 0.5) for y in (100, 193, 212)]
    rules += [(x, 100, x + 0.5, 212) for x in (50, 148, 300)]
    page = page_text(lines, 800, rules=rules)
    assert page.text.split("\n") == [f"update {text}", "search words Search for words."]
