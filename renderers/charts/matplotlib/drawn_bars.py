"""Draws bars between two values: their axes, shapes and the labels of their values."""

from __future__ import annotations

from dataclasses import dataclass

from renderers.charts.drawing import Path, Scale
from renderers.charts.matplotlib.axes import horizontal_plot, vertical_plot
from renderers.charts.matplotlib.canvas import Canvas, Ink
from renderers.charts.matplotlib.frame import Plot, axis_break, zero_line
from renderers.charts.matplotlib.layout import Key
from renderers.charts.matplotlib.placed_text import AUTO
from renderers.charts.matplotlib.ranges import AxisValues
from renderers.charts.matplotlib.spacing import LABEL_SPACE, NO_LABEL_SPACE, RIGHT_ANGLE
from renderers.charts.matplotlib.style import ChartStyle
from renderers.charts.matplotlib.text import Stamp, stamp
from renderers.charts.palette import blend
from renderers.charts.spec import ChartSpec, NumberFormat
from renderers.picture import Box

EDGE_DARKENING = 0.45
"""Opacity of black over the color of a bar with a dark edge."""
BAR_LABEL_GAP = 0.28
"""Between the end of a bar and its value, in ems."""
SIDEWAYS_GAP = 1.3
"""Factor of the gap beyond a horizontal bar: letters have no air at their sides."""
PLOT_WIDTH_ESTIMATE = 0.82
"""Share of the picture that the plot takes, before it is laid out."""
LANE_GAP = 0.3
"""Least distance between the labels of neighboring marks, in ems."""
LABEL_SPACE_ABOVE = 0.6
"""Kept free above the highest mark, in addition to its label, in ems."""
SPACE_ABOVE = 0.3
"""The same where no values are printed."""
TRUNCATED_SPACE = 0.35
"""Where an axis leaves out zero, how far below the shortest bar it begins, in spans of values."""
LINK_DASH = (3, 2)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar between two values, before it is known where they lie."""

    category: int
    start: float
    end: float
    color: str
    path: Path
    label: str
    lane: float = 0.0
    """Offset of the bar's center from the category's, in slots."""
    thick: float = 0.8
    """In slots."""
    hatch: str | None = None
    inside: bool = False
    """Its label is inside it."""


def draw_bars(
    spec: ChartSpec,
    style: ChartStyle,
    canvas: Canvas,
    names: tuple[str, ...],
    bars: list[Bar],
    number: NumberFormat,
    *,
    keys: tuple[Key, ...] = (),
    horizontal: bool = False,
    mirrored: bool = False,
    linked: bool = False,
) -> dict[str, Scale]:
    """Draw at least one bar for the categories `names`, and return the scales of the plot.

    `number` prints the axis, `keys` are the legend. `mirrored` prints negative values of the axis
    without their sign; `linked` joins the end of each bar to the next one.
    """
    labels = [stamp(bar.label, style.font(style.label_size)) for bar in bars]
    beyond = spec.labels and not bars[0].inside
    if beyond and not horizontal:
        labels = turned_where_narrow(style, labels, len(names) * len({bar.lane for bar in bars}))
    low, high = _limits(spec, bars)
    if horizontal:
        label_space = (
            max(s.width for s in labels) + style.base * LABEL_SPACE
            if beyond
            else style.base * NO_LABEL_SPACE
        )
    else:
        label_space = space_for_labels(labels, beyond, style)
    values = AxisValues(
        low,
        high,
        number,
        (label_space if low < 0 else 0.0, label_space if high > 0 else 0.0),
        spec.axis,
    )
    if horizontal:
        plot = horizontal_plot(spec, style, canvas, names, values, keys=keys, mirrored=mirrored)
    else:
        plot = vertical_plot(spec, style, canvas, names, values, keys=keys)
    zero_line(style, canvas, plot)
    axis_break(style, canvas, plot)
    boxes = [_box(plot, bar, horizontal) for bar in bars]
    if linked:
        pairs = [
            ((a[2], plot.y(bar.end)), (b[0], plot.y(bar.end)))
            for bar, a, b in zip(bars, boxes, boxes[1:], strict=False)
        ]
        canvas.segments(
            pairs, Ink(edge=style.palette.faint, line=style.stroke, dash=LINK_DASH), z=1.5
        )
    for bar, box in zip(bars, boxes, strict=True):
        shape = canvas.rectangle(box, _ink(style, bar), radius=0 if bar.inside else style.radius)
        canvas.mark(bar.path, shape)
    if spec.labels:
        for bar, box, label in zip(bars, boxes, labels, strict=True):
            _label(style, canvas, bar, box, label, horizontal)
    return plot.scales


def _limits(spec: ChartSpec, bars: list[Bar]) -> tuple[float, float]:
    """The values that the axis must reach: with zero, if bars grow from it."""
    if spec.axis.cuts_zero:
        ends = [bar.end for bar in bars]
        below = (max(ends) - min(ends)) * TRUNCATED_SPACE if spec.axis.truncated else 0.0
        return min(ends) - below, max(ends)
    ends = [e for bar in bars for e in (bar.start, bar.end)]
    return min(0.0, *ends), max(0.0, *ends)


def _box(plot: Plot, bar: Bar, horizontal: bool) -> Box:
    middle = plot.centers[bar.category] + bar.lane * plot.slot
    half = bar.thick * plot.slot / 2
    if horizontal:
        assert plot.x_axis is not None
        left, right = sorted((plot.x(plot.x_axis.inside(bar.start)), plot.x(bar.end)))
        return left, middle - half, right, middle + half
    assert plot.y_axis is not None
    top, bottom = sorted((plot.y(plot.y_axis.inside(bar.start)), plot.y(bar.end)))
    return middle - half, top, middle + half, bottom


def _ink(style: ChartStyle, bar: Bar) -> Ink:
    if bar.hatch:
        return Ink(fill=bar.color, edge=style.palette.background, line=0, hatch=bar.hatch)
    if style.trim.outline:
        line = style.stroke * style.trim.outline_width
        return Ink(fill=bar.color, edge=style.trim.outline, line=line)
    if style.bar_edge == "dark":
        return Ink(
            fill=bar.color, edge=blend("#000000", bar.color, EDGE_DARKENING), line=style.stroke
        )
    # A bar that floats would look shorter at both ends.
    if bar.inside or (style.bar_edge == "background" and bar.start == 0):
        return Ink(fill=bar.color, edge=style.palette.background, line=style.stroke)
    return Ink(fill=bar.color)


def _label(
    style: ChartStyle, canvas: Canvas, bar: Bar, box: Box, label: Stamp, horizontal: bool
) -> None:
    x0, y0, x1, y1 = box
    gap = style.base * BAR_LABEL_GAP
    plate = style.plot_color if style.label_plate or bar.hatch else None
    along, across = (x1 - x0, y1 - y0) if horizontal else (y1 - y0, x1 - x0)
    size = (label.width, label.height) if horizontal else (label.height, label.width)
    fits = size[0] + 2 * gap <= along and size[1] <= across - 2
    if bar.inside or (style.label_place == "in" and fits):
        if style.trim.grid_over and not plate:
            plate = bar.color
        middle = (x0 + x1) / 2, (y0 + y1) / 2
        canvas.write(label, *middle, "value", AUTO, (0.5, 0.5), plate, bar.path)
        return
    grows = bar.end >= bar.start
    if horizontal:
        end = x1 + gap * SIDEWAYS_GAP if grows else x0 - gap * SIDEWAYS_GAP
        place, anchor = (end, (y0 + y1) / 2), (0.0 if grows else 1.0, 0.5)
    else:
        place, anchor = ((x0 + x1) / 2, y0 - gap if grows else y1 + gap), (0.5, float(grows))
    plate = style.plot_color if style.label_plate else None
    canvas.write(label, *place, "value", AUTO, anchor, plate, bar.path)


def turned_where_narrow(style: ChartStyle, labels: list[Stamp], lanes: int) -> list[Stamp]:
    """Labels wider than the lanes of their marks would overlap: rotate them."""
    lane = style.width * PLOT_WIDTH_ESTIMATE / lanes
    if max(label.width for label in labels) + style.base * LANE_GAP <= lane:
        return labels
    return [label.turned(RIGHT_ANGLE) for label in labels]


def space_for_labels(labels: list[Stamp], printed: bool, style: ChartStyle) -> float:
    """Pixels to keep free beyond the marks of a vertical plot."""
    return (
        max(s.height for s in labels) + style.base * LABEL_SPACE_ABOVE
        if printed
        else style.base * SPACE_ABOVE
    )
