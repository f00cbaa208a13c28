"""Values of a smooth field: on a regular grid, linear between neighbors."""

from __future__ import annotations

import numpy as np

from renderers.charts.spec import Field


def field_value(field: Field, x: float, y: float) -> float:
    """The field at a place; at its edge for places beyond."""
    grid = np.asarray(field.values)
    rows, columns = grid.shape
    r, row = _cell(y, field.y, rows)
    c, column = _cell(x, field.x, columns)
    low = grid[r, c] * (1 - column) + grid[r, c + 1] * column
    high = grid[r + 1, c] * (1 - column) + grid[r + 1, c + 1] * column
    return float(low * (1 - row) + high * row)


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
