"""The color of the light: warm lamps, cold daylight, greenish tubes."""

from __future__ import annotations

import numpy as np

from renderers.degrade.pixels import scaled
from renderers.degrade.step import Choice, Image, Number, Stage, Step, Surface, Values

CASTS = {
    "warm": (0.0, 0.12, 0.40),
    "cold": (0.22, 0.06, 0.0),
    "green": (0.12, 0.0, 0.14),
    "pink": (0.0, 0.12, 0.06),
}
"""What is missing of red, green and blue."""


def apply(surface: Surface, values: Values, rng: np.random.Generator) -> Image:
    """The pixels in light of a color."""
    missing = np.array(CASTS[values["kind"]], np.float32) * rng.uniform(0.7, 1.2, 3)
    return scaled(surface.pixels, 1 - np.float32(values["amount"]) * missing.astype(np.float32))


STEP = Step(
    Stage.CAMERA,
    apply,
    {"amount": Number((0.1, 0.8), 0, 1.5, neutral=0.0), "kind": Choice(tuple(CASTS))},
)
