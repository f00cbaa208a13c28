"""Charts on pages: random ones as `render-charts` makes them, by matplotlib for their place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from renderers.charts.region_order import in_truth_order
from renderers.charts.truth import literal
from renderers.fonts import Family
from renderers.picture import Region, encode
from renderers.region_tree import subset
from renderers.rejected import Rejected
from renderers.web.document import Inset
from vary_data.sources.charts.random_content import random_spec
from vary_data.sources.corpus import load_corpus
from vary_data.sources.web_pages.contents.content import Content

MIN_WIDTH = 340
"""Pixels of a place below which no chart is legible."""
DRAWN_WIDTH = 400
"""A chart for a narrower place is drawn this wide, and shown smaller."""
RATIOS = (0.45, 0.8)
"""Height by width: that of the place, within these bounds."""
TRIES = 4
"""Charts that are tried for one place: many types need more room than it has."""


class Charts:
    """Draws charts with the built-in words of a language, in `fonts` if there are any."""

    name = "chart"

    def __init__(self, lang: str, fonts: Sequence[Family]) -> None:
        from renderers.charts.matplotlib.backend import MatplotlibBackend

        self._backend = MatplotlibBackend
        self._types = sorted(MatplotlibBackend.types)
        self._lang = lang
        self._fonts = fonts
        self._corpus = load_corpus(lang)

    def make(self, width: float, ratio: float, rng: np.random.Generator) -> Content | None:
        """A chart for a place of this many pixels; None if none fits."""
        if width < MIN_WIDTH:
            return None
        density = max(1.0, DRAWN_WIDTH / width)
        ratio = min(max(ratio, RATIOS[0]), RATIOS[1])
        wide = int(width * density)
        backend = self._backend((wide, round(wide * ratio)), fonts=self._fonts)
        for _ in range(TRIES):
            type_ = self._types[int(rng.integers(len(self._types)))]
            spec = random_spec(type_, self._lang, self._corpus, rng)
            try:
                chart = backend.render(spec, rng)
            except Rejected:
                continue
            picture = chart.drawing.picture()
            inset = Inset(
                encode(picture.pixels),
                "image/png",
                picture.width,
                picture.height,
                density,
                "chart",
                literal(chart.truth),
                "dict",
                parts(in_truth_order(picture.regions, chart.links)),
            )
            return Content(inset, {"type": type_})
        return None


def parts(regions: Sequence[Region]) -> tuple[Region, ...]:
    """The regions below that of the chart itself, listed in reading order."""
    read = sorted(range(1, len(regions)), key=lambda i: regions[i].order or 0)
    return tuple(replace(region, order=None) for region in subset(regions, read))
