"""The reflection of a lamp or window on a screen or glossy paper."""

from __future__ import annotations

import math

import cv2
import numpy as np

from renderers.degrade.pixels import blended
from renderers.degrade.step import Image, Number, Stage, Step, Surface, Values


def apply(surface: Surface, values: Values, rng: np.random.Generator) -> Image:
    """The pixels with one bright spot."""
    pixels = surface.pixels
    height, width = pixels.shape[:2]
    x = np.linspace(0, 1, width, dtype=np.float32)[None, :] - rng.uniform(0, 1)
    y = np.linspace(0, 1, height, dtype=np.float32)[:, None] - rng.uniform(0, 1)
    angle, long, wide = rng.uniform(0, np.pi), rng.uniform(0.2, 0.5), rng.uniform(0.08, 0.2)
    cos, sin = math.cos(angle), math.sin(angle)
    u = (cos / long) * x + (sin / long) * y
    v = (cos / wide) * y - (sin / wide) * x
    return blended(pixels, 255.0, values["amount"] * np.asarray(cv2.exp(-(u * u) - v * v)))


STEP = Step(Stage.LIGHT, apply, {"amount": Number((0.1, 0.5), 0, 1, neutral=0.0)})
