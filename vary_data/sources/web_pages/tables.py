"""Tables of names and numbers: plain, with groups of columns or rows, with totals."""

from __future__ import annotations

from renderers.web.document import Table, TableCell, Text, text
from vary_data.sources.prose.prose import Prose
from vary_data.sources.web_pages.phrases import phrases

EMPTY = ("", "–", "n/a")


def cell(plain: str, align: str = "", rowspan: int = 1, colspan: int = 1) -> TableCell:
    """A cell of one plain text."""
    return TableCell(text(plain), rowspan, colspan, align=align)


def head(plain: str, align: str = "", rowspan: int = 1, colspan: int = 1) -> TableCell:
    """A header cell of one plain text."""
    return TableCell(text(plain), rowspan, colspan, header=True, align=align)


def figure_text(prose: Prose, kind: str) -> str:
    """A number of one column's kind."""
    match kind:
        case "share":
            return prose.percent(prose.whole(1, 999) / 10)
        case "money":
            return prose.cash(prose.money(2, 9000))
        case "decimal":
            return prose.amount(prose.rng.uniform(0.01, 99), 2)
    return prose.number(1, 9999)


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
        body += _nested_heads(prose, heads, names[-3:])
    else:
        body.append((head(prose.noun()), *(head(h, "end") for h in heads)))
    side = style > 0.8
    for label in labels:
        first = head(label) if side else cell(label)
        numbers = (_number(prose, kind) for kind in kinds)
        body.append((first, *(cell(n, "end") for n in numbers)))
    if prose.chance(0.25):
        body.append(
            (
                head(phrases(prose.lang, "spreadsheet")["total"]),
                *(head(figure_text(prose, k), "end") for k in kinds),
            )
        )
    return Table(tuple(body), caption, below, look)


def _number(prose: Prose, kind: str) -> str:
    return prose.pick(EMPTY) if prose.chance(0.04) else figure_text(prose, kind)


def _nested_heads(prose: Prose, heads: list[str], groups: list[str]) -> list[tuple[TableCell, ...]]:
    """Two rows of headers: groups over their columns."""
    half = len(heads) // 2
    top = (
        head(prose.noun(), rowspan=2),
        head(groups[0], "center", colspan=half),
        head(groups[1], "center", colspan=len(heads) - half),
    )
    return [top, tuple(head(h, "end") for h in heads)]
