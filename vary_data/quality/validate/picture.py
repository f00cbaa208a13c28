"""Checks of a row's picture: it decodes, matches the row's columns, and is not blank."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from renderers.picture import Pixels

FORMATS = {"PNG": (".png",), "JPEG": (".jpeg", ".jpg"), "WEBP": (".webp",)}
MAX_PIXELS = 128_000_000
BLANK_RANGE = 16
"""A picture is blank if the range of every channel is below this."""
INK_RANGE = 12
"""The same for the box of a text; lower because of pale text on a pale background."""
SOLID = frozenset("■▪█▮") | {r"\(\blacksquare\)", r"$\blacksquare$"}
"""Texts that are one filled rectangle: their box has one color, which that around it has not."""
EDGE_RANGE = 48
"""Smallest range along the picture's edge that shows strokes cut by the edge."""

Color = npt.NDArray[np.float64]
"""`[3]`: red, green, blue."""
RowProblem = tuple[str, str]
"""The name of a check, and a message about what is wrong."""


def decode(row: dict[str, Any]) -> tuple[Pixels | None, list[RowProblem]]:
    """The pixels `[height, width, 3]` of a row's image (None if damaged), and its problems."""
    image = row["image"] or {}
    data, path = image.get("bytes"), image.get("path") or ""
    if not data:
        return None, [("image", "there are no image bytes")]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(data), formats=tuple(FORMATS)) as picture:
                encoding, size = picture.format or "", picture.size
                if size[0] * size[1] > MAX_PIXELS:
                    return None, [("image", f"{size[0]}x{size[1]} is more than 128 megapixels")]
                picture.verify()
            with Image.open(io.BytesIO(data), formats=tuple(FORMATS)) as picture:
                pixels = np.asarray(picture.convert("RGB"))
    except Exception as error:  # decoders raise many types for invalid bytes
        return None, [("image", f"does not decode: {_short(error)}")]
    return pixels, list(_declared(row, path, encoding, size, data))


def blank(pixels: Pixels) -> bool:
    """Whether nothing is visible on the picture."""
    return _range(pixels[::8, ::8]) < BLANK_RANGE and _range(pixels) < BLANK_RANGE


def cut_texts(
    pixels: Pixels, regions: Sequence[Mapping[str, Any]], tight: bool
) -> Iterator[RowProblem]:
    """Texts whose box has no ink, is partly empty, or is cut by the picture's edge.

    `tight` is true if boxes bound the ink and the picture contains all of it (charts); a page of
    a book may be cropped closely.
    """
    for region in regions:
        text = region["text"].strip()
        x0, y0, x1, y1 = _pixel_box(region["bbox"], pixels)
        box = pixels[y0:y1, x0:x1]
        if _range(box) < INK_RANGE and not (
            text in SOLID and _differs_around(pixels, x0, y0, x1, y1)
        ):
            yield "no-ink", f"nothing is drawn where {_quote(text)} should be"
        elif tight and _touches_edge(pixels, (x0, y0, x1, y1)):
            yield "cut", f"{_quote(text)} is cut by the edge of the picture"
        elif tight and _ends_empty(box, _color_around(pixels, x0, y0, x1, y1)):
            yield "cut", f"a part of {_quote(text)} is not drawn"


def _declared(
    row: dict[str, Any], path: str, encoding: str, size: tuple[int, int], data: bytes
) -> Iterator[RowProblem]:
    if size != (row["width"], row["height"]):
        what = f"is {size[0]}x{size[1]}, but {row['width']}x{row['height']} in the row"
        yield "image-size", what
    if encoding == "JPEG" and not data.rstrip(b"\0").endswith(b"\xff\xd9"):
        yield "image", "does not decode: the JPEG has no end"
    if PurePosixPath(path).suffix.lower() not in FORMATS.get(encoding, ()):
        yield "image-path", f"path {path!r} is not that of a {encoding} file"
    elif path.rpartition(".")[0] != row["id"]:
        yield "image-path", f"path {path!r} is not named after the id"


def _pixel_box(bbox: list[float], pixels: Pixels) -> tuple[int, int, int, int]:
    """The pixels under a box, at least one."""
    height, width = pixels.shape[:2]
    x0, y0 = min(max(int(bbox[0]), 0), width - 1), min(max(int(bbox[1]), 0), height - 1)
    x1, y1 = min(int(np.ceil(bbox[2])), width), min(int(np.ceil(bbox[3])), height)
    return x0, y0, max(x1, x0 + 1), max(y1, y0 + 1)


def _differs_around(pixels: Pixels, x0: int, y0: int, x1: int, y1: int) -> bool:
    """Whether there is another color within two pixels around a box."""
    return _range(pixels[max(0, y0 - 2) : y1 + 2, max(0, x0 - 2) : x1 + 2]) >= EDGE_RANGE


def _touches_edge(pixels: Pixels, box: tuple[int, int, int, int]) -> bool:
    height, width = pixels.shape[:2]
    x0, y0, x1, y1 = box
    strips = (
        (x0 == 0, pixels[y0:y1, 0]),
        (x1 == width, pixels[y0:y1, width - 1]),
        (y0 == 0, pixels[0, x0:x1]),
        (y1 == height, pixels[height - 1, x0:x1]),
    )
    return any(touches and _range(strip) >= EDGE_RANGE for touches, strip in strips)


def _color_around(pixels: Pixels, x0: int, y0: int, x1: int, y1: int) -> Color:
    """The median color of the pixels that adjoin a box; they may lie outside of the picture."""
    outer = pixels[max(0, y0 - 1) : y1 + 1, max(0, x0 - 1) : x1 + 1]
    edges = (outer[0], outer[-1], outer[:, 0], outer[:, -1])
    return np.asarray(np.median(np.concatenate(edges), axis=0))


def _ends_empty(box: Pixels, around: Color) -> bool:
    """Whether the ink of a text ends clearly before one end of its box.

    For an almost square box the direction is unknown and its letters may be low or narrow, so
    only an empty half counts.
    """
    height, width = box.shape[:2]
    if max(height, width) < 1.5 * min(height, width):
        return bool(_gap(box, around) > max(0.45 * width, 3))
    horizontal = box if width > height else box.transpose(1, 0, 2)
    thickness, length = horizontal.shape[:2]
    return bool(_gap(horizontal, around) > max(0.1 * length, 0.8 * thickness, 3))


def _gap(box: Pixels, around: Color) -> int:
    """The number of empty columns at the emptier end of a box with ink. A column of one color has
    ink if it differs from what is around the box: the stroke of an `I` fills it from end to end."""
    varied = (box.max(0).astype(int) - box.min(0)).max(-1) >= INK_RANGE
    solid = np.abs(box.mean(0) - around).max(-1) >= INK_RANGE
    inked = np.flatnonzero(varied | solid)
    return max(int(inked[0]), box.shape[1] - 1 - int(inked[-1])) if len(inked) else 0


def _range(pixels: Pixels) -> int:
    """The largest range of any channel."""
    channels = [pixels[..., i] for i in range(pixels.shape[-1])]
    return max(int(channel.max()) - int(channel.min()) for channel in channels)


def _quote(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:59] + "…")


def _short(error: BaseException) -> str:
    return (str(error).splitlines() or [""])[0][:120] or type(error).__name__
