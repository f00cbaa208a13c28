"""Checks of a chart's marks: each value is linked to a mark and a label, and bars and points are
where the tick labels on the picture say.

Axes are fitted to the boxes of the tick labels, so that the check shares nothing with the code that
drew the chart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from vary_data.quality.validate.picture import RowProblem

LENGTHS = frozenset({"stacked_bar", "percent_bar", "waterfall"})
"""Types whose values are as long as their bars, wherever these begin."""
BARS = frozenset(
    {"bar", "horizontal_bar", "grouped_bar", "diverging_bar", "histogram", "pictorial_bar"}
)
"""Types whose bars begin at zero."""
POINTS = frozenset({"line", "multi_line", "step", "area", "dumbbell"})
"""Types whose points are at their values on one axis."""
UPRIGHT = frozenset({"histogram", "line", "multi_line", "step", "area"})
"""Types whose values are never from left to right; the ticks of a histogram there are the edges of
its bins, which are no names of the truth."""
PLANE = frozenset({"scatter", "bubble", "effect_scatter"})
MAX_ERROR = 4.0
"""Pixels by which a mark may be wrong: the middle of a tick label is not exactly at its tick."""
MAX_MISFIT = 3.0
"""Pixels by which tick labels may be off a straight line: otherwise they are no axis."""
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class _Axis:
    """A linear axis: `place` = `offset` + `slope` · value, in pixels along `side` (0 or 1)."""

    side: int
    offset: float
    slope: float
    unit: str

    def error(self, bbox: Sequence[float], value: float, how: str) -> float:
        """By how many pixels a box does not show a value."""
        low, high = bbox[self.side], bbox[self.side + 2]
        if how == "length":
            return abs((high - low) - abs(value * self.slope))
        wanted = self.offset + self.slope * value
        if how == "center":
            return abs((low + high) / 2 - wanted)
        return min(abs(low - wanted), abs(high - wanted))


def check_marks(
    truth: Mapping[str, Any], regions: Sequence[Mapping[str, Any]], meta: Mapping[str, Any]
) -> Iterator[RowProblem]:
    """The problems of the links in `meta.values` and of the marks they lead to.

    Rows without links (of older versions or other makers) have none.
    """
    entries = meta.get("values")
    if not isinstance(entries, list):
        return
    axes = _axes(truth, regions)
    linked = set()
    for entry in entries:
        if not isinstance(entry, dict) or not isinstance(entry.get("path"), list):
            yield "link", "an entry of meta.values has no path"
            continue
        path = tuple(map(str, entry["path"]))
        name = "/".join(path)
        value = _leaf(truth["values"], path)
        linked.add(path)
        if value is None:
            yield "link", f"{name!r} is linked but not in the truth"
            continue
        mark, label = (_region(regions, entry.get(key)) for key in ("mark", "label"))
        if (
            mark is None
            or mark["role"] != "mark"
            or mark["text"]
            not in (
                name,
                "/".join(path[:-1]),
            )
        ):
            yield "link", f"{name!r} has no mark"
            continue
        if "label" in entry and (label is None or _plain(value) not in _plain(label["text"])):
            yield "link", f"the label of {name!r} does not show {value!r}"
        how, key = _measure(str(meta.get("type")), path, truth)
        if (axis := axes.get(key)) and (number := _number(value, axis.unit)) is not None:
            step = _number(str(entry.get("step", "")), axis.unit) or _last_digit(value)
            error = axis.error(mark["bbox"], number, how)
            if error > MAX_ERROR + abs(axis.slope) * step / 2:
                yield "mark", f"the mark of {name!r} is {error:.1f} pixels off {value!r}"
    for path in _paths(truth["values"], ()):
        if path not in linked:
            yield "link", f"{'/'.join(path)!r} is not linked"


def _measure(chart_type: str, path: tuple[str, ...], truth: Mapping[str, Any]) -> tuple[str, str]:
    """How a mark shows its value, and on which axis; an empty axis if its box does not tell."""
    if chart_type in PLANE:
        return "center", path[-1] if path[-1] in ("x", "y") else ""
    if chart_type == "bar_line":
        return ("center", "y2") if path[0] == list(truth["values"])[-1] else ("end", "y")
    axis = "y" if chart_type in UPRIGHT else "values"
    if chart_type in LENGTHS:
        return "length", axis
    if chart_type in BARS:
        return "end", axis
    return ("center", axis) if chart_type in POINTS else ("", "")


def _axes(truth: Mapping[str, Any], regions: Sequence[Mapping[str, Any]]) -> dict[str, _Axis]:
    """The axes by name: `x`, `y`, `y2`, and `values` for the only one with values."""
    names = {_plain(part) for path in _paths(truth["values"], ()) for part in path}
    axes: dict[str, _Axis] = {}
    for key, side in (("x", 0), ("y", 1), ("y2", 1)):
        ticks = [r for r in regions if r["role"] == f"{key}_tick"]
        if not any(_plain(tick["text"]) in names for tick in ticks):
            axis = _fit(ticks, side)
            if axis is not None:
                axes[key] = axis
    only = axes.get("y") or axes.get("x")
    return axes | ({"values": only} if only and len({"x", "y"} & set(axes)) == 1 else {})


def _fit(ticks: Sequence[Mapping[str, Any]], side: int) -> _Axis | None:
    """The line through the middles of tick labels, None where they are no numbers on a line."""
    if len(ticks) < 2:
        return None
    unit = _unit(ticks[-1]["text"])
    numbers = [_number(tick["text"], unit) for tick in ticks]
    if any(number is None for number in numbers):
        return None
    places = [(tick["bbox"][side] + tick["bbox"][side + 2]) / 2 for tick in ticks]
    values = np.array(numbers, float)
    if np.ptp(values) == 0:
        return None
    slope, offset = np.polyfit(values, places, 1)
    if np.abs(offset + slope * values - places).max() > MAX_MISFIT:
        return None
    return _Axis(side, float(offset), float(slope), unit)


def _number(text: str, unit: str) -> float | None:
    """The number in a printed value of this unit; None for other texts."""
    found = _NUMBER.findall(text)
    if len(found) != 1 or _unit(text) != unit:
        return None
    return float(found[0].replace(",", "")) * (-1 if text.lstrip().startswith("-") else 1)


def _unit(text: str) -> str:
    """What is around the digits."""
    return "".join(_NUMBER.sub("", text).replace("-", "").split())


def _last_digit(value: str) -> float:
    """One unit of the last printed decimal."""
    (digits, *_) = _NUMBER.findall(value) or ("0",)
    return float(10 ** -len(digits.partition(".")[2]))


def _region(regions: Sequence[Mapping[str, Any]], index: Any) -> Mapping[str, Any] | None:
    inside = isinstance(index, int) and 0 <= index < len(regions)
    return regions[index] if inside and len(regions[index]["bbox"]) == 4 else None


def _leaf(values: Any, path: Sequence[str]) -> str | None:
    for name in path:
        values = values.get(name) if isinstance(values, dict) else None
    return values if isinstance(values, str) else None


def _paths(values: Any, above: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if isinstance(values, dict):
        for name, inner in values.items():
            yield from _paths(inner, (*above, name))
    else:
        yield above


def _plain(text: str) -> str:
    return "".join(text.split())
