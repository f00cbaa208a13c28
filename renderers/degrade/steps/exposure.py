"""Brightness, contrast and the tone curve of a camera or copier."""

from __future__ import annotations

import math

import cv2
import numpy as np

from renderers.degrade.step import Image, Number, Stage, Step, Surface, Values

DARKEST = np.float32(1e-3)
"""Levels, of 255: darker pixels have no logarithm."""


def apply(surface: Surface, values: Values, rng: np.random.Generator) -> Image:
    """`haze` lifts black, `dim` lowers white, `gamma` bends the curve between them."""
    black, white = values["haze"], 1 - values["dim"]
    # The power of the share of white as exp(g log(s)), in place.
    curved: Image = np.clip(surface.pixels, DARKEST, 255)
    curved /= 255
    cv2.log(curved, curved)
    curved *= math.exp(values["gamma"])
    cv2.exp(curved, curved)
    curved *= 255 * max(white - black, 0.05)
    curved += 255 * black
    return curved


STEP = Step(
    Stage.CAMERA,
    apply,
    {
        "haze": Number((0.0, 0.15), 0, 0.8, neutral=0.0),
        "dim": Number((0.0, 0.25), 0, 0.8, neutral=0.0),
        "gamma": Number((0.0, 0.3), 0, 1.5, neutral=0.0, signed=True),
    },
)
