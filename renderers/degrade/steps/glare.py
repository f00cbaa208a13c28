"""The reflection of a lamp or window on a screen or glossy paper."""

from __future__ import annotations

import numpy as np

from renderers.degrade.step import Image, Number, Stage, Step, Surface, Values, is_color


def apply(surface: Surface, values: Values, rng: np.random.Generator) -> Image:
    """The pixels with one bright spot."""
    pixels = surface.pixels
    height, width = pixels.shape[:2]
    x = np.linspace(0, 1, width, dtype=np.float32)[None, :] - rng.uniform(0, 1)
    y = np.linspace(0, 1, height, dtype=np.float32)[:, None] - rng.uniform(0, 1)
    angle, long, wide = rng.uniform(0, np.pi), rng.uniform(0.2, 0.5), rng.uniform(0.08, 0.2)
    u = np.cos(angle) * x + np.sin(angle) * y
    v = np.cos(angle) * y - np.sin(angle) * x
    spot = values["amount"] * np.exp(-((u / long) ** 2) - (v / wide) ** 2)
    light: Image = np.asarray(spot, np.float32)
    return np.asarray(pixels + (255 - pixels) * (light[..., None] if is_color(pixels) else light))


STEP = Step(Stage.LIGHT, apply, {"amount": Number((0.1, 0.5), 0, 1, neutral=0.0)})
