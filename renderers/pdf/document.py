"""Opens documents that may be broken, encrypted or hostile.

MuPDF sometimes crashes on ordinary files, so use this package only in worker processes; a
parent process counts pages through `renderers.pdf.probe`.
"""

from __future__ import annotations

from pathlib import Path

import pymupdf
from pymupdf import mupdf

from renderers.pdf.books import VERTICAL
from renderers.pdf.language import document_language
from renderers.pdf.layout import EXTENSIONS, BookLayout
from renderers.rejected import Rejected

MAX_IMAGE_PIXELS = 200_000_000
"""Limit for a picture inside a page: MuPDF would decode a decompression bomb completely."""


def silence() -> None:
    """Do not print MuPDF's warnings and errors about broken files."""
    pymupdf.TOOLS.mupdf_display_errors(False)
    pymupdf.TOOLS.mupdf_display_warnings(False)


def open_document(path: Path, layout: BookLayout | None = None) -> pymupdf.Document:
    """Open a PDF or e-book; a PDF is recognized by its content, whatever its file name.

    MuPDF has one style for the books of a process, and may read a chapter again later: only the
    book that was opened last is set as its layout says.

    Raises:
        Rejected: `missing`, `empty-file`, `not-a-document`, `encrypted`, `damaged`, `no-pages`,
            `vertical-book`.
    """
    if not path.is_file():
        raise Rejected("missing", "the file no longer exists")
    if path.stat().st_size == 0:
        raise Rejected("empty-file", "the file has no bytes")
    filetype = _filetype(path)
    if filetype in VERTICAL and VERTICAL[filetype](path):
        raise Rejected("vertical-book", "its text is set vertically, which MuPDF does not draw")
    document = _opened(path, filetype, layout, layout.stylesheet if layout else "")
    try:
        if document.needs_pass:
            raise Rejected("encrypted", "a password is needed to open it")
        if layout and layout.han_face and document_language(document) == "zh":
            from renderers.pdf.book_faces import css_family

            document.close()
            stylesheet = layout.with_family(css_family(layout.han_face))
            document = _opened(path, filetype, layout, stylesheet)
        pages = document.page_count
    except Rejected:
        document.close()
        raise
    except Exception as error:
        document.close()
        raise Rejected("damaged", _first_line(error)) from error
    if pages < 1:
        document.close()
        raise Rejected("no-pages", "the document has no pages")
    return document


class _PagesOnly(pymupdf.Document):
    """A document without its outline, which PyMuPDF loads when it opens one.

    Pages do not need it, and that of a manual takes longer than a page.
    """

    def _loadOutline(self) -> None:
        """Overrides PyMuPDF's method of this name."""


def _opened(
    path: Path, filetype: str | None, layout: BookLayout | None, stylesheet: str
) -> pymupdf.Document:
    """The document; a book in this layout and style."""
    if filetype != "pdf":
        mupdf.fz_set_user_css(stylesheet)
    try:
        document: pymupdf.Document = _PagesOnly(path, filetype=filetype)  # type: ignore[no-untyped-call]
        if layout is not None and document.is_reflowable and not document.needs_pass:
            document.layout(width=layout.width, height=layout.height, fontsize=layout.font_size)
    except Exception as error:  # MuPDF raises many types, some of them private
        raise Rejected("damaged", _first_line(error)) from error
    return document


def load_page(document: pymupdf.Document, index: int) -> pymupdf.Page:
    """Page `index` (from 0).

    Raises:
        Rejected: `damaged`, or `too-complex` for pictures beyond `MAX_IMAGE_PIXELS`.
    """
    try:
        page: pymupdf.Page = document.load_page(index)
        if document.is_pdf:
            for image in document.get_page_images(index):
                width, height = image[2], image[3]
                if width * height > MAX_IMAGE_PIXELS:
                    raise Rejected("too-complex", f"has a picture of {width}x{height} pixels")
        return page
    except Rejected:
        raise
    except Exception as error:
        raise Rejected("damaged", _first_line(error)) from error


def _filetype(path: Path) -> str | None:
    with path.open("rb") as file:
        head = file.read(1024)
    if b"%PDF-" in head:
        return "pdf"
    suffix = path.suffix.lower()
    if suffix not in EXTENSIONS:
        raise Rejected("not-a-document", "neither file name nor first bytes are of a PDF or e-book")
    return suffix[1:]


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0][:200] if lines else type(error).__name__
