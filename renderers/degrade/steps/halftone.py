"""A printer's screen: grays become dots of different sizes."""

from __future__ import annotations

import numpy as np

from renderers.degrade.step import Image, Number, Stage, Step, Surface, Values, is_color

ANGLES = (15.0, 75.0, 0.0)
"""Degrees of the screens of red, green and blue (of their inks cyan, magenta, yellow)."""


def apply(surface: Surface, values: Values, rng: np.random.Generator) -> Image:
    """Only grays are screened: black text and white paper stay as they are."""
    pixels = surface.pixels
    height, width = pixels.shape[:2]
    period = max(2.5, values["period"] * surface.unit)
    angles = ANGLES if is_color(pixels) else (45.0,)
    screens = [_screen(height, width, period, angle) for angle in angles]
    screen = np.stack(screens, axis=-1) if is_color(pixels) else screens[0]
    share = pixels / 255
    dots = 255 / (1 + np.exp(-np.clip(12 * (share + 0.5 * screen - 0.5), -30, 30)))
    middle = np.clip(4 * np.minimum(share, 1 - share), 0, 1)  # 0 for black and white
    share_of_dots = np.asarray(values["amount"] * middle, np.float32)
    return pixels + (dots - pixels).astype(np.float32) * share_of_dots


def _screen(height: int, width: int, period: float, degrees: float) -> Image:
    """From -1 to 1, with dots on a turned grid."""
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    factor = np.float32(2 * np.pi / period)
    x = np.arange(width, dtype=np.float32) * factor
    y = np.arange(height, dtype=np.float32) * factor
    # cos(a) + cos(b) of rotated coordinates, as products of functions of one coordinate.
    u = np.cos(cos * x)[None] * np.cos(sin * y)[:, None]
    u -= np.sin(cos * x)[None] * np.sin(sin * y)[:, None]
    v = np.cos(-sin * x)[None] * np.cos(cos * y)[:, None]
    v -= np.sin(-sin * x)[None] * np.sin(cos * y)[:, None]
    return np.asarray((u + v) / 2, np.float32)


STEP = Step(
    Stage.PAPER,
    apply,
    {
        "amount": Number((0.3, 0.9), 0, 1, neutral=0.0),
        "period": Number((0.2, 0.4), 0.05, 2),
    },
)
