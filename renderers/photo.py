"""Normalizes pictures from outside: upright orientation, one or three channels, bounded size."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageOps

from renderers.jpeg_metadata import without_metadata
from renderers.picture import ImageFormat, encode
from renderers.rejected import Rejected

MAX_PIXELS = 50_000_000
"""Limit before downscaling; a larger picture is a decompression bomb or a scan."""
MIN_SIDE = 16
FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "GIF", "TIFF")
_SUFFIXES = {
    "jpg": "JPEG",
    "jpeg": "JPEG",
    "png": "PNG",
    "webp": "WEBP",
    "bmp": "BMP",
    "gif": "GIF",
    "tif": "TIFF",
    "tiff": "TIFF",
}
_ORIENTATION = 0x0112
JPEG_QUALITY = 95


@dataclass(frozen=True, slots=True)
class Photo:
    """An encoded picture of bounded size; `untouched` is true if it has the original pixels."""

    data: bytes
    image_format: ImageFormat
    width: int
    height: int
    untouched: bool


def prepare(
    data: bytes,
    name: str,
    long_side: int,
    image_format: ImageFormat = "png",
    expected: tuple[int, int] | None = None,
) -> Photo:
    """Decode, rotate upright, convert to 8-bit gray or RGB and limit the longer side.

    A JPEG that needs none of this keeps its bytes, without metadata such as place and camera.
    Otherwise a JPEG is encoded as JPEG, other
    formats as `image_format`. Transparent pictures get a white background. `expected` is the
    width and height that an annotation states for the stored picture.

    Raises:
        Rejected: `empty-file`, `not-an-image`, `wrong-format` (other than the file name's),
            `wrong-size`, `too-large`, `too-small` or `damaged`.
    """
    if not data:
        raise Rejected("empty-file", "no bytes")
    image = _open(data)
    claimed = _SUFFIXES.get(name.rpartition(".")[2].lower())
    if claimed and claimed != image.format:
        raise Rejected("wrong-format", f"named {claimed}, but is {image.format}")
    if expected and expected != image.size:
        stated = "{} x {}".format(*expected)
        raise Rejected("wrong-size", f"{image.width} x {image.height}, stated as {stated}")
    if image.width * image.height > MAX_PIXELS:
        raise Rejected("too-large", f"{image.width} x {image.height} pixels")
    if min(image.size) < MIN_SIDE:
        raise Rejected("too-small", f"{image.width} x {image.height} pixels")
    source_format = image.format
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about unusual metadata; only the pixels matter
            turned = image.getexif().get(_ORIENTATION, 1) not in (0, 1)
            image.load()
            plain = source_format == "JPEG" and image.mode in ("L", "RGB")
            if plain and not turned and max(image.size) <= long_side:
                bare = without_metadata(data)
                if bare is not None:
                    return Photo(bare, "jpeg", image.width, image.height, True)
            image = _eight_bit(ImageOps.exif_transpose(image))
    except Exception as error:  # Pillow's decoders raise many types on broken data
        raise Rejected("damaged", f"{type(error).__name__}: {error}"[:200]) from error
    if max(image.size) > long_side:
        factor = long_side / max(image.size)
        size = tuple(max(1, round(side * factor)) for side in image.size)
        if min(size) < MIN_SIDE:
            raise Rejected("too-small", f"{size[0]} x {size[1]} pixels at this size")
        image = image.resize((size[0], size[1]), Image.Resampling.LANCZOS, reducing_gap=3.0)
    target: ImageFormat = "jpeg" if source_format == "JPEG" else image_format
    out = encode(np.asarray(image), target, JPEG_QUALITY)
    return Photo(out, target, image.width, image.height, False)


def _open(data: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            # `prepare` has a fixed limit on pixels; Pillow's depends on process settings.
            warnings.simplefilter("ignore")
            return Image.open(io.BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise Rejected("too-large", str(error)) from error
    except Exception as error:
        raise Rejected("not-an-image", "the bytes have no known image format") from error


def _eight_bit(image: Image.Image) -> Image.Image:
    """Gray or RGB, 8 bits per channel."""
    if image.mode in ("L", "RGB"):
        return image
    if image.mode.startswith(("I", "F")):
        return _scaled(image)
    if image.mode == "1":
        return image.convert("L")
    if image.mode in ("LA", "PA", "RGBA", "RGBa", "La") or "transparency" in image.info:
        rgba = image.convert("RGBA")
        white = Image.new("RGBA", rgba.size, "white")
        return Image.alpha_composite(white, rgba).convert("RGB")
    return image.convert("RGB")


def _scaled(image: Image.Image) -> Image.Image:
    """Scale a 16-bit or float picture by the range of its values; the format does not state it."""
    values = np.asarray(image, np.float64)
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    if image.mode.startswith("I;16") and low >= 0:
        low, high = 0.0, 65535.0 if high > 4095 else max(high, 1.0)
    span = max(high - low, 1e-9)
    shares = np.clip((np.nan_to_num(values, nan=low) - low) / span, 0, 1)
    return Image.fromarray((shares * 255 + 0.5).astype(np.uint8))
