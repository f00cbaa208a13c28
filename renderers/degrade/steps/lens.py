"""The lens of a camera bends straight lines: outward (barrel) or inward (pincushion)."""

from __future__ import annotations

import numpy as np

from renderers.degrade.lens import Lens
from renderers.degrade.step import Number, Stage, Step, Values
from renderers.degrade.warp import Area, Warp


def build(area: Area, values: Values, rng: np.random.Generator) -> Warp:
    """The map of a lens whose center is that of the page."""
    radius = float(np.hypot(area.width, area.height)) / 2
    return Lens(area.center, radius, -values["amount"])


STEP = Step(
    Stage.GEOMETRY, build, {"amount": Number((0.005, 0.06), 0, 0.15, neutral=0.0, signed=True)}
)
