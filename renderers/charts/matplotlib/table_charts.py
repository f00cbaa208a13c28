"""Bars with a table of their values, below the plot or beside it."""

from __future__ import annotations

from collections.abc import Sequence

from renderers.charts.drawing import DrawnTable, Scale
from renderers.charts.matplotlib.axes import vertical_plot
from renderers.charts.matplotlib.canvas import Canvas, Ink
from renderers.charts.matplotlib.frame import (
    Plot,
    grid,
    plot_background,
    reserve_axis_titles,
    write_axis_titles,
    zero_line,
)
from renderers.charts.matplotlib.layout import Key, lay_out_frame
from renderers.charts.matplotlib.ranges import AxisValues, fitting_axis
from renderers.charts.matplotlib.spacing import AXIS_TITLE_GAP, NAME_GAP, NAME_SIZE, TICK_SIZE
from renderers.charts.matplotlib.style import ChartStyle
from renderers.charts.matplotlib.text import Font, Stamp, stamp, wrap
from renderers.charts.palette import blend
from renderers.charts.paths import table_paths
from renderers.charts.spec import ChartSpec
from renderers.picture import Box, Cell

PADDING = (0.45, 0.35)
"""Around the text of a cell, to the sides and up and down, in ems."""
MAX_NAME = 0.22
"""Share of the width that a name in the first column may take before it wraps."""
NAME_LINES = 3
"""Of a name of a category above its column."""
UNDER = 0.15
"""Between the lowest tick label and a table below, in ems."""
GAP = 1.2
"""Between the plot and a table beside it, in ems."""
SWATCH = 0.7
"""Side of the square of a series in its row, in ems."""
GROUP = 0.16
"""Bars of a group are this much wider together than a single bar, in slots."""
MAX_GROUP = 0.9
HEADROOM = 1.06
"""The axis ends above the highest bar by this factor."""
STRIPE, HEAD_TINT = 0.3, 0.6
"""Opacity of the grid color over the background in every other row, and in a header."""
BOXED, STRIPED, RULED = 0, 1, 2
"""Variants: lines around each cell; stripes; lines between rows. The last has both."""


