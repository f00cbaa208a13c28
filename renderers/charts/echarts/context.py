"""What a chart type's function gets, and what it returns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pyecharts.charts.base import Base
from pyecharts.options.series_options import BasicOpts

from renderers.charts.drawing import Path
from renderers.charts.echarts.layout import EchartsStyle, Frame, lay_out
from renderers.charts.echarts.looks import dress
from renderers.charts.echarts.ruler import Ruler, css_family
from renderers.charts.echarts.sampler import StyleSampler
from renderers.charts.palette import readable_on, rgb
from renderers.charts.paths import table_paths
from renderers.charts.spec import ChartSpec, NumberFormat, Table
from renderers.charts.ticks import ValueAxis


@dataclass(frozen=True, slots=True)
class RepairStep:
    """How far the repair has gone: `enlarge` is a factor of the canvas, `shrink_labels` the pixels
    taken off the size of value labels, `label_plates` puts plates behind labels, `texts` is a
    factor of all text sizes in a panel."""

    enlarge: float = 1.0
    shrink_labels: int = 0
    label_plates: bool = False
    texts: float = 1.0


@dataclass(frozen=True, slots=True)
class PanelPlace:
    """What a chart of a figure has to consider: `value_range` is what its value axis must hold
    besides its own values, `free_above` the share of the plot that an inset takes."""

    value_range: tuple[float, float] | None = None
    free_above: float = 0.0


ALONE = PanelPlace()
"""A chart that is no panel."""


@dataclass(frozen=True, slots=True)
class DrawContext:
    """Everything that a chart type's function needs to build its figure."""

    spec: ChartSpec
    style: EchartsStyle
    sampler: StyleSampler
    ruler: Ruler
    repair: RepairStep = RepairStep()
    panel: PanelPlace = ALONE

    def frame(self, legend: Sequence[str] = ()) -> Frame:
        """Lay out the titles and a legend of these entries; empty ones are left out."""
        return lay_out(
            self.spec, self.style, self.ruler, [n for n in legend if n], self.repair.enlarge
        )

    @property
    def label_size(self) -> int:
        """CSS pixels, after repairs, and at least the smallest text."""
        return max(self.style.least, self.style.label_size - self.repair.shrink_labels)

    def label_width(self, texts: Sequence[str]) -> float:
        """The width of the widest of the texts as labels, in CSS pixels."""
        return self.ruler.widest(texts, self.label_size)

    def label(self, position: str | list[Any] | None, color: str | None = None) -> dict[str, Any]:
        """An ECharts label option; its text comes from `text_formatter`."""
        text_style = self.style.text_style(self.label_size, color or self.style.palette.ink)
        label: dict[str, Any] = {"show": True, "distance": 4, **text_style}
        if position is not None:
            label["position"] = position
        return label

    def plate(self) -> dict[str, Any]:
        """Options of a plate behind a label, so that lines and areas do not cross it."""
        return {
            "backgroundColor": self.style.plot_color,
            "padding": [3, 3],
            "borderRadius": 2,
        }

    def ink_on(self, color: str) -> str:
        """A text color that can be read on a mark of this color."""
        return readable_on(rgb(color), "#ffffff", self.style.palette.ink, "#111111")


@dataclass(frozen=True, slots=True)
class SeriesMarks:
    """What the marks of a series show: the path of each of its items, of each link, of each part
    of its only item (the corners of a radar's polygon).

    `picks` are the points of a shape that show the fields of an item, where it has several.
    """

    items: tuple[Path, ...] = ()
    edges: tuple[Path, ...] = ()
    parts: tuple[Path, ...] = ()
    picks: tuple[int, ...] = ()
    owner: Path | None = None
    """The path of the line that joins the items; None for that of the first one without its end."""

    def path(self, item: Mapping[str, Any]) -> Path:
        """The path of a mark or text that the page reports; empty if it shows no value."""
        if "part" in item:
            return self.parts[item["part"]]
        paths = self.edges if item.get("edge") else self.items
        return paths[item["index"]] if item["index"] < len(paths) else ()


