"""The shadow of a hand, a phone or the edge of something, with a soft border."""

from __future__ import annotations

import cv2
import numpy as np

from renderers.degrade.fields import enlarged, smooth
from renderers.degrade.pixels import scaled
from renderers.degrade.step import Image, Number, Stage, Step, Surface, Values

REDUCTION = 8
"""Shadows are soft, so they are drawn small."""


def apply(surface: Surface, values: Values, rng: np.random.Generator) -> Image:
    """`softness` is the width of the border as a share of the picture."""
    height, width = surface.pixels.shape[:2]
    rows, columns = max(8, height // REDUCTION), max(8, width // REDUCTION)
    size = max(rows, columns)
    center = rng.uniform(0, 1, 2) * (columns, rows)
    if rng.random() < 0.5:  # a straight edge across the picture
        direction = rng.uniform(0, 2 * np.pi)
        along = np.array([np.cos(direction), np.sin(direction)])
        across = np.array([-along[1], along[0]])
        reach = 3 * size
        corners = np.array([center - reach * along, center + reach * along])
        polygon = np.concatenate([corners, corners[::-1] + 2 * reach * across])
    else:  # something round that reaches in from the border
        t = np.linspace(0, 2 * np.pi, 40)
        radius = size * rng.uniform(0.2, 0.5) * (1 + 0.15 * np.sin(3 * t + rng.uniform(0, 6)))
        polygon = center + np.stack([np.cos(t), np.sin(t)], 1) * radius[:, None]
    mask = np.zeros((rows, columns), np.float32)
    cv2.fillPoly(mask, [np.round(polygon).astype(np.int32)], 1.0)
    sigma = max(0.6, values["softness"] * size)
    mask = np.asarray(cv2.GaussianBlur(mask, (0, 0), sigma))
    mask *= 1 - 0.15 * np.abs(smooth(rng, rows, columns, size / 3))
    mask = np.clip(enlarged(mask, height, width), 0, 1)
    return scaled(surface.pixels, 1 - values["darkness"] * mask)


STEP = Step(
    Stage.LIGHT,
    apply,
    {
        "darkness": Number((0.15, 0.5), 0, 0.9, neutral=0.0),
        "softness": Number((0.01, 0.06), 0.002, 0.5),
    },
)
