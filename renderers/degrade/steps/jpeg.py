"""JPEG at a low quality, once or several times."""

from __future__ import annotations

import cv2
import numpy as np

from renderers.degrade.codec import recoded
from renderers.degrade.step import Image, Number, Stage, Step, Surface, Values


def apply(surface: Surface, values: Values, rng: np.random.Generator) -> Image:
    """Each further time moves the picture by some pixels first, so that its blocks differ."""
    image = surface.pixels
    for turn in range(max(1, round(values["times"]))):
        quality = round(values["quality"])
        shift = int(rng.integers(1, 8)) if turn else 0
        moved = np.ascontiguousarray(np.roll(image, shift, axis=(0, 1))) if shift else image
        moved = recoded(moved, ".jpg", [cv2.IMWRITE_JPEG_QUALITY, quality])
        image = np.roll(moved, -shift, axis=(0, 1)) if shift else moved
    return image


STEP = Step(
    Stage.FILE,
    apply,
    {
        "quality": Number((25, 85), 1, 100, neutral=98.0),
        "times": Number((1, 1), 1, 5, neutral=1.0),
    },
)
