"""Several figures for each category: box plots, candlesticks, dumbbells."""

from __future__ import annotations

import dataclasses

from pyecharts import options as opts
from pyecharts.charts import Bar, Boxplot, Candlestick, Scatter
from pyecharts.charts.base import Base

from renderers.charts.echarts.axes import (
    AxisRange,
    category_axis,
    grid,
    interval_count,
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
from renderers.charts.echarts.layout import Frame
from renderers.charts.echarts.room import with_room
from renderers.charts.spec import Summary
from renderers.languages.registry import chart_forms

BOX_PICKS = (4, 5, 12, 7, 6)
"""Of the points of a box plot: least, first quartile, median, third quartile, most."""
CANDLE_PICKS = (2, 0, 6, 4)
"""Of the points of a candle: lower and upper end of its body, lowest, highest."""
CANDLE_TICKS = 1.6
"""Factor of the number of intervals beside candles, whose bodies are small against the range."""
LABEL_GAP = 14
"""CSS pixels between an end of a dumbbell and the side of the plot, in addition to its label."""
PLOT_WIDTH = 0.6
"""Share of the area that the data take in the worst case."""
KEY_HEIGHT, KEY_STEP = 1.8, 3
"""Of the key to the colors of candlesticks and from one entry to the next, in ems."""
SQUARE_TOP, SQUARE_HEIGHT, WORD_LEFT = 0.15, 0.8, 1.4
"""Of the square and the word of an entry, in ems."""


def box(context: DrawContext) -> EchartsFigure:
    """A box with whiskers from five figures for each category."""
    data = context.spec.summary
    frame = context.frame()
    tint = context.sampler.flag("one_color", 0.6)
    fill = context.sampler.flag("filled", 0.5)
    chart = Boxplot().add_xaxis(list(data.categories))
    items = []
    for index, row in enumerate(data.rows):
        color = context.style.color(0 if tint else index)
        item_style = {"borderColor": color, "borderWidth": 2}
        item_style["color"] = color + "55" if fill else "transparent"
        items.append({"value": list(row), "itemStyle": item_style})
    chart.add_yaxis("", items, label_opts={"show": False})
    return _category_chart(chart, context, data, frame, BOX_PICKS)


def candlestick(context: DrawContext) -> EchartsFigure:
    """Bodies from open to close; a key names the color of a rise."""
    data = context.spec.summary
    frame = context.frame()
    key = context.style.text_size * KEY_HEIGHT
    frame = dataclasses.replace(frame, body=frame.body.inset(top=key))
    up, down = context.sampler.pick(
        "candle_colors", (("#eb5454", "#47b262"), ("#2f9e6e", "#d9483b"), ("#3b7dd8", "#e08a2e"))
    )
    chart = Candlestick().add_xaxis(list(data.categories))
    item_style = opts.ItemStyleOpts(color=up, color0=down, border_color=up, border_color0=down)
    chart.add_yaxis("", [list(row) for row in data.rows], itemstyle_opts=item_style)
    result = _category_chart(chart, context, data, frame, CANDLE_PICKS)
    _add_key(result, context, up, down)
    return result


def _add_key(result: EchartsFigure, context: DrawContext, up: str, down: str) -> None:
    """A colored square and a word for each of the two directions, above the plot."""
    size = context.style.text_size
    x, y = result.frame.body.left, result.frame.body.top - size * KEY_HEIGHT
    result.option["graphic"] = []
    for name, word, color in zip(
        ("note:rise", "note:fall"),
        chart_forms(context.spec.lang).rise_and_fall,
        (up, down),
        strict=True,
    ):
        square = {"x": x, "y": y + size * SQUARE_TOP, "width": size, "height": size * SQUARE_HEIGHT}
        result.option["graphic"].append({"type": "rect", "shape": square, "style": {"fill": color}})
        result.option["title"].append(
            {
                "id": name,
                "text": word,
                "textStyle": context.style.text_style(size),
                "left": x + size * WORD_LEFT,
                "top": y,
                "padding": 0,
            }
        )
        x += context.ruler.width(word, size) + size * KEY_STEP


def dumbbell(context: DrawContext) -> EchartsFigure:
    """Two points on a line for each category; the legend names them."""
    spec = context.spec
    data = context.spec.summary
    frame = context.frame(data.fields)
    texts = [[data.number.print(row[i]) for row in data.rows] for i in (0, 1)]
    label_width = max(context.label_width(t) for t in texts)
    values = [v for row in data.rows for v in row]
    widest = data.number.print(max(values))
    label_space = (max(values) - min(values)) * (label_width + LABEL_GAP)
    label_space /= frame.body.width * PLOT_WIDTH
    # Room for labels may reach below zero: on the axis line they could not be read.
    ends = round_range(
        [min(values) - label_space, max(values) + label_space],
        interval_count(frame.body.width * 0.7, context, widest),
        zero=False,
    )
    thick = context.sampler.whole_number("line_width", 2, 5)
    size = context.sampler.whole_number("symbol_size", 11, 15)
    chart = Bar().add_xaxis(list(data.categories))
    line = {"color": context.style.palette.faint, "opacity": 0.55}
    base = [min(row) for row in data.rows]
    rest = [max(row) - min(row) for row in data.rows]
    for name, lengths, item_style in (("base", base, {"opacity": 0}), ("line", rest, line)):
        chart.add_yaxis(
            "",
            [{"value": v, "itemStyle": item_style} for v in lengths],
            stack="range",
            stack_strategy="all",
            bar_width=thick,
            label_opts={"show": False},
            itemstyle_opts=item_style,
        )
        chart.options["series"][-1]["id"] = name
    for i, field in enumerate(data.fields):
        dots = Scatter().add_xaxis([])
        dots.add_yaxis(
            field,
            [
                opts.ScatterItem(
                    value=[row[i], at_index],
                    label_opts={"position": "left" if row[i] <= row[1 - i] else "right"},
                )
                for at_index, row in enumerate(data.rows)
            ],
            symbol="circle",
            symbol_size=size,
            label_opts=context.label("right") | {"formatter": text_formatter(texts[i])},
            itemstyle_opts={"color": context.style.color(i)},
        )
        chart.overlap(dots)
    x = value_axis(context, "x", ends, data.number, spec.x_title)
    # Ticks below zero would mean nothing.
    x["axisLabel"]["formatter"]["$number"]["positive"] = min(values) >= 0
    x["axisLine"]["onZero"] = False
    y = category_axis(context, "y", data.categories, frame.body, spec.y_title, inverse=True)
    y["axisLine"]["onZero"] = False
    return figure(
        chart,
        context,
        frame,
        marks={
            f"s{i}": SeriesMarks(tuple((name, data.fields[i - 2]) for name in data.categories))
            for i in (2, 3)
        },
        xAxis=[x],
        yAxis=[y],
        grid=[grid(frame.body, frame.width, frame.height, right=16)],
    )


def _category_chart(
    chart: Base, context: DrawContext, data: Summary, frame: Frame, picks: tuple[int, ...]
) -> EchartsFigure:
    values = [v for row in data.rows for v in row]
    candles = context.spec.type == "candlestick"
    intervals = round(interval_count(frame.body.height, context) * (CANDLE_TICKS if candles else 1))
    zero = context.sampler.flag("from_zero", 0.2) and not candles
    values = with_room(context, values, frame.body.height, zero=zero)
    ends: AxisRange = round_range(values, intervals, zero)
    return figure(
        chart,
        context,
        frame,
        marks={"s0": SeriesMarks(tuple((name,) for name in data.categories), picks=picks)},
        xAxis=[category_axis(context, "x", data.categories, frame.body, context.spec.x_title)],
        yAxis=[value_axis(context, "y", ends, data.number, context.spec.y_title)],
        grid=[grid(frame.body, frame.width, frame.height, top=8)],
    )
