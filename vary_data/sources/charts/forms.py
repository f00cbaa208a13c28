"""Numbers that ask for another axis than a linear one from zero, and the forms of such axes.

Log axes show values over two to five powers of ten, symlog axes such values of both signs, broken
axes one or two values far above all others, truncated axes values that hardly differ.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from renderers.charts.catalog import ChartType
from renderers.charts.spec import LINEAR_FORM, AxisForm, NumberFormat, Table
from vary_data.sources.charts.numbers import ValueRange, rounded

SHARES = {"log": 0.1, "symlog": 0.3, "broken": 0.07, "truncated": 0.1}
"""Of the charts whose type and measure allow it."""
MIN_DECADES, MAX_DECADES = 1.7, 5.0
"""Powers of ten that the values of a logarithmic axis span."""
LOG_PLANES = 0.15
"""Share of coordinates of points that are logarithmic where they can be."""
POWERS = 0.4
"""Share of logarithmic axes of bare numbers whose ticks are written 10², 10³."""
MAX_WITH_OUTLIERS = 16
"""Categories of a chart with a broken axis."""
SMALL_SHARE = 0.12
"""Of the highest possible value that the values below a break reach at most."""
MISSING = 0.1
"""Share of charts with missing values, where the type has them."""
MAX_MISSING = 0.25
"""Share of values that are missing at most."""

Floats = npt.NDArray[np.float64]
Columns = list[tuple[float, ...]]


def axis_form(
    chart_type: ChartType, sort: str, limits: ValueRange, rng: np.random.Generator
) -> str:
    """The name of the form that the values of a chart have; `linear` for most."""
    draw = rng.random()
    for name, share in SHARES.items():
        if name in chart_type.forms and allows(name, sort, limits):
            if draw < share:
                return name
            draw -= share
    return "linear"


def formed_columns(
    name: str, limits: ValueRange, count: int, n_series: int, rng: np.random.Generator
) -> tuple[AxisForm, Columns]:
    """The axis of a form that is not linear, and columns of values in no order for it."""
    if name == "log":
        low = _log_low(limits, rng)
        columns = [_log_values(low, limits, rng.random(count)) for _ in range(n_series)]
        return _log_form(limits.number, rng), columns
    if name == "symlog":
        return _symlog(limits, rng.uniform(-1, 1, count))
    if name == "broken":
        return _broken(limits, count, rng)
    # All within the upper part of the range.
    low = limits.high * rng.uniform(0.6, 0.85)
    shares = [rng.random(count) for _ in range(n_series)]
    spans = [rounded(low + (limits.high - low) * s, limits.number.decimals) for s in shares]
    return AxisForm(truncated=True), spans


def formed_series(
    name: str, limits: ValueRange, count: int, n_series: int, rng: np.random.Generator
) -> tuple[AxisForm, Columns]:
    """The same for values along time, which grow or fall exponentially."""
    columns, low = [], _log_low(limits, rng) if name == "log" else 0.0
    for _ in range(n_series):
        start, end = sorted(rng.random(2))
        if rng.random() < 0.3:
            start, end = end, start
        t = np.linspace(0, 1, count)
        course = start + (end - start) * t + rng.normal(0, 0.03, count)
        if name == "log":
            columns.append(_log_values(low, limits, np.clip(course, 0, 1)))
        else:
            # From clearly below zero to clearly above it, or back.
            ends = rng.choice([-1, 1]) * np.array([-1.0, 1.0]) * rng.uniform(0.4, 1.0, 2)
            course = ends[0] + (ends[1] - ends[0]) * t + rng.normal(0, 0.1, count)
            form, (column,) = _symlog(limits, np.clip(course, -1, 1))
            return form, [column]
    return _log_form(limits.number, rng), columns


def point_form(
    chart_type: ChartType, sort: str, limits: ValueRange, rng: np.random.Generator
) -> tuple[AxisForm, ValueRange]:
    """The axis of one coordinate of points, and its range, which a logarithmic one has from
    several powers of ten on."""
    able = "log" in chart_type.forms and allows("log", sort, limits)
    if not able or rng.random() >= LOG_PLANES:
        return LINEAR_FORM, limits
    return _log_form(limits.number, rng), replace(limits, low=_log_low(limits, rng))


def spread(limits: ValueRange, shares: Floats) -> tuple[float, ...]:
    """Values at these shares (0 to 1) of a logarithmic axis."""
    return _log_values(limits.low, limits, np.clip(shares, 0, 1))


def with_missing(data: Table, rng: np.random.Generator) -> Table:
    """The table without some of its values: at least two of each series are left, and of several
    series one of each category."""
    series = []
    for item in data.series:
        most = min(int(len(item.values) * MAX_MISSING), len(item.values) - 2)
        left_out = set(rng.permutation(len(item.values))[: max(1, int(rng.integers(most + 1)))])
        if len(data.series) > 1 and rng.random() < 0.5:
            left_out = set()
        values = (math.nan if i in left_out else v for i, v in enumerate(item.values))
        series.append(replace(item, values=tuple(values)))
    for i in range(len(data.categories) if len(series) > 1 else 0):
        if all(math.isnan(item.values[i]) for item in series):
            first = list(series[0].values)
            first[i] = data.series[0].values[i]
            series[0] = replace(series[0], values=tuple(first))
    return replace(data, series=tuple(series))


def allows(name: str, sort: str, limits: ValueRange) -> bool:
    """Whether values of this sort and range can be shown on an axis of this form."""
    least = 10.0**-limits.number.decimals
    wide = math.log10(max(abs(limits.high), abs(limits.low), least) / least)
    if name in ("log", "symlog") and re.fullmatch(r"e-?\d+", limits.number.suffix):
        # Ticks such as 0.01e6 are no powers of ten that anybody writes.
        return False
    if name == "symlog":
        # Growth rates keep within a few percent.
        counted = "%" not in limits.number.suffix + limits.unit
        return sort == "change" and counted and wide >= MIN_DECADES
    if name == "log":
        return sort == "amount" and limits.high > 0 and wide >= MIN_DECADES
    return limits.low > 0 and sort in (("amount",) if name == "broken" else ("rate", "amount"))


def _log_low(limits: ValueRange, rng: np.random.Generator) -> float:
    """The lower end of a range that spans several powers of ten."""
    least = 10.0**-limits.number.decimals
    widest = min(math.log10(limits.high / least), MAX_DECADES)
    return float(limits.high / 10 ** rng.uniform(MIN_DECADES, max(widest, MIN_DECADES)))


def _log_values(low: float, limits: ValueRange, shares: Floats) -> tuple[float, ...]:
    least = 10.0**-limits.number.decimals
    values = low * (limits.high / low) ** shares
    return rounded(np.maximum(_significant(values), least), limits.number.decimals)


def _log_form(number: NumberFormat, rng: np.random.Generator) -> AxisForm:
    bare = not number.prefix and not number.suffix
    return AxisForm("log", powers=bare and rng.random() < POWERS)


def _symlog(limits: ValueRange, shares: Floats) -> tuple[AxisForm, Columns]:
    """Both signs: `shares` from -1 to 1 become powers of ten of the largest value."""
    least = 10.0**-limits.number.decimals
    largest = max(abs(limits.low), abs(limits.high))
    decades = math.log10(largest / least)
    # A power of ten from which on the axis is logarithmic.
    threshold = 10.0 ** math.floor(math.log10(least) + decades * 0.3)
    size = threshold * (largest / threshold) ** np.abs(shares)
    values = np.sign(shares) * np.where(np.abs(shares) < 0.1, np.abs(shares) * threshold, size)
    column = rounded(_significant(values), limits.number.decimals)
    return AxisForm("symlog", threshold=threshold), [column]


def _broken(limits: ValueRange, count: int, rng: np.random.Generator) -> tuple[AxisForm, Columns]:
    """One or two values far above the others."""
    top = limits.high
    small = top * SMALL_SHARE * rng.uniform(0.25, 1.0, count)
    far = rng.permutation(count)[: 1 if count < 6 else int(rng.integers(1, 3))]
    small[far] = top * rng.uniform(0.6, 1.0, len(far))
    column = rounded(small, limits.number.decimals)
    below = max(v for i, v in enumerate(column) if i not in far)
    above = min(column[int(i)] for i in far)
    # Room for labels below the break, and for a step of the axis above it.
    gap = (below * 1.25, below * 1.25 + (above - below * 1.25) * rng.uniform(0.75, 0.9))
    return AxisForm("broken", gap=gap), [column]


def _significant(values: Floats) -> Floats:
    """Three significant digits: over several powers of ten more would be noise."""
    return np.array([float(f"{v:.3g}") for v in values])
