"""Text that stands upside down, although its lines are horizontal: pages that were mirrored."""

from __future__ import annotations

from typing import Any

import pymupdf
from pymupdf import mupdf

HORIZONTAL = 0.9995
"""Cosine of the steepest line that still counts as horizontal (about 1.8 degrees)."""
_MIN_HEIGHT = 0.5
"""Points by which the edges of a mirrored character differ."""
_LOWEST_MIRRORED = 0.35
"""Height of the base line in a character's box from its top; about 0.8 unless it is mirrored."""


def upside_down(text_page: pymupdf.TextPage) -> int:
    """The characters whose upper edge is below their lower edge, on horizontal lines.

    Type 3 fonts do not count: many draw upright glyphs with a mirrored matrix.
    """
    return sum(
        char.m_internal.quad.ul.y > char.m_internal.quad.ll.y + _MIN_HEIGHT
        and not mupdf.ll_fz_font_t3_procs(char.m_internal.font)
        for block in text_page.this
        if block.m_internal.type == mupdf.FZ_STEXT_BLOCK_TEXT
        for line in block
        if line.m_internal.dir.x > HORIZONTAL
        for char in line
    )


def is_upside_down(span: dict[str, Any]) -> bool:
    """Whether a horizontal span's base line is at the top of its characters."""
    _, top, _, bottom = span["bbox"]
    return bool(span["origin"][1] - top < _LOWEST_MIRRORED * (bottom - top))
