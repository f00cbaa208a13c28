"""Charts by pyecharts, drawn by ECharts in Chromium, read back and audited."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from renderers.charts.backend import RenderedChart
from renderers.charts.catalog import CATALOG, FORMS
from renderers.charts.directions import is_shaped
from renderers.charts.drawing import Drawing, Path
from renderers.charts.echarts.annotations.pen import annotate
from renderers.charts.echarts.browser import ChartFailed, ChartPage
from renderers.charts.echarts.catalog import DRAW
from renderers.charts.echarts.contents import texts_of
from renderers.charts.echarts.context import DrawContext, EchartsFigure, RepairStep
from renderers.charts.echarts.families import Families
from renderers.charts.echarts.figures import (
    blank,
    lay_out_figure,
    panel_place,
    panel_style,
)
from renderers.charts.echarts.install import find_browser, find_echarts_js
from renderers.charts.echarts.layout import EchartsStyle, sample_style, with_slots
from renderers.charts.echarts.looks import fixed_choices, with_line_colors, with_series_colors
from renderers.charts.echarts.readback import read_back
from renderers.charts.echarts.ruler import Ruler
from renderers.charts.echarts.sampler import StyleSampler
from renderers.charts.flaw import Flaw
from renderers.charts.look_choice import choose_look, colors_needed
from renderers.charts.look_data import Look
from renderers.charts.look_names import FREE
from renderers.charts.panels.compose import compose
from renderers.charts.panels.crowded import crowded
from renderers.charts.panels.figure import RenderedFigure
from renderers.charts.panels.plan import INSET_GAP
from renderers.charts.panels.spec import Panel, PanelSpec
from renderers.charts.repair import draw_until_flawless
from renderers.charts.sheets.kinds import KINDS, needs_sheet
from renderers.charts.slots import slot_count
from renderers.charts.spec import ChartSpec
from renderers.charts.warp import Warp
from renderers.fonts import Family
from renderers.languages.registry import language
from renderers.picture import Box
from renderers.rejected import Rejected
from renderers.tool_errors import ToolNotFound

REPAIR_STEPS = (
    RepairStep(),
    RepairStep(label_plates=True),
    RepairStep(enlarge=1.15, shrink_labels=1, label_plates=True),
    RepairStep(enlarge=1.35, shrink_labels=2, label_plates=True),
    RepairStep(enlarge=1.6, shrink_labels=2, label_plates=True),
)
"""Repairs in the order of trying. If the user fixed the size, only labels shrink."""
FIXED_STEPS = tuple(dict.fromkeys(dataclasses.replace(step, enlarge=1.0) for step in REPAIR_STEPS))
"""The distinct ones of pictures of a fixed size."""
PANEL_STEPS = (
    RepairStep(),
    RepairStep(label_plates=True),
    RepairStep(label_plates=True, texts=0.9),
    RepairStep(label_plates=True, texts=0.8),
    RepairStep(label_plates=True, texts=0.7, shrink_labels=1),
)
"""Repairs of a panel, whose texts may become smaller than those of others."""


class EchartsBackend:
    """One Chromium, opened at once and kept until `close`.

    `size` fixes the picture's width and height in pixels; otherwise they vary. `looks` are as those
    of the matplotlib backend, without those that a hand draws. `fonts` are drawn in
    place of the built-in families, as far as Chromium takes their files.
    """

    name = "pyecharts"
    types: frozenset[str] = frozenset(DRAW)
    annotations = KINDS
    figures = True
    forms: frozenset[str] = FORMS

    def __init__(
        self,
        *,
        browser: str | None = None,
        echarts_js: str | None = None,
        size: tuple[int, int] | None = None,
        looks: Sequence[str] | None = None,
        fonts: Sequence[Family] = (),
        timeout: float = 20.0,
        recycle_after: int = 1000,
    ) -> None:
        """Open the browser.

        Raises:
            ToolNotFound: no Chromium or no ECharts, or Chromium takes none of the fonts; the hint
                is what to do.
        """
        self._size = size
        self._looks = looks
        self._rulers: dict[str, Ruler] = {}
        self._page = ChartPage(
            find_browser(browser),
            find_echarts_js(echarts_js),
            timeout=timeout,
            recycle_after=recycle_after,
        )
        taken = [family for family in fonts if self._page.add_font(family)]
        if fonts and not taken:
            self._page.close()
            raise ToolNotFound(
                f"Chromium refuses the font {fonts[0].name} and all others that were given",
                "draw with matplotlib, or give other fonts",
            )
        self._families = Families(self._page.measure, taken)

    def render(self, spec: ChartSpec, rng: np.random.Generator) -> RenderedChart:
        """Sample a style, draw, audit, repair.

        Raises:
            Rejected: no repair step passes the audit, no font covers the texts, or ECharts failed.
            BackendDied: the browser is gone; this backend cannot be used any more.
        """
        seed = int(rng.integers(2**32))
        texts = texts_of(spec)
        families = self._families.families_covering(spec.lang, texts)
        if not families:
            raise Rejected("glyph", "no font can write all of its texts")
        steps = REPAIR_STEPS if self._size is None else FIXED_STEPS
        look = choose_look(spec, self._looks, rng, ruled=True)
        fixed = fixed_choices(look, families, spec.lang)

        def draw(step: RepairStep) -> tuple[Drawing, Mapping[str, Any]]:
            # The same seed: only what the step changes looks different.
            sampler = StyleSampler(seed, fixed)
            style = sample_style(sampler, spec.lang, families, self._size, look)
            style = with_line_colors(style, spec.type)
            if self._size is None:
                style = with_slots(
                    style, slot_count(spec), horizontal=CATALOG[spec.type].horizontal
                )
            ruler = self._ruler(style.family, texts)
            style = with_series_colors(style, spec)
            context = DrawContext(spec, style, sampler, ruler, step)
            drawing = self._draw(context, DRAW[spec.type](context), seed)
            return drawing, {**self._facts(look), **sampler.chosen}

        return self._repaired(spec, draw, steps)

    def render_figure(self, spec: PanelSpec, rng: np.random.Generator) -> RenderedFigure:
        """Draw a figure: its panels are audited and repaired one by one, then the whole.

        Raises:
            Rejected: as `render`, for a panel or for the whole; `inset` or `shared-axis` where a
                common axis or a place for an inset is not found.
            BackendDied: the browser is gone; this backend cannot be used any more.
        """
        seed = int(rng.integers(2**32))
        texts = [text for panel in spec.panels for text in texts_of(panel.spec)]
        texts += [text for text in (spec.title, spec.source) if text]
        texts += [panel.letter for panel in spec.panels if panel.letter]
        families = self._families.families_covering(spec.lang, texts)
        if not families:
            raise Rejected("glyph", "no font can write all of its texts")
        most_colors = max(spec.panels, key=lambda panel: colors_needed(panel.spec)).spec
        look = choose_look(most_colors, self._looks, rng, ruled=True)
        fixed = fixed_choices(look, families, spec.lang)
        sampler = StyleSampler(seed, fixed)
        style = sample_style(sampler, spec.lang, families, None, look)
        ruler = self._ruler(style.family, texts)
        layout = lay_out_figure(spec, style, ruler, rng)

        def panel(panel: Panel, index: int, cell: Box) -> RenderedChart:
            place = panel_place(spec, index)

            def draw(step: RepairStep) -> tuple[Drawing, Mapping[str, Any]]:
                own = with_line_colors(panel_style(layout.style, cell, step.texts), panel.spec.type)
                own = with_series_colors(own, panel.spec)
                # The same seed for all panels: those of one type look alike.
                again = StyleSampler(seed, fixed)
                context = DrawContext(panel.spec, own, again, ruler, step, place)
                return self._draw(context, DRAW[panel.spec.type](context), seed), {}

            em = layout.style.text_size
            return self._repaired(panel.spec, draw, PANEL_STEPS, lambda d: crowded(d, em))

        def around() -> Drawing:
            figure = layout.around
            if not figure.option["title"]:
                return blank(layout.style)
            return read_back(self._answer(spec.lang, layout.style, figure, seed), figure, 1.0)

        return compose(
            spec,
            layout.cells,
            around,
            panel,
            {**self._facts(look), **sampler.chosen},
            inset_gap=layout.style.text_size * INSET_GAP,
            frame=layout.style.palette.faint,
        )

    def close(self) -> None:
        self._page.close()

    def _facts(self, look: Look | None) -> dict[str, Any]:
        return {"echarts": self._page.echarts_version, "look": look.name if look else FREE}

    def _ruler(self, family: str, texts: Sequence[str]) -> Ruler:
        """The ruler of a family, with all characters of these texts measured."""
        ruler = self._rulers.setdefault(family, Ruler(family, self._page.measure))
        ruler.learn(texts)
        return ruler

    @staticmethod
    def _repaired(
        spec: ChartSpec,
        draw: Callable[[RepairStep], tuple[Drawing, Mapping[str, Any]]],
        steps: Sequence[RepairStep],
        further: Callable[[Drawing], Iterable[Flaw]] = lambda drawing: (),
    ) -> RenderedChart:
        def repair(
            step: RepairStep, flaws: Sequence[Flaw], tries: int
        ) -> tuple[RepairStep, str] | None:
            return (steps[tries + 1], flaws[0].reason) if tries + 1 < len(steps) else None

        return draw_until_flawless(spec, steps[0], draw, repair, further)

    def _draw(self, context: DrawContext, figure: EchartsFigure, seed: int) -> Drawing:
        spec, style = context.spec, context.style
        paths: Sequence[Path] = ()
        if needs_sheet(spec):
            answer = self._answer(spec.lang, style, figure, seed, laid_out=True)
            pen = annotate(context, read_back(answer, figure, style.ratio))
            answer, paths = self._page.finish(pen.elements), pen.paths
        else:
            answer = self._answer(spec.lang, style, figure, seed)
        _check_drawn(figure, answer)
        return read_back(answer, figure, style.ratio, paths)

    def _answer(
        self,
        lang: str,
        style: EchartsStyle,
        figure: EchartsFigure,
        seed: int,
        *,
        laid_out: bool = False,
    ) -> dict[str, Any]:
        """What the page answers to a figure; only `laid_out`, it waits for annotations.

        Raises:
            Rejected: ECharts failed.
        """
        request = {
            "option": figure.option,
            "width": figure.frame.width,
            "height": figure.frame.height,
            "ratio": style.ratio,
            "seed": seed,
            "clock": figure.clock,
            "locale": "ZH" if language(lang).wide else "EN",
            "centered": is_shaped(language(lang).native),
            "roles": dict(figure.roles),
            "marks": list(figure.marks),
        }
        try:
            return self._page.lay(request) if laid_out else self._page.draw(request)
        except ChartFailed as error:
            raise Rejected("echarts", error.message) from error


def _check_drawn(figure: EchartsFigure, answer: Mapping[str, Any]) -> None:
    """Every series drew something, all marks are inside the picture, and the band of a broken axis
    is where the axis is broken.

    Raises:
        Rejected: ECharts silently left something out.
    """
    for series in figure.option["series"]:
        if not answer["drawn"].get(series["id"]):
            raise Rejected("empty", f"series {series['type']}")
    for mark in answer["marks"]:
        x0, y0, x1, y1 = mark["box"]
        if min(x0, y0) < -1 or x1 > figure.frame.width + 1 or y1 > figure.frame.height + 1:
            raise Rejected("cut", "a mark")
    for role, warped in figure.warps.items():
        if warped.warp.kind == "broken":
            _check_break(figure, answer, role, warped.warp)


def _check_break(figure: EchartsFigure, answer: Mapping[str, Any], role: str, warp: Warp) -> None:
    """The middles of both jagged edges are at the ends of the break, within a tooth."""
    band = answer["breaks"].get(role)
    if band is None:
        raise Rejected("empty", "the break of an axis")
    scale = answer["scales"][role]
    side = 1 if role.startswith("y") else 0
    (axis,) = (a for a in figure.option[f"{role[0]}Axis"] if a["id"] == role)
    tooth = axis["breakArea"]["zigzagAmplitude"] + 1
    corners = sorted(point[side] for point in band)
    per_place = scale["pixels"] / (scale["high"] - scale["low"]) * (-1 if scale["reverse"] else 1)
    ends = sorted(
        scale["start"] + (place - scale["low"]) * per_place for _, place in warp.knots[1:3]
    )
    if abs(corners[0] - ends[0]) > tooth or abs(corners[-1] - ends[1]) > tooth:
        raise Rejected("mark", "the break of an axis is at another place")