def table_chart(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> dict[str, Scale]:
    """The values are in the cells, not at the bars."""
    draw = _below if spec.table.listed == "below" else _beside
    plot = draw(spec, style, canvas)
    zero_line(style, canvas, plot)
    data = spec.table
    count = len(data.series)
    wide = min(MAX_GROUP, style.bar_width + (GROUP if count > 1 else 0.0))
    for s, (series, paths) in enumerate(zip(data.series, table_paths(data), strict=True)):
        left = -wide / 2 + wide * s / count
        for center, value, path in zip(plot.centers, series.values, paths, strict=True):
            x0 = center + left * plot.slot
            box = (x0, plot.y(value), x0 + wide / count * plot.slot, plot.y(0))
            canvas.mark(path, canvas.rectangle(box, Ink(fill=style.color(s)), z=2.0))
    return plot.scales


def _below(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> Plot:
    """A column for each category, right below its bars; a row for each series, with its color."""
    data = spec.table
    frame = lay_out_frame(spec, style, canvas)
    margins = frame.margins
    reserve_axis_titles(frame, style, canvas)
    axis = fitting_axis(_values(spec), style, margins.height * 0.7)
    ticks = [stamp(label, style.font(TICK_SIZE)) for label in axis.labels]
    side, above = (style.base * pad for pad in PADDING)
    named = data.series[0].name != ""
    font = style.font(NAME_SIZE)
    rows = [_name(series.name, font, margins.width * MAX_NAME) for series in data.series if named]
    swatch = style.base * (SWATCH + NAME_GAP) if named else 0.0
    first = max((name.width for name in rows), default=0) + swatch + 2 * side if named else 0.0
    pad = style.base * NAME_GAP
    margins.left += max(first, max(tick.width for tick in ticks) + pad)
    margins.top += style.base * 0.5
    slot = margins.width / len(data.categories)
    heads = [_name(name, font, slot - side, NAME_LINES) for name in data.categories]
    title = frame.titles.get("x_title")
    title_space = title.height + style.base * AXIS_TITLE_GAP if title else 0.0
    high = _row_height(style)
    tall = max(head.height for head in heads) + 2 * above
    heights = [tall, *(max(high, name.height + 2 * above) for name in rows)]
    heights += [] if named else [high]
    # The lowest tick label is half below the plot.
    under = max(tick.height for tick in ticks) / 2 + style.base * UNDER
    margins.bottom -= under + sum(heights) + title_space
    centers = tuple(margins.left + slot * (i + 0.5) for i in range(len(data.categories)))
    plot = Plot(margins.box, y_axis=axis, centers=centers, slot=slot)
    plot.scales["y"] = axis.scale(margins.height, margins.bottom, reverse=True)
    plot_background(style, canvas, plot)
    grid(style, canvas, plot, across=[plot.y(tick) for tick in axis.ticks], along=[])
    for label, tick in zip(ticks, axis.ticks, strict=True):
        canvas.write(
            label, margins.left - pad, plot.y(tick), "y_tick", style.palette.faint, (1.0, 0.5)
        )
    left = margins.left - first
    columns = [first] * named + [slot] * len(data.categories)
    top = margins.bottom + under
    table = _Grid(style, canvas, left, top, columns, heights, headed=True)
    table.draw()
    for c, head in enumerate(heads):
        table.write(head, 0, c + named, "x_tick", header=True)
    if named:
        table.leave_empty(0, 0)
    for r, (series, paths) in enumerate(zip(data.series, table_paths(data), strict=True), 1):
        if named:
            table.name_series(rows[r - 1], r, style.color(r - 1))
        for c, (value, path) in enumerate(zip(series.values, paths, strict=True)):
            printed = stamp(series.number.print(value), style.font(style.label_size))
            table.write(printed, r, c + named, "value", path=path)
    below = top + sum(heights) + style.base * AXIS_TITLE_GAP
    write_axis_titles(frame, style, canvas, plot, below)
    return plot


def _beside(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> Plot:
    """A row for each category, a column for each series."""
    data = spec.table
    side, above = (style.base * pad for pad in PADDING)
    font, small = style.font(NAME_SIZE), style.font(style.label_size)
    widest = style.width * MAX_NAME
    rows = [_name(name, font, widest) for name in data.categories]
    named = data.series[0].name != ""
    heads = [_name(series.name, font, widest * 0.6) for series in data.series if named]
    printed = [[stamp(s.number.print(v), small) for v in s.values] for s in data.series]
    columns = [max(name.width for name in rows) + 2 * side]
    for i, cells in enumerate(printed):
        wide = [*(cell.width for cell in cells), *([heads[i].width] if named else [])]
        columns.append(max(wide) + 2 * side)
    high = _row_height(style)
    heights = [max(head.height for head in heads) + 2 * above] if named else []
    heights += [max(high, name.height + 2 * above) for name in rows]
    keys = [Key(series.name, style.color(i)) for i, series in enumerate(data.series) if named]
    beyond = sum(columns) + style.base * GAP
    values = _values(spec)
    plot = vertical_plot(spec, style, canvas, data.categories, values, keys=keys, beyond=beyond)
    _, top, right, bottom = plot.box
    y = max(top, (top + bottom - sum(heights)) / 2)
    table = _Grid(style, canvas, right + style.base * GAP, y, columns, heights, headed=named)
    table.draw()
    head = int(named)
    if named:
        table.leave_empty(0, 0)
        for c, name in enumerate(heads, 1):
            table.write(name, 0, c, "category", header=True)
    for r, name in enumerate(rows):
        table.write(name, r + head, 0, "category", header=True, left=True)
    for c, (cells, paths) in enumerate(zip(printed, table_paths(data), strict=True), 1):
        for r, (cell, path) in enumerate(zip(cells, paths, strict=True)):
            table.write(cell, r + head, c, "value", path=path)
    return plot


class _Grid:
    """A table as laid out: the edges of its rows and columns in pixels."""

    def __init__(
        self,
        style: ChartStyle,
        canvas: Canvas,
        left: float,
        top: float,
        columns: Sequence[float],
        rows: Sequence[float],
        *,
        headed: bool,
    ) -> None:
        self.style, self.canvas, self.headed = style, canvas, headed
        self.xs = [left + sum(columns[:i]) for i in range(len(columns) + 1)]
        self.ys = [top + sum(rows[:i]) for i in range(len(rows) + 1)]
        canvas.table = DrawnTable((self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]))

    def draw(self) -> None:
        """Its background and lines."""
        style, canvas = self.style, self.canvas
        back = style.palette.background
        x0, x1 = self.xs[0], self.xs[-1]
        if style.variant in (STRIPED, 3):
            for i in range(len(self.ys) - 1):
                tint = HEAD_TINT if self.headed and i == 0 else STRIPE if i % 2 == 0 else 0.0
                if tint:
                    fill = Ink(fill=blend(style.palette.grid, back, tint))
                    canvas.rectangle((x0, self.ys[i], x1, self.ys[i + 1]), fill, z=0.4)
        ink = Ink(edge=blend(style.palette.faint, back, 0.55), line=style.stroke)
        rows = [((x0, y), (x1, y)) for y in self.ys]
        if style.variant == STRIPED:
            rows = [rows[0], rows[-1]]
        canvas.segments(rows, ink, z=2.5)
        if style.variant in (BOXED, 3):
            columns = [((x, self.ys[0]), (x, self.ys[-1])) for x in self.xs]
            canvas.segments(columns, ink, z=2.5)

    def box(self, row: int, column: int) -> Box:
        return self.xs[column], self.ys[row], self.xs[column + 1], self.ys[row + 1]

    def write(
        self,
        text: Stamp,
        row: int,
        column: int,
        role: str,
        *,
        path: tuple[str, ...] = (),
        header: bool = False,
        left: bool = False,
    ) -> None:
        """A text in the middle of its cell, or at its left side."""
        x0, y0, x1, y1 = self.box(row, column)
        x, anchor = (x0 + x1) / 2, 0.5
        if left:
            x, anchor = x0 + self.style.base * PADDING[0], 0.0
        cell = Cell(row, column, header=header)
        ink = self.style.palette.ink
        middle = (y0 + y1) / 2
        self.canvas.write(text, x, middle, role, ink, (anchor, 0.5), path=path, cell=cell)

    def name_series(self, name: Stamp, row: int, color: str) -> None:
        """The name of a series in the first column, after a square of its color."""
        x0, y0, _, y1 = self.box(row, 0)
        side, y = self.style.base * SWATCH, (y0 + y1) / 2
        x = x0 + self.style.base * PADDING[0]
        square = (x, y - side / 2, x + side, y + side / 2)
        self.canvas.rectangle(square, Ink(fill=color), z=2.0)
        x += side + self.style.base * NAME_GAP
        cell = Cell(row, 0, header=True)
        self.canvas.write(name, x, y, "legend", self.style.palette.ink, (0.0, 0.5), cell=cell)

    def leave_empty(self, row: int, column: int) -> None:
        """A cell without text."""
        table = self.canvas.table
        assert table is not None
        empty = (*table.empty, (Cell(row, column, header=True), self.box(row, column)))
        self.canvas.table = DrawnTable(table.bbox, empty)


def _values(spec: ChartSpec) -> AxisValues:
    numbers = [value for series in spec.table.series for value in series.values]
    low, high = min(0.0, *numbers), max(0.0, *numbers)
    return AxisValues(low * HEADROOM, high * HEADROOM, spec.table.series[0].number)


def _row_height(style: ChartStyle) -> float:
    """Of a row of one line."""
    return style.base * (style.label_size + 2 * PADDING[1])


def _name(text: str, font: Font, wide: float, lines: int = 2) -> Stamp:
    return stamp(wrap(text, font, wide, lines) or text, font, "center")
