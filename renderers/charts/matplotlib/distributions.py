"""The observations behind a box plot: violins, and boxes with points."""

from __future__ import annotations

import numpy as np

from renderers.charts.drawing import Scale
from renderers.charts.matplotlib.axes import vertical_plot
from renderers.charts.matplotlib.canvas import Canvas, Ink
from renderers.charts.matplotlib.ranges import AxisValues
from renderers.charts.matplotlib.style import ChartStyle
from renderers.charts.matplotlib.summaries import box as box_plot
from renderers.charts.palette import blend, contrast, rgb
from renderers.charts.quartiles import density, sample_with_quartiles
from renderers.charts.spec import ChartSpec

OUTLINE = 64
"""Places at which the density of a violin is computed."""
INSIDE = 6
"""Observations between two quartiles that are drawn as points."""
BEHIND_VIOLIN = 12
"""The same for the density of a violin, which is not drawn by points."""
VIOLIN = 0.42
"""Half of its widest place, in slots."""
BOX = 0.09
"""Half the width of the box in a violin, in its half widths."""
SPACE = 0.08
"""Share of the span that the axis has beyond the data."""
POINT = 0.55
"""Diameter of an observation, in markers."""
POINT_ALPHA = 0.65
GOLDEN = 0.6180339887
"""Multiples of it, without their whole parts, are evenly spread: neighbors are far apart."""


def violin(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> dict[str, Scale]:
    """The density of each category, from its minimum to its maximum, around a narrow box with the
    quartiles and a line at the median."""
    data = spec.summary
    numbers = [v for row in data.rows for v in row]
    span = max(numbers) - min(numbers) or 1.0
    low = min(numbers) - span * SPACE
    low = max(0.0, low) if min(numbers) >= 0 else low
    values = AxisValues(low, max(numbers) + span * SPACE, data.number)
    plot = vertical_plot(spec, style, canvas, data.categories, values)
    half = plot.slot * VIOLIN
    for i, (name, row) in enumerate(zip(data.categories, data.rows, strict=True)):
        color = style.color(0) if style.one_color else style.color(i)
        x = plot.centers[i]
        places = np.linspace(row[0], row[-1], OUTLINE)
        width = density(sample_with_quartiles(row, BEHIND_VIOLIN), places) * half
        outline = [(x + w, plot.y(v)) for w, v in zip(width, places, strict=True)]
        outline += [(x - w, plot.y(v)) for w, v in zip(width[::-1], places[::-1], strict=True)]
        edge = blend(style.palette.ink, color, 0.5)
        body = canvas.polygon(outline, Ink(color, edge, style.stroke), z=2)
        least, q1, median, q3, most = (plot.y(v) for v in row)
        # The box must be seen on the body: on a dark one it is pale, and its median dark.
        inks = (style.palette.ink, style.palette.background)
        frail, strong = sorted(inks, key=lambda ink: contrast(rgb(ink), rgb(color)))
        line = canvas.segments(
            [((x, least), (x, most))], Ink(edge=strong, line=style.stroke), z=2.5
        )
        narrow = max(half * BOX, 2.5)
        inner = canvas.rectangle((x - narrow, q3, x + narrow, q1), Ink(fill=strong), z=3)
        bar = canvas.segments(
            [((x - narrow, median), (x + narrow, median))],
            Ink(edge=frail, line=style.stroke * 2),
            z=4,
        )
        # A rectangle begins at its left top corner; here q3 is at the top.
        figures = [(line, 0), (inner, 2), (bar, 0), (inner, 0), (line, 1)]
        canvas.mark((name,), body, points=figures)
    return plot.scales


def box_points(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> dict[str, Scale]:
    """A box plot, and over it the observations, whose quartiles are those of the box."""
    scales = box_plot(spec, style, canvas)
    data, scale = spec.summary, scales["y"]
    (x0, _, x1, _) = canvas.plots[0]
    slot = (x1 - x0) / len(data.categories)
    half = slot * style.bar_width * 0.26
    for i, row in enumerate(data.rows):
        x = x0 + slot * (i + 0.5)
        sample = sample_with_quartiles(row, INSIDE)
        shifts = (np.arange(1, len(sample) + 1) * GOLDEN % 1 - 0.5) * 2 * half
        points = [
            (x + float(shift), scale.start - (float(v) - scale.low) / scale.per_pixel)
            for shift, v in zip(shifts, sample, strict=True)
        ]
        ink = Ink(
            fill=style.palette.ink, edge=style.palette.background, line=0.6, alpha=POINT_ALPHA
        )
        canvas.markers(points, "o", max(3.0, style.marker_size * POINT), ink, z=3.6)
    return scales
