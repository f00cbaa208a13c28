"""Charts drawn with matplotlib's Agg and FreeType, audited, and mended until they pass."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from renderers import fonts
from renderers.charts.audit import Flaw, audit
from renderers.charts.backend import ChartRejected, RenderedChart
from renderers.charts.drawing import Drawing
from renderers.charts.expected import expected
from renderers.charts.matplotlib.canvas import Canvas
from renderers.charts.matplotlib.style import ChartStyle, sample_style
from renderers.charts.matplotlib.types import DRAW
from renderers.charts.spec import ChartSpec, Points
from renderers.charts.truth import truth

MAX_REPAIRS = 6


class MatplotlibBackend:
    """Draws without pyplot: nothing is shared between charts, and nothing is kept.

    `size` fixes the picture's width and height in pixels; otherwise they vary.
    """

    name = "matplotlib"
    types = frozenset(DRAW)

    def __init__(self, size: tuple[int, int] | None = None) -> None:
        self._size = size

    def render(self, spec: ChartSpec, rng: np.random.Generator) -> RenderedChart:
        """Sample a style, draw, audit, mend.

        Raises:
            ChartRejected: no installed font covers the texts (`glyph`), or the chart keeps a
                flaw after `MAX_REPAIRS` (the flaw's reason).
        """
        texts = _texts(spec)
        able = fonts.able(spec.lang, texts)
        if not able:
            raise ChartRejected("glyph", f"no font covers {''.join(texts)[:60]!r}")
        style = sample_style(able, spec.lang, len(texts), self._size, rng)
        repairs: list[str] = []
        while True:
            drawing = draw(spec, style)
            flaws = audit(spec, drawing)
            if not flaws:
                break
            mended = mend(style, flaws, len(repairs), fixed=self._size is not None)
            if mended is None or len(repairs) == MAX_REPAIRS:
                raise ChartRejected(flaws[0].reason, flaws[0].text)
            style, what = mended
            repairs.append(what)
        return RenderedChart(drawing, truth(spec, drawing.scales), style.describe(), tuple(repairs))

    def close(self) -> None:
        """Nothing is held open."""


def draw(spec: ChartSpec, style: ChartStyle) -> Drawing:
    """The chart in this style, audited by nobody yet. Same arguments, same drawing."""
    canvas = Canvas(style.width, style.height, style.palette.background, style.palette.ink)
    scales = DRAW[spec.type](spec, style, canvas)
    return canvas.finish(scales)


def mend(
    style: ChartStyle, flaws: Sequence[Flaw], tries: int, *, fixed: bool
) -> tuple[ChartStyle, str] | None:
    """A style without the gravest flaw, and the name of what was changed; None where the text is
    as small as it may be and the picture may not grow."""
    reasons = {flaw.reason for flaw in flaws}
    if "contrast" in reasons and not style.label_plate:
        return dataclasses.replace(style, label_plate=True), "plate"
    if reasons & {"missing", "unexpected", "duplicate", "glyph"}:
        return None
    smaller = max(style.base * 0.88, style.least)
    shrinks = smaller < style.base * 0.97
    if not fixed and (tries % 2 == 1 or not shrinks):
        return (
            dataclasses.replace(
                style, width=round(style.width * 1.18), height=round(style.height * 1.18)
            ),
            "picture",
        )
    if shrinks:
        changed = dataclasses.replace(
            style,
            base=smaller,
            category_fit=min(style.category_fit + 1, 2) if tries else style.category_fit,
            label_place="out",
        )
        return changed, "size"
    return None


def _texts(spec: ChartSpec) -> list[str]:
    """Everything that may be written, digits and signs of value axes included."""
    # Ticks carry the signs and units of the values, printed or not.
    wanted = expected(dataclasses.replace(spec, labels=True))
    titles = (spec.title, spec.source, spec.x_title, spec.y_title, spec.y2_title)
    names = [name for name, _ in wanted.names]
    ticks = ["0123456789.,-:()"]
    if isinstance(spec.data, Points):
        ticks += [spec.data.x_number.print(0), spec.data.y_number.print(0)]
    return [t for t in titles if t] + names + list(wanted.values) + ticks
