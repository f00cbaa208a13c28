"""Axes whose labels are all drawn: planned from measured widths, never left to `interval: auto`."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from pyecharts import options as opts

from renderers.charts.echarts.context import DrawContext, plain, tick_formatter
from renderers.charts.echarts.layout import LINE, Rect
from renderers.charts.spec import NumberFormat, NumberMarks
from renderers.charts.ticks import TOLERANCE, ValueAxis, decimals_of, round_step, tick_range

MIN_INTERVALS, MAX_INTERVALS = 3, 8
NAME_GAP, TURNED_NAME_GAP = 7, 9
"""Between a category axis and its names, in CSS pixels."""
LARGE_NAME_GAP = 0.55
"""The same in ems: the lowest tick of the other axis is beside the first name."""
MIN_INTERVAL_HEIGHT = 2.4
"""An axis with fewer than three intervals has none shorter than this, in ems."""
UPWARDS, DOWNWARDS = 90, -90
"""Degrees."""
TICK_GAP = 10
"""Between an axis and its title, in addition to the tick labels, in CSS pixels."""
TITLE_GAP = 0.6
"""Between tick labels and an axis title, in ems."""
INTERVAL_HEIGHT = 4.2
"""Least length of an interval of a value axis, in ems."""
PLOT_WIDTH_ESTIMATE = 0.86
"""Share of the area next to the labels of the value axis, before they are laid out."""
MAX_NAMES_HEIGHT = 0.4
"""Share of the height that names below an axis may take."""
MAX_NAME_WIDTH = 0.38
"""Share of the width that names at the side may take before they wrap."""
MIN_WRAPPED_SLOT = 3.2
"""Names are not wrapped in slots narrower than this, in ems."""
BELOW_FIRST = 0.7
"""The lower end of a logarithmic axis is below the least value by this factor at least."""
TRUNCATED_SPACE = 0.35
"""Where an axis leaves out zero, how far below the shortest bar it begins, in spans of values."""
BREAK_TOOTH = 0.2
"""How far a jagged line at the break of an axis goes to each side, in ems."""
BREAK_SPAN = (0.4, 0.9)
"""The least and greatest distance of its corners, in ems."""
TURNED_LINE_GAP = 1.08
"""Factor of the line height between turned names."""

_ANGLES = (30, 45, 60, 90)
"""Degrees by which names below an axis may be turned, the most readable first."""
STEP_TOLERANCE = 0.001
"""A step this much too small, relatively, still counts: the last tick then holds the data."""
END_DECIMALS = 9
"""Ends are rounded to these decimals: multiples of 0.1 are then exact decimal numbers."""


@dataclass(frozen=True, slots=True)
class AxisRange:
    """The ends of a value axis and the distance of its ticks; those of a `log` axis are powers of
    ten. ECharts has no scale for a `warped` axis: it gets places on the line of the warp."""

    low: float
    high: float
    interval: float
    log: bool = False
    warped: ValueAxis | None = None

    def given(self, value: float) -> float:
        """What ECharts gets for a value."""
        return value if self.warped is None else self.warped.warp.place(value)

    def share(self, value: float) -> float:
        """How far along the axis a value is, from 0 to 1."""
        if self.warped is not None:
            return self.warped.share(value)
        if self.log:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)

    def warps(self, role: str) -> dict[str, ValueAxis]:
        """The warped axis, if it is one, under the name of its role."""
        return {} if self.warped is None else {role: self.warped}

    @property
    def decimals(self) -> int:
        """Decimals that distinguish its ticks."""
        return decimals_of(self.interval)


def round_range(values: Iterable[float], intervals: int = 5, zero: bool = True) -> AxisRange:
    """Round ends around the values with about this many intervals; from zero on where asked."""
    numbers = list(values)
    low, high = min(numbers), max(numbers)
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    if high - low < TOLERANCE * max(1.0, abs(high)):
        low, high = low - (0 if zero and high > 0 else 1), high + 1
    step = round_step((high - low) / intervals, tolerance=STEP_TOLERANCE)
    first, last = tick_range(low, high, step)
    return AxisRange(round(first * step, END_DECIMALS), round(last * step, END_DECIMALS), step)


def log_range(values: Iterable[float]) -> AxisRange:
    """Powers of ten around values above zero; bars that begin at the lower one can be seen."""
    numbers = list(values)
    low = math.floor(math.log10(min(numbers) * BELOW_FIRST))
    high = max(math.ceil(math.log10(max(numbers)) - TOLERANCE), low + 1)
    return AxisRange(float(f"1e{low}"), float(f"1e{high}"), 1.0, log=True)


def truncated_range(values: Iterable[float], intervals: int) -> AxisRange:
    """Round ends, the lower one not far below the smallest value."""
    numbers = list(values)
    below = (max(numbers) - min(numbers)) * TRUNCATED_SPACE
    return round_range([max(min(numbers) - below, 0.0), max(numbers)], intervals, zero=False)


def interval_count(pixels: float, context: DrawContext, widest: str = "") -> int:
    """How many intervals an axis of this length carries well; lying down, with ticks as wide as
    `widest`."""
    size = context.style.text_size
    slot = max(
        size * INTERVAL_HEIGHT, context.ruler.width(widest, size) + size * 2 if widest else 0
    )
    least = 2 if widest or pixels < MIN_INTERVALS * MIN_INTERVAL_HEIGHT * size else MIN_INTERVALS
    return max(least, min(MAX_INTERVALS, round(pixels / slot)))


def value_axis(
    context: DrawContext,
    role: str,
    ends: AxisRange,
    number: NumberFormat,
    title: str | None = None,
    *,
    grid: bool | None = None,
    **more: Any,
) -> dict[str, Any]:
    """A value axis with fixed ends. `role` is `x`, `y` or `y2`: its texts are called
    `<role>_tick` and `<role>_title`, its scale `<role>`."""
    label: dict[str, Any] = {
        "formatter": tick_formatter(number, "needed" if ends.log else ends.decimals)
    }
    if ends.warped is not None:
        label = _ready_ticks(ends.warped)
    axis = _axis(
        context,
        role,
        "log" if ends.log else "value",
        title,
        label=_tick_label(context, **label),
        split=context.style.grid if grid is None else grid,
    )
    # Bars begin at the low end of an axis without zero.
    base = min(max(ends.low, 0.0), ends.high)
    low, high, start = (ends.given(value) for value in (ends.low, ends.high, base))
    axis |= {"min": low, "max": high, "startValue": start}
    if ends.warped is not None:
        axis["axisTick"] |= {"customValues": label["customValues"]}
        axis |= {"data": list(ends.warped.labels), **_axis_break(context, ends.warped)}
    elif not ends.log:
        axis |= {"interval": ends.interval}
    return axis | more


def _ready_ticks(axis: ValueAxis) -> dict[str, Any]:
    """Labels at the places of the ticks."""
    places = [axis.warp.place(tick) for tick in axis.ticks]
    named = [[at, text] for at, text in zip(places, axis.labels, strict=True)]
    return {"customValues": places, "formatter": {"$named": named}}


def _axis_break(context: DrawContext, axis: ValueAxis) -> dict[str, Any]:
    """The band of a broken axis, which takes as much of it as the warp leaves for it."""
    if axis.warp.kind != "broken":
        return {}
    start, end = (place for _, place in axis.warp.knots[1:3])
    style, size = context.style, context.style.text_size
    return {
        "breaks": [{"start": start, "end": end, "gap": end - start}],
        "breakArea": {
            "expandOnClick": False,
            "zigzagAmplitude": round(size * BREAK_TOOTH, 1),
            "zigzagMinSpan": round(size * BREAK_SPAN[0]),
            "zigzagMaxSpan": round(size * BREAK_SPAN[1]),
            "itemStyle": {
                "color": style.plot_color,
                "borderColor": style.palette.faint,
                "borderWidth": 1,
                "borderType": context.sampler.pick("break_line", ("solid", "solid", [3, 3])),
                "opacity": 1,
            },
        },
    }


def place_axis(
    context: DrawContext,
    names: Sequence[str],
    places: Sequence[float],
    area: Rect,
    title: str | None = None,
) -> dict[str, Any]:
    """An `x` axis from 0 to 1 with names at places that need not be at equal distances."""
    slot = area.width * PLOT_WIDTH_ESTIMATE * min(b - a for a, b in pairwise(places))
    shown, turn = _fit_names(context, names, slot, area.height * MAX_NAMES_HEIGHT)
    label = _tick_label(
        context,
        rotate=turn,
        margin=_name_gap(context, turn),
        customValues=list(places),
        formatter={"$named": [[at, name] for at, name in zip(places, shown, strict=True)]},
    )
    axis = _axis(context, "x", "value", title, label=label, split=False)
    axis["axisTick"] |= {"show": True, "customValues": list(places)}
    axis["axisLine"] |= {"show": True}
    return axis | {"min": 0, "max": 1, "data": list(shown), "named": True}


def category_axis(
    context: DrawContext,
    role: str,
    names: Sequence[str],
    area: Rect,
    title: str | None = None,
    *,
    gap: bool = True,
    **more: Any,
) -> dict[str, Any]:
    """A category axis that shows every name, turned or wrapped so that none meets its neighbor.

    An `x` axis takes up to 40 % of the room's height, a `y` axis up to 38 % of its width.
    """
    horizontal = role.startswith("x")
    if horizontal:
        slot = area.width * PLOT_WIDTH_ESTIMATE / (len(names) if gap else max(1, len(names) - 1))
        shown, turn = _fit_names(context, names, slot, area.height * MAX_NAMES_HEIGHT)
    else:
        limit = area.width * MAX_NAME_WIDTH
        shown = [context.ruler.balance(name, context.style.text_size, limit) for name in names]
        turn = 0
    label = _tick_label(context, interval=0, rotate=turn, margin=_name_gap(context, turn))
    axis = _axis(context, role, "category", title, label=label, split=False)
    axis |= {"data": list(shown), "boundaryGap": gap}
    axis["axisTick"] |= {"interval": 0, "alignWithLabel": True}
    return axis | more


def _name_gap(context: DrawContext, turn: int) -> int:
    gap = TURNED_NAME_GAP if turn else NAME_GAP
    return max(gap, round(context.style.text_size * LARGE_NAME_GAP))


def _fit_names(
    context: DrawContext, names: Sequence[str], slot: float, depth: float
) -> tuple[list[str], int]:
    """Names below an axis: as they are, wrapped, or turned; the first that fits."""
    size = context.style.text_size
    area = slot - size * 0.5
    if context.ruler.widest(names, size) <= area:
        return list(names), 0
    wrapped = [context.ruler.balance(name, size, area) for name in names]
    lines = max(name.count("\n") + 1 for name in wrapped)
    if (
        lines <= 2
        and context.ruler.widest(wrapped, size) <= area
        and area > size * MIN_WRAPPED_SLOT
    ):
        return wrapped, 0
    turned = [context.ruler.wrap(name, size, depth) for name in names]
    lines = max(name.count("\n") + 1 for name in turned)
    for angle in _ANGLES:
        if slot * math.sin(math.radians(angle)) >= size * LINE * lines * TURNED_LINE_GAP:
            return turned, angle
    return turned, _ANGLES[-1]


def _tick_label(context: DrawContext, **more: Any) -> dict[str, Any]:
    text_style = context.style.text_style(context.style.text_size)
    return {"show": True, "margin": 7, "hideOverlap": False, **text_style, **more}


def _axis(
    context: DrawContext,
    role: str,
    kind: str,
    title: str | None,
    *,
    label: dict[str, Any],
    split: bool,
) -> dict[str, Any]:
    style = context.style
    line = opts.LineStyleOpts(color=style.palette.faint, width=1)
    vertical = role.startswith("y")
    axis = opts.AxisOpts(
        type_=kind,
        name=title,
        name_location="middle",
        name_gap=style.text_size * TITLE_GAP,
        name_rotate=(DOWNWARDS if role == "y2" else UPWARDS) if vertical else 0,
        axisline_opts=opts.AxisLineOpts(
            is_show=kind == "category" or not style.grid, linestyle_opts=line
        ),
        axistick_opts=opts.AxisTickOpts(
            is_show=not style.grid or kind == "category", linestyle_opts=line
        ),
        splitline_opts=opts.SplitLineOpts(
            is_show=split, linestyle_opts=opts.LineStyleOpts(color=style.palette.grid, width=1)
        ),
    )
    result: dict[str, Any] = plain(axis)
    result |= {
        "id": role,
        "axisLabel": label,
        "nameTextStyle": style.text_style(style.text_size, style.palette.ink),
        "splitArea": {"show": False},
    }
    del result["nameTruncate"]
    return result


def plot_area(
    context: DrawContext, area: Rect, x: dict[str, Any], y: dict[str, Any], top: float
) -> Rect:
    """Where ECharts will put the plot in this room, within a few pixels."""
    size = context.style.text_size
    title = size * LINE + size * TITLE_GAP
    ticks = y.get("data")
    if ticks is None:
        shape = y["axisLabel"]["formatter"]["$number"]
        ticks = [_tick_number(shape).print(end) for end in (y["min"], y["max"])]
    left = context.ruler.widest(ticks, size) + TICK_GAP + (title if y.get("name") else 0)
    turn = math.radians(x["axisLabel"].get("rotate", 0))
    names = x.get("data") or ["0"]
    lines = max(name.count("\n") + 1 for name in names)
    tall = size * LINE * lines
    depth = context.ruler.widest(names, size) * math.sin(turn) + tall * math.cos(turn)
    bottom = depth + TICK_GAP + (title if x.get("name") else 0)
    return area.inset(left=left, top=top, bottom=bottom)


def _tick_number(shape: Mapping[str, Any]) -> NumberFormat:
    """The format of the ticks that a formatter prints (`tick_formatter`)."""
    return NumberFormat(
        0 if shape["decimals"] == "needed" else shape["decimals"],
        shape["thousands"],
        shape["prefix"],
        shape["suffix"],
        NumberMarks(shape["decimal"], shape["group"], shape["groupedFrom"], shape["indian"]),
    )


def grid(area: Rect, at_width: float, at_height: float, **margins: float) -> dict[str, Any]:
    """The plot area: with its labels and axis titles, it fills this room."""
    inner = area.inset(**margins)
    return {
        "left": inner.left,
        "top": inner.top,
        "right": at_width - inner.right,
        "bottom": at_height - inner.bottom,
        "outerBoundsMode": "same",
        "outerBoundsContain": "all",
    }
