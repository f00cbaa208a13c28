"""Tables without vertical rules: their columns are where the cells of their rows stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from renderers.pdf.blocks import Block, Table
from renderers.pdf.paragraphs import join_texts
from renderers.pdf.rows import CellPart, TextRow
from renderers.roles import PARAGRAPH, SECTION_HEADER, TABLE

MIN_TABLE_ROWS = 3
"""Of a table without any rules."""
MIN_ROWS_IN_COLUMNS = 0.8
"""Share of the rows that must fit the columns."""
MAX_PITCH_EM = 1.6
"""Distance of the base lines of two rows of a table, in font sizes."""

PlacedRow = list[CellPart | None]
"""The cells of a row by column."""


def with_unruled_tables(blocks: Sequence[Block]) -> list[Block]:
    """The blocks with runs of rows of several cells as tables."""
    found: list[Block] = []
    run: list[Block] = []
    for block in blocks:
        row = block.rows[0]
        if block.table is None and len(block.rows) == 1 and row.cells > 1 and not row.monospaced:
            run.append(block)
            continue
        found += _as_table(run)
        run = []
        found.append(block)
    return found + _as_table(run)


def without_table_rows(blocks: Sequence[Block]) -> list[Block]:
    """A bold row between rows of cells is one of them, although its own gap is narrow."""
    found = list(blocks)
    for i, block in enumerate(blocks):
        if block.role != SECTION_HEADER or len(block.rows) > 1:
            continue
        near = [b.rows[-1] for b in blocks[max(0, i - 1) : i]]
        near += [b.rows[0] for b in blocks[i + 1 : i + 2]]
        if any(_is_aligned(block.rows[0], row) for row in near):
            found[i] = replace(block, role=PARAGRAPH)
    return found


def _is_aligned(row: TextRow, other: TextRow) -> bool:
    """Whether a row has a word at the left edge of a further cell of the row next to it."""
    if abs(row.baseline - other.baseline) > MAX_PITCH_EM * row.size:
        return False
    slack = 0.1 * row.size
    edges = [part.x0 for part in other.parts[1:]]
    return any(abs(word.box[0] - edge) < slack for word in row.words[1:] for edge in edges)


def _as_table(run: Sequence[Block]) -> list[Block]:
    rows = [block.rows[0] for block in run]
    placed = in_columns([row.parts for row in rows]) if len(rows) >= MIN_TABLE_ROWS else None
    if placed is None:
        return list(run)
    return [Block(tuple(rows), TABLE, table=table_of(placed))]


def in_columns(rows: Sequence[Sequence[CellPart]]) -> list[PlacedRow] | None:
    """The cells of each row by column; None if they do not stand in two or more columns.

    Columns are where the cells of the fullest rows overlap. A row that begins with empty cells and
    goes on in lower case continues the cells above it.
    """
    most = max(len(row) for row in rows)
    full = [row for row in rows if len(row) == most]
    columns = _column_edges(full)
    if len(columns) < 2:
        return None
    placed: list[PlacedRow] = []
    for row in rows:
        cells = _placed(row, columns)
        if cells is None:
            return None
        if placed and _continues(placed[-1], cells):
            placed[-1] = [_below(a, b) for a, b in zip(placed[-1], cells, strict=True)]
        else:
            placed.append(cells)
    return placed if len(placed) > 1 else None


def table_of(rows: Sequence[PlacedRow]) -> Table:
    """The table of placed cells."""
    texts = tuple(tuple(part.text if part else "" for part in row) for row in rows)
    words = tuple(tuple(part.words if part else () for part in row) for row in rows)
    headers = bold_rows(all(part.bold for part in row if part) for row in rows)
    if not any(part.marked for row in rows for part in row if part):
        return Table(texts, (), words, headers)
    marked = tuple(tuple(part.marked if part else "" for part in row) for row in rows)
    return Table(texts, marked, words, headers)


def bold_rows(bold: Iterable[bool]) -> int:
    """How many rows at the top are bold, if not all of them are."""
    found = list(bold)
    return found.index(False) if False in found else 0


def _column_edges(rows: Sequence[Sequence[CellPart]]) -> list[tuple[float, float]]:
    """Where columns are: unions of cells that overlap horizontally."""
    columns: list[tuple[float, float]] = []
    for x0, x1 in sorted((part.x0, part.x1) for row in rows for part in row):
        if columns and x0 < columns[-1][1]:
            columns[-1] = (columns[-1][0], max(columns[-1][1], x1))
        else:
            columns.append((x0, x1))
    return columns


def _placed(row: Sequence[CellPart], columns: Sequence[tuple[float, float]]) -> PlacedRow | None:
    """The cells of a row by the column that they overlap most or are nearest to; None if two are
    in one column."""
    found: PlacedRow = [None] * len(columns)
    for part in row:
        shared = [min(part.x1, x1) - max(part.x0, x0) for x0, x1 in columns]
        number = max(range(len(columns)), key=shared.__getitem__)
        if found[number] is not None:
            return None
        found[number] = part
    return found


def _continues(above: PlacedRow, row: PlacedRow) -> bool:
    filled = [i for i, part in enumerate(row) if part]
    return bool(
        row[0] is None
        and 2 * len(filled) <= len(row)
        and all((part := row[i]) and part.text[0].islower() and above[i] for i in filled)
    )


def _below(above: CellPart | None, part: CellPart | None) -> CellPart | None:
    if above is None or part is None:
        return above or part
    return CellPart(
        min(above.x0, part.x0),
        max(above.x1, part.x1),
        join_texts([above.text, part.text]),
        join_texts([above.marked, part.marked]) if above.marked and part.marked else "",
        (*above.words, *part.words),
        above.bold and part.bold,
    )
