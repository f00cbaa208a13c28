"""Noise of a sensor: more in bright places (photons), and colored in soft spots."""

from __future__ import annotations

import numpy as np

from renderers.degrade.fields import enlarged, grain, white
from renderers.degrade.pixels import as_color, is_color
from renderers.degrade.step import Image, Number, Stage, Step, Surface, Values


def apply(surface: Surface, values: Values, rng: np.random.Generator) -> Image:
    """`amount` is the deviation for white, of 255; `color` the colored part of the noise."""
    pixels = surface.pixels
    height, width = pixels.shape[:2]
    noise = grain(rng, height, width, 0.5) * np.float32(values["amount"])
    light = pixels[..., 1] if is_color(pixels) else pixels
    noise *= np.sqrt(np.clip(light, 0, 255) * (1 / 300) + 0.15)
    if not is_color(pixels):
        return pixels + noise
    rows, columns = max(2, height // 3), max(2, width // 3)
    small = white(rng, rows, 3 * columns).reshape(rows, columns, 3)
    colored = enlarged(small * (values["amount"] * values["color"]), height, width)
    colored += as_color(noise)
    colored += pixels
    return colored


STEP = Step(
    Stage.CAMERA,
    apply,
    {
        "amount": Number((1, 9), 0, 80, neutral=0.0),
        "color": Number((0.1, 0.6), 0, 2),
    },
)
