"""Looks of tables: rules as in the source, of booktabs, a full grid, or none; cells that wrap.

The looks change the blocks before LaTeX and Markdown are written, so that both have the same rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from renderers.latex.blocks import LINE_BREAK, Inline, Table, TableCell, TableRow, Text
from renderers.latex.mmd import column_count, grid
from renderers.latex.style import TableRules
from renderers.latex.table_cells import header_rows

_COMMAND = re.compile(r"\\[A-Za-z]+|\\.|[{}^_&]")
_SEPARATION = 2.4
"""Between two columns, in letters."""
_LONG = 22
"""Letters of a cell from which on its column may wrap."""
_LEAST = 9.0
"""Letters of a wrapped column at least."""
_USED = 0.95
"""Part of the width that wrapped tables use."""
_SMALLEST = 1.35
"""Letters in a line in the smallest type of tables, compared with the text."""
_SMALLER = 1.1
"""Tables that wrap are in smaller type: letters in a line, compared with the text."""


def restyled(table: Table, rules: TableRules) -> Table:
    """The table with other rules."""
    if rules == "source":
        return table
    full = ((1, column_count(table.columns)),)
    if rules == "grid":
        return _with_grid(table)
    open_sided = _without_bars(table)
    headers = header_rows(table)
    rows = tuple(
        replace(row, rules=_kept_rules(row, index, headers, full, rules))
        for index, row in enumerate(open_sided.rows)
    )
    return replace(open_sided, rows=rows, rules_below=full if rules == "booktabs" else ())


def _kept_rules(
    row: TableRow, index: int, headers: int, full: tuple[tuple[int, int], ...], rules: TableRules
) -> tuple[tuple[int, int], ...]:
    if rules == "none":
        return ()
    return full if index == 0 or (index == headers and headers) else row.rules


def _without_bars(table: Table) -> Table:
    rows = tuple(
        replace(row, cells=tuple(replace(c, align=c.align.replace("|", "")) for c in row.cells))
        for row in table.rows
    )
    return replace(table, columns=table.columns.replace("|", ""), rows=rows)


def _with_grid(table: Table) -> Table:
    bare = _without_bars(table)
    width = len(bare.columns)
    columns = "|" + "".join(f"{letter}|" for letter in bare.columns)
    rows = []
    blocked: list[set[int]] = [set(_reached(bare, r)) for r in range(len(bare.rows))]
    for r, (row, slots) in enumerate(zip(bare.rows, grid(bare), strict=True)):
        cells, index, column = [], 0, 0
        for slot in slots:
            if index < len(row.cells) and slot is row.cells[index]:
                spans = slot.colspan > 1 or slot.align
                align = ("|" if column == 0 else "") + f"{slot.align or 'c'}|" if spans else ""
                cells.append(replace(slot, align=align))
                index += 1
            column += slot.colspan
        rows.append(replace(row, cells=tuple(cells), rules=tuple(_free(blocked[r], width))))
    return replace(table, columns=columns, rows=tuple(rows), rules_below=((1, width),))


def _reached(table: Table, row: int) -> Iterator[int]:
    """The columns, from 1, that a cell above reaches into in this row."""
    for r, (above, slots) in enumerate(zip(table.rows[:row], grid(table), strict=False)):
        index, column = 0, 1
        for slot in slots:
            if index < len(above.cells) and slot is above.cells[index]:
                if r + slot.rowspan > row:
                    yield from range(column, column + slot.colspan)
                index += 1
            column += slot.colspan


def _free(blocked: set[int], width: int) -> Iterator[tuple[int, int]]:
    """The intervals of columns that are not blocked."""
    start = 1
    for column in range(1, width + 2):
        if column in blocked or column == width + 1:
            if start < column:
                yield (start, column - 1)
            start = column + 1


def wrapped(table: Table, letters: float) -> Table:
    """The table with widths for columns of long cells, if it is wider than a line of `letters`.

    A floating table that cannot wrap, and fits a line in no type, spans all columns of the page.

    Widths are parts of the line, 0 for a column as wide as its cells.
    """
    natural = _natural_widths(table)
    room = letters * _SMALLER * _USED - _SEPARATION * len(natural)
    long = [i for i, width in enumerate(natural) if width >= _LONG]
    rest = room - sum(width for i, width in enumerate(natural) if i not in long)
    least = {i: max(_LEAST, _longest_word(table, i)) for i in long}
    if sum(natural) <= room:
        return table
    if not long or rest < sum(least.values()):
        too_wide = sum(natural) > _SMALLEST * letters
        return replace(table, wide=table.wide or (too_wide and table.floating))
    spare = rest - sum(least.values())
    weights = {i: natural[i] ** 0.7 for i in long}
    whole = sum(weights.values())
    shares = {i: least[i] + spare * weight / whole for i, weight in weights.items()}
    line = letters * _SMALLER
    widths = (
        min(shares[i], natural[i]) / line if i in shares else 0.0 for i in range(len(natural))
    )
    return replace(table, widths=tuple(round(width, 3) for width in widths))


def _natural_widths(table: Table) -> list[float]:
    widths = [1.0] * column_count(table.columns)
    for row, slots in zip(table.rows, grid(table), strict=True):
        index = column = 0
        for slot in slots:
            if index < len(row.cells) and slot is row.cells[index]:
                if slot.colspan == 1:
                    widths[column] = max(widths[column], _length(slot))
                index += 1
            column += slot.colspan
    return widths


def _longest_word(table: Table, column: int) -> float:
    """The longest word or formula of a column, in letters; typewriter is wider than other type."""
    longest = 0.0
    for row, slots in zip(table.rows, grid(table), strict=True):
        place = 0
        for slot in slots:
            if place == column and slot.colspan == 1 and any(slot is cell for cell in row.cells):
                for span in slot.spans:
                    if isinstance(span, Inline):
                        longest = max(longest, _length(TableCell((span,))))
                    else:
                        wide = 1.25 if span.mono else 1.1
                        longest = max(longest, *(wide * len(w) for w in (*span.text.split(), "")))
            place += slot.colspan
    return longest


def _length(cell: TableCell) -> float:
    """The longest line of a cell, in letters."""
    lines = [0.0]
    for span in cell.spans:
        if isinstance(span, Inline):
            lines[-1] += len(_COMMAND.sub("", span.latex)) + span.latex.count("\\")
        elif isinstance(span, Text) and span.text == LINE_BREAK:
            lines.append(0.0)
        else:  # a Chinese character is as wide as two letters
            lines[-1] += sum(1 if char < "\u2e80" else 2 for char in span.text)
    return max(lines)
