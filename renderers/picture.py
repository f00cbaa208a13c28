"""A drawn picture and the things on it."""

from __future__ import annotations

import gc
import hashlib
import io
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from isal import isal_zlib
from PIL import Image

Pixels = npt.NDArray[np.uint8]
"""`[height, width, 3]` RGB or `[height, width]` gray."""

Box = tuple[float, float, float, float]
"""`(x0, y0, x1, y1)` in pixels of the picture, origin at the top left."""

Quad = tuple[float, float, float, float, float, float, float, float]
"""`x, y` of four corners in pixels, clockwise from the top left corner of the text itself."""

ImageFormat = Literal["png", "jpeg", "webp"]


@dataclass(frozen=True, slots=True)
class Cell:
    """The place of a table's cell in its grid; rows and columns count from 0."""

    row: int
    column: int
    rowspan: int = 1
    colspan: int = 1
    header: bool = False


@dataclass(frozen=True, slots=True)
class Region:
    """Something drawn: where it is, the text on it (empty for a mark), and what it is.

    `parent` is the index of the region that it belongs to in the regions of its picture, `order`
    its place in reading order. `level` is that of a section header or the nesting of a list item,
    from 1. `continues` is the index of the region of the same role whose text goes on here, in
    another column. `quad` is given where the text is not upright.
    """

    bbox: Box
    text: str
    role: str
    parent: int | None = None
    cell: Cell | None = None
    level: int | None = None
    quad: Quad | None = None
    order: int | None = None
    continues: int | None = None

    @property
    def corners(self) -> Quad:
        """The corners of upright text are those of its box."""
        x0, y0, x1, y1 = self.bbox
        return self.quad or (x0, y0, x1, y0, x1, y1, x0, y1)


@dataclass(frozen=True, slots=True)
class Picture:
    """Pixels and everything that was drawn on them: a tree of regions (docs/dataset.md).

    The regions are listed in reading order, unless all of them have an `order`.
    """

    pixels: Pixels
    regions: tuple[Region, ...] = ()

    @property
    def width(self) -> int:
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        return int(self.pixels.shape[0])


def encode(pixels: Pixels, image_format: ImageFormat = "png", quality: int = 90) -> bytes:
    """Encode pixels without any metadata. Equal pixels nearly always give equal bytes (Intel's
    deflate now and then differs by one), so pictures are compared by `pixel_hash`.

    PNG is written here rather than by Pillow: without row filters, which drawn pictures do
    not profit from, and with Intel's deflate it takes a seventh of Pillow's time at level 1,
    for files of about the same size.
    """
    if image_format == "png":
        return _png(pixels)
    out = io.BytesIO()
    image = Image.fromarray(np.ascontiguousarray(pixels))
    if image_format == "jpeg":
        image.save(out, "JPEG", quality=quality)
    else:
        image.save(out, "WEBP", quality=quality, method=2)
    return out.getvalue()


def _png(pixels: Pixels) -> bytes:
    """PNG (ISO 15948) of 8-bit gray or RGB, every row with filter type 0."""
    height, width = pixels.shape[:2]
    rows = np.empty((height, 1 + pixels[0].size), np.uint8)
    rows[:, 0] = 0
    rows[:, 1:] = pixels.reshape(height, -1)
    color_type = 0 if pixels.ndim == 2 else 2
    # Level 3 has other bytes on processors without AVX-512, and is slower for larger files.
    # Bits per sample, color type; the only methods of compression, filtering; not interlaced.
    header = struct.pack(">IIBBBBB", width, height, 8, color_type, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", isal_zlib.compress(rows.data, 2)), (b"IEND", b""))
    out = [b"\x89PNG\r\n\x1a\n"]
    for name, data in chunks:
        checksum = isal_zlib.crc32(data, isal_zlib.crc32(name))
        out += [struct.pack(">I", len(data)), name, data, struct.pack(">I", checksum)]
    return b"".join(out)


def pixel_hash(data: bytes) -> str:
    """SHA-256 over mode, size and decoded pixels: the same for equal pictures in any encoding."""
    with Image.open(io.BytesIO(data)) as image:
        head = f"{image.mode} {image.width}x{image.height}\n".encode()
        return hashlib.sha256(head + image.tobytes()).hexdigest()


@contextmanager
def garbage_collection_paused() -> Iterator[None]:
    """Pause Python's cycle collector while a page's regions are built.

    A page is thousands of small objects without reference cycles; searching them for cycles
    doubles the time.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
