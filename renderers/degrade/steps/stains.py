"""Rings of cups, drops and dirty fingers."""

from __future__ import annotations

import cv2
import numpy as np

from renderers.degrade.fields import smooth
from renderers.degrade.marks import free_place
from renderers.degrade.pixels import as_color
from renderers.degrade.step import Image, Number, Stage, Step, Surface, Values

COFFEE = np.array([0.35, 0.55, 0.85], np.float32)
"""What coffee absorbs of red, green and blue; dirt absorbs all evenly."""


def apply(surface: Surface, values: Values, rng: np.random.Generator) -> Image:
    """The pixels with a number of stains, [h, w, 3] if there are any."""
    count = round(values["count"])
    if count == 0:
        return surface.pixels
    out = as_color(surface.pixels).copy()
    for _ in range(count):
        size = int(surface.unit * rng.uniform(4, 14))
        height, width = min(size, out.shape[0]), min(size, out.shape[1])
        place = free_place(surface, width, height, values["cover"], rng)
        if place is None or min(height, width) < 8:
            continue
        x, y = (int(v) for v in place)
        color = COFFEE if rng.random() < 0.6 else np.full(3, 0.5, np.float32)
        mask = _blot(height, width, rng.random() < 0.5, rng) * values["darkness"]
        out[y : y + height, x : x + width] *= 1 - mask[..., None] * color
    return out


def _blot(height: int, width: int, ring: bool, rng: np.random.Generator) -> Image:
    """[height, width] from 0 to 1: a ring, or a drop with a darker border."""
    y, x = np.ogrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    r = np.hypot(x, y).astype(np.float32) + 0.05 * smooth(rng, height, width, height / 4)
    edge = np.exp(-(((r - 0.8) / 0.05) ** 2))
    inside = np.clip((0.8 - r) / 0.05, 0, 1)
    uneven = np.clip(0.7 + 0.3 * smooth(rng, height, width, height / 3), 0, 1)
    mask = (edge * uneven + (0.06 if ring else 0.45) * inside).astype(np.float32)
    return np.asarray(cv2.GaussianBlur(np.clip(mask, 0, 1), (0, 0), 1.0))


STEP = Step(
    Stage.PAPER,
    apply,
    {
        "count": Number((0, 3), 0, 20, neutral=0.0),
        "darkness": Number((0.1, 0.5), 0, 1, neutral=0.0),
        "cover": Number((0.3, 0.3), 0, 1),
    },
)
