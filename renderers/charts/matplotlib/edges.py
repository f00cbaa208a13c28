"""The trim of a look: lines and bars at the edges of the picture, frames of legends, markers."""

from __future__ import annotations

import dataclasses

from renderers.charts.matplotlib.canvas import Canvas, Ink
from renderers.charts.matplotlib.jitter import Jitter
from renderers.charts.matplotlib.style import ChartStyle
from renderers.picture import Box

TAG = (2.2, 0.6)
"""Width and height of the tag of a look, in ems."""
RULE = 0.3
"""Height of the rule along the upper edge, in ems."""
GAP = 0.5
"""Below a tag or rule, in ems."""
BAR_PADDING = 0.6
"""Above and below the title in its bar, in ems."""
BAR_GAP = 0.7
"""Below the bar, in addition to the space that follows every title, in ems."""
EDGE_Z = 0.6
HOLLOW_LINE = 1.3
"""Width of the outline of a hollow marker, in strokes."""
MIN_HOLLOW = 1.2
"""The same at least, in pixels."""


def open_canvas(style: ChartStyle) -> Canvas:
    """An empty canvas of the style, with the jitter of the hand that draws."""
    jitter = None
    if style.jitter:
        size = (style.width, style.height)
        jitter = Jitter(style.jitter, style.base, size, style.jitter_seed)
    return Canvas(style.width, style.height, style.palette.background, style.palette.ink, jitter)


def draw_edges(style: ChartStyle, canvas: Canvas) -> float:
    """Draw the tag, the rule and the border that the look has; where they end, in pixels."""
    trim, top = style.trim, 0.0
    if style.accent:
        width, height = (style.base * side for side in TAG)
        ink = Ink(fill=style.accent)
        right = style.width - style.margin
        canvas.rectangle((style.margin, 0, right, max(1.0, style.stroke)), ink, z=EDGE_Z)
        canvas.rectangle((style.margin, 0, style.margin + width, height), ink, z=EDGE_Z)
        top = height + style.base * GAP
    if trim.rule:
        height = style.base * RULE
        canvas.rectangle((0, 0, style.width, height), Ink(fill=trim.rule), z=EDGE_Z)
        top = height + style.base * 2 * GAP
    if trim.border:
        # Filled: a stroke at the edge may be moved out of the picture by a pixel.
        line, ink = max(1, round(style.stroke)), Ink(fill=trim.border)
        for box in (
            (0, 0, style.width, line),
            (0, style.height - line, style.width, style.height),
            (0, 0, line, style.height),
            (style.width - line, 0, style.width, style.height),
        ):
            canvas.rectangle(box, ink, z=EDGE_Z + 0.1)
    return top


def draw_title_bar(style: ChartStyle, canvas: Canvas, height: float) -> float:
    """Draw the bar of a title that is so many pixels high; the top of the title."""
    padding = style.base * BAR_PADDING
    box = (0, 0, style.width, height + 2 * padding)
    canvas.rectangle(box, Ink(fill=style.trim.title_bar), z=EDGE_Z)
    return padding


def legend_frame(style: ChartStyle, canvas: Canvas, box: Box, z: float = EDGE_Z) -> None:
    """The frame of a legend, filled where the look has it so."""
    trim = style.trim
    edge = trim.legend_edge or style.palette.grid
    canvas.rectangle(box, Ink(trim.legend_fill or None, edge, style.stroke), z=z)


def marker_ink(style: ChartStyle, ink: Ink) -> Ink:
    """How a marker of this ink is painted in the look."""
    if not style.trim.hollow or not ink.fill:
        return ink
    line = max(MIN_HOLLOW, style.stroke * HOLLOW_LINE)
    return dataclasses.replace(ink, fill=style.plot_color, edge=ink.fill, line=line)
