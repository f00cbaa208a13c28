"""Rasterizers: render pages to pixels with MuPDF or with poppler (through pdf2image)."""

from __future__ import annotations

import contextlib
import math
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pymupdf
from PIL import Image

from renderers.environment import MORE_VARIABLE, clean_environment
from renderers.picture import Pixels
from renderers.program import WAITING, Wrapper
from renderers.rejected import Rejected

MIN_SIDE = 64
MAX_SIDE = 8192
"""Limits in pixels; pictures outside them are useless for vision encoders."""
POPPLER = ("pdfinfo", "pdftoppm")
"""The programs that pdf2image starts for a page."""


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
    """Draws pages; both rasterizers give pictures of the same size."""

    @property
    def name(self) -> str:
        """The name in the column `renderer`."""
        ...

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
    """Calls `pdf2image` once per page, which starts poppler's programs with the limits of `wrap`;
    MuPDF draws e-books, which poppler cannot open."""

    wrap: Wrapper
    seconds: float = 60.0
    """Limit on processor time of each program of a page."""
    name: str = "pdf2image"

    def render(self, page: PageSource, factor: float) -> Pixels:
        """Draw a page; `factor` is in pixels per point.

        Raises:
            Rejected: `page-timeout`, or `damaged` if poppler draws nothing or another size.
        """
        if not page.is_pdf:
            return MuPdf().render(page, factor)
        # Rounds like MuPDF, so that both rasterizers give the same size.
        size = tuple(math.ceil(side * factor - 0.001) for side in (page.width, page.height))
        with tempfile.TemporaryDirectory(prefix="page-") as name:
            folder = Path(name)
            # Without the further variables of VARY_WORKER_ENV, which are for generators.
            inherited = {key: os.environ[key] for key in os.environ if key != MORE_VARIABLE}
            environment = clean_environment(inherited, TMPDIR=name)
            ended = self.wrap(POPPLER, folder, environment, self.seconds)
            picture = self._convert(page, size, folder)
            end = ended()
        if end.timed_out:
            raise Rejected("page-timeout", f"poppler took more than {self.seconds:g} s")
        if picture is None:
            detail = f"poppler drew nothing within its limits (status {end.returncode})"
            raise Rejected("damaged", detail)
        if picture.size != size:
            raise Rejected("damaged", f"poppler drew {picture.width} x {picture.height}")
        return drop_equal_channels(np.asarray(picture))

    def _convert(self, page: PageSource, size: tuple[int, ...], folder: Path) -> Image.Image | None:
        """The picture that pdf2image makes with the programs of `folder`, if it makes one."""
        from pdf2image import convert_from_path
        from pdf2image.exceptions import PDFPageCountError, PDFPopplerTimeoutError

        path = page.path.absolute()
        try:
            # pdf2image adds the current folder to the search path of libraries: an empty last
            # entry of LD_LIBRARY_PATH. Here that is the private one.
            with contextlib.chdir(folder):
                images = convert_from_path(
                    path,
                    first_page=page.index + 1,
                    last_page=page.index + 1,
                    # pdftoppm turns the page after it has scaled it.
                    size=size[::-1] if page.sideways else size,
                    use_cropbox=True,
                    hide_annotations=True,
                    single_file=True,
                    # A file has a limit of size; a pipe has none.
                    output_folder=folder,
                    output_file="page",
                    poppler_path=folder,
                    timeout=(int(self.seconds) + 1) * WAITING,
                )
            for image in images:
                with image:
                    return image.convert("RGB")
        except (PDFPageCountError, PDFPopplerTimeoutError, ValueError):
            pass  # the ends of the programs say why
        except OSError as error:
            if error.errno is not None:
                raise  # of the machine; Pillow's errors have no number
        return None


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
