"""One page of a document: its text and picture, checked against each other."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pymupdf

from renderers.pdf.characters import Line, read_characters
from renderers.pdf.document import Unusable, load_page
from renderers.pdf.ink import InkMap, InkReport, read_painted
from renderers.pdf.language import detect
from renderers.pdf.quality import (
    DEFAULTS,
    Thresholds,
    check_characters,
    check_ink,
    check_size,
    check_text,
)
from renderers.pdf.raster import MuPdf, PageSource, Rasterizer, Scale
from renderers.pdf.text import PageText, page_text
from renderers.picture import WORD, Picture, Region

LINE = "line"
"""Role of one row of a column; its words follow it."""


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """A page that passed every check. `picture.regions` are lines and words in reading order."""

    picture: Picture
    text: str
    lang: str
    flows: int
    order_agreement: float
    ink: InkReport


@dataclass(frozen=True, slots=True)
class PageReader:
    """How pages are read: the picture's size, the rasterizer, and what is kept."""

    scale: Scale = field(default_factory=Scale)
    rasterizer: Rasterizer = field(default_factory=MuPdf)
    languages: Collection[str] = ("en", "zh")
    keep_rows: bool = False
    limits: Thresholds = DEFAULTS

    def read(self, document: pymupdf.Document, index: int) -> DocumentPage:
        """Read page `index` (from 0) of an open document.

        Raises:
            Unusable: with the reason of the first check that fails; cheap checks come first.
        """
        page = load_page(document, index)
        width, height = float(page.rect.width), float(page.rect.height)
        factor = self.scale.factor(width, height)
        try:
            display_list = page.get_displaylist(annots=0)
            painted = read_painted(page)
        except Exception as error:
            raise Unusable("damaged", f"cannot be read: {error}"[:200]) from error
        found = read_characters(display_list)
        check_characters(found, painted, self.limits)
        text = page_text(found.lines, height, keep_rows=self.keep_rows)
        check_text(text, self.limits)
        lang = detect(text.text)
        if lang is None or lang not in self.languages:
            raise Unusable("wrong-language", f"detected: {lang or 'neither English nor Chinese'}")
        check_size(text, lang, factor, self.limits)
        source = PageSource(
            Path(document.name), index, document.is_pdf, width, height, display_list
        )
        pixels = self.rasterizer.render(source, factor)
        scale_x, scale_y = pixels.shape[1] / width, pixels.shape[0] / height
        ink_map = InkMap(pixels, scale_x, scale_y)
        lines = self._inked(found.lines, ink_map)
        if len(lines) < len(found.lines):
            text = page_text(lines, height, keep_rows=self.keep_rows)
            check_text(text, self.limits)
        ink = ink_map.report(lines, painted)
        check_ink(ink, self.limits)
        picture = Picture(pixels, regions(text, scale_x, scale_y))
        return DocumentPage(picture, text.text, lang, text.flows, text.order_agreement, ink)

    def _inked(self, lines: Sequence[Line], ink_map: InkMap) -> list[Line]:
        """The lines without those of which nothing shows (white on white, under a box).

        Raises:
            Unusable: `text-without-ink`, when more is missing than `Thresholds.invisible`.
        """
        letters = [len(line.text) - line.text.count(" ") for line in lines]
        shown = [b < n for b, n in zip(ink_map.blank_characters(lines), letters, strict=True)]
        hidden = sum(n for n, seen in zip(letters, shown, strict=True) if not seen)
        if hidden > self.limits.invisible * sum(letters):
            raise Unusable("text-without-ink", f"{hidden / sum(letters):.1%} of the text")
        return [line for line, seen in zip(lines, shown, strict=True) if seen]


def regions(text: PageText, scale_x: float, scale_y: float) -> tuple[Region, ...]:
    """Rows and their words in reading order, in pixels."""
    found = []
    for row in text.rows:
        for box, string, role in (
            (row.box, row.text, LINE),
            *((word.box, word.text, WORD) for word in row.words),
        ):
            x0, y0, x1, y1 = box
            scaled = (x0 * scale_x, y0 * scale_y, x1 * scale_x, y1 * scale_y)
            found.append(Region(scaled, string, role))
    return tuple(found)
