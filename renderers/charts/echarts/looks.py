"""Looks by ECharts: what a look fixes of a style, and what it changes in the option of a figure.

A hand's jitter, own fonts of a look, minor ticks, ticks at four sides, grid lines over bars and
markers by series are left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from renderers import fonts
from renderers.charts.echarts.layout import EchartsStyle
from renderers.charts.look_choice import series_count
from renderers.charts.look_data import Look
from renderers.charts.palette import enough_colors
from renderers.charts.spec import ChartSpec

TICK_LENGTH = 4
"""CSS pixels."""
RULE = 0.3
"""Height of the rule along the upper edge, in ems."""
TAG = (2.2, 0.45)
"""Width and height of the tag of a look, in ems: less than the free space along the edge."""
BAR_PADDING = 0.45
"""Of a title bar below the title, in ems."""
BELOW_SHADES = -2
"""Level of the area of a plot: the shaded ranges of annotations are above it."""
BEHIND = -10
"""Below everything else in ECharts' order of drawing."""
SIDES = {"top": "top", "bottom": "bottom", "right": "right", "inside": "top"}
"""Where the legend of a look is: none is inside the plot."""
SYMBOLS = {"s": "rect", "D": "diamond"}
"""Symbols by the markers that matplotlib calls so; all others are circles."""
LINES = frozenset({"line", "multi_line", "step", "scatter", "effect_scatter"})
"""Types whose marks have the colors of lines."""
OUTLINED = frozenset({"bar", "pie"})
"""Series whose marks may have an outline."""


def fixed_choices(look: Look | None, families: Sequence[str], lang: str) -> dict[str, Any]:
    """The choices of a sampler that the look makes, by name; `families` cover the texts."""
    if look is None:
        return {}
    style = look.style
    fixed: dict[str, Any] = {"palette": look.name, "legend_icon": "rect", "smooth": False}
    kinds = {family.name: family.style for family in fonts.families(lang)}
    named = [name for name in families if name in look.families]
    fitting = named or [name for name in families if kinds.get(name) == look.font]
    if fitting:
        fixed["font"] = fitting[0]
    for key in ("bold_title", "title_align", "source_align", "one_color"):
        if key in style:
            fixed[key] = style[key]
    if fixed.get("source_align") == "center":
        del fixed["source_align"]
    if "legend" in style:
        fixed["legend_side"] = SIDES[style["legend"]]
    if "grid" in style:
        fixed["grid"] = style["grid"] != "none"
    if style.get("radius", None) == 0:
        fixed["bar_radius"] = 0
    if "marker" in style:
        fixed["symbol"] = SYMBOLS.get(style["marker"], "circle")
    if "dashed" in style:
        fixed["dashes"] = style["dashed"]
    return fixed


def with_line_colors(style: EchartsStyle, chart_type: str) -> EchartsStyle:
    """The style with the colors of lines, where the look has its own for them."""
    if style.look is None or not style.look.trim.line_colors or chart_type not in LINES:
        return style
    return replace(style, colors=style.look.trim.line_colors)


def with_series_colors(style: EchartsStyle, spec: ChartSpec) -> EchartsStyle:
    """The style with as many colors as the chart has series."""
    colors = enough_colors(style.colors, series_count(spec), style.palette.ink)
    return replace(style, colors=colors)


def inside_figure(look: Look | None) -> Look | None:
    """The look of one panel of a figure, without what it draws at the edges of a picture."""
    if look is None:
        return None
    trim = replace(look.trim, border="", rule="", title_bar="", title_ink="")
    return replace(look, accent="", trim=trim)


def dress(option: dict[str, Any], style: EchartsStyle, size: tuple[int, int]) -> None:
    """Give the option of a figure of this size what the look has around and at its marks."""
    look = style.look
    if look is None:
        return
    for key in ("xAxis", "yAxis"):
        for axis in _list(option.get(key)):
            _dress_axis(axis, look, style, upright=key == "yAxis")
    for plot in _list(option.get("grid")):
        edge = look.trim.plot_edge or (_spine(look, style) if _boxed(look) else "")
        if look.panel or edge:
            plot |= {"show": True, "backgroundColor": look.panel or "transparent"}
            plot |= {"borderColor": edge or "transparent", "borderWidth": 1 if edge else 0}
            plot |= {"z": BELOW_SHADES}
    if look.trim.outline:
        for series in option["series"]:
            if series["type"] in OUTLINED:
                _outline(series, look.trim.outline)
    _dress_legend(option["legend"], look)
    shapes = _edges(option, look, style, size)
    if shapes:
        option["graphic"] = [*shapes, *_list(option.get("graphic"))]


