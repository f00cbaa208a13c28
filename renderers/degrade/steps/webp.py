"""WebP at a low quality."""

from __future__ import annotations

import cv2
import numpy as np

from renderers.degrade.codec import recoded
from renderers.degrade.step import Image, Number, Stage, Step, Surface, Values


def apply(surface: Surface, values: Values, rng: np.random.Generator) -> Image:
    """The pixels after they were stored as WebP."""
    quality = round(values["quality"])
    return recoded(surface.pixels, ".webp", [cv2.IMWRITE_WEBP_QUALITY, quality])


STEP = Step(Stage.FILE, apply, {"quality": Number((15, 80), 1, 100, neutral=98.0)})
