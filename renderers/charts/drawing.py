"""The result of one draw: pixels, and every text and mark as read from the renderer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise

from renderers.charts.warp import DERIVATIVE_STEP, LINEAR, Warp
from renderers.picture import Box, Cell, Picture, Pixels, Region
from renderers.roles import ANNOTATION, CELL, CHART, MARK, PLOT, TABLE
from renderers.turned_text import turned_quad

XY = tuple[float, float]
"""A place on the picture in pixels, origin at the top left."""

Path = tuple[str, ...]
"""Where a value is in `values` of the ground truth: `(category,)`, `(series, category)`, …"""


@dataclass(frozen=True, slots=True)
class DrawnText:
    """A text as the renderer drew it.

    `text` is what was drawn, line breaks made by wrapping included as `\\n`. `bbox` is the
    tight box on the picture. `role` is one of `title`, `subtitle`, `source`, `x_title`,
    `y_title`, `y2_title`, `legend`, `x_tick`, `y_tick`, `y2_tick`, `category` (a name next to
    its mark), `value`, `label` (a name and a value together), `note`. `words` are the word
    regions of horizontal text (see `renderers.roles.WORD`); rotated text has none. `size` is the
    font's em in pixels. `contrast` is the WCAG ratio of the ink against what lies behind it.
    `missing` holds the characters that the font has no glyph for. `path` is that of the mark it
    belongs to, empty for texts that belong to none. `plate` is the box of the plate behind it.
    `joined` is true if a line leads from the mark to the text. `lines` is how many it was drawn in,
    where `text` was put on one line again. `cell` is its place in the table of the chart.
    """

    text: str
    bbox: Box
    role: str
    angle: float = 0.0
    size: float = 12.0
    contrast: float = 21.0
    missing: str = ""
    words: tuple[Region, ...] = ()
    path: Path = ()
    plate: Box | None = None
    joined: bool = False
    lines: int = 1
    cell: Cell | None = None


@dataclass(frozen=True, slots=True)
class DrawnTable:
    """The table of a chart: its box, and the boxes of its cells without text. The others are those
    texts that have a `cell`."""

    bbox: Box
    empty: tuple[tuple[Cell, Box], ...] = ()


@dataclass(frozen=True, slots=True)
class Scale:
    """A value axis as drawn: its ends in data units and its length in pixels.

    `tick` is the distance of its ticks in data units, 0 where there are none. `start` is the
    column or row of the low end; `reverse` is true where values grow to the left or upwards.
    A radial axis starts at this distance from `center`. `warp` is how it maps values to places; an
    axis that is not linear lists its `ticks`, minor ones included, as values. `jitter` is how far
    marks and ticks may be beside their places where a hand drew them, in pixels.
    """

    low: float
    high: float
    pixels: float
    tick: float = 0.0
    start: float = 0.0
    reverse: bool = False
    center: XY | None = None
    warp: Warp = LINEAR
    ticks: tuple[float, ...] = ()
    jitter: float = 0.0

    @property
    def linear(self) -> bool:
        """Whether equal differences have equal lengths."""
        return self.warp.kind == "linear"

    @property
    def per_pixel(self) -> float:
        """Data units for each pixel of a linear axis."""
        return abs(self.high - self.low) / self.pixels

    def value_at(self, place: float) -> float:
        """The value at a column or row, or at a distance from the center."""
        along = self.start - place if self.reverse else place - self.start
        if self.linear:
            return self.low + along / self.pixels * (self.high - self.low)
        first, last = self.warp.place(self.low), self.warp.place(self.high)
        return self.warp.value(first + along / self.pixels * (last - first))

    def place_of(self, value: float) -> float:
        """The column or row of a value."""
        first, last = self.warp.place(self.low), self.warp.place(self.high)
        along = (self.warp.place(value) - first) / (last - first) * self.pixels
        return self.start - along if self.reverse else self.start + along

    def per_pixel_at(self, value: float) -> float:
        """Data units for each pixel near a value."""
        if self.linear:
            return self.per_pixel
        place = self.place_of(value)
        values = [self.value_at(place + side * DERIVATIVE_STEP) for side in (-1, 1)]
        return abs(values[1] - values[0])

    def tick_gap(self, value: float) -> float:
        """Pixels between the two ticks around a value; of an outer one beyond the last tick."""
        places = sorted(self.place_of(tick) for tick in self.ticks)
        if len(places) < 2:
            return self.pixels
        at = self.place_of(value)
        gaps = list(pairwise(places))
        low, high = next((gap for gap in gaps if at <= gap[1]), gaps[-1])
        return high - low


@dataclass(frozen=True, slots=True)
class Sector:
    """A ring sector: radii in pixels, angles in radians, `start` < `end`, counter-clockwise as
    seen, from three o'clock."""

    center: XY
    inner: float
    outer: float
    start: float
    end: float

    @property
    def sweep(self) -> float:
        """Its angle in radians."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark as the renderer drew it.

    `path` leads to what it shows: a value, or the fields of a category or point. `points` are
    the places that show its values, in the order that the type's measure asks for
    (`renderers.charts.measures`). `color` is its fill, `stroke` the width of its line in pixels.
    `round` marks are discs or symbols in their box, which labels next to them must not be taken
    for those of others.
    """

    path: Path
    bbox: Box
    points: tuple[XY, ...] = ()
    sector: Sector | None = None
    color: str = ""
    stroke: float = 0.0
    round: bool = False

    @property
    def center(self) -> XY:
        x0, y0, x1, y1 = self.bbox
        return (x0 + x1) / 2, (y0 + y1) / 2

    def region(self, role: str = MARK) -> Region:
        """The mark on a sample, a part of its chart; the names of its path as text."""
        return Region(self.bbox, "/".join(self.path), role, 0)


