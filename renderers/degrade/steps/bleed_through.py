"""The print of the other side shines through, mirrored."""

from __future__ import annotations

import cv2
import numpy as np

from renderers.degrade.step import Image, Number, Stage, Step, Surface, Values, as_gray, scaled


def apply(surface: Surface, values: Values, rng: np.random.Generator) -> Image:
    """The other side is the page itself, mirrored and moved by a third to a half of its height."""
    gray = as_gray(surface.pixels)
    height, width = gray.shape
    back = np.roll(gray[:, ::-1], int(height * rng.uniform(0.3, 0.5)), axis=0)
    back = np.roll(back, int(width * rng.uniform(-0.03, 0.03)), axis=1)
    back = np.asarray(cv2.GaussianBlur(np.ascontiguousarray(back), (0, 0), 0.08 * surface.unit))
    paper = float(np.percentile(back[::8, ::8], 90))
    ink = np.clip(1 - back / max(paper, 1.0), 0, 1)
    return scaled(surface.pixels, 1 - values["amount"] * ink)


STEP = Step(Stage.PAPER, apply, {"amount": Number((0.05, 0.25), 0, 0.6, neutral=0.0)})
