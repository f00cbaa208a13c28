"""Curved colored bands: the grid of a display against the grid of a sensor."""

from __future__ import annotations

import math

import cv2
import numpy as np

from renderers.degrade.fields import smooth
from renderers.degrade.pixels import scaled
from renderers.degrade.step import Image, Number, Stage, Step, Surface, Values


def apply(surface: Surface, values: Values, rng: np.random.Generator) -> Image:
    """Two beats; their phases are bent by the lens, and differ a little between the colors."""
    height, width = surface.pixels.shape[:2]
    x = np.linspace(0, 1, width, dtype=np.float32)[None, :]
    y = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    bend = 0.8 * smooth(rng, height, width, max(height, width) / 1.5)
    waves: list[Image] = []
    weights = []
    for strength in (1.0, 0.6):
        angle = rng.uniform(0, np.pi)
        turns = 2 * math.pi * values["bands"] * rng.uniform(0.6, 1.4)
        phase = turns * math.cos(angle) * x + turns * math.sin(angle) * y + 2 * bend
        offsets = rng.uniform(0, 2 * np.pi) + np.array([0, 0.5, 1.0]) * rng.uniform(0.5, 2)
        # sin(phase + offset) of each color is a sum of two waves that all of them share.
        waves += [np.sin(phase), np.cos(phase)]
        depth = 0.5 * strength * values["amount"]
        weights += [depth * np.cos(offsets), depth * np.sin(offsets)]
    matrix = np.column_stack([*weights, np.ones(3)]).astype(np.float32)
    light = np.asarray(cv2.transform(cv2.merge(waves), matrix))
    return scaled(surface.pixels, np.clip(light, 0, 2))


STEP = Step(
    Stage.CAMERA,
    apply,
    {
        "amount": Number((0.03, 0.15), 0, 0.6, neutral=0.0),
        "bands": Number((8, 50), 1, 300),
    },
)
