"""Curves of densities: in one plot, or one above the other for each group."""

from __future__ import annotations

from renderers.charts.drawing import XY, Scale
from renderers.charts.matplotlib.axes import horizontal_plot, value_plane
from renderers.charts.matplotlib.canvas import Canvas, Ink
from renderers.charts.matplotlib.layout import Key
from renderers.charts.matplotlib.line_parts import DASHES
from renderers.charts.matplotlib.ranges import AxisValues
from renderers.charts.matplotlib.style import MARKERS, ChartStyle
from renderers.charts.palette import blend
from renderers.charts.paths import point_paths
from renderers.charts.spec import ChartSpec

MIN_LINE = 1.5
"""Pixels."""
HEADROOM = 1.07
"""The axis of densities ends above the highest peak by this factor."""
FILL = (0.12, 0.4)
"""Opacity below a curve at the least and at the largest `fill_alpha`."""
DROP_DASH = (4.0, 3.0)
DROPPED, FILLED, PLAIN = 1, 2, 3
"""Variants: lines down from the peaks, filled curves only, neither fill nor lines down."""
OVERLAP = (1.15, 1.35, 1.6, 1.9)
"""Height of a ridge by variant, in slots."""
FLATTENED = 0.5
"""Exponent of the heights of ridges: those of wide groups remain visible."""
LEAST_HEIGHT = 0.7
"""Of a ridge, in that of the highest one: a ridge must not hide the peak of the one behind it."""
RIDGE_ALPHA = (0.75, 1.0)
"""Opacity of a ridge at the least and at the largest `fill_alpha`."""
BEHIND = 1.2
"""The z of the ridge farthest behind."""


def density(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> dict[str, Scale]:
    """One curve for each series; a mark is at each peak."""
    data = spec.points
    several = bool(data.series[0].name)
    keys = [
        Key(s.name, style.color(i), "line", dash=DASHES[i] if style.dashed and several else ())
        for i, s in enumerate(data.series)
    ]
    curves = [series.curve for series in data.series]
    xs = [x for curve in curves for x, _ in curve]
    highest = max(y for curve in curves for _, y in curve)
    across = AxisValues(min(xs), max(xs), data.x_number)
    up = AxisValues(0.0, highest * HEADROOM, data.y_number)
    plot = value_plane(spec, style, canvas, across, up, keys=keys if several else ())
    alpha = min(max(style.fill_alpha * 0.5, FILL[0]), FILL[1])
    for series, paths, key in zip(data.series, point_paths(data), keys, strict=True):
        corners: list[XY] = [(plot.x(x), plot.y(y)) for x, y in series.curve]
        if style.variant != PLAIN:
            base = [(corners[-1][0], plot.y(0)), (corners[0][0], plot.y(0))]
            canvas.polygon([*corners, *base], Ink(fill=key.color, alpha=alpha), z=1.4)
        width = max(MIN_LINE, style.line_width * (0.6 if style.variant == FILLED else 1.0))
        ink = Ink(edge=key.color, line=width, dash=key.dash)
        line = canvas.polyline(corners, ink, shows=(series.name,) if series.name else ())
        places = {x: i for i, (x, _) in enumerate(series.curve)}
        half = style.marker_size / 2 + 1
        for path, point in zip(paths, series.points, strict=True):
            top = corners[places[point.x]]
            if style.variant == DROPPED:
                drop = Ink(edge=key.color, line=style.stroke, dash=DROP_DASH)
                canvas.segments([(top, (top[0], plot.y(0)))], drop, z=2)
            if style.marker:
                dot = Ink(fill=key.color, edge=style.palette.background, line=style.stroke)
                canvas.markers([top], style.marker, style.marker_size, dot)
            vertex = [(line, places[point.x])]
            canvas.mark(path, points=vertex, pad=(half, half), round=True)
    return plot.scales


def ridgeline(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> dict[str, Scale]:
    """A ridge for each category over its own base line; those further down are in front."""
    data = spec.summary
    xs = [x for curve in data.curves for x, _ in curve]
    tall = OVERLAP[style.variant]
    plot = horizontal_plot(
        spec,
        style,
        canvas,
        data.categories,
        AxisValues(min(xs), max(xs), data.number),
        above=max(0.0, tall - 0.4),
    )
    tops = [max(y for _, y in curve) for curve in data.curves]
    alpha = RIDGE_ALPHA[0] + (RIDGE_ALPHA[1] - RIDGE_ALPHA[0]) * style.fill_alpha
    back = style.panel or style.palette.background
    for i, (name, row, curve) in enumerate(
        zip(data.categories, data.rows, data.curves, strict=True)
    ):
        color = style.color(0) if style.one_color else style.color(i)
        share = max((tops[i] / max(tops)) ** FLATTENED, LEAST_HEIGHT)
        rise = plot.slot * tall * share / tops[i]
        base = plot.centers[i]
        corners = [(plot.x(x), base - y * rise) for x, y in curve]
        closed = [*corners, (corners[-1][0], base), (corners[0][0], base)]
        z = BEHIND + i * 0.1
        ridge = canvas.polygon(closed, Ink(fill=blend(color, back, alpha)), z=z)
        edge = blend(style.palette.ink, color, 0.45) if style.bar_edge != "background" else back
        line = Ink(edge=edge, line=max(MIN_LINE, style.stroke * 1.4))
        outline = canvas.polyline(corners, line, z=z + 0.05, shows=(name,))
        at = next(k for k, (x, _) in enumerate(curve) if x == row[0])
        if style.marker in MARKERS and style.variant % 2:
            dot = Ink(fill=edge, edge=back, line=style.stroke)
            canvas.markers([corners[at]], "o", max(4.0, style.marker_size * 0.8), dot, z=z + 0.06)
        canvas.mark((name,), ridge, points=[(outline, at)])
    return plot.scales
