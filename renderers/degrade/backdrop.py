"""Backgrounds: procedural materials, and photographs of a folder."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import cv2
import numpy as np

from renderers.degrade.fields import enlarged, grain, octaves, ramp, smooth
from renderers.degrade.pixels import scaled
from renderers.degrade.step import Image, Values
from renderers.rejected import Rejected

SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")


def backdrop(height: int, width: int, values: Values, rng: np.random.Generator) -> Image:
    """[height, width, 3] or gray [height, width].

    Raises:
        Rejected: `background`: the folder has no picture, or the chosen one does not decode.
    """
    if values["folder"]:
        return _photograph(values["folder"], height, width, rng)
    return MATERIALS[values["kind"]](height, width, rng)


def _photograph(folder: str, height: int, width: int, rng: np.random.Generator) -> Image:
    paths = pictures(folder)
    if not paths:
        raise Rejected("background", f"{folder} has no pictures")
    path = paths[int(rng.integers(len(paths)))]
    data = np.frombuffer(Path(path).read_bytes(), np.uint8)
    picture = cv2.imdecode(data, cv2.IMREAD_COLOR_RGB) if len(data) else None
    if picture is None:
        raise Rejected("background", f"{path} is not a picture")
    scale = max(height / picture.shape[0], width / picture.shape[1])
    size = (
        max(width, round(picture.shape[1] * scale)),
        max(height, round(picture.shape[0] * scale)),
    )
    picture = cv2.resize(picture, size, interpolation=cv2.INTER_AREA if scale < 1 else 1)
    top, left = (
        int(rng.integers(a - b + 1)) for a, b in zip(picture.shape, (height, width), strict=False)
    )
    return np.asarray(picture[top : top + height, left : left + width], np.float32)


@cache
def pictures(folder: str) -> tuple[str, ...]:
    """The pictures below a folder, by name."""
    found = (p for p in Path(folder).rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file())
    return tuple(sorted(map(str, found)))


def _wood(height: int, width: int, rng: np.random.Generator) -> Image:
    """Rings that are stretched along the grain, in planks."""
    rings = rng.uniform(12, 30)
    stretched = enlarged(smooth(rng, max(2, height // 12), width, 90.0), height, width)
    wave = np.sin(rings * (ramp(height, width, 0.0) * 2 + 0.35 * stretched))
    fiber = enlarged(
        rng.standard_normal((max(2, height // 24), width), dtype=np.float32), height, width
    )
    tone = 1 + 0.10 * wave + 0.05 * fiber
    plank = int(rng.integers(5, 9))
    edges = np.abs(((np.arange(width) * plank / width) % 1) - 0.5) > 0.494
    tone[:, edges] *= 0.6
    color = np.array([rng.uniform(110, 190), rng.uniform(75, 130), rng.uniform(40, 90)], np.float32)
    return scaled(np.clip(tone, 0.2, 1.5), color)


def _cloth(height: int, width: int, rng: np.random.Generator) -> Image:
    """A weave of threads with folds."""
    period = rng.uniform(3.0, 6.0)
    x = np.sin(2 * np.pi * np.arange(width, dtype=np.float32) / period)
    y = np.sin(2 * np.pi * np.arange(height, dtype=np.float32) / period)
    tone = 1 + 0.07 * x[None, :] + 0.07 * y[:, None] + 0.05 * grain(rng, height, width, 0.7)
    tone += 0.12 * octaves(rng, height, width, max(height, width) / 4, 2)
    color = (rng.uniform(50, 180) + rng.uniform(-25, 25, 3)).astype(np.float32)
    return scaled(np.clip(tone, 0.2, 1.6), color)


def _stone(height: int, width: int, rng: np.random.Generator) -> Image:
    """Veins and grains of a worktop."""
    veins = np.abs(octaves(rng, height, width, max(height, width) / 3, 5))
    tone = 1 - 0.35 * np.exp(-6 * veins) + 0.06 * grain(rng, height, width, 0.8)
    gray = rng.uniform(60, 220)
    color = (gray + rng.uniform(-12, 12, 3)).astype(np.float32)
    return scaled(np.clip(tone, 0.2, 1.3), color)


def _desk(height: int, width: int, rng: np.random.Generator) -> Image:
    """A painted plate."""
    tone = 1 + 0.12 * ramp(height, width, rng.uniform(0, 2 * np.pi))
    tone += 0.015 * grain(rng, height, width, 1.0)
    base = rng.uniform(50, 225)
    color = np.clip(base + rng.uniform(-30, 30, 3), 20, 240).astype(np.float32)
    return scaled(tone, color)


def _lid(height: int, width: int, rng: np.random.Generator) -> Image:
    """The white or gray lid of a scanner."""
    return np.full((height, width), rng.uniform(200, 252), np.float32)


def _black(height: int, width: int, rng: np.random.Generator) -> Image:
    """An open scanner, or darkness."""
    return 12 + 3 * smooth(rng, height, width, max(height, width) / 3)


def _sheet(height: int, width: int, rng: np.random.Generator) -> Image:
    """Another sheet of paper below."""
    tone = rng.uniform(190, 235) + 2 * octaves(rng, height, width, max(height, width) / 5, 3)
    return scaled(tone, np.array([1.0, rng.uniform(0.97, 1), rng.uniform(0.9, 1)], np.float32))


MATERIALS: dict[str, Callable[[int, int, np.random.Generator], Image]] = {
    "wood": _wood,
    "cloth": _cloth,
    "stone": _stone,
    "desk": _desk,
    "lid": _lid,
    "black": _black,
    "sheet": _sheet,
}
