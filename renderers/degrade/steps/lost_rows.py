"""Rows that a fax received wrongly: lines of another brightness, or repeated."""

from __future__ import annotations

import numpy as np

from renderers.degrade.step import Image, Number, Stage, Step, Surface, Values


def apply(surface: Surface, values: Values, rng: np.random.Generator) -> Image:
    """`rows` is the share of wrong rows: half are copies of the row above, half have a streak."""
    out = surface.pixels.copy()
    height, width = out.shape[:2]
    wrong = np.flatnonzero(rng.random(height) < values["rows"])
    repeated = wrong[(rng.random(len(wrong)) < 0.5) & (wrong > 0)]
    out[repeated] = out[repeated - 1]
    for row in np.setdiff1d(wrong, repeated):
        start = int(rng.integers(width))
        end = min(width, start + int(width * rng.uniform(0.05, 0.6)))
        out[row, start:end] = 255.0 if rng.random() < 0.5 else 0.0
    return out


STEP = Step(Stage.FILE, apply, {"rows": Number((0.0, 0.004), 0, 0.1, neutral=0.0)})
