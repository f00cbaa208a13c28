"""Where the cells of a table are in its grid, and which of them are headers."""

from __future__ import annotations

from renderers.latex.blocks import Table, TableCell, Text
from renderers.latex.mmd import column_count, grid
from renderers.picture import Cell

_MAX_HEADER_ROWS = 4


def header_rows(table: Table) -> int:
    """The rows above the first full rule inside the table; else those at the top that are bold."""
    full = (1, column_count(table.columns))
    for index in range(1, min(len(table.rows), _MAX_HEADER_ROWS + 1)):
        if full in table.rows[index].rules:
            return index
    count = 0
    for row in table.rows[:_MAX_HEADER_ROWS]:
        if not row.cells or not all(map(_is_bold, row.cells)):
            break
        count += 1
    return count if count < len(table.rows) else 0


def _is_bold(cell: TableCell) -> bool:
    texts = [span for span in cell.spans if isinstance(span, Text) and span.text.strip()]
    return all(span.bold for span in texts) and bool(texts or not cell.spans)


def positions(table: Table) -> dict[tuple[int, int], Cell]:
    """The place of the c-th cell of row r by (r, c); rows and columns count from 0."""
    headers = header_rows(table)
    found: dict[tuple[int, int], Cell] = {}
    for r, (row, slots) in enumerate(zip(table.rows, grid(table), strict=True)):
        index = column = 0
        for slot in slots:
            if index < len(row.cells) and slot is row.cells[index]:
                found[r, index] = Cell(r, column, slot.rowspan, slot.colspan, r < headers)
                index += 1
            column += slot.colspan
    return found
