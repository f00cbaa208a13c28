"""A table as a value: cells that tile a grid."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from vary_data.dataset.rejection import Rejected

MAX_SLOTS = 100_000
"""Limit of rows times columns: larger tables come only from damaged or hostile texts."""


@dataclass(frozen=True, slots=True)
class TableCell:
    """A cell; `row` and `column` count from 0. White space in `text` is single spaces."""

    row: int
    column: int
    text: str
    rowspan: int = 1
    colspan: int = 1
    header: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Cells in the order of their first slot, row by row; every slot has exactly one cell."""

    rows: int
    columns: int
    cells: tuple[TableCell, ...]

    @classmethod
    def of(cls, cells: Iterable[TableCell]) -> Table:
        """The table of these cells.

        Raises:
            Rejected: `no-cells`, or `cells` if they do not tile a grid.
        """
        ordered = tuple(sorted(cells, key=lambda cell: (cell.row, cell.column)))
        if not ordered:
            raise Rejected("no-cells", "the table has no cells")
        rows = max(cell.row + cell.rowspan for cell in ordered)
        columns = max(cell.column + cell.colspan for cell in ordered)
        if not 0 < rows * columns <= MAX_SLOTS:
            raise Rejected("cells", f"{rows} x {columns} slots")
        table = cls(rows, columns, ordered)
        if any(cell is None for row in table._slots() for cell in row):
            raise Rejected("cells", f"a slot of {rows} x {columns} has no cell")
        return table

    @classmethod
    def of_texts(cls, rows: Sequence[Sequence[str]], header_rows: int = 0) -> Table:
        """A table without spans from the texts of its slots; its first rows are headers.

        Raises:
            Rejected: the rows have different lengths, or there are none.
        """
        return cls.of(
            TableCell(r, c, clean(text), header=r < header_rows)
            for r, row in enumerate(rows)
            for c, text in enumerate(row)
        )

    def grid(self) -> list[list[TableCell]]:
        """The cell of each slot, [rows][columns]; a cell that spans is there several times."""
        return [[cell for cell in row if cell is not None] for row in self._slots()]

    def texts(self) -> list[list[str]]:
        """The text of each slot, [rows][columns]; only the first slot of a cell has its text."""
        return [
            [cell.text if (cell.row, cell.column) == (r, c) else "" for c, cell in enumerate(row)]
            for r, row in enumerate(self.grid())
        ]

    def by_row(self) -> Iterator[tuple[int, list[TableCell]]]:
        """Each row with the cells that begin in it."""
        begun: list[list[TableCell]] = [[] for _ in range(self.rows)]
        for cell in self.cells:
            begun[cell.row].append(cell)
        yield from enumerate(begun)

    @property
    def spans(self) -> bool:
        """Whether any cell covers more than one slot."""
        return any(cell.rowspan > 1 or cell.colspan > 1 for cell in self.cells)

    @property
    def header_rows(self) -> int:
        """The rows at the top that consist of header cells, which no cell crosses."""
        count = 0
        for r, row in enumerate(self.grid()):
            if not all(cell.header for cell in row):
                break
            if all(cell.row + cell.rowspan <= r + 1 for cell in row):
                count = r + 1
        return count

    def _slots(self) -> list[list[TableCell | None]]:
        slots: list[list[TableCell | None]] = [[None] * self.columns for _ in range(self.rows)]
        for cell in self.cells:
            if min(cell.row, cell.column) < 0 or min(cell.rowspan, cell.colspan) < 1:
                raise Rejected("cells", f"a cell at row {cell.row}, column {cell.column}")
            for r in range(cell.row, cell.row + cell.rowspan):
                for c in range(cell.column, cell.column + cell.colspan):
                    if slots[r][c] is not None:
                        raise Rejected("cells", f"two cells at row {r}, column {c}")
                    slots[r][c] = cell
        return slots


def clean(text: str) -> str:
    """A text on one line, with single spaces."""
    return " ".join(text.split())


def filled(cells: Iterable[TableCell], rows: int, columns: int) -> Table:
    """A table of this size whose slots without a cell become empty cells.

    Raises:
        Rejected: two cells overlap, or one reaches out of the grid.
    """
    given = list(cells)
    taken = {
        (r, c)
        for cell in given
        for r in range(cell.row, cell.row + cell.rowspan)
        for c in range(cell.column, cell.column + cell.colspan)
    }
    free = [TableCell(r, c, "") for r in range(rows) for c in range(columns) if (r, c) not in taken]
    return Table.of([*given, *free])
