"""Decode a figure of any supported format, and encode its pixels again.

Nothing of the file but pixels remains: no fonts, scripts, links, profiles or metadata. PDF and
EPS are drawn, not included, so that no glyph of a figure can be taken for one of the page.
"""

from __future__ import annotations

import io
import math
from typing import Any, Literal

import numpy as np
import pymupdf
from PIL import Image, UnidentifiedImageError

from renderers.figures.image import FigureImage
from renderers.picture import Pixels, encode
from renderers.rejected import Rejected

Format = Literal["png", "jpeg", "pdf", "eps"]

MAX_SOURCE_PIXELS = 60_000_000
"""Of a PNG or JPEG file: more than a scan of A4 at 600 dpi."""
_MAX_ASPECT = 15.0
"""A longer or taller picture is a rule or an ornament."""
_MIN_SIDE = 16
"""Pixels, and points of a PDF page, below which nothing can be recognized."""
_MAX_SCALE = 10.0
"""Of a PDF page, in pixels per point."""
_COLORFUL = 12
"""Difference between channels from which on a pixel has a color."""
_BLANK = 6
"""Range of gray levels below which a picture is empty."""

reader: Any = pymupdf
"""PyMuPDF has no type information."""


def format_of(data: bytes) -> Format:
    """The format by content; the name of the file is not trusted.

    Raises:
        Rejected: `figure-format`, none of the supported ones.
    """
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith((b"%!PS", b"\xc5\xd0\xd3\xc6")):
        return "eps"
    raise Rejected("figure-format", f"begins with {data[:8]!r}")


def decode(data: bytes, long_side: int) -> FigureImage:
    """A PNG, JPEG or PDF file (its first page) with at most `long_side` pixels on its long side.

    Raises:
        Rejected: `figure-format`, `figure-too-large`, `figure-shape`, `figure-broken` or
            `figure-blank`.
    """
    kind = format_of(data)
    if kind == "eps":
        raise Rejected("figure-format", "EPS must be converted to PDF first")
    pixels = _page(data, long_side) if kind == "pdf" else _bitmap(data, kind, long_side)
    red, green, blue = (pixels[:, :, channel] for channel in range(3))
    low = np.minimum(np.minimum(red, green), blue)
    high = np.maximum(np.maximum(red, green), blue)
    if int(high.max()) - int(low.min()) < _BLANK:
        raise Rejected("figure-blank", "one color everywhere")
    colored = bool((high - low >= _COLORFUL).any())
    if not colored:
        pixels = green
    target: Literal["png", "jpeg"] = "jpeg" if kind == "jpeg" else "png"
    height, width = pixels.shape[:2]
    return FigureImage(encode(pixels, target), target, width, height, colored)


def _bitmap(data: bytes, kind: Literal["png", "jpeg"], long_side: int) -> Pixels:
    try:
        with Image.open(io.BytesIO(data), formats=[kind.upper()]) as image:
            _check_shape(image.width, image.height)
            if image.width * image.height > MAX_SOURCE_PIXELS:
                raise Rejected("figure-too-large", f"{image.width} by {image.height} pixels")
            image.draft("RGB", (long_side, long_side))  # JPEG only: decodes at a lower resolution
            flat = _on_white(image)
            flat.thumbnail((long_side, long_side), Image.Resampling.LANCZOS)
            return np.asarray(flat)
    except Image.DecompressionBombError as error:  # its own limit, above ours
        raise Rejected("figure-too-large", str(error)) from error
    except (OSError, SyntaxError, ValueError, MemoryError, UnidentifiedImageError) as error:
        raise Rejected("figure-broken", f"{kind}: {error}") from error


def _on_white(image: Image.Image) -> Image.Image:
    """RGB without transparency; 16-bit gray is scaled to 8 bits."""
    if image.mode.startswith("I"):
        return Image.fromarray((np.asarray(image) / 257).clip(0, 255).astype(np.uint8)).convert(
            "RGB"
        )
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layer = image.convert("RGBA")
        flat = Image.new("RGBA", layer.size, "white")
        flat.alpha_composite(layer)
        return flat.convert("RGB")
    return image.convert("RGB")


def _page(data: bytes, long_side: int) -> Pixels:
    try:
        with reader.open(stream=data, filetype="pdf") as document:
            if document.needs_pass or document.page_count < 1:
                raise Rejected("figure-broken", "an encrypted PDF, or one without pages")
            page = document[0]
            width, height = float(page.rect.width), float(page.rect.height)
            _check_shape(width, height)
            scale = min(long_side / max(width, height), _MAX_SCALE)
            pixmap = page.get_pixmap(
                matrix=reader.Matrix(scale, scale),
                colorspace=pymupdf.csRGB,
                alpha=False,
                annots=False,
            )
            pixels = np.frombuffer(pixmap.samples_mv, np.uint8)
            return pixels.reshape(pixmap.height, pixmap.width, 3).copy()
    except Rejected:
        raise
    except Exception as error:  # MuPDF's own errors have no other base
        raise Rejected("figure-broken", f"PDF: {error}") from error


def _check_shape(width: float, height: float) -> None:
    small, large = sorted((width, height))
    if not math.isfinite(large) or small < _MIN_SIDE or large > _MAX_ASPECT * small:
        raise Rejected("figure-shape", f"{width:.0f} by {height:.0f}")
