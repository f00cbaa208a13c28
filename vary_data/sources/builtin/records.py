"""Built-in content: records on the listed topics, numbers in the topic's shape; other types are
made as random charts are, of built-in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from renderers.charts.catalog import CATALOG
from vary_data.sources.builtin.topics import BuiltinTopic, lists, topics
from vary_data.sources.charts.checks import problem
from vary_data.sources.charts.content import ChartContent
from vary_data.sources.charts.random_content import random_content
from vary_data.sources.corpus import built_in
from vary_data.sources.records.convert import record_content
from vary_data.sources.records.models import SeriesRecord, TableRecord

SORTED = 0.6
"""Proportion of rankings that are sorted."""

Floats = npt.NDArray[np.float64]

MONTHS = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "zh": tuple(f"{month}月" for month in range(1, 13)),
}
WEEKDAYS = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "zh": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
}
HOURS = tuple(f"{hour}:00" for hour in range(7, 23))
TIME_AXIS_TITLES = {
    "en": {"months": "Month", "quarters": "Quarter", "years": "Year", "weekdays": "Day"}
    | {"hours": "Time of day"},
    "zh": {"months": "月份", "quarters": "季度", "years": "年份", "weekdays": "星期"}
    | {"hours": "时刻"},
}
SOURCE_LINES = {
    "en": ("Source: own survey", "Source: annual report", "Data: statistics office", "Source: "
           "internal records", "Data: regional authority"),
    "zh": ("资料来源：统计公报", "数据来源：年度报告", "资料来源：问卷调查", "数据来源：主管部门"),
}  # fmt: skip
TOPIC_STRIDE = 73
"""A prime that divides neither list's length."""
TIME_LISTS = tuple(TIME_AXIS_TITLES["en"])
ORDERED_LISTS = (*TIME_LISTS, "weeks", "temperatures", "rounds")
TREND_SLOPES = {"rise": 1.0, "fall": -1.0, "climb": 1.0, "steady": 0.0}

SINGLE_SERIES_TYPES = ("bar", "horizontal_bar", "lollipop", "rose", "polar_bar", "pictorial_bar")
SINGLE_SERIES_TIME_TYPES = ("line", "area", "bar", "step")
MULTI_SERIES_TYPES = ("grouped_bar", "stacked_bar", "radar", "heatmap")
MULTI_SERIES_TIME_TYPES = ("multi_line", "stacked_area", "grouped_bar")
ADDITIVE_TYPES = ("stacked_bar", "stacked_area")
COUNTED_UNITS = (
    "seats", "medals", "goals", "launches", "deaths", "children", "species", "robots", "days",
    "席", "枚", "个", "人", "场", "只", "次", "家", "天", "件",
)  # fmt: skip
"""What is counted has no decimals, however small its range."""
RATE_UNITS = ("%", "°C", "℃", "points", "分", "t/ha", "公斤/亩", "cm", "厘米", "min")
TOPIC_TYPES = frozenset(
    {"pie", "donut"}.union(
        SINGLE_SERIES_TYPES, SINGLE_SERIES_TIME_TYPES, MULTI_SERIES_TYPES, MULTI_SERIES_TIME_TYPES
    )
)
OTHER_TYPES = tuple(name for name in CATALOG if name not in TOPIC_TYPES)
"""Types whose content the topics do not describe."""
EVERY_OTHER = 2
"""One record in so many has one of them."""


def builtin_content(
    number: int,
    lang: str,
    rng: np.random.Generator,
    notation: np.random.Generator | None = None,
    types: Sequence[str] = tuple(CATALOG),
) -> ChartContent:
    """Content `number`, on a topic or of one of the other types; both take turns.

    `notation` chooses how large numbers are printed, `types` are those that can be drawn.
    """
    turn, place = divmod(number, EVERY_OTHER)
    if place == 0:
        return record_content(builtin_record(turn, lang, rng), lang, notation)
    others = [name for name in OTHER_TYPES if name in types]
    type_ = others[turn % len(others)]
    corpus = built_in(lang)
    while True:
        # Records are drawn by any backend, as types that may have no other axis.
        content = random_content(type_, corpus, rng, frozenset())
        # Without a title, say.
        if problem(content) is None:
            return replace(content, topic=content.title)


