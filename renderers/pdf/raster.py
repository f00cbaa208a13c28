"""Rasterizers: render pages to pixels with MuPDF or with poppler (through pdf2image)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pymupdf

from renderers.picture import Pixels
from renderers.rejected import Rejected

MIN_SIDE = 64
MAX_SIDE = 8192
"""Limits in pixels; pictures outside them are useless for vision encoders."""


@dataclass(frozen=True, slots=True)
class RasterScale:
    """Either the length of the longer side in pixels or dots per inch."""

    long_side: int | None = 1280
    dpi: int | None = None

    def factor(self, width: float, height: float) -> float:
        """Pixels per point for a page of this size in points.

        Raises:
            Rejected: `page-size`, the picture would be too small or too large.
        """
        longer = max(width, height)
        if not (np.isfinite(longer) and min(width, height) >= 1):
            raise Rejected("page-size", f"the page measures {width:g} x {height:g} points")
        factor = self.dpi / 72 if self.dpi else (self.long_side or 1280) / longer
        if longer * factor > MAX_SIDE + 0.5 or min(width, height) * factor < MIN_SIDE:
            size = f"{width * factor:.0f} x {height * factor:.0f}"
            raise Rejected("page-size", f"the picture would measure {size} pixels")
        return factor


@dataclass(frozen=True, slots=True)
class PageSource:
    """One page as input of a rasterizer; `gray` is true if nothing on it has a color."""

    path: Path
    index: int
    is_pdf: bool
    width: float
    height: float
    display_list: pymupdf.DisplayList
    gray: bool = False
    sideways: bool = False
    """Whether `/Rotate` turns the page by 90 or 270 degrees; width and height are the turned
    ones."""


class Rasterizer(Protocol):
    @property
    def name(self) -> str: ...

    def render(self, page: PageSource, factor: float) -> Pixels:
        """Pixels `[H, W, 3]`, or `[H, W]` if the page is gray; no annotations or form fields."""
        ...


@dataclass(frozen=True, slots=True)
class MuPdf:
    """Draws the same display list that the text was read from."""

    name: str = "pymupdf"

    def render(self, page: PageSource, factor: float, *, keep_channels: bool = False) -> Pixels:
        """See `Rasterizer`; with `keep_channels` three equal channels remain three."""
        try:
            pixmap = page.display_list.get_pixmap(
                pymupdf.Matrix(factor, factor),
                colorspace=pymupdf.csGRAY if page.gray else pymupdf.csRGB,
                alpha=0,
            )
        except Exception as error:
            raise Rejected("damaged", f"cannot be drawn: {error}"[:200]) from error
        pixels = np.asarray(_Samples(pixmap))
        if page.gray:
            return pixels[..., 0]
        return pixels if keep_channels else drop_equal_channels(pixels)


class _Samples:
    """The bytes of a pixmap; an array over them keeps the pixmap alive."""

    def __init__(self, pixmap: pymupdf.Pixmap) -> None:
        self.pixmap = pixmap

    @property
    def __array_interface__(self) -> dict[str, Any]:
        pixmap = self.pixmap
        return {
            "version": 3,
            "typestr": "|u1",
            "shape": (pixmap.height, pixmap.width, pixmap.n),
            "strides": (pixmap.stride, pixmap.n, 1),
            "data": (pixmap.samples_ptr, False),
        }


@dataclass(frozen=True, slots=True)
class Poppler:
    """Runs `pdftoppm` once per page; MuPDF draws e-books, which poppler cannot open."""

    name: str = "pdf2image"
    timeout: int = 60

    def render(self, page: PageSource, factor: float) -> Pixels:
        if not page.is_pdf:
            return MuPdf().render(page, factor)
        from pdf2image import convert_from_path
        from pdf2image.exceptions import PDFInfoNotInstalledError

        # Rounds like MuPDF, so that both rasterizers give the same size.
        size = tuple(math.ceil(side * factor - 0.001) for side in (page.width, page.height))
        if page.sideways:  # pdftoppm turns the page after it has scaled it
            size = size[::-1]
        try:
            images = convert_from_path(
                page.path,
                first_page=page.index + 1,
                last_page=page.index + 1,
                size=size,
                use_cropbox=True,
                hide_annotations=True,
                timeout=self.timeout,
            )
        except PDFInfoNotInstalledError:
            raise
        except Exception as error:
            raise Rejected("damaged", f"poppler cannot draw it: {error}"[:200]) from error
        if not images:
            raise Rejected("damaged", "poppler drew nothing")
        return drop_equal_channels(np.asarray(images[0].convert("RGB")))


RASTERIZERS: dict[str, Rasterizer] = {"pymupdf": MuPdf(), "pdf2image": Poppler()}


def drop_equal_channels(pixels: Pixels) -> Pixels:
    """`[H, W, 3]` -> `[H, W]` if the three channels are equal, else unchanged."""
    red, green, blue = pixels[..., 0], pixels[..., 1], pixels[..., 2]
    # A sample of the rows detects most colored pages without reading every pixel.
    sampled = pixels[::16]
    if (sampled[..., 0] != sampled[..., 1]).any() or (sampled[..., 1] != sampled[..., 2]).any():
        return pixels
    if (red == green).all() and (green == blue).all():
        return np.ascontiguousarray(red)
    return pixels
