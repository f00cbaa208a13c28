"""Annotations as elements of the page's scene: drawn over or below what ECharts laid out.

ECharts lays a chart out and tells where its marks are; then the elements are added to the same
scene, drawn with the rest and read back from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from renderers.charts.directions import Align, aligned
from renderers.charts.drawing import XY, Drawing, Path
from renderers.charts.echarts.context import DrawContext
from renderers.charts.echarts.layout import LINE, EchartsStyle
from renderers.charts.echarts.ruler import Ruler, css_family
from renderers.charts.labels import LABEL_COSTS, box_array, cheapest_box, padded_box
from renderers.charts.sheets.kinds import draw_on
from renderers.charts.sheets.pen import Place, Stroke, Written
from renderers.charts.sheets.sheet import Sheet, SheetStyle, obstacles_of
from renderers.picture import Box

POINTERS = ("arrow", "arrow", "leader", "box")
VARIANTS = 4
"""Of the color and dash of lines."""
STROKE = 1.2
"""Width of lines in CSS pixels."""
PLATE_PADDING = 3
"""CSS pixels."""
BELOW, ABOVE = -1, 7
"""Levels in the scene: below the grid and the series, which pyecharts puts on level 0 or higher;
above everything."""
BELOW_MARKS = 2.0
"""What a sheet draws with a lower order is below the marks."""


@dataclass(frozen=True, slots=True)
class MeasuredText:
    """A text in lines, measured; sizes in pixels of the picture."""

    text: str
    size: float
    width: float
    height: float
    align: Align
    bold: bool


class ScenePen:
    """A pen (`renderers.charts.sheets.pen.Pen`) that collects elements for the page.

    It works in pixels of the picture; `elements` are in CSS pixels, each with the index of its path
    in `paths`.
    """

    def __init__(self, laid_out: Drawing, style: EchartsStyle, ruler: Ruler) -> None:
        self._style = style
        self._ruler = ruler
        self._boxes = [text.plate or text.bbox for text in laid_out.texts]
        self.obstacles = obstacles_of(laid_out.marks, laid_out.lines)
        self.brackets: list[Box] = []
        self.elements: list[dict[str, Any]] = []
        self.paths: list[Path] = []

    def text(
        self, text: str, size: float, width: float | None, align: Align, bold: bool
    ) -> Written:
        pixels = max(self._style.least, round(self._style.text_size * size, 1))
        if width is not None:
            text = self._ruler.wrap(text, pixels, pixels * width, bold)
        wide = self._ruler.width(text, pixels, bold)
        high = pixels * LINE * (text.count("\n") + 1)
        ratio = self._style.ratio
        return MeasuredText(text, pixels, wide * ratio, high * ratio, aligned(align, text), bold)

    def text_boxes(self) -> list[Box]:
        return list(self._boxes)

    def line(
        self, points: Sequence[XY], stroke: Stroke, z: float, path: Path, ends: Sequence[int]
    ) -> None:
        self._add(
            "line", z, path, points=self._css(points), color=stroke.color,
            width=self._down(stroke.width), dash=[self._down(d) for d in stroke.dash],
            ends=list(ends),
        )  # fmt: skip

    def shade(self, box: Box, color: str, z: float, path: Path) -> None:
        self._add("shade", z, path, box=self._css_box(box), color=color)

    def head(self, points: Sequence[XY], color: str, z: float) -> None:
        self._add("head", z, points=self._css(points), color=color)

    def frame(self, box: Box, fill: str, edge: str, width: float, radius: float, z: float) -> None:
        self._add(
            "frame", z, box=self._css_box(box), color=fill, edge=edge,
            width=self._down(width), radius=self._down(radius),
        )  # fmt: skip

    def write(self, text: Written, place: Place, color: str, path: Path, plate: str | None) -> Box:
        made = cast(MeasuredText, text)
        (x, y), anchor = place
        left, top = x - anchor[0] * made.width, y - anchor[1] * made.height
        share = {"left": 0.0, "center": 0.5, "right": 1.0}[made.align]
        pad = PLATE_PADDING if plate else 0
        at = self._down(left + share * made.width) - (1 - 2 * share) * pad
        self._add(
            "text", ABOVE, path, text=made.text, x=round(at, 2),
            y=round(self._down(top) - pad, 2), align=made.align, size=made.size,
            family=css_family(self._style.family), bold=made.bold, color=color,
            lineHeight=round(made.size * LINE, 2), plate=plate, padding=pad,
        )  # fmt: skip
        box = (left, top, left + made.width, top + made.height)
        self._boxes.append(box)
        return box

    def best_place(self, text: Written, places: Sequence[Place], within: Box) -> int:
        boxes = [padded_box(text.width, text.height, *place) for place in places]
        return cheapest_box(
            box_array(boxes),
            labels=box_array(self._boxes),
            marks=box_array(self.obstacles),
            lines=box_array([]),
            frame=within,
            costs=LABEL_COSTS,
        )

    def _add(self, kind: str, z: float, path: Path | None = None, **more: Any) -> None:
        level = BELOW if z < BELOW_MARKS else ABOVE
        element = {"kind": kind, "z": level, "z2": len(self.elements), **more}
        if path is not None:
            element["shows"] = len(self.paths)
            self.paths.append(path)
        self.elements.append(element)

    def _down(self, length: float) -> float:
        return length / self._style.ratio

    def _css(self, points: Sequence[XY]) -> list[list[float]]:
        return [[round(self._down(x), 2), round(self._down(y), 2)] for x, y in points]

    def _css_box(self, box: Box) -> list[float]:
        return [round(self._down(v), 2) for v in box]


def annotate(context: DrawContext, laid_out: Drawing) -> ScenePen:
    """The pen that has drawn the annotations of a chart that ECharts laid out."""
    style, sampler = context.style, context.sampler
    pen = ScenePen(laid_out, style, context.ruler)
    look = SheetStyle(
        base=style.text_size * style.ratio,
        stroke=STROKE * style.ratio,
        palette=style.palette,
        panel=None,
        color=style.color,
        variant=sampler.whole_number("annotation_variant", 0, VARIANTS - 1),
        pointer=sampler.pick("pointer", POINTERS),
        plates=context.repair.label_plates,
        label_size=context.label_size / style.text_size,
    )
    height, width = laid_out.pixels.shape[:2]
    box = laid_out.plots[0] if laid_out.plots else (0.0, 0.0, float(width), float(height))
    marks, lines, scales = laid_out.marks, laid_out.lines, laid_out.scales
    draw_on(Sheet(context.spec, look, pen, scales, box, marks, lines))
    return pen
