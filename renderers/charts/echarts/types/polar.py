"""Around a center, by angle or radius: radar, polar bars, gauge."""

from __future__ import annotations

import math
from typing import Any

from pyecharts import options as opts
from pyecharts.charts import Gauge, Polar, Radar

from renderers.charts.echarts.axes import AxisRange, round_range
from renderers.charts.echarts.context import (
    DrawContext,
    EchartsFigure,
    SeriesMarks,
    figure,
    fixed_text_formatter,
    moved_labels,
    placed_labels,
    plain,
    table_marks,
    text_formatter,
    tick_formatter,
)
from renderers.charts.echarts.label_places import LabeledPoint, place_labels
from renderers.charts.echarts.layout import LINE, Rect
from renderers.charts.paths import table_paths
from renderers.charts.spec import Series, Table

RIGHT_ANGLE = 90
"""Degrees."""
PERCENT = 100
RINGS = 5
"""Intervals of a scale."""
NAME_SPACE_X, NAME_SPACE_Y = 14, 12
"""CSS pixels kept free around a radar in addition to its names."""
RAY_NAME_SPACE_X, RAY_NAME_SPACE_Y = 12, 10
"""The same around rays."""
PADDING_X, PADDING_Y = 8, 4
"""The same around rings, whose names are inside."""
LINE_HEIGHT = 1.3
"""In ems."""
FILL_OPACITY = 0.22
ABOVE_SERIES = 5
"""Z order of a scale whose labels were not legible below the polygons. They have no plates, which
would hide lines and corners."""
RAY_HOLE, RING_HOLE = 0.14, 0.25
"""Inner over outer radius."""
LABEL_SPACE, LABEL_GAP = 12, 5
"""CSS pixels kept free beyond the longest bar in addition to its label; distance of labels."""
FULL_TURN = 1.33
"""The largest value takes three quarters of a turn: its label follows it."""
HALF_GAUGE = 1.25
"""Height of a half gauge in radii, its value included."""
GAUGE_RADIUS = 0.94
"""Share of the space."""
GAUGE_NAME_WIDTH = 1.1
"""In radii."""
GAUGE_START = 225
"""Degrees, counter-clockwise from three o'clock; the gauge is open at the bottom."""
RING_WIDTH = 1.6
"""Of a radar at least, in ems: each ring has a label."""
GAUGE_TICK_GAP = 14
"""CSS pixels."""
CORNER_RADIUS, PLATE_PADDING = 3, 2
"""Of a polygon's corner, and of the plate behind its label, in CSS pixels."""
CENTERED_COSINE = 0.1
"""Names at spokes this close to the vertical are centered on them."""
MAX_RADAR_NAME = 0.22
"""Share of the width that a name may take before it wraps."""
MAX_POLAR_NAME = 0.24
"""The same for polar bars."""

_NAME_GAP = 10
"""Pixels between the end of a radar's spoke and its name."""


