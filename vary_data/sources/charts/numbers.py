"""Numbers for random charts: plausible values, already rounded to what will be printed."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from renderers.charts.spec import NumberFormat
from renderers.languages.registry import chart_forms
from vary_data.sources.charts.number_format import (
    Notation,
    choose_notation,
    format_with,
    title_notation,
)
from vary_data.sources.corpus import ChartMeasure

MIN_WHOLE_SPAN = 30
"""Whole numbers in a smaller range would hardly differ, nor tenths in a tenth of it."""
MAX_WITH_DECIMALS = 2000
"""Larger numbers are printed without decimals."""
THOUSAND = 1000
MAX_TRIES = 40
"""Places tried for a point before the best of them is taken."""
WHOLE = 100
"""Percent."""
SORTED = 0.4
"""Proportion of lists of shares that are sorted."""
SORTED_VALUES, DESCENDING = 0.3, 0.7
"""Proportion of unordered values that are sorted, and of those that begin with the largest."""
SKEWED = 0.3
"""Proportion of unordered values among which a few are large."""
SEASONAL = 0.3
"""Proportion of time series with a season."""
UNIT_ON_NUMBERS = 0.55
"""Proportion of charts that print the unit with every number rather than in the axis title."""


@dataclass(frozen=True, slots=True)
class ValueRange:
    """How the values of a chart are drawn: their range, their format, and the unit that must
    then be in the axis title (empty where the numbers carry it). No value is above `cap`: rates
    and shares have a largest possible value."""

    low: float
    high: float
    number: NumberFormat
    unit: str
    cap: float = math.inf


def value_range(
    measure: ChartMeasure,
    lang: str,
    rng: np.random.Generator,
    *,
    unit_on_numbers: bool | None = None,
) -> ValueRange:
    """A range within the measure's, and one of its ways to print numbers."""
    low, high = measure.low, measure.high
    if measure.sort in ("amount", "rate") and low > 0:
        # The highest value: evenly on a logarithmic scale, so that all magnitudes occur.
        center = math.exp(rng.uniform(math.log(min(low * 1.6, high * 0.9)), math.log(high)))
        # The lowest value is a sixth to three fifths of it.
        low, high = max(low, center * rng.uniform(0.15, 0.6)), center
    elif measure.sort == "change":
        # Not always up to the measure's largest change.
        scale = rng.uniform(0.4, 1.0)
        low, high = low * scale, high * scale
    on_numbers = rng.random() < UNIT_ON_NUMBERS if unit_on_numbers is None else unit_on_numbers
    printed = (measure.prefix or measure.suffix) if on_numbers else ""
    cap = measure.high if measure.sort in ("rate", "share") else math.inf
    power, unit = 0, measure.unit
    if not printed and unit_on_numbers is None and measure.sort in ("amount", "rate"):
        power, unit = title_notation(high, unit, lang, rng)
    notation = Notation(power) if power else choose_notation(high, printed, lang, rng)
    if printed and measure.prefix:
        # `$450M`: such a measure is in millions already.
        notation = Notation(0, measure.suffix) if measure.suffix else notation
    if notation.power:
        low, high, cap = (end / 10.0**notation.power for end in (low, high, cap))
        # Three digits of the largest value.
        decimals = max(0, 2 - math.floor(math.log10(high)))
    else:
        decimals, low, high = _decimals(measure, low, high)
    share = chart_forms(lang).grouped
    thousands = high >= THOUSAND and (share == 1 or rng.random() < share)
    number = format_with(notation, decimals, printed, lang, thousands=thousands)
    return ValueRange(low, high, number, "" if printed else unit, cap)


def _decimals(measure: ChartMeasure, low: float, high: float) -> tuple[int, float, float]:
    """The decimals of a range, which grows where numbers as printed would hardly differ in it."""
    span = MIN_WHOLE_SPAN * 10.0**-measure.decimals
    if high - low < span:
        high = min(measure.high, low + 2 * span)
        low = max(measure.low, high - 2 * span)
    return (0 if high > MAX_WITH_DECIMALS else measure.decimals), low, high


def unordered_values(limits: ValueRange, count: int, rng: np.random.Generator) -> tuple[float, ...]:
    """Unordered values, evenly or with a few large ones; sometimes sorted."""
    skewed = rng.random() < SKEWED and limits.low > 0
    # An exponent below 1 puts more values near the low end.
    share = rng.power(0.6, count) if skewed else rng.random(count)
    values = limits.low + (limits.high - limits.low) * share
    if rng.random() < SORTED_VALUES:
        values = np.sort(values)[:: -1 if rng.random() < DESCENDING else 1]
    return _unequal(rounded(values, limits.number.decimals), limits)


