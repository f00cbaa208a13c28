"""Bins of two quantities: a cell for each pair, between the edges that both axes name."""

from __future__ import annotations

from renderers.charts.drawing import Scale
from renderers.charts.expected import bin_edges
from renderers.charts.matplotlib.canvas import Canvas, Ink
from renderers.charts.matplotlib.frame import (
    Plot,
    reserve_axis_titles,
    write_axis_titles,
)
from renderers.charts.matplotlib.layout import lay_out_frame
from renderers.charts.matplotlib.placed_text import AUTO
from renderers.charts.matplotlib.spacing import AXIS_TITLE_GAP, NAME_GAP, TICK_SIZE
from renderers.charts.matplotlib.style import ChartStyle
from renderers.charts.matplotlib.text import stamp
from renderers.charts.palette import on_ramp
from renderers.charts.spec import ChartSpec

MAX_LABEL_SIZE = 0.9
"""Text size of counts in cells, in ems."""
CELL_GAP = 1.2
"""Between cells, in strokes, where the style has gaps."""
TICK = 0.28
"""Length of a stroke at an edge, in ems."""


def histogram_2d(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> dict[str, Scale]:
    """Categories from left to right, series from bottom to top."""
    data = spec.table
    frame = lay_out_frame(spec, style, canvas)
    margins = frame.margins
    reserve_axis_titles(frame, style, canvas)
    pad, font = style.base * NAME_GAP, style.font(TICK_SIZE)
    across = [stamp(edge, font) for edge in bin_edges(data.categories)]
    up = [stamp(edge, font) for edge in bin_edges([series.name for series in data.series])]
    title = frame.titles.get("x_title")
    title_space = title.height + style.base * AXIS_TITLE_GAP if title else 0.0
    margins.left += max(s.width for s in up) + pad
    margins.top += style.base * 0.5
    margins.right -= across[-1].width / 2
    depth = max(s.height for s in across)
    margins.bottom -= depth + pad + title_space
    box = margins.box
    canvas.plot_area(box)
    canvas.ramp = style.palette.ramp
    wide, high = margins.width / len(data.categories), margins.height / len(data.series)
    values = [value for series in data.series for value in series.values]
    low, span = min(values), max(values) - min(values) or 1.0
    labels = style.font(min(style.label_size, MAX_LABEL_SIZE))
    gap = style.stroke * (CELL_GAP if style.bar_edge != "none" else 0.0)
    for r, series in enumerate(data.series):
        y = margins.bottom - high * (r + 1)
        for c, (name, value) in enumerate(zip(data.categories, series.values, strict=True)):
            x = margins.left + wide * c
            color = on_ramp(style.palette.ramp, (value - low) / span)
            edge = style.palette.background if gap else color
            shape = canvas.rectangle((x, y, x + wide, y + high), Ink(color, edge, gap or 0.5))
            path = (series.name, name)
            canvas.mark(path, shape)
            label = stamp(series.number.print(value), labels)
            canvas.write(label, x + wide / 2, y + high / 2, "value", AUTO, (0.5, 0.5), path=path)
    ink = Ink(edge=style.palette.faint, line=style.stroke)
    tick = style.base * TICK if style.has_strokes else 0.0
    for c, label in enumerate(across):
        x = margins.left + wide * c
        if tick:
            canvas.segments([((x, margins.bottom), (x, margins.bottom + tick))], ink, z=2.6)
        y = margins.bottom + pad
        canvas.write(label, x, y, "x_tick", style.palette.faint, (0.5, 0.0))
    for r, label in enumerate(up):
        y = margins.bottom - high * r
        if tick:
            canvas.segments([((margins.left, y), (margins.left - tick, y))], ink, z=2.6)
        x = margins.left - pad
        canvas.write(label, x, y, "y_tick", style.palette.faint, (1.0, 0.5))
    below = margins.bottom + pad + depth + style.base * AXIS_TITLE_GAP
    write_axis_titles(frame, style, canvas, Plot(box), below)
    return {}
