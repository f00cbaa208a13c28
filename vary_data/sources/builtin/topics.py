"""The topics of the built-in generator, as listed in the text files next to this module."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class BuiltinTopic:
    """What can be charted: a title, a measure with its range, over which names, in which shape.

    `names` and `series` name lists, or are one of `months`, `quarters`, `years`, `weekdays`,
    `hours`; `series` is empty for a single one. `peak` is the month of a season's highest value.
    """

    title: str
    measure: str
    unit: str
    names: str
    low: float
    high: float
    shape: str
    peak: int
    series: str


@cache
def topics(lang: str) -> tuple[BuiltinTopic, ...]:
    """The topics of the built-in records in a language."""
    return tuple(_topic(line) for line in _lines(f"topics-{lang}.txt"))


@cache
def lists(lang: str) -> dict[str, tuple[str, ...]]:
    """The names that topics refer to, by the name of their list."""
    found = {}
    for line in _lines(f"lists-{lang}.txt"):
        name, _, items = line.partition(":")
        found[name.strip()] = tuple(item.strip() for item in items.split(";"))
    return found


def _topic(line: str) -> BuiltinTopic:
    title, measure, unit, names, span, shape, series = (part.strip() for part in line.split("|"))
    low, high = (float(end) for end in span.split("-"))
    word, _, peak = shape.partition(" ")
    series = "" if series == "-" else series
    return BuiltinTopic(title, measure, unit, names, low, high, word, int(peak or 0), series)


def _lines(name: str) -> list[str]:
    text = resources.files(__package__).joinpath(name).read_text("utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
