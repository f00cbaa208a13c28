"""Opening documents that may be broken, locked or hostile.

MuPDF crashes on ordinary files now and then, so this package is for worker processes that
may die; a parent process learns page counts through `renderers.pdf.probe`.
"""

from __future__ import annotations

from pathlib import Path

import pymupdf

from renderers.pdf.layout import EXTENSIONS, Layout

MAX_IMAGE_PIXELS = 200_000_000
"""A picture inside a page that is larger is a bomb or a poster; MuPDF would decode it whole."""


class Unusable(Exception):
    """A document or page that cannot become a sample: a fixed `reason` and a `detail`."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail


def silence() -> None:
    """Keep MuPDF's remarks on broken files off the terminal."""
    pymupdf.TOOLS.mupdf_display_errors(False)
    pymupdf.TOOLS.mupdf_display_warnings(False)


def open_document(path: Path, layout: Layout | None = None) -> pymupdf.Document:
    """Open a PDF or e-book by its content, whatever its name says.

    Raises:
        Unusable: `missing`, `empty-file`, `not-a-document`, `encrypted`, `damaged`, `no-pages`.
    """
    if not path.is_file():
        raise Unusable("missing", "there is no such file any more")
    if path.stat().st_size == 0:
        raise Unusable("empty-file", "the file has no bytes")
    filetype = _filetype(path)
    try:
        document = pymupdf.open(path, filetype=filetype)
    except Exception as error:  # MuPDF raises many types, some of them private
        raise Unusable("damaged", _first_line(error)) from error
    try:
        if document.needs_pass:
            raise Unusable("encrypted", "a password is needed to open it")
        if layout is not None and document.is_reflowable:
            document.layout(width=layout.width, height=layout.height, fontsize=layout.font_size)
        pages = document.page_count
    except Unusable:
        document.close()
        raise
    except Exception as error:
        document.close()
        raise Unusable("damaged", _first_line(error)) from error
    if pages < 1:
        document.close()
        raise Unusable("no-pages", "the document has no pages")
    return document


def load_page(document: pymupdf.Document, index: int) -> pymupdf.Page:
    """Page `index` (from 0).

    Raises:
        Unusable: `damaged`, or `too-complex` for pictures beyond `MAX_IMAGE_PIXELS`.
    """
    try:
        page: pymupdf.Page = document.load_page(index)
        if document.is_pdf:
            for image in document.get_page_images(index):
                width, height = image[2], image[3]
                if width * height > MAX_IMAGE_PIXELS:
                    raise Unusable("too-complex", f"holds a picture of {width}x{height} pixels")
        return page
    except Unusable:
        raise
    except Exception as error:
        raise Unusable("damaged", _first_line(error)) from error


def _filetype(path: Path) -> str | None:
    with path.open("rb") as file:
        head = file.read(1024)
    if b"%PDF-" in head:
        return "pdf"
    suffix = path.suffix.lower()
    if suffix not in EXTENSIONS:
        raise Unusable("not-a-document", "neither the name nor the first bytes say PDF or e-book")
    return suffix[1:]


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0][:200] if lines else type(error).__name__
