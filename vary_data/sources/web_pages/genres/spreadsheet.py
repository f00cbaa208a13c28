"""Tables that fill a page: wireless, striped, in a grid, merged cells, nested heads, long ones."""

from __future__ import annotations

from renderers.web.document import Block, Group, Table, TableCell
from vary_data.sources.prose.prose import Prose
from vary_data.sources.web_pages.composition import Composition, Sheet, accent, line
from vary_data.sources.web_pages.phrases import phrases
from vary_data.sources.web_pages.tables import cell, figure, figure_text, head, total_row

FIGURES = ("number", "share", "decimal", "money")
KINDS = (*FIGURES, "word", "date")
ALIGN = {"word": "", "date": "center"}


def compose(prose: Prose) -> Composition:
    """Compose a page with one table."""
    words = phrases(prose.lang, "spreadsheet")
    wide = prose.chance(0.5)
    sheet = (
        Sheet(800.0, 560.0, prose.rng.uniform(9.5, 11))
        if wide
        else Sheet(595.0, 800.0, prose.rng.uniform(9, 10.5))
    )
    columns = prose.whole(4, 9 if wide else 6)
    rows = int((sheet.tallest - 130) / (sheet.size * 1.95)) - 3
    rows = prose.whole(min(5, rows), rows)
    title = prose.fill(
        prose.pick(words.all("titles")),
        measure=prose.pick(prose.corpus.words["measure"]),
        noun=prose.noun(),
        year=prose.year(),
    )
    blocks: list[Block] = [line(title, "title")]
    if prose.chance(0.3):
        blocks.append(line(prose.sentence(), look="small"))
    blocks.append(_table(prose, columns, rows, words["total"]))
    if prose.chance(0.5):
        blocks.append(line(words["note"].format(prose.sentence()), "footnote"))
    foot = Group((line(str(prose.whole(1, 99)), "page_number"),), "furniture below middle")
    return Composition(
        (*blocks, foot),
        sheet,
        ("sans", "serif", "narrow"),
        ("sans", "serif"),
        {"accent": accent(prose)},
    )


def _table(prose: Prose, columns: int, rows: int, total: str) -> Table:
    kinds = [prose.pick(KINDS) for _ in range(columns - 1)]
    # Two names of columns that belong together, and one for each group of two rows or more.
    further = 3 + rows // 2
    names = prose.nouns(columns + rows + further)
    heads, labels, groups = names[:columns], names[columns : columns + rows], names[-further:]
    body: list[tuple[TableCell, ...]] = []
    merged = prose.chance(0.4) and rows >= 6
    values: list[list[float]] = [[] for _ in kinds]
    if prose.chance(0.45) and columns >= 5:
        body += _nested(prose, heads, groups)
    else:
        body.append(tuple(head(name, "center") for name in heads))
    if merged:
        body += _grouped(prose, labels, kinds, groups[3:], values)
    else:
        body += [(cell(label), *_values(prose, kinds, values)) for label in labels]
    if prose.chance(0.4):
        inner = 1 if merged else 0  # merged tables have the names of their rows in a second column
        name = head(total, colspan=1 + inner)
        body += total_row(prose, kinds[inner:], values[inner:], name)
    look = prose.pick(("wireless", "striped", "grid", "lines", "bold-head"))
    return Table(tuple(body), look=look)


def _nested(prose: Prose, heads: list[str], groups: list[str]) -> list[tuple[TableCell, ...]]:
    """Two or three rows of heads: names of groups above those of columns."""
    inner = len(heads) - 1
    first = prose.whole(2, inner - 2)
    top = [
        head(heads[0], "center", rowspan=2),
        head(groups[0], "center", colspan=first),
        head(groups[1], "center", colspan=inner - first),
    ]
    return [tuple(top), tuple(head(name, "center") for name in heads[1:])]


def _grouped(
    prose: Prose,
    labels: list[str],
    kinds: list[str],
    groups: list[str],
    values: list[list[float]],
) -> list[tuple[TableCell, ...]]:
    """Rows whose first cell spans those of a group; the second column has their names."""
    body: list[tuple[TableCell, ...]] = []
    left, number = list(labels), 0
    while left:
        count = min(len(left), prose.whole(2, 4))
        if len(left) - count == 1:
            count += 1
        for i, label in enumerate(left[:count]):
            row = [cell(label), *_values(prose, kinds[1:], values[1:])]
            if i == 0:
                row.insert(0, head(groups[number % len(groups)], rowspan=count))
            body.append(tuple(row))
        left, number = left[count:], number + 1
    return body


def _values(prose: Prose, kinds: list[str], values: list[list[float]]) -> list[TableCell]:
    """Cells of a row, whose numbers are added to `values`."""
    found = []
    for kind, column in zip(kinds, values, strict=True):
        if kind == "word":
            shown = prose.pick(prose.corpus.words["place"])
        elif kind == "date":
            shown = prose.iso_date()
        else:
            number = figure(prose, kind)
            shown = figure_text(prose, kind, number)
        empty = prose.chance(0.05)
        if not empty and kind in FIGURES:
            column.append(number)
        found.append(cell("" if empty else shown, ALIGN.get(kind, "end")))
    return found
