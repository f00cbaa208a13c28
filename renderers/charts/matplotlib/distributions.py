"""The observations behind a box plot: violins, boxes with points, strips and swarms."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from renderers.charts.drawing import Scale
from renderers.charts.matplotlib.axes import vertical_plot
from renderers.charts.matplotlib.canvas import Canvas, Ink
from renderers.charts.matplotlib.frame import Plot
from renderers.charts.matplotlib.ranges import AxisValues
from renderers.charts.matplotlib.style import ChartStyle
from renderers.charts.matplotlib.summaries import box as box_plot
from renderers.charts.palette import blend, contrast, readable_on, rgb
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
STRIP, SWARM = 0.3, 0.45
"""Half the width of the observations of a category, in widths of a bar."""
SWARM_POINT = 0.6
"""Diameter of an observation of a swarm, in markers."""
GOLDEN = 0.6180339887
"""Multiples of it, without their whole parts, are evenly spread: neighbors are far apart."""
MIN_BOX_CONTRAST = 3.0
"""WCAG ratio of the box of a violin against its body."""


def violin(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> dict[str, Scale]:
    """The density of each category, from its minimum to its maximum, around a narrow box with the
    quartiles and a line at the median."""
    data = spec.summary
    plot = _open_plot(spec, style, canvas)
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
        if contrast(rgb(strong), rgb(color)) < MIN_BOX_CONTRAST:
            strong = readable_on(rgb(color))
            frail = max(inks, key=lambda ink: contrast(rgb(ink), rgb(strong)))
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


def strip(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> dict[str, Scale]:
    """Five observations of each category next to each other: from the lowest to the highest they
    are its minimum, quartiles and maximum."""
    plot = _open_plot(spec, style, canvas)
    size = max(5.0, style.marker_size)
    for i, (name, row) in enumerate(zip(spec.summary.categories, spec.summary.rows, strict=True)):
        color = style.color(0) if style.one_color else style.color(i)
        half = plot.slot * style.bar_width * STRIP
        shifts = (np.arange(1, len(row) + 1) * GOLDEN % 1 - 0.5) * 2 * half
        points = [
            (plot.centers[i] + float(shift), plot.y(value))
            for shift, value in zip(shifts, row, strict=True)
        ]
        ink = Ink(fill=color, edge=style.palette.background, line=0.8)
        dots = canvas.markers(points, ("o", "o", "D", "s")[style.variant], size, ink)
        figures = [(dots, k) for k in range(len(row))]
        canvas.mark((name,), points=figures, pad=(size / 2, 0.0))
    return plot.scales


def swarm(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> dict[str, Scale]:
    """Observations that keep apart, and lines at the median and the quartiles of each category."""
    plot = _open_plot(spec, style, canvas)
    for i, (name, row) in enumerate(zip(spec.summary.categories, spec.summary.rows, strict=True)):
        color = style.color(0) if style.one_color else style.color(i)
        x, half = plot.centers[i], plot.slot * style.bar_width * SWARM
        rows = [plot.y(value) for value in sample_with_quartiles(row, INSIDE)]
        size = max(3.5, style.marker_size * SWARM_POINT)
        points = [(x + shift, y) for shift, y in zip(_apart(rows, size, half), rows, strict=True)]
        ink = Ink(fill=color, edge=style.palette.background, line=0.4)
        dots = canvas.markers(points, "o", size, ink)
        strong = Ink(edge=style.palette.ink, line=style.stroke * 2)
        lines = [
            canvas.segments([((x - wide, plot.y(v)), (x + wide, plot.y(v)))], strong, z=5)
            for v, wide in ((row[1], half * 0.6), (row[2], half), (row[3], half * 0.6))
        ]
        q1, median, q3 = lines
        last = len(points) - 1
        figures = [(dots, 0), (q1, 0), (median, 0), (q3, 0), (dots, last)]
        canvas.mark((name,), *lines, points=figures, pad=(size / 2, 0.0))
    return plot.scales


def _apart(rows: Sequence[float], size: float, half: float) -> list[float]:
    """For each row the shift to the side, as small as possible, at which discs of this size do not
    overlap; at the sides of the swarm they may."""
    steps = max(1, int(half / (size * 0.5)))
    tries = [0.0]
    for step in range(1, steps + 1):
        tries += [step * size * 0.5, -step * size * 0.5]
    placed: list[tuple[float, float]] = []
    for y in rows:
        free = [
            shift
            for shift in tries
            if all((shift - x) ** 2 + (y - other) ** 2 >= size**2 for x, other in placed)
        ]
        placed.append((free[0] if free else tries[-1], y))
    return [shift for shift, _ in placed]


def _open_plot(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> Plot:
    data = spec.summary
    numbers = [v for row in data.rows for v in row]
    span = max(numbers) - min(numbers) or 1.0
    low = min(numbers) - span * SPACE
    low = max(0.0, low) if min(numbers) >= 0 else low
    values = AxisValues(low, max(numbers) + span * SPACE, data.number)
    return vertical_plot(spec, style, canvas, data.categories, values)
