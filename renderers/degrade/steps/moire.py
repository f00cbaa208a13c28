"""Curved colored bands: the grid of a display against the grid of a sensor."""

from __future__ import annotations

import numpy as np

from renderers.degrade.fields import smooth
from renderers.degrade.step import Image, Number, Stage, Step, Surface, Values, scaled


def apply(surface: Surface, values: Values, rng: np.random.Generator) -> Image:
    """Two beats; their phases are bent by the lens, and differ a little between the colors."""
    height, width = surface.pixels.shape[:2]
    x = np.linspace(0, 1, width, dtype=np.float32)[None, :]
    y = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    bend = 0.8 * smooth(rng, height, width, max(height, width) / 1.5)
    light = np.ones((height, width, 3), np.float32)
    for strength in (1.0, 0.6):
        angle = rng.uniform(0, np.pi)
        bands = np.float32(values["bands"] * rng.uniform(0.6, 1.4))
        phase = 2 * np.pi * bands * (np.cos(angle) * x + np.sin(angle) * y) + 2 * bend
        offsets = rng.uniform(0, 2 * np.pi) + np.array([0, 0.5, 1.0]) * rng.uniform(0.5, 2)
        for channel, offset in enumerate(offsets):
            wave = np.sin(phase + np.float32(offset))
            light[..., channel] += np.float32(0.5 * strength * values["amount"]) * wave
    return scaled(surface.pixels, np.clip(light, 0, 2))


STEP = Step(
    Stage.CAMERA,
    apply,
    {
        "amount": Number((0.03, 0.15), 0, 0.6, neutral=0.0),
        "bands": Number((8, 50), 1, 300),
    },
)
