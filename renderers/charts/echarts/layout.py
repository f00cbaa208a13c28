"""Where things go: canvas, title, legend, source line, and the room that is left for the chart.

ECharts drops or overlaps what does not fit, so everything is measured and placed here, in CSS
pixels, before it is asked to draw.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from renderers.charts.echarts.looks import LOOKS
from renderers.charts.echarts.textfit import Ruler, css_family
from renderers.charts.echarts.variety import Variety
from renderers.charts.palette import Palette
from renderers.charts.spec import ChartSpec

_PALETTES = tuple(LOOKS)

LINE = 1.25
"""Line height over font size."""


@dataclass(frozen=True, slots=True)
class Rect:
    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def center(self) -> list[float]:
        return [(self.left + self.right) / 2, (self.top + self.bottom) / 2]

    def inset(self, left: float = 0, top: float = 0, right: float = 0, bottom: float = 0) -> Rect:
        return Rect(self.left + left, self.top + top, self.right - right, self.bottom - bottom)


@dataclass(frozen=True, slots=True)
class Look:
    """What is the same for every type. Sizes in CSS pixels; `ratio` is picture pixels per CSS
    pixel."""

    palette: Palette
    family: str
    bold_title: bool
    title_size: int
    text_size: int
    label_size: int
    title_align: str
    source_align: str
    legend_side: str
    legend_icon: str
    width: int
    height: int
    ratio: float
    grid: bool
    colors: tuple[str, ...]

    def text(self, size: float, color: str | None = None, bold: bool = False) -> dict[str, Any]:
        """A text style in ECharts' words, complete, so that no default creeps in."""
        return {
            "fontFamily": css_family(self.family),
            "fontSize": size,
            "fontWeight": "bold" if bold else "normal",
            "color": color or self.palette.faint,
            "lineHeight": math.ceil(size * LINE),
        }

    def color(self, index: int) -> str:
        return self.colors[index % len(self.colors)]


def sample_look(
    variety: Variety, lang: str, families: Sequence[str], size: tuple[int, int] | None
) -> Look:
    """A look by the choices of `variety`; `size` in pixels fixes the canvas, and then texts keep
    their proportion to it."""
    palette = LOOKS[variety.pick("palette", _PALETTES)]
    text = variety.whole("text_size", 11, 14) + (1 if lang == "zh" else 0)
    width, height, ratio = _canvas(variety)
    if size is not None:
        width, height, ratio = *size, 1.0
        least = 11 if lang == "zh" else 9
        text = max(least, round(text * min(width / 700, height / 480)))
    larger = variety.whole("title_larger_by", 3, 8)
    return Look(
        palette=palette,
        family=variety.pick("font", families),
        bold_title=variety.flag("bold_title", 0.6),
        title_size=text + larger,
        text_size=text,
        label_size=text - variety.whole("label_smaller_by", 0, 1),
        title_align=variety.pick("title_align", ("left", "center", "center")),
        source_align=variety.pick("source_align", ("left", "right")),
        legend_side=variety.pick("legend_side", ("top", "top", "bottom", "right")),
        legend_icon=variety.pick("legend_icon", ("roundRect", "circle", "rect")),
        width=width,
        height=height,
        ratio=ratio,
        grid=variety.flag("grid", 0.8),
        colors=tuple(variety.order(palette.colors)),
    )


def _canvas(variety: Variety) -> tuple[int, int, float]:
    """Width and height in CSS pixels, and the pixel ratio; their products are whole."""
    width = variety.whole("width", 27, 46) * 20
    height = width / (variety.whole("aspect_percent", 105, 190) / 100)
    return (
        width,
        int(np.clip(height, 380, 720)) // 20 * 20,
        variety.pick("pixel_ratio", (1.0, 1.0, 1.25, 1.5)),
    )


@dataclass(frozen=True, slots=True)
class Frame:
    """The canvas, the components around the chart in ECharts' words, and the room for it."""

    width: int
    height: int
    body: Rect
    titles: tuple[dict[str, Any], ...]
    legend: dict[str, Any] | None


