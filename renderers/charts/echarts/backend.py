"""Charts by pyecharts, drawn by ECharts in Chromium, read back and audited."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from renderers.charts.audit import Flaw, audit
from renderers.charts.backend import ChartRejected, RenderedChart
from renderers.charts.drawing import Drawing
from renderers.charts.echarts.browser import ChartFailed, ChartPage
from renderers.charts.echarts.catalog import DRAW
from renderers.charts.echarts.contents import least_marks, texts_of
from renderers.charts.echarts.context import DrawContext, EchartsFigure, RepairStep
from renderers.charts.echarts.families import Families
from renderers.charts.echarts.install import find_browser, find_echarts_js
from renderers.charts.echarts.layout import EchartsStyle, sample_style
from renderers.charts.echarts.readback import read_back
from renderers.charts.echarts.ruler import Ruler
from renderers.charts.echarts.sampler import StyleSampler
from renderers.charts.spec import ChartSpec
from renderers.charts.truth import truth

REPAIR_STEPS = (
    RepairStep(),
    RepairStep(label_plates=True),
    RepairStep(enlarge=1.15, shrink_labels=1, label_plates=True),
    RepairStep(enlarge=1.35, shrink_labels=2, label_plates=True),
    RepairStep(enlarge=1.6, shrink_labels=2, label_plates=True),
)
"""What is tried in turn. The size the user fixed is kept: then only labels shrink."""


class EchartsBackend:
    """One Chromium, opened at once and kept until `close`.

    `size` fixes the picture's width and height in pixels; otherwise they vary.
    """

    name = "pyecharts"
    types: frozenset[str] = frozenset(DRAW)

    def __init__(
        self,
        *,
        browser: str | None = None,
        echarts_js: str | None = None,
        size: tuple[int, int] | None = None,
        timeout: float = 20.0,
        recycle_after: int = 1000,
    ) -> None:
        """Open the browser.

        Raises:
            ToolNotFound: no Chromium or no ECharts; says what to install.
        """
        self._size = size
        self._rulers: dict[str, Ruler] = {}
        self._page = ChartPage(
            find_browser(browser),
            find_echarts_js(echarts_js),
            timeout=timeout,
            recycle_after=recycle_after,
        )
        self._families = Families(self._page.measure)

    def render(self, spec: ChartSpec, rng: np.random.Generator) -> RenderedChart:
        """Sample a style, draw, audit, repair.

        Raises:
            ChartRejected: no style within reach passes the audit.
            BackendDied: the browser is gone; this backend is of no more use.
        """
        seed = int(rng.integers(2**32))
        texts = texts_of(spec)
        families = self._families.able(spec.lang, texts)
        if not families:
            raise ChartRejected("glyph", "no installed family can write all of its texts")
        flaws: Sequence[Flaw] = ()
        repairs: list[str] = []
        for repair in self._repair_steps():
            sampler = StyleSampler(seed)
            style = sample_style(sampler, spec.lang, families, self._size)
            ruler = self._rulers.setdefault(style.family, Ruler(style.family, self._page.measure))
            ruler.learn(texts)
            figure = DRAW[spec.type](DrawContext(spec, style, sampler, ruler, repair))
            drawing = self._draw(spec, style, figure, seed)
            flaws = audit(spec, drawing)
            if not flaws:
                style = {"echarts": self._page.echarts_version, **sampler.chosen}
                return RenderedChart(drawing, truth(spec, drawing.scales), style, tuple(repairs))
            repairs.append(flaws[0].reason)
        raise ChartRejected(flaws[0].reason, flaws[0].text)

    def close(self) -> None:
        self._page.close()

    def _repair_steps(self) -> Iterator[RepairStep]:
        seen = set()
        for repair in REPAIR_STEPS:
            kept = (
                repair
                if self._size is None
                else RepairStep(1.0, repair.shrink_labels, repair.label_plates)
            )
            if kept not in seen:
                seen.add(kept)
                yield kept

    def _draw(
        self, spec: ChartSpec, style: EchartsStyle, figure: EchartsFigure, seed: int
    ) -> Drawing:
        request = {
            "option": figure.option,
            "width": figure.frame.width,
            "height": figure.frame.height,
            "ratio": style.ratio,
            "seed": seed,
            "clock": figure.clock,
            "locale": "ZH" if spec.lang == "zh" else "EN",
            "roles": dict(figure.roles),
            "marks": dict(figure.marks),
        }
        try:
            answer = self._page.draw(request)
        except ChartFailed as error:
            raise ChartRejected("echarts", error.message) from error
        _check_drawn(spec, figure, answer)
        return read_back(answer, style.ratio)


def _check_drawn(spec: ChartSpec, figure: EchartsFigure, answer: Mapping[str, Any]) -> None:
    """Every series drew something, and there is a mark for every item, inside the picture.

    Raises:
        ChartRejected: ECharts left something out without a word.
    """
    for series in figure.option["series"]:
        if not answer["drawn"].get(series["id"]):
            raise ChartRejected("empty", f"series {series['type']}")
    wanted = least_marks(spec)
    if figure.marks and len(answer["marks"]) < wanted:
        raise ChartRejected("empty", f"{len(answer['marks'])} marks instead of {wanted}")
    for mark in answer["marks"]:
        x0, y0, x1, y1 = mark["box"]
        if min(x0, y0) < -1 or x1 > figure.frame.width + 1 or y1 > figure.frame.height + 1:
            raise ChartRejected("cut", f"a {mark['role']}")
