"""Random content of diagrams: rankings, two times, maps, events, sets, organizations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from renderers.charts.catalog import SET_JOINT, ChartType
from renderers.charts.spec import (
    Flow,
    Link,
    Node,
    NumberFormat,
    Point,
    Points,
    PointSeries,
    Series,
    Table,
    Tree,
)
from renderers.charts.tile_grids import TILE_GRIDS
from vary_data.sources.charts.content import ChartContent
from vary_data.sources.charts.description import (
    category_count,
    compose_title,
    describe,
    fill,
    other_measure,
    over_time,
    pick,
    random_year,
    ready_title,
    series_count,
    source_line,
    with_ends,
    with_unit,
)
from vary_data.sources.charts.numbers import ValueRange, time_series, unordered_values, value_range
from vary_data.sources.charts.scenarios import scenario, scenario_content
from vary_data.sources.charts.tables import Make, measure_title, table
from vary_data.sources.corpus import Corpus

FIRST_EVENTS, LAST_EVENTS = 1890, 2024
"""Years of timelines."""
EMPTY_TILES = 0.15
"""Largest share of a map whose regions have no data."""


def slope(chart_type: ChartType, corpus: Corpus, rng: np.random.Generator) -> ChartContent:
    """Each series at two times."""
    count = series_count(chart_type, rng)
    description = over_time(describe(corpus, count, rng), corpus, 2, rng)
    limits = value_range(description.measure, corpus.lang, rng, unit_on_numbers=True)
    columns = [time_series(limits, 2, rng) for _ in range(count)]
    least = 10.0**-limits.number.decimals
    series = tuple(
        Series(name, tuple(v or least for v in column), limits.number)
        for name, column in zip(description.members, columns, strict=True)
    )
    title = compose_title(corpus, description, rng, "trend")
    if not corpus.titles:
        title = with_unit(title, limits.unit, corpus.lang)
    return ChartContent(
        corpus.lang,
        (chart_type.name,),
        Table(description.period.times, series),
        title,
        source_line(corpus, description.period, rng),
        measure_title(description.measure, limits.unit, corpus.lang),
        description.period.word,
    )


def bump(chart_type: ChartType, corpus: Corpus, rng: np.random.Generator) -> ChartContent:
    """Ranks over time: neighbors change places now and then."""
    count, n_series = category_count(chart_type, rng), series_count(chart_type, rng)
    description = over_time(describe(corpus, n_series, rng), corpus, count, rng)
    # Ranks of strengths that change by a part of their spread from time to time.
    strength = rng.normal(0, 1, n_series)
    ranks = []
    for _ in range(count):
        order = np.argsort(-strength)
        places = np.empty(n_series, int)
        places[order] = np.arange(1, n_series + 1)
        ranks.append(places)
        strength = strength + rng.normal(0, 0.35, n_series)
    series = tuple(
        Series(name, tuple(float(places[i]) for places in ranks))
        for i, name in enumerate(description.members)
    )
    return ChartContent(
        corpus.lang,
        (chart_type.name,),
        Table(description.period.times, series),
        compose_title(corpus, description, rng, "ranking"),
        source_line(corpus, description.period, rng),
        description.measure.name,
        description.period.word,
    )


def tile_map(chart_type: ChartType, corpus: Corpus, rng: np.random.Generator) -> ChartContent:
    """A measure of the regions of one map, a few of which may have no data."""
    number, where = scenario(corpus, "tiles", rng)
    regions = list(TILE_GRIDS.get(corpus.lang, TILE_GRIDS["en"])[int(number)])
    fewest = round(len(regions) * (1 - EMPTY_TILES))
    count = int(rng.integers(fewest, len(regions) + 1))
    kept = sorted(int(i) for i in rng.permutation(len(regions))[:count])
    description = describe(corpus, 1, rng, accept=lambda subject: subject.dimension == "place")
    limits = value_range(description.measure, corpus.lang, rng, unit_on_numbers=False)
    # Four digits fit into a tile.
    format_ = replace(limits.number, thousands=False)
    values = rng.permutation(unordered_values(limits, count, rng)).tolist()
    values = tuple(float(v) or 10.0**-format_.decimals for v in values)
    data = Table(tuple(regions[i] for i in kept), (Series("", values, format_),))
    year, measure = description.period.last, description.measure
    pattern = pick(corpus.phrases["tiles"], rng)
    title = ready_title(corpus, description.period, rng) or with_unit(
        fill(pattern, measure=measure.name, where=where, year=year), limits.unit, corpus.lang
    )
    return ChartContent(
        corpus.lang,
        (chart_type.name,),
        data,
        title,
        source_line(corpus, description.period, rng),
        measure_title(measure, limits.unit, corpus.lang),
    )


def timeline(chart_type: ChartType, corpus: Corpus, rng: np.random.Generator) -> ChartContent:
    """Events in their order, at least two years apart."""
    title, names = scenario(corpus, "timeline", rng)
    events = names.split(", ")
    count = min(category_count(chart_type, rng), len(events))
    first = int(rng.integers(0, len(events) - count + 1))
    gaps = rng.integers(2, 16, count - 1)
    begin = int(rng.integers(FIRST_EVENTS, LAST_EVENTS - int(gaps.sum()) + 1))
    years = begin + np.concatenate([[0], np.cumsum(gaps)])
    values = tuple(float(year) for year in years)
    data = Table(tuple(events[first : first + count]), (Series("", values),))
    last = max(int(values[-1]), random_year(rng))
    return scenario_content(chart_type, corpus, data, title, rng, year=last)


def venn(chart_type: ChartType, corpus: Corpus, rng: np.random.Generator) -> ChartContent:
    """How many are in which of two or three sets, and in no other."""
    title, unit, names = scenario(corpus, "venn", rng)
    sets = names.split(", ")
    if rng.random() < 0.5:
        sets = [sets[int(i)] for i in sorted(rng.permutation(3)[:2])]
    members = [
        [name for bit, name in enumerate(sets) if number >> bit & 1]
        for number in range(1, 2 ** len(sets))
    ]
    members.sort(key=lambda inside: (len(inside), [sets.index(name) for name in inside]))
    size = float(rng.choice([20, 60, 200]))
    # The more sets, the fewer.
    values = tuple(
        float(max(1, round(size * rng.uniform(0.4, 1.3) / len(inside) ** 1.3)))
        for inside in members
    )
    data = Table(tuple(SET_JOINT.join(inside) for inside in members), (Series("", values),))
    title = title if corpus.titles else with_unit(title, unit, corpus.lang)
    return scenario_content(chart_type, corpus, data, title, rng)


def org_chart(chart_type: ChartType, corpus: Corpus, rng: np.random.Generator) -> ChartContent:
    """The people in each team of each unit."""
    title, names = scenario(corpus, "org", rng)
    teams = {unit: listed.split(", ") for unit, listed in corpus.scenarios["team"]}
    units = names.split(", ")
    count = min(category_count(chart_type, rng), len(units))
    roots = tuple(
        Node(
            units[int(i)],
            children=tuple(Node(team, float(rng.integers(2, 60))) for team in teams[units[int(i)]]),
        )
        for i in sorted(rng.permutation(len(units))[:count])
    )
    return scenario_content(chart_type, corpus, Tree(roots, NumberFormat()), title, rng)


def flowchart(chart_type: ChartType, corpus: Corpus, rng: np.random.Generator) -> ChartContent:
    """How many go from step to step, and how many leave at each."""
    title, steps, reasons = scenario(corpus, "flowchart", rng)
    names, exits = steps.split(", "), reasons.split(", ")
    # The first and the last step are there: titles name them (`From order to delivery`).
    count = int(rng.integers(3, min(len(names), len(exits) + 1, 5) + 1))
    kept = with_ends(min(len(names), len(exits) + 1), count, rng)
    names, exits = [names[i] for i in kept], [exits[i] for i in kept[:-1]]
    left = int(rng.integers(80, 2000))
    links = []
    for i in range(count - 1):
        # Some steps have no exit.
        leaves = i == 0 or rng.random() < 0.85
        lost = max(1, round(left * rng.uniform(0.05, 0.3))) if leaves else 0
        links.append(Link(names[i], names[i + 1], float(left - lost)))
        if leaves:
            links.append(Link(names[i], exits[i], float(lost)))
        left -= lost
    data = Flow(tuple(links), NumberFormat(0, prefix="n = " if rng.random() < 0.4 else ""))
    return scenario_content(chart_type, corpus, data, title, rng)


def table_chart(chart_type: ChartType, corpus: Corpus, rng: np.random.Generator) -> ChartContent:
    """Bars with a table of their values; half of them along time."""
    ordered = bool(rng.random() < 0.5)
    content = table(replace(chart_type, ordered=ordered), corpus, rng)
    assert isinstance(content.data, Table)
    several = len(content.data.series) > 1
    below = rng.random() < (0.6 if several else 0.35)
    data = replace(content.data, listed="below" if below else "beside")
    return replace(content, data=data)


def hexbin(chart_type: ChartType, corpus: Corpus, rng: np.random.Generator) -> ChartContent:
    """Counts of observations of two measures in hexagons of the plane."""
    description = describe(corpus, 2, rng)
    other = other_measure(description, corpus, rng)
    x_limits = value_range(description.measure, corpus.lang, rng)
    y_limits = value_range(other, corpus.lang, rng)
    columns, rows = int(rng.integers(4, 7)), int(rng.integers(3, 6))
    xs = _lattice(x_limits, 2 * columns, even=True)
    ys = _lattice(y_limits, rows, even=False)
    slope, size = float(rng.choice([-1, 1])), float(rng.choice([12, 40, 150, 900]))
    points: list[Point] = []
    while len(points) < chart_type.categories[0]:
        points = []
        for r, y in enumerate(ys):
            for x in xs[r % 2 :: 2]:
                across, along = x / xs[-1] - 0.5, r / max(1, rows - 1) - 0.5
                dense = np.exp(-6 * (along - slope * across) ** 2 - 2 * across**2)
                number = round(size * dense * rng.uniform(0.6, 1.2))
                if number:
                    points.append(Point(x, y, float(number)))
        # Too few hexagons have any: there are more observations.
        size *= 2
    most = sorted(points, key=lambda point: -(point.size or 0))[: chart_type.categories[1]]
    data = Points(
        (PointSeries("", tuple(sorted(most, key=lambda p: (p.x, p.y)))),),
        x_limits.number,
        y_limits.number,
    )
    description = replace(description, others={"other": other.name}, groups=("",))
    return ChartContent(
        corpus.lang,
        (chart_type.name,),
        data,
        compose_title(corpus, description, rng, "relation"),
        source_line(corpus, description.period, rng),
        measure_title(other, y_limits.unit, corpus.lang),
        measure_title(description.measure, x_limits.unit, corpus.lang),
        unit_in_title=True,
    )


def _lattice(limits: ValueRange, count: int, *, even: bool) -> list[float]:
    """So many values at equal distances, exact in the format of their numbers."""
    least = 10.0**-limits.number.decimals
    step = max(least, round((limits.high - limits.low) / (count + 2) / least) * least)
    start = round(limits.low / least) * least + step
    return [round(start + step * i, limits.number.decimals) for i in range(count)]


FIGURES: Mapping[str, Make] = {
    "bump": bump,
    "flowchart": flowchart,
    "hexbin": hexbin,
    "org_chart": org_chart,
    "slope": slope,
    "table_chart": table_chart,
    "tile_map": tile_map,
    "timeline": timeline,
    "venn": venn,
}
