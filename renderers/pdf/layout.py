"""File formats, and the page and font sizes for e-books.

Does not import MuPDF, so that any process may use it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

EXTENSIONS = (".pdf", ".epub", ".mobi", ".fb2", ".xps", ".oxps")
REFLOWABLE = (".epub", ".mobi", ".fb2")
"""Formats without fixed pages: a layout defines the pages."""

PAGE_SIZES = ((297, 420), (360, 540), (396, 612), (419, 595), (432, 648), (499, 709), (595, 842))
"""Points; from pocket book to A4."""
FONT_SIZES = (9, 10, 11, 12, 13, 14)


@dataclass(frozen=True, slots=True)
class BookLayout:
    """Page size and font size of a reflowable book, in points."""

    width: int
    height: int
    font_size: int

    @property
    def name(self) -> str:
        return f"{self.width}x{self.height}-{self.font_size}pt"


def sample_book_layouts(rng: np.random.Generator, count: int) -> tuple[BookLayout, ...]:
    """Up to `count` different layouts whose lines have about 25 to 100 Latin letters."""
    choices = [
        BookLayout(width, height, size)
        for width, height in PAGE_SIZES
        for size in FONT_SIZES
        if 14 <= width / size <= 50
    ]
    picked = rng.permutation(len(choices))[:count]
    return tuple(choices[int(i)] for i in picked)
