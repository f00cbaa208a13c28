"""Cells in columns: which columns fit, what fits into one, and where a cell stands in it."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.styled_pages.flow import Flow
from benchmarks.styled_pages.lines import Box, draw_line

LEFT, CENTER, RIGHT = range(3)


def fitting(rows: Sequence[Sequence[Box]], gap: float, room: float) -> list[float]:
    """The widths of the first columns, one at least, that fit into the room with a gap for each
    [points]."""
    widths = [max(box.width for box in column) for column in zip(*rows, strict=True)]
    while len(widths) > 1 and sum(widths) + gap * len(widths) > room:
        widths.pop()
    return widths


def shortened(flow: Flow, text: str, style: str, size: float, room: float) -> Box:
    """The start of a text that fits into a room [points]."""
    box = flow.type.box(text, style, size)
    while box.width > room and len(text) > 1:
        text = text[:-1].rstrip()
        box = flow.type.box(text, style, size)
    return box


def draw_cell(flow: Flow, box: Box, x: float, base: float, width: float, flush: int) -> None:
    """A cell of a column of some width that begins at `x`."""
    shift = (0.0, (width - box.width) / 2, width - box.width)[flush]
    draw_line(flow.sheet, x + shift, base, [box], 0, "left")
