"""Geometry of quads: the corners of words, clockwise from the text's own top left."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Quads = npt.NDArray[np.float32]
"""`[n, 4, 2]`: x, y in pixels."""
Quad = npt.NDArray[np.float32]
"""`[4, 2]`."""
Boxes = npt.NDArray[np.float32]
"""`[n, 4]`: x0, y0, x1, y1."""
Numbers = npt.NDArray[np.intp]
"""`[n]`: whole numbers."""

UPRIGHT_TOLERANCE = 0.05
"""Pixels between the corners of a quad and those of its box."""


def bounds(quads: Quads) -> Boxes:
    """[n, 4]: the box around each quad."""
    return np.concatenate([quads.min(1, initial=np.inf), quads.max(1, initial=-np.inf)], axis=1)


def of_boxes(boxes: Boxes) -> Quads:
    """The corners of boxes [n, 4]."""
    return boxes[:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 4, 2)


def upright(quads: Quads) -> npt.NDArray[np.bool_]:
    """[n]: whether text is horizontal and reads from left to right."""
    return np.abs(quads - of_boxes(bounds(quads))).max((1, 2), initial=0) <= UPRIGHT_TOLERANCE


def parts_of_quads(
    quads: Quads, first: npt.NDArray[np.floating], last: npt.NDArray[np.floating]
) -> Quads:
    """[n, 4, 2]: the part of each quad between two shares [n] of its length."""
    top_left, top_right, bottom_right, bottom_left = quads.swapaxes(0, 1)
    top, bottom = top_right - top_left, bottom_right - bottom_left
    start, end = (shares.astype(np.float32)[:, None] for shares in (first, last))
    corners = (
        top_left + start * top,
        top_left + end * top,
        bottom_left + end * bottom,
        bottom_left + start * bottom,
    )
    return np.stack(corners, axis=1)


def axes(quads: Quads) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Two vectors [..., 2] of each quad [..., 4, 2]: along the text and across it, through the
    middles of the sides."""
    corners = [quads[..., i, :] for i in range(4)]
    along = corners[1] + corners[2] - corners[0] - corners[3]
    across = corners[2] + corners[3] - corners[0] - corners[1]
    return along / np.float32(2), across / np.float32(2)


def shares_in(quad: Quad, points: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """[..., 2]: how far points [..., 2] are along and across a quad, 0 to 1 inside.

    The quad is taken as a parallelogram; words are small, so perspective does not matter.
    """
    along, across = axes(quad)
    matrix = np.stack([along, across], axis=1).astype(np.float64)
    if abs(np.linalg.det(matrix)) < 1e-9:
        return np.full(points.shape, np.nan)
    return (points - quad.mean(0)) @ np.linalg.inv(matrix).T + 0.5


def touched(
    quad: Quad, centers: npt.NDArray[np.float32], width: float, height: float
) -> npt.NDArray[np.bool_]:
    """[...]: whether places of this size around centers [..., 2] have a part of a quad.

    No line along a side of either shape separates them (both are convex). A shared border is no
    part.
    """
    x0, y0, x1, y1 = bounds(quad[None])[0]
    half = np.array([width, height], np.float64) / 2
    inside = (centers + half > (x0, y0)).all(-1) & (centers - half < (x1, y1)).all(-1)
    for start, end in zip(quad, np.roll(quad, -1, axis=0), strict=True):
        outward = np.array([end[1] - start[1], start[0] - end[0]], np.float64)
        reach = np.abs(outward) @ half
        inside &= (centers - start) @ outward < reach
    return np.asarray(inside)
