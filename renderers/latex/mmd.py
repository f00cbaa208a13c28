"""Write blocks as Mathpix Markdown.

Formulas are in `\\( \\)` and `\\[ \\]`, headings follow `#`, tables are LaTeX `tabular`,
footnotes `[^n]`; see the Mathpix Markdown syntax reference. A caption is a separate paragraph
next to its table, with its number as printed, because `\\caption` would number it again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from renderers.latex import figures, programs
from renderers.latex.blocks import (
    LINE_BREAK,
    Block,
    Figure,
    Footnote,
    Formula,
    Heading,
    Inline,
    ListBlock,
    Paragraph,
    Program,
    Span,
    Table,
    TableCell,
    Text,
)
from renderers.latex.markdown_text import emphasized, escaped

_LINE_START = re.compile(r"^(#{1,6} |[-+>](?= )|\d+(?=[.)] )|=+$|-{3,}$)")
_LATEX = {
    "\\": r"\textbackslash{}",
    "&": r"\&",
    "%": r"\%",
    "#": r"\#",
    "_": r"\_",
    "$": r"\$",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


@dataclass(frozen=True, slots=True)
class FootnoteText:
    """The text of a footnote at the foot of a page."""

    number: int
    spans: tuple[Text | Inline, ...]


def write(
    blocks: Sequence[Block],
    notes: Sequence[FootnoteText] = (),
    *,
    first_note: int = 1,
    caption_above: bool = True,
    figure_marks: bool = False,
) -> str:
    """Mathpix Markdown of a page.

    `first_note` is the number of the first footnote mark in these blocks; `notes` are the
    footnotes at its foot. With `figure_marks`, `![](figure)` is where a figure is.
    """
    writer = _MarkdownWriter(first_note, caption_above, figure_marks)
    parts = [writer.block(block) for block in blocks]
    parts += [f"[^{note.number}]: {writer.spans(note.spans)}" for note in notes]
    return "\n\n".join(part for part in parts if part)


def plain(spans: Iterable[Span]) -> str:
    """Text without markup, formulas in `\\( \\)`, as in the regions of a picture."""
    return "".join(_plain(span) for span in spans)


class _MarkdownWriter:
    def __init__(self, first_note: int, caption_above: bool, figure_marks: bool) -> None:
        self._next_note = first_note
        self._figure_marks = figure_marks
        self._caption_above = caption_above

    def block(self, block: Block) -> str:
        if isinstance(block, Heading):
            return "#" * min(block.level + 1, 6) + " " + self.spans(block.spans)
        if isinstance(block, Paragraph):
            return _guard(self.spans(block.spans))
        if isinstance(block, Formula):
            return formula(block)
        if isinstance(block, Table):
            return self._table(block)
        if isinstance(block, Figure):
            return figures.markdown(block, self, self._figure_marks)
        if isinstance(block, Program):
            return programs.markdown(block, self)
        if isinstance(block, ListBlock):
            return self._list(block)
        raise TypeError(type(block).__name__)

    def spans(self, spans: Iterable[Span]) -> str:
        pieces = list(_merged(spans))
        written = [self._span(span) for span in pieces]
        return "".join(
            _styled(span, text, "".join(written[:i][-1:]), "".join(written[i + 1 : i + 2]))
            for i, (span, text) in enumerate(zip(pieces, written, strict=True))
        )

    def _span(self, span: Span) -> str:
        if isinstance(span, Inline):
            return inline(span)
        if isinstance(span, Footnote):
            self._next_note += 1
            return f"[^{self._next_note - 1}]"
        if span.mono and "`" not in span.text:
            return _wrapped(span.text, "`")
        text = escaped(span.text)
        if span.underline and text.strip():
            head, _, tail = text.partition(text.strip())
            return rf"{head}\underline{{{text.strip()}}}{tail}"
        return text

    def _table(self, table: Table) -> str:
        caption = " ".join(filter(None, (table.number, self.spans(table.caption))))
        parts = [caption, tabular(table)] if self._caption_above else [tabular(table), caption]
        return "\n\n".join(filter(None, parts))

    def _list(self, block: ListBlock) -> str:
        return "\n".join(
            self._item(block.labels[i] if block.ordered else "-", item)
            for i, item in enumerate(block.items)
        )

    def _item(self, marker: str, blocks: Sequence[Block]) -> str:
        indent = " " * (len(marker) + 1 if marker == "-" or marker[:-1].isdigit() else 2)
        lines: list[str] = []
        for block in blocks:
            gap = not isinstance(block, ListBlock) and bool(lines)
            lines += [""] * gap + self.block(block).split("\n")
        body = "\n".join(indent + line if i and line else line for i, line in enumerate(lines))
        return f"{marker} {body}".rstrip()


def _merged(spans: Iterable[Span]) -> Iterator[Span]:
    """Joins adjacent spans of one font: two adjacent code spans would be read as one fence.

    Code has no other style in Markdown.
    """
    last: Text | None = None
    for span in spans:
        if isinstance(span, Text) and last is not None and _font(span) == _font(last):
            last = replace(last, text=last.text + span.text)
            continue
        if last is not None:
            yield last
        last = span if isinstance(span, Text) else None
        if last is None:
            yield span
    if last is not None:
        yield last


def _font(span: Text) -> tuple[bool, bool, bool, bool]:
    """What Markdown shows of a style."""
    code = span.mono and "`" not in span.text
    return (code, not code and span.bold, not code and span.italic, not code and span.underline)


def inline(span: Inline) -> str:
    """A formula within a paragraph."""
    return rf"\({span.latex.strip()}\)"


def formula(block: Formula) -> str:
    """A display formula; rows that carry tags need `align*` or `gather*` at the top level."""
    rows = [row.strip() for row in block.rows]
    tags = [f" \\tag{{{_in_latex(tag)}}}" if tag else "" for tag in block.tags]
    if len(rows) == 1 and block.environment != "align":
        return f"\\[\n{rows[0]}{tags[0]}\n\\]"
    name = "align" if block.environment == "align" else "gather"
    if any(tags):
        begin, end = rf"\begin{{{name}*}}", rf"\end{{{name}*}}"
    else:
        begin, end = r"\[" + f"\n\\begin{{{name}ed}}", rf"\end{{{name}ed}}" + "\n\\]"
    body = " \\\\\n".join(row + tag for row, tag in zip(rows, tags, strict=True))
    return f"{begin}\n{body}\n{end}"


def tabular(table: Table) -> str:
    """A table's `tabular` environment."""
    lines = [rf"\begin{{tabular}}{{{table.columns}}}", *_rows(table), r"\end{tabular}"]
    return "\n".join(lines)


