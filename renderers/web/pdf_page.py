"""The PDF that the browser makes of a page: its picture by MuPDF, and its text as a second truth.

The browser lays the page out again for the PDF. MuPDF reads every character back with its box, and
each word of the first layout must be there, at its place, and nothing else.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pymupdf

from renderers.pdf.canonical import usual_characters
from renderers.pdf.character_reader import read_characters
from renderers.pdf.characters import PageCharacters
from renderers.pdf.document import load_page, silence
from renderers.pdf.raster import MuPdf, PageSource
from renderers.picture import Box, Pixels
from renderers.rejected import Rejected
from renderers.web.readback import Layout

PIXELS_PER_POINT = 96 / 72
SPARE = 2
"""Pixels that the sheet of paper is larger than the page, so that rounding makes no second one."""
SHAPED = frozenset({"Arab", "Deva", "Thai"})
"""Scripts (ISO 15924) whose glyphs are no letters: a PDF has no exact text of them."""
MAX_SHIFT = 2.0
"""Pixels by which a word of the PDF may exceed that of the page."""
MAX_SLANT = 0.4
"""The same by the size of the font: the box of a letter that is slanted for want of italics."""
MAX_SPACE = 2.0
"""By the size of the font: a browser's box has the space that letter spacing and justified lines
put around the first and last letter, that of the PDF has not."""
ALONG = 0.5
"""Pixels by which the middle of a letter may be outside of its word, along the line."""

Boxes = npt.NDArray[np.float64]
"""`[n, 4]`: left, top, right, bottom in pixels."""


def draw_pdf(data: bytes, layout: Layout, script: str = "Latn") -> Pixels:
    """The picture of a PDF of one page, `[height, width, 3]`, after comparing it with the layout.

    Texts in one of the scripts `SHAPED` are compared by their places alone.

    Raises:
        Rejected: it has more than one page or cannot be read (`layout`), has other text than the
            page (`pdf-text`), or has it at other places (`pdf-place`).
    """
    silence()
    try:
        document = pymupdf.open(stream=data, filetype="pdf")
    except Exception as error:  # MuPDF raises many types, some of them private
        raise Rejected("layout", f"the PDF cannot be read: {error}"[:200]) from error
    with document:
        if document.page_count != 1:
            raise Rejected("layout", f"the PDF has {document.page_count} pages")
        page = load_page(document, 0)
        display_list = page.get_displaylist(annots=0)
        compare(read_characters(display_list), layout, exact=script not in SHAPED)
        size = float(page.rect.width), float(page.rect.height)
        source = PageSource(Path(), 0, True, *size, display_list)
        pixels = MuPdf().render(source, PIXELS_PER_POINT, keep_channels=True)
    if pixels.shape[0] < layout.height or pixels.shape[1] < layout.width:
        raise Rejected("layout", f"the PDF is {pixels.shape[1]}x{pixels.shape[0]} pixels")
    return np.ascontiguousarray(pixels[: layout.height, : layout.width])


def compare(characters: PageCharacters, layout: Layout, *, exact: bool = True) -> None:
    """Every word of the layout, and no other text, is on the PDF, at the same place.

    Formulas are compared by their place alone, as their letters are in another order, and so are
    words if the comparison is not `exact`.

    Raises:
        Rejected: `pdf-text` or `pdf-place`.
    """
    letters, boxes = _letters(characters)
    centers = (boxes[:, :2] + boxes[:, 2:]) / 2
    explained = np.zeros(len(letters), bool)
    for item in layout.laid:
        if item is None:
            continue
        if item.entry.role == "formula" and item.box:
            explained |= _within(centers, item.box, 3.0, 3.0)
        for line in item.lines:
            for word in line.words or (line,):
                inside = _within(centers, word.box, *_margins(word.box))
                explained |= inside
                if exact and not getattr(word, "formula", False):
                    _compare_word(word.text, word.box, inside, letters, boxes, line.size)
    for box in layout.readings:
        explained |= _within(centers, box, MAX_SHIFT, MAX_SHIFT)
    left = [letters[i] for i in np.flatnonzero(~explained)]
    if not exact:
        left = [letter for letter in left if not _has_no_place(letter)]
    if left:
        text = "".join(left[:40])
        raise Rejected("pdf-text", f"the PDF has {text!r}, which the page has not")


def _compare_word(
    text: str,
    box: Box,
    inside: npt.NDArray[np.bool_],
    letters: list[str],
    boxes: Boxes,
    size: float,
) -> None:
    found = np.flatnonzero(inside)
    printed = "".join(letters[i] for i in found)
    if Counter(_folded(printed)) != Counter(_folded(text)):
        raise Rejected("pdf-text", f"{text[:40]!r} is {printed[:40]!r} in the PDF")
    if not len(found):
        return
    low, high = boxes[found, :2].min(0), boxes[found, 2:].max(0)
    # The height of a box is that of its font, which both read in ways of their own.
    along = 0 if box[2] - box[0] >= box[3] - box[1] else 1
    start, end = low[along] - box[along], high[along] - box[along + 2]
    beyond = max(MAX_SHIFT, MAX_SLANT * size)
    if max(-start, end) > beyond or max(start, -end) > MAX_SPACE * size:
        raise Rejected("pdf-place", f"{text[:40]!r} is {start:.1f} to {end:.1f} pixels away")


def _has_no_place(letter: str) -> bool:
    """Whether the box of a character says little: a mark over another letter, or a lost glyph."""
    return letter == "\ufffd" or unicodedata.category(letter).startswith("M")


def _letters(characters: PageCharacters) -> tuple[list[str], Boxes]:
    """All characters that are not spaces, and their boxes in pixels."""
    letters: list[str] = []
    boxes: list[Box] = []
    for line in characters.lines:
        for letter, box in zip(line.text, line.boxes, strict=True):
            if not letter.isspace():
                letters.append(letter)
                boxes.append(box)
    return letters, np.array(boxes, np.float64).reshape(-1, 4) * PIXELS_PER_POINT


def _margins(box: Box) -> tuple[float, float]:
    """How far, along x and y, the middle of a letter may be outside of the box of its word."""
    width, height = box[2] - box[0], box[3] - box[1]
    return (ALONG, 0.0) if width >= height / 3 else (0.0, ALONG)


def _within(centers: Boxes, box: Box, dx: float, dy: float) -> npt.NDArray[np.bool_]:
    x, y = centers[:, 0], centers[:, 1]
    inside: npt.NDArray[np.bool_] = (
        (x > box[0] - dx) & (x < box[2] + dx) & (y > box[1] - dy) & (y < box[3] + dy)
    )
    return inside


def _folded(text: str) -> str:
    """A text without spaces and the differences of characters that look alike in a PDF."""
    return "".join(unicodedata.normalize("NFKC", usual_characters(text)).split())
