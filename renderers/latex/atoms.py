"""Atoms: the smallest parts of a document that are located on a page, each with a path.

A path leads to an atom: the index of its block, then the steps down. `(4, 0)` is the first
span of block 4, `(2, "cell", 1, 0, 0)` the first span of the first cell of row 1 of a table.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from renderers.latex.blocks import (
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
    Text,
)
from renderers.roles import LINE_NUMBER, PAGE_FOOTER, PAGE_HEADER, PAGE_NUMBER

Path = tuple[int | str, ...]

AtomKind = Literal["text", "mono", "math", "bullet", "mark"]
"""`mono` is text in a typewriter face, `mark` the raised number of a footnote, `bullet` the dot of
a list, which may be any glyph."""

FIRST_ATOM_NUMBER = 8
"""Smaller numbers are page furniture: see `FURNITURE`; some are reserved."""

FURNITURE = {1: PAGE_HEADER, 2: PAGE_FOOTER, 3: PAGE_NUMBER, 4: LINE_NUMBER}


@dataclass(frozen=True, slots=True)
class AtomStyle:
    """The style in which an atom's letters must be drawn."""

    bold: bool = False
    italic: bool = False


@dataclass(frozen=True, slots=True)
class Atom:
    """`text` is plain text, or LaTeX source for `math`.

    `style` is None where the template chooses it: in headings, labels and numbers.
    """

    number: int
    path: Path
    kind: AtomKind
    text: str
    style: AtomStyle | None = None


def atoms(blocks: Sequence[Block]) -> tuple[Atom, ...]:
    """Every atom of a prepared document, numbered in document order."""
    found = (part for i, block in enumerate(blocks) for part in _block(block, (i,)))
    return tuple(
        Atom(number, path, kind, text, style)
        for number, (path, kind, text, style) in enumerate(found, FIRST_ATOM_NUMBER)
    )


_ShownPart = tuple[Path, AtomKind, str, AtomStyle | None]

_PLAIN = AtomStyle()


def _block(block: Block, path: Path) -> Iterator[_ShownPart]:
    if isinstance(block, Heading):
        for place, kind, text, _ in _spans(block.spans, path):
            yield place, kind, text, None
    elif isinstance(block, Paragraph):
        yield from _spans(block.spans, path)
    elif isinstance(block, Figure | Program):
        for part in block.parts():
            yield from _spans(part.spans, (*path, *part.steps))
    elif isinstance(block, Formula):
        for i, (row, tag) in enumerate(zip(block.rows, block.tags, strict=True)):
            yield (*path, "row", i), "math", row, _PLAIN
            if tag:
                yield (*path, "tag", i), "text", f"({tag})", None
    elif isinstance(block, Table):
        if block.number:
            yield (*path, "number"), "text", block.number, None
        yield from _spans(block.caption, (*path, "caption"))
        for r, cells in enumerate(block.rows):
            for c, cell in enumerate(cells.cells):
                yield from _spans(cell.spans, (*path, "cell", r, c))
    elif isinstance(block, ListBlock):
        for i, inner_blocks in enumerate(block.items):
            label = block.labels[i]
            yield (*path, "label", i), "text" if block.ordered else "bullet", label, None
            for j, inner in enumerate(inner_blocks):
                yield from _block(inner, (*path, "item", i, j))


def _spans(spans: Sequence[Span], path: Path) -> Iterator[_ShownPart]:
    for i, span in enumerate(spans):
        if isinstance(span, Text):
            if span.text.strip():
                style = AtomStyle(span.bold, span.italic)
                yield (*path, i), "mono" if span.mono else "text", span.text, style
        elif isinstance(span, Inline):
            yield (*path, i), "math", span.latex, _PLAIN
        elif isinstance(span, Footnote):
            yield (*path, i, "mark"), "mark", "", None
            yield (*path, i, "foot"), "mark", "", None
            yield from _spans(span.spans, (*path, i, "note"))


def lookup(blocks: Sequence[Block], path: Path) -> Block | Span:
    """The block or span that a path leads to."""
    at: Block | Span = blocks[int(path[0])]
    rest = list(path[1:])
    while rest:
        step = rest.pop(0)
        if step == "item" and isinstance(at, ListBlock):
            at = at.items[int(rest.pop(0))][int(rest.pop(0))]
        elif isinstance(step, int) and isinstance(at, Heading | Paragraph):
            at = at.spans[step]
        else:
            raise KeyError(path)
    return at