def frame(spec: ChartSpec, look: Look, ruler: Ruler, legend: Sequence[str], grow: float) -> Frame:
    """Plan the surroundings. `legend` are the names it lists (none: no legend); `grow` enlarges
    the canvas."""
    width, height = (round(side * grow / 20) * 20 for side in (look.width, look.height))
    if grow == 1:
        width, height = look.width, look.height
    pad = _pad(look)
    room = Rect(pad, pad, width - pad, height - pad)
    titles: list[dict[str, Any]] = []
    if spec.title is not None:
        title, room = _title(spec.title, look, ruler, room)
        titles.append(title)
    if spec.source is not None:
        source, room = _source(spec.source, look, ruler, room)
        titles.append(source)
    box = None
    if legend:
        box, room = _legend(legend, look, ruler, room)
    return Frame(width, height, room, tuple(titles), box)


def _title(text: str, look: Look, ruler: Ruler, room: Rect) -> tuple[dict[str, Any], Rect]:
    style = look.text(look.title_size, look.palette.ink, look.bold_title)
    wrapped = ruler.wrap(text, look.title_size, room.width, look.bold_title)
    height = style["lineHeight"] * (wrapped.count("\n") + 1)
    title = _placed("title", wrapped, style, look.title_align, room)
    return {**title, "top": room.top}, room.inset(top=height + look.text_size * 0.9)


def _source(text: str, look: Look, ruler: Ruler, room: Rect) -> tuple[dict[str, Any], Rect]:
    size = look.label_size
    style = look.text(size)
    wrapped = ruler.wrap(text, size, room.width)
    height = style["lineHeight"] * (wrapped.count("\n") + 1)
    source = _placed("source", wrapped, style, look.source_align, room)
    return {**source, "top": room.bottom - height}, room.inset(bottom=height + size * 0.7)


def _placed(role: str, text: str, style: dict[str, Any], align: str, room: Rect) -> dict[str, Any]:
    """A text component; its id is the role that the page reports."""
    x = {"left": room.left, "center": room.center[0], "right": room.right}[align]
    return {
        "id": role,
        "text": text,
        "textStyle": style,
        "textAlign": align,
        "left": x,
        "padding": 0,
    }


def _legend(
    names: Sequence[str], look: Look, ruler: Ruler, room: Rect
) -> tuple[dict[str, Any], Rect]:
    size = look.text_size
    icon, gap = round(size * 1.4), round(size * 0.9)
    line = math.ceil(size * LINE)
    widths = [icon + 5 + ruler.width(name, size) + 2 for name in names]
    side = look.legend_side
    tall = len(names) * (line + gap)
    if side == "right" and (max(widths) > room.width * 0.28 or tall > room.height * 0.9):
        side = "top"
    style = look.text(size)
    legend: dict[str, Any] = {
        "type": "plain",
        "show": True,
        "data": list(names),
        "icon": look.legend_icon,
        "itemWidth": icon,
        "itemHeight": round(size * 0.85),
        "itemGap": gap,
        "padding": 0,
        "textStyle": {k: v for k, v in style.items() if k != "lineHeight"},
        "selectedMode": False,
    }
    if side == "right":
        legend |= {"orient": "vertical", "right": _pad(look), "top": room.top + 4}
        return legend, room.inset(right=max(widths) + size)
    rows = _rows(widths, gap, room.width)
    height = rows * (line + gap) - gap
    legend |= {"orient": "horizontal", "left": "center", "width": room.width}
    if side == "top":
        return {**legend, "top": room.top}, room.inset(top=height + size)
    return {**legend, "top": room.bottom - height}, room.inset(bottom=height + size)


def _pad(look: Look) -> int:
    """Free pixels along the edges of the canvas."""
    return max(10, round(look.text_size * 1.1))


def _rows(widths: Sequence[float], gap: float, limit: float) -> int:
    rows, used = 1, 0.0
    for width in widths:
        if used and used + gap + width > limit:
            rows, used = rows + 1, 0.0
        used += width + (gap if used else 0)
    return rows
