"""Noise of a sensor: more in bright places (photons), and colored in soft spots."""

from __future__ import annotations

import numpy as np

from renderers.degrade.fields import enlarged, grain
from renderers.degrade.step import Image, Number, Stage, Step, Surface, Values, is_color


def apply(surface: Surface, values: Values, rng: np.random.Generator) -> Image:
    """`amount` is the deviation for white, of 255; `color` the colored part of the noise."""
    pixels = surface.pixels
    height, width = pixels.shape[:2]
    noise = grain(rng, height, width, 0.5) * np.float32(values["amount"])
    light = pixels[..., 1] if is_color(pixels) else pixels
    noise *= np.sqrt(0.15 + np.clip(light, 0, 255) / 300)
    if not is_color(pixels):
        return np.asarray(pixels + noise)
    rows, columns = max(2, height // 3), max(2, width // 3)
    small = rng.standard_normal((rows, columns, 3), dtype=np.float32)
    colored = enlarged(small, height, width) * np.float32(values["amount"] * values["color"])
    return np.asarray(pixels + noise[..., None] + colored)


STEP = Step(
    Stage.CAMERA,
    apply,
    {
        "amount": Number((1, 9), 0, 80, neutral=0.0),
        "color": Number((0.1, 0.6), 0, 2),
    },
)
