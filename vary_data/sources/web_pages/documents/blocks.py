"""From a stored page to blocks of a browser page. What cannot be set exactly is left out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from renderers.web.document import (
    Block,
    Code,
    DisplayFormula,
    InlineFormula,
    ItemList,
    ListItem,
    Span,
    Table,
    TableCell,
    Text,
    TextBlock,
)
from renderers.web.katex import printed_letters, tex
from vary_data.targets.pages import page as stored
from vary_data.targets.pages.formulas import display_source
from vary_data.targets.tables.table import Table as StoredTable

TEXTS = frozenset(
    {"title", "section_header", "paragraph", "abstract", "author", "affiliation", "date"}
    | {"keywords", "reference", "footnote"}
)
"""Roles that are set as running text."""
MAX_INLINE = 30
"""Letters of a formula within a line: longer ones do not fit narrow columns."""
MAX_CODE_LINE = 60
MAX_COLUMNS, MAX_ROWS, MAX_TABLE = 8, 15, 700
"""Of a table: columns, rows, and characters."""
_TAG = re.compile(r"\s*\\tag\*?\{([^{}]*)\}")
_INLINE = re.compile(r"\\\((.*?)\\\)", re.DOTALL)

Printable = Callable[[Sequence[str]], Sequence[bool]]
"""Which formulas KaTeX can draw."""


@dataclass(slots=True)
class Setting:
    """The blocks of a page in reading order, its footnotes, and what is left out, by role."""

    blocks: list[Block] = field(default_factory=list)
    notes: list[TextBlock] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)


class _LeftOut(Exception):
    """A block cannot be set exactly."""


def set_again(page: stored.Page, printable: Printable | None) -> Setting:
    """The blocks of a stored page; without `printable` those with formulas are left out."""
    formulas = list(dict.fromkeys(_formulas(page)))
    drawn = printable(formulas) if printable and formulas else [False] * len(formulas)
    able = frozenset(f for f, is_drawn in zip(formulas, drawn, strict=True) if is_drawn)
    captions = {
        id(parent): block
        for block in page.blocks
        if block.role == "caption" and (parent := page.parent(block)) is not None
    }
    setting = Setting()
    items: list[stored.Block] = []
    for block in page.flow():
        if block.role == "list_item":
            items.append(block)
            continue
        _add_items(setting, items, able)
        items = []
        try:
            _add(setting, block, captions.get(id(block)), able)
        except _LeftOut:
            setting.left_out[block.role] += 1
    _add_items(setting, items, able)
    return setting


def _add(
    setting: Setting, block: stored.Block, caption: stored.Block | None, able: frozenset[str]
) -> None:
    if block.role in TEXTS:
        level = max(1, min(6, block.level)) if block.role == "section_header" else None
        made = TextBlock(_inline(block.text, able), block.role, level=level)
        (setting.notes if block.role == "footnote" else setting.blocks).append(made)
    elif block.role == "formula":
        latex = _display(block)
        if latex not in able or len(block.tags) > 1:
            raise _LeftOut
        printed = _TAG.search(block.text)
        tag = block.tags[0].text.strip() if block.tags else f"({printed[1]})" if printed else ""
        setting.blocks.append(DisplayFormula(tex(latex), tag))
    elif block.role == "code":
        lines = tuple(line.rstrip() for line in block.text.expandtabs(4).splitlines())
        if not any(lines) or max(map(len, lines)) > MAX_CODE_LINE:
            raise _LeftOut
        setting.blocks.append(Code(lines))
    elif block.role == "table" and block.table is not None:
        setting.blocks.append(_table(block, block.table, caption, able))
    elif block.role == "caption" and block.parent is not None:
        return  # set or left out with its table or figure
    else:
        raise _LeftOut


def _table(
    block: stored.Block, table: StoredTable, caption: stored.Block | None, able: frozenset[str]
) -> Table:
    size = sum(len(cell.text) for cell in table.cells)
    if table.columns > MAX_COLUMNS or table.rows > MAX_ROWS or size > MAX_TABLE:
        raise _LeftOut
    rows: list[list[TableCell]] = [[] for _ in range(table.rows)]
    for cell in table.cells:
        content = _inline(cell.text, able)
        rows[cell.row].append(TableCell(content, cell.rowspan, cell.colspan, cell.header))
    if not all(rows):
        raise _LeftOut  # a row that other rows cover has no height of its own
    title = _inline(caption.text, able) if caption else ()
    below = caption is not None and caption.box[1] > block.box[1]
    return Table(tuple(map(tuple, rows)), title, below, "plain")


def _add_items(setting: Setting, items: Sequence[stored.Block], able: frozenset[str]) -> None:
    """The items of lists that follow each other; deeper ones are in the item before them."""
    kept: list[tuple[int, ListItem]] = []
    for block in items:
        marker = block.text[: len(block.text) - len(block.item_text)].strip()
        try:
            kept.append((max(1, block.level), ListItem(marker, _inline(block.item_text, able))))
        except _LeftOut:
            setting.left_out["list_item"] += 1
    if kept:
        setting.blocks.append(_nested(kept, 1))


def _nested(items: Sequence[tuple[int, ListItem]], level: int) -> ItemList:
    """A list of the first item's level."""
    first = items[0][0]
    found: list[ListItem] = []
    at = 0
    while at < len(items):
        end = at + 1
        while end < len(items) and items[end][0] > first:
            end += 1
        item = items[at][1]
        inner = items[at + 1 : end]
        blocks = (_nested(inner, min(6, level + 1)),) if inner else ()
        found.append(ListItem(item.marker, item.content, blocks))
        at = end
    return ItemList(tuple(found), level=level)


def _inline(text: str, able: frozenset[str]) -> Text:
    """A text with its formulas."""
    parts: list[Span | InlineFormula] = []
    for place, piece in enumerate(_INLINE.split(text)):
        if place % 2 == 0:
            parts += [Span(piece)] if piece else []
            continue
        latex = piece.strip()
        if latex not in able or len(printed_letters(latex)) > MAX_INLINE:
            raise _LeftOut
        parts.append(InlineFormula(tex(latex)))
    if not any(isinstance(part, InlineFormula) or part.text.strip() for part in parts):
        return ()
    return tuple(parts)


def _display(block: stored.Block) -> str:
    """The LaTeX of a formula on one line, without its number, which is text of its own."""
    return " ".join(display_source(_TAG.sub("", block.text)).split())


def _formulas(page: stored.Page) -> Iterator[str]:
    """The LaTeX of all formulas; one with letters that KaTeX's fonts lack is not among them."""
    for block in page.blocks:
        texts = [cell.text for cell in block.table.cells] if block.table else [block.text]
        found = [latex.strip() for text in texts for latex in _INLINE.findall(text)]
        if block.role == "formula":
            found = [_display(block)]
        yield from (latex for latex in found if latex and latex.isascii())
