"""Radial distortion of a lens."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from renderers.degrade.step import Points
from renderers.degrade.warp import Field

NEWTON_STEPS = 8


@dataclass(frozen=True, slots=True)
class Lens:
    """Distances from `center` become r (1 + k r²), in units of `radius`.

    With a negative k (barrel) distances beyond a largest one do not occur in a picture.
    """

    center: Points
    radius: float
    k: float

    def forward(self, points: Points) -> Points:
        offset = (points - self.center) / self.radius
        r = np.minimum(np.linalg.norm(offset, axis=1), self._last())
        gain = 1 + self.k * r**2
        return self.center + points_scaled(offset, gain) * self.radius

    def backward(self, points: Points) -> Points:
        offset = (points - self.center) / self.radius
        distance = np.linalg.norm(offset, axis=1)
        last = self._last()
        r = np.minimum(distance, last * (1 + self.k * last**2) if np.isfinite(last) else distance)
        wanted, r = r, np.minimum(r, last)
        for _ in range(NEWTON_STEPS):
            slope = np.maximum(1 + 3 * self.k * r**2, 0.05)
            r = np.clip(r - (r + self.k * r**3 - wanted) / slope, 0, last)
        return self.center + points_scaled(offset, 1 / (1 + self.k * r**2)) * self.radius

    def shade(self, points: Points) -> Field | None:
        return None

    def _last(self) -> float:
        """The distance up to which the map grows."""
        return float(0.95 / np.sqrt(-3 * self.k)) if self.k < 0 else np.inf


def points_scaled(offset: Points, gain: Field) -> Points:
    """Each of the offsets [n, 2] times its gain [n]."""
    return offset * gain[:, None]
