"""A chart record: coherent content for one chart, written by a language model or a generator.

A record is data, never code. Its author is not trusted: `problem` names what is wrong with
one, and only records without a problem become charts.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence

from pydantic import BaseModel, ConfigDict, Field

from renderers.charts.catalog import CATALOG, ChartType
from renderers.charts.spec import ChartSpec, NumberFormat, Series, Table

ROUNDING = 1e-9
"""Floating-point errors of values below this are no decimals."""
GROUPED_FROM = 10_000
"""Numbers from here on have thousands separators in English."""
MAX_UNIT, MORE_FOR_AXES = 12, 8
"""Characters: of a unit, and of an axis title beyond those of a name."""
MAX_PERCENTAGE = 1000
WHOLE = 100
"""Percent."""

CHINESE_CHARACTER = re.compile(r"[\u3400-\u9fff]")
NUMBER = re.compile(r"\d[\d,]*\.?\d*")
CONTROL_CHARACTERS = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\ufeff\ufffd]")
YEARS = range(1800, 2101)

MAX_TITLE = {"en": 90, "zh": 40}
MAX_NAME = {"en": 32, "zh": 16}
MAX_ABSOLUTE_VALUE = 1e12

TYPES = tuple(
    entry.name
    for entry in CATALOG.values()
    if entry.shape == "table"
    and entry.name not in ("calendar", "parallel", "histogram", "waterfall", "gauge", "bar_line")
)
"""The chart types that a record can ask for: values by series and category, all in one unit."""

INTERCHANGEABLE_TYPES = (
    ("bar", "horizontal_bar", "lollipop", "polar_bar", "pictorial_bar", "rose"),
    ("grouped_bar", "stacked_bar", "radar", "heatmap"),
    ("line", "area", "step", "bar"),
    ("multi_line", "stacked_area", "grouped_bar", "step"),
    ("pie", "donut"),
)
"""Groups of types in which one record reads equally well."""


class SeriesRecord(BaseModel):
    """One series: a name (may be empty when there is only one) and a value per category."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    values: list[float]


