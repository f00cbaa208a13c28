"""The picture's frame: which part of the plane is seen, at which scale."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from renderers.degrade.step import Points, Values
from renderers.degrade.warp import Homography

MAX_SIDE = 8192
SAFETY = 3.0
"""Pixels around the text that are never cropped."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The map from the plane to the picture, and the size of the picture in pixels."""

    warp: Homography
    width: int
    height: int


def whole(outline: Points, long_side: float) -> Frame:
    """A frame around the page alone."""
    return _framed(np.concatenate([outline.min(0), outline.max(0)]), long_side)


def framed(
    outline: Points, content: Points, values: Values, long_side: float, rng: np.random.Generator
) -> Frame:
    """A frame with a margin around the page, or without a part of the page's empty border.

    `outline` and `content` are points [n, 2] of the page's border and of its text in the plane.
    The picture's longer side is `zoom` times `long_side`.
    """
    x0, y0 = outline.min(0)
    x1, y1 = outline.max(0)
    size = max(x1 - x0, y1 - y0)
    margins = values["margin"] * size * rng.uniform(0.3, 1, 4)
    crops = values["crop"] * rng.uniform(0.3, 1, 4)
    sides = np.array([x0, y0, x1, y1])
    inner = np.concatenate([content.min(0) - SAFETY, content.max(0) + SAFETY])
    signs = np.array([-1.0, -1.0, 1.0, 1.0])
    room = np.maximum((sides - inner) * signs, 0)
    sides = sides + signs * (margins - crops * room)
    return _framed(sides, long_side * values["zoom"])


def _framed(sides: npt.NDArray[np.float64], long_side: float) -> Frame:
    """The frame with these sides (x0, y0, x1, y1), its longer side `long_side` pixels."""
    x0, y0, x1, y1 = sides.tolist()
    scale = min(long_side, MAX_SIDE) / max(x1 - x0, y1 - y0)
    matrix = np.array([[scale, 0, -x0 * scale], [0, scale, -y0 * scale], [0, 0, 1.0]])
    width, height = (max(1, round(side * scale)) for side in (x1 - x0, y1 - y0))
    return Frame(Homography(matrix), width, height)
