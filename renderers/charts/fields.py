"""Values of a smooth field: on a regular grid, linear between neighbors."""

from __future__ import annotations

from renderers.charts.spec import Field


def field_value(field: Field, x: float, y: float) -> float:
    """The field at a place; at its edge for places beyond."""
    r, row = _cell(y, field.y, len(field.values))
    c, column = _cell(x, field.x, len(field.values[0]))
    low, high = (line[c] * (1 - column) + line[c + 1] * column for line in field.values[r : r + 2])
    return low * (1 - row) + high * row


def level_below(field: Field, value: float) -> int:
    """The index of the highest level that is not above a value; the last but one at most."""
    below = sum(level <= value for level in field.levels) - 1
    return min(max(below, 0), len(field.levels) - 2)


def _cell(place: float, limits: tuple[float, float], count: int) -> tuple[int, float]:
    """The cell that a place is in, and how far through it."""
    low, high = limits
    along = min(max((place - low) / (high - low), 0.0), 1.0) * (count - 1)
    index = min(int(along), count - 2)
    return index, along - index
