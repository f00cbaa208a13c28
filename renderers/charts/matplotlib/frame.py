"""The frame of a plot: background, grid, spines, axis titles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from renderers.charts.drawing import XY, Scale
from renderers.charts.matplotlib.canvas import Canvas, Ink
from renderers.charts.matplotlib.layout import FrameLayout
from renderers.charts.matplotlib.spacing import SIDE_TITLE_GAP
from renderers.charts.matplotlib.style import ChartStyle
from renderers.charts.palette import blend
from renderers.charts.ticks import ValueAxis
from renderers.picture import Box

TICK_LENGTH = 0.28
"""In ems."""
MINOR_LENGTH = 0.6
"""Of the stroke of a minor tick, in those of labeled ticks."""
TOOTH = 0.8
"""Width of a tooth of the line at a break, in ems."""
TOOTH_HEIGHT = 0.14
"""In ems."""
BREAK_Z = 2.8
"""Above bars and spines."""
GRID_OVER_Z = 2.4
"""Above bars and areas, below lines."""
BACKGROUND_TINT = 0.4
"""Opacity of the grid color over the background in a tinted plot area."""
BAND_TINT = 0.35
"""The same in every other band between two grid lines."""


@dataclass(slots=True)
class Plot:
    """A plot as laid out: its box, its value axes, and the centers of its categories.

    `x_axis` is the axis from left to right, `y_axis` the one from bottom to top; with
    categories one of them is None.
    """

    box: Box
    x_axis: ValueAxis | None = None
    y_axis: ValueAxis | None = None
    second_axis: ValueAxis | None = None
    centers: tuple[float, ...] = ()
    slot: float = 0.0
    scales: dict[str, Scale] = field(default_factory=dict)

    def x(self, value: float) -> float:
        """The column of a value on the horizontal axis."""
        assert self.x_axis is not None
        return _along(value, self.x_axis, self.box[0], self.box[2])

    def y(self, value: float, second: bool = False) -> float:
        """The row of a value on the vertical axis."""
        axis = self.second_axis if second else self.y_axis
        assert axis is not None
        # From the bottom of the box to its top.
        return _along(value, axis, self.box[3], self.box[1])


def zero_line(style: ChartStyle, canvas: Canvas, plot: Plot) -> None:
    """The base of marks of both signs."""
    x0, y0, x1, y1 = plot.box
    trim = style.trim
    ink = Ink(edge=trim.spine_color or style.palette.faint, line=style.stroke * trim.spine_width)
    if plot.y_axis and plot.y_axis.low < 0:
        canvas.segments([((x0, plot.y(0)), (x1, plot.y(0)))], ink, z=2.5)
    if plot.x_axis and plot.x_axis.low < 0 and plot.y_axis is None:
        canvas.segments([((plot.x(0), y0), (plot.x(0), y1))], ink, z=2.5)


def axis_break(style: ChartStyle, canvas: Canvas, plot: Plot) -> None:
    """A band between two jagged lines across the plot, where its value axis is broken."""
    x0, y0, x1, y1 = plot.box
    upright = plot.y_axis is not None
    axis = plot.y_axis or plot.x_axis
    if axis is None or axis.warp.kind != "broken":
        return
    height, teeth = style.base * TOOTH_HEIGHT, style.base * TOOTH
    start, end = (x0, x1) if upright else (y0, y1)
    start, end = start - style.base * TICK_LENGTH, end + style.base * TICK_LENGTH
    count = max(2, round((end - start) / teeth))
    edges: list[list[XY]] = []
    for value, _ in axis.warp.knots[1:3]:
        at = plot.y(value) if upright else plot.x(value)
        # Away from the values at both ends of the break, whose labels stay where they are.
        places = [
            (start + (end - start) * i / count, at + (height if i % 2 else -height))
            for i in range(count + 1)
        ]
        edges.append(places if upright else [(b, a) for a, b in places])
    ink = Ink(fill=style.panel or style.palette.background)
    canvas.polygon([*edges[0], *edges[1][::-1]], ink, z=BREAK_Z)
    for edge in edges:
        canvas.polyline(edge, Ink(edge=style.palette.faint, line=style.stroke), z=BREAK_Z)


def plot_background(style: ChartStyle, canvas: Canvas, plot: Plot) -> None:
    """Register the area of the plot, and tint it where the style does."""
    canvas.plot_area(plot.box)
    if style.trim.plot_edge:
        canvas.rectangle(plot.box, Ink(edge=style.trim.plot_edge, line=style.stroke), z=0.6)
    if style.panel:
        canvas.rectangle(plot.box, Ink(fill=style.panel), z=0.1)
    elif not style.plain_area:
        tint = blend(style.palette.grid, style.palette.background, BACKGROUND_TINT)
        canvas.rectangle(plot.box, Ink(fill=tint), z=0.1)


def grid(
    style: ChartStyle,
    canvas: Canvas,
    plot: Plot,
    across: Sequence[float],
    along: Sequence[float],
    horizontal: bool = False,
    both: bool = False,
) -> None:
    """Grid lines at rows `across` and columns `along`, spines, tick strokes (also those of minor
    ticks), bands."""
    x0, y0, x1, y1 = plot.box
    rows: list[tuple[XY, XY]] = [((x0, y), (x1, y)) for y in across]
    columns: list[tuple[XY, XY]] = [((x, y0), (x, y1)) for x in along]
    values, names = (columns, rows) if horizontal else (rows, columns)
    lines = {"none": [], "value": values, "both": values + names}[style.grid]
    if both and style.grid == "value":
        lines = rows + columns
    if style.bands and not both and not horizontal:
        tint = blend(style.palette.grid, style.palette.background, BAND_TINT)
        ys = sorted(across)
        for top, bottom in zip(ys[::2], ys[1::2], strict=False):
            canvas.rectangle((x0, top, x1, bottom), Ink(fill=tint), z=0.2)
    trim = style.trim
    if trim.grid_over and both:
        lines = []
    grid = Ink(
        edge=style.plot_color if trim.grid_over else style.palette.grid,
        line=style.stroke * trim.grid_width,
        dash=style.grid_dash,
    )
    if lines:
        canvas.segments(lines, grid, z=GRID_OVER_Z if trim.grid_over else 0.5)
    color = trim.spine_color or style.palette.faint
    spine = Ink(edge=color, line=style.stroke * trim.spine_width)
    if style.spines == "range":
        # Only values have an axis.
        across, along = () if horizontal else across, along if horizontal or both else ()
    edges: dict[str, list[tuple[XY, XY]]] = {
        "box": [
            ((x0, y0), (x1, y0)),
            ((x1, y0), (x1, y1)),
            ((x1, y1), (x0, y1)),
            ((x0, y1), (x0, y0)),
        ],
        "left-bottom": [((x0, y0), (x0, y1)), ((x0, y1), (x1, y1))],
        "bottom": [((x0, y0), (x0, y1))] if horizontal else [((x0, y1), (x1, y1))],
        "range": _range_frame(plot, across, along),
        "none": [],
    }
    if edges[style.spines]:
        canvas.segments(edges[style.spines], spine, z=2.6)
    if style.has_strokes:
        size = style.base * (TICK_LENGTH if style.ticks == "out" else -TICK_LENGTH)
        strokes = _strokes(plot, across, along, size, four=trim.four_sides)
        if strokes:
            canvas.segments(strokes, spine, z=2.6)


def _range_frame(
    plot: Plot, across: Sequence[float], along: Sequence[float]
) -> list[tuple[XY, XY]]:
    """Spines from the first to the last tick of each axis with ticks."""
    x0, _, _, y1 = plot.box
    spines: list[tuple[XY, XY]] = []
    if across:
        spines.append(((x0, min(across)), (x0, max(across))))
    if along:
        spines.append(((min(along), y1), (max(along), y1)))
    return spines


def _strokes(
    plot: Plot, across: Sequence[float], along: Sequence[float], size: float, *, four: bool
) -> list[tuple[XY, XY]]:
    """Tick strokes at the left and below, of `size` pixels outwards; on `four` sides also at the
    right, where no second axis is, and above."""
    x0, y0, x1, y1 = plot.box
    short = size * MINOR_LENGTH
    minor_rows = [plot.y(value) for value in plot.y_axis.minor] if plot.y_axis else []
    minor_columns = [plot.x(value) for value in plot.x_axis.minor] if plot.x_axis else []
    rows = [(y, size) for y in across] + [(y, short) for y in minor_rows]
    columns = [(x, size) for x in along] + [(x, short) for x in minor_columns]
    strokes: list[tuple[XY, XY]] = [((x0, y), (x0 - length, y)) for y, length in rows]
    strokes += [((x, y1), (x, y1 + length)) for x, length in columns]
    if four:
        strokes += [((x1, y), (x1 + length, y)) for y, length in rows]
        strokes += [((x, y0), (x, y0 - length)) for x, length in columns]
    return strokes


def reserve_axis_titles(frame: FrameLayout, style: ChartStyle, canvas: Canvas) -> None:
    """Make room for axis titles at the left, right or above."""
    margins, titles = frame.margins, frame.titles
    if style.value_title_above and {"y_title", "y2_title"} & set(titles):
        high = 0
        for role, share in (("y_title", 0.0), ("y2_title", 1.0)):
            if role in titles:
                x = margins.left if share == 0 else margins.right
                made = titles.pop(role)
                canvas.write(made, x, margins.top, role, style.palette.faint, (share, 0.0))
                high = max(high, made.height)
        margins.top += high + style.base * SIDE_TITLE_GAP
        return
    if "y_title" in titles:
        margins.left += titles["y_title"].width + style.base * SIDE_TITLE_GAP
    frame.right_edge = margins.right
    if "y2_title" in titles:
        margins.right -= titles["y2_title"].width + style.base * SIDE_TITLE_GAP


def write_axis_titles(
    frame: FrameLayout, style: ChartStyle, canvas: Canvas, plot: Plot, below: float
) -> None:
    """Write the titles of both axes; `below` is the top of the horizontal one [pixels]."""
    x0, y0, x1, y1 = plot.box
    color = style.palette.ink
    if "x_title" in frame.titles:
        canvas.write(frame.titles["x_title"], (x0 + x1) / 2, below, "x_title", color, (0.5, 0.0))
    middle = (y0 + y1) / 2
    if "y_title" in frame.titles:
        made = frame.titles["y_title"]
        y = min(max(middle, made.height / 2 + 2), style.height - made.height / 2 - 2)
        canvas.write(made, style.margin, y, "y_title", color, (0.0, 0.5))
    if "y2_title" in frame.titles:
        made = frame.titles["y2_title"]
        y = min(max(middle, made.height / 2 + 2), style.height - made.height / 2 - 2)
        canvas.write(made, frame.right_edge, y, "y2_title", color, (1.0, 0.5))


def _along(value: float, axis: ValueAxis, start: float, end: float) -> float:
    return start + axis.share(value) * (end - start)
