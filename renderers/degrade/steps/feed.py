"""The uneven transport of a scanner or fax."""

from __future__ import annotations

import numpy as np

from renderers.degrade.feed import Feed
from renderers.degrade.step import Number, Stage, Step, Values
from renderers.degrade.warp import Area, Warp

KNOTS = 41
MARGIN = 0.5
"""Of the page's height, above and below it."""


def build(area: Area, values: Values, rng: np.random.Generator) -> Warp:
    """Rows that are stretched and pressed together along the page."""
    low = area.y0 - MARGIN * area.height
    rows = np.linspace(low, area.y1 + MARGIN * area.height, KNOTS)
    speeds = 1 + np.clip(values["stretch"] * rng.standard_normal(KNOTS - 1), -0.5, 0.5)
    mapped = np.concatenate([[0.0], np.cumsum(np.diff(rows) * speeds)])
    mapped += area.center[1] - np.interp(area.center[1], rows, mapped)
    shifts = values["shift"] * area.width * rng.standard_normal(KNOTS)
    return Feed(rows, mapped, shifts)


STEP = Step(
    Stage.GEOMETRY,
    build,
    {
        "stretch": Number((0.002, 0.015), 0, 0.1, neutral=0.0),
        "shift": Number((0.0001, 0.0008), 0, 0.005, neutral=0.0),
    },
)