def _list(value: Any) -> list[dict[str, Any]]:
    return value if isinstance(value, list) else [value] if value else []


def _boxed(look: Look) -> bool:
    return look.style.get("spines") == "box"


def _spine(look: Look, style: EchartsStyle) -> str:
    return look.trim.spine_color or style.palette.faint


def _dress_axis(axis: dict[str, Any], look: Look, style: EchartsStyle, *, upright: bool) -> None:
    if axis.get("type") not in ("value", "log", "category") or not axis.get("axisLine"):
        return
    # An axis from 0 to 1 with names is one of categories.
    values = axis["type"] != "category" and not axis.get("named")
    line = {"color": _spine(look, style), "width": max(1, round(look.trim.spine_width))}
    spines = look.style.get("spines")
    shown = spines in ("box", "left-bottom", "range") or (spines == "bottom" and not values)
    axis["axisLine"] |= {"show": shown, "lineStyle": line}
    ticks = look.style.get("ticks", "none")
    axis["axisTick"] |= {
        "show": shown and ticks != "none",
        "inside": ticks == "in",
        "length": TICK_LENGTH,
        "lineStyle": line,
    }
    grid = look.style.get("grid", "none")
    split = axis.setdefault("splitLine", {})
    if values and not split.get("show") and style.grid:
        return  # a second axis
    over = look.trim.grid_over
    # Between bars there is no line at a name, only one between two names.
    lined = values or axis.get("boundaryGap") is False
    drawn = not over and lined and (grid == "both" or (grid == "value" and values))
    dash = look.style.get("grid_dash") or ()
    kind: Any = [max(1, round(part)) for part in dash] or "solid"
    split |= {
        "show": drawn,
        "lineStyle": {"color": style.palette.grid, "width": 1, "type": kind},
    }
    if axis["type"] == "category":
        axis["splitLine"] |= {"interval": 0}


def _outline(series: dict[str, Any], color: str) -> None:
    outline = {"borderColor": color, "borderWidth": 1}
    series["itemStyle"] = {**(series.get("itemStyle") or {}), **outline}
    for item in series.get("data") or ():
        if isinstance(item, dict) and isinstance(item.get("itemStyle"), dict):
            item["itemStyle"] |= outline


def _dress_legend(legend: dict[str, Any], look: Look) -> None:
    if not (look.style.get("legend_frame") and legend.get("data")):
        return
    legend |= {
        "borderWidth": 1,
        "borderColor": look.trim.legend_edge or look.palette.grid,
        "backgroundColor": look.trim.legend_fill or "transparent",
    }


def _edges(
    option: Mapping[str, Any], look: Look, style: EchartsStyle, size: tuple[int, int]
) -> list[dict[str, Any]]:
    """Title bar, rule, tag and border as rectangles."""
    width, height = size
    trim, em = look.trim, style.text_size
    shapes = []
    title = next((t for t in option["title"] if t["id"] == "title"), None)
    if trim.title_bar and title is not None:
        lines = title["text"].count("\n") + 1
        low = title["top"] + lines * title["textStyle"]["lineHeight"] + em * BAR_PADDING
        shapes.append(_rectangle((0, 0, width, round(low)), trim.title_bar))
        title["textStyle"] |= {"color": trim.title_ink or style.palette.ink}
    if trim.rule:
        shapes.append(_rectangle((0, 0, width, round(em * RULE)), trim.rule))
    if look.accent:
        left = em
        shapes.append(_rectangle((left, 0, width - 2 * left, 1), look.accent))
        shapes.append(_rectangle((left, 0, em * TAG[0], em * TAG[1]), look.accent))
    if trim.border:
        box = {"x": 0.5, "y": 0.5, "width": width - 1, "height": height - 1}
        stroke = {"fill": "none", "stroke": trim.border, "lineWidth": 1}
        shapes.append({"type": "rect", "shape": box, "style": stroke, "silent": True, "z": BEHIND})
    return shapes


def _rectangle(box: tuple[float, float, float, float], color: str) -> dict[str, Any]:
    """A filled rectangle by left, top, width and height."""
    x, y, width, height = box
    shape = {"x": x, "y": y, "width": width, "height": height}
    return {
        "type": "rect",
        "shape": shape,
        "style": {"fill": color},
        "silent": True,
        "z": BEHIND,
    }
