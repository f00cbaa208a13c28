"""Content that is no table: summaries, points, trees and flows; and which type needs what."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from renderers.charts.catalog import ChartType
from renderers.charts.spec import (
    Flow,
    Link,
    Node,
    NumberFormat,
    Point,
    Points,
    PointSeries,
    Summary,
    Tree,
)
from vary_data.sources.chart_numbers import (
    ValueRange,
    five_numbers,
    rounded,
    spread_points,
    unordered_values,
    value_range,
)
from vary_data.sources.chart_tables import (
    bar_line,
    calendar_month,
    funnel,
    gauge,
    heatmap,
    histogram,
    parallel,
    pyramid,
    radar,
    waterfall,
)
from vary_data.sources.chart_topics import (
    Content,
    between,
    compose_title,
    names_of,
    other_subjects,
    pick,
    random_topic,
    unit_note,
)
from vary_data.sources.corpus import Corpus

DAY = 4
"""The index of the word for days among the time words."""

Make = Callable[[ChartType, Corpus, np.random.Generator], Content]


def summary(chart_type: ChartType, corpus: Corpus, rng: np.random.Generator) -> Content:
    """Box plots, error bars and ranges between two years."""
    count = between(chart_type.categories, rng)
    topic = random_topic(corpus, count, rng)
    limits = value_range(topic.measure, corpus.lang, rng)
    # Means and quartiles vary less than single values: wider at the low end.
    limits = ValueRange(
        limits.low * 0.4, max(limits.high, limits.low * 1.2), limits.number, limits.unit
    )
    if chart_type.name == "box":
        rows = [five_numbers(limits, rng) for _ in range(count)]
        fields = chart_type.fields
    elif chart_type.name == "error_bar":
        means = unordered_values(limits, count, rng)
        # Errors of 5 to 20 % of the mean.
        errors = rounded(np.asarray(means) * rng.uniform(0.05, 0.2, count), limits.number.decimals)
        # An error of zero could not be seen.
        minimum = 10.0**-limits.number.decimals
        rows = [(m, max(e, minimum)) for m, e in zip(means, errors, strict=True)]
        fields = chart_type.fields
    else:
        rows, fields = _before_after(limits, count, topic.year, rng)
    data = Summary(topic.names, fields, tuple(rows), limits.number)
    return Content(
        data,
        compose_title(corpus, topic, rng),
        topic.measure.name + unit_note(limits.unit, corpus.lang),
        topic.subject.label,
        needs_value_title=bool(limits.unit),
    )


def _before_after(
    limits: ValueRange, count: int, year: int, rng: np.random.Generator
) -> tuple[list[tuple[float, ...]], tuple[str, ...]]:
    """Two years, at least a sixth of the range apart, so that both labels have room."""
    before = unordered_values(limits, count, rng)
    span = limits.high - limits.low
    # At least a sixth of the range; seven of ten values rise.
    step = span * rng.uniform(0.18, 0.5, count) * rng.choice([-1, 1], count, p=[0.3, 0.7])
    # A value that would fall nearly to zero rises instead.
    after = np.where(
        np.asarray(before) + step <= limits.low * 0.2, np.asarray(before) + abs(step), 0
    )
    after = np.where(after == 0, np.asarray(before) + step, after)
    pairs = zip(before, rounded(after, limits.number.decimals), strict=True)
    rows: list[tuple[float, ...]] = list(pairs)
    # Two to eleven years before.
    return rows, (str(year - int(rng.integers(2, 12))), str(year))


def candlestick(chart_type: ChartType, corpus: Corpus, rng: np.random.Generator) -> Content:
    """A walk over consecutive days."""
    count = between(chart_type.categories, rng)
    topic = random_topic(corpus, 1, rng)
    # The first price.
    price = float(rng.uniform(20, 400))
    # Within one month: no month has fewer than 28 days.
    month, first = int(rng.integers(1, 13)), int(rng.integers(1, 29 - count))
    days = tuple(f"{month:02d}-{first + i:02d}" for i in range(count))
    rows = []
    for _ in days:
        # Changes of 4 % a day.
        open_, close = price, price * (1 + rng.normal(0, 0.04))
        # Highs and lows up to 3 % beyond.
        high = max(open_, close) * (1 + rng.uniform(0.005, 0.03))
        # The same below.
        low = min(open_, close) * (1 - rng.uniform(0.005, 0.03))
        rows.append(rounded((open_, close, low, high), 1))
        price = close
    title = compose_title(corpus, topic, rng, "prices")
    data = Summary(days, chart_type.fields, tuple(rows), NumberFormat(1))
    return Content(
        data, title, "价格" if corpus.lang == "zh" else "Price", corpus.phrases["time"][DAY]
    )


def points(chart_type: ChartType, corpus: Corpus, rng: np.random.Generator) -> Content:
    """Two measures that go together more or less; bubbles and effects are named."""
    n_series = between(chart_type.series, rng)
    count = between(chart_type.categories, rng)
    named = chart_type.name != "scatter"
    topic = random_topic(corpus, count * n_series if named else 2, rng)
    others = [
        m for m in corpus.measures if m.sort in ("amount", "rate") and m.name != topic.measure.name
    ]
    other = others[int(rng.integers(len(others)))]
    x_limits = value_range(topic.measure, corpus.lang, rng)
    y_limits = value_range(other, corpus.lang, rng)
    third = others[int(rng.integers(len(others)))]
    size_limits = value_range(third, corpus.lang, rng, unit_on_numbers=True)
    names = iter(topic.names)
    # A rising or falling cloud, from narrow to wide.
    slope, noise = rng.choice([-1, 1]), rng.uniform(0.08, 0.3)
    taken = set(topic.names)
    groups = [s for s in other_subjects(corpus, taken) if len(s.names) >= n_series]
    group = groups[int(rng.integers(len(groups)))]
    series = []
    # Names need more space than marks.
    places = spread_points(count * n_series, float(slope), noise, 0.15 if named else 0.06, rng)
    for s, name in enumerate(names_of(group, n_series, rng) if n_series > 1 else ("",)):
        across, along = np.transpose(places[s::n_series])
        xs = rounded(
            x_limits.low + (x_limits.high - x_limits.low) * across, x_limits.number.decimals
        )
        ys = rounded(
            y_limits.low + (y_limits.high - y_limits.low) * along, y_limits.number.decimals
        )
        sizes = (
            unordered_values(size_limits, count, rng)
            if chart_type.name == "bubble"
            else [None] * count
        )
        series.append(
            PointSeries(
                name,
                tuple(
                    Point(x, y, size, next(names) if named else "")
                    for x, y, size in zip(xs, ys, sizes, strict=True)
                ),
            )
        )
    title = compose_title(corpus, topic, rng, "relation", other=other.name)
    data = Points(tuple(series), x_limits.number, y_limits.number, size_limits.number)
    return Content(
        data,
        title,
        other.name + unit_note(y_limits.unit, corpus.lang),
        topic.measure.name + unit_note(x_limits.unit, corpus.lang),
        needs_value_title=True,
    )


def tree(chart_type: ChartType, corpus: Corpus, rng: np.random.Generator) -> Content:
    """Groups and their members, every name once."""
    count = between(chart_type.categories, rng)
    topic = random_topic(corpus, 1, rng, "share")
    groups = corpus.phrases["groups"]
    number = NumberFormat(0, thousands=True) if rng.random() < 0.5 else NumberFormat(1, suffix="%")
    taken: set[str] = set()
    roots: list[tuple[str, list[str]]] = []
    for i in rng.permutation(len(groups)):
        parent, _, rest = groups[int(i)].partition(":")
        children = [name.strip() for name in rest.split(",")]
        if len(roots) == count:
            break
        if taken & {parent, *children}:
            continue
        taken |= {parent, *children}
        kept = sorted(rng.choice(len(children), int(rng.integers(2, len(children) + 1)), False))
        roots.append((parent, [children[int(k)] for k in kept]))
    leaves = sum(len(children) for _, children in roots)
    # No leaf has less than 30 % of an equal share: its name must fit in.
    parts = rng.dirichlet(np.full(leaves, 4.0)) * 0.7 + 0.3 / leaves
    # Percent, or a total of hundreds to thousands.
    scale = 100.0 if number.suffix else float(rng.integers(800, 9000))
    values = iter(rounded(parts * scale, number.decimals))
    nodes = tuple(
        Node(parent, children=tuple(Node(name, next(values)) for name in children))
        for parent, children in roots
    )
    return Content(Tree(nodes, number), compose_title(corpus, topic, rng, "trees"))


def flow(chart_type: ChartType, corpus: Corpus, rng: np.random.Generator) -> Content:
    """Links from sources to targets; none leads back."""
    title, _, ends = pick(corpus.phrases["flows"], rng).partition(":")
    left, _, right = ends.partition(">")
    sources = [name.strip() for name in left.split(",")]
    targets = [name.strip() for name in right.split(",")]
    pairs = [(a, b) for a in sources for b in targets]
    count = min(between(chart_type.categories, rng), len(pairs))
    chosen = np.sort(rng.choice(len(pairs), count, replace=False))
    # Whole numbers that differ visibly.
    links = tuple(Link(*pairs[int(i)], float(rng.integers(5, 400))) for i in chosen)
    if corpus.titles:
        title = pick(corpus.titles, rng)
    return Content(Flow(links), title)


SHAPES: Mapping[str, Make] = {"summary": summary, "points": points, "tree": tree, "flow": flow}
SPECIAL_TYPES: Mapping[str, Make] = {
    "candlestick": candlestick,
    "histogram": histogram,
    "waterfall": waterfall,
    "bar_line": bar_line,
    "radar": radar,
    "parallel": parallel,
    "heatmap": heatmap,
    "pyramid": pyramid,
    "funnel": funnel,
    "gauge": gauge,
    "calendar": calendar_month,
}
