"""A low resolution: the picture was made smaller and then larger again."""

from __future__ import annotations

import cv2
import numpy as np

from renderers.degrade.step import Choice, Image, Number, Stage, Step, Surface, Values

FILTERS = {
    "nearest": cv2.INTER_NEAREST,
    "linear": cv2.INTER_LINEAR,
    "cubic": cv2.INTER_CUBIC,
    "area": cv2.INTER_AREA,
}


def apply(surface: Surface, values: Values, rng: np.random.Generator) -> Image:
    """`height` is the height of the text in between, in pixels; larger text is not enlarged."""
    pixels = surface.pixels
    height, width = pixels.shape[:2]
    factor = min(1.0, values["height"] / surface.unit)
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    if size == (width, height):
        return pixels
    down, up = FILTERS[values["down"]], FILTERS[values["up"]]
    small = cv2.resize(pixels, size, interpolation=down)
    return np.clip(cv2.resize(small, (width, height), interpolation=up), 0, 255)


STEP = Step(
    Stage.FILE,
    apply,
    {
        # A text of 40 pixels loses nothing that a reader needs.
        "height": Number((8, 16), 4, 200, neutral=40.0),
        "down": Choice(("area", "linear")),
        "up": Choice(("linear", "cubic", "nearest")),
    },
)
