"""How hard a chart is to read: `effort`, and the level that it has by it.

The effort is the number of values that a reader must find: a printed value counts once, one that
is read off an axis twice. Each panel after the first adds a quarter to the sum of all, as its axes
must be read as well.
"""

from __future__ import annotations

import math
from typing import Any

from renderers.charts.catalog import CATALOG, ChartType
from renderers.charts.paths import mark_paths
from renderers.charts.spec import ChartSpec, Points, Summary

LEVELS = ("easy", "medium", "hard")
EASY_BELOW, HARD_FROM = 12, 30
"""Efforts: about a third of the charts of the default mix have each level."""
READ_OFF = 2
"""A value that is read off an axis counts as much as so many printed ones."""
PANEL = 0.25
POINT_FIGURES = 2
"""x and y."""


def value_count(spec: ChartSpec) -> int:
    """The values that a reader must find."""
    if isinstance(spec.data, Summary):
        return len(spec.data.categories) * len(spec.data.fields)
    marks = len(mark_paths(spec))
    return marks * _figures(CATALOG[spec.type]) if isinstance(spec.data, Points) else marks


def effort(values: int, *, printed: bool) -> int:
    """The effort of so many values of one chart."""
    return values if printed else values * READ_OFF


def level_of(amount: int) -> str:
    """The level of an effort."""
    return LEVELS[0] if amount < EASY_BELOW else LEVELS[2] if amount >= HARD_FROM else LEVELS[1]


def level(*charts: ChartSpec) -> str:
    """The level of a chart, or of a figure of several."""
    return str(describe_difficulty(*charts)["level"])


def describe_difficulty(*charts: ChartSpec) -> dict[str, Any]:
    """What a sample records of the difficulty of a chart, or of a figure of several; `printed` says
    whether all of their values are."""
    counts = [value_count(spec) for spec in charts]
    efforts = (effort(n, printed=c.labels) for n, c in zip(counts, charts, strict=True))
    amount = math.ceil(sum(efforts) * (1 + PANEL * (len(charts) - 1)))
    return {
        "level": level_of(amount),
        "effort": amount,
        "values": sum(counts),
        "printed": all(spec.labels for spec in charts),
        "panels": len(charts),
    }


def reaches(entry: ChartType, wanted: str) -> bool:
    """Whether charts of a type may have a level, by the least and the largest effort."""
    least, most = (entry.categories[i] * entry.series[i] * _figures(entry) for i in (0, 1))
    if entry.shape == "tree":
        # A group has two to about four members.
        least, most = least * 2, most * 4
    low = effort(least, printed=entry.labeled != "never")
    high = effort(most, printed=entry.labeled == "always")
    return LEVELS.index(level_of(low)) <= LEVELS.index(wanted) <= LEVELS.index(level_of(high))


def _figures(entry: ChartType) -> int:
    """The figures of each category or point."""
    if entry.shape == "points":
        return POINT_FIGURES + len(entry.fields)
    return len(entry.fields) or entry.named_figures or 1


def types_of(wanted: str) -> frozenset[str]:
    """The types whose charts may have a level."""
    return frozenset(name for name, entry in CATALOG.items() if reaches(entry, wanted))
