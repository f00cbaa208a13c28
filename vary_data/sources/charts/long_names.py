"""Long names cut with an ellipsis, as programs write them where space is short.

The cut name is what the chart shows, and so what its ground truth holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from renderers.charts.catalog import ChartType
from renderers.charts.spec import Summary, Table
from renderers.languages.registry import language
from vary_data.sources.charts.checks import first_repeated
from vary_data.sources.charts.content import ChartContent

LONG, LONG_DENSE = 22, 9
"""Characters from which on a name is long; the second where letters are syllables or words."""
SHORT, SHORT_DENSE = (14, 20), (5, 8)
"""Characters that are left of it, at least and at most, with the ellipsis."""
CUT = 0.3
"""Share of the charts with long names whose names are cut."""
ELLIPSIS = "…"


def with_cut_names(
    content: ChartContent, entry: ChartType, rng: np.random.Generator
) -> ChartContent:
    """The content with its long names cut, in some of the charts that have such names."""
    data = content.data
    if not isinstance(data, Table | Summary) or entry.ordered or not entry.axes:
        return content
    dense = language(content.lang).dense
    if max(map(len, data.categories)) < (LONG_DENSE if dense else LONG) or rng.random() >= CUT:
        return content
    least, most = SHORT_DENSE if dense else SHORT
    names = cut(data.categories, int(rng.integers(least, most + 1)))
    # Names that begin alike could not be told apart.
    if first_repeated(names):
        return content
    return replace(content, data=replace(data, categories=names))


def cut(names: Sequence[str], characters: int) -> tuple[str, ...]:
    """Names of at most so many characters, with an ellipsis where something is left out."""
    return tuple(
        name if len(name) <= characters else name[: characters - 1].rstrip() + ELLIPSIS
        for name in names
    )
