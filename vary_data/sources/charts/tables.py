"""Random content of tables: series over categories or times, and tables with special rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from renderers.charts.catalog import ChartType
from renderers.charts.spec import LINEAR_FORM, NumberFormat, Series, Table
from vary_data.sources.charts.content import ChartContent
from vary_data.sources.charts.courses import COURSES, course
from vary_data.sources.charts.description import (
    Description,
    category_count,
    compose_title,
    describe,
    fill,
    lower_first,
    other_measure,
    over_time,
    series_count,
    source_line,
    unit_note,
    with_groups,
    with_unit,
)
from vary_data.sources.charts.forms import (
    MISSING,
    axis_form,
    formed_columns,
    formed_series,
    with_missing,
)
from vary_data.sources.charts.numbers import (
    ValueRange,
    rounded,
    shares,
    time_series,
    unordered_values,
    value_range,
)
from vary_data.sources.corpus import ChartMeasure, Corpus

CHANGES = 0.2
"""Share of ordered charts that show changes of either sign."""
PARTS = 0.7
"""Share of pies and the like whose values are percentages."""
GROWTH = 0.5
"""Share of charts with two axes whose second one is the change of the first measure."""
MAX_GROWTH = 150
"""Percent; measures that grow faster are shown with another one."""
ADDED_TYPES = (
    "stacked_bar", "stacked_area", "theme_river", "horizontal_stacked_bar", "marimekko"
)  # fmt: skip
"""Types that add their values up, so that rates and averages make no sense in them."""
SIGNED_TYPES = ("bar", "horizontal_bar", "grouped_bar", "lollipop")
"""Types of unordered categories that sometimes show changes of either sign."""
CROSSINGS_TRIED = 12
"""Descriptions that are drawn until one can be crossed with a second subject."""
PERCENT = NumberFormat(1, suffix="%")

Make = Callable[[ChartType, Corpus, np.random.Generator], ChartContent]


def table(chart_type: ChartType, corpus: Corpus, rng: np.random.Generator) -> ChartContent:
    """Series over categories, or over time where the type is ordered."""
    count, n_series = category_count(chart_type, rng), series_count(chart_type, rng)
    if chart_type.ordered:
        return _over_time(chart_type, corpus, count, n_series, rng)
    if chart_type.whole and n_series > 1:
        return _parts_of_each(chart_type, corpus, count, n_series, rng)
    if chart_type.whole:
        return _parts(chart_type, corpus, count, rng)
    signed = chart_type.name == "diverging_bar" or (
        chart_type.name in SIGNED_TYPES and rng.random() < CHANGES
    )
    sort = "change" if signed else "amount" if chart_type.name in ADDED_TYPES else "level"
    description, purpose = describe(corpus, count, rng, sort), "title"
    if n_series > 1:
        years = chart_type.name not in ADDED_TYPES
        description = _crossed(corpus, count, n_series, sort, rng, years=years)
        purpose = "crossed" if description.group_subject else "years"
    count = len(description.members)
    limits = value_range(
        description.measure, corpus.lang, rng, unit_on_numbers=None if chart_type.axes else True
    )
    form, name = LINEAR_FORM, axis_form(chart_type, description.measure.sort, limits, rng)
    if name == "linear":
        columns = [unordered_values(limits, count, rng) for _ in range(n_series)]
    else:
        form, columns = formed_columns(name, limits, count, n_series, rng)
    data = _table(description.members, description.groups, columns, limits.number)
    if "missing" in chart_type.forms and name == "linear" and rng.random() < MISSING:
        data = with_missing(data, rng)
    content = _content(chart_type, corpus, description, data, limits.unit, purpose, rng)
    return replace(content, axis=form)


def bar_line(chart_type: ChartType, corpus: Corpus, rng: np.random.Generator) -> ChartContent:
    """An amount over time, and on the second axis its growth or another measure."""
    count = category_count(chart_type, rng)
    description = over_time(describe(corpus, 1, rng, "amount"), corpus, count, rng)
    measure = description.measure
    limits = value_range(measure, corpus.lang, rng)
    values = time_series(limits, count + 1, rng)
    # Relative change of the printed values, in percent.
    rates = rounded(np.diff(values) / np.asarray(values[:-1]) * 100, 1) if all(values) else ()
    if rng.random() < GROWTH and max(map(abs, rates), default=MAX_GROWTH) < MAX_GROWTH:
        name = fill(
            corpus.phrases["growth"][0],
            time=lower_first(description.period.word),
            measure=measure.name,
        )
        second, second_title = Series(name, rates, PERCENT), name + unit_note("%", corpus.lang)
    else:
        other = other_measure(description, corpus, rng, sorts=("rate",))
        scale = value_range(other, corpus.lang, rng)
        second = Series(other.name, time_series(scale, count, rng), scale.number)
        name, second_title = other.name, with_unit(other.name, scale.unit, corpus.lang)
    description = replace(description, others={"other": name})
    first = Series(measure.name, values[1:], limits.number)
    data = Table(description.period.times, (first, second))
    content = _content(chart_type, corpus, description, data, limits.unit, "two axes", rng)
    return replace(content, second_title=second_title)


def heatmap(chart_type: ChartType, corpus: Corpus, rng: np.random.Generator) -> ChartContent:
    """Names against times."""
    count, n_series = category_count(chart_type, rng), series_count(chart_type, rng)
    sort = "change" if rng.random() < CHANGES else "level"
    description = over_time(describe(corpus, n_series, rng, sort), corpus, count, rng)
    limits = value_range(description.measure, corpus.lang, rng, unit_on_numbers=False)
    columns = [time_series(limits, count, rng) for _ in range(n_series)]
    data = _table(description.period.times, description.members, columns, limits.number)
    content = _content(chart_type, corpus, description, data, limits.unit, "trend", rng)
    return replace(content, series_title=description.subject.label)


def pyramid(chart_type: ChartType, corpus: Corpus, rng: np.random.Generator) -> ChartContent:
    """Age bands by sex."""
    count = category_count(chart_type, rng)
    bands = corpus.phrases["bands"]
    first = int(rng.integers(0, len(bands) - count + 1))
    # The oldest are 30 to 80 % of the youngest.
    taper = np.linspace(1, rng.uniform(0.3, 0.8), count)
    in_percent = rng.random() < PARTS
    # Five to nine percent of the population each, or thousands of people, with 15 % of noise.
    low, high = (5, 9) if in_percent else (60, 400)
    series = []
    for name in corpus.phrases["genders"]:
        values = rng.uniform(low, high) * taper * rng.uniform(0.85, 1.15, count)
        number = PERCENT if in_percent else NumberFormat()
        series.append(Series(name, rounded(values, number.decimals), number))
    place = describe(corpus, 1, rng, accept=lambda subject: subject.dimension == "place")
    age, share, people = corpus.phrases["age titles"]
    return ChartContent(
        corpus.lang,
        (chart_type.name,),
        Table(bands[first : first + count], tuple(series)),
        compose_title(corpus, place, rng, "ages"),
        source_line(corpus, place.period, rng),
        share if in_percent else people,
        age,
        unit_in_title=not in_percent,
    )


def ratings(chart_type: ChartType, corpus: Corpus, rng: np.random.Generator) -> ChartContent:
    """Things rated for their qualities, all on one scale: radar and parallel coordinates."""
    count, n_series = category_count(chart_type, rng), series_count(chart_type, rng)
    qualities = {label: names.split(", ") for label, names in corpus.scenarios["ratings"]}
    description = describe(corpus, n_series, rng, accept=lambda subject: subject.label in qualities)
    known = qualities.get(description.subject.label, qualities["*"])
    chosen = rng.choice(len(known), min(count, len(known)), replace=False)
    # Marks out of ten, or out of a hundred; from three tenths of the scale: low marks are rare.
    ten = rng.random() < 0.4
    limits = ValueRange(3 if ten else 30, 10 if ten else 100, NumberFormat(1 if ten else 0), "")
    names = description.members if n_series > 1 else ("",)
    columns = [unordered_values(limits, len(chosen), rng) for _ in names]
    data = _table(tuple(known[int(i)] for i in chosen), names, columns, limits.number)
    purpose = "ratings" if n_series > 1 else "single ratings"
    content = _content(chart_type, corpus, description, data, "", purpose, rng)
    return replace(content, value_title=corpus.phrases["rating title"][0], category_title="")


def _over_time(
    chart_type: ChartType, corpus: Corpus, count: int, n_series: int, rng: np.random.Generator
) -> ChartContent:
    if "course" in chart_type.forms and rng.random() < COURSES:
        return course(chart_type, corpus, rng)
    added = chart_type.name in ADDED_TYPES
    signed = not chart_type.positive and rng.random() < CHANGES
    sort = "change" if signed else "amount" if added else "level"
    description = over_time(describe(corpus, n_series, rng, sort), corpus, count, rng)
    limits = value_range(description.measure, corpus.lang, rng)
    form, name = LINEAR_FORM, axis_form(chart_type, description.measure.sort, limits, rng)
    if name == "linear":
        columns = [time_series(limits, count, rng) for _ in range(n_series)]
    else:
        form, columns = formed_series(name, limits, count, n_series, rng)
    names = description.members if n_series > 1 else ()
    data = _table(description.period.times, names, columns, limits.number)
    purpose = "trend" if n_series > 1 else "single trend"
    content = _content(chart_type, corpus, description, data, limits.unit, purpose, rng)
    return replace(content, axis=form)


def _parts(
    chart_type: ChartType, corpus: Corpus, count: int, rng: np.random.Generator
) -> ChartContent:
    """Shares of a whole, or amounts that add up to one."""
    squares = chart_type.name == "waffle"
    in_percent = squares or rng.random() < PARTS
    description = describe(corpus, count, rng, "share" if in_percent else "amount")
    limits = value_range(description.measure, corpus.lang, rng, unit_on_numbers=True)
    number, values = limits.number, unordered_values(limits, count, rng)
    if in_percent:
        # One decimal in two of three cases; a square of a waffle is one percent.
        decimals = 0 if squares else int(rng.integers(0, 3) > 0)
        number, values = NumberFormat(decimals, suffix="%"), tuple(shares(count, decimals, rng))
    data = _table(description.members, (), [values], number)
    return _content(chart_type, corpus, description, data, limits.unit, "parts", rng)


def _parts_of_each(
    chart_type: ChartType, corpus: Corpus, count: int, n_series: int, rng: np.random.Generator
) -> ChartContent:
    """For each category, shares of 100 % by a second subject."""
    description = _crossed(corpus, count, n_series, "share", rng, years=False)
    decimals = int(rng.integers(0, 3) > 0)
    rows = [shares(n_series, decimals, rng, minimum=7.0) for _ in range(count)]
    columns = [tuple(column) for column in zip(*rows, strict=True)]
    number = NumberFormat(decimals, suffix="%")
    data = _table(description.members, description.groups, columns, number)
    return _content(chart_type, corpus, description, data, "", "crossed", rng)


def _crossed(
    corpus: Corpus, count: int, n_series: int, sort: str, rng: np.random.Generator, *, years: bool
) -> Description:
    """A description by two subjects, or by years where they make sense."""
    for _ in range(CROSSINGS_TRIED):
        description = describe(corpus, count, rng, sort)
        crossed = with_groups(description, corpus, n_series, rng, years=years)
        if crossed is not None:
            return crossed
    # A corpus without two subjects for one measure.
    crossed = with_groups(description, corpus, n_series, rng)
    assert crossed is not None
    return crossed


def _table(
    categories: Sequence[str],
    names: Sequence[str],
    columns: Sequence[Sequence[float]],
    number: NumberFormat,
) -> Table:
    """A mark of no height cannot be seen, so a zero becomes the smallest printed value."""
    least = 10.0**-number.decimals
    cleaned = [rounded([v or least for v in column], number.decimals) for column in columns]
    series = zip(names or ("",), cleaned, strict=True)
    return Table(tuple(categories), tuple(Series(name, c, number) for name, c in series))


def _content(
    chart_type: ChartType,
    corpus: Corpus,
    description: Description,
    data: Table,
    unit: str,
    purpose: str,
    rng: np.random.Generator,
) -> ChartContent:
    times = description.period.times and data.categories == description.period.times
    title = compose_title(corpus, description, rng, purpose)
    if not chart_type.has_value_title and not corpus.titles:
        # No axis could carry the unit.
        title = with_unit(title, unit, corpus.lang)
    return ChartContent(
        corpus.lang,
        (chart_type.name,),
        data,
        title,
        source_line(corpus, description.period, rng),
        measure_title(description.measure, unit, corpus.lang),
        description.period.word if times else description.subject.label,
        unit_in_title=bool(unit),
    )


def measure_title(measure: ChartMeasure, unit: str, lang: str) -> str:
    """What an axis calls a measure, with the unit that its numbers do not carry."""
    return with_unit(measure.name, unit, lang)


TABLES: Mapping[str, Make] = {
    "bar_line": bar_line,
    "heatmap": heatmap,
    "parallel": ratings,
    "pyramid": pyramid,
    "radar": ratings,
}
