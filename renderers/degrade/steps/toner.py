"""Specks of toner on the paper, and specks of paper in the ink."""

from __future__ import annotations

import cv2
import numpy as np

from renderers.degrade.pixels import as_gray, blended
from renderers.degrade.step import Image, Number, Stage, Step, Surface, Values


def apply(surface: Surface, values: Values, rng: np.random.Generator) -> Image:
    """`specks` is their number per square of 100 text heights."""
    pixels = surface.pixels
    height, width = pixels.shape[:2]
    expected = values["specks"] * height * width / (100 * surface.unit) ** 2
    count = min(int(rng.poisson(expected)), height * width // 50)
    mask = np.zeros((height, width), np.float32)
    places = rng.integers(0, (height, width), (count, 2))
    np.maximum.at(mask, (places[:, 0], places[:, 1]), rng.uniform(0.4, 1, count).astype(np.float32))
    # A few specks are larger: those of a second, sparser mask that is dilated.
    large = np.where(rng.random(count) < 0.1)[0]
    dots = np.zeros_like(mask)
    dots[places[large, 0], places[large, 1]] = 1
    size = max(3, int(0.12 * surface.unit) | 1)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    mask = np.maximum(mask, np.asarray(cv2.dilate(dots, kernel)))
    mask = np.asarray(cv2.GaussianBlur(mask, (0, 0), 0.5)) * 1.3
    speck = np.where(as_gray(pixels) > 128, np.float32(20), np.float32(235))
    return blended(pixels, speck, np.clip(mask, 0, 1))


STEP = Step(Stage.PAPER, apply, {"specks": Number((20, 400), 0, 20000, neutral=0.0)})
