"""Black and white: fax, copy, and scans of old programs."""

from __future__ import annotations

import cv2
import numpy as np

from renderers.degrade.pixels import as_gray
from renderers.degrade.step import Choice, Image, Number, Stage, Step, Surface, Values

BAYER = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]], np.float32)


def apply(surface: Surface, values: Values, rng: np.random.Generator) -> Image:
    """Pixels around a threshold become black or white: all at an `amount` of 1, at 0.6 all that are
    8 levels or more away from it.

    `global` compares with one threshold, `local` with the surroundings, `dither` with a pattern
    that keeps grays. `offset` moves the threshold: strokes become wider or thinner.
    """
    gray = as_gray(surface.pixels)
    height, width = gray.shape
    offset = 255 * values["offset"]
    if values["kind"] == "dither":
        tiles = np.tile((BAYER + 0.5) / 16, (height // 4 + 1, width // 4 + 1))[:height, :width]
        threshold = 40 + 175 * tiles + offset
    elif values["kind"] == "local":
        sigma = 1.5 * surface.unit
        threshold = np.asarray(cv2.GaussianBlur(gray, (0, 0), sigma)) * 0.88 + offset
    else:
        small = np.clip(np.rint(gray[::4, ::4]), 0, 255).astype(np.uint8)
        # The level is the last one of the dark pixels.
        level = cv2.threshold(np.ascontiguousarray(small), 0, 255, cv2.THRESH_OTSU)[0]
        threshold = level + 0.5 + offset
    # A straight line through the threshold, from no change at 0 to a step at 1.
    width = max(1e-3, (1 - values["amount"]) ** 3)
    middle = 127.5 + (threshold - 127.5) * (1 - width)
    return np.asarray(np.clip(127.5 + (gray - middle) / width, 0, 255), np.float32)


STEP = Step(
    Stage.FILE,
    apply,
    {
        "amount": Number((1.0, 1.0), 0, 1, neutral=0.0),
        "offset": Number((0.0, 0.08), 0, 0.4, neutral=0.0, signed=True),
        "kind": Choice(("global", "local", "dither")),
    },
)
