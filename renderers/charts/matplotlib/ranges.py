"""The range of a value axis, fitted so that marks and the labels beyond them have room."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from renderers.charts.matplotlib.style import ChartStyle
from renderers.charts.spec import LINEAR_FORM, AxisForm, NumberFormat
from renderers.charts.ticks import TICK_DECIMALS, TOLERANCE, ValueAxis, is_round, value_axis
from renderers.charts.warped_axes import warped_axis

MINOR_PARTS = (5, 4, 2, 1)
"""Parts of the distance of two ticks that minor ticks may make, those tried first first."""
PLAIN_VARIANT = 0
"""Of logarithmic axes: without minor ticks."""
MAX_STEPS = 12
"""Numbers of steps below this are tried for the second axis."""
HEADROOM = 1.02
"""The second axis ends above the highest value by this factor."""
MIN_DATA_SHARE = 0.3
"""Share of an axis that the data keep, however much space labels need."""


@dataclass(frozen=True, slots=True)
class AxisValues:
    """The range of a value axis and its form. `label_space` is the pixels that labels need beyond
    the marks at the low and the high end, `apart` those between the ends of a break."""

    low: float
    high: float
    number: NumberFormat
    label_space: tuple[float, float] = (0.0, 0.0)
    form: AxisForm = LINEAR_FORM
    apart: float = 0.0


def fitting_axis(
    values: AxisValues, style: ChartStyle, pixels: float, count: int | None = None
) -> ValueAxis:
    """A value axis with about `count` round ticks (default: the style's) over `pixels`, extended
    where labels need space."""
    number, on_tick = count or style.tick_count, style.end_on_tick or count is not None
    if values.form.kind != "linear":
        axis = warped_axis(
            values.form, values.low, values.high, values.number, number, pixels,
            values.label_space, end_on_tick=on_tick, apart=values.apart,
        )  # fmt: skip
        # The ticks between powers of ten are what makes such an axis readable.
        wanted = style.minor_ticks or style.variant != PLAIN_VARIANT
        return axis if style.has_strokes and wanted else replace(axis, minor=())
    axis = value_axis(values.low, values.high, values.number, number, end_on_tick=on_tick)
    axis = extended(axis, values, pixels, number, on_tick)
    shown = style.minor_ticks and style.has_strokes
    return replace(axis, minor=_between(axis)) if shown else axis


def _between(axis: ValueAxis) -> tuple[float, ...]:
    """Minor ticks: four between two ticks a unit or two and a half apart, otherwise one or three,
    so that they are at round values."""
    step = axis.step
    parts = next(n for n in MINOR_PARTS if is_round(step / n)) if step else 1
    first, last = math.ceil(axis.low / step * parts), math.floor(axis.high / step * parts)
    return tuple(
        round(i * step / parts, TICK_DECIMALS) for i in range(first, last + 1) if i % parts
    )


def same_steps(axis: ValueAxis, other: ValueAxis, values: AxisValues) -> ValueAxis:
    """`axis` with its ticks where those of `other` are, when both start at zero."""
    if other.low != 0 or values.low < 0:
        return axis
    whole = other.high / other.ticks[1] if len(other.ticks) > 1 else 1.0
    for count in range(2, MAX_STEPS):
        step_axis = value_axis(0, values.high * HEADROOM, values.number, count)
        step = step_axis.ticks[1]
        high = step * whole
        if high >= values.high * HEADROOM and step_axis.high <= high + TOLERANCE:
            ticks = tuple(round(step * i, TICK_DECIMALS) for i in range(len(other.ticks)))
            made = value_axis(0, ticks[-1], values.number, len(ticks) - 1)
            if len(made.ticks) == len(ticks):
                return ValueAxis(0.0, high, made.ticks, made.labels)
    return axis


def extended(
    axis: ValueAxis, values: AxisValues, pixels: float, count: int, on_tick: bool
) -> ValueAxis:
    """The axis, longer where labels beyond the outermost marks would leave the plot."""
    span = axis.high - axis.low
    low_room = (values.low - axis.low) / span * pixels
    high_room = (axis.high - values.high) / span * pixels
    need_low, need_high = values.label_space
    if low_room >= need_low and high_room >= need_high:
        return axis
    free = max(pixels - need_low - need_high, pixels * MIN_DATA_SHARE)
    per_pixel = (values.high - values.low) / free
    low = min(axis.low, values.low - need_low * per_pixel) if need_low else axis.low
    high = max(axis.high, values.high + need_high * per_pixel) if need_high else axis.high
    if values.low >= 0:
        low = max(low, 0.0) if axis.low >= 0 else low
    grown = value_axis(low, high, values.number, count, end_on_tick=False)
    if on_tick and grown.ticks[-1] < axis.ticks[-1]:
        return ValueAxis(low, high, axis.ticks, axis.labels)
    return grown
