"""Add to the document's value everything that a template generates.

Numbers of headings, labels of list items, the mark after a caption's number: once they are in
the blocks, LaTeX and Markdown are written from the same value and cannot disagree. Styles for
which a font has no face are removed for the same reason.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from renderers.latex.alphabets import drawable
from renderers.latex.blocks import (
    LINE_BREAK,
    Block,
    Document,
    Figure,
    Footnote,
    Formula,
    Heading,
    Inline,
    ListBlock,
    Paragraph,
    Program,
    Reference,
    Span,
    Table,
    TableCell,
    TableRow,
    Text,
)
from renderers.latex.characters import CJK
from renderers.latex.style import PageStyle
from renderers.latex.table_looks import restyled, wrapped

_SPACES = re.compile(r"\s\s+|[^\S ]")
"""White space that is not a single space."""
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_CJK_SPACE = re.compile(rf"(?<={CJK.pattern}) | (?={CJK.pattern})")
_NOT_UNDERLINED = re.compile(rf"[{{}}\\]|{CJK.pattern}")
"""Braces would end the command in the Markdown; Chinese has no spaces to break a line at."""
_NEVER_NUMBERED = frozenset((
    "abstract", "references", "bibliography", "摘要", "参考文献", "致谢",
    "acknowledgment", "acknowledgments", "acknowledgement", "acknowledgements",
))  # fmt: skip
"""Headings that have no number where others have one."""
_NUMBERED = re.compile(r"\d|[IVX]+[.\s]|[一二三四五六七八九十第§（(]")


def prepare(document: Document, style: PageStyle) -> tuple[Block, ...]:
    """The blocks as printed in this style, one for each of the document's."""
    counters = [0] * 6
    prepared = []
    headings = [b for b in document.blocks if isinstance(b, Heading) and b.level in (1, 2, 3)]
    number = style.heading_numbers and not any(map(_has_number, headings))
    for block in document.blocks:
        if number and isinstance(block, Heading) and block.level in (1, 2, 3):
            block = _numbered(block, counters)
        prepared.append(_block(block, style, depth=0))
    return tuple(prepared)


def _has_number(heading: Heading) -> bool:
    """Whether a heading has a number from its source."""
    first = heading.spans[0] if heading.spans else Text("")
    return isinstance(first, Text) and _NUMBERED.match(first.text.lstrip()) is not None


def _numbered(heading: Heading, counters: list[int]) -> Heading:
    text = "".join(span.text for span in heading.spans if isinstance(span, Text))
    if text.strip().lower() in _NEVER_NUMBERED:
        return heading
    counters[heading.level] += 1
    counters[heading.level + 1 :] = [0] * (5 - heading.level)
    levels = counters[1 : heading.level + 1]
    if 0 in levels:
        return heading
    number = ".".join(str(n) for n in levels)
    return replace(heading, spans=(Text(f"{number} "), *heading.spans))


def _block(block: Block, style: PageStyle, depth: int) -> Block:
    if isinstance(block, Heading):
        return replace(block, spans=_spans(block.spans, plain=True))
    if isinstance(block, Paragraph):
        return _paragraph(block, style)
    if isinstance(block, Reference):
        label = (Text(block.label + " "),) if block.label else ()
        return Paragraph(_spans((*label, *block.spans)), role="reference")
    if isinstance(block, Table):
        number = block.number + style.caption_mark if block.caption else block.number
        block = wrapped(restyled(block, style.table_rules), style.line_letters)
        rows = tuple(_row(row) for row in block.rows)
        return replace(block, rows=rows, caption=_plain_spans(block.caption), number=number)
    if isinstance(block, Figure):
        number = block.number + style.caption_mark if block.caption else block.number
        return _with_clean_parts(replace(block, number=number))
    if isinstance(block, Program):
        return _program(block, style)
    if isinstance(block, Formula):
        return replace(block, rows=tuple(map(drawable, block.rows)))
    return _list(block, style, depth)


def _paragraph(block: Paragraph, style: PageStyle) -> Paragraph:
    """A paragraph with its run-in heading and, of a proof, its end mark, as the style has them."""
    spans = block.spans
    if block.style == "plain" and style.italic_theorems:
        spans = tuple(replace(s, italic=not s.italic) if isinstance(s, Text) else s for s in spans)
    if block.label:
        slanted = style.italic_labels and block.style in ("remark", "proof")
        spans = (Text(block.label + " ", bold=not slanted, italic=slanted), *spans)
    ends_proof = block.ends_proof and bool(style.proof_mark)
    if ends_proof:
        spans = (
            (*spans, Text(" "), Inline(style.proof_mark)) if spans else (Inline(style.proof_mark),)
        )
    return Paragraph(_spans(spans), role=block.role, ends_proof=ends_proof)


