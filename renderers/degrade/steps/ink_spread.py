"""Ink runs into the paper: strokes become wider. With little ink they become thinner."""

from __future__ import annotations

import cv2
import numpy as np

from renderers.degrade.step import Choice, Image, Number, Stage, Step, Surface, Values


def apply(surface: Surface, values: Values, rng: np.random.Generator) -> Image:
    """Between the picture and its erosion by whole pixels, so that every width is possible."""
    pixels, kind = surface.pixels, values["kind"]
    radius = values["amount"] * surface.unit
    if radius <= 0:
        return pixels
    change = cv2.erode if kind == "wider" else cv2.dilate  # dark ink: a minimum is wider
    whole = max(1, int(np.ceil(radius)))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * whole + 1, 2 * whole + 1))
    share = np.float32(radius / whole)
    return pixels + (np.asarray(change(pixels, kernel)) - pixels) * share


STEP = Step(
    Stage.PAPER,
    apply,
    {"amount": Number((0.01, 0.05), 0, 0.2, neutral=0.0), "kind": Choice(("wider", "thinner"))},
)
