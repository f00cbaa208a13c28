"""Lines through many points along dates, of which the axis names a few."""

from __future__ import annotations

import math
from typing import Any

from pyecharts import options as opts
from pyecharts.charts import Line

from renderers.charts.echarts.axes import (
    AxisRange,
    grid,
    interval_count,
    log_range,
    place_axis,
    plot_area,
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
from renderers.charts.echarts.layout import LINE, Rect
from renderers.charts.echarts.room import with_room
from renderers.charts.paths import table_paths
from renderers.charts.spec import Course, Table

PADDING = 8
"""CSS pixels."""
DENSE = 120
"""From this number of points on, a line is thin."""
DASHES = ("solid", "dashed", "dotted")


def course(context: DrawContext, *, area: bool = False) -> EchartsFigure:
    """A line for each series, with gaps where values are missing, and dots at the named dates."""
    spec, data = context.spec, context.spec.table
    points = data.course
    assert points is not None
    frame = context.frame([s.name for s in data.series])
    values = [v for column in points.values for v in column if not math.isnan(v)]
    zero = area or context.sampler.flag("from_zero", 0.4)
    values = with_room(context, values, frame.body.height, zero=zero)
    intervals = interval_count(frame.body.height, context)
    log = spec.axis.kind == "log"
    ends = log_range(values) if log else round_range(values, intervals, zero)
    size = context.sampler.whole_number("symbol_size", 5, 8)
    width = 1.2 if len(points.at) > DENSE else context.sampler.whole_number("line_width", 2, 3)
    opacity = context.sampler.whole_number("area_percent", 25, 70) / 100 if area else 0
    dashes = not area and len(data.series) > len(context.style.colors)
    named = {points.at.index(place): i for i, place in enumerate(points.places)}

    x = place_axis(context, data.categories, points.places, frame.body, spec.x_title)
    y = value_axis(context, "y", ends, data.series[0].number, spec.y_title)
    x["axisLine"]["onZero"] = False
    margins: dict[str, Any] = {"top": context.label_size + PADDING if spec.labels else PADDING}
    margins["right"] = context.ruler.width(data.categories[-1], context.style.text_size) / 2
    plot = plot_area(context, frame.body, x, y, margins["top"])
    places = _label_places(context, data, points, plot, ends, size) if spec.labels else []

    chart = Line().add_xaxis([])
    marks: dict[str, SeriesMarks] = {}
    for index, (series, column, paths) in enumerate(
        zip(data.series, points.values, table_paths(data), strict=True)
    ):
        color = context.style.color(index)
        texts = [
            series.number.print(series.values[named[i]]) if i in named else ""
            for i in range(len(column))
        ]
        chart.add_yaxis(
            series.name,
            [
                opts.LineItem(
                    value=[at, None if math.isnan(v) else v],
                    symbol="circle" if i in named else "none",
                    symbol_size=size,
                    label_opts=places[index][named[i]]
                    if places and i in named
                    else {"show": False},
                )
                for i, (at, v) in enumerate(zip(points.at, column, strict=True))
            ],
            label_opts=context.label("top") | context.plate() | {"formatter": text_formatter(texts)}
            if spec.labels
            else {"show": False},
            linestyle_opts=opts.LineStyleOpts(
                width=width,
                color=color,
                type_=DASHES[index // len(context.style.colors) % len(DASHES)]
                if dashes
                else "solid",
            ),
            itemstyle_opts={"color": color},
            areastyle_opts=opts.AreaStyleOpts(opacity=opacity, color=color) if area else None,
        )
        chart.options["series"][-1]["showAllSymbol"] = True
        items = tuple(paths[named[i]] if i in named else () for i in range(len(column)))
        owner = (series.name,) if series.name else ()
        marks[f"s{index}"] = SeriesMarks(items, owner=owner)
    return figure(
        chart,
        context,
        frame,
        marks=marks,
        xAxis=[x],
        yAxis=[y],
        grid=[grid(frame.body, frame.width, frame.height, **margins)],
    )


def _label_places(
    context: DrawContext, data: Table, points: Course, plot: Rect, ends: AxisRange, size: int
) -> list[list[dict[str, Any]]]:
    """The place of the label of each series at each named date."""

    def at(place: float, value: float) -> tuple[float, float]:
        return plot.left + plot.width * place, plot.bottom - plot.height * ends.share(value)

    height, count = context.label_size * LINE, len(points.places)
    spots = [
        LabeledPoint(
            *at(place, value), size / 2, context.label_width([series.number.print(value)]), height
        )
        for series in data.series
        for place, value in zip(points.places, series.values, strict=True)
    ]
    paths = [
        [at(place, v) for place, v in zip(points.at, column, strict=True) if not math.isnan(v)]
        for column in points.values
    ]
    labels = plot.inset(top=-context.label_size - PADDING, left=-PADDING, right=-PADDING)
    found = [place.option() for place in place_labels(spots, labels, paths, ("top", "bottom"))]
    return [found[k : k + count] for k in range(0, len(found), count)]
