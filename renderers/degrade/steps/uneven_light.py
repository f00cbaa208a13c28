"""Light from one side or from a lamp, and the darker corners of a lens."""

from __future__ import annotations

import numpy as np

from renderers.degrade.fields import ramp, smooth
from renderers.degrade.pixels import scaled
from renderers.degrade.step import Image, Number, Stage, Step, Surface, Values


def apply(surface: Surface, values: Values, rng: np.random.Generator) -> Image:
    """The brightest place keeps its light."""
    height, width = surface.pixels.shape[:2]
    light = 0.5 * ramp(height, width, rng.uniform(0, 2 * np.pi))
    light += 0.2 * smooth(rng, height, width, max(height, width) / 1.5)
    light *= values["amount"]
    x, y = (np.linspace(-1, 1, side, dtype=np.float32) ** 2 / 2 for side in (width, height))
    light -= values["vignette"] * x[None, :]
    light -= values["vignette"] * y[:, None]
    light += 1 - light.max()
    return scaled(surface.pixels, np.clip(light, 0.15, 1))


STEP = Step(
    Stage.LIGHT,
    apply,
    {
        "amount": Number((0.1, 0.4), 0, 1, neutral=0.0),
        "vignette": Number((0.0, 0.25), 0, 1, neutral=0.0),
    },
)
