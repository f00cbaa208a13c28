"""A sheet that is slightly wavy in all directions, from moisture or crumpling."""

from __future__ import annotations

import numpy as np

from renderers.degrade.displacement import gentle
from renderers.degrade.fields import smooth
from renderers.degrade.step import Number, Stage, Step, Values
from renderers.degrade.warp import Area, Warp

NODES = 65


def build(area: Area, values: Values, rng: np.random.Generator) -> Warp:
    """Displacements go down the slopes of random heights, whose light is computed from them."""
    cell = max(3.0, NODES / 2 * values["size"])
    heights = smooth(rng, NODES, NODES, cell).astype(np.float64)
    down, right = np.gradient(heights * cell)
    size = values["amount"] * area.size
    direction = rng.uniform(0, 2 * np.pi)
    light = 1 + values["shading"] * 0.5 * (np.cos(direction) * right + np.sin(direction) * down)
    return gentle(area, np.stack([right, down], axis=-1) * size, np.clip(light, 0.3, 1.5))


STEP = Step(
    Stage.GEOMETRY,
    build,
    {
        "amount": Number((0.0005, 0.003), 0, 0.01, neutral=0.0),
        "size": Number((0.15, 0.4), 0.05, 2),
        "shading": Number((0.02, 0.12), 0, 0.5, neutral=0.0),
    },
)
