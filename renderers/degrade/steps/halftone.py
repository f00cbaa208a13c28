"""A printer's screen: grays become dots of different sizes."""

from __future__ import annotations

import math

import cv2
import numpy as np

from renderers.degrade.fields import sigmoid
from renderers.degrade.pixels import blended, is_color
from renderers.degrade.step import Image, Number, Stage, Step, Surface, Values

ANGLES = (15.0, 75.0, 0.0)
"""Degrees of the screens of red, green and blue (of their inks cyan, magenta, yellow)."""


def apply(surface: Surface, values: Values, rng: np.random.Generator) -> Image:
    """Only grays are screened: black text and white paper stay as they are."""
    pixels = surface.pixels
    height, width = pixels.shape[:2]
    period = max(2.5, values["period"] * surface.unit)
    angles = ANGLES if is_color(pixels) else (45.0,)
    screens = [_screen(height, width, period, angle) for angle in angles]
    screen: Image = np.asarray(cv2.merge(screens)) if is_color(pixels) else screens[0]
    screen *= 6
    screen += pixels * (12 / 255) - 6
    dots = 255 * sigmoid(screen)
    middle = np.minimum(pixels, 255 - pixels)  # 0 for black and white
    middle *= 4 * values["amount"] / 255
    return blended(pixels, dots, np.clip(middle, 0, values["amount"]))


def _screen(height: int, width: int, period: float, degrees: float) -> Image:
    """From -1 to 1, with dots on a turned grid."""
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    factor = 2 * math.pi / period
    x = np.arange(width, dtype=np.float32) * factor
    y = np.arange(height, dtype=np.float32) * factor
    # cos(a) + cos(b) of rotated coordinates, as products of functions of one coordinate.
    screen = np.outer(np.cos(sin * y), np.cos(cos * x))
    screen -= np.outer(np.sin(sin * y), np.sin(cos * x))
    screen += np.outer(np.cos(cos * y), np.cos(sin * x))
    screen += np.outer(np.sin(cos * y), np.sin(sin * x))
    screen /= 2
    return screen


STEP = Step(
    Stage.PAPER,
    apply,
    {
        "amount": Number((0.3, 0.9), 0, 1, neutral=0.0),
        "period": Number((0.2, 0.4), 0.05, 2),
    },
)
