"""Pictures from outside, made safe and plain: one orientation, one or three channels."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageOps

from renderers.picture import ImageFormat, encode

MAX_PIXELS = 50_000_000
"""Of a picture before it is made smaller; more is a decompression bomb or a scan."""
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


class UnusablePhoto(Exception):
    """A picture that cannot be used: a fixed `reason` and a `detail`."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Photo:
    """An encoded picture of bounded size; `untouched` when the bytes are the original ones."""

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
    """Decode, turn upright, reduce to 8-bit grey or RGB and bound the longer side.

    A JPEG that needs none of this keeps its bytes; one that does becomes a JPEG again, all
    others `image_format`. Transparent pictures are laid on white. `expected` is the width and
    height that others state for the stored picture.

    Raises:
        UnusablePhoto: `empty-file`, `not-an-image`, `wrong-format` (the name claims another),
            `wrong-size`, `too-large`, `too-small` or `damaged`.
    """
    if not data:
        raise UnusablePhoto("empty-file", "no bytes")
    image = _open(data)
    claimed = _SUFFIXES.get(name.rpartition(".")[2].lower())
    if claimed and claimed != image.format:
        raise UnusablePhoto("wrong-format", f"named {claimed}, but is {image.format}")
    if expected and expected != image.size:
        stated = "{} x {}".format(*expected)
        raise UnusablePhoto("wrong-size", f"{image.width} x {image.height}, stated as {stated}")
    if image.width * image.height > MAX_PIXELS:
        raise UnusablePhoto("too-large", f"{image.width} x {image.height} pixels")
    if min(image.size) < MIN_SIDE:
        raise UnusablePhoto("too-small", f"{image.width} x {image.height} pixels")
    source_format = image.format
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # remarks on odd metadata; the pixels count
            turned = image.getexif().get(_ORIENTATION, 1) not in (0, 1)
            image.load()
            plain = source_format == "JPEG" and image.mode in ("L", "RGB")
            if plain and not turned and max(image.size) <= long_side:
                return Photo(data, "jpeg", image.width, image.height, True)
            image = _eight_bit(ImageOps.exif_transpose(image))
    except Exception as error:  # Pillow's decoders raise many types on broken data
        raise UnusablePhoto("damaged", f"{type(error).__name__}: {error}"[:200]) from error
    if max(image.size) > long_side:
        factor = long_side / max(image.size)
        size = tuple(max(1, round(side * factor)) for side in image.size)
        image = image.resize((size[0], size[1]), Image.Resampling.LANCZOS, reducing_gap=3.0)
    target: ImageFormat = "jpeg" if source_format == "JPEG" else image_format
    out = encode(np.asarray(image), target, JPEG_QUALITY)
    return Photo(out, target, image.width, image.height, False)


def _open(data: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            # Our own bound on pixels follows; Pillow's would differ by process settings.
            warnings.simplefilter("ignore")
            return Image.open(io.BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise UnusablePhoto("too-large", str(error)) from error
    except Exception as error:
        raise UnusablePhoto("not-an-image", "the bytes are no known image format") from error


def _eight_bit(image: Image.Image) -> Image.Image:
    """Grey or RGB, 8 bits per channel."""
    if image.mode in ("L", "RGB"):
        return image
    if image.mode.startswith(("I", "F")):
        return _scaled(image)
    if image.mode == "1":
        return image.convert("L")
    if image.mode in ("LA", "PA", "RGBA", "RGBa", "La") or "transparency" in image.info:
        colours = image.convert("RGBA")
        white = Image.new("RGBA", colours.size, "white")
        return Image.alpha_composite(white, colours).convert("RGB")
    return image.convert("RGB")


def _scaled(image: Image.Image) -> Image.Image:
    """16-bit and float pictures by their own range, since none states which part is used."""
    values = np.asarray(image, np.float64)
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    if image.mode.startswith("I;16") and low >= 0:
        low, high = 0.0, 65535.0 if high > 4095 else max(high, 1.0)
    span = max(high - low, 1e-9)
    shares = np.clip((np.nan_to_num(values, nan=low) - low) / span, 0, 1)
    return Image.fromarray((shares * 255 + 0.5).astype(np.uint8))
