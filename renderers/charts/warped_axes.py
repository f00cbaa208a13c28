"""Value axes that are not linear: logarithmic, symmetric-logarithmic, with a break."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from renderers.charts.spec import AxisForm, NumberFormat
from renderers.charts.ticks import TOLERANCE, ValueAxis, decimals_of, value_axis
from renderers.charts.warp import Warp

BELOW_FIRST, ABOVE_LAST = 0.7, 1.25
"""Factors of the outermost values at which a logarithmic axis ends where it need not end on ticks;
bars begin below the least value by the first one at least."""
MAX_MINOR_DECADES = 5
"""From this number of decades on, there are no minor ticks."""
FINE = (1.0, 2.0, 5.0)
"""Labeled multiples of the powers of ten on axes of a few decades."""
LOWER_SHARE, GAP_SHARE = 0.6, 0.06
"""Shares of a broken axis that the part below the break and the break itself take."""
MAX_GAP_SHARE = 0.3
"""The break takes more where the labels at its ends stand side by side, at most this share."""
LOWER_TICKS, UPPER_TICKS = 4, 2
BEYOND = 0.3
"""Decades beyond the outermost values at which a symlog axis ends, unless a tick is nearer."""
SUPERSCRIPTS = "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"
"""Of powers of ten: a minus sign and the digits."""


def log_axis(
    low: float,
    high: float,
    number: NumberFormat,
    count: int,
    *,
    end_on_tick: bool,
    powers: bool = False,
) -> ValueAxis:
    """Powers of ten around two values above zero, at most about `count` of them labeled."""
    first = math.floor(math.log10(low * BELOW_FIRST) + TOLERANCE)
    last = max(math.ceil(math.log10(high) - TOLERANCE), first + 1)
    decades = last - first
    stride = math.ceil(decades / max(count, 1))
    exponents = range(first, last + 1, stride)
    last = exponents[-1] if exponents[-1] == last else exponents[-1] + stride
    majors = FINE if decades * len(FINE) <= count + 1 and not powers else (1.0,)
    ends = (10.0**first, 10.0**last)
    if not end_on_tick:
        ends = (low * BELOW_FIRST, high * ABOVE_LAST)
    every = [_exact(m, e) for e in range(first, last + 1, stride) for m in majors]
    ticks = tuple(t for t in every if _within(t, ends))
    if len(ticks) < 2:
        return log_axis(low, high, number, count, end_on_tick=True, powers=powers)
    minor: tuple[float, ...] = ()
    if decades <= MAX_MINOR_DECADES and stride == 1:
        between = (_exact(m, e) for e in range(first, last + 1) for m in range(1, 10))
        minor = tuple(t for t in between if t not in ticks and _within(t, ends))
    labels = tuple(_label(tick, number, powers) for tick in ticks)
    return ValueAxis(*ends, ticks, labels, Warp("log"), minor)


def symlog_axis(
    low: float, high: float, number: NumberFormat, count: int, threshold: float
) -> ValueAxis:
    """Zero, and powers of ten times the threshold to both sides as far as the values go."""
    warp = Warp("symlog", threshold)
    below, above = (max(0, math.ceil(warp.place(v) - TOLERANCE)) for v in (-low, high))
    stride = math.ceil((below + above) / max(count, 2))
    steps = sorted({*range(0, -below - stride, -stride), *range(0, above + stride, stride)})
    ends = (
        max(steps[0], min(warp.place(low) - BEYOND, 0.0)),
        min(steps[-1], max(warp.place(high) + BEYOND, 0.0)),
    )
    ticks = tuple(_round(warp.value(s)) for s in steps if ends[0] <= s <= ends[1])
    labels = tuple(_label(tick, number, False) for tick in ticks)
    return ValueAxis(warp.value(ends[0]), warp.value(ends[1]), ticks, labels, warp)


def broken_axis(
    low: float,
    high: float,
    number: NumberFormat,
    gap: tuple[float, float],
    pixels: float,
    need: float,
    apart: float = 0.0,
) -> ValueAxis:
    """From zero to the low end of the gap, and from its high end on, with `need` pixels above the
    highest value; a linear axis if rounding leaves no gap. The ends of the break are at least
    `apart` pixels from each other."""
    lower = value_axis(min(low, 0.0), gap[0], number, LOWER_TICKS)
    upper = value_axis(gap[1], high, number, UPPER_TICKS)
    if lower.high >= upper.low:
        return value_axis(min(low, 0.0), high, number, LOWER_TICKS)
    gap_share = max(GAP_SHARE, min(apart / pixels, MAX_GAP_SHARE))
    lower_share = LOWER_SHARE * (1 - gap_share) / (1 - GAP_SHARE)
    top, space = upper.high, (1 - lower_share - gap_share) * pixels
    if (top - high) / (top - upper.low) * space < need:
        top = upper.low + (high - upper.low) * space / max(space - need, space * 0.4)
    above = tuple(tick for tick in upper.ticks if tick <= top)
    knots = (
        (lower.low, 0.0),
        (lower.high, lower_share),
        (upper.low, lower_share + gap_share),
        (top, 1.0),
    )
    return ValueAxis(
        lower.low,
        top,
        (*lower.ticks, *above),
        (*lower.labels, *upper.labels[: len(above)]),
        Warp("broken", knots=knots),
    )


def with_space(
    axis: ValueAxis, low: float, high: float, pixels: float, need: tuple[float, float]
) -> ValueAxis:
    """The axis, longer where labels need so many pixels beyond the lowest and highest value."""
    place = axis.warp.place
    first, last = place(axis.low), place(axis.high)
    if need[1]:
        last = max(last, first + (place(high) - first) * pixels / max(pixels - need[1], 1.0))
    if need[0]:
        first = min(first, last - (last - place(low)) * pixels / max(pixels - need[0], 1.0))
    ends = axis.warp.value(first), axis.warp.value(last)
    return ValueAxis(*ends, axis.ticks, axis.labels, axis.warp, axis.minor)


def warped_axis(
    form: AxisForm,
    low: float,
    high: float,
    number: NumberFormat,
    count: int,
    pixels: float,
    need: tuple[float, float],
    *,
    end_on_tick: bool,
    apart: float = 0.0,
) -> ValueAxis:
    """The axis of a form that is not linear, with room for labels of `need` pixels; the ends of a
    break are at least `apart` pixels from each other."""
    if form.kind == "broken":
        assert form.gap is not None
        return broken_axis(low, high, number, form.gap, pixels, need[1], apart)
    if form.kind == "log":
        axis = log_axis(low, high, number, count, end_on_tick=end_on_tick, powers=form.powers)
    else:
        axis = symlog_axis(low, high, number, count, form.threshold)
    return with_space(axis, low, high, pixels, need)


def labels_at_break(axis: ValueAxis) -> tuple[str, ...]:
    """The labels at the two ends of the break of an axis; none of an axis without a break."""
    ends = [value for value, _ in axis.warp.knots[1:3]]
    return tuple(label for tick, label in zip(axis.ticks, axis.labels, strict=True) if tick in ends)


def _within(tick: float, ends: Sequence[float]) -> bool:
    return ends[0] * (1 - TOLERANCE) <= tick <= ends[1] * (1 + TOLERANCE)


def _exact(factor: float, exponent: int) -> float:
    """`factor` times a power of ten, as the nearest float to the decimal number."""
    return float(f"{factor:g}e{exponent}")


def _round(value: float) -> float:
    return float(f"{value:.6g}") + 0.0


def _label(tick: float, number: NumberFormat, powers: bool) -> str:
    if not powers:
        decimals = decimals_of(abs(tick)) if tick else 0
        return replace(number, decimals=decimals).print(tick)
    exponent = str(round(math.log10(tick))).translate(str.maketrans("-0123456789", SUPERSCRIPTS))
    return f"{number.prefix}10{exponent}{number.suffix}"
