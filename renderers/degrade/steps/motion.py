"""Blur of a camera that moved."""

from __future__ import annotations

import cv2
import numpy as np

from renderers.degrade.step import Image, Number, Stage, Step, Surface, Values


def apply(surface: Surface, values: Values, rng: np.random.Generator) -> Image:
    """`length` of the way is in text heights; its direction is random."""
    length = values["length"] * surface.unit
    angle = rng.uniform(0, np.pi)
    half = int(np.ceil(length / 2)) + 1
    if length < 0.2:
        return surface.pixels
    ends = np.array([np.cos(angle), np.sin(angle)]) * length / 2
    samples = np.linspace(-1, 1, 8 * half + 1)[:, None] * ends + half
    kernel = np.zeros((2 * half + 1, 2 * half + 1), np.float32)
    low = np.floor(samples).astype(int)
    (a, b) = (samples - low).T
    for dx, dy, weight in (
        (0, 0, (1 - a) * (1 - b)),
        (1, 0, a * (1 - b)),
        (0, 1, (1 - a) * b),
        (1, 1, a * b),
    ):
        x, y = np.minimum(low[:, 0] + dx, 2 * half), np.minimum(low[:, 1] + dy, 2 * half)
        np.add.at(kernel, (y, x), weight.astype(np.float32))
    kernel /= kernel.sum()
    return np.asarray(cv2.filter2D(surface.pixels, -1, kernel, borderType=cv2.BORDER_REPLICATE))


STEP = Step(Stage.CAMERA, apply, {"length": Number((0.05, 0.2), 0, 2, neutral=0.0)})
