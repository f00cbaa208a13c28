"""Ink is missing in patches, as with worn type, empty ribbons and low toner."""

from __future__ import annotations

import math

import numpy as np

from renderers.degrade.fields import grain, sigmoid, smooth
from renderers.degrade.pixels import as_gray, blended
from renderers.degrade.step import Image, Number, Stage, Step, Surface, Values


def apply(surface: Surface, values: Values, rng: np.random.Generator) -> Image:
    """Paper replaces ink where noise is high; `patches` is how much this varies over the page."""
    pixels = surface.pixels
    height, width = pixels.shape[:2]
    fine = grain(rng, height, width, 0.08 * surface.unit)
    coarse = smooth(rng, height, width, 8 * surface.unit)
    weight = float(values["patches"])
    noise = (fine + weight * coarse) / math.sqrt(1 + weight**2)
    # The share of a normal distribution above 2.6 - 2.2 a grows from 0.5 % to 35 %.
    missing = values["amount"] ** 0.5 * sigmoid(6 * (noise - (2.6 - 2.2 * values["amount"])))
    gray = as_gray(pixels)
    paper = float(np.percentile(gray[::8, ::8], 90))
    ink = np.clip(1 - gray / max(paper, 1.0), 0, 1) * missing
    return blended(pixels, paper, ink)


STEP = Step(
    Stage.PAPER,
    apply,
    {
        "amount": Number((0.1, 0.5), 0, 1, neutral=0.0),
        "patches": Number((0.5, 1.5), 0, 4),
    },
)