def radar(context: DrawContext) -> EchartsFigure:
    """All spokes share one scale, which the first of them shows."""
    data = context.spec.table
    style = context.style
    frame = context.frame([s.name for s in data.series])
    size = style.text_size
    names = [
        context.ruler.wrap(n, size, frame.body.width * MAX_RADAR_NAME) for n in data.categories
    ]
    lines = max(n.count("\n") + 1 for n in names)
    radius = min(
        frame.body.width / 2 - context.ruler.widest(names, size) - NAME_SPACE_X,
        frame.body.height / 2 - size * LINE_HEIGHT * lines - NAME_SPACE_Y,
    )
    rings = max(2, min(RINGS, int(radius / (size * RING_WIDTH))))
    ends = round_range([v for s in data.series for v in s.values], rings)
    number = data.series[0].number
    line = opts.LineStyleOpts(color=style.palette.grid)
    chart = Radar().add_schema(
        schema=[
            opts.RadarIndicatorItem(name=name, min_=ends.low, max_=ends.high) for name in names
        ],
        shape=context.sampler.pick("shape", ("polygon", "circle")),
        center=frame.body.center,
        radius=radius,
        splitline_opt=opts.SplitLineOpts(is_show=True, linestyle_opts=line),
        splitarea_opt=opts.SplitAreaOpts(is_show=False),
        axisline_opt=opts.AxisLineOpts(linestyle_opts=line),
    )
    filled = context.sampler.flag("filled", 0.6)
    boxes = _name_boxes(context, names, frame.body.center, radius)
    places = _radar_label_places(context, data, frame.body.center, radius, ends, boxes)
    for index, series in enumerate(data.series):
        color = style.color(index)
        texts = [series.number.print(v) for v in series.values]
        chart.add(
            series.name,
            [{"value": list(series.values), "name": series.name}],
            symbol="circle",
            label_opts=context.label("top")
            | {"formatter": {"$printed": [texts]}}
            | (context.plate() if context.repair.label_plates else {})
            if context.spec.labels
            else {"show": False},
            linestyle_opts=opts.LineStyleOpts(width=2, color=color),
            areastyle_opts=opts.AreaStyleOpts(opacity=FILL_OPACITY if filled else 0, color=color),
        )
        series_option = chart.options["series"][-1]
        series_option |= {"itemStyle": {"color": color}, "symbolSize": 6}
        if context.spec.labels:
            series_option["labelLayout"] = moved_labels(places[index])
    marks = {f"s{i}": SeriesMarks(parts=paths) for i, paths in enumerate(table_paths(data))}
    result = figure(chart, context, frame, marks=marks)
    coordinate = result.option["radar"][0]
    coordinate |= {
        "axisName": {"show": True, **style.text_style(size, style.palette.ink)},
        "axisNameGap": _NAME_GAP,
        "z": ABOVE_SERIES if context.repair.label_plates else 0,
        "splitNumber": round((ends.high - ends.low) / ends.interval),
    }
    coordinate.pop("name", None)
    for index, spoke in enumerate(coordinate["indicator"]):
        shown = index == 0 and not context.spec.labels
        spoke["axisLabel"] = {
            "show": shown,
            "hideOverlap": False,
            "formatter": tick_formatter(number, ends.decimals),
            **style.text_style(max(size - 2, context.label_size)),
        }
    return result


def polar_bar(context: DrawContext) -> EchartsFigure:
    """Bars bent around the center, one ring for each category; or rays from it."""
    data = context.spec.table
    style = context.style
    frame = context.frame()
    series = data.series[0]
    size = style.text_size
    texts = [series.number.print(v) for v in series.values]
    rays = context.sampler.flag("rays", 0.5)
    largest = max(series.values)
    names = [
        context.ruler.balance(n, size, frame.body.width * MAX_POLAR_NAME) for n in data.categories
    ]
    lines = max(n.count("\n") + 1 for n in names)
    outer = min(frame.body.width / 2 - PADDING_X, frame.body.height / 2 - PADDING_Y)
    if rays:
        outer = min(
            frame.body.width / 2 - context.ruler.widest(names, size) - RAY_NAME_SPACE_X,
            frame.body.height / 2 - size * LINE * lines - RAY_NAME_SPACE_Y,
        )
    inner = outer * (RAY_HOLE if rays else RING_HOLE)
    reserve = min(context.label_width(texts) + LABEL_SPACE, (outer - inner) * 0.5)
    top = largest * (outer - inner) / (outer - inner - reserve) if rays else largest * FULL_TURN
    category: dict[str, Any] = {
        "type": "category",
        "data": names,
        "axisLabel": {"show": True, "interval": 0, "hideOverlap": False, **style.text_style(size)},
        "axisLine": {"show": True, "lineStyle": {"color": style.palette.grid}},
        "axisTick": {"show": False},
        "splitLine": {"show": False},
    }
    hidden = {"show": False}
    value: dict[str, Any] = {"type": "value", "min": 0, "max": top}
    value |= {"axisLabel": hidden, "axisLine": hidden, "axisTick": hidden, "splitLine": hidden}
    items = [
        {"value": v, "itemStyle": {"color": style.color(i)}} for i, v in enumerate(series.values)
    ]
    # pyecharts would add a custom series in JavaScript for visible labels; the bars' own serve.
    chart = Polar().add("", items, type_="bar", label_opts={"show": False})
    bars = chart.options["series"][0]
    bars["label"] = context.label("end") | {"formatter": text_formatter(texts), "rotate": 0}
    scale = (outer - inner) / top if rays else math.tau / top
    at_end = _ray_ends if rays else _ring_ends
    bars["labelLayout"] = placed_labels(
        at_end(context, frame.body.center, inner, outer, scale, series)
    )
    return figure(
        chart,
        context,
        frame,
        marks=table_marks(data),
        polar={"center": frame.body.center, "radius": [inner, outer]},
        angleAxis={"id": "x", "startAngle": 90, **(category if rays else value)},
        radiusAxis={"id": "y", **(value if rays else category)},
    )


