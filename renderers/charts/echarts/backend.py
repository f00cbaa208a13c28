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
from renderers.charts.echarts.families import Families
from renderers.charts.echarts.install import find_browser, find_echarts_js
from renderers.charts.echarts.layout import Look, sample_look
from renderers.charts.echarts.plan import Figure, Fit, Plan
from renderers.charts.echarts.readback import read_back
from renderers.charts.echarts.textfit import Ruler
from renderers.charts.echarts.variety import Variety
from renderers.charts.spec import ChartSpec
from renderers.charts.truth import truth

_FITS = (
    Fit(),
    Fit(aside=True),
    Fit(grow=1.15, shrink=1, aside=True),
    Fit(grow=1.35, shrink=2, aside=True),
    Fit(grow=1.6, shrink=2, aside=True),
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
        for fit in self._fits():
            variety = Variety(seed)
            look = sample_look(variety, spec.lang, families, self._size)
            ruler = self._rulers.setdefault(look.family, Ruler(look.family, self._page.measure))
            ruler.learn(texts)
            figure = DRAW[spec.type](Plan(spec, look, variety, ruler, fit))
            drawing = self._draw(spec, look, figure, seed)
            flaws = audit(spec, drawing)
            if not flaws:
                style = {"echarts": self._page.echarts_version, **variety.chosen}
                return RenderedChart(drawing, truth(spec, drawing.scales), style, tuple(repairs))
            repairs.append(flaws[0].reason)
        raise ChartRejected(flaws[0].reason, flaws[0].text)

    def close(self) -> None:
        self._page.close()

    def _fits(self) -> Iterator[Fit]:
        seen = set()
        for fit in _FITS:
            kept = fit if self._size is None else Fit(1.0, fit.shrink, fit.aside)
            if kept not in seen:
                seen.add(kept)
                yield kept

    def _draw(self, spec: ChartSpec, look: Look, figure: Figure, seed: int) -> Drawing:
        request = {
            "option": figure.option,
            "width": figure.frame.width,
            "height": figure.frame.height,
            "ratio": look.ratio,
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
        return read_back(answer, look.ratio)


def _check_drawn(spec: ChartSpec, figure: Figure, answer: Mapping[str, Any]) -> None:
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
