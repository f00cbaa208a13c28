"""A scanner or copier without color."""

from __future__ import annotations

import numpy as np

from renderers.degrade.pixels import as_gray
from renderers.degrade.step import Image, Stage, Step, Surface, Values


def apply(surface: Surface, values: Values, rng: np.random.Generator) -> Image:
    """The pixels as gray levels, [h, w]."""
    return as_gray(surface.pixels)


STEP = Step(Stage.LIGHT, apply)
