"""The sharpening of phones and scanners, with its bright halos."""

from __future__ import annotations

import cv2
import numpy as np

from renderers.degrade.step import Image, Number, Stage, Step, Surface, Values


def apply(surface: Surface, values: Values, rng: np.random.Generator) -> Image:
    """The pixels with their difference to a blurred copy added."""
    sigma = max(0.5, values["radius"] * surface.unit)
    blurred = np.asarray(cv2.GaussianBlur(surface.pixels, (0, 0), sigma))
    sharp = surface.pixels + (surface.pixels - blurred) * np.float32(values["amount"])
    return np.clip(sharp, 0, 255)


STEP = Step(
    Stage.CAMERA,
    apply,
    {
        "amount": Number((0.2, 1.0), 0, 4, neutral=0.0),
        "radius": Number((0.05, 0.12), 0.02, 1),
    },
)
