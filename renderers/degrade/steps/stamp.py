"""Rubber stamps. Their writing is illegible on purpose: it is no part of the ground truth."""

from __future__ import annotations

import cv2
import numpy as np

from renderers.degrade.fields import grain, sigmoid
from renderers.degrade.marks import free_place
from renderers.degrade.pixels import as_color
from renderers.degrade.step import Image, Number, Stage, Step, Surface, Values

INKS = ((40, 60, 160), (170, 30, 40), (60, 40, 120), (40, 40, 40))


def apply(surface: Surface, values: Values, rng: np.random.Generator) -> Image:
    """The pixels with one stamp, [h, w, 3]."""
    out = as_color(surface.pixels)
    width = int(surface.unit * rng.uniform(6, 12))
    shape = ("round", "box")[int(rng.integers(2))]
    height = width if shape == "round" else width // 2
    if min(height, width) < 12 or height >= out.shape[0] or width >= out.shape[1]:
        return surface.pixels
    place = free_place(surface, width, height, values["cover"], rng)
    if place is None:
        return surface.pixels
    mask = _drawn(height, width, shape, rng)
    # Rubber does not touch the paper everywhere.
    mask *= sigmoid(3 * (grain(rng, height, width, 0.05 * width) + 1.0))
    color = np.array(INKS[int(rng.integers(len(INKS)))], np.float32) / 255
    x, y = (int(v) for v in place)
    out = out.copy()
    share = (values["darkness"] * mask)[..., None]
    out[y : y + height, x : x + width] *= 1 - share * (1 - color)
    return out


def _drawn(height: int, width: int, shape: str, rng: np.random.Generator) -> Image:
    """[height, width] from 0 to 1: a frame around rows of short strokes, slightly turned."""
    canvas = np.zeros((height, width), np.uint8)
    line = max(1, width // 40)
    inset = int(0.14 * min(height, width))
    if shape == "round":
        center, radius = (width // 2, height // 2), min(height, width) // 2 - inset
        cv2.circle(canvas, center, radius, 255, line, cv2.LINE_AA)
        cv2.circle(canvas, center, int(radius * 0.72), 255, max(1, line // 2), cv2.LINE_AA)
    else:
        cv2.rectangle(canvas, (inset, inset), (width - inset, height - inset), 255, line)
    rows = (0.42, 0.58) if shape == "round" else (0.42, 0.62)
    left = 0.32 if shape == "round" else 0.22
    letter = 0.05 * width
    for row in rows:
        strokes = rng.uniform(-1, 1, (12, 2, 2)) * letter * 0.55
        centers = np.stack([np.linspace(left, 1 - left, 12) * width, np.full(12, row * height)], 1)
        points = np.round((strokes + centers[:, None]) * 16).astype(np.int32)
        cv2.polylines(canvas, list(points), False, 255, line, cv2.LINE_AA, 4)
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), rng.uniform(-15, 15), 1.0)
    return np.asarray(cv2.warpAffine(canvas, turn, (width, height)) / 255, np.float32)


STEP = Step(
    Stage.PAPER,
    apply,
    {
        "darkness": Number((0.4, 0.9), 0, 1, neutral=0.0),
        "cover": Number((0.2, 0.2), 0, 1),
    },
)
