"""The ink audit: does what the text claims really stand on the picture, and nothing else?

Ink is found by its edges (steps of brightness between neighbouring pixels), which works on
any background. It is looked for under every character, and around all characters for ink
that no text, picture or drawing explains.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pymupdf
from PIL import Image

from renderers.pdf.characters import Line
from renderers.picture import Box, Pixels

EDGE = 24
"""Least step of brightness (of 255) between neighbouring pixels that counts as ink."""

_DRAWINGS = ("fill-path", "stroke-path", "fill-shade", "fill-imgmask")

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Painted:
    """What a page paints, in points and in drawing order.

    `covered` is the share of the area of text that a later picture lies over; `image_share`
    the share of the page under pictures.
    """

    texts: tuple[Box, ...]
    images: tuple[Box, ...]
    drawings: tuple[Box, ...]
    covered: float
    image_share: float


@dataclass(frozen=True, slots=True)
class _Target:
    """What `DisplayList.run` takes: something with a device."""

    device: Any


@dataclass(frozen=True, slots=True)
class InkReport:
    """Shares, 0 to 1.

    `blank_characters`: characters without ink under them, of all. `text_ink`, `drawn_ink` and
    `stray_ink`: ink under text, under pictures and drawings alone, and under nothing known.
    """

    blank_characters: float
    text_ink: float
    drawn_ink: float
    stray_ink: float


def read_painted(display_list: pymupdf.DisplayList) -> Painted:
    """List what a page paints by playing its display list."""
    log: list[tuple[str, Box]] = []
    device = pymupdf.JM_new_bbox_device(log, False)
    display_list.run(_Target(device), pymupdf.Identity, pymupdf.INFINITE_RECT())
    whole = display_list.rect
    limits = (whole.x0, whole.y0, whole.x1, whole.y1)
    background = 0.8 * whole.width * whole.height
    texts: list[tuple[int, Box]] = []
    images: list[tuple[int, Box]] = []
    drawings: list[Box] = []
    for order, (kind, box) in enumerate(log):
        bounds = _clip(box, limits)
        if bounds is None:
            continue
        if kind in ("fill-text", "stroke-text"):
            texts.append((order, bounds))
        elif kind == "fill-image":
            images.append((order, bounds))
        elif kind in _DRAWINGS and (bounds[2] - bounds[0]) * (bounds[3] - bounds[1]) < background:
            # A larger one is a background: it has no edges and would explain any ink.
            drawings.append(bounds)
    return Painted(
        texts=tuple(box for _, box in texts),
        images=tuple(box for _, box in images),
        drawings=tuple(drawings),
        covered=_covered(texts, images),
        image_share=_share([box for _, box in images], whole),
    )


def _clip(box: Box, limits: Box) -> Box | None:
    x0, y0 = max(box[0], limits[0]), max(box[1], limits[1])
    x1, y1 = min(box[2], limits[2]), min(box[3], limits[3])
    return (x0, y0, x1, y1) if x0 < x1 and y0 < y1 else None


class InkMap:
    """Where ink is on rendered pixels `[H, W(, 3)]`; scales are pixels per point."""

    def __init__(self, pixels: Pixels, scale_x: float, scale_y: float) -> None:
        self.ink = find_ink(pixels)
        self.scale = (scale_x / 2, scale_y / 2)
        """Cells of the map per point."""
        height, width = self.ink.shape
        self.sums = np.zeros((height + 1, width + 1), np.int32)
        np.cumsum(self.ink, axis=0, dtype=np.int32, out=self.sums[1:, 1:])
        np.cumsum(self.sums[1:, 1:], axis=1, out=self.sums[1:, 1:])

    def blank_characters(self, lines: Sequence[Line]) -> list[int]:
        """For each line the number of characters (not spaces) with no ink in their boxes."""
        owners, boxes = [], []
        for owner, line in enumerate(lines):
            inked = [b for c, b in zip(line.text, line.boxes, strict=True) if c != " "]
            boxes += inked
            owners += [owner] * len(inked)
        if not boxes:
            return [0] * len(lines)
        edges = np.array(boxes) * (self.scale * 2)
        height, width = self.ink.shape
        low = np.floor(edges[:, :2] - 0.5).astype(int)
        high = np.ceil(edges[:, 2:] + 0.5).astype(int)
        x0, y0 = np.clip(low[:, 0], 0, width), np.clip(low[:, 1], 0, height)
        x1, y1 = np.clip(high[:, 0], 0, width), np.clip(high[:, 1], 0, height)
        under = self.sums[y1, x1] - self.sums[y0, x1] - self.sums[y1, x0] + self.sums[y0, x0]
        counts = np.bincount(np.array(owners)[under == 0], minlength=len(lines))
        return [int(n) for n in counts]

    def report(self, lines: Sequence[Line], blank: int, painted: Painted) -> InkReport:
        """Compare all ink of the page with its lines, pictures and drawings.

        `blank` counts the characters of the lines that have no ink.
        """
        letters = sum(len(line.text) - line.text.count(" ") for line in lines)
        text = np.zeros(self.ink.shape, np.bool_)
        for line in lines:
            air = 0.15 * line.size
            x0, y0, x1, y1 = line.box
            self._fill(text, (x0 - air, y0 - air, x1 + air, y1 + air))
        total = int(np.count_nonzero(self.ink))
        other = self.ink & ~text
        rest = int(np.count_nonzero(other))
        if rest:
            # Tall brackets reach beyond their font's boxes; the painted boxes hold them.
            for box in painted.texts:
                self._fill(other, box, value=False)
            rest = int(np.count_nonzero(other))
        stray = rest
        if rest:
            for x0, y0, x1, y1 in (*painted.images, *painted.drawings):
                self._fill(other, (x0 - 1, y0 - 1, x1 + 1, y1 + 1), value=False)
            stray = int(np.count_nonzero(other))
        return InkReport(
            blank_characters=blank / max(1, letters),
            text_ink=(total - rest) / max(1, total),
            drawn_ink=(rest - stray) / max(1, total),
            stray_ink=stray / max(1, total),
        )

    def _fill(self, mask: Mask, box: Box, *, value: bool = True) -> None:
        scale_x, scale_y = self.scale
        x0, y0 = max(0, int(box[0] * scale_x)), max(0, int(box[1] * scale_y))
        x1, y1 = int(box[2] * scale_x) + 1, int(box[3] * scale_y) + 1
        if x1 > 0 and y1 > 0:
            mask[y0:y1, x0:x1] = value


def find_ink(pixels: Pixels) -> Mask:
    """Edges at half resolution, `[H // 2, W // 2]`."""
    grey = pixels if pixels.ndim == 2 else np.asarray(Image.fromarray(pixels).convert("L"))
    rows, columns = grey.shape[0] // 2 * 2, grey.shape[1] // 2 * 2
    grey = grey[:rows, :columns]
    high = np.maximum(grey[0::2], grey[1::2])
    low = np.minimum(grey[0::2], grey[1::2])
    # The next pixel to the right and below belongs to the neighbourhood, so that an edge
    # between two cells is seen from one of them.
    high[:-1] = np.maximum(high[:-1], grey[2::2])
    low[:-1] = np.minimum(low[:-1], grey[2::2])
    wide_high = np.maximum(high[:, 0::2], high[:, 1::2])
    wide_low = np.minimum(low[:, 0::2], low[:, 1::2])
    wide_high[:, :-1] = np.maximum(wide_high[:, :-1], high[:, 2::2])
    wide_low[:, :-1] = np.minimum(wide_low[:, :-1], low[:, 2::2])
    found: Mask = (wide_high - wide_low) > EDGE
    return found


def _covered(texts: Sequence[tuple[int, Box]], images: Sequence[tuple[int, Box]]) -> float:
    """Share of the area of text operations under pictures that are painted later."""
    if not texts or not images:
        return 0.0
    order = np.array([o for o, _ in texts])
    x0, y0, x1, y1 = np.array([b for _, b in texts]).T
    area = (x1 - x0) * (y1 - y0)
    hidden = np.zeros(len(texts))
    for painted, box in images:
        width = np.minimum(x1, box[2]) - np.maximum(x0, box[0])
        height = np.minimum(y1, box[3]) - np.maximum(y0, box[1])
        shared = np.maximum(width, 0) * np.maximum(height, 0)
        hidden = np.maximum(hidden, np.where(order < painted, shared, 0))
    return float(hidden.sum() / max(1e-9, area.sum()))


def _share(boxes: Sequence[Box], page: pymupdf.Rect) -> float:
    """Share of the page under any of the boxes, on a grid of 64 by 64."""
    cells = 64
    grid = np.zeros((cells, cells), np.bool_)
    for x0, y0, x1, y1 in boxes:
        left, right = ((x - page.x0) / page.width * cells for x in (x0, x1))
        top, bottom = ((y - page.y0) / page.height * cells for y in (y0, y1))
        grid[int(top) : int(bottom) + 1, int(left) : int(right) + 1] = True
    return float(grid.mean())
