"""Axes fitted to the boxes of the tick labels on a picture, and numbers in printed values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

MAX_MISFIT = 3.0
"""Pixels by which tick labels may be off a straight line: otherwise they are no axis."""
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Axis:
    """A linear axis: `place` = `offset` + `slope` · value, in pixels along `side` (0 or 1)."""

    side: int
    offset: float
    slope: float
    unit: str

    def error(self, bbox: Sequence[float], value: float, how: str) -> float:
        """By how many pixels a box does not show a value: by its `length`, its `center`, its `low`
        or `high` side, or by any `end`."""
        low, high = bbox[self.side], bbox[self.side + 2]
        if how == "length":
            return abs((high - low) - abs(value * self.slope))
        wanted = self.offset + self.slope * value
        if how in ("low", "high"):
            far = low if (how == "high") == (self.slope < 0) else high
            return abs(far - wanted)
        if how == "center":
            return abs((low + high) / 2 - wanted)
        return min(abs(low - wanted), abs(high - wanted))


def fitted_axes(truth: Mapping[str, Any], regions: Sequence[Mapping[str, Any]]) -> dict[str, Axis]:
    """The axes by name: `x`, `y`, `y2`, and `values` for the only one with values."""
    names = {plain(part) for path in paths(truth["values"], ()) for part in path}
    axes: dict[str, Axis] = {}
    for key, side in (("x", 0), ("y", 1), ("y2", 1)):
        ticks = [r for r in regions if r["role"] == f"{key}_tick"]
        if not any(plain(tick["text"]) in names for tick in ticks):
            axis = fit(ticks, side)
            if axis is not None:
                axes[key] = axis
    only = axes.get("y") or axes.get("x")
    return axes | ({"values": only} if only and len({"x", "y"} & set(axes)) == 1 else {})


def fit(ticks: Sequence[Mapping[str, Any]], side: int) -> Axis | None:
    """The line through the middles of tick labels, None where they are no numbers on a line."""
    if len(ticks) < 2:
        return None
    unit = _unit(ticks[-1]["text"])
    numbers = [number_of(tick["text"], unit) for tick in ticks]
    if any(number is None for number in numbers):
        return None
    places = [(tick["bbox"][side] + tick["bbox"][side + 2]) / 2 for tick in ticks]
    values = np.array(numbers, float)
    if np.ptp(values) == 0:
        return None
    slope, offset = np.polyfit(values, places, 1)
    if np.abs(offset + slope * values - places).max() > MAX_MISFIT:
        return None
    return Axis(side, float(offset), float(slope), unit)


def number_of(text: str, unit: str) -> float | None:
    """The number in a printed value of this unit; None for other texts."""
    found = _NUMBER.findall(text)
    if len(found) != 1 or _unit(text) != unit:
        return None
    return float(found[0].replace(",", "")) * (-1 if text.lstrip().startswith("-") else 1)


def any_number(text: str) -> float | None:
    """The number in a printed value, whatever its unit; None for other texts."""
    return number_of(text, _unit(text))


def _unit(text: str) -> str:
    """What is around the digits."""
    return "".join(_NUMBER.sub("", text).replace("-", "").split())


def last_digit(value: str) -> float:
    """One unit of the last printed decimal."""
    (digits, *_) = _NUMBER.findall(value) or ("0",)
    return float(10 ** -len(digits.partition(".")[2]))


def paths(values: Any, above: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The keys that lead to each value of a ground truth, from the outermost on."""
    if isinstance(values, dict):
        for name, inner in values.items():
            yield from paths(inner, (*above, name))
    else:
        yield above


def plain(text: str) -> str:
    """A text without white space: labels may be wrapped."""
    return "".join(text.split())
