"""A chart whose marks are laid out, on which annotations find their places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from renderers.charts.annotations.annotation import middle_of, value_scale
from renderers.charts.drawing import XY, Line, Mark, Path, Scale
from renderers.charts.labels import boxes_along_line
from renderers.charts.matplotlib.canvas import Canvas, Ink
from renderers.charts.matplotlib.style import ChartStyle
from renderers.charts.matplotlib.text import Align, Stamp, stamp, wrap
from renderers.charts.palette import blend, contrast, readable_on, rgb
from renderers.charts.spec import ChartSpec, Points, Table
from renderers.picture import Box

Place = tuple[XY, XY]
"""A point, and the anchor of a text on it."""

NOTE_SIZE = 0.92
"""Text size of notes in the plot, in ems."""
NOTE_WIDTH = 9.0
"""Of the lines of a note, in ems."""
MAX_LINES = 3
LINE_STEP = 5.0
"""Pixels between the boxes that represent a line of data when notes are placed."""
MIN_LINE_CONTRAST = 2.2
"""Of a line against the background: it must be seen."""
TINT = 0.16
"""Opacity of a color over the background in a shaded range."""
LINE = 1.4
"""Width of a line in strokes."""
DASHES: tuple[tuple[float, ...], ...] = ((), (6.0, 4.0), (2.0, 3.0), (8.0, 3.0, 2.0, 3.0))


@dataclass(frozen=True, slots=True)
class Sheet:
    """`box` is the plot; `marks` and `lines` are those of the data."""

    spec: ChartSpec
    style: ChartStyle
    canvas: Canvas
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

    def line_ink(self, color: str) -> Ink:
        dash = DASHES[(self.style.variant + 1) % len(DASHES)]
        return Ink(edge=color, line=max(1.2, self.style.stroke * LINE), dash=dash)

    def tint(self, color: str) -> Ink:
        return Ink(fill=blend(color, self.style.plot_color, TINT))

    def stamp(self, text: str, width: float = NOTE_WIDTH, align: Align = "left") -> Stamp:
        """A note of lines of at most this width in ems, where the text has spaces to break at."""
        font = self.style.font(NOTE_SIZE)
        wrapped = wrap(text, font, font.size * width, MAX_LINES) or text
        return stamp(wrapped, font, align)

    def write(self, note: Stamp, places: Sequence[Place], path: Path, color: str) -> Box:
        """Write a note at the best of these places within the plot."""
        plate = self.style.plot_color if self.style.label_plate else None
        ink = self.text_color(color)
        return self.canvas.write_near(note, places, "note", ink, self.box, plate, path)


def open_sheet(
    spec: ChartSpec, style: ChartStyle, canvas: Canvas, scales: Mapping[str, Scale]
) -> Sheet:
    """The sheet of a chart; its marks and lines become obstacles of what is written later."""
    marks, lines = canvas.read_marks()
    canvas.obstacles.extend(mark.bbox for mark in marks if not mark.round)
    for line in lines:
        for start, stop in pairwise(line.corners):
            length = max(abs(stop[0] - start[0]), abs(stop[1] - start[1]))
            count = max(1, min(60, int(length / LINE_STEP)))
            shares = [(i + 0.5) / count for i in range(count)]
            canvas.obstacles.extend(boxes_along_line(start, stop, shares))
    canvas.obstacles.extend(mark.bbox for mark in marks if mark.round)
    box = canvas.plots[0] if canvas.plots else (0.0, 0.0, float(style.width), float(style.height))
    return Sheet(spec, style, canvas, scales, box, marks, lines)


def colors_of_data(spec: ChartSpec) -> int:
    """How many colors of the palette its series take."""
    if isinstance(spec.data, Table | Points):
        return max(2, len(spec.data.series))
    return 2
