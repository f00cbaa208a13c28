"""Content of tables with special rules: bins, sums, two axes, stages, days of a month."""

from __future__ import annotations

import calendar
from itertools import pairwise

import numpy as np

from renderers.charts.catalog import ChartType
from renderers.charts.spec import (
    NumberFormat,
    Series,
    Table,
)
from vary_data.sources.chart_numbers import (
    ValueRange,
    histogram_counts,
    rounded,
    time_series,
    unordered_values,
    value_range,
)
from vary_data.sources.chart_topics import (
    Content,
    between,
    compose_title,
    names_of,
    pick,
    random_topic,
    random_year,
    timeline,
    trend_title,
    unit_note,
)
from vary_data.sources.corpus import Corpus

WITH_SECOND_TITLE = 0.7
"""Share of charts with a title at the second axis."""

PERCENT = NumberFormat(1, suffix="%")


def histogram(chart_type: ChartType, corpus: Corpus, rng: np.random.Generator) -> Content:
    """Equal bins of one quantity."""
    count = between(chart_type.categories, rng)
    name, start, width, what = pick(corpus.phrases["bins"], rng).split("|")
    edges = [int(start) + int(width) * i for i in range(count + 1)]
    bins = tuple(f"{low}-{high}" for low, high in pairwise(edges))
    topic = random_topic(corpus, 1, rng)
    title = compose_title(corpus, topic, rng) if corpus.titles else _histogram_title(corpus, name)
    data = Table(bins, (Series("", histogram_counts(count, rng)),))
    return Content(data, title, what, name, needs_value_title=True)


def _histogram_title(corpus: Corpus, name: str) -> str:
    plain = name.replace("（", "(").split("(")[0].strip()
    return f"{plain}分布" if corpus.lang == "zh" else f"Distribution of {plain.lower()}"


def waterfall(chart_type: ChartType, corpus: Corpus, rng: np.random.Generator) -> Content:
    """An opening figure, gains and losses, and their sum."""
    count = between(chart_type.categories, rng)
    topic = random_topic(corpus, 1, rng)
    decimals = int(rng.integers(0, 2))
    # The opening figure.
    start = float(rng.integers(120, 900))
    steps = []
    running = start
    for _ in range(count - 2):
        # Steps of 8 to 35 % of it, up or down.
        step = start * rng.uniform(0.08, 0.35) * rng.choice([-1, 1])
        # No step may use up nearly everything.
        if running + step < start * 0.15:
            step = abs(step)
        steps.append(round(float(step), decimals))
        running += steps[-1]
    values = (start, *steps, round(start + sum(steps), decimals))
    steps_of = corpus.phrases["steps"]
    chosen = rng.choice(len(steps_of), count - 2, replace=False)
    names = (
        pick(corpus.phrases["opening"], rng),
        *(steps_of[int(i)] for i in chosen),
        pick(corpus.phrases["total"], rng),
    )
    money = "万元" if corpus.lang == "zh" else "thousand dollars"
    title = compose_title(corpus, topic, rng)
    if not corpus.titles:
        title = (
            f"{topic.year}年收支变动" if corpus.lang == "zh" else f"Budget changes in {topic.year}"
        )
    data = Table(names, (Series("", values, NumberFormat(decimals, corpus.lang == "en")),))
    value_title = ("金额" if corpus.lang == "zh" else "Amount") + unit_note(money, corpus.lang)
    return Content(data, title, value_title, needs_value_title=True)


def bar_line(chart_type: ChartType, corpus: Corpus, rng: np.random.Generator) -> Content:
    """An amount over time, and its change from year to year on the second axis."""
    count = between(chart_type.categories, rng)
    topic = random_topic(corpus, 1, rng)
    limits = value_range(topic.measure, corpus.lang, rng)
    values = time_series(limits, count, rng)
    time, times = timeline(corpus, count, rng)
    # Shares of 2 to 38 %.
    rates = rounded(rng.uniform(2, 38, count), 1)
    rate_name = "占比" if corpus.lang == "zh" else "Share of total"
    data = Table(
        times,
        (
            Series(topic.measure.name, values, limits.number),
            Series(rate_name, rates, PERCENT),
        ),
    )
    unit = unit_note(limits.unit, corpus.lang)
    return Content(
        data,
        trend_title(corpus, topic, times, rng),
        topic.measure.name + unit,
        time,
        rate_name + ("（%）" if corpus.lang == "zh" else " (%)")
        if rng.random() < WITH_SECOND_TITLE
        else "",
        needs_value_title=bool(unit),
    )


