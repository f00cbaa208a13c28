"""Which blocks have text or pictures in color: their pages need more than gray pixels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from renderers.latex import figures
from renderers.latex.blocks import (
    Block,
    Figure,
    Footnote,
    Heading,
    ListBlock,
    Paragraph,
    Program,
    Reference,
    Span,
    Table,
    Text,
)


def is_colored(block: Block) -> bool:
    """Whether a block has anything in a color."""
    return figures.colored([block]) or _has_color(list(_spans(block)))


def _has_color(spans: Sequence[Span]) -> bool:
    return any(
        span.color is not None
        if isinstance(span, Text)
        else isinstance(span, Footnote) and _has_color(span.spans)
        for span in spans
    )


def _spans(block: Block) -> Iterator[Span]:
    if isinstance(block, Heading | Paragraph | Reference):
        yield from block.spans
    elif isinstance(block, Table):
        yield from block.caption
        for row in block.rows:
            for cell in row.cells:
                yield from cell.spans
    elif isinstance(block, Figure | Program):
        for part in block.parts():
            yield from part.spans
    elif isinstance(block, ListBlock):
        for item in block.items:
            for inner in item:
                yield from _spans(inner)
