"""Brightness, contrast and the tone curve of a camera or copier."""

from __future__ import annotations

import numpy as np

from renderers.degrade.step import Image, Number, Stage, Step, Surface, Values


def apply(surface: Surface, values: Values, rng: np.random.Generator) -> Image:
    """`haze` lifts black, `dim` lowers white, `gamma` bends the curve between them."""
    share = np.clip(surface.pixels / 255, 0, 1)
    curved = share ** np.float32(np.exp(values["gamma"]))
    black, white = values["haze"], 1 - values["dim"]
    return np.asarray(255 * (black + curved * max(white - black, 0.05)), np.float32)


STEP = Step(
    Stage.CAMERA,
    apply,
    {
        "haze": Number((0.0, 0.15), 0, 0.8, neutral=0.0),
        "dim": Number((0.0, 0.25), 0, 0.8, neutral=0.0),
        "gamma": Number((0.0, 0.3), 0, 1.5, neutral=0.0, signed=True),
    },
)
