"""The LaTeX of tables."""

from __future__ import annotations

from renderers.latex.atoms import Path
from renderers.latex.blocks import LINE_BREAK, Table, TableCell, Text
from renderers.latex.figures import LatexSpans
from renderers.latex.mmd import column_count, grid, rules


def latex(table: Table, path: Path, writer: LatexSpans, booktabs: bool) -> str:
    """The `tabular` of a table; with `booktabs`, full rules have space and their own weights."""
    width = column_count(table.columns)
    lines = [rf"\begin{{tabular}}{{{table.columns}}}"]
    for r, slots in enumerate(grid(table)):
        place = column = 0
        cells = []
        for cell in slots:
            is_first = place < len(table.rows[r].cells) and cell is table.rows[r].cells[place]
            wrap = table.widths[column] if table.widths and cell.colspan == 1 else 0.0
            at = (*path, "cell", r, place) if is_first else ()
            cells.append(_cell(cell, at, writer, wrap, _align(table.columns, column)))
            place += is_first
            column += cell.colspan
        above = _rules(table.rows[r].rules, width, "vfirstrule" if r == 0 else "vmidrule", booktabs)
        lines += [above, " & ".join(cells) + r"\\"]
    lines += [_rules(table.rules_below, width, "vlastrule", booktabs), r"\end{tabular}"]
    return "\n".join(line for line in lines if line)


def _rules(found: tuple[tuple[int, int], ...], width: int, name: str, booktabs: bool) -> str:
    return rf"\{name}" if booktabs and found == ((1, width),) else rules(found, width)


def _align(columns: str, column: int) -> str:
    return columns.replace("|", "")[column]


def _cell(cell: TableCell, path: Path, writer: LatexSpans, wrap: float, align: str) -> str:
    content = writer.spans(cell.spans, path) if cell.spans else ""
    if content and wrap:
        content = rf"\vwrap{{{wrap:.3f}}}{{{content}}}"
    elif any(isinstance(span, Text) and span.text == LINE_BREAK for span in cell.spans):
        own = cell.align.replace("|", "") or ("c" if cell.colspan > 1 else align)
        content = rf"\vlines{{{own}}}{{{content}}}"
    if cell.rowspan > 1:
        content = rf"\multirow{{{cell.rowspan}}}{{*}}{{{content}}}"
    if cell.colspan > 1 or cell.align:
        content = rf"\multicolumn{{{cell.colspan}}}{{{cell.align or 'c'}}}{{{content}}}"
    return content
