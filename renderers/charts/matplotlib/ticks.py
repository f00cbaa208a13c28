"""Value axes: round ticks, and how they are printed."""

from __future__ import annotations

import math
from dataclasses import dataclass

from renderers.charts.spec import NumberFormat

STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Axis:
    """A value axis: its ends, its ticks and their labels."""

    low: float
    high: float
    ticks: tuple[float, ...]
    labels: tuple[str, ...]


def value_axis(
    low: float, high: float, number: NumberFormat, count: int, *, end_on_tick: bool = True
) -> Axis:
    """About `count` round steps from `low` to `high`; the axis ends on ticks, or where the data
    do. Ticks are printed as the values are, with the decimals that their step needs."""
    if high <= low:
        high = low + (abs(low) or 1.0)
    step = nice_step((high - low) / max(count, 1), number.decimals)
    first = math.floor(low / step + 1e-9)
    last = math.ceil(high / step - 1e-9)
    if not end_on_tick:
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if last - first < 1:
            return value_axis(low, high, number, count)
    ticks = tuple(round(i * step, 10) for i in range(first, last + 1))
    own = NumberFormat(decimals_of(step), number.thousands, number.prefix, number.suffix)
    labels = tuple(own.print(tick) for tick in ticks)
    if end_on_tick:
        return Axis(ticks[0], ticks[-1], ticks, labels)
    return Axis(low, high, ticks, labels)


def nice_step(rough: float, decimals: int) -> float:
    """The round step at or above `rough`, no finer than the format can print by far."""
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(s for s in STEPS if s * power >= rough * (1 - 1e-9)) * power
    least = 10.0**-decimals if decimals == 0 else 10.0 ** -(decimals + 1)
    return max(step, least)


def decimals_of(step: float) -> int:
    """How many decimals a multiple of this step needs."""
    for decimals in range(8):
        if abs(round(step, decimals) - step) < 1e-9 * max(1.0, step):
            return decimals
    return 8
