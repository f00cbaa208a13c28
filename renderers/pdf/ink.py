"""The ink audit: does what the text claims really stand on the picture, and nothing else?

Ink is found by its edges (steps of brightness between neighbouring pixels), which works on
any background. It is looked for under every character, and around all characters for ink
that no text, picture or drawing explains.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pymupdf

from renderers.pdf.characters import Line
from renderers.picture import Box, Pixels

EDGE = 24
"""Least step of brightness (of 255) between neighbouring pixels that counts as ink."""

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Painted:
    """What a page paints, in points and in drawing order.

    `covered` is the share of text operations that a later picture lies over; `image_share`
    the share of the page under pictures.
    """

    texts: tuple[Box, ...]
    images: tuple[Box, ...]
    drawings: tuple[Box, ...]
    covered: float
    image_share: float


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


def read_painted(page: pymupdf.Page) -> Painted:
    """List pictures and drawings of a page by one run of its content."""
    turn = page.rotation_matrix
    whole = page.rect
    area = max(1.0, whole.get_area())
    texts: list[tuple[int, Box]] = []
    images: list[tuple[int, Box]] = []
    drawings: list[Box] = []
    for order, (kind, box) in enumerate(page.get_bboxlog()):
        rect = (pymupdf.Rect(box) * turn) & whole
        if rect.is_empty or rect.is_infinite:
            continue
        bounds = (rect.x0, rect.y0, rect.x1, rect.y1)
        if kind in ("fill-text", "stroke-text"):
            texts.append((order, bounds))
        elif kind == "fill-image":
            images.append((order, bounds))
        elif rect.get_area() < 0.8 * area:
            # A larger one is a background: it has no edges and would explain any ink.
            drawings.append(bounds)
    return Painted(
        texts=tuple(box for _, box in texts),
        images=tuple(box for _, box in images),
        drawings=tuple(drawings),
        covered=_covered(texts, images),
        image_share=_share([box for _, box in images], whole),
    )


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

    def report(self, lines: Sequence[Line], painted: Painted) -> InkReport:
        """Compare all ink of the page with its lines, pictures and drawings."""
        letters = sum(len(line.text) - line.text.count(" ") for line in lines)
        text = np.zeros(self.ink.shape, np.bool_)
        for line in lines:
            air = 0.15 * line.size
            y0, y1 = min(b[1] for b in line.boxes), max(b[3] for b in line.boxes)
            self._fill(text, (line.x0 - air, y0 - air, line.x1 + air, y1 + air))
        # Tall brackets reach beyond their font's boxes; what was painted as text tells them.
        for box in painted.texts:
            self._fill(text, box)
        drawn = np.zeros(self.ink.shape, np.bool_)
        for box in (*painted.images, *painted.drawings):
            self._fill(drawn, (box[0] - 1, box[1] - 1, box[2] + 1, box[3] + 1))
        whole = max(1, int(self.ink.sum()))
        under_text = int((self.ink & text).sum())
        known = int((self.ink & (text | drawn)).sum())
        return InkReport(
            blank_characters=sum(self.blank_characters(lines)) / max(1, letters),
            text_ink=under_text / whole,
            drawn_ink=(known - under_text) / whole,
            stray_ink=1 - known / whole if self.ink.any() else 0.0,
        )

    def _fill(self, mask: Mask, box: Box) -> None:
        scale_x, scale_y = self.scale
        x0, y0 = max(0, int(box[0] * scale_x)), max(0, int(box[1] * scale_y))
        x1, y1 = int(box[2] * scale_x) + 1, int(box[3] * scale_y) + 1
        if x1 > 0 and y1 > 0:
            mask[y0:y1, x0:x1] = True


def find_ink(pixels: Pixels) -> Mask:
    """Edges at half resolution, `[H // 2, W // 2]`."""
    grey = pixels if pixels.ndim == 2 else _brightness(pixels)
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


def _brightness(pixels: Pixels) -> Pixels:
    red, green, blue = (pixels[..., i].astype(np.uint16) for i in range(3))
    return ((red * 77 + green * 150 + blue * 29) >> 8).astype(np.uint8)


def _covered(texts: Sequence[tuple[int, Box]], images: Sequence[tuple[int, Box]]) -> float:
    """Share of text operations with the middle under a picture that is painted later."""
    if not texts or not images:
        return 0.0
    order = np.array([o for o, _ in texts])
    boxes = np.array([b for _, b in texts])
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    hidden = np.zeros(len(texts), np.bool_)
    for painted, (x0, y0, x1, y1) in images:
        hidden |= (order < painted) & (x > x0) & (x < x1) & (y > y0) & (y < y1)
    return float(hidden.mean())


def _share(boxes: Sequence[Box], page: pymupdf.Rect) -> float:
    """Share of the page under any of the boxes, on a grid of 64 by 64."""
    cells = 64
    grid = np.zeros((cells, cells), np.bool_)
    for x0, y0, x1, y1 in boxes:
        left, right = ((x - page.x0) / page.width * cells for x in (x0, x1))
        top, bottom = ((y - page.y0) / page.height * cells for y in (y0, y1))
        grid[int(top) : int(bottom) + 1, int(left) : int(right) + 1] = True
    return float(grid.mean())
