"""The page is turned by any angle."""

from __future__ import annotations

import numpy as np

from renderers.degrade.step import Number, Stage, Step, Values
from renderers.degrade.warp import Area, Warp, about, rotation


def build(area: Area, values: Values, rng: np.random.Generator) -> Warp:
    """A rotation about the center."""
    return about(area.center, rotation(np.radians(values["degrees"])))


STEP = Step(Stage.GEOMETRY, build, {"degrees": Number((0.2, 3), 0, 180, neutral=0.0, signed=True)})
