"""A smooth field of displacements: a sheet that is not quite flat."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from renderers.degrade.step import Points
from renderers.degrade.warp import Area, Field

ITERATIONS = 12
"""Of the fixed point: displacements change by at most 0.2 per pixel, so that the rest is below
0.2^12 of the displacement."""
MAX_GRADIENT = 0.2


@dataclass(frozen=True, slots=True)
class Displacement:
    """Backward by p + d(p), where d is bilinear between the nodes of `field` [rows, columns, 2].

    The nodes are spread over the page with a margin of half its size; outside, the displacement is
    that of the border.
    """

    area: Area
    field: npt.NDArray[np.float64]
    light: npt.NDArray[np.float64]
    """[rows, columns]: brightness at the nodes."""

    def backward(self, points: Points) -> Points:
        return points + self._at(self.field, points)

    def forward(self, points: Points) -> Points:
        found = points
        for _ in range(ITERATIONS):
            found = points - self._at(self.field, found)
        return found

    def shade(self, points: Points) -> Field | None:
        return self._at(self.light[..., None], points)[:, 0]

    def _at(self, field: npt.NDArray[np.float64], points: Points) -> npt.NDArray[np.float64]:
        rows, columns = field.shape[:2]
        area = self.area
        x = ((points[:, 0] - area.x0) / area.width + 0.5) / 2 * (columns - 1)
        y = ((points[:, 1] - area.y0) / area.height + 0.5) / 2 * (rows - 1)
        x, y = np.clip(x, 0, columns - 1.001), np.clip(y, 0, rows - 1.001)
        i, j = x.astype(int), y.astype(int)
        a, b = (x - i)[:, None], (y - j)[:, None]
        upper = field[j, i] * (1 - a) + field[j, i + 1] * a
        lower = field[j + 1, i] * (1 - a) + field[j + 1, i + 1] * a
        return np.asarray(upper * (1 - b) + lower * b)


def gentle(
    area: Area, field: npt.NDArray[np.float64], light: npt.NDArray[np.float64]
) -> Displacement:
    """A displacement that is made smaller if it changes too quickly to have an inverse."""
    rows, columns = field.shape[:2]
    steps = (2 * area.height / (rows - 1), 2 * area.width / (columns - 1))
    steepest = max(np.abs(np.diff(field, axis=axis)).max() / steps[axis] for axis in (0, 1))
    return Displacement(area, field * min(1.0, MAX_GRADIENT / max(steepest, 1e-9)), light)
