"""A page of an open book: it falls toward the spine, where it becomes narrow and dark."""

from __future__ import annotations

import numpy as np

from renderers.degrade.cylinder import bent
from renderers.degrade.step import Choice, Number, Stage, Step, Values
from renderers.degrade.warp import Area, Warp

KNOTS = 97


def build(area: Area, values: Values, rng: np.random.Generator) -> Warp:
    """The height falls by an exponential within `width` of the spine."""
    half = area.width / 2 / area.size
    positions = np.linspace(-half, half, KNOTS)
    drop = values["depth"] * np.exp(-(positions + half) / values["width"])
    # The rest of the page is slightly arched.
    arch = 0.3 * values["depth"] * np.sin(np.pi * (positions + half) / (2 * half))
    heights = arch - drop
    lean = rng.uniform(-0.3, 0.3)
    sheet = bent(area, 0.0, positions, heights, lean, 0.0)
    dark = np.exp(-(positions + half) / (0.8 * values["width"]))
    light = 1 - values["darkness"] * dark
    return type(sheet)(
        sheet.center,
        np.pi if values["side"] == "right" else 0.0,
        sheet.positions,
        sheet.heights,
        sheet.mapped,
        sheet.distance,
        sheet.lean,
        np.concatenate([light[:1], light, light[-1:]]),
    )


STEP = Step(
    Stage.GEOMETRY,
    build,
    {
        "depth": Number((0.01, 0.04), 0, 0.1, neutral=0.0),
        "width": Number((0.04, 0.1), 0.02, 0.3),
        "darkness": Number((0.2, 0.6), 0, 0.9, neutral=0.0),
        "side": Choice(("left", "right")),
    },
)