class ChartRecord(BaseModel):
    """The content of a chart. Texts that the chart does not have are empty."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    topic: str
    chart_type: str = Field(json_schema_extra={"enum": list(TYPES)})
    title: str
    source: str
    x_title: str
    y_title: str
    unit: str
    categories: list[str]
    series: list[SeriesRecord]


def problem(record: ChartRecord, lang: str) -> str:
    """What is wrong with a record, as a short fixed word; empty when nothing is."""
    return next(_problems(record, lang), "")


def to_spec(record: ChartRecord, lang: str, chart_type: str, labels: bool) -> ChartSpec:
    """The specification of a record without problems, drawn as `chart_type` (which must fit)."""
    number = number_format(record, lang)
    series = tuple(
        Series(item.name.strip(), tuple(round(v, number.decimals) for v in item.values), number)
        for item in record.series
    )
    if len(series) == 1:
        series = (Series("", series[0].values, number),)
    axes = CATALOG[chart_type].axes
    return ChartSpec(
        type=chart_type,
        lang=lang,
        data=Table(tuple(name.strip() for name in record.categories), series),
        title=record.title.strip() or None,
        source=record.source.strip() or None,
        x_title=(record.x_title.strip() or None) if axes else None,
        y_title=(record.y_title.strip() or None) if axes else None,
        labels=labels,
    )


def fitting_types(record: ChartRecord) -> tuple[str, ...]:
    """The types that show this record as well as its own does, its own first."""
    record_type = record.chart_type
    interchangeable = [
        name for group in INTERCHANGEABLE_TYPES if record_type in group for name in group
    ]
    return (
        record_type,
        *(name for name in interchangeable if name != record_type and _fits(CATALOG[name], record)),
    )


def number_format(record: ChartRecord, lang: str) -> NumberFormat:
    """As many decimals as the values need (two at most), and the unit next to the number."""
    values = [value for item in record.series for value in item.values]
    decimals = next((d for d in (0, 1) if all(abs(v - round(v, d)) < ROUNDING for v in values)), 2)
    unit = record.unit.strip()
    prefix = unit if unit in ("$", "€", "£", "¥") else ""
    without_space = lang == "zh" or unit in ("%", "°C", "°F", "‰")
    suffix = "" if prefix or not unit else unit if without_space else f" {unit}"
    large = max(abs(v) for v in values) >= GROUPED_FROM
    return NumberFormat(decimals, thousands=large and lang == "en", prefix=prefix, suffix=suffix)


def _problems(record: ChartRecord, lang: str) -> Iterator[str]:
    if record.chart_type not in TYPES:
        yield "unknown-type"
        return
    entry = CATALOG[record.chart_type]
    if not _fits(entry, record):
        yield "wrong-shape"
        return
    series = [item.name for item in record.series] if len(record.series) > 1 else []
    names = [*record.categories, *series]
    texts = [record.title, record.source, record.x_title, record.y_title, record.unit, *names]
    if any(CONTROL_CHARACTERS.search(text) for text in texts):
        yield "control-character"
    if not record.title.strip() or len(record.title) > MAX_TITLE[lang]:
        yield "title-length"
    if any(not 0 < len(name.strip()) <= MAX_NAME[lang] for name in names):
        yield "name-length"
    if (
        len(record.unit) > MAX_UNIT
        or max(len(record.x_title), len(record.y_title)) > MAX_NAME[lang] + MORE_FOR_AXES
    ):
        yield "axis-length"
    if len(record.source) > MAX_TITLE[lang]:
        yield "source-length"
    if _repeats(record.categories) or _repeats(series):
        yield "repeated-name"
    if _wrong_script(texts, lang):
        yield "wrong-language"
    yield from _value_problems(record, entry)
    if not _title_agrees(record):
        yield "title-contradicts"


def _value_problems(record: ChartRecord, entry: ChartType) -> Iterator[str]:
    values = [value for item in record.series for value in item.values]
    if any(not math.isfinite(v) or abs(v) > MAX_ABSOLUTE_VALUE for v in values):
        yield "implausible-value"
        return
    percent = record.unit.strip() == "%"
    if entry.positive and any(v < 0 for v in values):
        yield "negative-value"
    if percent and any(abs(v) > MAX_PERCENTAGE for v in values):
        yield "implausible-percentage"
    if len(values) > 1 and len(set(values)) == 1:
        yield "constant-values"
    if entry.whole and any(v <= 0 for v in values):
        yield "empty-part"
    if entry.whole and percent and any(abs(total - WHOLE) > 1 for total in _totals(record)):
        yield "parts-do-not-sum"


def _totals(record: ChartRecord) -> list[float]:
    """What must be whole: the only series (a pie), or every category's stack (percent bars)."""
    if len(record.series) == 1:
        return [sum(record.series[0].values)]
    return [sum(item.values[i] for item in record.series) for i in range(len(record.categories))]


def _fits(entry: ChartType, record: ChartRecord) -> bool:
    count = len(record.categories)
    return (
        entry.categories[0] <= count <= entry.categories[1]
        and entry.series[0] <= len(record.series) <= entry.series[1]
        and all(len(item.values) == count for item in record.series)
    )


def _repeats(names: Sequence[str]) -> bool:
    folded = ["".join(name.split()).casefold() for name in names]
    return len(set(folded)) < len(folded)


def _wrong_script(texts: Sequence[str], lang: str) -> bool:
    """A Chinese title has Han characters; an English chart has none anywhere."""
    if lang == "zh":
        return not CHINESE_CHARACTER.search(texts[0])
    return any(CHINESE_CHARACTER.search(text) for text in texts)


def _title_agrees(record: ChartRecord) -> bool:
    """Every number in the title is a year, a number of the data, or a count of what is there."""
    known = {float(len(record.categories)), float(len(record.series))}
    known.update(abs(value) for item in record.series for value in item.values)
    for text in (*record.categories, *(s.name for s in record.series), record.unit, record.y_title):
        known.update(_numbers(text))
    years = [number for name in record.categories for number in _numbers(name) if number in YEARS]
    return all(
        number in known or (number in YEARS and (not years or min(years) <= number <= max(years)))
        for number in _numbers(record.title)
    )


def _numbers(text: str) -> list[float]:
    return [float(match.replace(",", "").rstrip(".")) for match in NUMBER.findall(text)]