def time_series(limits: ValueRange, count: int, rng: np.random.Generator) -> tuple[float, ...]:
    """Values along time: a trend, perhaps a season, and noise."""
    t = np.linspace(0, 1, count)
    start, end = rng.random(2)
    line = start + (end - start) * t ** rng.choice([0.5, 1.0, 2.0])
    if rng.random() < SEASONAL:
        # A quarter of the range, one to two and a half periods.
        line = line + 0.25 * np.sin(2 * math.pi * (t * rng.uniform(0.8, 2.5) + rng.random()))
    # Noise from hardly visible to strong.
    line = line + rng.normal(0, rng.uniform(0.02, 0.15), count)
    # A little above the range: axes are then not always full.
    line = np.clip(np.abs(line), 0, 1.15)
    series = np.minimum(limits.low + (limits.high - limits.low) * line, limits.cap)
    return _unequal(rounded(series, limits.number.decimals), limits)


def _unequal(values: tuple[float, ...], limits: ValueRange) -> tuple[float, ...]:
    """Values that are all equal would look like a mistake: the first one differs by one step."""
    if len(values) < 2 or len(set(values)) > 1:
        return values
    step = 10.0**-limits.number.decimals
    first = values[0] + (step if values[0] + step <= limits.cap else -step)
    return (*rounded([first], limits.number.decimals), *values[1:])


def shares(
    count: int, decimals: int, rng: np.random.Generator, minimum: float = 3.0
) -> list[float]:
    """Percentages of at least `least` that sum to exactly 100 as printed."""
    # All minimums together take 60 % at most.
    minimum = min(minimum, 60 / count)
    # From very unequal parts (1.2) to nearly equal ones (5).
    parts = rng.dirichlet(np.full(count, rng.choice([1.2, 2.0, 5.0])))
    parts = minimum + parts * (WHOLE - minimum * count)
    unit = 10**decimals  # parts of one percent that can be printed
    ticks = np.floor(parts * unit).astype(int)
    rest = WHOLE * unit - int(ticks.sum())
    order = np.argsort(-(parts * unit - ticks), kind="stable")
    ticks[order[:rest]] += 1
    if count > 1 and len(set(ticks.tolist())) == 1:
        # Equal parts would look like a mistake.
        ticks[0] += 1
        ticks[1] -= 1
    if rng.random() < SORTED:
        ticks = np.sort(ticks)[::-1]
    return [round(int(tick) / unit, decimals) for tick in ticks]


def five_numbers(limits: ValueRange, rng: np.random.Generator) -> tuple[float, ...]:
    """Minimum, quartiles and maximum of one box, far enough apart to be distinguishable."""
    span = limits.high - limits.low
    # The median is in the middle of the range.
    center = limits.low + span * rng.uniform(0.3, 0.7)
    # Quartiles and ends are 6 to 20 % of the range apart: as marks they can be distinguished.
    down, up = span * rng.uniform(0.06, 0.16, 2)
    # Whiskers as long as a quartile or a little longer.
    values = (
        center - down - span * rng.uniform(0.06, 0.2),
        center - down,
        center,
        center + up,
        center + up + span * rng.uniform(0.06, 0.2),
    )
    # The whole box moves down where it would end above the largest possible value.
    lower = max(0.0, values[-1] - limits.cap)
    return rounded(np.asarray(values) - lower, limits.number.decimals)


def spread_points(
    count: int, slope: float, noise: float, minimum: float, rng: np.random.Generator
) -> list[tuple[float, float]]:
    """Points of the unit square along a slope, at least `least` from each other: marks that hide
    one another cannot be read. Where there is no such place left, the farthest of those tried."""
    points: list[tuple[float, float]] = []
    for _ in range(count):
        best, farthest = (0.5, 0.5), -1.0
        for _ in range(MAX_TRIES):
            across = rng.random()
            # 0.8: the slope does not reach the corners.
            along = 0.5 + slope * (across - 0.5) * 0.8 + rng.normal(0, noise)
            # Off the axis, and a little above the range at most.
            place = (across, float(np.clip(along, 0.02, 1.1)))
            near = min((math.dist(place, other) for other in points), default=math.inf)
            if near > farthest:
                best, farthest = place, near
            if near >= minimum:
                break
        points.append(best)
    return points


def histogram_counts(count: int, rng: np.random.Generator) -> tuple[float, ...]:
    """Counts of a histogram: a hump, leaning to one side."""
    place = (np.arange(count) + 0.5) / count
    # Position and width of the hump, and how much wider one side is.
    center, width = rng.uniform(0.3, 0.7), rng.uniform(0.15, 0.3)
    # The other side is up to 60 % wider.
    side = np.where(place < center, width, width * rng.uniform(0.8, 1.6))
    # A normal curve, with 15 % of noise.
    heights = np.exp(-(((place - center) / side) ** 2) / 2) * rng.uniform(0.85, 1.15, count)
    # The highest count: from a class of pupils to a survey.
    peak = rng.choice([24, 60, 140, 420])
    return tuple(float(max(1, round(h * peak))) for h in heights)


def rounded(values: object, decimals: int) -> tuple[float, ...]:
    """As the format prints them; never a negative zero."""
    return tuple(round(float(v), decimals) + 0.0 for v in np.asarray(values))
