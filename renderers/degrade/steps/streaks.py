"""Thin vertical lines of dust on a scanner's glass or a scratch on a drum."""

from __future__ import annotations

import numpy as np

from renderers.degrade.pixels import scaled
from renderers.degrade.step import Image, Number, Stage, Step, Surface, Values


def apply(surface: Surface, values: Values, rng: np.random.Generator) -> Image:
    """The pixels with columns that are darker or brighter from top to bottom."""
    height, width = surface.pixels.shape[:2]
    columns = np.ones(width, np.float32)
    count = round(values["count"])
    depth = values["darkness"] * rng.uniform(0.3, 1, count)
    np.minimum.at(columns, rng.integers(0, width, count), (1 - depth).astype(np.float32))
    wave = 0.7 + 0.3 * np.sin(np.linspace(0, rng.uniform(2, 9), height, dtype=np.float32))
    return scaled(surface.pixels, 1 - wave[:, None] * (1 - columns)[None, :])


STEP = Step(
    Stage.FILE,
    apply,
    {
        "count": Number((0, 4), 0, 200, neutral=0.0),
        "darkness": Number((0.1, 0.5), 0, 1, neutral=0.0),
    },
)
