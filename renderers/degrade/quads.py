"""Quads of mapped boxes that stay tight where edges become curves."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from renderers.degrade.warp import Composition

DIVISIONS = 8
"""Pieces of each edge. An edge of 800 pixels that is bent with a radius of 1,000 pixels is off by
1.3 pixels between two points."""
Quads = npt.NDArray[np.float64]
"""`[n, 4, 2]`: corners clockwise, from the upper left one of the text."""


def mapped_quads(quads: Quads, warp: Composition) -> Quads:
    """The smallest quads with sides parallel to the chords that hold the mapped edges.

    The edges of each quad are divided and mapped; each side of the result joins the mapped
    corners, moved outward as far as its curve bulges.
    """
    if not len(quads):
        return quads
    share = np.arange(DIVISIONS)[:, None] / DIVISIONS  # [d, 1]
    ends = np.roll(quads, -1, axis=1)
    points = quads[:, :, None] + (ends - quads)[:, :, None] * share  # [n, 4, d, 2]
    curves = warp.forward(points.reshape(-1, 2)).reshape(points.shape)
    return enclosing(curves)


def enclosing(curves: npt.NDArray[np.float64]) -> Quads:
    """[n, 4, 2] around curves [n, 4, d, 2], each of which begins at a corner."""
    corners = curves[:, :, 0]
    along = np.roll(corners, -1, axis=1) - corners
    length = np.linalg.norm(along, axis=-1, keepdims=True)
    along = along / np.maximum(length, 1e-9)
    # Clockwise in a picture whose y grows downward: outward is to the left of the direction.
    outward = np.stack([along[..., 1], -along[..., 0]], axis=-1)
    offsets = np.einsum("nedk,nek->ned", curves - corners[:, :, None], outward)
    bulge = np.maximum(offsets.max(-1), 0)  # [n, 4]
    moved = corners + outward * bulge[..., None]
    before, direction = np.roll(moved, 1, axis=1), np.roll(along, 1, axis=1)
    # The corner is where the line of the edge before it meets the line of its own edge.
    cross = direction[..., 0] * along[..., 1] - direction[..., 1] * along[..., 0]
    gap = moved - before
    way = (gap[..., 0] * along[..., 1] - gap[..., 1] * along[..., 0]) / np.where(
        np.abs(cross) < 0.05, 1.0, cross
    )
    met = before + direction * way[..., None]
    flat = (np.abs(cross) < 0.05) | (length[..., 0] < 1e-6)
    return np.where(flat.any(1)[:, None, None], corners, met)


def bounds(quads: Quads) -> npt.NDArray[np.float64]:
    """[n, 4]: x0, y0, x1, y1 around each quad."""
    return np.concatenate([quads.min(1), quads.max(1)], axis=1)


def corners_of(boxes: npt.NDArray[np.float64]) -> Quads:
    """[n, 4, 2]: the corners of boxes [n, 4]."""
    return boxes[:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 4, 2)


def heights(quads: Quads) -> npt.NDArray[np.float64]:
    """[n]: the length of the shorter pair of sides, for text its height."""
    sides = np.linalg.norm(np.roll(quads, -1, axis=1) - quads, axis=-1)
    return np.asarray(np.minimum(sides[:, 0] + sides[:, 2], sides[:, 1] + sides[:, 3]) / 2)
