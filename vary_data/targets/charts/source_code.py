"""What the writers of chart code share: the numbers of a chart, and Python literals of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vary_data.dataset.rejection import Rejected
from vary_data.targets.charts.chart import Chart
from vary_data.targets.printed import numbers

WIDTH = 92
"""Longer lists are written on several lines."""


@dataclass(frozen=True, slots=True)
class Column:
    """The values of a series: as numbers of Python, and as they are printed."""

    name: str
    numbers: tuple[str, ...]
    texts: tuple[str, ...]


def check_plain(chart: Chart, scales: Collection[str]) -> None:
    """Raises:
    Rejected: `annotations` if the chart has some, `axis` if an axis has none of these `scales`: the
        code would draw another picture.
    """
    if chart.annotations:
        raise Rejected("annotations", f"no code of {', '.join(chart.annotations)}")
    for facts in chart.axes.values():
        if facts.get("scale", "linear") not in scales:
            raise Rejected("axis", f"no code of a {facts['scale']} axis")


def ends_of(chart: Chart, axis: str) -> tuple[str, str] | None:
    """The ends of the axis `x` or `y` as code, where it leaves out zero and holds all values."""
    facts = chart.axes.get(axis, {})
    if facts.get("scale") != "log" and not facts.get("truncated"):
        return None
    low, high = float(facts["low"]), float(facts["high"])
    read = [t for path, t in chart.leaves() if chart.shape != "points" or path[-1] == axis]
    # Numbers of labels such as 2.1e5 are not in the units of the axis.
    found = [float(n) for n in digits(read, chart.printed_in)]
    return (f"{low:.12g}", f"{high:.12g}") if low <= min(found) <= max(found) <= high else None


def columns_of(chart: Chart) -> tuple[tuple[str, ...], list[Column]]:
    """The categories and series of a table or summary.

    Raises:
        Rejected: a value is no number, or the series have different categories.
    """
    series = chart.series()
    categories = tuple(category for category, _ in series[0][1])
    columns = []
    for name, values in series:
        if tuple(category for category, _ in values) != categories:
            raise Rejected("no-such-form", "the series have different categories")
        texts = tuple(text for _, text in values)
        columns.append(Column(name, digits(texts, chart.printed_in), texts))
    return categories, columns


def digits(texts: Sequence[str], lang: str) -> tuple[str, ...]:
    """The numbers of values of one unit that a language prints, as Python writes them.

    Raises:
        Rejected: a value is no number, or the units differ.
    """
    found = numbers(texts, lang)
    if found is None:
        raise Rejected("no-such-form", f"not all of {texts[0]!r}, … are numbers of one unit")
    return tuple(item.literal() for item in found)


def text(value: str) -> str:
    """A string literal in double quotes where that needs no escape."""
    plain = '"' not in value and "\\" not in value and value.isprintable()
    return f'"{value}"' if plain else repr(value)


def texts(values: Iterable[str], indent: int = 0) -> str:
    """A list of strings."""
    return items([text(value) for value in values], indent)


def items(values: Sequence[str], indent: int = 0, ends: str = "[]") -> str:
    """A list of code; one that is too long for a line is wrapped."""
    line = ", ".join(values)
    if len(line) + indent <= WIDTH:
        return ends[0] + line + ends[1]
    space = " " * (indent + 4)
    lines = [""]
    for value in values:
        if lines[-1] and len(lines[-1]) + len(value) + indent > WIDTH:
            lines.append("")
        lines[-1] += f" {value}," if lines[-1] else f"{value},"
    inner = "".join(f"{space}{line}\n" for line in lines)
    return f"{ends[0]}\n{inner}{' ' * indent}{ends[1]}"


def mapping(values: Mapping[str, str]) -> str:
    """A dict of strings to code, an entry for each line."""
    entries = "".join(f"    {text(name)}: {code},\n" for name, code in values.items())
    return f"{{\n{entries}}}"


def arguments(**given: Any) -> str:
    """Keyword arguments from code; those that are None are left out."""
    return "".join(f", {name}={code}" for name, code in given.items() if code is not None)
