"""One page of a document: its text and picture, checked against each other."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pymupdf

from renderers.ink import brightness
from renderers.pdf.blocks import Block
from renderers.pdf.character_reader import read_characters
from renderers.pdf.content import check_content
from renderers.pdf.document import load_page
from renderers.pdf.doubled import overprinted, without_doubles
from renderers.pdf.font_truth import FontTruth
from renderers.pdf.ink_map import InkMap, InkReport
from renderers.pdf.language import detect, document_language, language_of_words
from renderers.pdf.leaders import blocks_without_leaders
from renderers.pdf.letter_spacing import with_joined_letters
from renderers.pdf.line_parts import keep, overlapping_lines
from renderers.pdf.markdown import markdown
from renderers.pdf.order_check import check_order
from renderers.pdf.page_regions import inside_picture, page_regions
from renderers.pdf.painted import painted_texts, read_painted
from renderers.pdf.picture_text import picture_text_share
from renderers.pdf.quality import (
    DEFAULTS,
    Thresholds,
    check_characters,
    check_complete,
    check_direction,
    check_ink,
    check_overprint,
    check_picture_text,
    check_size,
    check_text,
    check_visibility,
    ink_is_explained,
)
from renderers.pdf.raster import (
    MuPdf,
    PageSource,
    Rasterizer,
    RasterScale,
    drop_equal_channels,
)
from renderers.pdf.redrawn import check_redrawn
from renderers.pdf.sidebar import without_sidebars
from renderers.pdf.tags import is_tagged, tag_agreement
from renderers.pdf.text import PageText, joined, page_text
from renderers.pdf.text_layer import drawn_apart
from renderers.pdf.visibility import visibility
from renderers.picture import Box, Picture, Pixels, garbage_collection_paused
from renderers.rejected import Rejected

MIN_FIGURE = 0.01
"""Share of the page from which a picture is a figure."""


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """A page that passed every check. `picture.regions` are its blocks, lines, cells and words."""

    picture: Picture
    text: str
    lang: str
    flows: int
    order_agreement: float
    ink: InkReport


@dataclass(frozen=True, slots=True)
class PageReader:
    """Reads pages: the settings are the picture's size, the rasterizer and the filters."""

    scale: RasterScale = field(default_factory=RasterScale)
    rasterizer: Rasterizer = field(default_factory=MuPdf)
    languages: Collection[str] = ("en", "zh")
    keep_rows: bool = False
    dehyphenate: bool = False
    drop_leaders: bool = False
    markdown: bool = False
    limits: Thresholds = DEFAULTS

    def read(
        self,
        document: pymupdf.Document,
        index: int,
        document_lang: Callable[[], str | None] | None = None,
        fonts: FontTruth | None = None,
    ) -> DocumentPage:
        """Read page `index` (from 0) of an open document.

        A page without running text gets the document's language from `document_lang`; by default
        this is detected again for each such page. `fonts` keeps what is known about the fonts of
        the document between its pages.

        Raises:
            Rejected: with the reason of the first check that fails; cheap checks come first.
        """
        with garbage_collection_paused():
            document_lang = document_lang or partial(document_language, document)
            return self._read(document, index, document_lang, fonts or FontTruth(document))

    def _read(
        self,
        document: pymupdf.Document,
        index: int,
        document_lang: Callable[[], str | None],
        fonts: FontTruth,
    ) -> DocumentPage:
        page = load_page(document, index)
        width, height = float(page.rect.width), float(page.rect.height)
        factor = self.scale.factor(width, height)
        try:
            display_list = page.get_displaylist(annots=0)
            painted = read_painted(display_list)
        except Exception as error:
            raise Rejected("damaged", f"cannot be read: {error}"[:200]) from error
        characters = read_characters(
            display_list, fonts.wrong_characters(index), styles=self.markdown
        )
        pairs = overlapping_lines(characters.lines)
        once = without_doubles(characters, pairs)
        found = without_sidebars(once, self.limits.rotated_characters)
        check_characters(found, painted, self.limits)
        check_content(found, painted.drawings, self.limits)
        with_words = with_joined_letters(found.lines)
        unordered = "\n".join(line.text for line in with_words)
        check_text(unordered, self.limits)
        lang = detect(unordered) or document_lang() or language_of_words(unordered)
        if lang is None or lang not in self.languages:
            raise Rejected("wrong-language", f"detected: {lang or 'none'}")
        check_direction(unordered)
        source = PageSource(
            path=Path(document.name),
            index=index,
            is_pdf=document.is_pdf,
            width=width,
            height=height,
            display_list=display_list,
            gray=painted.gray and found.gray,
            sideways=page.rotation % 180 == 90,
        )
        pixels, drawn = self._draw(source, factor)
        scale_x, scale_y = pixels.shape[1] / width, pixels.shape[0] / height
        ink_map = InkMap(pixels, scale_x, scale_y)
        gray = ink_map.gray if isinstance(self.rasterizer, MuPdf) else brightness(drawn)
        seen = visibility(found, painted, display_list, drawn, gray, factor)
        if seen is not None:
            check_visibility(seen, found, painted, ink_map, self.limits)
        shown = keep(found, ~seen.hidden) if seen else found
        check_size(shown.lines, lang, factor, self.limits)
        if shown.lines is not characters.lines:
            pairs = overlapping_lines(shown.lines)
        check_overprint(overprinted(shown, pairs), shown, self.limits)
        lines, blank = shown.lines, int(seen.hidden.sum()) if seen else 0
        if lines is not found.lines:
            with_words = with_joined_letters(lines)
        if not isinstance(self.rasterizer, MuPdf):
            check_redrawn(ink_map.ink, gray, lines, scale_x, scale_y)
        ink = ink_map.report(lines, blank, painted)
        if not ink_is_explained(ink, self.limits):
            texts = painted_texts(display_list)
            area = (0, 0, drawn.shape[1], drawn.shape[0])
            coverage, backdrop = drawn_apart(display_list, factor, area, color=drawn.ndim == 3)
            ink = ink_map.report(lines, blank, painted, texts, backdrop, coverage)
        check_ink(ink, self.limits)
        in_pictures = picture_text_share(gray, lines, painted.images, factor)
        check_picture_text(in_pictures, self.limits)
        rules = painted.drawings
        text = page_text(
            with_words, height, keep_rows=self.keep_rows, dehyphenate=self.dehyphenate, rules=rules
        )
        rows, tags = text.rows, None
        check_complete(lines, [row.text for row in rows])
        if not self.dehyphenate:
            check_complete(lines, [text.text])
        single = text.flows == 1 and not text.doubts and all(row.cells == 1 for row in rows)
        if not single and is_tagged(document):
            tags = tag_agreement(display_list, rows)
        check_order(text, self.limits, tags)
        figures = figure_boxes(painted.images, width, height)
        blocks = blocks_without_leaders(text.blocks) if self.drop_leaders else text.blocks
        regions = page_regions(blocks, figures, scale_x, scale_y)
        size = float(pixels.shape[1]), float(pixels.shape[0])
        picture = Picture(pixels, inside_picture(regions, *size))
        written = self._written(text, blocks)
        return DocumentPage(picture, written, lang, text.flows, text.order_agreement, ink)

    def _written(self, text: PageText, blocks: Sequence[Block]) -> str:
        """The text of the blocks in the form that is asked for."""
        if self.markdown:
            return markdown(blocks)
        # `text.text` is what was checked to be complete.
        return joined(blocks, keep_rows=self.keep_rows) if self.drop_leaders else text.text

    def _draw(self, source: PageSource, factor: float) -> tuple[Pixels, Pixels]:
        """The picture, and the page by MuPDF with the channels in which it is drawn."""
        drawn = MuPdf().render(source, factor, keep_channels=True)
        if not isinstance(self.rasterizer, MuPdf):
            return self.rasterizer.render(source, factor), drawn
        return drawn if source.gray else drop_equal_channels(drawn), drawn


def figure_boxes(images: Sequence[Box], width: float, height: float) -> list[Box]:
    """The pictures of a page that are large enough for a figure, from top to bottom."""
    least = MIN_FIGURE * width * height
    large = {b for b in images if (b[2] - b[0]) * (b[3] - b[1]) >= least}
    return sorted(large, key=lambda b: (b[1], b[0]))
