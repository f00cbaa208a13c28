"""Points in the plane: scatter, bubble, and scatter with ripples."""

from __future__ import annotations

import math
from typing import Any

from pyecharts import options as opts
from pyecharts.charts import EffectScatter, Scatter

from renderers.charts.echarts.axes import (
    AxisRange,
    grid,
    interval_count,
    log_range,
    round_range,
    value_axis,
)
from renderers.charts.echarts.context import (
    DrawContext,
    EchartsFigure,
    SeriesMarks,
    figure,
    text_formatter,
)
from renderers.charts.echarts.label_places import LabeledPoint, place_labels
from renderers.charts.echarts.layout import LINE, Frame, Rect
from renderers.charts.echarts.room import with_room
from renderers.charts.paths import point_paths
from renderers.charts.spec import Point, Points

POINT_SPACE = 0.1
"""Share of the span that an axis has beyond the outermost points."""
BUBBLE_OPACITY, POINT_OPACITY = 0.75, 0.9
"""Bubbles overlap."""
RIPPLE_TIME = 1500
"""Milliseconds after which ripples are well visible."""
PADDING, RIGHT_PADDING = 8, 12
"""CSS pixels around the plot."""
TICK_ESTIMATE = "0" * 7
"""A tick label of usual width, with its gap."""
AXIS_HEIGHT = 3.2
"""Of the labels and the title below the plot, in ems."""
MIN_BUBBLE = 8.0
"""Diameter in CSS pixels."""
PLOT_WIDTH = 0.8
"""Share of the area that the plot takes, before it is laid out."""

_BIGGEST = 0.065
"""Radius of the biggest bubble over the shorter side of the room."""


def scatter(context: DrawContext) -> EchartsFigure:
    """Points of one size on two value axes."""
    data = context.spec.points
    size = context.sampler.whole_number("symbol_size", 8, 13)
    return _scatter(context, data, {id(p): size for s in data.series for p in s.points})


def bubble(context: DrawContext) -> EchartsFigure:
    """Points with areas by a third value."""
    data = context.spec.points
    frame = context.frame([s.name for s in data.series])
    largest = max(p.size or 0 for s in data.series for p in s.points)
    biggest = 2 * _BIGGEST * min(frame.body.width, frame.body.height)
    sizes = {
        id(p): max(MIN_BUBBLE, biggest * math.sqrt((p.size or 0) / largest))
        for s in data.series
        for p in s.points
    }
    return _scatter(context, data, sizes)


def effect_scatter(context: DrawContext) -> EchartsFigure:
    """Points with rings around them, as of ripples."""
    data = context.spec.points
    size = context.sampler.whole_number("symbol_size", 9, 14)
    return _scatter(
        context, data, {id(p): size for s in data.series for p in s.points}, ripples=True
    )


