"""A legend inside the plot, in a corner without marks and texts."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from renderers.charts.labels import box_array, boxes_along_line
from renderers.charts.matplotlib.canvas import Canvas, Ink
from renderers.charts.matplotlib.layout import (
    ROW_GAP,
    Key,
    swatch_width,
    write_entry,
)
from renderers.charts.matplotlib.spacing import NAME_GAP, NAME_SIZE
from renderers.charts.matplotlib.style import ChartStyle
from renderers.charts.matplotlib.text import stamp
from renderers.picture import Box

PADDING = 0.5
"""Around the entries, in ems."""
INSET = 0.5
"""From the sides of the plot, in ems."""
STEP = 4.0
"""Pixels between the places at which a line of data is looked at."""
FRAME_Z = 3.2


def place_inner_legend(style: ChartStyle, canvas: Canvas, keys: Sequence[Key]) -> bool:
    """Write the legend where the plot is free; whether there was such a place."""
    font = style.font(NAME_SIZE)
    gap, pad = style.base * NAME_GAP, style.base * PADDING
    swatch = swatch_width(style, keys)
    stamps = [stamp(key.name, font, "left") for key in keys]
    heights = [s.line_height + style.base * ROW_GAP for s in stamps]
    width = swatch + gap + max(s.width for s in stamps) + 2 * pad
    height = sum(heights) + 2 * pad - style.base * ROW_GAP
    box = _free_box(style, canvas, width, height)
    if box is None:
        return False
    back = style.trim.legend_fill or style.plot_color
    edge = (style.trim.legend_edge or style.palette.grid) if style.legend_frame else None
    canvas.rectangle(box, Ink(back, edge, style.stroke if edge else 0.0), z=FRAME_Z)
    y = box[1] + pad
    for key, name, high in zip(keys, stamps, heights, strict=True):
        middle = y + (high - style.base * ROW_GAP) / 2
        write_entry(style, canvas, key, name, box[0] + pad, middle, swatch, gap, FRAME_Z + 0.1)
        y += high
    canvas.obstacles.append(box)
    return True


def _free_box(style: ChartStyle, canvas: Canvas, width: float, height: float) -> Box | None:
    x0, y0, x1, y1 = canvas.plots[0]
    inset = style.base * INSET
    if width > (x1 - x0) * 0.5 or height > (y1 - y0) * 0.6:
        return None
    marks, lines = canvas.read_marks()
    taken = [mark.bbox for mark in marks] + canvas.text_boxes() + canvas.obstacles
    for line in lines:
        for start, stop in pairwise(line.corners):
            length = max(abs(stop[0] - start[0]), abs(stop[1] - start[1]))
            count = max(1, int(length / STEP))
            taken += boxes_along_line(start, stop, [(i + 0.5) / count for i in range(count)])
    others = box_array(taken)
    middle = (x0 + x1 - width) / 2
    for left in (x1 - inset - width, x0 + inset, middle):
        for top in (y0 + inset, y1 - inset - height):
            box = np.array([left, top, left + width, top + height])
            apart = (
                (others[:, 2] <= box[0])
                | (others[:, 0] >= box[2])
                | (others[:, 3] <= box[1])
                | (others[:, 1] >= box[3])
            )
            if apart.all():
                return left, top, left + width, top + height
    return None
