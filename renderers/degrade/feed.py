"""The transport of a scanner or fax: rows that come too fast, too slowly, or shifted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from renderers.degrade.step import Points
from renderers.degrade.warp import Field


@dataclass(frozen=True, slots=True)
class Feed:
    """Row `rows[i]` is drawn at `mapped[i]`, shifted right by `shifts[i]`; linear in between."""

    rows: npt.NDArray[np.float64]
    mapped: npt.NDArray[np.float64]
    shifts: npt.NDArray[np.float64]

    def forward(self, points: Points) -> Points:
        x, y = points.T
        shift = np.interp(y, self.rows, self.shifts)
        return np.stack([x + shift, np.interp(y, self.rows, self.mapped)], axis=1)

    def backward(self, points: Points) -> Points:
        x, y = points.T
        row = np.interp(y, self.mapped, self.rows)
        return np.stack([x - np.interp(row, self.rows, self.shifts), row], axis=1)

    def shade(self, points: Points) -> Field | None:
        return None
