"""Writes a page as HTML, and lists what the layout must show.

Text is escaped, so nothing of it is ever markup or a script. Every element whose place is wanted
carries `data-n`, the position of its `Entry`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape

from renderers.languages.registry import Hyphenation, language
from renderers.web.document import (
    SPAN_TAGS,
    Block,
    CheckBox,
    Code,
    DisplayFormula,
    Figure,
    Form,
    Group,
    Inline,
    InlineFormula,
    Inset,
    ItemList,
    Leader,
    Pair,
    Rule,
    Span,
    Table,
    TableCell,
    Text,
    TextBlock,
    WebPage,
)
from renderers.web.embedded import formula_html, picture_html
from renderers.web.formulas import Math
from renderers.web.hyphens import HYPHENATED, MIN_WORD, with_soft_hyphens

BOPOMOFO = re.compile("[\u3105-\u312f]")
"""Readings with these letters stand beside their character, from top to bottom."""


@dataclass(frozen=True, slots=True)
class CellPlace:
    """The place of a cell in its table's grid."""

    row: int
    column: int
    rowspan: int
    colspan: int
    header: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """An element that becomes a region.

    `content` is its own text, None if it has only children. `flow` is the position of the group
    with `flow` that it is in, or None. `marker` is that of a list item.
    """

    role: str
    parent: int | None
    content: Text | None
    flow: int | None
    level: int | None = None
    cell: CellPlace | None = None
    marker: str = ""
    lines: tuple[str, ...] = ()
    math: Math | None = None
    """Of a display formula."""
    inset: Inset | None = None
    """Of a figure that is a picture with a truth of its own."""

    @property
    def latex(self) -> str:
        """The source of a display formula."""
        return "" if self.math is None else self.math.latex

    @property
    def formulas(self) -> list[Math]:
        """Its display formula, or those in its text."""
        if self.math is not None:
            return [self.math]
        return [part.math for part in self.content or () if isinstance(part, InlineFormula)]


@dataclass(slots=True)
class Written:
    """A page as HTML. `entries[n]` describes the element with `data-n="n"`."""

    html: str = ""
    entries: list[Entry] = field(default_factory=list)
    flows: int = 0


def write(page: WebPage, *, hyphenated: bool = False) -> Written:
    """The page's body. The same page always gives the same HTML.

    If it is `hyphenated`, soft hyphens are where words may be broken; entries are without them.
    """
    written = Written()
    lang = language(page.lang)
    breaks = lang.hyphenation if hyphenated else None
    writer = _Writer(written, lang.direction == "rtl", breaks)
    written.html = writer.blocks(page.blocks, None, None)
    return written


def inner(
    content: Iterable[Inline],
    leftward: bool = False,
    breaks: Hyphenation | None = None,
    least: int = MIN_WORD,
) -> str:
    """Spans as escaped HTML, formulas as MathML or as places for KaTeX.

    In a text from right to left, a group of numbers and signs, such as a telephone number, keeps
    its own order. With `breaks`, words of `least` letters and more have soft hyphens.
    """
    parts = []
    for part in content:
        if isinstance(part, InlineFormula):
            parts.append(formula_html(part.math))
            continue
        tag = SPAN_TAGS[part.style]
        plain = part.text
        if breaks is not None and part.style != "code":
            plain = with_soft_hyphens(plain, breaks, least)
        shown = _isolated(plain) if leftward else escape(plain)
        if part.reading:
            place = "beside" if BOPOMOFO.search(part.reading) else "above"
            shown = f'<ruby class="{place}">{shown}<rt>{escape(part.reading)}</rt></ruby>'
        parts.append(f"<{tag}>{shown}</{tag}>" if tag else shown)
    return "".join(parts)


def _attributes(look: str, n: int | None = None, more: str = "") -> str:
    parts = []
    if look:
        parts.append(f' class="{escape(look)}"')
    if n is not None:
        parts.append(f' data-n="{n}"')
    return "".join(parts) + more


_NUMBERS = re.compile(
    r"[+−-]?\(?\d[\d(),./:+−–-]*(?: [\d(][\d(),./:+−–-]*)+|[+−-]\d+|\d[\d,.]*[–-]\d+[\d–-]*"
)


