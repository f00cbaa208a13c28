"""Blur of a lens that is out of focus, in some places more than in others."""

from __future__ import annotations

import cv2
import numpy as np

from renderers.degrade.fields import ramp
from renderers.degrade.pixels import blended
from renderers.degrade.step import Image, Number, Stage, Step, Surface, Values


def apply(surface: Surface, values: Values, rng: np.random.Generator) -> Image:
    """`sigma` is in text heights. `uneven` is the share of the blur that one side lacks."""
    pixels = surface.pixels
    sigma = float(values["sigma"] * surface.unit)
    angle = rng.uniform(0, 2 * np.pi)
    if sigma < 0.05:
        return pixels
    blurred = np.asarray(cv2.GaussianBlur(pixels, (0, 0), sigma), np.float32)
    height, width = pixels.shape[:2]
    sharp = 1 - sigma * (1 - values["uneven"])
    if values["uneven"] <= 0 or sharp <= 0:
        return blurred
    even = 0.5 + 0.5 * ramp(height, width, angle)
    return blended(pixels, blurred, 1 - values["uneven"] * even)


STEP = Step(
    Stage.CAMERA,
    apply,
    {
        "sigma": Number((0.02, 0.09), 0, 1, neutral=0.0),
        "uneven": Number((0.0, 0.6), 0, 1),
    },
)
