"""Backgrounds: procedural materials, and photographs of a folder."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import PIL.Image
from numpy.typing import NDArray

from renderers.degrade.fields import enlarged, grain, octaves, ramp, smooth
from renderers.degrade.pixels import scaled
from renderers.degrade.step import Image, Values
from renderers.folder_files import files_below, read_source, source_file
from renderers.photo import MAX_PIXELS
from renderers.rejected import Rejected

SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")
FORMATS = ("JPEG", "PNG", "WEBP")
MAX_BYTES = 64 << 20
"""Of a photograph."""
MAX_ASPECT = 10


def backdrop(height: int, width: int, values: Values, rng: np.random.Generator) -> Image:
    """[height, width, 3] or gray [height, width].

    Raises:
        Rejected: `background`: the folder has no picture, or the chosen one does not decode.
    """
    if values["folder"]:
        return _photograph(values["folder"], height, width, rng)
    return MATERIALS[values["kind"]](height, width, rng)


def _photograph(folder: str, height: int, width: int, rng: np.random.Generator) -> Image:
    names = pictures(folder)
    if not names:
        raise Rejected("background", f"{folder} has no pictures")
    picture = _decoded(Path(folder), names[int(rng.integers(len(names)))])
    scale = max(height / picture.shape[0], width / picture.shape[1])
    size = (
        max(width, round(picture.shape[1] * scale)),
        max(height, round(picture.shape[0] * scale)),
    )
    fitted = cv2.resize(picture, size, interpolation=cv2.INTER_AREA if scale < 1 else 1)
    top, left = (
        int(rng.integers(a - b + 1)) for a, b in zip(fitted.shape, (height, width), strict=False)
    )
    return np.asarray(fitted[top : top + height, left : left + width], np.float32)


def _decoded(folder: Path, name: str) -> NDArray[np.uint8]:
    try:
        data = read_source(folder, name, MAX_BYTES)
    except Rejected as error:
        raise Rejected("background", f"{name}: {error.reason}: {error.detail}") from error
    pixels = _pixels(data)
    if pixels > MAX_PIXELS:
        raise Rejected("background", f"{name} has more than {MAX_PIXELS:,} pixels")
    array = np.frombuffer(data, np.uint8)
    picture = cv2.imdecode(array, cv2.IMREAD_COLOR_RGB) if pixels else None
    if picture is None:
        raise Rejected("background", f"{name} is not a picture")
    if max(picture.shape[:2]) > MAX_ASPECT * min(picture.shape[:2]):
        raise Rejected("background", f"{name} is too long or too wide")  # enlarged, it is huge
    return np.asarray(picture, np.uint8)


def _pixels(data: bytes) -> int:
    """The pixels that the head of a picture states; 0 if it is none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a large picture
            with PIL.Image.open(io.BytesIO(data), formats=FORMATS) as opened:
                return opened.width * opened.height
    except PIL.Image.DecompressionBombError:
        return MAX_PIXELS + 1
    except (OSError, ValueError, SyntaxError):
        return 0


@cache
def pictures(folder: str) -> tuple[str, ...]:
    """The names of the pictures below a folder; links that lead out of it are left out."""
    return tuple(name for name in files_below(Path(folder), SUFFIXES) if _is_inside(folder, name))


def _is_inside(folder: str, name: str) -> bool:
    try:
        source_file(Path(folder), name)
    except Rejected:
        return False
    return True


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
