"""Figures of several charts: one style for all panels, the common texts, and their places."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np

from renderers.charts.audit import min_size
from renderers.charts.drawing import Drawing, Path
from renderers.charts.echarts.context import ALONE, EchartsFigure, PanelPlace
from renderers.charts.echarts.layout import EchartsStyle, lay_out
from renderers.charts.echarts.looks import inside_figure
from renderers.charts.echarts.ruler import Ruler, css_family
from renderers.charts.palette import rgb_bytes
from renderers.charts.panels.plan import FREE_ABOVE, common_range, panel_cells, plan_figure
from renderers.charts.panels.spec import PanelSpec
from renderers.charts.spec import ChartSpec, Table
from renderers.picture import Box

MAX_TEXT = 20
"""CSS pixels."""
TITLE_SIZE, LETTER_SIZE, LETTER_STRIP = 1.3, 1.15, 1.5
"""Text sizes, and the height of a letter with its gap, in ems."""
PANEL_TITLE_SIZE = 1.1
"""In ems, at most."""
LETTER_LEFT = 0.4
"""From the left side of a panel to its letter, in ems."""
TEXT_SHARE = 0.9
"""Of the em of a plan, for names and ticks, which all texts but titles are."""


@dataclasses.dataclass(frozen=True, slots=True)
class EchartsLayout:
    """`cells` are the boxes of the panels on the picture, in whole pixels."""

    style: EchartsStyle
    around: EchartsFigure
    cells: tuple[Box, ...]


def lay_out_figure(
    spec: PanelSpec, style: EchartsStyle, ruler: Ruler, rng: np.random.Generator
) -> EchartsLayout:
    """The style of all panels, the figure of the common texts, and the places of the panels."""
    plan = plan_figure(spec, rng)
    least = math.ceil(min_size(spec.lang) * plan.shrunk)
    text = min(max(round(plan.base * TEXT_SHARE), least + 1), MAX_TEXT)
    style = dataclasses.replace(
        style,
        width=plan.width,
        height=plan.height,
        ratio=1.0,
        least=least,
        text_size=text,
        label_size=max(least, text - 1),
        title_size=round(text * TITLE_SIZE),
    )
    frame_spec = ChartSpec("bar", spec.lang, Table((), ()), spec.title, spec.source)
    frame = lay_out(frame_spec, style, ruler, (), 1.0)
    titles = list(frame.titles)
    notes: dict[str, Path] = {}
    letters = any(panel.letter for panel in spec.panels) and not spec.inset
    count = 1 if spec.inset else len(spec.panels)
    cells = panel_cells(frame.body.box, plan, count, text * LETTER_STRIP if letters else 0.0)
    if letters:
        size = round(text * LETTER_SIZE)
        text_style = style.text_style(size, style.palette.ink, bold=True)
        for i, (panel, cell) in enumerate(zip(spec.panels, cells, strict=True)):
            name = f"note:panel{i}"
            notes[name] = (panel.name,)
            titles.append(
                {
                    "id": name,
                    "text": panel.letter,
                    "textStyle": text_style,
                    "left": cell[0] + text * LETTER_LEFT,
                    "top": cell[1] - text_style["lineHeight"],
                    "padding": 0,
                }
            )
    option: dict[str, Any] = {
        "animation": False,
        "backgroundColor": style.palette.background,
        "textStyle": {"fontFamily": css_family(style.family)},
        "title": titles,
        "series": [],
    }
    return EchartsLayout(style, EchartsFigure(frame, option, notes=notes), cells)


def panel_style(style: EchartsStyle, cell: Box, texts: float) -> EchartsStyle:
    """The style of one panel, which is as large as its cell, with this factor of its text sizes."""
    text = max(style.least, round(style.text_size * texts))
    return dataclasses.replace(
        style,
        width=int(cell[2] - cell[0]),
        height=int(cell[3] - cell[1]),
        text_size=text,
        label_size=max(style.least, round(style.label_size * texts)),
        title_size=round(text * PANEL_TITLE_SIZE),
        legend_side="top" if style.legend_side == "right" else style.legend_side,
        look=inside_figure(style.look),
    )


def blank(style: EchartsStyle) -> Drawing:
    """The surroundings of panels without common texts: ECharts leaves a picture black on which it
    has nothing to draw."""
    color = np.array(rgb_bytes(style.palette.background), np.uint8)
    return Drawing(np.tile(color, (style.height, style.width, 1)), ())


def panel_place(spec: PanelSpec, index: int) -> PanelPlace:
    """What a panel has to consider."""
    if spec.shared:
        return PanelPlace(value_range=common_range(spec))
    return PanelPlace(free_above=FREE_ABOVE) if spec.inset and index == 0 else ALONE
