"""Tables as OTSL, with the tokens of docling (`TableToken` of docling-core).

OTSL (arXiv 2305.03393) writes one token for each slot, and `<nl>` after each row:

    <fcel> a cell with text    <ecel> an empty cell
    <ched> a header in a row of only headers    <rhed> another header
    <lcel> the cell to the left reaches here    <ucel> the cell above does
    <xcel> both: inside a cell that spans rows and columns

The first row of a cell has `<lcel>`, its first column `<ucel>`, as in the paper. Docling's export
writes `<xcel>` there too if the cell spans rows and columns, from which two neighboring cells
cannot be told apart; its parser reads both.
"""

from __future__ import annotations

import re

from vary_data.dataset.rejection import Rejected
from vary_data.targets.tables.table import MAX_SLOTS, Table, TableCell, clean

_TOKEN = re.compile(r"<(fcel|ecel|ched|rhed|srow|lcel|ucel|xcel|nl)>")
_LOCATION = re.compile(r"<loc_\d+>")
_TAG = re.compile(
    r"</?(?:fcel|ecel|ched|rhed|srow|lcel|ucel|xcel|nl|otsl|caption|loc_\d+)>", re.IGNORECASE
)


def otsl(table: Table) -> str:
    """The rows of the table, without the tags `<otsl>` around them.

    Raises:
        Rejected: a text contains a token of OTSL, which has no escape.
    """
    parts = []
    for r, row in enumerate(table.grid()):
        head = "<ched>" if all(cell.header for cell in row) else "<rhed>"
        for c, cell in enumerate(row):
            if (cell.row, cell.column) == (r, c):
                parts.append(_first(cell, head))
            elif cell.row == r:
                parts.append("<lcel>")
            else:
                parts.append("<ucel>" if cell.column == c else "<xcel>")
        parts.append("<nl>")
    return "".join(parts)


def _first(cell: TableCell, head: str) -> str:
    if _TAG.search(cell.text):
        raise Rejected("tags", f"the cell {cell.text!r} contains a tag of the form")
    if not cell.text:
        return "<ecel>"
    return (head if cell.header else "<fcel>") + cell.text


def parse_otsl(text: str) -> Table:
    """The table of a text of OTSL, with or without the tags around it.

    An empty cell is never a header.

    Raises:
        Rejected: a token has no cell that reaches to it, or rows have different lengths.
    """
    text = _LOCATION.sub("", text.strip()).removeprefix("<otsl>").removesuffix("</otsl>")
    pieces = _TOKEN.split(text)
    rows: list[list[tuple[str, str]]] = [[]]
    for token, content in zip(pieces[1::2], pieces[2::2], strict=True):
        if token == "nl":
            rows.append([])
        else:
            rows[-1].append((token, clean(content)))
    if not rows[-1]:
        rows.pop()
    if not rows or len({len(row) for row in rows}) != 1:
        raise Rejected("cells", "the rows have different numbers of tokens")
    if len(rows) * len(rows[0]) > MAX_SLOTS:
        raise Rejected("cells", f"more than {MAX_SLOTS:,} slots")
    return Table.of(
        TableCell(r, c, content, *_spans(rows, r, c), token in ("ched", "rhed"))
        for r, row in enumerate(rows)
        for c, (token, content) in enumerate(row)
        if token not in ("lcel", "ucel", "xcel")
    )


def _spans(rows: list[list[tuple[str, str]]], r: int, c: int) -> tuple[int, int]:
    """The rows and columns of the cell that begins here."""
    columns = 1
    while c + columns < len(rows[r]) and rows[r][c + columns][0] in ("lcel", "xcel"):
        columns += 1
    height = 1
    while r + height < len(rows) and rows[r + height][c][0] in ("ucel", "xcel"):
        height += 1
    return height, columns
