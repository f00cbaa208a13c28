"""Combined and derived bar charts: bars with a line, waterfall, lollipop, pyramid, pictorial."""

from __future__ import annotations

from itertools import accumulate, pairwise
from typing import Any

from pyecharts import options as opts
from pyecharts.charts import Bar, Line, PictorialBar, Scatter

from renderers.charts.echarts.axes import (
    TICK_GAP,
    AxisRange,
    category_axis,
    grid,
    interval_count,
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
from renderers.charts.echarts.label_places import LabeledPoint, LabelPlace, place_labels
from renderers.charts.echarts.layout import LINE, Rect
from renderers.charts.echarts.room import with_room
from renderers.charts.spec import Series

BAR_LIFT, BARE_BAR_LIFT = 1.9, 1.35
"""The axis of the bars ends at this multiple of the highest one, with and without labels."""
LINE_LIFT, BARE_LINE_LIFT = 1.7, 1.2
"""Spans of the line that its axis has below it, with and without labels."""
LABEL_SPACE, LABEL_GAP, LABEL_GAP_X = 8, 6, 4
"""CSS pixels kept free above marks in addition to a label, and between neighboring labels."""
SYMBOL_SHARE = 0.55
"""Of a slot, for the symbols of a pictorial bar."""
MAX_SYMBOL_WIDTH, MIN_SYMBOL_HEIGHT = 46, 7.0
"""CSS pixels."""
SYMBOL_ASPECT = 0.6
"""Height over width of a repeated symbol."""
SYMBOL_MARGIN = 1
"""CSS pixels above and below a repeated symbol: what a bar may end in."""
MAX_SYMBOLS = 16
"""Repeated symbols, one above the other, in the whole area."""
STRETCHED_WIDTH = 1.3
"""Factor of the width of a symbol that is drawn once."""
BELOW_ZERO = 1.15
"""The axis of negative bars with labels ends at this multiple of the lowest one."""
LINE_SYMBOL = 7
"""CSS pixels."""
TITLE_HEIGHT = 1.85
"""Of the title of the second axis with its gap, in ems."""
SPACE_ABOVE_LINE = 0.15
"""Spans of the line that its axis has above it."""
GROUP_SHARE = 0.7
"""Of the area's width, for all bars together."""
PLOT_WIDTH, PLOT_HEIGHT = 0.8, 0.7
"""Shares of the area that the plot takes, before it is laid out."""
MAX_STEM = 4
"""Width of the stem of a lollipop, in CSS pixels."""
HALF_WIDTH = 0.35
"""Share of the area that half a pyramid takes at least."""
HALF_WIDTH_ESTIMATE = 0.4
"""Share of the area that half a pyramid usually takes."""

_SYMBOLS = {
    "rect": "rect",
    "round": "roundRect",
    "circle": "circle",
    "triangle": "triangle",
    "diamond": "diamond",
    "peak": "path://M0,10 L10,10 C5.5,10 5.5,5 5,0 C4.5,5 4.5,10 0,10 z",
}


def bar_line(context: DrawContext) -> EchartsFigure:
    """The last series is a line on a separate axis, on the right."""
    spec, data = context.spec, context.spec.table
    frame = context.frame([s.name for s in data.series])
    *columns, rate = data.series
    intervals = interval_count(frame.body.height, context)
    # Bars keep to the lower part and the line to the upper one, so that their labels never meet.
    values = [v for s in columns for v in s.values]
    lift = BAR_LIFT if spec.labels else BARE_BAR_LIFT
    below = min(0.0, *values) * (BELOW_ZERO if spec.labels else 1.0)
    ends = round_range([below, max(0.0, *values) * lift], intervals)
    low, high = min(rate.values), max(rate.values)
    depth = (high - low or 1) * (LINE_LIFT if spec.labels else BARE_LINE_LIFT)
    second = round_range(
        [low - depth, high + (high - low or 1) * SPACE_ABOVE_LINE], intervals, zero=False
    )
    chart = Bar().add_xaxis(list(data.categories))
    for index, series in enumerate(columns):
        texts = [series.number.print(v) for v in series.values]
        label = context.label("top") | {"formatter": text_formatter(texts)}
        label_width = context.label_width(texts)
        if label_width > frame.body.width * GROUP_SHARE / len(data.categories):
            label |= {"rotate": 90, "align": "left", "verticalAlign": "middle"}
        chart.add_yaxis(
            series.name,
            [
                {"value": v, "label": {"position": "top" if v >= 0 else "bottom"}}
                for v in series.values
            ],
            label_opts=label if spec.labels else {"show": False},
            itemstyle_opts={"color": context.style.color(index)},
            category_gap="45%",
        )
    color = context.style.color(len(columns))
    texts = [rate.number.print(v) for v in rate.values]
    line = Line().add_xaxis(list(data.categories))
    symbol = context.sampler.pick("symbol", ("circle", "diamond", "rect"))
    x = category_axis(context, "x", data.categories, frame.body, spec.x_title)
    y = value_axis(context, "y", ends, columns[0].number, spec.y_title)
    top = context.label_size + LABEL_SPACE
    plot = plot_area(context, frame.body, x, y, top)
    right = context.ruler.widest([rate.number.print(second.high)], context.style.text_size)
    right += TICK_GAP + (context.style.text_size * TITLE_HEIGHT if spec.y2_title else 0)
    places = _line_label_places(context, rate, plot.inset(right=right), second)
    line.add_yaxis(
        rate.name,
        [
            opts.LineItem(
                value=v, symbol=symbol, symbol_size=LINE_SYMBOL, label_opts=place.option()
            )
            for v, place in zip(rate.values, places, strict=True)
        ],
        yaxis_index=1,
        z=5,
        is_smooth=context.sampler.flag("smooth", 0.3),
        label_opts=context.label("top")
        | {"formatter": text_formatter(texts)}
        | (context.plate() if context.repair.label_plates else {})
        if spec.labels
        else {"show": False},
        linestyle_opts=opts.LineStyleOpts(width=2, color=color),
        itemstyle_opts={"color": color},
    )
    chart.overlap(line)
    y2 = value_axis(context, "y2", second, rate.number, spec.y2_title, grid=False, position="right")
    # The second axis goes below zero only to lift the line: ticks there would mean nothing.
    y2["axisLabel"]["formatter"]["$number"]["positive"] = min(rate.values) >= 0
    x["axisLine"]["onZero"] = False
    return figure(
        chart,
        context,
        frame,
        marks=table_marks(data),
        xAxis=[x],
        yAxis=[y, y2],
        grid=[grid(frame.body, frame.width, frame.height, top=top)],
    )


def _line_label_places(
    context: DrawContext, series: Series, plot: Rect, ends: AxisRange
) -> list[LabelPlace]:
    """Places off the line for the labels of its points."""
    slot = plot.width / len(series.values)
    height = context.label_size * LINE
    marks = [
        LabeledPoint(
            plot.left + slot * (i + 0.5),
            plot.bottom - plot.height * (value - ends.low) / (ends.high - ends.low),
            LINE_SYMBOL / 2,
            context.label_width([series.number.print(value)]),
            height,
        )
        for i, value in enumerate(series.values)
    ]
    line = [(mark.x, mark.y) for mark in marks]
    return place_labels(marks, plot.inset(top=-height), [line], ("top", "bottom"))


def waterfall(context: DrawContext) -> EchartsFigure:
    """Bars that float from the running total before to the one after; the last is the total."""
    spec, data = context.spec, context.spec.table
    frame = context.frame()
    series = data.series[0]
    runs = [0.0, *accumulate(series.values[:-1])]
    steps = [*pairwise(runs), (0.0, series.values[-1])]
    up, down, total = (context.style.color(i) for i in (0, 1, 2))
    texts = [series.number.print(v) for v in series.values]
    ends = round_range(
        [v for step in steps for v in step], interval_count(frame.body.height, context)
    )
    chart = Bar().add_xaxis(list(data.categories))
    base, above, below = [], [], []
    for index, (start, stop) in enumerate(steps):
        low, high = min(start, stop), max(start, stop)
        first_or_last = index in (0, len(steps) - 1)
        color = total if first_or_last else (up if stop >= start else down)
        item: dict[str, Any] = {"itemStyle": {"color": color}}
        base.append(low if low > 0 else min(high, 0.0))
        above.append({**item, "value": high - max(low, 0.0) if high > 0 else 0})
        below.append({**item, "value": low - min(high, 0.0) if low < 0 else 0})
        for entry, shown in ((above[-1], high > 0), (below[-1], high <= 0)):
            entry["label"] = {"show": shown}
    gap = f"{context.sampler.whole_number('bar_gap', 20, 45)}%"
    label = context.label("top") | {"formatter": text_formatter(texts)}
    for name, items in (("base", base), ("above", above), ("below", below)):
        chart.add_yaxis(
            "",
            items,
            stack="run",
            category_gap=gap,
            label_opts=label | {"position": "top" if name == "above" else "bottom"}
            if name != "base"
            else {"show": False},
            itemstyle_opts={"opacity": 0} if name == "base" else None,
        )
        chart.options["series"][-1]["id"] = name
    return figure(
        chart,
        context,
        frame,
        marks=dict.fromkeys(("above", "below"), table_marks(data)["s0"]),
        xAxis=[category_axis(context, "x", data.categories, frame.body, spec.x_title)],
        yAxis=[value_axis(context, "y", ends, series.number, spec.y_title)],
        grid=[grid(frame.body, frame.width, frame.height, top=context.label_size + LABEL_GAP)],
    )


def lollipop(context: DrawContext) -> EchartsFigure:
    """Thin stems with heads."""
    spec, data = context.spec, context.spec.table
    frame = context.frame()
    series = data.series[0]
    texts = [series.number.print(v) for v in series.values]
    size = context.sampler.whole_number("head_size", 10, 18)
    color = context.style.color(0)
    narrow = context.label_width(texts) > frame.body.width * PLOT_WIDTH / len(texts) - LABEL_GAP_X
    room = (context.label_width(texts) if narrow else context.label_size) + size / 2 + LABEL_GAP
    values = list(series.values)
    if spec.labels and min(values) < 0:
        # Labels of negative values are below their heads: above them they would lie on the stem.
        span = max(0.0, *values) - min(values)
        values.append(min(values) - span * room / (frame.body.height * PLOT_HEIGHT))
    values = with_room(context, values, frame.body.height, zero=True)
    ends = round_range(values, interval_count(frame.body.height, context))
    chart = Bar().add_xaxis(list(data.categories))
    chart.add_yaxis(
        "",
        list(series.values),
        bar_width=context.sampler.whole_number("stem_width", 2, MAX_STEM),
        label_opts={"show": False},
        itemstyle_opts={"color": color},
    )
    label = context.label("top") | {"formatter": text_formatter(texts)}
    if narrow:
        label |= {"rotate": 90, "verticalAlign": "middle"}
    sides = [
        {"position": "top" if v >= 0 else "bottom"}
        | ({"align": "left" if v >= 0 else "right"} if narrow else {})
        for v in series.values
    ]
    heads = Scatter().add_xaxis([])
    heads.add_yaxis(
        "",
        [
            opts.ScatterItem(value=[i, v], label_opts=side)
            for i, (v, side) in enumerate(zip(series.values, sides, strict=True))
        ],
        symbol=context.sampler.pick("head", ("circle", "diamond", "rect")),
        symbol_size=size,
        label_opts=label if spec.labels else {"show": False},
        itemstyle_opts={"color": color},
    )
    chart.overlap(heads)
    x = category_axis(context, "x", data.categories, frame.body, spec.x_title)
    return figure(
        chart,
        context,
        frame,
        marks=dict.fromkeys(("s1", "s0"), table_marks(data)["s0"]),
        xAxis=[x],
        yAxis=[value_axis(context, "y", ends, series.number, spec.y_title)],
        grid=[
            grid(frame.body, frame.width, frame.height, top=room if spec.labels else size / 2 + 2)
        ],
    )


def pyramid(context: DrawContext) -> EchartsFigure:
    """Two series back to back."""
    spec, data = context.spec, context.spec.table
    frame = context.frame([s.name for s in data.series])
    largest = max(v for s in data.series for v in s.values)
    texts = [[s.number.print(v) for v in s.values] for s in data.series]
    label_width = max(context.label_width(t) for t in texts)
    intervals = max(2, interval_count(frame.body.width * HALF_WIDTH, context) // 2 + 1)
    half = round_range(
        [0, largest * (1 + (label_width + LABEL_SPACE) / (frame.body.width * HALF_WIDTH_ESTIMATE))],
        intervals,
    )
    chart = Bar().add_xaxis(list(data.categories))
    for index, series in enumerate(data.series):
        sign = -1 if index == 0 else 1
        side = "left" if index == 0 else "right"
        chart.add_yaxis(
            series.name,
            [sign * v for v in series.values],
            stack="both",
            label_opts=context.label(side) | {"formatter": text_formatter(texts[index])},
            itemstyle_opts={"color": context.style.color(index)},
            category_gap=f"{context.sampler.whole_number('bar_gap', 10, 30)}%"
            if index == 0
            else None,
        )
    ends = type(half)(-half.high, half.high, half.interval)
    x = value_axis(context, "x", ends, data.series[0].number, spec.x_title)
    x["axisLabel"]["formatter"]["$number"]["unsigned"] = True
    y = category_axis(context, "y", data.categories, frame.body, spec.y_title)
    y["axisLine"] |= {"onZero": False}
    return figure(
        chart,
        context,
        frame,
        marks=table_marks(data),
        xAxis=[x],
        yAxis=[y],
        grid=[grid(frame.body, frame.width, frame.height, right=14)],
    )


def pictorial_bar(context: DrawContext) -> EchartsFigure:
    """Bars of symbols: stretched, or repeated and cut off at the value."""
    spec, data = context.spec, context.spec.table
    frame = context.frame()
    series = data.series[0]
    texts = [series.number.print(v) for v in series.values]
    ends = round_range(series.values, interval_count(frame.body.height, context))
    slot = frame.body.width * PLOT_WIDTH / len(texts)
    repeat = context.sampler.flag("repeated", 0.6)
    shapes = ("rect", "round", "circle", "diamond") if repeat else ("triangle", "peak", "rect")
    width = min(slot * SYMBOL_SHARE, MAX_SYMBOL_WIDTH)
    height = max(MIN_SYMBOL_HEIGHT, min(width * SYMBOL_ASPECT, frame.body.height / MAX_SYMBOLS))
    chart = PictorialBar().add_xaxis(list(data.categories))
    chart.add_yaxis(
        "",
        list(series.values),
        symbol=_SYMBOLS[context.sampler.pick("shape", shapes)],
        symbol_size=[width, height] if repeat else [width * STRETCHED_WIDTH, "100%"],
        # Symbols fill the whole axis and are cut at the value: whole symbols would round it.
        symbol_repeat="fixed" if repeat else None,
        symbol_margin=SYMBOL_MARGIN if repeat else None,
        is_symbol_clip=repeat,
        label_opts=context.label("top") | {"formatter": text_formatter(texts), "distance": 7},
        itemstyle_opts={"color": context.style.color(0)},
    )
    if repeat:
        chart.options["series"][0]["symbolBoundingData"] = ends.high
    return figure(
        chart,
        context,
        frame,
        marks=table_marks(data),
        xAxis=[category_axis(context, "x", data.categories, frame.body, spec.x_title)],
        yAxis=[value_axis(context, "y", ends, series.number, spec.y_title)],
        grid=[grid(frame.body, frame.width, frame.height, top=context.label_size + LABEL_SPACE)],
    )
