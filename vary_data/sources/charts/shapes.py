"""Random content of summaries and points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from renderers.charts.catalog import ChartType
from renderers.charts.spec import Point, Points, PointSeries, Summary
from vary_data.sources.charts.content import ChartContent
from vary_data.sources.charts.description import (
    Description,
    Period,
    category_count,
    compose_title,
    describe,
    names_of,
    other_measure,
    over_time,
    pick,
    series_count,
    source_line,
    with_groups,
)
from vary_data.sources.charts.forms import point_form, spread
from vary_data.sources.charts.numbers import (
    ValueRange,
    five_numbers,
    rounded,
    spread_points,
    time_series,
    unordered_values,
    value_range,
)
from vary_data.sources.charts.tables import Make, measure_title
from vary_data.sources.corpus import ChartMeasure, Corpus, Subject

CLEAR = 0.06
"""Least difference of a figure and its target, of the largest figure."""
LEAST_ERROR = 0.04
"""Of the largest mean."""
BEFORE = (2, 12)
"""Years between two figures of a dumbbell: from, and below."""


def box(chart_type: ChartType, corpus: Corpus, rng: np.random.Generator) -> ChartContent:
    """Quartiles of each category."""
    description, limits = _summary_range(chart_type, corpus, rng)
    rows = tuple(five_numbers(limits, rng) for _ in description.members)
    return _summary(chart_type, corpus, description, limits, rows, "spread", rng)


def error_bar(chart_type: ChartType, corpus: Corpus, rng: np.random.Generator) -> ChartContent:
    """A mean of each category, and its error."""
    description, limits = _summary_range(chart_type, corpus, rng)
    means = np.asarray(unordered_values(limits, len(description.members), rng))
    # Errors of 5 to 20 % of the mean, not beyond the largest possible value.
    wanted = np.minimum(means * rng.uniform(0.05, 0.2, len(means)), limits.cap - means)
    # Smaller errors would be zero as they are read off the axis.
    minimum = max(10.0**-limits.number.decimals, LEAST_ERROR * means.max())
    errors = rounded(np.maximum(wanted, minimum), limits.number.decimals)
    means = np.minimum(means, limits.cap - np.asarray(errors))
    rows = tuple(zip(rounded(means, limits.number.decimals), errors, strict=True))
    return _summary(chart_type, corpus, description, limits, rows, "means", rng)


def dumbbell(chart_type: ChartType, corpus: Corpus, rng: np.random.Generator) -> ChartContent:
    """Two years of each category."""
    description, limits = _summary_range(chart_type, corpus, rng)
    last = description.period.last
    first = last - int(rng.integers(*BEFORE))
    years = Period(first, last, (str(first), str(last)))
    description = replace(description, period=years)
    rows = _before_after(limits, len(description.members), rng)
    return _summary(chart_type, corpus, description, limits, rows, "years", rng, years.times)


def range_bar(chart_type: ChartType, corpus: Corpus, rng: np.random.Generator) -> ChartContent:
    """The lowest and the highest value of each category."""
    description, limits = _summary_range(chart_type, corpus, rng)
    rows = tuple(
        (min(row), max(row)) for row in _before_after(limits, len(description.members), rng)
    )
    return _summary(chart_type, corpus, description, limits, rows, "ranges", rng)


def bullet(chart_type: ChartType, corpus: Corpus, rng: np.random.Generator) -> ChartContent:
    """What was reached in each category, and its target."""
    description, limits = _summary_range(chart_type, corpus, rng)
    reached = np.asarray(unordered_values(limits, len(description.members), rng))
    # Targets that were missed by up to a third, and some that were passed.
    targets = np.minimum(reached * rng.uniform(0.85, 1.45, len(reached)), limits.cap)
    # Both are read off the axis: closer ones would be the same value there.
    clear = CLEAR * max(reached.max(), targets.max())
    shift = np.where(targets < reached, -clear, clear)
    shift = np.where((reached + shift > limits.cap) | (reached + shift <= 0), -shift, shift)
    targets = np.where(np.abs(targets - reached) < clear, reached + shift, targets)
    least = 10.0**-limits.number.decimals
    rows = tuple(
        (max(a, least), max(b, least))
        for a, b in zip(reached.tolist(), rounded(targets, limits.number.decimals), strict=True)
    )
    figures = pick(corpus.phrases["two figures"], rng).split(", ")
    return _summary(chart_type, corpus, description, limits, rows, "targets", rng, tuple(figures))


def interval_line(chart_type: ChartType, corpus: Corpus, rng: np.random.Generator) -> ChartContent:
    """Means over time, with an interval that may widen towards the end."""
    count = category_count(chart_type, rng)
    description = over_time(describe(corpus, 1, rng), corpus, count, rng)
    limits = value_range(description.measure, corpus.lang, rng)
    means = np.asarray(time_series(limits, count, rng))
    # The interval reaches 6 to 15 % of the range to each side, at the end up to three times that.
    narrow = (limits.high - limits.low) * rng.uniform(0.06, 0.15)
    reach = narrow * np.linspace(1, rng.choice([1.0, 3.0]), count) * rng.uniform(0.8, 1.2, count)
    lower = np.maximum(means - reach, means * 0.4 if limits.low >= 0 else means - reach)
    upper = np.minimum(means + reach, limits.cap)
    columns = (rounded(column, limits.number.decimals) for column in (lower, means, upper))
    rows = tuple(zip(*columns, strict=True))
    content = _summary(chart_type, corpus, description, limits, rows, "interval", rng)
    data = Summary(description.period.times, chart_type.fields, rows, limits.number)
    return replace(content, data=data, category_title=description.period.word)


def points(chart_type: ChartType, corpus: Corpus, rng: np.random.Generator) -> ChartContent:
    """Two measures that go together more or less; bubbles and effects are named."""
    n_series, count = series_count(chart_type, rng), category_count(chart_type, rng)
    named = chart_type.name != "scatter"
    description = describe(corpus, count * n_series if named else 2, rng)
    other = other_measure(description, corpus, rng)
    groups: tuple[str, ...] = ("",)
    if n_series > 1:
        groups = _groups(corpus, description, other, n_series, named, rng)
    n_series = len(groups)
    third = other_measure(description, corpus, rng, (other.name,))
    x_limits = value_range(description.measure, corpus.lang, rng)
    y_limits = value_range(other, corpus.lang, rng)
    size_limits = value_range(third, corpus.lang, rng, unit_on_numbers=True)
    sized = chart_type.name == "bubble"
    names = iter(description.members)
    x_form, x_limits = point_form(chart_type, description.measure.sort, x_limits, rng)
    y_form, y_limits = point_form(chart_type, other.sort, y_limits, rng)
    # A rising or falling cloud, from narrow to wide.
    slope, noise = rng.choice([-1, 1]), rng.uniform(0.08, 0.3)
    # Names need more space than marks.
    places = spread_points(count * n_series, float(slope), noise, 0.15 if named else 0.06, rng)
    series = []
    for s, name in enumerate(groups):
        across, along = np.transpose(places[s::n_series])
        xs = spread(x_limits, across) if x_form.kind == "log" else _scaled(x_limits, across)
        ys = spread(y_limits, along) if y_form.kind == "log" else _scaled(y_limits, along)
        sizes = unordered_values(size_limits, count, rng) if sized else [None] * count
        series.append(
            PointSeries(
                name,
                tuple(
                    Point(x, y, size, next(names) if named else "")
                    for x, y, size in zip(xs, ys, sizes, strict=True)
                ),
            )
        )
    others = {"other": other.name, "third": third.name} if sized else {"other": other.name}
    description = replace(description, others=others, groups=groups)
    return ChartContent(
        corpus.lang,
        (chart_type.name,),
        Points(tuple(series), x_limits.number, y_limits.number, size_limits.number),
        compose_title(corpus, description, rng, "sized relation" if sized else "relation"),
        source_line(corpus, description.period, rng),
        measure_title(other, y_limits.unit, corpus.lang),
        measure_title(description.measure, x_limits.unit, corpus.lang),
        unit_in_title=True,
        axis=y_form,
        x_axis=x_form,
    )


def _groups(
    corpus: Corpus,
    description: Description,
    other: ChartMeasure,
    count: int,
    named: bool,
    rng: np.random.Generator,
) -> tuple[str, ...]:
    """Names of point series. A named point has one group by nature: companies belong to industries;
    unnamed points may be grouped by anything that both measures have."""
    if not named:
        crossed = with_groups(description, corpus, count, rng, years=False)
        if crossed is None or crossed.group_subject is None:
            return ("",)
        known = {crossed.group_subject.label, "*"} & set(other.subjects)
        return crossed.groups if known and not other.without & {*crossed.groups} else ("",)
    by_label: dict[str, Subject] = {subject.label: subject for subject in corpus.subjects}
    wider = dict(
        zip(corpus.phrases["narrow subjects"], corpus.phrases["wide subjects"], strict=True)
    )
    subject = by_label.get(wider.get(description.subject.label, ""))
    return names_of(subject, count, rng) if subject is not None else ("",)


def _scaled(
    limits: ValueRange, shares: np.ndarray[tuple[int, ...], np.dtype[np.float64]]
) -> tuple[float, ...]:
    values = np.minimum(limits.low + (limits.high - limits.low) * shares, limits.cap)
    return rounded(values, limits.number.decimals)


def _summary_range(
    chart_type: ChartType, corpus: Corpus, rng: np.random.Generator
) -> tuple[Description, ValueRange]:
    """Means and quartiles vary less than single values: the range is wider at the low end."""
    description = describe(corpus, category_count(chart_type, rng), rng)
    limits = value_range(description.measure, corpus.lang, rng)
    high = min(max(limits.high, limits.low * 1.2), limits.cap)
    return description, replace(limits, low=limits.low * 0.4, high=high)


def _before_after(
    limits: ValueRange, count: int, rng: np.random.Generator
) -> tuple[tuple[float, ...], ...]:
    """Two values, at least a sixth of the range apart, so that both labels have room."""
    before = np.asarray(unordered_values(limits, count, rng))
    # At least a sixth of the range; seven of ten values rise.
    size = (limits.high - limits.low) * rng.uniform(0.18, 0.5, count)
    falls = rng.random(count) < 0.3
    # A value that would fall nearly to zero rises instead, one that would rise too high falls.
    falls &= before - size > limits.low * 0.2
    falls |= before + size > limits.cap
    after = rounded(np.where(falls, before - size, before + size), limits.number.decimals)
    return tuple(zip(before.tolist(), after, strict=True))


def _summary(
    chart_type: ChartType,
    corpus: Corpus,
    description: Description,
    limits: ValueRange,
    rows: tuple[tuple[float, ...], ...],
    purpose: str,
    rng: np.random.Generator,
    fields: tuple[str, ...] = (),
) -> ChartContent:
    return ChartContent(
        corpus.lang,
        (chart_type.name,),
        Summary(description.members, fields or chart_type.fields, rows, limits.number),
        compose_title(corpus, description, rng, purpose),
        source_line(corpus, description.period, rng),
        measure_title(description.measure, limits.unit, corpus.lang),
        description.subject.label,
        unit_in_title=bool(limits.unit),
    )


SHAPES: Mapping[str, Make] = {
    "box": box,
    "box_points": box,
    "bubble": points,
    "bullet": bullet,
    "dumbbell": dumbbell,
    "effect_scatter": points,
    "error_bar": error_bar,
    "interval_line": interval_line,
    "range_bar": range_bar,
    "scatter": points,
    "strip": box,
    "swarm": box,
    "violin": box,
}
