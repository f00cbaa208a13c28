r"""Tables as a LaTeX `tabular` with `\multicolumn` and `\multirow`.

Formulas in `\( \)` stay as they are; all other characters that LaTeX reserves are escaped.
"""

from __future__ import annotations

import re

from vary_data.targets.tables.table import Table, TableCell

_FORMULA = re.compile(r"(\\\(.*?\\\))")
_RESERVED = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{character: f"\\{character}" for character in "&%#_${}"},
}
_ESCAPES = str.maketrans(_RESERVED)


def latex(table: Table) -> str:
    """The `tabular` of the table, with rules around it and below its header rows."""
    lines = [rf"\begin{{tabular}}{{{'c' * table.columns}}}", r"\hline"]
    heads = table.header_rows
    for r, row in enumerate(table.grid()):
        lines.append(" & ".join(_row(r, row)) + r" \\")
        if r + 1 in (heads, table.rows):
            lines.append(r"\hline")
    return "\n".join([*lines, r"\end{tabular}"])


def _row(r: int, row: list[TableCell]) -> list[str]:
    """The parts of a row; below a cell that spans rows is an empty part of its width."""
    parts, column = [], 0
    while column < len(row):
        cell = row[column]
        text = escaped(cell.text) if cell.row == r else ""
        if cell.row == r and cell.rowspan > 1:
            text = rf"\multirow{{{cell.rowspan}}}{{*}}{{{text}}}"
        if cell.colspan > 1:
            text = rf"\multicolumn{{{cell.colspan}}}{{c}}{{{text}}}"
        parts.append(text)
        column += cell.colspan
    return parts


def escaped(text: str) -> str:
    r"""Plain text with formulas in `\( \)` as LaTeX."""
    pieces = _FORMULA.split(text)
    return "".join(p if i % 2 else p.translate(_ESCAPES) for i, p in enumerate(pieces))
