"""Round steps for value axes, and the ticks at them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from renderers.charts.drawing import Scale
from renderers.charts.spec import NumberFormat
from renderers.charts.warp import LINEAR, Warp

STEP_FACTORS = (1.0, 2.0, 2.5, 5.0, 10.0)
"""A round step is one of these times a power of ten."""
TOLERANCE = 1e-9
"""Relative rounding error that decides nothing."""
TICK_DECIMALS = 10
"""Ticks are rounded to these decimals: multiples of 0.1 are then exact decimal numbers."""
MAX_STEP_DECIMALS = 8


@dataclass(frozen=True, slots=True)
class ValueAxis:
    """A value axis: its ends, its ticks and their labels. `minor` ticks have no labels."""

    low: float
    high: float
    ticks: tuple[float, ...]
    labels: tuple[str, ...]
    warp: Warp = LINEAR
    minor: tuple[float, ...] = ()

    @property
    def step(self) -> float:
        """The distance of its ticks."""
        return self.ticks[1] - self.ticks[0] if len(self.ticks) > 1 else self.high - self.low

    def share(self, value: float) -> float:
        """How far along the axis a value is: 0 at the low end, 1 at the high end."""
        first, last = self.warp.place(self.low), self.warp.place(self.high)
        return (self.warp.place(value) - first) / (last - first)

    def inside(self, value: float) -> float:
        """The value, or the end of the axis beyond which it is."""
        return min(max(value, self.low), self.high)

    def scale(self, pixels: float, start: float, *, reverse: bool = False) -> Scale:
        """The scale of the axis when it is this long and begins at this column or row."""
        if self.warp.kind == "linear":
            return Scale(self.low, self.high, pixels, self.step, start, reverse)
        ticks = tuple(sorted((*self.ticks, *self.minor)))
        return Scale(self.low, self.high, pixels, 0.0, start, reverse, None, self.warp, ticks)


def value_axis(
    low: float, high: float, number: NumberFormat, count: int, *, end_on_tick: bool = True
) -> ValueAxis:
    """About `count` round steps from `low` to `high`; the axis ends on ticks, or where the data
    do. Ticks are printed as the values are, with the decimals that their step needs."""
    if high <= low:
        high = low + (abs(low) or 1.0)
    step = _printable_step((high - low) / max(count, 1), number.decimals)
    first, last = tick_range(low, high, step)
    if not end_on_tick:
        first, last = math.ceil(low / step - TOLERANCE), math.floor(high / step + TOLERANCE)
        if last - first < 1:
            return value_axis(low, high, number, count)
    ticks = tuple(round(i * step, TICK_DECIMALS) for i in range(first, last + 1))
    tick_number = replace(number, decimals=decimals_of(step))
    labels = tuple(tick_number.print(tick) for tick in ticks)
    if end_on_tick:
        return ValueAxis(ticks[0], ticks[-1], ticks, labels)
    return ValueAxis(low, high, ticks, labels)


def round_step(
    minimum: float, factors: Sequence[float] = STEP_FACTORS, tolerance: float = TOLERANCE
) -> float:
    """The smallest round step that is at least `minimum`, up to a relative `tolerance`.

    `factors` are those allowed before the power of ten, ascending, the last one 10.
    """
    power = 10.0 ** math.floor(math.log10(minimum))
    return next(f * power for f in factors if f * power >= minimum * (1 - tolerance))


def is_round(step: float) -> bool:
    """Whether a step is one of the `STEP_FACTORS` times a power of ten."""
    return abs(round_step(step) - step) <= TOLERANCE * step


def tick_range(low: float, high: float, step: float) -> tuple[int, int]:
    """The multiples of `step` at or just outside both ends."""
    return math.floor(low / step + TOLERANCE), math.ceil(high / step - TOLERANCE)


def decimals_of(step: float) -> int:
    """How many decimals a multiple of this step needs."""
    for decimals in range(MAX_STEP_DECIMALS):
        if abs(round(step, decimals) - step) < TOLERANCE * max(1.0, step):
            return decimals
    return MAX_STEP_DECIMALS


def _printable_step(minimum: float, decimals: int) -> float:
    """The round step at or above `minimum`. Whole numbers have whole steps; values with decimals
    may have one decimal more on the axis."""
    finest = 1.0 if decimals == 0 else 10.0 ** -(decimals + 1)
    return max(round_step(minimum), finest)
