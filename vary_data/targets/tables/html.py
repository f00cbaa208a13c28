"""Tables as HTML, in the form of PubTabNet and of most models: `thead`, `tbody`, spans.

Header cells are `th`. Rows of header cells at the top are in `thead`, unless a cell reaches from
them into the rows below: HTML cuts such a cell at the end of `thead`.
"""

from __future__ import annotations

from html import escape

from vary_data.base.html_reader import HtmlReader
from vary_data.dataset.rejection import Rejected
from vary_data.targets.tables.table import MAX_SLOTS, Table, TableCell, clean, filled


def html(table: Table) -> str:
    """The table with the texts of its cells, on one line."""
    return _write(table, content=True)


def html_structure(table: Table) -> str:
    """The table without the texts of its cells."""
    return _write(table, content=False)


def _write(table: Table, content: bool) -> str:
    heads = table.header_rows
    parts = ["<table>"]
    for r, cells in table.by_row():
        if r == 0 and heads:
            parts.append("<thead>")
        elif r == heads:
            parts.append("</thead><tbody>" if heads else "<tbody>")
        parts += ["<tr>", *(_cell(cell, content) for cell in cells), "</tr>"]
    parts.append("</thead></table>" if heads == table.rows else "</tbody></table>")
    return "".join(parts)


def _cell(cell: TableCell, content: bool) -> str:
    name = "th" if cell.header else "td"
    spans = "".join(
        f' {attribute}="{count}"'
        for attribute, count in (("rowspan", cell.rowspan), ("colspan", cell.colspan))
        if count > 1
    )
    text = escape(cell.text, quote=False) if content else ""
    return f"<{name}{spans}>{text}</{name}>"


def parse_html(text: str) -> Table:
    """The first table of an HTML text; a text outside its cells is ignored.

    Raises:
        Rejected: there is no table, or its cells overlap.
    """
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return reader.table()


class _Reader(HtmlReader):
    """Places cells as HTML does: each in the first free column of its row."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0
        self._done = False
        self._row = -1
        self._column = 0
        self._taken: set[tuple[int, int]] = set()
        self._cells: list[TableCell] = []
        self._open: TableCell | None = None
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._done:
            return
        if tag == "table":
            self._depth += 1
        elif self._depth != 1:
            return
        elif tag == "tr":
            self._finish()
            self._row, self._column = self._row + 1, 0
        elif tag in ("td", "th"):
            self._finish()
            self._row = max(self._row, 0)
            while (self._row, self._column) in self._taken:
                self._column += 1
            values = dict(attrs)
            rows, columns = _span(values.get("rowspan")), _span(values.get("colspan"))
            if len(self._taken) + rows * columns > MAX_SLOTS:
                raise Rejected("cells", f"more than {MAX_SLOTS:,} slots")
            cell = TableCell(self._row, self._column, "", rows, columns, tag == "th")
            for r in range(cell.row, cell.row + rows):
                self._taken.update((r, c) for c in range(cell.column, cell.column + columns))
            self._open, self._column = cell, cell.column + columns
        elif tag == "br":
            self._text.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if self._done:
            return
        if tag in ("td", "th", "tr", "table") and self._depth == 1:
            self._finish()
        if tag == "table" and self._depth:
            self._depth -= 1
            self._done = self._depth == 0

    def handle_data(self, data: str) -> None:
        if self._open is not None and self._depth:
            self._text.append(data)

    def table(self) -> Table:
        """The table that was read."""
        self._finish()
        rows = max(self._row + 1, max((r + 1 for r, _ in self._taken), default=0))
        columns = max((c + 1 for _, c in self._taken), default=0)
        if rows * columns > MAX_SLOTS:
            raise Rejected("cells", f"{rows} x {columns} slots")
        return filled(self._cells, rows, columns)

    def _finish(self) -> None:
        if self._open is not None:
            cell, text = self._open, clean("".join(self._text))
            spans = (cell.rowspan, cell.colspan)
            self._cells.append(TableCell(cell.row, cell.column, text, *spans, cell.header))
        self._open, self._text = None, []


def _span(value: str | None) -> int:
    if value is None or not value.strip().isdecimal() or len(value.strip()) > 6:
        return 1
    return max(1, int(value))
