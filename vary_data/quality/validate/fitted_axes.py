"""Axes fitted to the boxes of the tick labels on a picture, and numbers in printed values."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from renderers.charts.warp import LINEAR, Warp

MAX_MISFIT = 3.0
"""Pixels by which tick labels may be off a straight line: otherwise they are no axis."""
POINT_FIGURES = frozenset({"x", "y", "u", "v", "size"})
"""Names of the figures of points without labels."""
_SUPERSCRIPTS = "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"
_DIGITS = str.maketrans(_SUPERSCRIPTS, "-0123456789")
_POWER = re.compile(rf"10([{_SUPERSCRIPTS}]+)")
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?(?:e-?\d+)?")


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis: a value is at `offset` + `slope` · its place on the line of the `warp`, in pixels
    along `side` (0 or 1)."""

    side: int
    offset: float
    slope: float
    unit: str
    warp: Warp = LINEAR

    def place(self, value: float) -> float:
        """The column or row of a value; that of the low end of a logarithmic axis for one that it
        has no place for."""
        if self.warp.kind == "log" and value <= 0:
            return math.inf
        return self.offset + self.slope * self.warp.place(value)

    def slack(self, value: float, rounding: float) -> float:
        """Pixels by which a value may be off that was rounded by so much."""
        if self.warp.kind == "linear":
            return abs(self.slope) * rounding
        places = (self.place(value + side * rounding) for side in (-1, 1))
        return max(abs(place - self.place(value)) for place in places if math.isfinite(place))

    def error(self, bbox: Sequence[float], value: float, how: str) -> float:
        """By how many pixels a box does not show a value: by its `length`, its `center`, its `low`
        or `high` side, or by any `end`."""
        low, high = bbox[self.side], bbox[self.side + 2]
        if how == "length":
            return abs((high - low) - abs(value * self.slope))
        wanted = self.place(value)
        if how in ("low", "high"):
            far = low if (how == "high") == (self.slope < 0) else high
            return abs(far - wanted)
        if how == "center":
            return abs((low + high) / 2 - wanted)
        return min(abs(low - wanted), abs(high - wanted))


def fitted_axes(
    truth: Mapping[str, Any],
    regions: Sequence[Mapping[str, Any]],
    forms: Mapping[str, Any] | None = None,
) -> dict[str, Axis]:
    """The axes by name: `x`, `y`, `y2`, and `values` for the only one with values. `forms` says
    which of them are not linear, as `meta.axes` does."""
    names = {plain(part) for path in paths(truth["values"], ()) for part in _written(path)}
    axes: dict[str, Axis] = {}
    for key, side in (("x", 0), ("y", 1), ("y2", 1)):
        ticks = [r for r in regions if r["role"] == f"{key}_tick"]
        if not any(plain(tick["text"]) in names for tick in ticks):
            axis = fit(ticks, side, (forms or {}).get(key))
            if axis is not None:
                axes[key] = axis
    only = axes.get("y") or axes.get("x")
    return axes | ({"values": only} if only and len({"x", "y"} & set(axes)) == 1 else {})


def fit(
    ticks: Sequence[Mapping[str, Any]], side: int, form: Mapping[str, Any] | None = None
) -> Axis | None:
    """The line through the middles of tick labels, None where they are no numbers on a line; on
    the warped line of an axis of another `form`."""
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
    kind = form.get("scale") if isinstance(form, Mapping) else "linear"
    if kind == "broken":
        # Linear from tick to tick; its ends of the break are ticks.
        sign = -1.0 if side else 1.0
        pairs = sorted(zip(values.tolist(), (sign * p for p in places), strict=True))
        return Axis(side, 0.0, sign, unit, Warp("broken", knots=tuple(pairs)))
    warp = LINEAR
    if kind in ("log", "symlog") and isinstance(form, Mapping):
        warp = Warp(kind, float(form.get("threshold") or 1.0))
        if kind == "log" and values.min() <= 0:
            return None
    along = np.array([warp.place(value) for value in values.tolist()])
    slope, offset = np.polyfit(along, places, 1)
    if np.abs(offset + slope * along - places).max() > MAX_MISFIT:
        return None
    return Axis(side, float(offset), float(slope), unit, warp)


def number_of(text: str, unit: str) -> float | None:
    """The number in a printed value of this unit; None for other texts."""
    text = _without_power(text)
    found = _NUMBER.findall(text)
    if len(found) != 1 or _unit(text) != unit:
        return None
    return float(found[0].replace(",", "")) * (-1 if text.lstrip().startswith("-") else 1)


def any_number(text: str) -> float | None:
    """The number in a printed value, whatever its unit; None for other texts."""
    return number_of(text, _unit(text))


def _unit(text: str) -> str:
    """What is around the digits."""
    return "".join(_NUMBER.sub("", _without_power(text)).replace("-", "").split())


def _without_power(text: str) -> str:
    """A power of ten written as one, 10³, as its digits."""
    return _POWER.sub(lambda found: f"{10.0 ** int(found[1].translate(_DIGITS)):.9f}", text)


def last_digit(value: str) -> float:
    """One unit of the last printed decimal."""
    (digits, *_) = _NUMBER.findall(value) or ("0",)
    mantissa, _, power = digits.partition("e")
    return float(f"1e{int(power or 0) - len(mantissa.partition('.')[2])}")


def paths(values: Any, above: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The keys that lead to each value of a ground truth, from the outermost on."""
    if isinstance(values, dict):
        for name, inner in values.items():
            yield from paths(inner, (*above, name))
    else:
        yield above


def _written(path: tuple[str, ...]) -> tuple[str, ...]:
    """The parts of a path that are on the picture: points without labels go by numbers that are
    not."""
    if path[-1] in POINT_FIGURES and path[-2:-1] and path[-2].isdigit():
        return path[:-2]
    return path


def plain(text: str) -> str:
    """A text without white space: labels may be wrapped."""
    return "".join(text.split())
