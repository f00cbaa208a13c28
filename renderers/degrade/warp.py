"""Geometry: maps of the plane with exact inverses, and their composition.

A map goes forward from the page to the picture (regions) and backward from the picture to the page
(pixels). `Composition` applies several in turn, so that pixels and regions cannot disagree.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt

from renderers.degrade.step import Points, Values

Field = npt.NDArray[np.float64]
"""`[n]`: a number for each point."""


class Warp(Protocol):
    """A map of the plane. `backward(forward(p))` is `p` within 0.01 pixels."""

    def forward(self, points: Points) -> Points:
        """Points of the page [n, 2] on the picture, both in pixels."""
        ...

    def backward(self, points: Points) -> Points:
        """Points of the picture [n, 2] on the page."""
        ...

    def shade(self, points: Points) -> Field | None:
        """The light on the page at points before the map; None for an even light of 1."""
        ...


@dataclass(frozen=True, slots=True)
class Area:
    """The page so far: the bounds of its outline, (x0, y0, x1, y1) in pixels."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    @property
    def center(self) -> Points:
        """[2], in pixels."""
        return np.array([(self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2])

    @property
    def size(self) -> float:
        """The longer side."""
        return max(self.width, self.height)


Build = Callable[[Area, Values, np.random.Generator], Warp]
"""Makes the map of a geometric step for a page with these bounds."""


@dataclass(frozen=True, slots=True)
class Composition:
    """Maps in turn, the first one first."""

    warps: tuple[Warp, ...] = ()

    def forward(self, points: Points) -> Points:
        """[n, 2] on the page to [n, 2] in the picture."""
        for warp in self.warps:
            points = warp.forward(points)
        return points

    def backward(self, points: Points) -> Points:
        """[n, 2] in the picture to [n, 2] on the page."""
        return self.backward_with_shade(points)[0]

    def backward_with_shade(self, points: Points) -> tuple[Points, Field | None]:
        """Points on the page, and the product of the lights that the maps give them."""
        total: Field | None = None
        for warp in reversed(self.warps):
            points = warp.backward(points)
            light = warp.shade(points)
            if light is not None:
                total = light if total is None else total * light
        return points, total

    def then(self, warp: Warp) -> Composition:
        """These maps, and one more after them."""
        return Composition((*self.warps, warp))


@dataclass(frozen=True, slots=True)
class Homography:
    """A projective map by a 3 x 3 matrix; affine ones have the last row (0, 0, 1)."""

    matrix: npt.NDArray[np.float64]
    _inverse: npt.NDArray[np.float64] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_inverse", np.linalg.inv(self.matrix))

    def forward(self, points: Points) -> Points:
        return project(self.matrix, points)

    def backward(self, points: Points) -> Points:
        return project(self._inverse, points)

    def shade(self, points: Points) -> Field | None:
        return None


def project(matrix: npt.NDArray[np.float64], points: Points) -> Points:
    """Points through a 3 x 3 matrix. Points behind the camera are sent far away."""
    mapped = points @ matrix[:, :2].T + matrix[:, 2]
    return mapped[:, :2] / np.maximum(mapped[:, 2:], 1e-3)


def about(center: Points, linear: npt.NDArray[np.float64]) -> Homography:
    """An affine map by a 2 x 2 matrix that keeps `center` in place."""
    matrix = np.eye(3)
    matrix[:2, :2] = linear
    matrix[:2, 2] = center - linear @ center
    return Homography(matrix)


def rotation(radians: float) -> npt.NDArray[np.float64]:
    """The 2 x 2 matrix that turns clockwise in a picture, whose y grows downward."""
    cos, sin = np.cos(radians), np.sin(radians)
    return np.array([[cos, -sin], [sin, cos]])
