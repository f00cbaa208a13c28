"""Random content of charts whose parts belong together by their nature: stages, bins, budgets.

What they are about is listed in `words/<lang>/scenarios.txt`.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from itertools import pairwise

import numpy as np

from renderers.charts.catalog import ChartType
from renderers.charts.spec import (
    Data,
    Flow,
    Link,
    Node,
    NumberFormat,
    Series,
    Summary,
    Table,
    Tree,
)
from renderers.languages.registry import chart_forms
from vary_data.sources.charts.content import ChartContent
from vary_data.sources.charts.description import (
    Period,
    category_count,
    describe,
    fill,
    random_year,
    ready_title,
    source_line,
    with_ends,
    with_unit,
)
from vary_data.sources.charts.number_format import Notation, format_with
from vary_data.sources.charts.numbers import histogram_counts, rounded
from vary_data.sources.charts.tables import PERCENT, Make
from vary_data.sources.corpus import Corpus

DAY = 4
"""The index of the word for days among the time words."""


def funnel(chart_type: ChartType, corpus: Corpus, rng: np.random.Generator) -> ChartContent:
    """Each stage keeps a part of the one before it."""
    title, names = scenario(corpus, "funnel", rng)
    stages = names.split(", ")
    count = min(category_count(chart_type, rng), len(stages))
    # The first and the last stage are there: titles name them (`from visit to repeat order`).
    kept = with_ends(len(stages), count, rng)
    # Visitors of the first stage.
    value, values = float(rng.integers(800, 20_000)), []
    for _ in range(count):
        values.append(float(round(value)))
        # Each stage keeps 45 to 85 %.
        value *= rng.uniform(0.45, 0.85)
    # Both ways of printing are in use.
    number = NumberFormat(0, thousands=rng.random() < 0.6)
    data = Table(tuple(stages[i] for i in kept), (Series("", tuple(values), number),))
    return scenario_content(chart_type, corpus, data, title, rng)


def waterfall(chart_type: ChartType, corpus: Corpus, rng: np.random.Generator) -> ChartContent:
    """An opening figure, gains and losses, and their sum."""
    title, measure, unit, opening, gains, losses, closing = scenario(corpus, "waterfall", rng)
    up, down = gains.split(", "), losses.split(", ")
    steps = [(name, 1) for name in up] + [(name, -1) for name in down]
    count = min(category_count(chart_type, rng) - 2, len(steps))
    decimals = int(rng.integers(0, 2))
    # The opening figure.
    start = float(rng.integers(120, 900))
    names, values, running = [opening], [start], start
    for i in rng.permutation(len(steps)):
        if len(names) > count:
            break
        name, sign = steps[int(i)]
        # Steps of 8 to 35 % of it, up or down; none may use up nearly everything.
        step = round(float(start * rng.uniform(0.08, 0.35)), decimals) * sign
        if running + step >= start * 0.15:
            names.append(name)
            values.append(step)
            running += step
    names.append(closing)
    values.append(round(running, decimals))
    if unit in corpus.phrases["counted units"]:
        decimals, values = 0, _whole(values)
    number = NumberFormat(decimals, thousands=chart_forms(corpus.lang).grouped == 1)
    data = Table(tuple(names), (Series("", tuple(values), number),))
    value_title = with_unit(measure, unit, corpus.lang)
    return scenario_content(chart_type, corpus, data, title, rng, value_title, unit_in_title=True)


def _whole(values: list[float]) -> list[float]:
    """Rounded to whole numbers, the last one again the sum of those before it."""
    steps = [float(round(value)) for value in values[:-1]]
    return [*steps, sum(steps)]


def gauge(chart_type: ChartType, corpus: Corpus, rng: np.random.Generator) -> ChartContent:
    """One percentage of one thing."""
    kinds = {label: names.split(", ") for label, names in corpus.scenarios["gauge"]}
    description = describe(corpus, 1, rng, accept=lambda subject: subject.label in kinds)
    known = kinds.get(description.subject.label, kinds["*"])
    name = known[int(rng.integers(len(known)))]
    # Neither empty nor full.
    data = Table((name,), (Series("", rounded([rng.uniform(4, 98)], 1), PERCENT),))
    year, thing = description.period.last, description.members[0]
    forms = corpus.phrases["single title"]
    title = fill(forms[int(rng.integers(len(forms)))], name=thing, year=year)
    return scenario_content(chart_type, corpus, data, title, rng, year=year)


def histogram(chart_type: ChartType, corpus: Corpus, rng: np.random.Generator) -> ChartContent:
    """Equal bins of one quantity."""
    title, axis, start, width, counted = scenario(corpus, "histogram", rng)
    count = category_count(chart_type, rng)
    edges = [int(start) + int(width) * i for i in range(count + 1)]
    bins = tuple(f"{low}-{high}" for low, high in pairwise(edges))
    data = Table(bins, (Series("", histogram_counts(count, rng)),))
    return scenario_content(chart_type, corpus, data, title, rng, counted, axis, unit_in_title=True)


def calendar_month(chart_type: ChartType, corpus: Corpus, rng: np.random.Generator) -> ChartContent:
    """One value for each day of a month."""
    title, low, high = scenario(corpus, "calendar", rng)
    # Months from 1 to 12.
    year, month = random_year(rng), int(rng.integers(1, 13))
    days = calendar.monthrange(year, month)[1]
    dates = tuple(f"{year}-{month:02d}-{day:02d}" for day in range(1, days + 1))
    values = tuple(float(v) for v in rng.integers(int(low), int(high) + 1, days))
    data = Table(dates, (Series("", values),))
    return scenario_content(chart_type, corpus, data, title, rng, year=year)


def candlestick(chart_type: ChartType, corpus: Corpus, rng: np.random.Generator) -> ChartContent:
    """A walk over consecutive days."""
    title, value_title, low, high = scenario(corpus, "candlestick", rng)
    count = category_count(chart_type, rng)
    price = float(rng.uniform(float(low), float(high)))
    # Three or four digits.
    decimals = 1 if price >= 100 else 2
    # Within one month: no month has fewer than 28 days.
    month, first = int(rng.integers(1, 13)), int(rng.integers(1, 29 - count))
    days = tuple(f"{month:02d}-{first + i:02d}" for i in range(count))
    rows = []
    for _ in days:
        # Changes of 4 % a day.
        open_, close = price, price * (1 + rng.normal(0, 0.04))
        # Highs and lows up to 3 % beyond.
        top = max(open_, close) * (1 + rng.uniform(0.005, 0.03))
        # The same below.
        bottom = min(open_, close) * (1 - rng.uniform(0.005, 0.03))
        rows.append(rounded((open_, close, bottom, top), decimals))
        price = close
    data = Summary(days, chart_type.fields, tuple(rows), NumberFormat(decimals))
    day = corpus.phrases["time"][DAY]
    return scenario_content(
        chart_type, corpus, data, title, rng, value_title, day, unit_in_title=True
    )


def tree(chart_type: ChartType, corpus: Corpus, rng: np.random.Generator) -> ChartContent:
    """Groups and their members, every name once."""
    title, unit, listed = scenario(corpus, "tree", rng)
    members = {name: names.split(", ") for name, names in corpus.scenarios["group"]}
    groups = listed.split(", ")
    count = min(category_count(chart_type, rng), len(groups))
    icicle = chart_type.name == "icicle"
    roots = []
    for i in rng.permutation(len(groups))[:count]:
        name = groups[int(i)]
        size = int(rng.integers(2, (3 if icicle else len(members[name])) + 1))
        kept = sorted(rng.choice(len(members[name]), size, replace=False))
        roots.append((name, [members[name][int(k)] for k in kept]))
    leaves = sum(len(children) for _, children in roots)
    # No leaf has less than 30 % of an equal share, in an icicle 60 %: its name must fit in.
    least = 0.6 if icicle else 0.3
    parts = rng.dirichlet(np.full(leaves, 4.0)) * (1 - least) + least / leaves
    percent = unit == "%"
    # Percent, or a total of hundreds to thousands.
    scale = 100.0 if percent else float(rng.integers(800, 9000))
    number = PERCENT if percent else NumberFormat(0, thousands=rng.random() < 0.5)
    values = iter(_parts(parts * scale, number.decimals, 100.0 if percent else None))
    nodes = tuple(
        Node(parent, children=tuple(Node(name, next(values)) for name in children))
        for parent, children in roots
    )
    if not percent and not corpus.titles:
        title = with_unit(title, unit, corpus.lang)
    return scenario_content(chart_type, corpus, Tree(nodes, number), title, rng)


def _parts(parts: object, decimals: int, whole: float | None) -> tuple[float, ...]:
    """Rounded parts; where they make a whole, the largest one takes the error of rounding."""
    values = list(rounded(parts, decimals))
    if whole is not None:
        largest = values.index(max(values))
        values[largest] = round(values[largest] + whole - sum(values), decimals)
    return tuple(values)


def flow(chart_type: ChartType, corpus: Corpus, rng: np.random.Generator) -> ChartContent:
    """Links from sources to targets; none leads back."""
    title, unit, left, right = scenario(corpus, "flow", rng)
    pairs = [(a, b) for a in left.split(", ") for b in right.split(", ")]
    count = min(category_count(chart_type, rng), len(pairs))
    chosen = np.sort(rng.choice(len(pairs), count, replace=False))
    # Whole numbers that differ visibly.
    links = tuple(Link(*pairs[int(i)], float(rng.integers(5, 400))) for i in chosen)
    on_numbers = unit in corpus.phrases["units on numbers"] and rng.random() < 0.5
    number = format_with(Notation(), 0, unit if on_numbers else "", corpus.lang, thousands=False)
    if not on_numbers and not corpus.titles:
        title = with_unit(title, unit, corpus.lang)
    return scenario_content(chart_type, corpus, Flow(links, number), title, rng)


def scenario(corpus: Corpus, shape: str, rng: np.random.Generator) -> tuple[str, ...]:
    """The fields of one of the scenarios of a shape."""
    known = corpus.scenarios[shape]
    return known[int(rng.integers(len(known)))]


def scenario_content(
    chart_type: ChartType,
    corpus: Corpus,
    data: Data,
    title: str,
    rng: np.random.Generator,
    value_title: str = "",
    category_title: str = "",
    *,
    unit_in_title: bool = False,
    year: int | None = None,
) -> ChartContent:
    """Content with this title, or one of a user's corpus, and a source."""
    year = random_year(rng) if year is None else year
    period = Period(year, year)
    return ChartContent(
        corpus.lang,
        (chart_type.name,),
        data,
        ready_title(corpus, period, rng) or fill(title, year=year),
        source_line(corpus, period, rng),
        value_title,
        category_title,
        unit_in_title=unit_in_title,
    )


SCENARIOS: Mapping[str, Make] = {
    "calendar": calendar_month,
    "candlestick": candlestick,
    "funnel": funnel,
    "gauge": gauge,
    "graph": flow,
    "histogram": histogram,
    "icicle": tree,
    "mind_map": tree,
    "sankey": flow,
    "sunburst": tree,
    "treemap": tree,
    "waterfall": waterfall,
}