def builtin_record(number: int, lang: str, rng: np.random.Generator) -> TableRecord:
    """Record `number`: topics take turns, everything else comes from the generator.

    Adjacent topics are similar, so step through the list with a stride.
    """
    all_topics = topics(lang)
    topic = all_topics[number * TOPIC_STRIDE % len(all_topics)]
    chart_type = _chart_type(topic, lang, rng)
    entry = CATALOG[chart_type]
    ordered = topic.names in ORDERED_LISTS
    # The last year of the chart.
    year = int(rng.integers(2012, 2025))
    categories = _names(topic.names, lang, entry.usual_categories, year, rng)
    series = _series_names(topic, lang, entry.usual_series, rng)
    columns = _columns(topic, len(categories), len(series), rng)
    decimals = _decimals(topic)
    if topic.shape == "share":
        columns = [_shares_to_100(column) for column in columns]
    elif topic.shape == "rank" and not ordered and rng.random() < SORTED:
        columns = [sorted(columns[0], reverse=True), *columns[1:]]
    return TableRecord(
        topic=topic.title,
        chart_type=chart_type,
        title=_title(topic, lang, year, rng),
        source=str(rng.choice(SOURCE_LINES[lang])) if rng.random() < 0.5 else "",
        x_title=TIME_AXIS_TITLES[lang].get(topic.names, "") if rng.random() < 0.5 else "",
        y_title=topic.measure,
        unit=topic.unit,
        categories=list(categories),
        series=[
            SeriesRecord(name=name, values=[round(float(v), decimals) for v in column])
            for name, column in zip(series, columns, strict=True)
        ],
    )


def _chart_type(topic: BuiltinTopic, lang: str, rng: np.random.Generator) -> str:
    if topic.shape == "share":
        pool: Sequence[str] = ("pie", "donut", "pie", "horizontal_bar", "bar")
    else:
        ordered = topic.names in ORDERED_LISTS
        if topic.series:
            pool = MULTI_SERIES_TIME_TYPES if ordered else MULTI_SERIES_TYPES
        else:
            pool = SINGLE_SERIES_TIME_TYPES if ordered else SINGLE_SERIES_TYPES
        # Rates and averages cannot be piled on each other.
        if topic.unit in RATE_UNITS:
            pool = [name for name in pool if name not in ADDITIVE_TYPES]
        if topic.series:
            known = len(lists(lang)[topic.series])
            pool = [name for name in pool if CATALOG[name].series[0] <= known]
    return str(rng.choice(list(pool)))


def _names(
    name: str, lang: str, limits: tuple[int, int], year: int, rng: np.random.Generator
) -> tuple[str, ...]:
    """As many names as the type takes; times in their order, without gaps."""
    low, high = limits
    if name in ORDERED_LISTS:
        times = _times(name, lang, year)
        count = len(times) if low <= len(times) <= high else min(high, len(times))
        start = int(rng.integers(len(times) - count + 1))
        return times[start : start + count]
    pool = lists(lang)[name]
    maximum = min(high, len(pool))
    count = int(rng.integers(min(low + 1, maximum), maximum + 1))
    return tuple(pool[i] for i in sorted(rng.permutation(len(pool))[:count]))


def _times(name: str, lang: str, year: int) -> tuple[str, ...]:
    if name == "months":
        return MONTHS[lang]
    if name == "weekdays":
        return WEEKDAYS[lang]
    if name == "hours":
        return HOURS
    if name == "quarters":
        if lang == "zh":
            # Four quarters a year.
            return tuple(f"{y}年{q}季度" for y in (year - 1, year) for q in range(1, 5))
        # Four quarters a year.
        return tuple(f"Q{q} {y}" for y in (year - 1, year) for q in range(1, 5))
    if name == "years":
        suffix = "年" if lang == "zh" else ""
        # Ten years.
        return tuple(f"{y}{suffix}" for y in range(year - 9, year + 1))
    return lists(lang)[name]


