"""File formats, and the sizes and styles of the pages of e-books.

Does not import MuPDF, so that any process may use it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

EXTENSIONS = (".pdf", ".epub", ".mobi", ".fb2", ".xps", ".oxps")
REFLOWABLE = (".epub", ".mobi", ".fb2")
"""Formats without fixed pages: a layout defines the pages."""

PAGE_SIZES = ((297, 420), (360, 540), (396, 612), (419, 595), (432, 648), (499, 709), (595, 842))
"""Points; from pocket book to A4."""
FONT_SIZES = (9, 10, 11, 12, 13, 14)


LINE_HEIGHTS = (0.0, 1.2, 1.35, 1.5, 1.7, 2.0)
MARGINS = (0.0, 1.0, 2.0, 3.0, 4.5)
ALIGNMENTS = ("", "left", "justify", "justify")
PARAGRAPHS = ("", "indent", "space")
FACES = ("", "serif", "sans-serif")
"""What a layout may set. The first value, 0 or empty, leaves it as the book has it."""
OWN_FACE = 0.1
"""Share of the layouts in which a Chinese book keeps MuPDF's own face."""
HYPHENATED = 0.3
"""Share of the layouts that break words, in books that state their language."""


@dataclass(frozen=True, slots=True)
class BookLayout:
    """Page size and style of a reflowable book.

    Page and font size are in points, the margin of the page in font sizes, the line height in font
    sizes. A style of 0 or an empty one is the book's own.
    """

    width: int
    height: int
    font_size: int
    line_height: float = 0.0
    margin: float = 0.0
    align: str = ""
    paragraphs: str = ""
    face: str = ""
    hyphens: bool = False
    han_face: str = ""
    """The family of a Chinese book, see `renderers.pdf.book_faces`; of others `face`."""

    @property
    def name(self) -> str:
        """Unique among the layouts of a book."""
        return f"{self.width}x{self.height}-{self.font_size}pt"

    @property
    def stylesheet(self) -> str:
        """CSS for MuPDF, which applies it after that of the book; without `han_face`."""
        return self.with_family(self.face)

    def with_family(self, family: str) -> str:
        """The same CSS with another value of `font-family`."""
        text = []
        if self.line_height:
            text.append(f"line-height:{self.line_height:g}")
        if family:
            text.append(f"font-family:{family}")
        if self.hyphens:
            text.append("hyphens:auto")
        paragraph = []
        if self.align:
            paragraph.append(f"text-align:{self.align}")
        if self.paragraphs == "indent":
            paragraph += ["text-indent:1.5em", "margin:0"]
        elif self.paragraphs == "space":
            paragraph += ["text-indent:0", "margin:0.8em 0"]
        rules = [(_TEXT, text), ("p", paragraph)]
        if self.margin:
            rules.append(("@page", [f"margin:{self.margin:g}em"]))
        return "".join(f"{selector}{{{';'.join(parts)}}}" for selector, parts in rules if parts)


_TEXT = "p,div,li,dd,dt,blockquote,td,th"
"""Elements of running text, whose own rules a rule of `body` would not override."""


def sample_book_layouts(
    rng: np.random.Generator, count: int, han_faces: Sequence[str] = ()
) -> tuple[BookLayout, ...]:
    """Up to `count` layouts of different sizes whose lines have about 25 to 100 Latin letters.

    Each has one of `han_faces`, or in a share of `OWN_FACE` that of MuPDF.
    """
    sizes = [
        (width, height, size)
        for width, height in PAGE_SIZES
        for size in FONT_SIZES
        if 14 <= width / size <= 50
    ]
    picked = rng.permutation(len(sizes))[:count]
    layouts = tuple(_styled(rng, *sizes[int(i)]) for i in picked)
    return tuple(replace(layout, han_face=_han_face(rng, han_faces)) for layout in layouts)


def _han_face(rng: np.random.Generator, names: Sequence[str]) -> str:
    if not names or rng.random() < OWN_FACE:
        return ""
    return names[int(rng.integers(len(names)))]


def _styled(rng: np.random.Generator, width: int, height: int, font_size: int) -> BookLayout:
    """A random style; narrow columns keep most of their width and have at least 12 font sizes."""
    margins = [margin for margin in MARGINS if width / font_size - 2 * margin >= 12]
    return BookLayout(
        width,
        height,
        font_size,
        line_height=LINE_HEIGHTS[rng.integers(len(LINE_HEIGHTS))],
        margin=margins[rng.integers(len(margins))],
        align=ALIGNMENTS[rng.integers(len(ALIGNMENTS))],
        paragraphs=PARAGRAPHS[rng.integers(len(PARAGRAPHS))],
        face=FACES[rng.integers(len(FACES))],
        hyphens=bool(rng.random() < HYPHENATED),
    )
