"""From a record to content: `record_content`."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from renderers.charts.catalog import CATALOG, GRIDS
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
from vary_data.sources.charts.checks import problem
from vary_data.sources.charts.content import ChartContent
from vary_data.sources.charts.description import unit_note
from vary_data.sources.charts.number_format import IndistinctValues, number_format
from vary_data.sources.charts.times import are_times
from vary_data.sources.records.models import (
    FlowRecord,
    PointsRecord,
    Record,
    RecordProblem,
    SummaryRecord,
    TableRecord,
    TreeRecord,
    TwoAxesRecord,
)

MAX_ABSOLUTE_VALUE = 1e12
MIN_ABSOLUTE_VALUE = 1e-12
PERCENT = "%"
SHARE_DECIMALS = 1
"""Of shares that are computed from amounts."""
LONG_UNIT = 10
"""Characters; longer units are not repeated with every number."""
SOFT_HYPHEN = "\u00ad"

INTERCHANGEABLE_TYPES = (
    ("bar", "horizontal_bar", "lollipop", "polar_bar", "pictorial_bar", "rose"),
    ("grouped_bar", "stacked_bar", "radar", "heatmap"),
    ("line", "area", "step", "bar"),
    ("multi_line", "stacked_area", "grouped_bar", "step", "theme_river"),
    ("pie", "donut"),
    ("treemap", "sunburst"),
    ("sankey", "graph"),
)
"""Groups of types in which one content reads equally well."""
ADDED_TYPES = frozenset(
    {"stacked_bar", "stacked_area", "theme_river", "horizontal_stacked_bar", "marimekko"}
)
"""Types that add values up: not for rates, averages and temperatures."""
RATE_UNITS = ("°C", "℃", "°F", "points", "point", "分", "cm", "厘米", "min", "分钟")

Rng = np.random.Generator


def record_content(record: Record, lang: str, rng: Rng | None = None) -> ChartContent:
    """The content of a record; `rng` chooses between notations of large numbers.

    Raises:
        RecordProblem: something is wrong with it; the reason is that of
            `vary_data.sources.charts.checks`, or one of the numbers'.
    """
    try:
        content = _content(record, lang, rng)
    except IndistinctValues as error:
        raise RecordProblem("indistinct-values", str(error)) from None
    found = problem(content)
    if found is not None:
        raise RecordProblem(found.reason, found.detail)
    return replace(content, types=fitting_types(content, record.unit))


def fitting_types(content: ChartContent, unit: str) -> tuple[str, ...]:
    """The types that show this content as well as its own does, its own first."""
    own = content.types[0]
    others = dict.fromkeys(
        name for group in INTERCHANGEABLE_TYPES if own in group for name in group if name != own
    )
    own_ordered = CATALOG[own].ordered
    timed = isinstance(content.data, Table) and are_times(content.data.categories, content.lang)
    rate = unit.strip() in RATE_UNITS or PERCENT in unit or "/" in unit
    return (
        own,
        *(
            name
            for name in others
            if not (rate and name in ADDED_TYPES)
            # A line between two cities would mean nothing.
            and (own_ordered or timed or not CATALOG[name].ordered)
            # Only the title of a value axis holds the unit.
            and (not content.unit_in_title or (CATALOG[name].axes and name not in GRIDS))
            and problem(content, name) is None
        ),
    )


def clean(text: str) -> str:
    """The text with plain spaces, without soft hyphens, composed: as a reader sees it."""
    spaced = "".join(" " if unicodedata.category(c) == "Zs" else c for c in text)
    return " ".join(
        unicodedata.normalize("NFC", spaced.replace(SOFT_HYPHEN, "")).split(" ")
    ).strip()


def _content(record: Record, lang: str, rng: Rng | None) -> ChartContent:
    base = ChartContent(
        lang,
        (record.chart_type,),
        Table((), ()),
        clean(record.title),
        clean(record.source),
        clean(record.y_title),
        clean(record.x_title),
        topic=record.topic,
    )
    match record:
        case TwoAxesRecord():
            return _two_axes(base, record, rng)
        case TableRecord():
            return _table(base, record, rng)
        case SummaryRecord():
            flat = [value for row in record.rows for value in row]
            base, unit = _unit_placed(base, record.unit)
            number, printed = _printed(flat, unit, lang, rng)
            numbers = iter(printed)
            rows = tuple(tuple(next(numbers) for _ in row) for row in record.rows)
            fields = tuple(map(clean, record.fields))
            return replace(base, data=Summary(_names(record.categories), fields, rows, number))
        case PointsRecord():
            return _points(base, record, rng)
        case TreeRecord():
            flat = [member.value for group in record.groups for member in group.members]
            number, printed = _printed(flat, record.unit, lang, rng)
            numbers = iter(printed)
            groups = tuple(
                Node(
                    clean(group.name),
                    children=tuple(Node(clean(m.name), next(numbers)) for m in group.members),
                )
                for group in record.groups
            )
            return replace(base, data=Tree(groups, number))
        case FlowRecord():
            number, printed = _printed(
                [link.value for link in record.links], record.unit, lang, rng
            )
            links = tuple(
                Link(clean(link.source), clean(link.target), value)
                for link, value in zip(record.links, printed, strict=True)
            )
            return replace(base, data=Flow(links, number))


def _table(base: ChartContent, record: TableRecord, rng: Rng | None) -> ChartContent:
    columns, unit = [item.values for item in record.series], record.unit
    if record.chart_type == "percent_bar" and unit.strip() != PERCENT:
        columns, unit = _shares_of_each(columns), PERCENT
        base = replace(base, value_title=base.value_title + unit_note(PERCENT, base.lang))
    base, unit = _unit_placed(base, unit)
    number, printed = _printed([v for column in columns for v in column], unit, base.lang, rng)
    numbers = iter(printed)
    single = len(record.series) == 1
    series = tuple(
        Series("" if single else clean(item.name), tuple(next(numbers) for _ in column), number)
        for item, column in zip(record.series, columns, strict=True)
    )
    return replace(base, data=Table(_names(record.categories), series))


def _two_axes(base: ChartContent, record: TwoAxesRecord, rng: Rng | None) -> ChartContent:
    units = (record.unit, *[record.unit2] * (len(record.series) - 1))
    series = []
    for item, unit in zip(record.series, units, strict=False):
        number, printed = _printed(item.values, unit, base.lang, rng)
        series.append(Series(clean(item.name), printed, number))
    data = Table(_names(record.categories), tuple(series))
    return replace(base, data=data, second_title=clean(record.y2_title))


def _points(base: ChartContent, record: PointsRecord, rng: Rng | None) -> ChartContent:
    points = [point for series in record.series for point in series.points]
    x_number, xs = _printed([p.x for p in points], record.x_unit, base.lang, rng)
    y_number, ys = _printed([p.y for p in points], record.unit, base.lang, rng)
    sizes = [p.size for p in points if p.size is not None]
    size_number, printed_sizes = _printed(sizes, record.size_unit, base.lang, rng)
    sized = record.chart_type == "bubble"
    if sized and len(sizes) < len(points):
        raise RecordProblem("wrong-shape", "every bubble needs a size")
    if any(size <= 0 for size in sizes):
        raise RecordProblem("negative-value", "a size must be above zero")
    labeled = CATALOG[record.chart_type].labeled == "always"
    if labeled and not all(clean(p.label) for p in points):
        raise RecordProblem("wrong-shape", f"every point of {record.chart_type} needs a label")
    numbers = iter(zip(xs, ys, printed_sizes if sized else [None] * len(points), strict=True))
    single = len(record.series) == 1
    series = tuple(
        PointSeries(
            "" if single else clean(item.name),
            tuple(
                Point(*next(numbers), clean(point.label) if labeled else "")
                for point in item.points
            ),
        )
        for item in record.series
    )
    return replace(base, data=Points(series, x_number, y_number, size_number))


def _unit_placed(base: ChartContent, unit: str) -> tuple[ChartContent, str]:
    """The content and the unit that its numbers carry: a long unit goes into the title of the value
    axis, where the type has one."""
    unit = clean(unit)
    type_ = base.types[0]
    if len(unit) <= LONG_UNIT or not CATALOG[type_].axes or type_ in GRIDS:
        return base, unit
    title = base.value_title + unit_note(unit, base.lang) if base.value_title else unit
    return replace(base, value_title=title.strip(), unit_in_title=True), ""


def _names(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(map(clean, names))


def _printed(
    values: Sequence[float], unit: str, lang: str, rng: Rng | None
) -> tuple[NumberFormat, tuple[float, ...]]:
    for value in values:
        if not math.isfinite(value) or abs(value) > MAX_ABSOLUTE_VALUE:
            raise RecordProblem("implausible-value", f"{value:g}")
        if 0 < abs(value) < MIN_ABSOLUTE_VALUE:
            raise RecordProblem("implausible-value", f"{value:g}")
    return number_format(values, clean(unit), lang, rng)


def _shares_of_each(columns: Sequence[Sequence[float]]) -> list[list[float]]:
    """For each category, its values as percentages that add up to 100 as printed."""
    if len({len(column) for column in columns}) != 1:
        raise RecordProblem("wrong-shape", "the series have different numbers of values")
    rows = []
    for row in zip(*columns, strict=True):
        if any(not math.isfinite(value) for value in row):
            raise RecordProblem("implausible-value", "a value is not finite")
        if min(row) < 0 or sum(row) <= 0:
            raise RecordProblem("empty-part", f"{min(row):g} in percent_bar")
        parts = [round(value / sum(row) * 100, SHARE_DECIMALS) for value in row]
        largest = parts.index(max(parts))
        # The largest share absorbs the error of rounding.
        parts[largest] = round(100 - (sum(parts) - parts[largest]), SHARE_DECIMALS)
        rows.append(parts)
    return [list(column) for column in zip(*rows, strict=True)]
