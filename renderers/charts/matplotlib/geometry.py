"""Geometry of marks, read back from the artists that matplotlib drew."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from matplotlib.artist import Artist
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Wedge
from matplotlib.path import Path as MplPath
from matplotlib.transforms import Transform

from renderers.charts.drawing import XY, Line, Mark, Path, Sector
from renderers.charts.matplotlib.jitter import lines_of

Vertex = tuple[Artist, int]
"""A vertex of an artist's path."""


@dataclass(frozen=True, slots=True, eq=False)
class DrawnMark:
    """The artists that draw a mark. `points` are the vertices that show its values; its box
    bounds the `shapes` and, with `pad` pixels to the sides and up and down, the points. Its color
    is that of `painted`, or of the first of the shapes."""

    path: Path
    shapes: tuple[Artist, ...]
    points: tuple[Vertex, ...]
    pad: XY
    round: bool
    painted: Artist | None = None


@dataclass(frozen=True, slots=True, eq=False)
class DrawnLine:
    """A line that shows data; `path` is that of its series."""

    path: Path
    artist: Line2D
    width: float


class Reader:
    """Reads geometry back in pixels of the picture, from figures of this height: as it is drawn
    or, by the transform `steady` of the canvas, as it is without the jitter of a hand."""

    def __init__(self, height: int, steady: Transform | None = None) -> None:
        self._height = height
        self._steady = steady
        self._known: dict[int, npt.NDArray[np.float64]] = {}

    def mark(self, drawn: DrawnMark, width: int) -> Mark:
        """The mark, with a box that is cut to a picture of this width."""
        points = [self.vertices(artist)[i].tolist() for artist, i in drawn.points]
        xs, ys = list[float](), list[float]()
        for shape in drawn.shapes:
            columns, rows = self._outline(shape).T.tolist()
            xs += columns
            ys += rows
        dx, dy = drawn.pad
        for x, y in points:
            xs += (x - dx, x + dx)
            ys += (y - dy, y + dy)
        box = (
            max(0.0, min(xs)),
            max(0.0, min(ys)),
            min(float(width), max(xs)),
            min(float(self._height), max(ys)),
        )
        first = drawn.shapes[0] if drawn.shapes else None
        colored = drawn.painted or first
        return Mark(
            drawn.path,
            box,
            tuple((x, y) for x, y in points),
            self._sector(first) if isinstance(first, Wedge) else None,
            _fill(colored) if isinstance(colored, Patch) else "",
            0.0,
            drawn.round,
        )

    def line(self, drawn: DrawnLine) -> Line:
        """The corners of a line as it was drawn, in pixels."""
        corners = self.vertices(drawn.artist)
        return Line(tuple((float(x), float(y)) for x, y in corners), drawn.width, drawn.path)

    def vertices(self, artist: Artist) -> npt.NDArray[np.float64]:
        """`[n, 2]`: the vertices of the path as it was drawn."""
        known = self._known.get(id(artist))
        if known is not None:
            return known
        transform, path = self._transform(artist), _path(artist)
        found = self._rows(transform.transform(path.vertices))
        self._known[id(artist)] = found
        return found

    def _outline(self, artist: Artist) -> npt.NDArray[np.float64]:
        """`[n, 2]`: the vertices; of what a hand draws, the places that its jitter moves."""
        if artist.get_transform().is_affine:
            return self.vertices(artist)
        drawn = self._transform(artist).transform_path(_path(artist))
        return self._rows(np.concatenate([corners for corners, _ in lines_of(drawn)]))

    def _transform(self, artist: Artist) -> Transform:
        if self._steady is None:
            return artist.get_transform()
        return (
            artist.get_patch_transform() + self._steady
            if isinstance(artist, Patch)
            else self._steady
        )

    def _rows(self, places: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Places of the figure, whose rows count from the bottom, on the picture."""
        found = np.asarray(places, float)
        return np.column_stack((found[:, 0], self._height - found[:, 1]))

    def _sector(self, wedge: Wedge) -> Sector:
        """Angles of the artist are mirrored, as its axis runs downwards."""
        middle = wedge.center
        start, end = math.radians(-wedge.theta2), math.radians(-wedge.theta1)
        inner = wedge.r - wedge.width if wedge.width is not None else 0.0
        return Sector((float(middle[0]), float(middle[1])), inner, wedge.r, start, end)


def _path(artist: Artist) -> MplPath:
    if isinstance(artist, Line2D):
        return MplPath(np.asarray(artist.get_xydata(), float))
    assert isinstance(artist, Patch)
    return artist.get_path()


def _fill(shape: Patch) -> str:
    """The color as `#rrggbb`."""
    color: Sequence[float] = shape.get_facecolor()  # type: ignore[assignment]
    return "#" + "".join(f"{round(c * 255):02x}" for c in color[:3])  # bytes
