"""The pixels of a display: rows of red, green and blue stripes with dark gaps."""

from __future__ import annotations

import numpy as np

from renderers.degrade.pixels import scaled
from renderers.degrade.step import Image, Number, Stage, Step, Surface, Values


def apply(surface: Surface, values: Values, rng: np.random.Generator) -> Image:
    """`period` is the width of a pixel of the display in pixels of the picture."""
    height, width = surface.pixels.shape[:2]
    x = np.arange(width, dtype=np.float32) / np.float32(values["period"])
    y = np.arange(height, dtype=np.float32) / np.float32(values["period"])
    thirds = np.array([0, 1 / 3, 2 / 3], np.float32)
    stripes = 0.5 + 0.5 * np.cos(2 * np.pi * (x[:, None] - thirds))  # [width, 3]
    gaps = 0.5 + 0.5 * np.cos(2 * np.pi * y)
    amount = np.float32(values["amount"])
    pattern = (1 - amount * (1 - stripes))[None] * (1 - 0.5 * amount * (1 - gaps))[:, None, None]
    return scaled(surface.pixels, pattern / pattern.mean())


STEP = Step(
    Stage.PAPER,
    apply,
    {
        "amount": Number((0.05, 0.3), 0, 1, neutral=0.0),
        "period": Number((2.2, 3.5), 2, 20),
    },
)
