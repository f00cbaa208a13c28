"""A bent sheet seen by a camera: heights depend on the position along one direction only.

Curled pages, gutters of books and folded letters are such sheets. The inverse is exact.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from renderers.degrade.step import Points
from renderers.degrade.warp import Area, Field, rotation

Knots = npt.NDArray[np.float64]
FAR = 20.0
"""Sizes of the page to which a sheet goes on flat, for the background around it."""


@dataclass(frozen=True, slots=True)
class Cylinder:
    """Heights above the table at positions along the direction `angle` through `center`.

    Positions u are distances from the center on the flat sheet. The sheet keeps its length, so a
    slope shortens it in the picture; what is higher is nearer to the camera and larger. `mapped`
    are the positions of the knots in the picture, and must grow. `light` [k] is the brightness at
    the knots. `lean` is the shift across the direction per height: a camera that looks aslant.
    """

    center: Points
    angle: float
    positions: Knots
    heights: Knots
    mapped: Knots
    distance: float
    lean: float
    light: Knots

    def forward(self, points: Points) -> Points:
        u, v = self._turned(points, -self.angle)
        height = np.interp(u, self.positions, self.heights)
        across = v * (1 + height / self.distance) + self.lean * height
        return self._turned_back(np.interp(u, self.positions, self.mapped), across)

    def backward(self, points: Points) -> Points:
        along, across = self._turned(points, -self.angle)
        u = np.interp(along, self.mapped, self.positions)
        height = np.interp(u, self.positions, self.heights)
        return self._turned_back(u, (across - self.lean * height) / (1 + height / self.distance))

    def shade(self, points: Points) -> Field | None:
        u, _ = self._turned(points, -self.angle)
        return np.asarray(np.interp(u, self.positions, self.light))

    def _turned(self, points: Points, angle: float) -> tuple[Field, Field]:
        turned = (points - self.center) @ rotation(angle).T
        return turned[:, 0], turned[:, 1]

    def _turned_back(self, u: Field, v: Field) -> Points:
        return np.stack([u, v], axis=1) @ rotation(self.angle).T + self.center


def bent(
    area: Area,
    angle: float,
    positions: Knots,
    heights: Knots,
    lean: float,
    contrast: float,
    line: float = 0.0,
) -> Cylinder:
    """A sheet through knots; `positions` and `heights` are shares of the size of the page.

    Light comes from one side: slopes toward it are brighter by `contrast`. With `line`, inner
    knots are folds, where fibers are broken and a thin line is darker by this share.
    """
    size = area.size
    u, z = positions * size, heights * size
    slopes = np.clip(np.diff(z) / np.diff(u), -0.8, 0.8)
    light = 1 + contrast * slopes
    if line:
        u, z, light = _with_lines(u, z, light, line, size)
    else:
        # Light at the knots is the mean of the slopes at both sides.
        light = np.concatenate([light[:1], (light[1:] + light[:-1]) / 2, light[-1:]])
    lengths = np.sqrt(np.maximum(np.diff(u) ** 2 - np.diff(z) ** 2, (0.2 * np.diff(u)) ** 2))
    flat = np.concatenate([[0.0], np.cumsum(lengths)])
    flat -= np.interp(0.0, u, flat)
    distance = 2.5 * size
    mapped = np.maximum.accumulate(flat * (1 + z / distance) + np.arange(len(u)) * 1e-6)
    far = FAR * size
    ends = (1 + z[0] / distance) * far, (1 + z[-1] / distance) * far
    return Cylinder(
        area.center,
        angle,
        np.concatenate([[u[0] - far], u, [u[-1] + far]]),
        np.concatenate([z[:1], z, z[-1:]]),
        np.concatenate([[mapped[0] - ends[0]], mapped, [mapped[-1] + ends[1]]]),
        distance,
        lean,
        np.concatenate([light[:1], light, light[-1:]]),
    )


def _with_lines(
    u: Knots, z: Knots, light: Knots, line: float, size: float
) -> tuple[Knots, Knots, Knots]:
    """Knots around each inner knot, so that panels have an even light and folds a dark line."""
    width = 0.004 * size
    places = [u[0]]
    lights = [light[0]]
    for i in range(1, len(u) - 1):
        places += [u[i] - width, u[i], u[i] + width]
        lights += [light[i - 1], (light[i - 1] + light[i]) / 2 - line, light[i]]
    places.append(u[-1])
    lights.append(light[-1])
    dense = np.array(places)
    return dense, np.interp(dense, u, z), np.array(lights)
