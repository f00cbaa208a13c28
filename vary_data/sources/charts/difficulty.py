"""How hard a chart is to read: `effort`, and the level that it has by it.

The effort is the number of values that a reader must find: a printed value counts once, one that is
read off an axis twice. Each panel after the first adds a quarter, as its axes must be read as well.
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
    return marks * POINT_FIGURES if isinstance(spec.data, Points) else marks


def effort(values: int, *, printed: bool, panels: int = 1) -> int:
    """The effort of so many values."""
    return math.ceil(values * (1 if printed else READ_OFF) * (1 + PANEL * (panels - 1)))


def level_of(amount: int) -> str:
    """The level of an effort."""
    return LEVELS[0] if amount < EASY_BELOW else LEVELS[2] if amount >= HARD_FROM else LEVELS[1]


def level(spec: ChartSpec) -> str:
    """The level of a chart."""
    return level_of(effort(value_count(spec), printed=spec.labels))


def describe_difficulty(values: int, *, printed: bool, panels: int = 1) -> dict[str, Any]:
    """What a sample records of it."""
    amount = effort(values, printed=printed, panels=panels)
    return {
        "level": level_of(amount),
        "effort": amount,
        "values": values,
        "printed": printed,
        "panels": panels,
    }


def reaches(entry: ChartType, wanted: str) -> bool:
    """Whether charts of a type may have a level, by the least and the largest effort."""
    figures = {"summary": max(len(entry.fields), 2), "points": POINT_FIGURES}.get(entry.shape, 1)
    least, most = (entry.categories[i] * entry.series[i] * figures for i in (0, 1))
    if entry.shape == "tree":
        # A group has two to about four members.
        least, most = least * 2, most * 4
    low = effort(least, printed=entry.labeled != "never")
    high = effort(most, printed=entry.labeled == "always")
    return LEVELS.index(level_of(low)) <= LEVELS.index(wanted) <= LEVELS.index(level_of(high))


def types_of(wanted: str) -> frozenset[str]:
    """The types whose charts may have a level."""
    return frozenset(name for name, entry in CATALOG.items() if reaches(entry, wanted))
