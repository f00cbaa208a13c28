"""A sheet that is pulled aslant through a scanner: rows are shifted in proportion."""

from __future__ import annotations

import numpy as np

from renderers.degrade.step import Number, Stage, Step, Values
from renderers.degrade.warp import Area, Warp, about


def build(area: Area, values: Values, rng: np.random.Generator) -> Warp:
    """A shear about the center."""
    shear = np.tan(np.radians(values["degrees"]))
    return about(area.center, np.array([[1.0, shear], [0.0, 1.0]]))


STEP = Step(Stage.GEOMETRY, build, {"degrees": Number((0.1, 1), 0, 20, neutral=0.0, signed=True)})