@dataclass(frozen=True, slots=True)
class EchartsFigure:
    """An ECharts option, the roles of its texts and what its marks show.

    `roles` give the role of a series' texts by series id or type (see `page_readback.js`),
    `marks` by series id what its items show; `ramp` is the color ramp of cells.
    """

    frame: Frame
    option: dict[str, Any]
    roles: Mapping[str, Any] = field(default_factory=dict)
    marks: Mapping[str, SeriesMarks] = field(default_factory=dict)
    ramp: tuple[str, ...] = ()
    clock: int = 0
    """Milliseconds for which what moves (ripples) is let run before the picture is taken."""
    notes: Mapping[str, Path] = field(default_factory=dict)
    """The paths of text components besides titles and annotations, by their ids."""
    warps: Mapping[str, ValueAxis] = field(default_factory=dict)
    """The axes that ECharts draws as linear ones of places on the line of a warp, by role."""


def table_marks(data: Table) -> dict[str, SeriesMarks]:
    """The marks of a chart whose series `s0`, `s1`, … are those of its table."""
    return {f"s{i}": SeriesMarks(paths) for i, paths in enumerate(table_paths(data))}


def text_formatter(texts: Sequence[str]) -> dict[str, Any]:
    """A formatter that prints the i-th of these texts for item i, whatever is in them."""
    return {"$printed": list(texts)}


def fixed_text_formatter(content: str) -> dict[str, Any]:
    """A formatter that prints this text, whatever is in it."""
    return {"$text": content}


def moved_labels(places: Sequence[Sequence[float]]) -> dict[str, Any]:
    """A label layout: the label of the mark nearest to `x`, `y` gets its middle at `to_x`,
    `to_y`, for each `[x, y, to_x, to_y]`."""
    return {"$moved": [[round(v, 2) for v in place_labels] for place_labels in places]}


def placed_labels(places: Sequence[Sequence[float]]) -> dict[str, Any]:
    """A label layout: the label of item i gets its middle at `x`, `y` and is turned by `degrees`
    counter-clockwise, for each `[x, y, degrees]`."""
    return {"$placed": [[round(v, 2) for v in place_labels] for place_labels in places]}


def tick_formatter(number: NumberFormat, decimals: int | str) -> dict[str, Any]:
    """A formatter for a value axis, with the prefix and suffix of the number's format; `decimals`
    are `needed` where each tick has those that it needs."""
    return {
        "$number": {
            "decimals": decimals,
            "thousands": number.thousands,
            "decimal": number.marks.decimal,
            "group": number.marks.group,
            "groupedFrom": number.marks.grouped_from,
            "indian": number.marks.indian,
            "prefix": number.prefix,
            "suffix": number.suffix,
        }
    }


def figure(
    chart: Base,
    context: DrawContext,
    frame: Frame,
    *,
    roles: Mapping[str, Any] | None = None,
    marks: Mapping[str, SeriesMarks],
    ramp: tuple[str, ...] = (),
    clock: int = 0,
    warps: Mapping[str, ValueAxis] | None = None,
    **components: Any,
) -> EchartsFigure:
    """The figure of a pyecharts chart.

    pyecharts builds series and axes; title, legend, source and the options that it does not
    support (`components`) are set here. Series without an id get `s0`, `s1`, … so that the page can
    name them.
    """
    option = plain(chart.options)
    option.update(
        animation=False,
        backgroundColor=context.style.palette.background,
        color=list(context.style.colors),
        textStyle={"fontFamily": css_family(context.style.family)},
        title=list(frame.titles),
        tooltip={"show": False},
        legend=frame.legend or {"show": False},
        **components,
    )
    for index, series in enumerate(option["series"]):
        series.setdefault("id", f"s{index}")
        series |= {"silent": True, "emphasis": {"disabled": True}}
    dress(option, context.style, (frame.width, frame.height))
    return EchartsFigure(frame, option, roles or {}, marks, ramp, clock, warps=warps or {})


def plain(value: Any) -> Any:
    """pyecharts' option objects as plain data, without what was left unset."""
    if isinstance(value, BasicOpts):
        value = value.opts
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items() if item is not None}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value