def _rows(table: Table) -> Iterator[str]:
    width = column_count(table.columns)
    for row, slots in zip(table.rows, grid(table), strict=True):
        yield from filter(None, [rules(row.rules, width)])
        yield " & ".join(_cell(cell, width) for cell in slots) + r" \\"
    yield from filter(None, [rules(table.rules_below, width)])


def column_count(columns: str) -> int:
    """The number of columns of a `tabular` specification without rules."""
    return sum(columns.count(c) for c in "lcr")


def grid(table: Table) -> Iterator[tuple[TableCell, ...]]:
    """The cells of each row, with an empty one where a cell from above reaches down."""
    reaching: dict[int, tuple[int, int]] = {}  # first column -> (rows left, colspan)
    width = column_count(table.columns)
    for row in table.rows:
        slots: list[TableCell] = []
        cells = iter(row.cells)
        column, below = 0, dict[int, tuple[int, int]]()
        while column < width:
            if column in reaching:
                left, span = reaching[column]
                slots.append(TableCell((), colspan=span))
                if left > 1:
                    below[column] = (left - 1, span)
            else:
                cell = next(cells, TableCell(()))
                span = cell.colspan
                slots.append(cell)
                if cell.rowspan > 1:
                    below[column] = (cell.rowspan - 1, span)
            column += span
        reaching = below
        yield tuple(slots)


def rules(spans: Sequence[tuple[int, int]], width: int) -> str:
    """The rules below a row: `spans` are first and last columns, counted from 1."""
    return " ".join(
        r"\hline" if (first, last) == (1, width) else rf"\cline{{{first}-{last}}}"
        for first, last in spans
    )


def _cell(cell: TableCell, width: int) -> str:
    content = "".join(_cell_span(span) for span in cell.spans)
    if cell.rowspan > 1:
        content = rf"\multirow{{{cell.rowspan}}}{{*}}{{{content}}}"
    if cell.colspan > 1 or cell.align:
        content = rf"\multicolumn{{{cell.colspan}}}{{{cell.align or 'c'}}}{{{content}}}"
    return content


def _in_latex(text: str) -> str:
    """Plain text as the LaTeX that cells of tables and tags of formulas contain."""
    return "".join(_LATEX.get(c, c) for c in text)


def _cell_span(span: Text | Inline) -> str:
    if isinstance(span, Inline):
        return inline(span)
    if span.text == LINE_BREAK:
        return " "
    text = _in_latex(span.text)
    for on, command in (
        (span.underline, "underline"),
        (span.mono, "texttt"),
        (span.italic, "textit"),
        (span.bold, "textbf"),
    ):
        if on:
            text = rf"\{command}{{{text}}}"
    return text


def _styled(span: Span, text: str, before: str, after: str) -> str:
    """A written span in the markers of its style."""
    if not isinstance(span, Text) or (span.mono and "`" not in span.text):
        return text
    marker = ("**" if span.bold else "") + ("*" if span.italic else "")
    if span.underline:
        return _wrapped(text, marker)  # a command is not divided
    return emphasized(text, marker, before, after)


def _wrapped(text: str, marker: str) -> str:
    """Text in markers. They must be adjacent to the text, so white space stays outside."""
    core = text.strip()
    if not core or not marker:
        return text
    head, _, tail = text.partition(core)
    return f"{head}{marker}{core}{marker[::-1]}{tail}"


def _guard(text: str) -> str:
    """Escapes the beginning of a paragraph that would be read as a heading or list item."""
    found = _LINE_START.match(text)
    if not found:
        return text
    mark = found.group()
    if mark[0].isdigit():
        return mark + "\\" + text[len(mark) :]
    return "\\" + text


def _plain(span: Span) -> str:
    if isinstance(span, Inline):
        return inline(span)
    return span.text if isinstance(span, Text) else ""
