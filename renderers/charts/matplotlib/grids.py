"""Heat maps: a cell for each pair of names, colored and labeled by its value."""

from __future__ import annotations

from renderers.charts.drawing import Scale
from renderers.charts.matplotlib.canvas import Canvas, Ink
from renderers.charts.matplotlib.layout import fit_category_names, lay_out_frame
from renderers.charts.matplotlib.placed_text import AUTO
from renderers.charts.matplotlib.spacing import (
    AXIS_TITLE_GAP,
    NAME_GAP,
    NAME_SIZE,
    RIGHT_ANGLE,
    SLANT_OFFSET,
)
from renderers.charts.matplotlib.style import ChartStyle
from renderers.charts.matplotlib.text import stamp, wrap
from renderers.charts.palette import on_ramp
from renderers.charts.spec import ChartSpec

MAX_NAME_WIDTH = 0.28
"""Share of the width that a row's name may take before it wraps."""
MAX_NAME_HEIGHT = 0.35
"""Share of the height that the columns' names may take."""
MAX_LABEL_SIZE = 0.9
"""Text size of values in cells, in ems."""
CELL_GAP = 1.6
"""Between cells, in strokes."""


def heatmap(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> dict[str, Scale]:
    """Categories from left to right, series from top to bottom."""
    data = spec.table
    frame = lay_out_frame(spec, style, canvas)
    margins, titles = frame.margins, frame.titles
    pad = style.base * NAME_GAP
    if "y_title" in titles:
        title = titles["y_title"]
        if style.value_title_above:
            canvas.write(title, margins.left, margins.top, "y_title", style.palette.ink)
            margins.top += title.height + style.base * AXIS_TITLE_GAP
        else:
            middle = (margins.top + margins.bottom) / 2
            canvas.write(title, margins.left, middle, "y_title", style.palette.ink, (0.0, 0.5))
            margins.left += title.width + style.base * 0.5
    font = style.font(NAME_SIZE)
    widest = margins.width * MAX_NAME_WIDTH
    rows = [stamp(wrap(s.name, font, widest, 2) or s.name, font, "right") for s in data.series]
    margins.left += max(s.width for s in rows) + pad
    if "x_title" in titles:
        title = titles["x_title"]
        middle = (margins.left + margins.right) / 2
        canvas.write(title, middle, margins.bottom, "x_title", style.palette.ink, (0.5, 1.0))
        margins.bottom -= title.height + style.base * AXIS_TITLE_GAP
    wide = margins.width / len(data.categories)
    columns = fit_category_names(data.categories, style, wide, margins.height * MAX_NAME_HEIGHT)
    over = (
        max(0.0, columns[0].width - wide / 2 - margins.left)
        if columns[0].angle % RIGHT_ANGLE
        else 0.0
    )
    margins.left += over
    wide = margins.width / len(data.categories)
    depth = max(s.height + (s.top if s.angle == 0 else 0) for s in columns)
    # A title of the rows above the grid would read as one of names that stand there.
    titled_above = "y_title" in titles and style.value_title_above
    above = style.variant == 1 and columns[0].angle == 0 and not titled_above
    if above:
        margins.top += depth + pad
    else:
        margins.bottom -= depth + pad
    high = margins.height / len(data.series)
    canvas.plot_area(margins.box)
    canvas.ramp = style.palette.ramp

    values = [v for s in data.series for v in s.values]
    low, span = min(values), max(values) - min(values) or 1.0
    labels = style.font(min(style.label_size, MAX_LABEL_SIZE))
    gap = style.stroke * (CELL_GAP if style.bar_edge != "none" else 0.0)
    for r, series in enumerate(data.series):
        y = margins.top + high * r
        canvas.write(
            rows[r], margins.left - pad, y + high / 2, "y_tick", style.palette.ink, (1.0, 0.5)
        )
        for c, (name, value) in enumerate(zip(data.categories, series.values, strict=True)):
            x = margins.left + wide * c
            cell = (x, y, x + wide, y + high)
            color = on_ramp(style.palette.ramp, (value - low) / span)
            shape = canvas.rectangle(
                cell, Ink(color, style.palette.background if gap else color, gap or 0.5)
            )
            canvas.mark((series.name, name), shape)
            label = stamp(series.number.print(value), labels)
            path = (series.name, name)
            middle_x, middle_y = x + wide / 2, y + high / 2
            canvas.write(label, middle_x, middle_y, "value", AUTO, (0.5, 0.5), path=path)
    for c, label in enumerate(columns):
        x = margins.left + wide * (c + 0.5)
        if above:
            canvas.write(label, x, margins.top - pad, "x_tick", style.palette.ink, (0.5, 1.0))
        elif label.angle % RIGHT_ANGLE:
            x += label.font.size * SLANT_OFFSET
            canvas.write(label, x, margins.bottom + pad, "x_tick", style.palette.ink, (1.0, 0.0))
        else:
            y = margins.bottom + pad + (label.top if label.angle == 0 else 0)
            canvas.write(label, x, y, "x_tick", style.palette.ink, (0.5, 0.0))
    return {}
