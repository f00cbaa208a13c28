"""Dark bands at the border of copies, where the lid was open."""

from __future__ import annotations

import numpy as np

from renderers.degrade.fields import smooth
from renderers.degrade.step import Image, Number, Stage, Step, Surface, Values, scaled


def apply(surface: Surface, values: Values, rng: np.random.Generator) -> Image:
    """Each side has a band with a probability of one half; `width` is a share of the picture."""
    height, width = surface.pixels.shape[:2]
    x, y = np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)
    distances = (x[None, :], width - 1 - x[None, :], y[:, None], height - 1 - y[:, None])
    uneven = 1 + 0.3 * smooth(rng, height, width, max(height, width) / 3)
    light = np.ones((height, width), np.float32)
    reach = max(values["width"] * max(height, width), 0.5)
    for distance in distances:
        wanted, here = rng.random() < 0.5, reach * rng.uniform(0.4, 1)
        if wanted:
            light *= 1 - values["darkness"] * np.exp(-((distance / (here * uneven)) ** 2))
    return scaled(surface.pixels, light)


STEP = Step(
    Stage.LIGHT,
    apply,
    {
        "width": Number((0.005, 0.03), 0, 0.2),
        "darkness": Number((0.3, 0.95), 0, 1, neutral=0.0),
    },
)
