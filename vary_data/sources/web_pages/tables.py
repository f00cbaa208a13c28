"""Tables of names and numbers: plain, with groups of columns or rows, with totals."""

from __future__ import annotations

from collections.abc import Sequence

from renderers.web.document import Table, TableCell, Text, text
from vary_data.sources.prose.prose import Prose
from vary_data.sources.web_pages.phrases import phrases

EMPTY = ("", "–", "n/a")
ADDED = ("number", "money", "decimal")
"""Kinds of columns whose numbers add up. Shares do not: each is of another whole."""


def cell(plain: str, align: str = "", rowspan: int = 1, colspan: int = 1) -> TableCell:
    """A cell of one plain text."""
    return TableCell(text(plain), rowspan, colspan, align=align)


def head(plain: str, align: str = "", rowspan: int = 1, colspan: int = 1) -> TableCell:
    """A header cell of one plain text."""
    return TableCell(text(plain), rowspan, colspan, header=True, align=align)


def figure(prose: Prose, kind: str) -> float:
    """A number of one column's kind, as exact as it is printed."""
    match kind:
        case "share":
            return prose.whole(1, 999) / 10
        case "money":
            return prose.money(2, 9000)
        case "decimal":
            return round(prose.rng.uniform(0.01, 99), 2)
    return prose.whole(1, 9999)


def figure_text(prose: Prose, kind: str, value: float) -> str:
    """A number of one column's kind as it is printed."""
    match kind:
        case "share":
            return prose.percent(value)
        case "money":
            return prose.cash(value)
        case "decimal":
            return prose.amount(value, 2)
    return prose.amount(value) if prose.language.group_in_text else str(int(value))


def total_row(
    prose: Prose, kinds: Sequence[str], columns: Sequence[Sequence[float]], first: TableCell
) -> list[tuple[TableCell, ...]]:
    """The row with the sums of the columns that add up, if there are such ones, after the cell
    that names it."""
    if not any(kind in ADDED for kind in kinds):
        return []
    sums = [
        figure_text(prose, kind, sum(values)) if kind in ADDED else ""
        for kind, values in zip(kinds, columns, strict=True)
    ]
    return [(first, *(head(shown, "end") for shown in sums))]


def data_table(
    prose: Prose, width: float, look: str, caption: Text = (), below: bool = False
) -> Table:
    """A table for a column of `width` points: names at the left, numbers in the other columns."""
    columns = max(2, min(prose.whole(2, 6), int(width / 75)))
    rows = prose.whole(3, 8)
    kinds = [prose.pick(("number", "share", "decimal", "money")) for _ in range(columns)]
    names = prose.nouns(columns + rows + 4)
    labels, heads = names[:rows], names[rows : rows + columns]
    body: list[tuple[TableCell, ...]] = []
    style = prose.rng.random()
    if style < 0.35 and columns >= 3:
        body += _nested_heads(heads, names[-3:])
    else:
        body.append((head(names[-1]), *(head(h, "end") for h in heads)))
    side = style > 0.8
    known: list[list[float]] = [[] for _ in kinds]
    for label in labels:
        first = head(label) if side else cell(label)
        numbers = [_number(prose, kind, values) for kind, values in zip(kinds, known, strict=True)]
        body.append((first, *(cell(n, "end") for n in numbers)))
    if prose.chance(0.25):
        total = head(phrases(prose.lang, "spreadsheet")["total"])
        body += total_row(prose, kinds, known, total)
    return Table(tuple(body), caption, below, look)


def _number(prose: Prose, kind: str, values: list[float]) -> str:
    """A number that is added to those of its column, or the mark of a missing one."""
    if prose.chance(0.04):
        return prose.pick(EMPTY)
    values.append(figure(prose, kind))
    return figure_text(prose, kind, values[-1])


def _nested_heads(heads: list[str], groups: list[str]) -> list[tuple[TableCell, ...]]:
    """Two rows of headers: groups over their columns."""
    half = len(heads) // 2
    top = (
        head(groups[2], rowspan=2),
        head(groups[0], "center", colspan=half),
        head(groups[1], "center", colspan=len(heads) - half),
    )
    return [top, tuple(head(h, "end") for h in heads)]
