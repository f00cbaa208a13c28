"""A sheet that was folded: flat panels at small angles, with lines of broken fibers."""

from __future__ import annotations

import numpy as np

from renderers.degrade.cylinder import bent
from renderers.degrade.step import Choice, Number, Stage, Step, Values
from renderers.degrade.warp import Area, Warp


def build(area: Area, values: Values, rng: np.random.Generator) -> Warp:
    """A map of panels between parallel folds, each at a small angle to the next."""
    folds = int(values["folds"])
    across = values["direction"] == "horizontal"
    half = (area.height if across else area.width) / 2 / area.size
    even = np.linspace(-half, half, folds + 2)
    inner = even[1:-1] + rng.uniform(-0.02, 0.02, folds)
    positions = np.concatenate([even[:1], inner, even[-1:]])
    signs = np.where(np.arange(folds + 2) % 2, 1.0, -1.0) * rng.choice([-1.0, 1.0])
    heights = values["height"] * signs * rng.uniform(0.5, 1, folds + 2)
    angle = (np.pi / 2 if across else 0.0) + np.radians(rng.normal(0, 1))
    lean = rng.uniform(-0.3, 0.3)
    return bent(area, angle, positions, heights, lean, values["shading"], values["line"])


STEP = Step(
    Stage.GEOMETRY,
    build,
    {
        "folds": Number((1, 3), 1, 6),
        "height": Number((0.004, 0.02), 0, 0.06, neutral=0.0),
        "shading": Number((0.4, 1.2), 0, 3, neutral=0.0),
        "line": Number((0.03, 0.15), 0, 0.5, neutral=0.0),
        "direction": Choice(("horizontal", "vertical")),
    },
)
