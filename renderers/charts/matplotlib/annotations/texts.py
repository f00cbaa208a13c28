"""Texts around the plot: below the title, and above the source line."""

from __future__ import annotations

from renderers.charts.annotations.texts import Footnote, Subtitle, TextBlock
from renderers.charts.directions import Align, aligned
from renderers.charts.matplotlib.canvas import Canvas
from renderers.charts.matplotlib.style import ChartStyle
from renderers.charts.matplotlib.text import stamp, wrap
from renderers.charts.spec import ChartSpec

SUBTITLE_SIZE, TEXT_SIZE, FOOTNOTE_SIZE = 1.02, 0.92, 0.84
"""In ems."""
MAX_SUBTITLE_LINES, MAX_TEXT_LINES, MAX_FOOTNOTE_LINES = 2, 5, 3
GAP_BELOW = 0.85
"""In ems."""
PULL = 0.35
"""A subtitle is nearer to its title than the plot would be, by so many ems."""
SHARES = {"left": 0.0, "center": 0.5, "right": 1.0}


def write_below_title(
    spec: ChartSpec, style: ChartStyle, canvas: Canvas, box: tuple[float, float, float]
) -> float:
    """Write subtitle and text between `box` (left, top, right); the top of what follows."""
    left, top, right = box
    for item in spec.annotations:
        if not isinstance(item, Subtitle | TextBlock):
            continue
        is_subtitle = isinstance(item, Subtitle)
        size, lines = (
            (SUBTITLE_SIZE, MAX_SUBTITLE_LINES) if is_subtitle else (TEXT_SIZE, MAX_TEXT_LINES)
        )
        align: Align = style.title_align if is_subtitle else "left"
        font = style.font(size)
        made = stamp(wrap(item.text, font, right - left, lines) or item.text, font, align)
        share = SHARES[aligned(align, item.text)]
        y = top - (style.base * PULL if spec.title and is_subtitle else 0.0)
        color = style.palette.faint if is_subtitle else style.palette.ink
        x = left + (right - left) * share
        canvas.write(made, x, y, item.role, color, (share, 0.0), path=(item.kind,))
        top = y + made.height + style.base * GAP_BELOW
    return top


def write_above_source(
    spec: ChartSpec, style: ChartStyle, canvas: Canvas, box: tuple[float, float, float]
) -> float:
    """Write the footnote between `box` (left, right, bottom); the bottom of what is above it."""
    left, right, bottom = box
    for item in spec.annotations:
        if not isinstance(item, Footnote):
            continue
        font = style.font(FOOTNOTE_SIZE)
        text = wrap(item.text, font, right - left, MAX_FOOTNOTE_LINES) or item.text
        made = stamp(text, font, "left")
        y = bottom - made.height
        share = SHARES[aligned("left", item.text)]
        x = left + (right - left) * share
        canvas.write(made, x, y, item.role, style.palette.faint, (share, 0.0), path=(item.kind,))
        bottom = y - style.base * GAP_BELOW
    return bottom
