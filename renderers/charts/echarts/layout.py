"""Where things go: canvas, title, legend, source line, and the room that is left for the chart.

ECharts drops or overlaps what does not fit, so everything is measured and placed here, in CSS
pixels, before it is asked to draw.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from renderers.charts.annotations.texts import Footnote, Subtitle, TextBlock
from renderers.charts.audit import TRAINED_SIDE, min_size
from renderers.charts.directions import Align, aligned
from renderers.charts.echarts.palettes import PALETTES_BY_NAME
from renderers.charts.echarts.ruler import Ruler, css_family
from renderers.charts.echarts.sampler import StyleSampler
from renderers.charts.look_data import Look
from renderers.charts.palette import Palette
from renderers.charts.slots import AROUND_COLUMNS, AROUND_ROWS, EMS_PER_SLOT, MANY_SLOTS
from renderers.charts.spec import ChartSpec
from renderers.charts.wrapping import pack_rows
from renderers.languages.registry import language
from renderers.picture import Box

MIN_TEXT_SIZE, MIN_FINE_TEXT_SIZE = 9, 11
"""CSS pixels, the second of scripts with fine letters; one more than the audit asks for."""
SIZE_STEP = 20
"""Sides of the canvas are multiples of this: times the pixel ratios they stay whole."""
USUAL_WIDTH, USUAL_HEIGHT = 700, 480
"""The canvas that text sizes are meant for, in CSS pixels."""
MIN_HEIGHT, MAX_HEIGHT = 380, 720
"""CSS pixels."""
ICON_WIDTH, ENTRY_GAP = 1.4, 0.9
"""Of a legend entry, in ems."""
ICON_GAP = 5
"""ECharts puts the name of a legend entry this far from its icon, in CSS pixels."""
LEGEND_PADDING = 0.5
"""Between a legend and its frame, in ems."""
LEGEND_TOP = 4
"""CSS pixels."""
TITLE_GAP = 0.9
"""Below the title, in ems."""
SUBTITLE_PULL = 0.45
"""By how much a subtitle is nearer to its title than the chart would be, in ems."""
NOTE_IDS = {"subtitle": "subtitle", "text": "note:text", "footnote": "note:footnote"}
"""The components of texts around the plot, by the kind of annotation: role, then kind."""
SOURCE_GAP = 0.7
"""Above the source line, in ems."""
MAX_COLUMN_WIDTH = 0.28
"""Share of the width that a legend at the right may take."""
MAX_COLUMN_HEIGHT = 0.9
"""Share of the height that it may take."""
ICON_HEIGHT = 0.85
"""In ems."""
PADDING = 1.1
"""Free space along the edges of the canvas, in ems."""
MIN_PADDING = 10
"""CSS pixels."""

_PALETTES = tuple(PALETTES_BY_NAME)

LINE = 1.25
"""Line height over font size."""


def min_text_size(lang: str) -> int:
    """The least size of texts of a language in CSS pixels."""
    return MIN_FINE_TEXT_SIZE if language(lang).fine else MIN_TEXT_SIZE


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle in pixels of the canvas; y grows downwards."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def box(self) -> Box:
        return self.left, self.top, self.right, self.bottom

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def center(self) -> list[float]:
        """[x, y], as options of ECharts have it."""
        return [(self.left + self.right) / 2, (self.top + self.bottom) / 2]

    def inset(self, left: float = 0, top: float = 0, right: float = 0, bottom: float = 0) -> Rect:
        """The rectangle without strips of these widths at its sides."""
        return Rect(self.left + left, self.top + top, self.right - right, self.bottom - bottom)


@dataclass(frozen=True, slots=True)
class EchartsStyle:
    """What is the same for every type. Sizes in CSS pixels; `ratio` is picture pixels per CSS
    pixel."""

    palette: Palette
    family: str
    bold_title: bool
    title_size: int
    text_size: int
    label_size: int
    title_align: Align
    source_align: Align
    legend_side: str
    legend_icon: str
    width: int
    height: int
    ratio: float
    grid: bool
    colors: tuple[str, ...]
    least: int
    """The smallest text."""
    look: Look | None = None

    def text_style(
        self, size: float, color: str | None = None, bold: bool = False
    ) -> dict[str, Any]:
        """A text style as an ECharts option, complete, so that no default applies."""
        return {
            "fontFamily": css_family(self.family),
            "fontSize": size,
            "fontWeight": "bold" if bold else "normal",
            "color": color or self.palette.faint,
            "lineHeight": math.ceil(size * LINE),
        }

    def color(self, index: int) -> str:
        """The color of a series; the colors are used in turn."""
        return self.colors[index % len(self.colors)]

    @property
    def plot_color(self) -> str:
        """What lies behind marks."""
        return (self.look.panel if self.look else "") or self.palette.background

    @property
    def legend_padding(self) -> int:
        """Between the legend and the frame that a look gives it, in CSS pixels; 0 without frame."""
        framed = self.look is not None and self.look.style.get("legend_frame", False)
        return round(self.text_size * LEGEND_PADDING) if framed else 0


def sample_style(
    sampler: StyleSampler,
    lang: str,
    families: Sequence[str],
    size: tuple[int, int] | None,
    look: Look | None = None,
) -> EchartsStyle:
    """A style by the choices of `sampler`, in a look by the fixed ones among them; `size` in pixels
    fixes the canvas, and texts then keep their proportion to it."""
    name = sampler.pick("palette", _PALETTES)
    palette = PALETTES_BY_NAME[name] if look is None else look.palette
    text = sampler.whole_number("text_size", 11, 14) + (1 if language(lang).fine else 0)
    width, height, ratio = _canvas(sampler)
    if size is not None:
        width, height, ratio = *size, 1.0
        least = min_text_size(lang)
        text = max(least, round(text * min(width / USUAL_WIDTH, height / USUAL_HEIGHT)))
    larger = sampler.whole_number("title_larger_by", 3, 8)
    return EchartsStyle(
        palette=palette,
        family=sampler.pick("font", families),
        bold_title=sampler.flag("bold_title", 0.6),
        title_size=text + larger,
        text_size=text,
        label_size=text - sampler.whole_number("label_smaller_by", 0, 1),
        title_align=sampler.pick("title_align", ("left", "center", "center")),
        source_align=sampler.pick("source_align", ("left", "right")),
        legend_side=sampler.pick("legend_side", ("top", "top", "bottom", "right")),
        legend_icon=sampler.pick("legend_icon", ("roundRect", "circle", "rect")),
        width=width,
        height=height,
        ratio=ratio,
        grid=sampler.flag("grid", 0.8),
        colors=palette.colors if look else tuple(sampler.shuffled(palette.colors)),
        least=min_text_size(lang),
        look=look,
    )


def _canvas(sampler: StyleSampler) -> tuple[int, int, float]:
    """Width and height in CSS pixels, and the pixel ratio; their products are whole."""
    width = sampler.whole_number("width", 27, 46) * SIZE_STEP
    height = width / (sampler.whole_number("aspect_percent", 105, 190) / 100)  # percent
    return (
        width,
        int(np.clip(height, MIN_HEIGHT, MAX_HEIGHT)) // SIZE_STEP * SIZE_STEP,
        sampler.pick("pixel_ratio", (1.0, 1.0, 1.25, 1.5)),
    )


def with_slots(style: EchartsStyle, slots: int, *, horizontal: bool) -> EchartsStyle:
    """The style on a canvas with space for this many names in a row or column."""
    if slots < MANY_SLOTS:
        return style
    around = AROUND_ROWS if horizontal else AROUND_COLUMNS
    needed = int((slots * EMS_PER_SLOT + around) * style.text_size) // SIZE_STEP * SIZE_STEP
    if horizontal:
        return replace(style, height=max(style.height, needed))
    return replace(style, width=max(style.width, needed))


@dataclass(frozen=True, slots=True)
class Frame:
    """The canvas, the ECharts components around the chart, and the area that is left for it."""

    width: int
    height: int
    body: Rect
    titles: tuple[dict[str, Any], ...]
    legend: dict[str, Any] | None


def lay_out(
    spec: ChartSpec, style: EchartsStyle, ruler: Ruler, legend: Sequence[str], enlarge: float
) -> Frame:
    """Plan the surroundings. `legend` are the names it lists (none: no legend); `grow` enlarges
    the canvas."""
    # Beyond this side the smallest texts would be too small on a picture shrunk for training.
    longest = TRAINED_SIDE * min_text_size(spec.lang) / min_size(spec.lang)
    enlarge = max(1.0, min(enlarge, longest / max(style.width, style.height)))
    width, height = (
        int(side * enlarge) // SIZE_STEP * SIZE_STEP for side in (style.width, style.height)
    )
    if enlarge == 1:
        width, height = style.width, style.height
    pad = _padding(style)
    area = Rect(pad, pad, width - pad, height - pad)
    titles: list[dict[str, Any]] = []
    if spec.title is not None:
        title, area = _title(spec.title, style, ruler, area)
        titles.append(title)
    for item in spec.annotations:
        if isinstance(item, Subtitle | TextBlock):
            below, area = _below_title(item, style, ruler, area, titled=spec.title is not None)
            titles.append(below)
    if spec.source is not None:
        source, area = _source(spec.source, style, ruler, area)
        titles.append(source)
    for item in spec.annotations:
        if isinstance(item, Footnote):
            note, area = _above_source(item, style, ruler, area)
            titles.append(note)
    box = None
    if legend:
        box, area = _legend(legend, style, ruler, area)
    return Frame(width, height, area, tuple(titles), box)


def _title(text: str, style: EchartsStyle, ruler: Ruler, area: Rect) -> tuple[dict[str, Any], Rect]:
    text_style = style.text_style(style.title_size, style.palette.ink, style.bold_title)
    wrapped = ruler.wrap(text, style.title_size, area.width, style.bold_title)
    height = text_style["lineHeight"] * (wrapped.count("\n") + 1)
    title = _placed("title", wrapped, text_style, style.title_align, area)
    return {**title, "top": area.top}, area.inset(top=height + style.text_size * TITLE_GAP)


def _source(
    text: str, style: EchartsStyle, ruler: Ruler, area: Rect
) -> tuple[dict[str, Any], Rect]:
    size = style.label_size
    text_style = style.text_style(size)
    wrapped = ruler.wrap(text, size, area.width)
    height = text_style["lineHeight"] * (wrapped.count("\n") + 1)
    source = _placed("source", wrapped, text_style, style.source_align, area)
    return {**source, "top": area.bottom - height}, area.inset(bottom=height + size * SOURCE_GAP)


def _below_title(
    item: Subtitle | TextBlock, style: EchartsStyle, ruler: Ruler, area: Rect, *, titled: bool
) -> tuple[dict[str, Any], Rect]:
    """A subtitle like its title, a paragraph from the left on."""
    subtitle = isinstance(item, Subtitle)
    size = style.text_size if subtitle else style.label_size
    palette = style.palette
    text_style = style.text_style(size, palette.faint if subtitle else palette.ink)
    wrapped = ruler.wrap(item.text, size, area.width)
    height = text_style["lineHeight"] * (wrapped.count("\n") + 1)
    pull = style.text_size * SUBTITLE_PULL if subtitle and titled else 0
    made = _placed(
        NOTE_IDS[item.kind], wrapped, text_style, style.title_align if subtitle else "left", area
    )
    gap = style.text_size * TITLE_GAP
    return {**made, "top": area.top - pull}, area.inset(top=height + gap - pull)


def _above_source(
    item: Footnote, style: EchartsStyle, ruler: Ruler, area: Rect
) -> tuple[dict[str, Any], Rect]:
    size = style.label_size
    text_style = style.text_style(size)
    wrapped = ruler.wrap(item.text, size, area.width)
    height = text_style["lineHeight"] * (wrapped.count("\n") + 1)
    made = _placed(NOTE_IDS[item.kind], wrapped, text_style, "left", area)
    return {**made, "top": area.bottom - height}, area.inset(bottom=height + size * SOURCE_GAP)


def _placed(
    role: str, text: str, text_style: dict[str, Any], wanted: Align, area: Rect
) -> dict[str, Any]:
    """A text component; its id is the role that the page reports."""
    align = aligned(wanted, text)
    x = {"left": area.left, "center": area.center[0], "right": area.right}[align]
    return {
        "id": role,
        "text": text,
        "textStyle": text_style,
        "textAlign": align,
        "left": x,
        "padding": 0,
    }


def _legend(
    names: Sequence[str], style: EchartsStyle, ruler: Ruler, area: Rect
) -> tuple[dict[str, Any], Rect]:
    size = style.text_size
    icon, gap = round(size * ICON_WIDTH), round(size * ENTRY_GAP)
    line = math.ceil(size * LINE)
    padding = style.legend_padding
    widths = [icon + ICON_GAP + ruler.width(name, size) + 2 for name in names]
    side = style.legend_side
    tall = len(names) * (line + gap)
    if side == "right" and (
        max(widths) > area.width * MAX_COLUMN_WIDTH or tall > area.height * MAX_COLUMN_HEIGHT
    ):
        side = "top"
    text_style = style.text_style(size)
    legend: dict[str, Any] = {
        "type": "plain",
        "show": True,
        "data": list(names),
        "icon": style.legend_icon,
        "itemWidth": icon,
        "itemHeight": round(size * ICON_HEIGHT),
        "itemGap": gap,
        "padding": padding,
        "textStyle": {k: v for k, v in text_style.items() if k != "lineHeight"},
        "selectedMode": False,
    }
    if side == "right":
        legend |= {"orient": "vertical", "right": _padding(style), "top": area.top + LEGEND_TOP}
        return legend, area.inset(right=max(widths) + size + 2 * padding)
    rows = len(pack_rows(widths, gap, area.width - 2 * padding))
    height = rows * (line + gap) - gap + 2 * padding
    legend |= {"orient": "horizontal", "left": "center", "width": area.width - 2 * padding}
    if side == "top":
        return {**legend, "top": area.top}, area.inset(top=height + size)
    return {**legend, "top": area.bottom - height}, area.inset(bottom=height + size)


def _padding(style: EchartsStyle) -> int:
    """Free pixels along the edges of the canvas."""
    return max(MIN_PADDING, round(style.text_size * PADDING))
