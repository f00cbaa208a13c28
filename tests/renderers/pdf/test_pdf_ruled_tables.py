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


def test_a_word_that_is_too_long_for_its_cell_is_not_cut_at_the_rule():
    long = line("gnome-remote-desktop V:62", 52, 104)  # the rule runs through `desktop`
    rows = [[long], [line("vinagre", 52, 128), line("V:4", 157, 128)]]
    rules = [(50, y, 250, y + 0.5) for y in (90, 114, 138)]
    rules += [(x, 90, x + 0.5, 138) for x in (50, 135, 250)]
    page = page_text([each for row in rows for each in row], 800, rules=rules)
    (table,) = [block.table for block in page.blocks if block.table]
    assert table.cells == (("gnome-remote-desktop", "V:62"), ("vinagre", "V:4"))


def test_a_text_that_is_longer_than_its_cell_belongs_to_the_cell_where_it_begins():
    lines = [line("http://www.example.org/one", 52, 104), line("is", 52, 116)]
    lines += [line("a", 52, 140), line("b", 102, 140), line("c", 152, 140)]
    rules = [(50, y, 200, y + 0.5) for y in (90, 126, 150)]
    rules += [(x, 90, x + 0.5, 150) for x in (50, 100, 150, 200)]
    (table,) = [block.table for block in page_text(lines, 800, rules=rules).blocks]
    assert table.cells == (("http://www.example.org/one is", "", ""), ("a", "b", "c"))


def test_a_cell_of_many_rows_does_not_turn_a_table_into_columns():
    tall = wrapped(" ".join(STORIES), 30)[:12]
    lines = [line(text, 152, 104 + 12 * i) for i, text in enumerate(tall)]
    ys = (90, 252, 276, 300, 324)
    for i, y in enumerate((104, 266, 290, 314)):
        lines += [line(str(30125 + i), 52, y), line("None.", 352, y)]
    lines += [line(text, 152, y) for text, y in (("one", 266), ("two", 290), ("three", 314))]
    rules = [(50, y, 420, y + 0.5) for y in ys]
    rules += [(x, ys[0], x + 0.5, ys[-1]) for x in (50, 150, 350, 420)]
    (table,) = [block.table for block in page_text(lines, 800, rules=rules).blocks]
    assert table.cells[0] == ("30125", " ".join(tall), "None.")
    assert table.cells[1] == ("30126", "one", "None.")
