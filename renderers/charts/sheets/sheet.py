"""A chart whose marks are laid out, on which annotations find their places."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from renderers.charts.annotations.annotation import middle_of, value_scale
from renderers.charts.directions import Align
from renderers.charts.drawing import Line, Mark, Path, Scale
from renderers.charts.labels import boxes_along_line
from renderers.charts.palette import Palette, blend, contrast, readable_on, rgb
from renderers.charts.sheets.pen import Pen, Place, Stroke, Written
from renderers.charts.spec import ChartSpec, Points, Table
from renderers.picture import Box

NOTE_SIZE = 0.92
"""Text size of notes in the plot, in ems."""
NOTE_WIDTH = 9.0
"""Of the lines of a note, in ems."""
LINE_STEP = 5.0
"""Pixels between the boxes that represent a line of data when notes are placed."""
MAX_STEPS = 60
"""Such boxes of one line at most."""
MIN_LINE_CONTRAST = 2.2
"""Of a line against the background: it must be seen."""
TINT = 0.16
"""Opacity of a color over the background in a shaded range."""
LINE = 1.4
"""Width of a line in strokes."""
MIN_LINE = 1.2
"""Width of a line in pixels."""
DASHES: tuple[tuple[float, ...], ...] = ((), (6.0, 4.0), (2.0, 3.0), (8.0, 3.0, 2.0, 3.0))


@dataclass(frozen=True, slots=True)
class SheetStyle:
    """What annotations take from the style of a chart.

    `base` is the em and `stroke` the width of lines, in pixels; `panel` the color of the plot where
    it is not the background; `color` the palette's color of a series; `pointer` how callouts point:
    `arrow`, `leader` or `box`. With `plates`, notes have a plate. `label_size` is that of printed
    values, in ems.
    """

    base: float
    stroke: float
    palette: Palette
    panel: str | None
    color: Callable[[int], str]
    variant: int
    pointer: str
    plates: bool
    label_size: float

    @property
    def plot_color(self) -> str:
        """What lies behind marks."""
        return self.panel or self.palette.background


@dataclass(frozen=True, slots=True)
class Sheet:
    """`box` is the plot; `marks` and `lines` are those of the data."""

    spec: ChartSpec
    style: SheetStyle
    pen: Pen
    scales: Mapping[str, Scale]
    box: Box
    marks: Sequence[Mark]
    lines: Sequence[Line]

    @property
    def gap(self) -> float:
        """Between a shape and its text."""
        return self.style.base * 0.35

    def level(self, value: float) -> tuple[float, int]:
        """The column or row of a value, and the direction of its axis."""
        scale, side = value_scale(self.scales)
        return scale.place_of(value), side

    def middle(self, category: str, side: int = 0) -> float:
        """The column or row of a category."""
        return middle_of(self.marks, category, side)

    def color(self, turn: int = 0) -> str:
        """A color for lines and shapes that no series has, where the palette has one."""
        style = self.style
        used = colors_of_data(self.spec)
        choice = (style.palette.ink, style.color(used + turn), style.palette.faint, "#c0392b")
        found = choice[(style.variant + turn) % len(choice)]
        back = rgb(style.plot_color)
        return found if contrast(rgb(found), back) >= MIN_LINE_CONTRAST else style.palette.ink

    def text_color(self, color: str) -> str:
        """The color, or one like it that can be read on the background."""
        style = self.style
        back = rgb(style.plot_color)
        return readable_on(back, color, blend(style.palette.ink, color, 0.5))

    def stroke(self, color: str) -> Stroke:
        """A dashed line, in a pattern by the variant of the style."""
        dash = DASHES[(self.style.variant + 1) % len(DASHES)]
        return Stroke(color, max(MIN_LINE, self.style.stroke * LINE), dash)

    def tint(self, color: str) -> str:
        """A faint mixture of the color with that of the plot, for areas behind marks."""
        return blend(color, self.style.plot_color, TINT)

    def text(self, text: str, width: float = NOTE_WIDTH, align: Align = "left") -> Written:
        """A note of lines of at most this width in ems, where the text has spaces to break at."""
        return self.pen.text(text, NOTE_SIZE, width, align, bold=False)

    def write(self, note: Written, places: Sequence[Place], path: Path, color: str) -> Box:
        """Write a note at the best of these places within the plot."""
        plate = self.style.plot_color if self.style.plates else None
        place = places[self.pen.best_place(note, places, self.box)]
        return self.pen.write(note, place, self.text_color(color), path, plate)


def obstacles_of(marks: Iterable[Mark], lines: Iterable[Line]) -> list[Box]:
    """What notes keep away from: marks, and boxes along lines of data."""
    marks = list(marks)
    boxes = [mark.bbox for mark in marks if not mark.round]
    for line in lines:
        for start, stop in pairwise(line.corners):
            length = max(abs(stop[0] - start[0]), abs(stop[1] - start[1]))
            count = max(1, min(MAX_STEPS, int(length / LINE_STEP)))
            shares = [(i + 0.5) / count for i in range(count)]
            boxes.extend(boxes_along_line(start, stop, shares))
    return [*boxes, *(mark.bbox for mark in marks if mark.round)]


def colors_of_data(spec: ChartSpec) -> int:
    """How many colors of the palette its series take."""
    if isinstance(spec.data, Table | Points):
        return max(2, len(spec.data.series))
    return 2
