"""The text of a page as MuPDF reads it: blocks of lines of spans of characters.

Replacement texts (`ActualText`) are ignored: the picture shows the glyphs, and `ActualText` may
hold any text. Chromium writes there which character a shared glyph means; `canonical` replaces it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import pymupdf
from pymupdf import mupdf

from renderers.pdf.glyphs import LOST
from renderers.pdf.mirrored import HORIZONTAL
from renderers.picture import Box
from renderers.rejected import Rejected

_FLAGS = pymupdf.TEXT_PRESERVE_WHITESPACE | pymupdf.TEXT_IGNORE_ACTUALTEXT | pymupdf.TEXT_CLIP
"""`TEXT_CLIP` leaves out characters outside the clip, such as those of a trimmed figure."""
_LEAST_HEIGHT = 0.58
"""Height of a character's box in font sizes, below which its font states a wrong one."""
_ASCENT, _DESCENT = 0.8, 0.2
"""The usual height above and below the base line, in font sizes."""


def raw_blocks(
    display_list: pymupdf.DisplayList,
) -> tuple[list[dict[str, Any]], pymupdf.TextPage]:
    """The blocks of a page, and the object that they were read from."""
    try:
        text_page = pymupdf.TextPage(display_list.get_textpage(_FLAGS))
        try:
            blocks = text_page.extractRAWDICT()["blocks"]
        except SystemError:  # PyMuPDF's for a code that no character has
            _replace_false_codes(text_page)
            blocks = text_page.extractRAWDICT()["blocks"]
    except Exception as error:
        raise Rejected("damaged", f"text cannot be read: {error}"[:200]) from error
    for block in blocks:
        for line in block.get("lines", ()):
            if line["dir"][0] > HORIZONTAL and not line["wmode"]:
                _restore_heights(line["spans"])
    return blocks, text_page


def _replace_false_codes(text_page: pymupdf.TextPage) -> None:
    """Write U+FFFD for codes that no character has: MuPDF gives some glyphs without a name one."""
    for block in text_page.this:
        if block.m_internal.type != mupdf.FZ_STEXT_BLOCK_TEXT:
            continue
        for character in (character for line in block for character in line):
            if not 0 <= character.m_internal.c <= sys.maxunicode:
                character.m_internal.c = ord(LOST)


def _restore_heights(spans: Sequence[dict[str, Any]]) -> None:
    """Give characters a usual height where their font states one that is less than its letters.

    MuPDF takes the heights of the font's descriptor, which pdfTeX writes for the letters it uses.
    """
    for span in spans:
        characters, size = span["chars"], span["size"]
        if not characters:
            continue
        _, top, _, bottom = characters[0]["bbox"]
        if bottom - top >= _LEAST_HEIGHT * size:
            continue
        for character in characters:
            (x0, _, x1, _), y = character["bbox"], character["origin"][1]
            character["bbox"] = x0, y - _ASCENT * size, x1, y + _DESCENT * size


def read_origins(display_list: pymupdf.DisplayList) -> dict[Box, tuple[float, float]]:
    """The reference point of the glyph in each box that `read_characters` gives, in points."""
    blocks, _ = raw_blocks(display_list)
    spans = (s for block in blocks for line in block.get("lines", ()) for s in line["spans"])
    return {c["bbox"]: c["origin"] for span in spans for c in span["chars"]}
