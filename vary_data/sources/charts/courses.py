"""Content of lines through many points along dates: trends, seasons, shocks, outliers, gaps."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from renderers.charts.catalog import ChartType
from renderers.charts.spec import LINEAR_FORM, AxisForm, Course, Series, Table
from vary_data.sources.charts.calendars import Calendar, random_calendar
from vary_data.sources.charts.content import ChartContent
from vary_data.sources.charts.description import (
    Period,
    compose_title,
    describe,
    series_count,
    source_line,
    with_unit,
)
from vary_data.sources.charts.forms import allows
from vary_data.sources.charts.numbers import ValueRange, value_range
from vary_data.sources.corpus import Corpus

COURSES = 0.35
"""Share of the charts of lines, where the type has them, that have more points than names."""
LOG = 0.1
"""Share of them with a logarithmic axis, where values are above zero."""
WITH_GAPS = 0.2
"""Share of them with gaps."""
FEW = 3
"""Lines that may cross each other anywhere."""
BAND = 0.3
"""Share of the range that each of more lines takes."""
TOGETHER = 0.6
"""Share of the movement that several lines have in common."""
DECADES = 1.7, 3.5
"""Powers of ten that such a logarithmic axis spans."""

Floats = npt.NDArray[np.float64]


def course(chart_type: ChartType, corpus: Corpus, rng: np.random.Generator) -> ChartContent:
    """One or more lines along dates, of which the axis names four to nine."""
    n_series = series_count(chart_type, rng)
    signed = not chart_type.positive and rng.random() < 0.15
    description = describe(corpus, n_series, rng, "change" if signed else "level")
    calendar = random_calendar(corpus, description.measure.name, rng)
    first, last = calendar.years
    times = () if calendar.in_year else calendar.names
    description = replace(description, period=Period(first, last, times, calendar.word))
    limits = value_range(description.measure, corpus.lang, rng)
    grows = "log" in chart_type.forms and allows("log", description.measure.sort, limits)
    form = AxisForm("log") if grows and rng.random() < LOG else LINEAR_FORM
    columns = _columns(calendar, limits, n_series, form, rng)
    names = description.members if n_series > 1 else ("",)
    data = _table(calendar, names, columns, limits, rng)
    while len({v for series in data.series for v in series.values}) == 1:
        # Equal values would look like a mistake.
        columns = _columns(calendar, limits, n_series, form, rng)
        data = _table(calendar, names, columns, limits, rng)
    purpose = "course" if n_series > 1 else "single course"
    return ChartContent(
        corpus.lang,
        (chart_type.name,),
        data,
        compose_title(corpus, description, rng, purpose),
        source_line(corpus, description.period, rng),
        with_unit(description.measure.name, limits.unit, corpus.lang),
        calendar.word,
        unit_in_title=bool(limits.unit),
        axis=form,
    )


def _table(
    calendar: Calendar,
    names: tuple[str, ...],
    columns: list[Floats],
    limits: ValueRange,
    rng: np.random.Generator,
) -> Table:
    """Values at named dates as they are printed; gaps only between these dates."""
    decimals, named = limits.number.decimals, set(calendar.named)
    series, drawn = [], []
    for name, column in zip(names, columns, strict=True):
        values = [
            round(float(v), decimals) + 0.0 if i in named else float(v)
            for i, v in enumerate(column)
        ]
        readable = tuple(values[i] for i in calendar.named)
        series.append(Series(name, readable, limits.number))
        if rng.random() < WITH_GAPS:
            values = _with_gaps(values, named, rng)
        drawn.append(tuple(values))
    places = calendar.places
    named_places = tuple(places[i] for i in calendar.named)
    return Table(calendar.names, tuple(series), Course(named_places, places, tuple(drawn)))


def _columns(
    calendar: Calendar,
    limits: ValueRange,
    count: int,
    form: AxisForm,
    rng: np.random.Generator,
) -> list[Floats]:
    """The values of each line, which move together in part."""
    common = _movement(calendar, rng)
    columns = []
    ranks = rng.permutation(count)
    for i in range(count):
        own = _movement(calendar, rng)
        share = TOGETHER if count > 1 else 0.0
        level = rng.uniform(0, 0.6) if count > 1 else 0.0
        if count > FEW:
            # So many lines lie above each other, mostly: otherwise none of them could be followed.
            level = ranks[i] / count * (1 - BAND) + rng.uniform(-0.5, 0.5) / count
        height = BAND if count > FEW else 1 - level
        moves = np.maximum((common * share + own * (1 - share)) * height + level, 0)
        if form.kind == "log":
            low = max(limits.high / 10 ** rng.uniform(*DECADES), 10.0**-limits.number.decimals)
            columns.append(low * (limits.high / low) ** np.clip(moves, 0, 1.05))
            continue
        values = limits.low + (limits.high - limits.low) * moves
        if limits.low >= 0:
            values = np.maximum(values, limits.low * 0.3)
        columns.append(np.minimum(values, limits.cap))
    return columns


def _movement(calendar: Calendar, rng: np.random.Generator) -> Floats:
    """`[points]`, mostly from 0 to 1: a trend, perhaps a season, shocks and outliers."""
    t = np.asarray(calendar.places)
    n = len(t)
    trend = _trend(t, rng)
    span = (calendar.times[-1] - calendar.times[0]) / calendar.season
    season = np.zeros(n)
    # A season must be seen as one: some points in each, and not too many of them.
    if rng.random() < 0.55 and n / max(span, 1) >= 6 and span >= 1:
        phase = rng.random()
        season = np.sin(2 * math.pi * (t * span + phase))
        season += rng.uniform(0, 0.5) * np.sin(4 * math.pi * (t * span + phase) + rng.uniform(0, 6))
        season *= rng.uniform(0.08, 0.35)
    # Noise that remembers what was before: from hardly visible to strong.
    memory = rng.choice([0.0, 0.6, 0.9])
    shocks = rng.normal(0, rng.uniform(0.005, 0.05), n)
    noise = np.zeros(n)
    for i in range(1, n):
        noise[i] = memory * noise[i - 1] + shocks[i]
    moves = trend + season + noise
    if rng.random() < 0.2:
        # A sudden change of level.
        moves[int(rng.integers(n // 4, 3 * n // 4)) :] += rng.uniform(-0.35, 0.35)
    if rng.random() < 0.2:
        # A crisis: a fall within a few points and a slow recovery.
        at = int(rng.integers(n // 6, 4 * n // 5))
        after = np.arange(n - at)
        moves[at:] -= rng.uniform(0.2, 0.5) * np.exp(-after / (n * rng.uniform(0.03, 0.15)))
    if rng.random() < 0.2:
        # Single outliers.
        for i in rng.permutation(n)[: int(rng.integers(1, 4))]:
            moves[i] += rng.choice([-1, 1]) * rng.uniform(0.2, 0.45)
    low, high = moves.min(), moves.max()
    # Into the range, without filling it always.
    top = rng.uniform(0.75, 1.0)
    return np.asarray((moves - low) / ((high - low) or 1.0) * top)


def _trend(t: Floats, rng: np.random.Generator) -> Floats:
    """A random walk, a line, growth that speeds up, or growth that ends."""
    kind = rng.choice(
        ["walk", "line", "growth", "saturation", "flat"], p=(0.3, 0.25, 0.2, 0.15, 0.1)
    )
    sign = 1.0 if rng.random() < 0.7 else -1.0
    if kind == "walk":
        walk = np.cumsum(rng.normal(0, 1, len(t)))
        return np.asarray(walk / (np.ptp(walk) or 1.0))
    if kind == "line":
        return sign * t * rng.uniform(0.3, 1.0)
    if kind == "growth":
        rate = rng.uniform(1.5, 4.0)
        return np.asarray(sign * (np.exp(rate * t) - 1) / (np.exp(rate) - 1))
    if kind == "saturation":
        return np.asarray(sign / (1 + np.exp(-rng.uniform(6, 14) * (t - rng.uniform(0.3, 0.6)))))
    return np.zeros(len(t))


def _with_gaps(values: list[float], named: set[int], rng: np.random.Generator) -> list[float]:
    """One to three stretches without values, none at a named date or next to an end."""
    values, n = list(values), len(values)
    for _ in range(int(rng.integers(1, 4))):
        length = max(1, int(n * rng.uniform(0.01, 0.06)))
        start = int(rng.integers(2, max(3, n - length - 2)))
        stretch = range(start, min(start + length, n - 2))
        # A point that is left alone between two gaps would not be seen.
        if not any(i in named for i in range(start - 2, start + length + 2)) and not any(
            math.isnan(values[i]) for i in range(start - 2, min(start + length + 2, n))
        ):
            for i in stretch:
                values[i] = math.nan
    return values
