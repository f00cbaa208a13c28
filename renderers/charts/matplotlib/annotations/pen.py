"""Annotations on a canvas of matplotlib."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from renderers.charts.directions import Align
from renderers.charts.drawing import XY, Path, Scale
from renderers.charts.matplotlib.canvas import Canvas, Ink
from renderers.charts.matplotlib.style import ChartStyle
from renderers.charts.matplotlib.text import Stamp, stamp, wrap
from renderers.charts.sheets.pen import Place, Stroke, Written
from renderers.charts.sheets.sheet import Sheet, SheetStyle, obstacles_of
from renderers.charts.spec import ChartSpec
from renderers.picture import Box

MAX_LINES = 3


class CanvasPen:
    """A pen (`renderers.charts.sheets.pen.Pen`) that draws on a canvas."""

    def __init__(self, canvas: Canvas, style: ChartStyle) -> None:
        self._canvas = canvas
        self._style = style
        self.obstacles = canvas.obstacles
        self.brackets = canvas.brackets

    def text(
        self, text: str, size: float, width: float | None, align: Align, bold: bool
    ) -> Written:
        font = self._style.font(size, bold)
        lines = None if width is None else wrap(text, font, font.size * width, MAX_LINES)
        return stamp(lines or text, font, align)

    def text_boxes(self) -> list[Box]:
        return self._canvas.text_boxes()

    def line(
        self, points: Sequence[XY], stroke: Stroke, z: float, path: Path, ends: Sequence[int]
    ) -> None:
        ink = Ink(edge=stroke.color, line=stroke.width, dash=stroke.dash)
        line = self._canvas.polyline(points, ink, z=z, shows=path)
        self._canvas.annotation(path, line, points=[(line, end) for end in ends])

    def shade(self, box: Box, color: str, z: float, path: Path) -> None:
        self._canvas.annotation(path, self._canvas.rectangle(box, Ink(fill=color), z=z))

    def head(self, points: Sequence[XY], color: str, z: float) -> None:
        self._canvas.polygon(points, Ink(fill=color), z=z)

    def frame(self, box: Box, fill: str, edge: str, width: float, radius: float, z: float) -> None:
        self._canvas.rectangle(box, Ink(fill, edge, width), z=z, radius=radius)

    def write(self, text: Written, place: Place, color: str, path: Path, plate: str | None) -> Box:
        (x, y), anchor = place
        made = cast(Stamp, text)
        return self._canvas.write(made, x, y, "note", color, anchor, plate, path)

    def best_place(self, text: Written, places: Sequence[Place], within: Box) -> int:
        return self._canvas.best_place(cast(Stamp, text), places, within)


def open_sheet(
    spec: ChartSpec, style: ChartStyle, canvas: Canvas, scales: Mapping[str, Scale]
) -> Sheet:
    """The sheet of a chart; its marks and lines become obstacles of what is written later."""
    marks, lines = canvas.read_marks()
    canvas.obstacles.extend(obstacles_of(marks, lines))
    box = canvas.plots[0] if canvas.plots else (0.0, 0.0, float(style.width), float(style.height))
    look = SheetStyle(
        style.base,
        style.stroke,
        style.palette,
        style.panel,
        style.color,
        style.variant,
        style.pointer,
        style.label_plate,
        style.label_size,
    )
    return Sheet(spec, look, CanvasPen(canvas, style), scales, box, marks, lines)