def _program(block: Program, style: PageStyle) -> Program:
    """White space of code counts, so only its caption is cleaned."""
    head, *lines = block.parts()
    if block.kind == "algorithm":
        number = (Text(block.number, bold=True), Text(" ")) if block.number else ()
        lines = [replace(part, spans=_plain_spans(part.spans)) for part in lines]
        return block.with_parts(
            [replace(head, spans=_plain_spans((*number, *block.caption))), *lines]
        )
    number_text = block.number + style.caption_mark if block.caption else block.number
    head = replace(block, number=number_text).parts()[0]
    return block.with_parts([replace(head, spans=_plain_spans(head.spans)), *lines])


def _with_clean_parts(block: Figure) -> Figure:
    parts = [replace(part, spans=_plain_spans(part.spans)) for part in block.parts()]
    return block.with_parts(parts)


def _list(block: ListBlock, style: PageStyle, depth: int) -> ListBlock:
    labels = tuple(_label(block, i, style, depth) for i in range(len(block.items)))
    items = tuple(tuple(_block(b, style, depth + 1) for b in item) for item in block.items)
    explicit = block.ordered or any(label != style.bullet for label in labels)
    return ListBlock(explicit, items, labels)


def _label(block: ListBlock, i: int, style: PageStyle, depth: int) -> str:
    label = block.labels[i].strip() if i < len(block.labels) else ""
    if not block.ordered:
        return label if len(label) > 1 or label.isalnum() else style.bullet
    return label or (f"{i + 1}.", f"({chr(ord('a') + i % 26)})", f"{i + 1})")[depth % 3]


def _row(row: TableRow) -> TableRow:
    return replace(row, cells=tuple(_cell(cell) for cell in row.cells))


def _cell(cell: TableCell) -> TableCell:
    return replace(cell, spans=_plain_spans(cell.spans))


def _plain_spans(spans: Sequence[Text | Inline]) -> tuple[Text | Inline, ...]:
    return tuple(s for s in _spans(spans) if not isinstance(s, Footnote))


def _spans(spans: Sequence[Span], plain: bool = False) -> tuple[Span, ...]:
    """Merge adjacent spans of one font, collapse white space, drop it next to Chinese."""
    merged: list[Span] = []
    for span in spans:
        if isinstance(span, Footnote):
            merged.append(Footnote(_plain_spans(span.spans)))
            continue
        if isinstance(span, Text):
            if span.text == LINE_BREAK:
                merged.append(span)
                continue
            span = _printable(span, plain)
            last = merged[-1] if merged else None
            if isinstance(last, Text) and last.text != LINE_BREAK and _look(last) == _look(span):
                merged[-1] = replace(last, text=_SPACES.sub(" ", last.text + span.text))
                continue
        elif isinstance(span, Inline):
            span = Inline(drawable(span.latex))
        merged.append(span)
    return _trimmed(merged)


def _printable(span: Text, plain: bool) -> Text:
    text = span.text
    if plain:
        span = Text(text)
    bold, italic, mono = span.bold, span.italic, span.mono
    if not text.isascii():
        text = text.translate(_INVISIBLE)
        if CJK.search(text):
            italic = mono = False
        else:  # Latin fonts have no ellipsis: TeX sets three full stops
            text = text.replace("…", "...")
    if mono:  # code has no other style in Markdown, and many typewriter faces have none
        bold = italic = False
    underline = span.underline and not mono and not _NOT_UNDERLINED.search(text)
    return Text(_SPACES.sub(" ", text), bold, italic, mono, underline, span.color)


def _look(span: Text) -> Text:
    """The style of a span, without its text."""
    return replace(span, text="")


def _trimmed(spans: list[Span]) -> tuple[Span, ...]:
    kept: list[Span] = []
    for i, span in enumerate(spans):
        if isinstance(span, Text):
            text = span.text if span.text.isascii() else _CJK_SPACE.sub("", span.text)
            if not kept:
                text = text.lstrip()
            if i == len(spans) - 1:
                text = text.rstrip()
            if not text:
                continue
            if text != span.text:
                span = replace(span, text=text)
        kept.append(span)
    return tuple(kept)