def radar(chart_type: ChartType, corpus: Corpus, rng: np.random.Generator) -> Content:
    """Things marked for their qualities, all on one scale."""
    count, n_series = between(chart_type.categories, rng), between(chart_type.series, rng)
    topic = random_topic(corpus, max(n_series, 2), rng)
    qualities = corpus.phrases["qualities"]
    chosen = rng.choice(len(qualities), count, replace=False)
    # Marks out of ten, or out of a hundred.
    ten = rng.random() < 0.4
    # From three tenths of the scale: low marks are rare.
    limits = ValueRange(3 if ten else 30, 10 if ten else 100, NumberFormat(1 if ten else 0), "")
    names = topic.names[:n_series] if n_series > 1 else ("",)
    series = tuple(
        Series(name, unordered_values(limits, count, rng), limits.number) for name in names
    )
    data = Table(tuple(qualities[int(i)] for i in chosen), series)
    return Content(data, compose_title(corpus, topic, rng))


def heatmap(chart_type: ChartType, corpus: Corpus, rng: np.random.Generator) -> Content:
    """Names against times."""
    count, n_series = between(chart_type.categories, rng), between(chart_type.series, rng)
    topic = random_topic(corpus, n_series, rng)
    time, times = timeline(corpus, count, rng)
    limits = value_range(topic.measure, corpus.lang, rng, unit_on_numbers=False)
    series = tuple(
        Series(name, unordered_values(limits, count, rng), limits.number) for name in topic.names
    )
    title = compose_title(corpus, topic, rng) + unit_note(limits.unit, corpus.lang)
    return Content(Table(times, series), title, topic.subject.label, time)


def pyramid(chart_type: ChartType, corpus: Corpus, rng: np.random.Generator) -> Content:
    """Age bands by sex."""
    count = between(chart_type.categories, rng)
    bands = corpus.phrases["bands"]
    first = int(rng.integers(0, len(bands) - count + 1))
    # The oldest are 30 to 80 % of the youngest.
    taper = np.linspace(1, rng.uniform(0.3, 0.8), count)
    series = []
    for name in corpus.phrases["genders"]:
        # Five to nine percent of the population each, with 15 % of noise.
        values = rounded(rng.uniform(5, 9) * taper * rng.uniform(0.85, 1.15, count), 1)
        series.append(Series(name, values, PERCENT))
    places = corpus.subjects[int(rng.integers(3))]  # countries, regions, cities
    place = names_of(places, 1, rng)[0]
    title = f"{place}：人口年龄结构" if corpus.lang == "zh" else f"{place}: population by age"
    if corpus.titles:
        title = pick(corpus.titles, rng)
    label = "年龄" if corpus.lang == "zh" else "Age"
    share = "占总人口比例" if corpus.lang == "zh" else "Share of population"
    return Content(Table(bands[first : first + count], tuple(series)), title, share, label)


def funnel(chart_type: ChartType, corpus: Corpus, rng: np.random.Generator) -> Content:
    """Each stage keeps a part of the one before it."""
    count = between(chart_type.categories, rng)
    topic = random_topic(corpus, 1, rng)
    stages = corpus.phrases["stages"]
    first = int(rng.integers(0, len(stages) - count + 1))
    # Visitors of the first stage.
    value, values = float(rng.integers(800, 20_000)), []
    for _ in range(count):
        values.append(float(round(value)))
        # Each stage keeps 45 to 85 %.
        value *= rng.uniform(0.45, 0.85)
    # Both ways of printing are in use.
    number = NumberFormat(0, thousands=rng.random() < 0.6)
    data = Table(stages[first : first + count], (Series("", tuple(values), number),))
    return Content(data, _named_title(corpus, topic.names[0], "转化漏斗", "conversion funnel", rng))


def gauge(chart_type: ChartType, corpus: Corpus, rng: np.random.Generator) -> Content:
    """One percentage."""
    topic = random_topic(corpus, 1, rng)
    name = pick(corpus.phrases["gauges"], rng)
    # Neither empty nor full.
    data = Table((name,), (Series("", rounded([rng.uniform(4, 98)], 1), PERCENT),))
    return Content(data, _named_title(corpus, topic.names[0], f"{topic.year}年", "status", rng))


def calendar_month(chart_type: ChartType, corpus: Corpus, rng: np.random.Generator) -> Content:
    """One value for each day of a month."""
    # Months from 1 to 12.
    year, month = random_year(rng), int(rng.integers(1, 13))
    days = calendar.monthrange(year, month)[1]
    topic = random_topic(corpus, 1, rng)
    dates = tuple(f"{year}-{month:02d}-{day:02d}" for day in range(1, days + 1))
    # Two digits fit into a day.
    values = tuple(float(v) for v in rng.integers(1, 99, days))
    title = compose_title(corpus, topic, rng, "daily")
    return Content(Table(dates, (Series("", values),)), title)


def parallel(chart_type: ChartType, corpus: Corpus, rng: np.random.Generator) -> Content:
    """Several things on several scales: radar content fits."""
    return radar(chart_type, corpus, rng)


def _named_title(
    corpus: Corpus, name: str, chinese: str, english: str, rng: np.random.Generator
) -> str:
    if corpus.titles:
        return pick(corpus.titles, rng)
    return f"{name}{chinese}" if corpus.lang == "zh" else f"{name}: {english}"