def _scatter(
    context: DrawContext, data: Points, sizes: dict[int, float], ripples: bool = False
) -> EchartsFigure:
    spec = context.spec
    frame = context.frame([s.name for s in data.series])
    points = [p for s in data.series for p in s.points]
    widest = data.x_number.print(max((p.x for p in points), key=abs))
    across, up = [p.x for p in points], [p.y for p in points]
    up = with_room(context, up, frame.body.height, zero=False)
    x_ends = (
        log_range(across)
        if spec.x_axis.kind == "log"
        else _roomy(across, interval_count(frame.body.width * PLOT_WIDTH, context, widest))
    )
    y_ends = (
        log_range(up)
        if spec.axis.kind == "log"
        else _roomy(up, interval_count(frame.body.height, context))
    )
    symbols = context.sampler.shuffled(["circle", "diamond", "triangle", "rect"])
    mixed = context.sampler.flag("mixed_symbols", 0.3) and not ripples
    opacity = BUBBLE_OPACITY if spec.type == "bubble" else POINT_OPACITY
    labels = {id(p): _label(context, data, p) for p in points}
    places = _label_places(context, frame, points, sizes, labels, x_ends, y_ends)

    chart: Any = EffectScatter() if ripples else Scatter()
    chart.add_xaxis([])
    item = opts.EffectScatterItem if ripples else opts.ScatterItem
    role = "label" if any(p.size is not None for p in points) and spec.labels else "category"
    for index, series in enumerate(data.series):
        texts = [labels[id(p)] for p in series.points]
        shown = any(texts)
        color = context.style.color(index)
        chart.add_yaxis(
            series.name,
            [
                item(
                    name=p.label or None,
                    value=[p.x, p.y],
                    symbol_size=sizes[id(p)],
                    label_opts=places.get(id(p)),
                )
                for p in series.points
            ],
            symbol=symbols[index % len(symbols)] if mixed else "circle",
            label_opts=context.label("top")
            | {"formatter": text_formatter(texts)}
            | (context.plate() if context.repair.label_plates else {})
            if shown
            else {"show": False},
            itemstyle_opts={"color": color, "opacity": opacity},
        )
        if ripples:
            chart.options["series"][-1]["rippleEffect"] = {
                "brushType": context.sampler.pick("ripple", ("stroke", "fill")),
                "scale": 3,
                "period": 4,
            }
    x = value_axis(context, "x", x_ends, data.x_number, spec.x_title)
    y = value_axis(context, "y", y_ends, data.y_number, spec.y_title)
    x["axisLine"]["onZero"] = y["axisLine"]["onZero"] = False
    if frame.legend:
        # Without an icon for all, each entry shows the symbol of its series.
        del frame.legend["icon"]
    half = context.ruler.width(data.x_number.print(x_ends.high), context.style.text_size) / 2
    return figure(
        chart,
        context,
        frame,
        roles={"scatter": role, "effectScatter": role},
        marks={f"s{i}": SeriesMarks(p) for i, p in enumerate(point_paths(data))},
        clock=RIPPLE_TIME if ripples else 0,
        xAxis=[x],
        yAxis=[y],
        grid=[grid(frame.body, frame.width, frame.height, top=8, right=max(PADDING, half))],
    )


def _roomy(values: list[float], intervals: int) -> AxisRange:
    """Ends with some room around the points, so that marks and labels stay inside."""
    low, high = min(values), max(values)
    space = (high - low) * POINT_SPACE or abs(high) * POINT_SPACE or 1
    zero = low >= 0 and low - space < 0
    return round_range([0 if zero else low - space, high + space], intervals, zero=False)


def _label(context: DrawContext, data: Points, point: Point) -> str:
    if point.size is not None and context.spec.labels:
        size = data.size_number.print(point.size)
        return f"{point.label}\n{size}" if point.label else size
    return point.label


def _label_places(
    context: DrawContext,
    frame: Frame,
    points: list[Point],
    sizes: dict[int, float],
    labels: dict[int, str],
    x_ends: AxisRange,
    y_ends: AxisRange,
) -> dict[int, dict[str, Any]]:
    """A place for each label, so that it covers neither another label nor a mark."""
    if not any(labels.values()):
        return {}
    size = context.style.text_size
    side = context.ruler.widest([TICK_ESTIMATE], size)
    area = frame.body
    plot = Rect(
        area.left + side,
        area.top + PADDING,
        area.right - RIGHT_PADDING,
        area.bottom - size * AXIS_HEIGHT,
    )
    marks = []
    for p in points:
        text = labels[id(p)]
        x = plot.left + plot.width * x_ends.share(p.x)
        y = plot.bottom - plot.height * y_ends.share(p.y)
        height = context.label_size * LINE * (text.count("\n") + 1)
        marks.append(LabeledPoint(x, y, sizes[id(p)] / 2, context.label_width([text]), height))
    placed = place_labels(marks, plot)
    return {id(p): place.option() for p, place in zip(points, placed, strict=True)}