def _ray_ends(
    context: DrawContext,
    center: list[float],
    inner: float,
    outer: float,
    scale: float,
    series: Series,
) -> list[list[float]]:
    """The middle of each ray's label, just beyond the ray's end, upright."""
    places = []
    for index, value in enumerate(series.values):
        angle = math.pi / 2 - math.tau * (index + 0.5) / len(series.values)
        x, y = math.cos(angle), -math.sin(angle)
        label_width, tall = context.label_width([series.number.print(value)]), context.label_size
        end = inner + value * scale + abs(x) * label_width / 2 + abs(y) * tall / 2 + LABEL_GAP
        places.append([center[0] + end * x, center[1] + end * y, 0.0])
    return places


def _ring_ends(
    context: DrawContext,
    center: list[float],
    inner: float,
    outer: float,
    scale: float,
    series: Series,
) -> list[list[float]]:
    """The middle of each ring's label, on the ring beyond the bar's end, turned along it but
    never upside down."""
    band = (outer - inner) / len(series.values)
    places = []
    for index, value in enumerate(series.values):
        radius = inner + band * (index + 0.5)
        label_width = context.label_width([series.number.print(value)])
        angle = math.pi / 2 - value * scale - (label_width / 2 + LABEL_GAP) / radius
        turn = (math.degrees(angle) - RIGHT_ANGLE) % (2 * RIGHT_ANGLE)
        places.append(
            [
                center[0] + radius * math.cos(angle),
                center[1] - radius * math.sin(angle),
                turn - 2 * RIGHT_ANGLE if turn > RIGHT_ANGLE else turn,
            ]
        )
    return places


