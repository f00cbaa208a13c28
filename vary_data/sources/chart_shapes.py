"""Content of the types that are more than a plain table: sums, bins, summaries, points, trees."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping
from itertools import pairwise

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
    Series,
    Summary,
    Table,
    Tree,
)
from vary_data.sources.chart_numbers import (
    Figures,
    bell,
    course,
    figures,
    five_numbers,
    rounded,
    scattered,
)
from vary_data.sources.chart_topics import (
    Content,
    between,
    compose_title,
    groups_beside,
    names_of,
    pick,
    random_topic,
    random_year,
    timeline,
    unit_note,
)
from vary_data.sources.corpus import Corpus

Make = Callable[[ChartType, Corpus, np.random.Generator], Content]
PERCENT = NumberFormat(1, suffix="%")


def summary(kind: ChartType, corpus: Corpus, rng: np.random.Generator) -> Content:
    """Box plots, error bars and ranges between two years."""
    count = between(kind.categories, rng)
    topic = random_topic(corpus, count, rng)
    f = figures(topic.measure, corpus.lang, rng)
    f = Figures(f.low * 0.4, max(f.high, f.low * 1.2), f.number, f.unit)
    if kind.name == "box":
        rows = [five_numbers(f, rng) for _ in range(count)]
        fields = kind.fields
    elif kind.name == "error_bar":
        means = scattered(f, count, rng)
        errors = rounded(np.asarray(means) * rng.uniform(0.05, 0.2, count), f.number.decimals)
        least = 10.0**-f.number.decimals
        rows = [(m, max(e, least)) for m, e in zip(means, errors, strict=True)]
        fields = kind.fields
    else:
        rows, fields = _from_to(f, count, topic.year, rng)
    data = Summary(topic.names, fields, tuple(rows), f.number)
    return Content(
        data,
        compose_title(corpus, topic, rng),
        topic.measure.name + unit_note(f.unit, corpus.lang),
        topic.subject.label,
        needs_value_title=bool(f.unit),
    )


def _from_to(
    f: Figures, count: int, year: int, rng: np.random.Generator
) -> tuple[list[tuple[float, ...]], tuple[str, ...]]:
    """Two years, at least a sixth of the range apart, so that both labels have room."""
    before = scattered(f, count, rng)
    span = f.high - f.low
    step = span * rng.uniform(0.18, 0.5, count) * rng.choice([-1, 1], count, p=[0.3, 0.7])
    after = np.where(np.asarray(before) + step <= f.low * 0.2, np.asarray(before) + abs(step), 0)
    after = np.where(after == 0, np.asarray(before) + step, after)
    pairs = zip(before, rounded(after, f.number.decimals), strict=True)
    rows: list[tuple[float, ...]] = list(pairs)
    return rows, (str(year - int(rng.integers(2, 12))), str(year))


def candlestick(kind: ChartType, corpus: Corpus, rng: np.random.Generator) -> Content:
    """A walk over consecutive days."""
    count = between(kind.categories, rng)
    topic = random_topic(corpus, 1, rng)
    price = float(rng.uniform(20, 400))
    month, first = int(rng.integers(1, 13)), int(rng.integers(1, 29 - count))
    days = tuple(f"{month:02d}-{first + i:02d}" for i in range(count))
    rows = []
    for _ in days:
        open_, close = price, price * (1 + rng.normal(0, 0.04))
        high = max(open_, close) * (1 + rng.uniform(0.005, 0.03))
        low = min(open_, close) * (1 - rng.uniform(0.005, 0.03))
        rows.append(rounded((open_, close, low, high), 1))
        price = close
    title = compose_title(corpus, topic, rng, "prices")
    data = Summary(days, kind.fields, tuple(rows), NumberFormat(1))
    return Content(
        data, title, "价格" if corpus.lang == "zh" else "Price", corpus.phrases["time"][4]
    )


def points(kind: ChartType, corpus: Corpus, rng: np.random.Generator) -> Content:
    """Two measures that go together more or less; bubbles and effects are named."""
    n_series = between(kind.series, rng)
    count = between(kind.categories, rng)
    named = kind.name != "scatter"
    topic = random_topic(corpus, count * n_series if named else 2, rng)
    others = [
        m for m in corpus.measures if m.sort in ("amount", "rate") and m.name != topic.measure.name
    ]
    other = others[int(rng.integers(len(others)))]
    fx = figures(topic.measure, corpus.lang, rng)
    fy = figures(other, corpus.lang, rng)
    third = others[int(rng.integers(len(others)))]
    fs = figures(third, corpus.lang, rng, unit_on_numbers=True)
    names = iter(topic.names)
    slope, noise = rng.choice([-1, 1]), rng.uniform(0.08, 0.3)
    taken = set(topic.names)
    groups = [s for s in groups_beside(corpus, taken) if len(s.names) >= n_series]
    group = groups[int(rng.integers(len(groups)))]
    series = []
    for name in names_of(group, n_series, rng) if n_series > 1 else ("",):
        across = rng.random(count)
        along = np.clip(0.5 + slope * (across - 0.5) * 0.8 + rng.normal(0, noise, count), 0.02, 1.1)
        xs = rounded(fx.low + (fx.high - fx.low) * across, fx.number.decimals)
        ys = rounded(fy.low + (fy.high - fy.low) * along, fy.number.decimals)
        sizes = scattered(fs, count, rng) if kind.name == "bubble" else [None] * count
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
    data = Points(tuple(series), fx.number, fy.number, fs.number)
    return Content(
        data,
        title,
        other.name + unit_note(fy.unit, corpus.lang),
        topic.measure.name + unit_note(fx.unit, corpus.lang),
        needs_value_title=True,
    )


def histogram(kind: ChartType, corpus: Corpus, rng: np.random.Generator) -> Content:
    """Equal bins of one quantity."""
    count = between(kind.categories, rng)
    name, start, width, what = pick(corpus.phrases["bins"], rng).split("|")
    edges = [int(start) + int(width) * i for i in range(count + 1)]
    bins = tuple(f"{low}-{high}" for low, high in pairwise(edges))
    topic = random_topic(corpus, 1, rng)
    title = compose_title(corpus, topic, rng) if corpus.titles else _histogram_title(corpus, name)
    data = Table(bins, (Series("", bell(count, rng)),))
    return Content(data, title, what, name, needs_value_title=True)


def _histogram_title(corpus: Corpus, name: str) -> str:
    plain = name.replace("（", "(").split("(")[0].strip()
    return f"{plain}分布" if corpus.lang == "zh" else f"Distribution of {plain.lower()}"


def waterfall(kind: ChartType, corpus: Corpus, rng: np.random.Generator) -> Content:
    """An opening figure, gains and losses, and their sum."""
    count = between(kind.categories, rng)
    topic = random_topic(corpus, 1, rng)
    decimals = int(rng.integers(0, 2))
    start = float(rng.integers(120, 900))
    steps = []
    running = start
    for _ in range(count - 2):
        step = start * rng.uniform(0.08, 0.35) * rng.choice([-1, 1])
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


def bar_line(kind: ChartType, corpus: Corpus, rng: np.random.Generator) -> Content:
    """An amount over time, and its change from year to year on the second axis."""
    count = between(kind.categories, rng)
    topic = random_topic(corpus, 1, rng)
    f = figures(topic.measure, corpus.lang, rng)
    values = course(f, count, rng)
    time, times = timeline(corpus, count, rng)
    rates = rounded(rng.uniform(2, 38, count), 1)
    rate_name = "占比" if corpus.lang == "zh" else "Share of total"
    data = Table(
        times,
        (
            Series(topic.measure.name, values, f.number),
            Series(rate_name, rates, PERCENT),
        ),
    )
    unit = unit_note(f.unit, corpus.lang)
    return Content(
        data,
        compose_title(corpus, topic, rng),
        topic.measure.name + unit,
        time,
        rate_name + ("（%）" if corpus.lang == "zh" else " (%)") if rng.random() < 0.7 else "",
        needs_value_title=bool(unit),
    )


def radar(kind: ChartType, corpus: Corpus, rng: np.random.Generator) -> Content:
    """Things marked for their qualities, all on one scale."""
    count, n_series = between(kind.categories, rng), between(kind.series, rng)
    topic = random_topic(corpus, max(n_series, 2), rng)
    qualities = corpus.phrases["qualities"]
    chosen = rng.choice(len(qualities), count, replace=False)
    ten = rng.random() < 0.4
    f = Figures(3 if ten else 30, 10 if ten else 100, NumberFormat(1 if ten else 0), "")
    names = topic.names[:n_series] if n_series > 1 else ("",)
    series = tuple(Series(name, scattered(f, count, rng), f.number) for name in names)
    data = Table(tuple(qualities[int(i)] for i in chosen), series)
    return Content(data, compose_title(corpus, topic, rng))


def heatmap(kind: ChartType, corpus: Corpus, rng: np.random.Generator) -> Content:
    """Names against times."""
    count, n_series = between(kind.categories, rng), between(kind.series, rng)
    topic = random_topic(corpus, n_series, rng)
    time, times = timeline(corpus, count, rng)
    f = figures(topic.measure, corpus.lang, rng, unit_on_numbers=False)
    series = tuple(Series(name, scattered(f, count, rng), f.number) for name in topic.names)
    title = compose_title(corpus, topic, rng) + unit_note(f.unit, corpus.lang)
    return Content(Table(times, series), title, topic.subject.label, time)


def pyramid(kind: ChartType, corpus: Corpus, rng: np.random.Generator) -> Content:
    """Age bands by sex."""
    count = between(kind.categories, rng)
    bands = corpus.phrases["bands"]
    first = int(rng.integers(0, len(bands) - count + 1))
    taper = np.linspace(1, rng.uniform(0.3, 0.8), count)
    series = []
    for name in corpus.phrases["genders"]:
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


def funnel(kind: ChartType, corpus: Corpus, rng: np.random.Generator) -> Content:
    """Each stage keeps a part of the one before it."""
    count = between(kind.categories, rng)
    topic = random_topic(corpus, 1, rng)
    stages = corpus.phrases["stages"]
    first = int(rng.integers(0, len(stages) - count + 1))
    value, values = float(rng.integers(800, 20_000)), []
    for _ in range(count):
        values.append(float(round(value)))
        value *= rng.uniform(0.45, 0.85)
    number = NumberFormat(0, thousands=rng.random() < 0.6)
    data = Table(stages[first : first + count], (Series("", tuple(values), number),))
    return Content(data, _named_title(corpus, topic.names[0], "转化漏斗", "conversion funnel", rng))


def gauge(kind: ChartType, corpus: Corpus, rng: np.random.Generator) -> Content:
    """One percentage."""
    topic = random_topic(corpus, 1, rng)
    name = pick(corpus.phrases["gauges"], rng)
    data = Table((name,), (Series("", rounded([rng.uniform(4, 98)], 1), PERCENT),))
    return Content(data, _named_title(corpus, topic.names[0], f"{topic.year}年", "status", rng))


def calendar_month(kind: ChartType, corpus: Corpus, rng: np.random.Generator) -> Content:
    """One value for each day of a month."""
    year, month = random_year(rng), int(rng.integers(1, 13))
    days = calendar.monthrange(year, month)[1]
    topic = random_topic(corpus, 1, rng)
    dates = tuple(f"{year}-{month:02d}-{day:02d}" for day in range(1, days + 1))
    values = tuple(float(v) for v in rng.integers(1, 99, days))
    title = compose_title(corpus, topic, rng, "daily")
    return Content(Table(dates, (Series("", values),)), title)


def parallel(kind: ChartType, corpus: Corpus, rng: np.random.Generator) -> Content:
    """Several things on several scales: radar content fits."""
    return radar(kind, corpus, rng)


def tree(kind: ChartType, corpus: Corpus, rng: np.random.Generator) -> Content:
    """Groups and their members, every name once."""
    count = between(kind.categories, rng)
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
    parts = rng.dirichlet(np.full(leaves, 4.0)) * 0.7 + 0.3 / leaves
    scale = 100.0 if number.suffix else float(rng.integers(800, 9000))
    values = iter(rounded(parts * scale, number.decimals))
    nodes = tuple(
        Node(parent, children=tuple(Node(name, next(values)) for name in children))
        for parent, children in roots
    )
    return Content(Tree(nodes, number), compose_title(corpus, topic, rng, "trees"))


def flow(kind: ChartType, corpus: Corpus, rng: np.random.Generator) -> Content:
    """Links from sources to targets; none leads back."""
    title, _, ends = pick(corpus.phrases["flows"], rng).partition(":")
    left, _, right = ends.partition(">")
    sources = [name.strip() for name in left.split(",")]
    targets = [name.strip() for name in right.split(",")]
    pairs = [(a, b) for a in sources for b in targets]
    count = min(between(kind.categories, rng), len(pairs))
    chosen = np.sort(rng.choice(len(pairs), count, replace=False))
    links = tuple(Link(*pairs[int(i)], float(rng.integers(5, 400))) for i in chosen)
    if corpus.titles:
        title = pick(corpus.titles, rng)
    return Content(Flow(links), title)


def _named_title(
    corpus: Corpus, name: str, chinese: str, english: str, rng: np.random.Generator
) -> str:
    if corpus.titles:
        return pick(corpus.titles, rng)
    return f"{name}{chinese}" if corpus.lang == "zh" else f"{name}: {english}"


SHAPES: Mapping[str, Make] = {"summary": summary, "points": points, "tree": tree, "flow": flow}
SPECIAL: Mapping[str, Make] = {
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
