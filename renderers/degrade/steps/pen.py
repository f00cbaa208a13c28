"""Marks of a pen or marker: underlines, circles, ticks, scribbles. None of them is writing."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from renderers.degrade.marks import free_place
from renderers.degrade.pixels import as_color, is_color
from renderers.degrade.step import Image, Number, Points, Stage, Step, Surface, Values

INKS = ((30, 40, 130), (30, 30, 30), (180, 30, 40))
HIGHLIGHTS = ((255, 240, 90), (170, 240, 130), (255, 180, 200))
POINTS = 48
SHIFT = 4
"""Fractional bits of OpenCV's coordinates."""


def apply(surface: Surface, values: Values, rng: np.random.Generator) -> Image:
    """`scribbles` are put where they cover little text; `lines` are below or around words, and
    `highlights` on words, whose ink stays visible."""
    height, width = surface.pixels.shape[:2]
    ink = np.zeros((height, width), np.uint8)
    thick = max(1, round(0.07 * surface.unit))
    for _ in range(round(values["scribbles"])):
        size = surface.unit * rng.uniform(2, 7)
        place = free_place(surface, size, 0.6 * size, values["cover"], rng)
        if place is not None:
            _stroke(ink, _scribble(size, rng) + place, thick)
    for _ in range(round(values["lines"]) if len(surface.boxes) else 0):
        _stroke(ink, _line(surface.boxes[int(rng.integers(len(surface.boxes)))], rng), thick)
    # A copy: the array of the surface must not change.
    out = surface.pixels.copy() if is_color(surface.pixels) else as_color(surface.pixels)
    color = np.array(INKS[int(rng.integers(len(INKS)))], np.float32) / 255
    left, top, columns, rows = cv2.boundingRect(ink)
    inked = slice(top, top + rows), slice(left, left + columns)
    share = np.float32(values["darkness"] / 255) * ink[inked][..., None].astype(np.float32)
    out[inked] *= 1 - share * (1 - color)
    marker = np.array(HIGHLIGHTS[int(rng.integers(len(HIGHLIGHTS)))], np.float32) / 255
    for _ in range(round(values["highlights"]) if len(surface.boxes) else 0):
        x0, y0, x1, y1 = surface.boxes[int(rng.integers(len(surface.boxes)))].round().astype(int)
        area = out[max(0, y0 - 1) : y1 + 1, max(0, x0 - 2) : x1 + 2]
        area *= 1 - (1 - marker) * np.float32(values["darkness"])
    return out


def _scribble(size: float, rng: np.random.Generator) -> Points:
    """[n, 2]: loops that go from left to right, as in a signature."""
    t = np.linspace(0, 1, POINTS * 2)
    turns, phases = rng.uniform(3, 8, 2), rng.uniform(0, 2 * np.pi, 2)
    x = t + 0.08 * np.sin(2 * np.pi * turns[0] * t + phases[0])
    fading = 1 - 0.6 * t
    y = 0.3 + fading * 0.25 * np.sin(2 * np.pi * turns[0] * t + phases[0] + 1.3)
    y += fading * 0.1 * np.sin(2 * np.pi * turns[1] * t + phases[1])
    return np.asarray(np.stack([x * 0.85, np.clip(y, 0, 0.6)], axis=1) * size)


def _line(box: npt.NDArray[np.float64], rng: np.random.Generator) -> Points:
    """[n, 2]: a line below a box, or a ring around it."""
    x0, y0, x1, y1 = box
    if rng.random() < 0.6:
        t = np.linspace(0, 1, POINTS)
        wave = 0.04 * (y1 - y0) * np.sin(2 * np.pi * rng.uniform(0.5, 2) * t + rng.uniform(0, 6))
        return np.stack([x0 + (x1 - x0) * t, y1 + 0.1 * (y1 - y0) + wave], axis=1)
    t = np.linspace(rng.uniform(-2.2, -1.8), 2 * np.pi - 1.6, POINTS)
    a, b = 0.62 * (x1 - x0) + 0.3 * (y1 - y0), 0.95 * (y1 - y0)
    center = np.array([(x0 + x1) / 2, (y0 + y1) / 2])
    return np.asarray(center + np.stack([a * np.cos(t), b * np.sin(t) * (1 + 0.02 * t)], axis=1))


def _stroke(canvas: npt.NDArray[np.uint8], points: Points, thick: int) -> None:
    scaled = np.clip(np.round(points * 2**SHIFT), -(2**24), 2**24).astype(np.int32)
    cv2.polylines(canvas, [scaled], False, 255, thick, cv2.LINE_AA, SHIFT)


STEP = Step(
    Stage.PAPER,
    apply,
    {
        "scribbles": Number((0, 2), 0, 20, neutral=0.0),
        "lines": Number((0, 4), 0, 100, neutral=0.0),
        "highlights": Number((0, 2), 0, 100, neutral=0.0),
        "darkness": Number((0.5, 0.9), 0, 1, neutral=0.0),
        "cover": Number((0.05, 0.05), 0, 1),
    },
)