def _isolated(text: str) -> str:
    parts, end = [], 0
    for found in _NUMBERS.finditer(text):
        parts += [escape(text[end : found.start()]), f'<bdi dir="ltr">{escape(found[0])}</bdi>']
        end = found.end()
    return "".join([*parts, escape(text[end:])])


_TAGS = {"title": "h1", "footnote": "div", "caption": "div"}


class _Writer:
    def __init__(self, written: Written, leftward: bool, breaks: Hyphenation | None) -> None:
        self.written = written
        self.leftward = leftward
        self.breaks = breaks

    def inner(self, content: Iterable[Inline], role: str = "") -> str:
        least = HYPHENATED.get(role)
        if self.breaks is None or least is None:
            return inner(content, self.leftward)
        return inner(content, self.leftward, self.breaks, least)

    def blocks(self, blocks: Iterable[Block], parent: int | None, flow: int | None) -> str:
        return "".join(self.block(block, parent, flow) for block in blocks)

    def block(self, block: Block, parent: int | None, flow: int | None) -> str:
        match block:
            case TextBlock():
                return self._text(block, parent, flow)
            case ItemList():
                return self._list(block, parent, flow)
            case Table():
                return self._table(block, parent, flow)
            case Figure():
                return self._figure(block, parent, flow)
            case DisplayFormula():
                return self._formula(block, parent, flow)
            case Code():
                n = self._entry("code", parent, (), flow, lines=block.lines)
                lines = "".join(f"<div>{escape(line) or '<br>'}</div>" for line in block.lines)
                return f"<pre{_attributes(block.look, n)}>{lines}</pre>"
            case Pair():
                return self._pair(block, parent, flow)
            case CheckBox():
                role = "checkbox_selected" if block.checked else "checkbox_unselected"
                n = self._entry(role, parent, block.label, flow)
                mark = _TICK if block.checked else ""
                label = f"<span>{self.inner(block.label)}</span>"
                look = f"check {block.look}".strip()
                return f'<div{_attributes(look, n)}><i class="tick">{mark}</i>{label}</div>'
            case Form():
                n = self._entry("form", parent, None, flow)
                shown = self.blocks(block.blocks, n, flow)
                return f"<section{_attributes(f'form {block.look}'.strip(), n)}>{shown}</section>"
            case Rule():
                look = f"rule {block.look}".strip()
                return f'<div class="{escape(look)}"></div>' * block.count
            case Leader():
                return self._leader(block, parent, flow)
            case Group():
                return self._group(block, parent, flow)

    def _entry(
        self,
        role: str,
        parent: int | None,
        content: Text | None,
        flow: int | None,
        **more: object,
    ) -> int:
        self.written.entries.append(Entry(role, parent, content, flow, **more))  # type: ignore[arg-type]
        return len(self.written.entries) - 1

    def _text(self, block: TextBlock, parent: int | None, flow: int | None) -> str:
        n = self._entry(block.role, parent, block.content, flow, level=block.level)
        tag = _TAGS.get(block.role, "p")
        if block.role == "section_header":
            tag = f"h{min(6, 1 + (block.level or 1))}"
        look = f"{block.role} {block.look}".strip()
        return f"<{tag}{_attributes(look, n)}>{self.inner(block.content, block.role)}</{tag}>"

    def _list(self, block: ItemList, parent: int | None, flow: int | None) -> str:
        items = []
        for item in block.items:
            content: Text = (
                (Span(f"{item.marker} "), *item.content) if item.marker else item.content
            )
            n = self._entry(
                "list_item", parent, content, flow, level=block.level, marker=item.marker
            )
            marker = f'<span class="marker">{escape(item.marker)}</span> ' if item.marker else ""
            own = self.inner(item.content, "list_item")
            own = f'<p class="item" data-n="{n}">{marker}{own}</p>'
            items.append(f"<div>{own}{self.blocks(item.blocks, parent, flow)}</div>")
        return f"<div{_attributes(f'list {block.look}'.strip())}>{''.join(items)}</div>"

    def _table(self, block: Table, parent: int | None, flow: int | None) -> str:
        number = len(self.written.entries)
        caption = ""
        if block.caption and not block.caption_below:
            # The caption is read before its table, whose entry is the next one.
            caption = self._caption(block.caption, number + 1, flow)
        n = self._entry("table", parent, None, flow)
        taken: set[tuple[int, int]] = set()
        rows = []
        for r, cells in enumerate(block.rows):
            column = 0
            shown = []
            for cell in cells:
                while (r, column) in taken:
                    column += 1
                taken |= {
                    (r + i, column + j) for i in range(cell.rowspan) for j in range(cell.colspan)
                }
                shown.append(self._cell(cell, r, column, n, flow))
                column += cell.colspan
            rows.append(f"<tr>{''.join(shown)}</tr>")
        table = f"<table{_attributes(block.look, n)}><tbody>{''.join(rows)}</tbody></table>"
        below = ""
        if block.caption and block.caption_below:
            below = self._caption(block.caption, n, flow)
        return f'<div class="table">{caption}{table}{below}</div>'

    def _cell(self, cell: TableCell, row: int, column: int, table: int, flow: int | None) -> str:
        place = CellPlace(row, column, cell.rowspan, cell.colspan, cell.header)
        n = self._entry("cell", table, cell.content, flow, cell=place)
        tag = "th" if cell.header else "td"
        spans = f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else ""
        spans += f' colspan="{cell.colspan}"' if cell.colspan > 1 else ""
        look = f"{cell.align} {cell.look}".strip()
        shown = self.inner(cell.content, "cell")
        return f"<{tag}{_attributes(look, n, spans)}>{shown}</{tag}>"

    def _caption(self, content: Text, parent: int, flow: int | None) -> str:
        n = self._entry("caption", parent, content, flow)
        return f'<div class="caption" data-n="{n}">{self.inner(content, "caption")}</div>'

    def _figure(self, block: Figure, parent: int | None, flow: int | None) -> str:
        inset = block.art if isinstance(block.art, Inset) else None
        n = self._entry(inset.role if inset else "figure", parent, None, flow, inset=inset)
        caption = self._caption(block.caption, n, flow) if block.caption else ""
        look = f"figure {block.look}".strip()
        return f'<div class="{escape(look)}">{picture_html(block.art, n)}{caption}</div>'

    def _formula(self, block: DisplayFormula, parent: int | None, flow: int | None) -> str:
        n = self._entry("formula", parent, None, flow, math=block.math)
        math = formula_html(block.math, display=True)
        tag = ""
        if block.tag:
            t = self._entry("tag", n, (Span(block.tag),), flow)
            tag = f'<span class="tag" data-n="{t}">{escape(block.tag)}</span>'
        by = ' class="by-tex"' if not block.math.mathml else ""
        return f'<div class="formula" data-n="{n}"><div{by}>{math}</div>{tag}</div>'

    def _pair(self, block: Pair, parent: int | None, flow: int | None) -> str:
        key = self._entry("key", parent, block.key, flow)
        value = self._entry("value", parent, block.value, flow)
        look = f"pair {block.look}".strip()
        parts = (
            f'<span class="key" data-n="{key}">{self.inner(block.key)}</span>'
            f'<span class="value" data-n="{value}">{self.inner(block.value)}</span>'
        )
        return f'<div class="{escape(look)}">{parts}</div>'

    def _leader(self, block: Leader, parent: int | None, flow: int | None) -> str:
        content: Text = (*block.content, Span(f" {block.number}"))
        n = self._entry("list_item", parent, content, flow, level=1)
        look = f"leader {block.look}".strip()
        return (
            f'<div class="{escape(look)}" data-n="{n}"><span>{self.inner(block.content)}</span>'
            f"<i></i><span>{escape(' ' + block.number)}</span></div>"
        )

    def _group(self, block: Group, parent: int | None, flow: int | None) -> str:
        """A group; one inside a flow cannot flow by itself."""
        look = f"group {block.look}".strip()
        more = f' style="{escape(block.style)}"' if block.style else ""
        if block.flow and flow is None:
            flow = self.written.flows
            self.written.flows += 1
            look += f" flow columns-{block.columns}"
            more += f' data-flow="{flow}"'
        return (
            f"<div{_attributes(look, None, more)}>{self.blocks(block.blocks, parent, flow)}</div>"
        )


_TICK = (
    '<svg viewBox="0 0 10 10"><path d="M2 5.5 4.2 8 8.4 1.8" fill="none" stroke="currentColor"'
    ' stroke-width="1.6"/></svg>'
)
