"""What a chart type's module gets to work with, and what it gives back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pyecharts.charts.base import Base
from pyecharts.options.series_options import BasicOpts

from renderers.charts.echarts.layout import Frame, Look, frame
from renderers.charts.echarts.textfit import Ruler
from renderers.charts.echarts.variety import Variety
from renderers.charts.palette import readable_on, rgb
from renderers.charts.spec import (
    ChartSpec,
    Flow,
    NumberFormat,
    Points,
    Summary,
    Table,
    Tree,
)


@dataclass(frozen=True, slots=True)
class Fit:
    """How far the repair has gone. `grow` enlarges the canvas, `shrink` is taken off the size of
    value labels, `aside` asks for labels beside their marks where they can stand in or beside."""

    grow: float = 1.0
    shrink: int = 0
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    spec: ChartSpec
    look: Look
    variety: Variety
    ruler: Ruler
    fit: Fit = Fit()

    def frame(self, legend: Sequence[str] = ()) -> Frame:
        return frame(self.spec, self.look, self.ruler, [n for n in legend if n], self.fit.grow)

    @property
    def table(self) -> Table:
        assert isinstance(self.spec.data, Table)
        return self.spec.data

    @property
    def summary(self) -> Summary:
        assert isinstance(self.spec.data, Summary)
        return self.spec.data

    @property
    def points(self) -> Points:
        assert isinstance(self.spec.data, Points)
        return self.spec.data

    @property
    def tree(self) -> Tree:
        assert isinstance(self.spec.data, Tree)
        return self.spec.data

    @property
    def flow(self) -> Flow:
        assert isinstance(self.spec.data, Flow)
        return self.spec.data

    @property
    def label_size(self) -> int:
        least = 11 if self.spec.lang == "zh" else 9
        return max(least, self.look.label_size - self.fit.shrink)

    def label_width(self, texts: Sequence[str]) -> float:
        return self.ruler.widest(texts, self.label_size)

    def label(self, position: str | list[Any] | None, color: str | None = None) -> dict[str, Any]:
        """A label in ECharts' words; its text comes from `printed`."""
        style = self.look.text(self.label_size, color or self.look.palette.ink)
        label: dict[str, Any] = {"show": True, "distance": 4, **style}
        if position is not None:
            label["position"] = position
        return label

    def chip(self) -> dict[str, Any]:
        """A plate behind a label, so that lines and areas do not cross it."""
        return {
            "backgroundColor": self.look.palette.background,
            "padding": [3, 3],
            "borderRadius": 2,
        }

    def ink_on(self, color: str) -> str:
        """A text colour that can be read on a mark of this colour."""
        return readable_on(rgb(color), "#ffffff", self.look.palette.ink, "#111111")


@dataclass(frozen=True, slots=True)
class Figure:
    """An option in ECharts' words, and what the page should call the things it finds.

    `roles` give the role of a series' texts by series id or type (see `page_readback.js`),
    `marks` that of its marks.
    """

    frame: Frame
    option: dict[str, Any]
    roles: Mapping[str, Any] = field(default_factory=dict)
    marks: Mapping[str, str] = field(default_factory=dict)
    clock: int = 0
    """Milliseconds for which what moves (ripples) is let run before the picture is taken."""


def printed(texts: Sequence[str]) -> dict[str, Any]:
    """A formatter that prints the i-th of these texts for item i, whatever is in them."""
    return {"$printed": list(texts)}


def text(said: str) -> dict[str, Any]:
    """A formatter that prints this text, whatever is in it."""
    return {"$text": said}


def moved(places: Sequence[Sequence[float]]) -> dict[str, Any]:
    """A label layout: the label of the mark nearest to `x`, `y` gets its middle at `to_x`,
    `to_y`, for each `[x, y, to_x, to_y]`."""
    return {"$moved": [[round(v, 2) for v in place] for place in places]}


def placed(places: Sequence[Sequence[float]]) -> dict[str, Any]:
    """A label layout: the label of item i gets its middle at `x`, `y` and is turned by `degrees`
    counter-clockwise, for each `[x, y, degrees]`."""
    return {"$placed": [[round(v, 2) for v in place] for place in places]}


def ticks_like(number: NumberFormat, decimals: int) -> dict[str, Any]:
    """A formatter for a value axis, with the prefix and suffix of the number's format."""
    return {
        "$number": {
            "decimals": decimals,
            "thousands": number.thousands,
            "prefix": number.prefix,
            "suffix": number.suffix,
        }
    }


def figure(
    chart: Base,
    plan: Plan,
    at: Frame,
    *,
    roles: Mapping[str, Any] | None = None,
    marks: Mapping[str, str] | None = None,
    clock: int = 0,
    **components: Any,
) -> Figure:
    """The figure of a pyecharts chart.

    pyecharts says the series and axes; title, legend, source and what it has no words for
    (`components`) are set here. Series without an id get `s0`, `s1`, … so that the page can
    name them.
    """
    option = plain(chart.options)
    option.update(
        animation=False,
        backgroundColor=plan.look.palette.background,
        color=list(plan.look.colors),
        textStyle={"fontFamily": plan.look.text(12)["fontFamily"]},
        title=list(at.titles),
        tooltip={"show": False},
        legend=at.legend or {"show": False},
        **components,
    )
    for index, series in enumerate(option["series"]):
        series.setdefault("id", f"s{index}")
        series |= {"silent": True, "emphasis": {"disabled": True}}
    return Figure(at, option, roles or {}, marks or {}, clock)


def plain(value: Any) -> Any:
    """pyecharts' option objects as plain data, without what was left unset."""
    if isinstance(value, BasicOpts):
        value = value.opts
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items() if item is not None}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value
