"""Random but plausible content for a chart of any type: `random_spec`.

A topic is drawn first (what is measured, of what, when); numbers, names and titles follow from
it, so that a title never contradicts its chart.
"""

from __future__ import annotations

import numpy as np

from renderers.charts.catalog import CATALOG, ChartType
from renderers.charts.spec import ChartSpec, Data, NumberFormat, Series, Table
from vary_data.sources.chart_numbers import (
    ValueRange,
    rounded,
    shares,
    time_series,
    unordered_values,
    value_range,
)
from vary_data.sources.chart_shapes import SHAPES, SPECIAL_TYPES
from vary_data.sources.chart_topics import (
    ChartTopic,
    Content,
    between,
    compose_title,
    fill,
    names_of,
    other_subjects,
    pick,
    random_topic,
    random_year,
    timeline,
    trend_title,
    unit_note,
)
from vary_data.sources.corpus import Corpus

WITHOUT_VALUE_TITLE = 0.35
"""Share of charts without a title at the value axis where nothing needs it."""
WITHOUT_CATEGORY_TITLE = 0.45
"""Share of charts whose categories have no title."""
WITH_TITLE = 0.92
"""Share of charts with a title."""
WITH_SOURCE = 0.45
"""Share of charts with a source line."""
CHANGES = 0.2
"""Share of ordered charts that show changes of either sign."""
PARTS = 0.7
"""Share of pies and the like whose values are percentages."""
WITH_LABELS = 0.55
"""Share of charts with printed values where the type allows both."""
YEARS_AS_SERIES = 0.4
"""Share of charts whose series are years."""
MAX_LABELS_ON_LINES, MAX_LABELS = 14, 24
"""Printed values of several series that a picture has space for."""

ADDITIVE_TYPES = ("stacked_bar", "stacked_area", "theme_river")
"""Types that add their values up, so that rates and averages make no sense in them."""


def random_spec(type_: str, lang: str, corpus: Corpus, rng: np.random.Generator) -> ChartSpec:
    """Content for a chart of this type of the catalog, every name in it unique."""
    chart_type = CATALOG[type_]
    labels = _labels(chart_type, rng)
    make = SPECIAL_TYPES.get(type_) or SHAPES.get(chart_type.shape) or table
    content = make(chart_type, corpus, rng)
    labels = labels and not _crowded(chart_type, content.data)
    value_title = content.value_title or None
    if not content.needs_value_title and rng.random() < WITHOUT_VALUE_TITLE:
        value_title = None
    category_title = content.category_title or None
    if chart_type.shape != "points" and rng.random() < WITHOUT_CATEGORY_TITLE:
        category_title = None
    x_title, y_title = category_title, value_title
    if chart_type.horizontal:
        x_title, y_title = value_title, category_title
    if not chart_type.axes:
        x_title = y_title = None
    title = content.title if type_ == "calendar" or rng.random() < WITH_TITLE else None
    source = fill(pick(corpus.phrases["source"], rng), year=random_year(rng))
    return ChartSpec(
        type_,
        lang,
        content.data,
        title,
        source if rng.random() < WITH_SOURCE else None,
        x_title,
        y_title,
        content.y2_title or None,
        labels,
    )


def table(chart_type: ChartType, corpus: Corpus, rng: np.random.Generator) -> Content:
    """Series over categories, or over time where the type is ordered."""
    count = between(chart_type.categories, rng)
    n_series = between(chart_type.series, rng)
    change = not chart_type.positive and (not chart_type.ordered or rng.random() < CHANGES)
    added = chart_type.whole or chart_type.name in ADDITIVE_TYPES
    sort = "change" if change else "amount" if added else "level"
    part = chart_type.whole and (chart_type.name == "percent_bar" or rng.random() < PARTS)
    if chart_type.ordered:
        topic = random_topic(corpus, max(n_series, 1), rng, sort)
        time, categories = timeline(corpus, count, rng)
        series_names = topic.names if n_series > 1 else ("",)
        title = trend_title(corpus, topic, categories, rng)
        category_title = time
    else:
        topic = random_topic(corpus, count, rng, "share" if part else sort)
        categories = topic.names
        series_names = ("",)
        if n_series > 1:
            series_names = _series_names(corpus, n_series, topic, rng)
        title = compose_title(corpus, topic, rng, "parts" if chart_type.whole else "title")
        category_title = topic.subject.label
    limits = value_range(
        topic.measure, corpus.lang, rng, unit_on_numbers=None if chart_type.axes else True
    )
    if part:
        # One decimal in two of three cases.
        decimals = int(rng.integers(0, 3) > 0)
        # Percentages.
        limits = ValueRange(0, 100, NumberFormat(decimals, suffix="%"), "")
        columns = _part_columns(chart_type, count, n_series, decimals, rng)
    else:
        draw = time_series if chart_type.ordered else unordered_values
        columns = [draw(limits, count, rng) for _ in range(n_series)]
    columns = [_without_zero(column, limits.number.decimals) for column in columns]
    data = Table(
        categories,
        tuple(
            Series(name, c, limits.number) for name, c in zip(series_names, columns, strict=True)
        ),
    )
    value_title = f"{topic.measure.name}{unit_note(limits.unit, corpus.lang)}"
    return Content(data, title, value_title, category_title, needs_value_title=bool(limits.unit))


def _labels(chart_type: ChartType, rng: np.random.Generator) -> bool:
    return chart_type.labeled == "always" or (
        chart_type.labeled == "either" and rng.random() < WITH_LABELS
    )


def _crowded(chart_type: ChartType, data: Data) -> bool:
    """Whether printed values would hardly fit: many of them, several to a category."""
    if chart_type.labeled != "either" or not isinstance(data, Table):
        return False
    total = len(data.categories) * len(data.series)
    limit = (
        MAX_LABELS_ON_LINES if chart_type.name in ("multi_line", "step", "radar") else MAX_LABELS
    )
    return len(data.series) > 1 and total > limit


def _series_names(
    corpus: Corpus, count: int, topic: ChartTopic, rng: np.random.Generator
) -> tuple[str, ...]:
    """Years, or names of another subject that differ from the categories."""
    if rng.random() < YEARS_AS_SERIES:
        first = topic.year - count + 1
        return tuple(str(first + i) for i in range(count))
    taken = set(topic.names)
    others = [s for s in other_subjects(corpus, taken) if s.label != topic.subject.label]
    others = [s for s in others if len(s.names) >= count]
    if not others:
        return tuple(str(topic.year - count + 1 + i) for i in range(count))
    return names_of(others[int(rng.integers(len(others)))], count, rng)


def _part_columns(
    chart_type: ChartType, count: int, n_series: int, decimals: int, rng: np.random.Generator
) -> list[tuple[float, ...]]:
    """Shares of a whole: of the one series, or of each category across the series."""
    if chart_type.name != "percent_bar":
        return [tuple(shares(count, decimals, rng)) for _ in range(n_series)]
    rows = [shares(n_series, decimals, rng, minimum=7.0) for _ in range(count)]
    return [tuple(column) for column in zip(*rows, strict=True)]


def _without_zero(values: tuple[float, ...], decimals: int) -> tuple[float, ...]:
    """A mark of no height cannot be seen, so a zero becomes the smallest printed value."""
    # The power of ten of the last decimal.
    return rounded([v or 10.0**-decimals for v in values], decimals)
