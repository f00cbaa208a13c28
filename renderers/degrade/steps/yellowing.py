"""Old paper: yellow to brown, more so at the border."""

from __future__ import annotations

import cv2
import numpy as np

from renderers.degrade.fields import octaves
from renderers.degrade.pixels import scaled
from renderers.degrade.step import Image, Number, Stage, Step, Surface, Values

PALE = np.array([0.02, 0.10, 0.30], np.float32)
"""What yellow paper absorbs of red, green and blue."""
BROWN = np.array([0.12, 0.28, 0.48], np.float32)


def apply(surface: Surface, values: Values, rng: np.random.Generator) -> Image:
    """The pixels in the color of old paper, [h, w, 3]."""
    height, width = surface.pixels.shape[:2]
    x = np.linspace(0, 1, width, dtype=np.float32)[None, :]
    y = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    edge = np.minimum(np.minimum(x, 1 - x) * width, np.minimum(y, 1 - y) * height)
    border = np.exp(-edge / (0.08 * max(height, width)))
    spots = 0.5 + 0.15 * octaves(rng, height, width, max(height, width) / 3, 4)
    brown = values["border"] * np.clip(border * (0.5 + spots), 0, 1)
    pale = values["amount"] * np.clip(0.75 + 0.5 * spots, 0, 1.5)
    light = [(1 - pale * p) * (1 - brown * b) for p, b in zip(PALE, BROWN, strict=True)]
    return scaled(surface.pixels, np.asarray(cv2.merge(light)))


STEP = Step(
    Stage.PAPER,
    apply,
    {
        "amount": Number((0.2, 0.8), 0, 1.2, neutral=0.0),
        "border": Number((0.0, 0.5), 0, 1, neutral=0.0),
    },
)