def gauge(context: DrawContext) -> EchartsFigure:
    """One value as the hand of a dial, and printed."""
    data = context.spec.table
    style = context.style
    frame = context.frame()
    size = style.text_size
    value = data.series[0].values[0]
    number = data.series[0].number
    ends = round_range(
        [0, PERCENT if number.suffix.strip() == "%" and value <= PERCENT else value], RINGS
    )
    half = context.sampler.flag("half", 0.4)
    radius = (
        min(frame.body.width / 2, frame.body.height / (HALF_GAUGE if half else 2)) * GAUGE_RADIUS
    )
    center = frame.body.center
    if half:
        center[1] = frame.body.top + radius + (frame.body.height - radius * HALF_GAUGE) / 2
    band = context.sampler.whole_number("band", 8, 24)
    name = context.ruler.wrap(data.categories[0], size + 2, radius * GAUGE_NAME_WIDTH)
    big = size + context.sampler.whole_number("figure_larger_by", 8, 16)
    color = style.color(0)
    chart = Gauge().add(
        "",
        [("", value)],
        min_=ends.low,
        max_=ends.high,
        split_number=round((ends.high - ends.low) / ends.interval),
        center=center,
        radius=radius,
        start_angle=2 * RIGHT_ANGLE if half else GAUGE_START,
        end_angle=0 if half else 2 * RIGHT_ANGLE - GAUGE_START,
        progress=opts.GaugeProgressOpts(is_show=True, width=band),
        pointer=opts.GaugePointerOpts(is_show=False),
    )
    series = plain(chart.options["series"][0])
    series |= {
        "itemStyle": {"color": color},
        "axisLine": {"lineStyle": {"width": band, "color": [[1, style.palette.grid]]}},
        "axisTick": {"distance": 4, "lineStyle": {"color": style.palette.faint}},
        "splitLine": {"distance": 4, "length": 9, "lineStyle": {"color": style.palette.faint}},
        "axisLabel": {
            "show": True,
            "distance": band + GAUGE_TICK_GAP,
            "formatter": tick_formatter(number, ends.decimals),
            **style.text_style(context.label_size),
        },
        "title": {
            "show": True,
            "offsetCenter": [0, radius * (0.2 if half else 0.66)],
            **style.text_style(size + 2, style.palette.ink),
        },
        "detail": {
            "show": True,
            "offsetCenter": [0, -radius * 0.12 if half else radius * 0.42],
            "formatter": fixed_text_formatter(number.print(value)),
            **style.text_style(big, style.palette.ink, bold=True),
        },
        "data": [{"name": name, "value": value}],
    }
    series["detail"].pop("lineHeight")
    series["anchor"] = series["pointer"] = {"show": False}
    chart.options["series"] = [series]
    return figure(chart, context, frame, roles={"gauge": {"by": "gauge"}}, marks=table_marks(data))


def _radar_label_places(
    context: DrawContext,
    data: Table,
    center: list[float],
    radius: float,
    ends: AxisRange,
    names: list[Rect],
) -> list[list[list[float]]]:
    """For each series and spoke: the corner, and where the middle of its label goes."""
    count = len(data.categories)
    marks = []
    for series in data.series:
        for i, value in enumerate(series.values):
            x, y = _spoke(center, radius * (value - ends.low) / (ends.high - ends.low), i, count)
            label_width = context.label_width([series.number.print(value)])
            marks.append(
                LabeledPoint(
                    x, y, CORNER_RADIUS, label_width + 2 * PLATE_PADDING, context.label_size * LINE
                )
            )
    rings = [marks[k * count : (k + 1) * count] for k in range(len(data.series))]
    lines = [[(m.x, m.y) for m in (*ring, ring[0])] for ring in rings]
    area = Rect(0, 0, 2 * center[0], 2 * center[1])
    boxes = [
        place.area(mark)
        for place, mark in zip(place_labels(marks, area, lines, names=names), marks, strict=True)
    ]
    places = [[m.x, m.y, *box.center] for m, box in zip(marks, boxes, strict=True)]
    return [places[k * count : (k + 1) * count] for k in range(len(data.series))]


def _spoke(center: list[float], length: float, index: int, count: int) -> tuple[float, float]:
    """A point on a spoke; the first points up, the others follow to the left."""
    angle = math.pi / 2 + math.tau * index / count
    return center[0] + length * math.cos(angle), center[1] - length * math.sin(angle)


def _name_boxes(
    context: DrawContext, names: list[str], center: list[float], radius: float
) -> list[Rect]:
    """Where ECharts writes the names at the ends of the spokes."""
    size = context.style.text_size
    boxes = []
    for index, name in enumerate(names):
        x, y = _spoke(center, radius + _NAME_GAP, index, len(names))
        label_width, tall = context.ruler.width(name, size), size * LINE * (name.count("\n") + 1)
        shift = (x - center[0]) / (radius + _NAME_GAP)
        left = (
            x - label_width / 2
            if abs(shift) < CENTERED_COSINE
            else (x if shift > 0 else x - label_width)
        )
        middle = y + (tall / 2 if y > center[1] else -tall / 2) * (abs(shift) < CENTERED_COSINE)
        boxes.append(Rect(left, middle - tall / 2, left + label_width, middle + tall / 2))
    return boxes
