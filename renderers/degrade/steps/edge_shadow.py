"""Dark bands at the border of copies, where the lid was open."""

from __future__ import annotations

import math

import numpy as np

from renderers.degrade.fields import smooth
from renderers.degrade.pixels import scaled
from renderers.degrade.step import Image, Number, Stage, Step, Surface, Values

FAR = 4.0
"""Widths of a band beyond which it has no effect."""
MIN_UNEVEN = 0.1
"""The least width of a band, in parts of its mean: at zero, its edge would be undefined."""


def apply(surface: Surface, values: Values, rng: np.random.Generator) -> Image:
    """Each side has a band with a probability of one half; `width` is a share of the picture."""
    height, width = surface.pixels.shape[:2]
    uneven = np.maximum(1 + 0.3 * smooth(rng, height, width, max(height, width) / 3), MIN_UNEVEN)
    widest = float(uneven.max())
    light = np.ones((height, width), np.float32)
    reach = max(values["width"] * max(height, width), 0.5)
    # Each side as the left one of the picture turned: views, not copies.
    for turned in (np.asarray, np.fliplr, np.transpose, _bottom_left):
        wanted, here = rng.random() < 0.5, reach * rng.uniform(0.4, 1)
        if not wanted:
            continue
        dark = turned(light)[:, : math.ceil(FAR * here * widest)]
        distance = np.arange(dark.shape[1], dtype=np.float32)
        spread = here * turned(uneven)[:, : dark.shape[1]]
        dark *= 1 - values["darkness"] * np.exp(-((distance / spread) ** 2))
    return scaled(surface.pixels, light)


def _bottom_left(field: Image) -> Image:
    return field[::-1].T


STEP = Step(
    Stage.LIGHT,
    apply,
    {
        "width": Number((0.005, 0.03), 0, 0.2),
        "darkness": Number((0.3, 0.95), 0, 1, neutral=0.0),
    },
)
