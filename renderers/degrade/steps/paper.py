"""Fibers and unevenness of paper."""

from __future__ import annotations

import numpy as np

from renderers.degrade.fields import grain, octaves
from renderers.degrade.pixels import scaled
from renderers.degrade.step import Image, Number, Stage, Step, Surface, Values


def apply(surface: Surface, values: Values, rng: np.random.Generator) -> Image:
    """The pixels with the darker fibers and clouds of a sheet."""
    height, width = surface.pixels.shape[:2]
    tone = values["fibers"] * grain(rng, height, width, 0.06 * surface.unit)
    tone += values["clouds"] * octaves(rng, height, width, 10 * surface.unit, 3)
    # A sheet is not whiter than white: the field only takes light away.
    return scaled(surface.pixels, np.clip(1 - np.abs(tone), 0.3, 1))


STEP = Step(
    Stage.PAPER,
    apply,
    {
        "fibers": Number((0.005, 0.03), 0, 0.3, neutral=0.0),
        "clouds": Number((0.0, 0.03), 0, 0.3, neutral=0.0),
    },
)
