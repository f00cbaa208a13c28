"""The page is upside down or on its side."""

from __future__ import annotations

import numpy as np

from renderers.degrade.step import Choice, Stage, Step, Values
from renderers.degrade.warp import Area, Warp, about

TURNS = {
    "90": np.array([[0.0, -1.0], [1.0, 0.0]]),
    "180": np.array([[-1.0, 0.0], [0.0, -1.0]]),
    "270": np.array([[0.0, 1.0], [-1.0, 0.0]]),
}
"""By degrees clockwise; exact, without rounded sines."""


def build(area: Area, values: Values, rng: np.random.Generator) -> Warp:
    """A rotation about the center by 90, 180 or 270 degrees."""
    return about(area.center, TURNS[values["degrees"]])


STEP = Step(Stage.GEOMETRY, build, {"degrees": Choice(("90", "180", "270"))})
