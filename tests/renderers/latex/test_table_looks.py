"""Looks of tables: rules, wrapped cells, lines in cells, and the place of each cell."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renderers.latex import check, mmd, template
from renderers.latex.blocks import LINE_BREAK, Document, Paragraph, Table, TableCell, TableRow, Text
from renderers.latex.pages import VerifiedPage
from renderers.latex.renderer import LatexRenderer
from renderers.latex.style import PageStyle, TableRules
from renderers.latex.table_cells import header_rows, positions
from renderers.latex.table_looks import restyled, wrapped
from renderers.picture import Cell

STYLE = PageStyle(size=10, horizontal_margin_mm=25, vertical_margin_mm=25)
LONG = "The quick brown fox jumps over the lazy dog and then sleeps near the old river"


def cell(text: str, colspan: int = 1, rowspan: int = 1, align: str = "") -> TableCell:
    return TableCell((Text(text),) if text else (), colspan, rowspan, align)


SPANS = Table(
    "|l|c|c|",
    (
        TableRow((cell("a", 1, 2), cell("b", 2, 1, "c|")), ((1, 3),)),
        TableRow((cell("c"), cell("d")), ((2, 3),)),
        TableRow((cell("e"), cell("f"), cell("g")), ((1, 3),)),
        TableRow((cell("h"), cell("i"), cell("j"))),
    ),
    ((1, 3),),
)


def rules(table: Table) -> list[tuple[tuple[int, int], ...]]:
    return [*(row.rules for row in table.rows), table.rules_below]


@pytest.mark.parametrize(
    ("look", "columns", "align", "expected"),
    [
        ("source", "|l|c|c|", "c|", [((1, 3),), ((2, 3),), ((1, 3),), (), ((1, 3),)]),
        ("booktabs", "lcc", "c", [((1, 3),), ((2, 3),), ((1, 3),), (), ((1, 3),)]),
        ("grid", "|l|c|c|", "c|", [((1, 3),), ((2, 3),), ((1, 3),), ((1, 3),), ((1, 3),)]),
        ("none", "lcc", "c", [(), (), (), (), ()]),
    ],
)
def test_the_rules_of_each_look(
    look: TableRules, columns: str, align: str, expected: list[tuple[tuple[int, int], ...]]
) -> None:
    table = restyled(SPANS, look)
    assert (table.columns, table.rows[0].cells[1].align) == (columns, align)
    assert rules(table) == expected
    assert check.problems(mmd.tabular(table)) == []


def test_cells_have_their_place_and_headers() -> None:
    assert header_rows(SPANS) == 2
    assert positions(SPANS) == {
        Cell(0, 0, 2, 1, True): (0, 0), Cell(0, 1, 1, 2, True): (0, 1),
        Cell(1, 1, 1, 1, True): (1, 0), Cell(1, 2, 1, 1, True): (1, 1),
        Cell(2, 0): (2, 0), Cell(2, 1): (2, 1), Cell(2, 2): (2, 2),
        Cell(3, 0): (3, 0), Cell(3, 1): (3, 1), Cell(3, 2): (3, 2),
    }  # fmt: skip


def test_places_without_a_cell_and_spans_that_do_not_fit() -> None:
    rows = (TableRow((cell("a", 1, 9), cell("b"), cell("c", 1, 2))), TableRow((cell("d", 5),)))
    assert positions(Table("cccc", rows)) == {
        Cell(0, 0, 2, 1): (0, 0), Cell(0, 1): (0, 1), Cell(0, 2, 2, 1): (0, 2), Cell(0, 3): None,
        Cell(1, 1): (1, 0), Cell(1, 3): None,
    }  # fmt: skip


def test_without_rules_bold_rows_are_headers() -> None:
    bold = TableRow((TableCell((Text("x", bold=True),)), TableCell(())))
    assert header_rows(Table("ll", (bold, TableRow((cell("a"), cell("b")))))) == 1
    assert header_rows(Table("ll", (TableRow((cell("a"), cell("b"))),) * 2)) == 0


@given(st.integers(1, 4), st.integers(1, 5), st.data())
def test_places_tile_the_table(width: int, height: int, data: st.DataObject) -> None:
    covered: set[tuple[int, int]] = set()
    rows = []
    for r in range(height):
        cells = []
        for c in range(width):
            if (r, c) in covered:
                continue
            down = data.draw(st.integers(1, height - r))
            across = 1
            while (
                (r, c + across) not in covered and c + across < width and data.draw(st.booleans())
            ):
                across += 1
            covered |= {(r + i, c + j) for i in range(down) for j in range(across)}
            cells.append(cell("x", across, down))
        rows.append(TableRow(tuple(cells)))
    found = [
        (place.row + i, place.column + j)
        for place in positions(Table("c" * width, tuple(rows)))
        for i in range(place.rowspan)
        for j in range(place.colspan)
    ]
    assert sorted(found) == [(r, c) for r in range(height) for c in range(width)]


def test_only_long_columns_of_wide_tables_wrap() -> None:
    row = TableRow((cell("fox"), cell(LONG), cell(LONG * 2)))
    table = Table("lll", (row,))
    assert wrapped(table, 300).widths == ()
    first, second, third = wrapped(table, 80).widths
    assert first == 0
    assert 0 < second < third
    assert second + third < 1
    assert wrapped(Table("l" * 12, (TableRow((cell("x" * 15),) * 12),)), 80).widths == ()


def test_a_floating_table_that_fits_no_column_spans_all(renderer: LatexRenderer) -> None:
    row = TableRow(tuple(cell(f"a number {i}") for i in range(9)))
    table = Table("l" * 9, (row,), caption=(Text("Wide"),), number="Table 1", floating=True)
    document = Document((table, Paragraph((Text(LONG * 20),))), "en")
    style = replace(STYLE, line_letters=45)
    pages = list(renderer.pages(document, template.load()["two_column"], style))
    found = [page for page in pages if isinstance(page, VerifiedPage)]
    (region,) = (r for page in found for r in page.picture.regions if r.role == "table")
    assert region.bbox[2] - region.bbox[0] > 0.6 * found[0].picture.width


def test_a_wrapped_cell_and_lines_are_drawn_in_lines(renderer: LatexRenderer) -> None:
    lines = TableCell((Text("one"), Text(LINE_BREAK), Text("two", bold=True)))
    table = Table("lll", (TableRow((cell("fox"), lines, cell(LONG * 2))),))
    document = Document((table,), "en")
    style = replace(STYLE, table_rules="booktabs", line_letters=80)
    (page,) = renderer.pages(document, template.load()["article"], style)
    assert isinstance(page, VerifiedPage), page
    assert rf"fox & one \textbf{{two}} & {LONG * 2} \\" in page.markdown
    cells = [r for r in page.picture.regions if r.role == "cell"]
    assert [r.text for r in cells] == ["fox", "one two", LONG * 2]
    heights = [r.bbox[3] - r.bbox[1] for r in cells]
    assert heights[2] > heights[1] > 1.5 * heights[0]
    assert [r.cell for r in cells] == [Cell(0, 0), Cell(0, 1), Cell(0, 2)]
