"""A sheet that does not lie flat: it bends about one direction, as paper does."""

from __future__ import annotations

import numpy as np

from renderers.degrade.cylinder import bent
from renderers.degrade.step import Number, Stage, Step, Values
from renderers.degrade.warp import Area, Warp

KNOTS = 65


def build(area: Area, values: Values, rng: np.random.Generator) -> Warp:
    """Heights are two waves that are longer than the page, in a direction within 35 degrees of
    the horizontal or of the vertical."""
    positions = np.linspace(-1.0, 1.0, KNOTS)
    first, second = rng.uniform(0.5, 0.9), rng.uniform(0.9, 1.5)
    phases = rng.uniform(0, 2 * np.pi, 2)
    heights = np.sin(2 * np.pi * first * positions + phases[0])
    heights += 0.4 * np.sin(2 * np.pi * second * positions + phases[1])
    side = np.pi / 2 if rng.random() < 0.3 else 0.0
    angle = side + np.radians(rng.uniform(-35, 35))
    lean = rng.uniform(-0.6, 0.6)
    return bent(area, angle, positions, values["height"] * heights, lean, values["shading"])


STEP = Step(
    Stage.GEOMETRY,
    build,
    {
        "height": Number((0.005, 0.05), 0, 0.15, neutral=0.0),
        "shading": Number((0.3, 0.9), 0, 2, neutral=0.0),
    },
)
