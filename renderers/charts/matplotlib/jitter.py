"""The jitter of a hand: a smooth random field that moves every place of a picture a little.

What is at one place moves together: bars stay on their axis, slices side by side, points on their
line. A path is cut into short parts first, so that it waves between its corners.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.markers import MarkerStyle
from matplotlib.path import Path
from matplotlib.transforms import Transform

Places = npt.NDArray[np.float64]
"""`[n, 2]`: columns and rows in pixels."""

STEP = 3.0
"""Longest part of a path between two places that move, in pixels."""
WAVES = ((3.4, 0.7), (1.2, 0.3))
"""Distances between free places of the field, in ems, and the share that each has in a move."""
MARKER_PARTS = 24
"""Places on the outline of a marker."""
MARKER_SHARE = 0.16
"""How far the outline of a marker moves, in its radii."""
MARKER_SPREAD = 9.0
"""Places of the field that the outline of a marker takes its moves from, in pixels per radius."""


class Jitter(Transform):
    """Moves places by at most `reach` pixels in each direction. Equal arguments, equal moves."""

    input_dims = output_dims = 2
    has_inverse = False
    is_separable = False

    def __init__(self, reach: float, em: float, size: tuple[int, int], seed: int) -> None:
        super().__init__()
        self.reach = reach
        rng = np.random.default_rng(seed)
        self._fields: list[tuple[float, float, Places]] = []
        for length, share in WAVES:
            cell = length * em
            columns, rows = (int(side / cell) + 4 for side in size)
            self._fields.append((cell, share, rng.uniform(-1, 1, (columns, rows, 2))))

    def transform_non_affine(self, values: Any) -> Places:
        """`[n, 2]`: where these places `[n, 2]` are drawn."""
        places = np.asarray(values, float)
        return np.asarray(places + self.reach * self._moves(places))

    def transform_path_non_affine(self, path: Path) -> Path:
        """The path as it is drawn."""
        vertices: list[Places] = []
        codes: list[npt.NDArray[np.uint8]] = []
        for corners, closed in lines_of(path):
            drawn = self.transform_non_affine(_cut(corners))
            kinds = np.full(len(drawn), Path.LINETO, np.uint8)
            kinds[0] = Path.MOVETO
            vertices.append(drawn)
            codes.append(kinds)
            if closed:
                vertices.append(drawn[:1])
                codes.append(np.array([Path.CLOSEPOLY], np.uint8))
        if not vertices:
            return path
        return Path(np.concatenate(vertices), np.concatenate(codes))

    def marker(self, shape: str, at: tuple[float, float]) -> Path:
        """The outline of a marker that is drawn at a place, of radius 1 around zero."""
        style = MarkerStyle(shape)
        outline = style.get_path().transformed(style.get_transform())
        corners = np.concatenate([corners for corners, _ in lines_of(outline)])
        corners = corners / np.abs(corners).max()
        fine = _cut(corners * MARKER_PARTS, 4.0) / MARKER_PARTS
        moved = fine + MARKER_SHARE * self._moves(fine * MARKER_SPREAD + np.asarray(at))
        return Path(moved, closed=True)

    def _moves(self, places: Places) -> Places:
        """`[n, 2]`: the moves at places, from -1 to 1."""
        moves = np.zeros_like(places)
        for cell, share, field in self._fields:
            # The field has one place of its own beyond each side of the picture.
            at = np.clip(places / cell + 1, 0, np.array(field.shape[:2]) - 1.001)
            corner = at.astype(int)
            part = at - corner
            part = part * part * (3 - 2 * part)  # without corners at the places of the field
            (i, j), (u, v) = corner.T, part.T[..., None]
            low = field[i, j] * (1 - u) + field[i + 1, j] * u
            high = field[i, j + 1] * (1 - u) + field[i + 1, j + 1] * u
            moves += share * (low * (1 - v) + high * v)
        return moves


def lines_of(path: Path) -> Iterator[tuple[Places, bool]]:
    """The corners of each part of a path, curves in short lines, and whether it is closed."""
    vertices = np.asarray(path.vertices, float)
    if path.codes is None:
        yield vertices, False
        return
    codes = np.asarray(path.codes)
    if np.isin(codes, (Path.CURVE3, Path.CURVE4)).any():
        for polygon in path.to_polygons(closed_only=False):
            corners = np.asarray(polygon, float)
            yield corners, len(corners) > 2 and bool((corners[0] == corners[-1]).all())
        return
    starts = [*np.flatnonzero(codes == Path.MOVETO).tolist(), len(codes)]
    for start, stop in pairwise(starts):
        kinds = codes[start:stop]
        closed = bool((kinds == Path.CLOSEPOLY).any())
        corners = vertices[start:stop][kinds != Path.CLOSEPOLY]
        yield (np.concatenate((corners, corners[:1])) if closed else corners), closed


def _cut(corners: Places, step: float = STEP) -> Places:
    """`[m, 2]`: the line through corners `[n, 2]`, with further places at most a step apart."""
    lengths = np.hypot(*np.diff(corners, axis=0).T)
    counts = np.maximum(1, np.ceil(lengths / step)).astype(int)
    parts = [corners[:1]]
    for start, stop, count in zip(corners[:-1], corners[1:], counts.tolist(), strict=True):
        shares = np.arange(1, count + 1)[:, None] / count
        parts.append(start + (stop - start) * shares)
    return np.concatenate(parts)
