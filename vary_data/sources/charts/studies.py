"""Random content of charts in reports of studies: survival, estimates, classifiers, plans.

What they are about is listed in `words/<lang>/scenarios.txt`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from renderers.charts.catalog import ChartType
from renderers.charts.local_numbers import local_number
from renderers.charts.spec import (
    NumberFormat,
    Point,
    Points,
    PointSeries,
    Series,
    Summary,
    Table,
)
from vary_data.sources.charts.content import ChartContent
from vary_data.sources.charts.description import (
    category_count,
    fill,
    random_year,
    series_count,
)
from vary_data.sources.charts.numbers import rounded
from vary_data.sources.charts.scenarios import scenario, scenario_content
from vary_data.sources.charts.tables import PERCENT, Make
from vary_data.sources.corpus import Corpus

RATE = NumberFormat(2)
"""Rates of classifiers, from 0 to 1."""


def survival(chart_type: ChartType, corpus: Corpus, rng: np.random.Generator) -> ChartContent:
    """The share of each group that is left, from 100 % on."""
    title, time, left, step, names = scenario(corpus, "survival", rng)
    groups = names.split(", ")
    count, n_series = category_count(chart_type, rng), series_count(chart_type, rng)
    times = tuple(str(int(step) * i) for i in range(count))
    chosen = sorted(rng.choice(len(groups), min(n_series, len(groups)), replace=False))
    series = []
    for i in chosen:
        # From a slow to a fast loss: 3 to 18 % of those left at each time.
        kept = 1 - rng.uniform(0.03, 0.18) * rng.uniform(0.4, 1.6, count - 1)
        shares = 100 * np.cumprod([1.0, *kept])
        series.append(Series(groups[int(i)], rounded(shares, 1), PERCENT))
    data = Table(times, tuple(series))
    return scenario_content(chart_type, corpus, data, title, rng, left, time)


def confusion(chart_type: ChartType, corpus: Corpus, rng: np.random.Generator) -> ChartContent:
    """How often each class was taken for which one."""
    title, names = scenario(corpus, "confusion", rng)
    classes = names.split(", ")
    count = min(category_count(chart_type, rng), len(classes))
    chosen = tuple(classes[int(i)] for i in sorted(rng.permutation(len(classes))[:count]))
    size = float(rng.choice([40, 120, 400, 900]))
    rows = []
    for i, name in enumerate(chosen):
        right = size * rng.uniform(0.55, 0.97)
        # What is wrong goes to few other classes; no cell is empty.
        wrong = rng.dirichlet(np.full(count, 0.8)) * (size - right)
        values = [max(1.0, round(v)) for v in wrong]
        values[i] = float(round(right))
        rows.append(Series(name, tuple(values)))
    predicted, actual = scenario(corpus, "confusion axes", rng)
    content = scenario_content(chart_type, corpus, Table(chosen, tuple(rows)), title, rng)
    return replace(content, category_title=predicted, series_title=actual)


def forest(chart_type: ChartType, corpus: Corpus, rng: np.random.Generator) -> ChartContent:
    """Ratios with their intervals, one for each study."""
    title, measure, names = scenario(corpus, "forest", rng)
    authors = names.split(", ")
    count = category_count(chart_type, rng)
    last = random_year(rng)
    years = sorted(int(y) for y in rng.integers(last - 15, last + 1, count))
    chosen = [authors[int(i)] for i in rng.permutation(len(authors))[:count]]
    pattern = corpus.phrases["study"][0]
    studies = tuple(
        fill(pattern, name=name, year=year) for name, year in zip(chosen, years, strict=True)
    )
    # Half of all effects are between 0.7 and 1.1; intervals are symmetric as logarithms.
    effects = np.exp(rng.normal(-0.15, 0.28, count))
    widths = np.exp(rng.uniform(0.12, 0.5, count))
    rows = [
        rounded(row, 2) for row in zip(effects, effects / widths, effects * widths, strict=True)
    ]
    data = Summary(studies, chart_type.fields, tuple(rows), RATE)
    return scenario_content(
        chart_type, corpus, data, title, rng, measure, unit_in_title=True, year=last
    )


def gantt(chart_type: ChartType, corpus: Corpus, rng: np.random.Generator) -> ChartContent:
    """Tasks in the order of their beginnings."""
    title, time, names = scenario(corpus, "gantt", rng)
    tasks = names.split(", ")
    count = min(category_count(chart_type, rng), len(tasks))
    first = int(rng.integers(0, len(tasks) - count + 1))
    start, rows = 0, []
    for _ in range(count):
        # Tasks take two to nine units of time and begin before the last one ends, or soon after.
        length = int(rng.integers(2, 10))
        rows.append((float(start), float(start + length)))
        start += int(rng.integers(1, length + 2))
    data = Summary(tuple(tasks[first : first + count]), chart_type.fields, tuple(rows))
    return scenario_content(chart_type, corpus, data, title, rng, time, unit_in_title=True)


def rates(chart_type: ChartType, corpus: Corpus, rng: np.random.Generator) -> ChartContent:
    """Measured points of one to three classifiers; several are named with the areas below them."""
    roc = chart_type.name == "roc_curve"
    title, across, up = scenario(corpus, "roc" if roc else "pr", rng)
    names = [name for row in corpus.scenarios["classifiers"] for name in row[0].split(", ")]
    count, n_series = category_count(chart_type, rng), series_count(chart_type, rng)
    chosen = [names[int(i)] for i in rng.permutation(len(names))[:n_series]]
    series = []
    for name in chosen:
        # Evenly, but not exactly so; no two points share a place.
        xs = (np.arange(count) + rng.uniform(0.25, 0.75, count)) / count
        power = rng.uniform(0.12, 0.55)
        ys = xs**power if roc else 1 - (1 - power) * xs ** (1 / power)
        found = sorted(zip(rounded(xs, 2), rounded(ys, 2), strict=True))
        area = _area([(0.0, 0.0), *found, (1.0, 1.0)]) if roc else None
        label = name
        if area is not None and rng.random() < 0.7:
            label = fill(
                corpus.phrases["auc"][0], name=name, auc=local_number(RATE, corpus.lang).print(area)
            )
        series.append(
            PointSeries(label if n_series > 1 else "", tuple(Point(x, y) for x, y in found))
        )
    data = Points(tuple(series), RATE, RATE)
    return scenario_content(chart_type, corpus, data, title, rng, up, across, unit_in_title=True)


def _area(points: list[tuple[float, float]]) -> float:
    """Below a line through these points, by trapezoids."""
    xs, ys = zip(*points, strict=True)
    return float(np.trapezoid(ys, xs))


STUDIES: Mapping[str, Make] = {
    "confusion_matrix": confusion,
    "forest": forest,
    "gantt": gantt,
    "pr_curve": rates,
    "roc_curve": rates,
    "survival": survival,
}
