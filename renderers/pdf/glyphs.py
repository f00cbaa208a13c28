"""The glyphs of a page: which glyph of which font is drawn where.

Reading them takes about 10 microseconds each, so this is for pages on which the characters alone
leave a doubt.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pymupdf
from pymupdf import mupdf

from renderers.pdf.devices import run_operations
from renderers.pdf.symbol_fonts import is_symbol_font, sign
from renderers.pdf.tex_glyphs import character_of_name
from renderers.pdf.text_layer import PixelBox, empty_coverage, samples
from renderers.picture import Pixels

LOST = "\ufffd"
"""MuPDF's character for a glyph without Unicode."""

Origin = tuple[int, int]
"""The reference point of a glyph in steps of 1/20 point."""


@dataclass(frozen=True, slots=True, eq=False)
class Glyph:
    """A glyph as drawn. `font` is MuPDF's `fz_font`, valid as long as the display list;
    `character` is 0 or U+FFFD where the file does not name it; `matrix` places it in points."""

    font: Any
    glyph: int
    character: int
    matrix: Any
    wmode: int

    @property
    def origin(self) -> Origin:
        """The reference point, rounded so that it can be compared."""
        return origin_key(self.matrix.e, self.matrix.f)

    @property
    def name(self) -> str:
        """The name in the font; invented by MuPDF where the font has none."""
        found = mupdf.ll_fz_get_glyph_name2(self.font, self.glyph)
        return found if isinstance(found, str) else ""


def recovered_characters(display_list: pymupdf.DisplayList) -> dict[Origin, str]:
    """The characters of glyphs that the file does not name, by their names in the font, and of all
    glyphs of symbol fonts.

    Different ones at the same place remain lost: a place does not tell which of them is meant.
    """
    found: dict[Origin, str] = {}
    for glyph in page_glyphs(display_list, _has_no_character):
        font = mupdf.ll_fz_font_name(glyph.font)
        if is_symbol_font(font):
            text = sign(font, glyph.name, chr(max(glyph.character, 0)))
        else:
            text = character_of_name(glyph.name, font)
        text = LOST if text is None else text
        found[glyph.origin] = text if found.get(glyph.origin, text) == text else LOST
    return found


@cache
def _has_no_character(code: int) -> bool:
    """Whether a character's code, 0 or less if there is none, says nothing about its glyph."""
    return is_lost(chr(code) if code > 0 else LOST)


def is_lost(character: str) -> bool:
    """Whether a character says nothing about its glyph: U+FFFD, noncharacters, private use, and
    control characters other than spaces, which are codes of a font without names."""
    if character == LOST or "\x7f" <= character <= "\x9f":
        return True
    if character < " ":
        return character not in "\t\n\r"
    return unicodedata.category(character) in ("Co", "Cn")


def origin_key(x: float, y: float) -> Origin:
    """A reference point in twentieths of a point: MuPDF's two ways to read it differ in the last
    digits."""
    return round(20 * x), round(20 * y)


def page_glyphs(
    display_list: pymupdf.DisplayList, wanted: Callable[[int], bool] | None = None
) -> list[Glyph]:
    """All glyphs of a page that are filled, stroked or used as a clip, in drawing order.

    Or those whose character's code is `wanted`, and those of symbol fonts.
    """
    device = _Collector(wanted)
    run_operations(display_list, device)
    return device.found


class _Collector(mupdf.FzDevice2):  # type: ignore[misc]
    def __init__(self, wanted: Callable[[int], bool] | None) -> None:
        super().__init__()
        self.wanted = wanted
        self.found: list[Glyph] = []
        self.use_virtual_fill_text()
        self.use_virtual_stroke_text()
        self.use_virtual_clip_text()
        self.use_virtual_clip_stroke_text()

    def fill_text(self, _: Any, text: Any, ctm: Any, *__: Any) -> None:
        self.found.extend(_glyphs(text, ctm, self.wanted))

    def stroke_text(self, _: Any, text: Any, __: Any, ctm: Any, *___: Any) -> None:
        self.found.extend(_glyphs(text, ctm, self.wanted))

    def clip_text(self, _: Any, text: Any, ctm: Any, __: Any) -> None:
        self.found.extend(_glyphs(text, ctm, self.wanted))

    def clip_stroke_text(self, _: Any, text: Any, __: Any, ctm: Any, ___: Any) -> None:
        self.found.extend(_glyphs(text, ctm, self.wanted))


def _glyphs(text: Any, ctm: Any, wanted: Callable[[int], bool] | None) -> Iterator[Glyph]:
    span = text.head
    while span:
        items = mupdf.FzTextSpan(span)
        placed = mupdf.ll_fz_concat(span.trm, ctm)  # its e and f are those of no glyph
        chosen = None if is_symbol_font(mupdf.ll_fz_font_name(span.font)) else wanted
        for index in range(span.len):
            item = items.items(index)
            if chosen is not None and not chosen(item.ucs):
                continue
            if item.gid < 0:  # the second character of a ligature
                continue
            matrix = mupdf.ll_fz_make_matrix(
                placed.a,
                placed.b,
                placed.c,
                placed.d,
                item.x * ctm.a + item.y * ctm.c + ctm.e,
                item.x * ctm.b + item.y * ctm.d + ctm.f,
            )
            yield Glyph(span.font, item.gid, item.ucs, matrix, span.wmode)
        span = span.next


def draw_glyphs(glyphs: Iterable[Glyph], scale: float, area: PixelBox) -> Pixels:
    """The coverage of single glyphs, filled and opaque, 0 to 255 for each pixel of `area`."""
    text = mupdf.FzText()
    for glyph in glyphs:
        mupdf.ll_fz_show_glyph(
            text.m_internal, glyph.font, glyph.matrix, glyph.glyph, glyph.character,
            glyph.wmode, 0, mupdf.FZ_BIDI_LTR, mupdf.FZ_LANG_UNSET,
        )  # fmt: skip
    pixmap = empty_coverage(area)
    device = mupdf.fz_new_draw_device(mupdf.FzMatrix(scale, 0, 0, scale, 0, 0), pixmap)
    mupdf.ll_fz_fill_text(
        device.m_internal, text.m_internal, _identity(), None, [0], 1.0, _color_params()
    )
    mupdf.fz_close_device(device)
    return samples(pixmap)


@cache
def _identity() -> Any:
    return mupdf.ll_fz_make_matrix(1, 0, 0, 1, 0, 0)


@cache
def _color_params() -> Any:
    return mupdf.FzColorParams().internal()
