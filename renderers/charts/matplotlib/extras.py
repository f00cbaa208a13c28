"""Choices of a style that depend on what a chart has: where its series are named, its logo."""

from __future__ import annotations

import dataclasses

import numpy as np

from renderers.charts.directions import aligned
from renderers.charts.look_names import FREE
from renderers.charts.matplotlib.logo import LOGOS
from renderers.charts.matplotlib.style import ChartStyle
from renderers.charts.spec import ChartSpec, Points, Table

LOGO_SHARE = 0.25
"""Of the charts with a source line at the left."""
INSIDE_SHARE = 0.3
"""Of the charts of `INSIDE` that have a legend inside the plot, where there is space."""
INSIDE = frozenset(
    {"grouped_bar", "multi_line", "step", "scatter", "survival", "roc_curve", "pr_curve"}
)
DIRECT_SHARE = 0.3
"""Of the charts with several lines that name them at their ends."""
POINTERS = ("arrow", "arrow", "leader", "box")


def with_extras(style: ChartStyle, spec: ChartSpec, rng: np.random.Generator) -> ChartStyle:
    """The style with these choices; as many numbers are drawn whatever the chart is. Those that a
    look has made stay."""
    logo, inside, direct = rng.random(3)
    which, pointer = int(rng.integers(len(LOGOS))), POINTERS[int(rng.integers(len(POINTERS)))]
    changes: dict[str, object] = {"pointer": pointer}
    if style.legend == "inside" and spec.type not in INSIDE:
        changes["legend"] = "right"
    logos = style.look == FREE or style.trim.logos
    at_left = bool(spec.source) and aligned(style.source_align, spec.source or "") == "left"
    if logos and at_left and logo < LOGO_SHARE:
        changes["logo"] = LOGOS[which]
    data = spec.data
    several = isinstance(data, Table | Points) and len(data.series) > 1
    if several and spec.type == "multi_line" and not spec.labels and direct < DIRECT_SHARE:
        changes["direct_names"] = True
    elif several and spec.type in INSIDE and inside < INSIDE_SHARE and style.look == FREE:
        changes["legend"] = "inside"
    return dataclasses.replace(style, **changes)  # type: ignore[arg-type]
