"""Where the cells of a table are in its grid, and which of them are headers."""

from __future__ import annotations

from itertools import product

from renderers.latex.blocks import Table, TableCell, Text
from renderers.latex.mmd import column_count
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


def positions(table: Table) -> dict[Cell, tuple[int, int] | None]:
    """The cells that tile the grid of a table, by row and column, which count from 0.

    The value is the row and the number of the cell in it, None for a place that has no cell. Spans
    end at the edges of the grid and before a cell from above.
    """
    height, width, headers = len(table.rows), column_count(table.columns), header_rows(table)
    free = {(r, c) for r in range(height) for c in range(width)}
    found: dict[Cell, tuple[int, int] | None] = {}

    def put(r: int, column: int, cell: TableCell, place: tuple[int, int] | None) -> None:
        stop = next(c for c in range(column, width + 1) if (r, c) not in free)
        colspan, rowspan = min(cell.colspan, stop - column), min(cell.rowspan, height - r)
        found[Cell(r, column, rowspan, colspan, r < headers)] = place
        free.difference_update(product(range(r, r + rowspan), range(column, column + colspan)))

    for r, row in enumerate(table.rows):
        cells = enumerate(row.cells)
        for column in range(width):
            if (r, column) in free:
                index, cell = next(cells, (-1, TableCell(())))
                put(r, column, cell, (r, index) if index >= 0 else None)
    return found
