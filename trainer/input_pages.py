"""The pictures to read: of files, folders and documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from PIL import Image

from trainer.data.pictures import count_pages, decode_page
from trainer.errors import DataError
from vary_data.dataset.rejection import Rejected

PICTURE_SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff", ".gif")


@dataclass(frozen=True, slots=True)
class InputPage:
    """A picture to read, or the error that prevents it.

    `page` counts from 1 in a PDF file and in a picture file of several pages; it is None for a
    single picture.
    """

    source: Path
    page: int | None
    image: Image.Image | None
    error: str = ""


def open_pages(sources: Iterable[Path], dpi: int) -> Iterator[InputPage]:
    """Pictures, the pictures in folders (sorted by name), and the pages of PDF, TIFF and GIF
    files."""
    for source in sources:
        if source.is_dir():
            suffixes = (*PICTURE_SUFFIXES, ".pdf")
            files = sorted(p for p in source.rglob("*") if p.suffix.lower() in suffixes)
            if not files:
                yield InputPage(source, None, None, "no pictures in this folder")
            yield from open_pages(files, dpi)
        elif source.suffix.lower() == ".pdf":
            yield from _pdf_pages(source, dpi)
        else:
            yield from _pictures(source)


def open_picture(image: Image.Image | str | Path) -> Image.Image:
    """A picture, or that of a picture file.

    Raises:
        DataError: it is no file of one picture.
    """
    if isinstance(image, Image.Image):
        return image
    page, *more = _pictures(Path(image))
    if more:
        raise DataError(f"{image} has {len(more) + 1} pages", "read them with open_pages")
    if page.image is None:
        raise DataError(f"{image}: {page.error}")
    return page.image


def _pictures(source: Path) -> Iterator[InputPage]:
    """The pages of a picture file."""
    try:
        data = source.read_bytes()
        count = count_pages(data)
    except OSError as error:
        yield InputPage(source, None, None, error.strerror or "cannot be read")
        return
    except Rejected as error:
        yield InputPage(source, None, None, error.reason)
        return
    for index in range(count):
        number = index + 1 if count > 1 else None
        try:
            yield InputPage(source, number, decode_page(data, index))
        except Rejected as error:
            yield InputPage(source, number, None, error.reason)


def _pdf_pages(source: Path, dpi: int) -> Iterator[InputPage]:
    pymupdf: Any = import_module("pymupdf")

    try:
        with pymupdf.open(source) as document:
            if document.needs_pass:
                yield InputPage(source, None, None, "the PDF is encrypted")
                return
            for number, page in enumerate(document, start=1):
                pixmap = page.get_pixmap(dpi=dpi, colorspace=pymupdf.csRGB, alpha=False)
                size = (pixmap.width, pixmap.height)
                yield InputPage(source, number, Image.frombytes("RGB", size, pixmap.samples))
    except (RuntimeError, OSError, ValueError) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else "unreadable"
        yield InputPage(source, None, None, f"PDF unreadable: {reason}")
