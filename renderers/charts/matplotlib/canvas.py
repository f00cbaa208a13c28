"""The canvas of a chart: marks go to a matplotlib figure, texts are drawn over it last.

All coordinates are pixels of the picture, origin at the top left. Marks are drawn by Agg in one
pass; then each text is blended in, its ink chosen and its contrast measured on the very pixels
that it covers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Ellipse, FancyBboxPatch, Patch, PathPatch, Polygon, Rectangle, Wedge
from matplotlib.path import Path as MplPath
from matplotlib.transforms import Affine2D, Transform
from PIL import Image

from renderers.charts.drawing import XY, Drawing, DrawnTable, Line, Mark, Path, Scale, Steady
from renderers.charts.labels import (
    LABEL_COSTS,
    box_array,
    boxes_along_line,
    cheapest_box,
    padded_box,
)
from renderers.charts.matplotlib.geometry import DrawnLine, DrawnMark, Reader, Vertex
from renderers.charts.matplotlib.jitter import Jitter
from renderers.charts.matplotlib.placed_text import AUTO, PlacedText, blend_text
from renderers.charts.matplotlib.text import Stamp
from renderers.charts.neighbors import enter, strange
from renderers.picture import Box, Cell, Pixels

DPI = 100
"""Of the figure; any will do, as all lengths are given in pixels."""
POINTS = 72 / DPI
"""Points per pixel: matplotlib measures line widths and markers in points."""
LEADER_STEP = 4
"""Pixels between the boxes that represent a leader among obstacles."""

Geometry = tuple[tuple[Mark, ...], tuple[Line, ...], tuple[Mark, ...]]
"""The marks, lines and shapes of annotations of a chart."""


@dataclass(frozen=True, slots=True)
class Ink:
    """How a mark is painted. `line` is the width of its outline in pixels; `dash` a pattern of
    pixels on and off."""

    fill: str | None = None
    edge: str | None = None
    line: float = 0.0
    alpha: float = 1.0
    hatch: str | None = None
    dash: tuple[float, ...] = ()


class Canvas:
    """Collects marks and texts; `finish` draws them."""

    def __init__(
        self, width: int, height: int, background: str, ink: str, jitter: Jitter | None = None
    ) -> None:
        self.width, self.height = width, height
        self.background, self.ink = background, ink
        self._figure = Figure(figsize=(width / DPI, height / DPI), dpi=DPI, facecolor=background)
        self._agg = FigureCanvasAgg(self._figure)
        self._down = Affine2D().scale(1, -1).translate(0, height)
        self._jitter = jitter
        self._place: Transform = self._down if jitter is None else jitter + self._down
        self._texts: list[PlacedText] = []
        self._marks: list[DrawnMark] = []
        self._lines: list[DrawnLine] = []
        self._leaders: list[DrawnLine] = []
        self._shapes: list[DrawnMark] = []
        self.plots: list[Box] = []
        """The areas between the axes, as registered so far."""
        self.table: DrawnTable | None = None
        """The table of the chart; its cells are written with their places in it."""
        self.ramp: tuple[str, ...] = ()
        """The color ramp of cells, where they show values by color."""
        self.inner_keys: tuple[Any, ...] = ()
        """The entries of a legend that is still to be written inside the plot."""
        self.obstacles: list[Box] = []
        """Boxes that free-standing labels should keep away from: points, stretches of lines."""
        self.brackets: list[Box] = []
        """Boxes of brackets over categories, which further ones are above of."""
        self.points: dict[Path, Box] = {}
        """Boxes of points by path: the nearest point to a label must be its own."""

    def rectangle(self, box: Box, ink: Ink, z: float = 2.0, radius: float = 0.0) -> Patch:
        """A rectangle between two corners in any order; `radius` rounds them, in pixels."""
        x0, y0, x1, y1 = box
        left, top, width, height = min(x0, x1), min(y0, y1), abs(x1 - x0), abs(y1 - y0)
        radius = min(radius, width / 2, height / 2)
        if radius >= 1:
            shape: Patch = FancyBboxPatch(
                (left, top), width, height, boxstyle=f"round,pad=0,rounding_size={radius}"
            )
        else:
            shape = Rectangle((left, top), width, height)
        return self._patch(shape, ink, z)

    def polygon(self, points: Sequence[XY], ink: Ink, z: float = 2.0) -> Patch:
        """A closed polygon; its last corner is joined to the first one."""
        return self._patch(Polygon(np.asarray(points), closed=True), ink, z)

    def outlines(self, rings: Sequence[Sequence[XY]], ink: Ink, z: float = 2.0) -> Patch:
        """Closed outlines as one shape; those that run the other way are holes in it."""
        vertices = np.concatenate([np.asarray([*ring, ring[0]], float) for ring in rings])
        codes = [
            code
            for ring in rings
            for code in (MplPath.MOVETO, *[MplPath.LINETO] * (len(ring) - 1), MplPath.CLOSEPOLY)
        ]
        return self._patch(PathPatch(MplPath(vertices, codes)), ink, z)

    def wedge(
        self, center: XY, radii: tuple[float, float], angles: XY, ink: Ink, z: float = 2.0
    ) -> Patch:
        """A slice between an inner and an outer radius, from one angle to another; degrees,
        counter-clockwise as seen, from three o'clock."""
        inner, outer = radii
        # Seen upside down by the flipped axis, so angles are mirrored.
        shape = Wedge(center, outer, -angles[1], -angles[0], width=outer - inner)
        return self._patch(shape, ink, z)

    def ellipse(self, center: XY, width: float, height: float, ink: Ink, z: float = 3.0) -> Patch:
        """`width` and `height` are diameters in pixels."""
        return self._patch(Ellipse(center, width, height), ink, z)

    def polyline(
        self, points: Sequence[XY], ink: Ink, z: float = 3.0, shows: Path | None = None
    ) -> Line2D:
        """A line; `shows` is the path of the series that it joins the points of."""
        xs, ys = zip(*points, strict=True)
        line = Line2D(
            xs,
            ys,
            color=ink.edge,
            linewidth=ink.line * POINTS,
            alpha=ink.alpha,
            solid_capstyle="butt",
            solid_joinstyle="round",
            zorder=z,
        )
        if ink.dash:
            line.set_linestyle((0, tuple(d * POINTS for d in ink.dash)))
        self._add(line)
        if shows is not None:
            self._lines.append(DrawnLine(shows, line, ink.line))
        return line

    def leader(self, start: XY, end: XY, ink: Ink, path: Path, z: float) -> None:
        """A line from a mark to its text, whose path it has; other texts keep off it."""
        line = self.polyline([start, end], ink, z=z)
        self._leaders.append(DrawnLine(path, line, ink.line))
        count = max(1, int(math.dist(start, end) / LEADER_STEP))
        shares = [(i + 0.5) / count for i in range(count)]
        self.obstacles.extend(boxes_along_line(start, end, shares))

    def meets_text(self, start: XY, end: XY) -> bool:
        """Whether a line between two places would run through a text."""
        ends = np.array([start]), np.array([end])
        return any(enter(*ends, np.array(text.box)).any() for text in self._texts)

    def segments(self, pairs: Sequence[tuple[XY, XY]], ink: Ink, z: float = 1.0) -> Patch:
        """Many separate lines as one path: grids, ticks, whiskers."""
        vertices = np.asarray(pairs, float).reshape(-1, 2)
        codes = np.tile([MplPath.MOVETO, MplPath.LINETO], len(pairs))
        return self._patch(PathPatch(MplPath(vertices, codes)), ink, z)

    def markers(
        self, points: Sequence[XY], shape: str, size: float, ink: Ink, z: float = 4.0
    ) -> Line2D:
        """Equal markers at points; `shape` as matplotlib names them, `size` in pixels."""
        xs, ys = zip(*points, strict=True)
        line = Line2D(
            xs,
            ys,
            linestyle="none",
            marker=shape if self._jitter is None else self._jitter.marker(shape, points[0]),
            markersize=size * POINTS,
            markerfacecolor=ink.fill or "none",
            markeredgecolor=ink.edge or ink.fill,
            markeredgewidth=ink.line * POINTS,
            alpha=ink.alpha,
            zorder=z,
        )
        self._add(line)
        return line

    def mark(
        self,
        path: Path,
        *shapes: Artist,
        points: Sequence[Vertex] = (),
        pad: XY = (0.0, 0.0),
        round: bool = False,
        painted: Artist | None = None,
    ) -> None:
        """Register what the value at `path` is shown by: `shapes`, and the vertices whose places
        are its figures (see `renderers.charts.measures`), with `pad` pixels around them; where it
        is a color, that of `painted`."""
        self._marks.append(DrawnMark(path, shapes, tuple(points), pad, round, painted))

    def annotation(self, path: Path, *shapes: Artist, points: Sequence[Vertex] = ()) -> None:
        """Register the shapes of an annotation, as marks are; `path` begins with its kind."""
        self._shapes.append(DrawnMark(path, shapes, tuple(points), (0.0, 0.0), False))

    def read_marks(self) -> tuple[tuple[Mark, ...], tuple[Line, ...]]:
        """The marks and lines that are registered so far, before any jitter."""
        reader = Reader(self.height, self._down)
        marks = tuple(reader.mark(mark, self.width) for mark in self._marks)
        return marks, tuple(reader.line(line) for line in self._lines)

    def text_boxes(self, path: Path | None = None) -> list[Box]:
        """The boxes of the texts so far; only of those with this path, if given."""
        return [text.box for text in self._texts if path is None or text.path == path]

    def plot_area(self, box: Box) -> None:
        """Register a box in which marks are: a plot, or one of several."""
        self.plots.append(box)

    def write(
        self,
        stamp: Stamp,
        x: float,
        y: float,
        role: str,
        color: str = AUTO,
        anchor: XY = (0.0, 0.0),
        plate: str | None = None,
        path: Path = (),
        joined: bool = False,
        cell: Cell | None = None,
    ) -> Box:
        """Lay a text with the `anchor` of its ink box (0 = left/top, 1 = right/bottom) on a
        point. A `plate` is a color painted behind it; `path` is that of its mark, to which a line
        leads if it is `joined`; `cell` its place in the table of the chart."""
        left = round(x - anchor[0] * stamp.width)
        top = round(y - anchor[1] * stamp.height)
        placed = PlacedText(stamp, left, top, role, color, plate, path, joined, cell)
        self._texts.append(placed)
        return placed.box

    def write_near(
        self,
        stamp: Stamp,
        places: Sequence[tuple[XY, XY]],
        role: str,
        color: str = AUTO,
        within: Box | None = None,
        plate: str | None = None,
        path: Path = (),
    ) -> Box:
        """Lay a text at the best of several places, see `best_place`."""
        (x, y), anchor = places[self.best_place(stamp, places, within, path)]
        return self.write(stamp, x, y, role, color, anchor, plate, path)

    def best_place(
        self,
        stamp: Stamp,
        places: Sequence[tuple[XY, XY]],
        within: Box | None = None,
        path: Path = (),
    ) -> int:
        """The first of several `(point, anchor)` where a text is free; the one where it collides
        least otherwise. It should not be near to other points than that of its `path`."""
        size = stamp.width, stamp.height
        boxes = [padded_box(*size, point, anchor) for point, anchor in places]
        candidates = box_array(boxes)
        foreign = None
        if path in self.points and len(self.points) > 1:
            own = list(self.points).index(path)
            foreign = strange(candidates, box_array(self.points.values()), own)
        return cheapest_box(
            candidates,
            labels=box_array(text.box for text in self._texts),
            marks=box_array(self.obstacles),
            lines=box_array([]),
            frame=within or (0.0, 0.0, float(self.width), float(self.height)),
            costs=LABEL_COSTS,
            strange=foreign,
        )

    def finish(self, scales: dict[str, Scale]) -> Drawing:
        """Draw everything once."""
        agg: Any = self._agg
        agg.draw()
        size = (self.width, self.height)
        picture = Image.frombuffer("RGBA", size, agg.buffer_rgba(), "raw", "RGBA", 0, 1)
        pixels: Pixels = np.array(picture.convert("RGB"))
        texts = [blend_text(pixels, placed, self.ink) for placed in self._texts]
        drawn = self._geometry(Reader(self.height))
        steady = None
        if self._jitter is not None:
            reach = self._jitter.reach
            steady = Steady(*self._geometry(Reader(self.height, self._down)), reach)
            scales = {name: replace(scale, jitter=reach) for name, scale in scales.items()}
        marks, lines, shapes = drawn
        leaders = tuple(Reader(self.height).line(leader) for leader in self._leaders)
        return Drawing(
            pixels,
            tuple(texts),
            marks,
            scales,
            tuple(self.plots),
            lines,
            self.ramp,
            shapes,
            self.table,
            steady,
            leaders,
        )

    def _geometry(self, reader: Reader) -> Geometry:
        return (
            tuple(reader.mark(mark, self.width) for mark in self._marks),
            tuple(reader.line(line) for line in self._lines),
            tuple(reader.mark(shape, self.width) for shape in self._shapes),
        )

    def _patch(self, shape: Patch, ink: Ink, z: float) -> Patch:
        shape.set(
            facecolor=ink.fill or "none",
            edgecolor=ink.edge or "none",
            linewidth=ink.line * POINTS,
            alpha=None if ink.alpha == 1 else ink.alpha,
            zorder=z,
        )
        if ink.hatch:
            shape.set_hatch(ink.hatch)
        if ink.dash:
            shape.set_linestyle((0, tuple(d * POINTS for d in ink.dash)))
        self._add(shape)
        return shape

    def _add(self, artist: Artist) -> None:
        artist.set_transform(self._place)
        artist.set_clip_on(False)
        self._figure.add_artist(artist)
