"""Plots with axes: where they lie on the sheet, and their grids, spines, ticks and names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from renderers.charts.drawing import Scale
from renderers.charts.matplotlib.layout import Key, Surround, names_fit, surround
from renderers.charts.matplotlib.sheet import Ink, Point, Sheet
from renderers.charts.matplotlib.style import Style
from renderers.charts.matplotlib.text import Stamp, stamp, wrap
from renderers.charts.matplotlib.ticks import Axis, value_axis
from renderers.charts.palette import blend
from renderers.charts.spec import ChartSpec, NumberFormat
from renderers.picture import Box


@dataclass(frozen=True, slots=True)
class Values:
    """The range of a value axis. `room` is the pixels that labels need beyond the marks at the
    low and the high end."""

    low: float
    high: float
    number: NumberFormat
    room: tuple[float, float] = (0.0, 0.0)


@dataclass(slots=True)
class Plot:
    """A plot as laid out: its box, its value axes, and the centres of its categories.

    `horizontal` is the axis from left to right, `vertical` the one from bottom to top; with
    categories one of them is None.
    """

    box: Box
    horizontal: Axis | None = None
    vertical: Axis | None = None
    second: Axis | None = None
    centres: tuple[float, ...] = ()
    slot: float = 0.0
    scales: dict[str, Scale] = field(default_factory=dict)

    def x(self, value: float) -> float:
        """The column of a value on the horizontal axis."""
        assert self.horizontal is not None
        return _along(value, self.horizontal, self.box[0], self.box[2])

    def y(self, value: float, second: bool = False) -> float:
        """The row of a value on the vertical axis."""
        axis = self.second if second else self.vertical
        assert axis is not None
        return _along(value, axis, self.box[3], self.box[1])


def _along(value: float, axis: Axis, start: float, end: float) -> float:
    return start + (value - axis.low) / (axis.high - axis.low) * (end - start)


def upright(
    spec: ChartSpec,
    style: Style,
    sheet: Sheet,
    names: Sequence[str],
    values: Values,
    *,
    keys: Sequence[Key] = (),
    second: Values | None = None,
    on_edges: bool = False,
    spread: bool = False,
    lifted: bool = False,
) -> Plot:
    """Categories from left to right, values upwards.

    `on_edges`: the names stand at the edges between slots (one more than slots), as under a
    histogram. `spread`: the outermost categories stand near the ends, as on a line. `lifted`: the
    second axis goes below zero only to leave room under its line.
    """
    around = surround(spec, style, sheet, keys)
    room = around.room
    hidden = _hides_values(spec, style)
    _titles_beside(around, style, sheet)
    bottom_title = around.titles.get("x_title")
    title_space = bottom_title.height + style.base * 0.6 if bottom_title else 0.0

    height = (room.bottom - room.top - title_space) * 0.86
    axis = _fitting_axis(values, style, height)
    other = _fitting_axis(second, style, height) if second else None
    if other and second:
        # Both axes have as many steps, so that one grid serves both.
        other = _same_steps(other, axis, second)
    labels = [] if hidden else _tick_stamps(axis, style)
    if other and lifted:
        # The line was lifted above the bars; below zero there is nothing to read.
        kept = [(t, label) for t, label in zip(other.ticks, other.labels, strict=True) if t >= 0]
        other = Axis(other.low, other.high, tuple(t for t, _ in kept), tuple(s for _, s in kept))
    right_labels = _tick_stamps(other, style) if other else []
    pad = style.base * 0.45
    room.left += max((s.width for s in labels), default=0) + (pad if labels else 0)
    room.right -= max((s.width for s in right_labels), default=0) + (pad if right_labels else 0)
    room.top += style.base * 0.5

    stamps: list[Stamp] = []
    for _ in range(2):
        slots = len(names) - 1 if on_edges else len(names)
        slot = (room.right - room.left) / slots
        inset = slot * ((0.35 if spec.labels else 0.12) if spread else 0.5) if not on_edges else 0.0
        steps = max(1, len(names) - 1)
        pitch = (room.right - room.left - 2 * inset) / steps
        centres = tuple(room.left + inset + pitch * i for i in range(len(names)))
        free = pitch if len(names) > 1 else slot
        stamps = names_fit(names, style, free, (room.bottom - room.top) * 0.38)
        left_over = max(_reach(s, c, -1) for s, c in zip(stamps, centres, strict=True))
        right_over = max(_reach(s, c, 1) for s, c in zip(stamps, centres, strict=True))
        lack_left = max(0.0, style.margin * 0.6 + left_over)
        lack_right = max(0.0, right_over - (style.width - style.margin * 0.6))
        if lack_left + lack_right < 1:
            break
        room.left += lack_left
        room.right -= lack_right
    deep = max(s.height + s.top if s.angle == 0 else s.height for s in stamps)
    room.bottom -= deep + pad + title_space

    plot = Plot(room.box, vertical=axis, second=other, centres=centres, slot=slot)
    tall = room.bottom - room.top
    plot.scales["y"] = Scale(axis.low, axis.high, tall)
    if other:
        plot.scales["y2"] = Scale(other.low, other.high, tall)
    _ground(style, sheet, plot)
    _grid(style, sheet, plot, across=[plot.y(t) for t in axis.ticks], along=centres)
    for label, tick in zip(labels, axis.ticks, strict=False):
        sheet.write(label, room.left - pad, plot.y(tick), "y_tick", style.palette.faint, (1.0, 0.5))
    for label, tick in zip(right_labels, other.ticks if other else (), strict=False):
        at = plot.y(tick, second=True)
        sheet.write(label, room.right + pad, at, "y2_tick", style.palette.faint, (0.0, 0.5))
    for label, centre in zip(stamps, centres, strict=True):
        _below(style, sheet, label, centre, room.bottom + pad)
    _finish_titles(around, style, sheet, plot, room.bottom + pad + deep + style.base * 0.6)
    return plot


def lying(
    spec: ChartSpec,
    style: Style,
    sheet: Sheet,
    names: Sequence[str],
    values: Values,
    *,
    keys: Sequence[Key] = (),
    mirrored: bool = False,
) -> Plot:
    """Categories from top to bottom, values to the right. `mirrored`: tick labels show amounts
    on both sides of zero, as in a population pyramid."""
    around = surround(spec, style, sheet, keys)
    room = around.room
    hidden = _hides_values(spec, style)
    _titles_beside(around, style, sheet)
    bottom_title = around.titles.get("x_title")
    title_space = bottom_title.height + style.base * 0.6 if bottom_title else 0.0
    pad = style.base * 0.5
    font = style.font(0.92)
    widest = (room.right - room.left) * 0.3
    slot = (room.bottom - room.top - title_space) / len(names)
    lines = max(1, int(slot / (font.size * 1.35)))
    stamps = [stamp(wrap(name, font, widest, lines) or name, font, "right") for name in names]
    room.left += max(s.width for s in stamps) + pad

    axis = _fitting_axis(values, style, (room.right - room.left) * 0.95)
    if mirrored:
        axis = Axis(axis.low, axis.high, axis.ticks, tuple(t.lstrip("-") for t in axis.labels))
    labels = [] if hidden else _tick_stamps(axis, style)
    for count in range(style.tick_count - 1, 1, -1):
        step = (room.right - room.left) / max(1, len(axis.ticks) - 1)
        if not labels or max(s.width for s in labels) + pad < step:
            break
        fewer = value_axis(values.low, values.high, values.number, count)
        axis = _extended(fewer, values, (room.right - room.left) * 0.95, count, True)
        if mirrored:
            axis = Axis(axis.low, axis.high, axis.ticks, tuple(t.lstrip("-") for t in axis.labels))
        labels = _tick_stamps(axis, style)
    if labels:
        over = (labels[-1].width + labels[0].width) / 4
        room.right -= max(0.0, over - style.margin * 0.4)
        room.bottom -= max(s.height for s in labels) + pad
    room.bottom -= title_space

    slot = (room.bottom - room.top) / len(names)
    centres = tuple(room.top + slot * (i + 0.5) for i in range(len(names)))
    plot = Plot(room.box, horizontal=axis, centres=centres, slot=slot)
    plot.scales["x"] = Scale(axis.low, axis.high, room.right - room.left)
    _ground(style, sheet, plot)
    _grid(style, sheet, plot, across=centres, along=[plot.x(t) for t in axis.ticks], lying=True)
    for label, tick in zip(labels, axis.ticks, strict=False):
        x = plot.x(tick)
        sheet.write(label, x, room.bottom + pad, "x_tick", style.palette.faint, (0.5, 0.0))
    for label, centre in zip(stamps, centres, strict=True):
        sheet.write(label, room.left - pad, centre, "y_tick", style.palette.ink, (1.0, 0.5))
    below = room.bottom + pad + (max(s.height for s in labels) if labels else 0)
    _finish_titles(around, style, sheet, plot, below + style.base * 0.55)
    return plot


def plane(
    spec: ChartSpec,
    style: Style,
    sheet: Sheet,
    across: Values,
    up: Values,
    *,
    keys: Sequence[Key] = (),
) -> Plot:
    """Values on both axes."""
    around = surround(spec, style, sheet, keys)
    room = around.room
    _titles_beside(around, style, sheet)
    bottom_title = around.titles.get("x_title")
    title_space = bottom_title.height + style.base * 0.6 if bottom_title else 0.0
    pad = style.base * 0.45
    vertical = _fitting_axis(up, style, (room.bottom - room.top) * 0.8)
    labels = _tick_stamps(vertical, style)
    room.left += max(s.width for s in labels) + pad
    room.top += style.base * 0.5
    horizontal = _fitting_axis(across, style, (room.right - room.left) * 0.95)
    below = _tick_stamps(horizontal, style)
    for count in range(style.tick_count - 1, 1, -1):
        step = (room.right - room.left) / max(1, len(horizontal.ticks) - 1)
        if max(s.width for s in below) + pad < step:
            break
        horizontal = value_axis(across.low, across.high, across.number, count)
        below = _tick_stamps(horizontal, style)
    room.right -= max(0.0, below[-1].width / 2 - style.margin * 0.4)
    deep = max(s.height for s in below)
    room.bottom -= deep + pad + title_space
    plot = Plot(room.box, horizontal=horizontal, vertical=vertical)
    plot.scales["x"] = Scale(horizontal.low, horizontal.high, room.right - room.left)
    plot.scales["y"] = Scale(vertical.low, vertical.high, room.bottom - room.top)
    _ground(style, sheet, plot)
    columns = [plot.x(t) for t in horizontal.ticks]
    _grid(style, sheet, plot, across=[plot.y(t) for t in vertical.ticks], along=columns, both=True)
    for label, tick in zip(labels, vertical.ticks, strict=True):
        sheet.write(label, room.left - pad, plot.y(tick), "y_tick", style.palette.faint, (1.0, 0.5))
    for label, x in zip(below, columns, strict=True):
        sheet.write(label, x, room.bottom + pad, "x_tick", style.palette.faint, (0.5, 0.0))
    _finish_titles(around, style, sheet, plot, room.bottom + pad + deep + style.base * 0.6)
    return plot


def zero_line(style: Style, sheet: Sheet, plot: Plot) -> None:
    """The base of marks of both signs."""
    x0, y0, x1, y1 = plot.box
    ink = Ink(edge=style.palette.faint, line=style.stroke)
    if plot.vertical and plot.vertical.low < 0:
        sheet.segments([((x0, plot.y(0)), (x1, plot.y(0)))], ink, z=2.5)
    if plot.horizontal and plot.horizontal.low < 0 and plot.vertical is None:
        sheet.segments([((plot.x(0), y0), (plot.x(0), y1))], ink, z=2.5)


def _hides_values(spec: ChartSpec, style: Style) -> bool:
    """With every value printed, some charts do without a value axis."""
    return spec.labels and style.variant == 3 and style.grid == "none"


def _fitting_axis(values: Values, style: Style, pixels: float) -> Axis:
    axis = value_axis(
        values.low,
        values.high,
        values.number,
        style.tick_count,
        end_on_tick=style.end_on_tick,
    )
    return _extended(axis, values, pixels, style.tick_count, style.end_on_tick)


def _extended(axis: Axis, values: Values, pixels: float, count: int, on_tick: bool) -> Axis:
    """The axis, longer where labels beyond the outermost marks would leave the plot."""
    span = axis.high - axis.low
    low_room = (values.low - axis.low) / span * pixels
    high_room = (axis.high - values.high) / span * pixels
    need_low, need_high = values.room
    if low_room >= need_low and high_room >= need_high:
        return axis
    free = max(pixels - need_low - need_high, pixels * 0.3)
    per_pixel = (values.high - values.low) / free
    low = min(axis.low, values.low - need_low * per_pixel) if need_low else axis.low
    high = max(axis.high, values.high + need_high * per_pixel) if need_high else axis.high
    if values.low >= 0:
        low = max(low, 0.0) if axis.low >= 0 else low
    grown = value_axis(low, high, values.number, count, end_on_tick=False)
    if on_tick and grown.ticks[-1] < axis.ticks[-1]:
        return Axis(low, high, axis.ticks, axis.labels)
    return grown


def _same_steps(axis: Axis, other: Axis, values: Values) -> Axis:
    """`axis` with its ticks where those of `other` are, when both start at zero."""
    if other.low != 0 or values.low < 0:
        return axis
    whole = other.high / other.ticks[1] if len(other.ticks) > 1 else 1.0
    for count in range(2, 12):
        step_axis = value_axis(0, values.high * 1.02, values.number, count)
        step = step_axis.ticks[1]
        high = step * whole
        if high >= values.high * 1.02 and step_axis.high <= high + 1e-9:
            ticks = tuple(round(step * i, 10) for i in range(len(other.ticks)))
            made = value_axis(0, ticks[-1], values.number, len(ticks) - 1)
            if len(made.ticks) == len(ticks):
                return Axis(0.0, high, made.ticks, made.labels)
    return axis


def _tick_stamps(axis: Axis, style: Style) -> list[Stamp]:
    font = style.font(0.86)
    return [stamp(label, font) for label in axis.labels]


def _reach(name: Stamp, centre: float, side: int) -> float:
    """How far a name stands out to the left (negated) or right."""
    if name.angle in (0.0, 90.0):
        return name.width / 2 - centre if side < 0 else centre + name.width / 2
    slack = name.font.size * 0.3
    return name.width - slack - centre if side < 0 else centre + slack


def _below(style: Style, sheet: Sheet, name: Stamp, centre: float, y: float) -> None:
    if name.angle == 0.0:
        sheet.write(name, centre, y + name.top, "x_tick", style.palette.ink, (0.5, 0.0))
    elif name.angle == 90.0:
        sheet.write(name, centre, y, "x_tick", style.palette.ink, (0.5, 0.0))
    else:
        x = centre + name.font.size * 0.3
        sheet.write(name, x, y, "x_tick", style.palette.ink, (1.0, 0.0))


def _titles_beside(around: Surround, style: Style, sheet: Sheet) -> None:
    """Make room for axis titles at the left, right or above."""
    room, titles = around.room, around.titles
    if style.value_title_above and {"y_title", "y2_title"} & set(titles):
        high = 0
        for role, share in (("y_title", 0.0), ("y2_title", 1.0)):
            if role in titles:
                x = room.left if share == 0 else room.right
                made = titles.pop(role)
                sheet.write(made, x, room.top, role, style.palette.faint, (share, 0.0))
                high = max(high, made.height)
        room.top += high + style.base * 0.5
        return
    if "y_title" in titles:
        room.left += titles["y_title"].width + style.base * 0.5
    around.right_edge = room.right
    if "y2_title" in titles:
        room.right -= titles["y2_title"].width + style.base * 0.5


def _finish_titles(around: Surround, style: Style, sheet: Sheet, plot: Plot, below: float) -> None:
    x0, y0, x1, y1 = plot.box
    color = style.palette.ink
    if "x_title" in around.titles:
        sheet.write(around.titles["x_title"], (x0 + x1) / 2, below, "x_title", color, (0.5, 0.0))
    middle = (y0 + y1) / 2
    if "y_title" in around.titles:
        made = around.titles["y_title"]
        y = min(max(middle, made.height / 2 + 2), style.height - made.height / 2 - 2)
        sheet.write(made, style.margin, y, "y_title", color, (0.0, 0.5))
    if "y2_title" in around.titles:
        made = around.titles["y2_title"]
        y = min(max(middle, made.height / 2 + 2), style.height - made.height / 2 - 2)
        sheet.write(made, around.right_edge, y, "y2_title", color, (1.0, 0.5))


def _ground(style: Style, sheet: Sheet, plot: Plot) -> None:
    sheet.plot_area(plot.box)
    if not style.plain_area:
        tint = blend(style.palette.grid, style.palette.background, 0.4)
        sheet.rectangle(plot.box, Ink(fill=tint), z=0.1)


def _grid(
    style: Style,
    sheet: Sheet,
    plot: Plot,
    across: Sequence[float],
    along: Sequence[float],
    lying: bool = False,
    both: bool = False,
) -> None:
    """Grid lines at rows `across` and columns `along`, spines, tick strokes, bands."""
    x0, y0, x1, y1 = plot.box
    rows: list[tuple[Point, Point]] = [((x0, y), (x1, y)) for y in across]
    columns: list[tuple[Point, Point]] = [((x, y0), (x, y1)) for x in along]
    values, names = (columns, rows) if lying else (rows, columns)
    lines = {"none": [], "value": values, "both": values + names}[style.grid]
    if both and style.grid == "value":
        lines = rows + columns
    if style.bands and not both and not lying:
        tint = blend(style.palette.grid, style.palette.background, 0.35)
        ys = sorted(across)
        for top, bottom in zip(ys[::2], ys[1::2], strict=False):
            sheet.rectangle((x0, top, x1, bottom), Ink(fill=tint), z=0.2)
    grid = Ink(edge=style.palette.grid, line=style.stroke, dash=style.grid_dash)
    sheet.segments(lines, grid, z=0.5)
    spine = Ink(edge=style.palette.faint, line=style.stroke)
    edges: dict[str, list[tuple[Point, Point]]] = {
        "box": [
            ((x0, y0), (x1, y0)),
            ((x1, y0), (x1, y1)),
            ((x1, y1), (x0, y1)),
            ((x0, y1), (x0, y0)),
        ],
        "left-bottom": [((x0, y0), (x0, y1)), ((x0, y1), (x1, y1))],
        "bottom": [((x0, y0), (x0, y1))] if lying else [((x0, y1), (x1, y1))],
        "none": [],
    }
    sheet.segments(edges[style.spines], spine, z=2.6)
    if style.ticks != "none" and style.spines in ("box", "left-bottom"):
        size = style.base * (0.28 if style.ticks == "out" else -0.28)
        strokes: list[tuple[Point, Point]] = [((x0, y), (x0 - size, y)) for y in across]
        strokes += [((x, y1), (x, y1 + size)) for x in along]
        sheet.segments(strokes, spine, z=2.6)