@dataclass(frozen=True, slots=True)
class Line:
    """A line that shows data, as a path of corners, with its width in pixels. `path` begins the
    path of its marks: the name of its series."""

    corners: tuple[XY, ...]
    width: float
    path: Path = ()


@dataclass(frozen=True, slots=True)
class Steady:
    """The geometry of a drawing without the jitter of the hand that drew it: each place of it is
    drawn at most `reach` pixels beside, in each direction."""

    marks: tuple[Mark, ...]
    lines: tuple[Line, ...]
    shapes: tuple[Mark, ...]
    reach: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """`scales` holds the axes that values are read off, keyed as `renderers.charts.truth` asks;
    `plots` are the areas between the axes; `ramp` is the color ramp of cells, from the lowest
    to the highest value; `shapes` are those of annotations, whose paths begin with their kind.
    `steady` is the geometry of what a hand drew, None of what was drawn exactly. `leaders` join
    texts with their marks; their paths are those of the texts."""

    pixels: Pixels
    texts: tuple[DrawnText, ...]
    marks: tuple[Mark, ...] = ()
    scales: Mapping[str, Scale] = field(default_factory=dict)
    plots: tuple[Box, ...] = ()
    lines: tuple[Line, ...] = ()
    ramp: tuple[str, ...] = ()
    shapes: tuple[Mark, ...] = ()
    table: DrawnTable | None = None
    steady: Steady | None = None
    leaders: tuple[Line, ...] = ()

    def steadied(self) -> Drawing:
        """The drawing with its geometry before the jitter."""
        if self.steady is None:
            return self
        known = self.steady
        return replace(self, marks=known.marks, lines=known.lines, shapes=known.shapes, steady=None)

    def picture(self) -> Picture:
        """The chart, its texts, each with its words, plot areas, marks and shapes, as regions; then
        the table, to which the texts with a `cell` belong, and its empty cells."""
        height, width = self.pixels.shape[:2]
        regions = [Region((0.0, 0.0, float(width), float(height)), "", CHART)]
        for text in self.texts:
            regions += text_regions(text, 0, len(regions))
        texts = len(regions)
        regions += [Region(box, "", PLOT, 0) for box in self.plots]
        regions += [mark.region() for mark in self.marks]
        regions += [shape.region(ANNOTATION) for shape in self.shapes]
        if self.table is not None:
            own = len(regions)
            for i in range(1, texts):
                if regions[i].role == CELL:
                    regions[i] = replace(regions[i], parent=own)
            regions.append(Region(self.table.bbox, "", TABLE, 0))
            regions += [Region(box, "", CELL, own, cell) for cell, box in self.table.empty]
        return Picture(self.pixels, tuple(regions))


def text_regions(text: DrawnText, parent: int, index: int) -> list[Region]:
    """The region of a text at this index below its parent, then those of its words."""
    lines = max(text.lines, text.text.count("\n") + 1)
    quad = turned_quad(text.bbox, text.angle, text.size, lines)
    shown = text.text.replace("\n", " ")
    role = CELL if text.cell else text.role
    own = Region(text.bbox, shown, role, parent, text.cell, quad=quad)
    return [own, *(replace(word, parent=index) for word in text.words)]