def _series_names(
    topic: BuiltinTopic, lang: str, limits: tuple[int, int], rng: np.random.Generator
) -> tuple[str, ...]:
    if not topic.series:
        return ("",)
    pool = lists(lang)[topic.series]
    count = int(rng.integers(max(2, limits[0]), min(limits[1], len(pool)) + 1))
    return tuple(pool[i] for i in sorted(rng.permutation(len(pool))[:count]))


def _columns(
    topic: BuiltinTopic, count: int, n_series: int, rng: np.random.Generator
) -> list[list[float]]:
    """Values between the topic's ends in its shape, series apart from each other by level."""
    span = topic.high - topic.low
    columns = []
    for _ in range(n_series):
        # Several series differ by level; a single one uses most of the range.
        level = rng.uniform(0.45, 1.0) if n_series > 1 else rng.uniform(0.75, 1.0)
        unit = np.clip(_shape(topic, count, rng) * level, 0.0, 1.0)
        columns.append((topic.low + span * unit).tolist())
    return columns


def _shape(topic: BuiltinTopic, count: int, rng: np.random.Generator) -> Floats:
    """A course within 0..1."""
    # Five percent of the range.
    noise = rng.normal(0.0, 0.05, count)
    steps = np.arange(count)
    if topic.shape == "season":
        # Twelve months.
        wave: Floats = np.cos((steps + 1 - topic.peak) / 12 * 2 * np.pi)
        # Noise must not leave the range often.
        return 0.5 + 0.42 * wave + noise
    if topic.shape == "peak":
        # Position and width of the main peak, in steps.
        center, width = rng.uniform(0.3, 0.8) * count, rng.uniform(0.12, 0.25) * count
        # A smaller peak at the beginning, as of a morning rush.
        second: Floats = rng.uniform(0.2, 0.5) * np.exp(-(((steps - 0.15 * count) / width) ** 2))
        first: Floats = np.exp(-(((steps - center) / width) ** 2))
        # Above zero outside the peaks, with less noise.
        return 0.08 + 0.8 * first + second + noise * 0.5
    if topic.shape in ("rank", "share"):
        # More small values than large ones, none at the ends of the range.
        return rng.beta(1.3, 1.6, count) * 0.95 + 0.03
    slope = TREND_SLOPES[topic.shape]
    # A rise begins low, a fall high, everything else in the middle.
    start = 0.12 if slope > 0 else 0.88 if slope < 0 else rng.uniform(0.35, 0.65)
    # From slowing to accelerating.
    bend = rng.uniform(0.7, 1.8)
    # Over three quarters of the range.
    trend: Floats = start + slope * 0.75 * (steps / max(count - 1, 1)) ** bend + noise
    return np.sort(trend) if topic.shape == "climb" else trend


def _shares_to_100(values: list[float]) -> list[float]:
    """Shares of one decimal that add up to exactly 100, the rounding borne by the largest."""
    total = sum(values)
    # At least half a percent: less could not be seen.
    shares = [max(0.5, round(value / total * 100, 1)) for value in values]
    largest = shares.index(max(shares))
    # The largest share absorbs the rounding.
    shares[largest] = round(100 - (sum(shares) - shares[largest]), 1)
    return shares


def _decimals(topic: BuiltinTopic) -> int:
    if topic.shape == "share":
        return 1
    whole = topic.low.is_integer() and topic.high.is_integer()
    if whole and (topic.unit in COUNTED_UNITS or topic.shape == "climb"):
        return 0
    span = topic.high - topic.low
    # Enough decimals for the values to differ.
    return 0 if span >= 60 else 1 if span >= 4 else 2


def _title(topic: BuiltinTopic, lang: str, year: int, rng: np.random.Generator) -> str:
    title = topic.title
    for place in ("city", "region", "country"):
        if f"{{{place}}}" in title:
            title = title.replace(f"{{{place}}}", str(rng.choice(lists(lang)[place])))
    return title.replace("{year}", str(year))
