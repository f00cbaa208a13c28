"""Lines and areas: one or many, stepped, stacked."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from pyecharts import options as opts
from pyecharts.charts import Line

from renderers.charts.echarts.axes import (
    AxisRange,
    category_axis,
    grid,
    interval_count,
    log_range,
    plot_area,
    round_range,
    value_axis,
)
from renderers.charts.echarts.context import (
    DrawContext,
    EchartsFigure,
    figure,
    table_marks,
    text_formatter,
)
from renderers.charts.echarts.label_places import LabeledPoint, place_labels
from renderers.charts.echarts.layout import LINE, Rect
from renderers.charts.echarts.room import with_room
from renderers.charts.echarts.types.courses import course
from renderers.charts.echarts.warps import WARPED, warped_range
from renderers.charts.spec import Table

PADDING = 8
"""CSS pixels."""
POINT_RADIUS = 3
"""CSS pixels."""
DASHES = ("solid", "dashed", "dotted")


def line(context: DrawContext) -> EchartsFigure:
    """A line through one value for each category, or through many points along dates."""
    return _lines(context) if context.spec.table.course is None else course(context)


def multi_line(context: DrawContext) -> EchartsFigure:
    """A line for each series, named in the legend or at its end."""
    return _lines(context) if context.spec.table.course is None else course(context)


def step(context: DrawContext) -> EchartsFigure:
    """A line of steps; values apply before, after or around their category."""
    return _lines(context, step=context.sampler.pick("step", ("start", "middle", "end")))


def area(context: DrawContext) -> EchartsFigure:
    """A line with the area below it filled."""
    if context.spec.table.course is not None:
        return course(context, area=True)
    return _lines(context, area=True)


def stacked_area(context: DrawContext) -> EchartsFigure:
    """Filled areas of all series on each other."""
    return _lines(context, area=True, stack=True)


def _lines(
    context: DrawContext, *, step: str | None = None, area: bool = False, stack: bool = False
) -> EchartsFigure:
    spec = context.spec
    data = context.spec.table
    frame = context.frame([s.name for s in data.series])
    values = [v for s in data.series for v in s.values]
    if stack:
        values = [sum(column) for column in zip(*(s.values for s in data.series), strict=True)]
    zero = area or stack or context.sampler.flag("from_zero", 0.4)
    if (spec.labels and min(values) < 0) or not zero:
        # Room below the lowest point for a label there.
        below = (max(values) - min(values)) * 2 * context.label_size / frame.body.height
        values.append(min(values) - below)
    values = with_room(context, values, frame.body.height, zero=zero)
    ends = round_range(values, interval_count(frame.body.height, context), zero)
    if spec.axis.kind == "log":
        plain = [v for s in data.series for v in s.values]
        ends = log_range(with_room(context, plain, frame.body.height, zero=False))
    elif spec.axis.kind in WARPED:
        ends = _warped(context, data, frame.body.height)
    smooth = step is None and context.sampler.flag("smooth", 0.3)
    symbol = context.sampler.pick(
        "symbol", ("circle", "emptyCircle", "rect", "diamond", "triangle")
    )
    size = context.sampler.whole_number("symbol_size", 5, 8)
    width = context.sampler.whole_number("line_width", 2, 3)
    opacity = context.sampler.whole_number("area_percent", 25, 70) / 100 if area else 0
    dashes = not area and context.sampler.flag("dashes", 0.25)
    inset = context.sampler.flag("inset", 0.5)
    # Without a gap the first label would lie on the axis.
    gap = inset or spec.labels or step is not None

    x = category_axis(context, "x", data.categories, frame.body, spec.x_title, gap=gap)
    y = value_axis(context, "y", ends, data.series[0].number, spec.y_title)
    x["axisLine"]["onZero"] = False
    margins: dict[str, Any] = {"top": context.label_size + PADDING if spec.labels else PADDING}
    if not gap:
        margins["right"] = context.ruler.width(data.categories[-1], context.style.text_size) / 2
    plot = plot_area(context, frame.body, x, y, margins["top"])
    places = _label_places(context, data, plot, ends, stack, step) if spec.labels else []

    chart = Line().add_xaxis(list(data.categories))
    for index, series in enumerate(data.series):
        texts = [series.number.print(v) for v in series.values]
        color = context.style.color(index)
        label = context.label("top") | {"formatter": text_formatter(texts)}
        if context.repair.label_plates or stack:
            label |= context.plate()
        chart.add_yaxis(
            series.name,
            [
                opts.LineItem(
                    value=ends.given(value),
                    symbol=symbol,
                    symbol_size=size,
                    label_opts=places[index][i] if places else None,
                )
                for i, value in enumerate(series.values)
            ],
            stack="all" if stack else None,
            is_smooth=smooth,
            is_step=step or False,
            label_opts=label if spec.labels else {"show": False},
            linestyle_opts=opts.LineStyleOpts(
                width=width,
                color=color,
                type_=DASHES[index % len(DASHES)] if dashes else "solid",
            ),
            itemstyle_opts={"color": color},
            areastyle_opts=opts.AreaStyleOpts(opacity=opacity, color=color) if area else None,
        )
    return figure(
        chart,
        context,
        frame,
        marks=table_marks(data),
        warps=ends.warps("y"),
        xAxis=[x],
        yAxis=[y],
        grid=[grid(frame.body, frame.width, frame.height, **margins)],
    )


def _warped(context: DrawContext, data: Table, length: float) -> AxisRange:
    """A symlog axis, with room below the lowest point for a label there."""
    values = [value for series in data.series for value in series.values]
    below = 2 * context.label_size if context.spec.labels and min(values) < 0 else 0
    return warped_range(context, values, data.series[0].number, length, below=below)


def _label_places(
    context: DrawContext, data: Table, plot: Rect, ends: AxisRange, stack: bool, step: str | None
) -> list[list[dict[str, Any]]]:
    """The places of each series' labels: above or below their points, off the lines."""
    count = len(data.categories)
    slot = plot.width / count
    marks: list[LabeledPoint] = []
    floor = [0.0] * count
    for series in data.series:
        for i, value in enumerate(series.values):
            floor[i] = floor[i] + value if stack else value
            x = plot.left + slot * (i + 0.5)
            y = plot.bottom - plot.height * ends.share(floor[i])
            label_width = context.label_width([series.number.print(value)])
            marks.append(LabeledPoint(x, y, POINT_RADIUS, label_width, context.label_size * LINE))
    lines = [_path(marks[k * count : (k + 1) * count], step) for k in range(len(data.series))]
    label_area = plot.inset(top=-context.label_size - PADDING, left=-PADDING, right=-PADDING)
    placed = place_labels(marks, label_area, lines, ("top", "bottom"))
    options = [place.option() for place in placed]
    return [options[k * count : (k + 1) * count] for k in range(len(data.series))]


def _path(marks: Sequence[LabeledPoint], step: str | None) -> list[tuple[float, float]]:
    """The corners of a line through the marks."""
    corners = [(marks[0].x, marks[0].y)]
    for a, b in pairwise(marks):
        if step is not None:
            turn = {"start": a.x, "middle": (a.x + b.x) / 2, "end": b.x}[step]
            corners += [(turn, a.y), (turn, b.y)]
        corners.append((b.x, b.y))
    return corners
