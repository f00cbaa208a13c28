"""Text as stamps: rasterized once by matplotlib's FreeType, measured, then laid on the picture.

matplotlib's `Text` artists lay text out several times for every draw and parse `$…$` as formulas.
A stamp is the same glyphs from the same engine, made once: its mask is at the same time what is
measured and what is drawn, so a box is never an estimate, and a `$` is a `$`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.ft2font import FT2Font, LoadFlags

from renderers.charts.directions import Align, aligned, directed, is_shaped
from renderers.charts.matplotlib.spacing import RIGHT_ANGLE
from renderers.charts.matplotlib.word_spans import WIDE, Span, letter_spans, shaped_spans
from renderers.charts.wrapping import NEVER_FIRST, break_lines
from renderers.fonts import Face
from renderers.picture import Box, Region
from renderers.roles import WORD

PIXEL_DPI = 72
"""At this resolution a point is a pixel."""
SUBPIXELS = 64
"""FreeType measures in 64ths of a pixel."""
ASCENT = 0.88
"""Least height above the baseline of a first line, in ems: lines of capitals and of small letters
then align."""
LINE_BOX = 1.1
"""Height of a single line, in ems."""
BLANK_WIDTH = 0.3
"""Of a line without ink, in ems."""

Mask = npt.NDArray[np.uint8]

LINE = 1.3
"""Baseline to baseline, in ems."""
LIGATURES_OFF: Any = ("-liga", "-clig", "-dlig", "-calt")
"""One glyph for each character: its position is then known. Scripts that join their letters need
the features that this turns off."""


@dataclass(frozen=True, slots=True)
class Font:
    """A face at a size: `size` is the em in pixels."""

    face: Face
    size: float
    hinted: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Stamp:
    """Drawn text. `mask` is its coverage, 0 to 255, cut to the ink. `top` is the number of rows
    from the ascender line of the first line down to the mask's first row, so that neighbors
    align by line and not by ink; `line_height` is the height of all lines so measured. `words`
    are relative to the mask."""

    text: str
    font: Font
    mask: Mask
    top: int
    line_height: int
    angle: float = 0.0
    words: tuple[Region, ...] = ()

    @property
    def width(self) -> int:
        return int(self.mask.shape[1])

    @property
    def height(self) -> int:
        return int(self.mask.shape[0])

    def turned(self, angle: float) -> Stamp:
        """The same text turned counter-clockwise by `angle` degrees."""
        if angle == 0:
            return self
        if angle == RIGHT_ANGLE:
            mask = np.ascontiguousarray(np.rot90(self.mask))
            return Stamp(self.text, self.font, mask, 0, mask.shape[0], RIGHT_ANGLE)
        if angle == 3 * RIGHT_ANGLE:  # downwards
            mask = np.ascontiguousarray(np.rot90(self.mask, -1))
            return Stamp(self.text, self.font, mask, 0, mask.shape[0], angle)
        if "\n" in self.text:
            raise ValueError("only single lines can be slanted")
        mask, _, _ = _line(self.font, self.text, angle)
        mask, _, _ = _trim(mask)
        return Stamp(self.text, self.font, mask, 0, mask.shape[0], angle)


@lru_cache(maxsize=64)
def _load(face: Face) -> FT2Font:
    return FT2Font(face.path, face_index=face.index)


@lru_cache(maxsize=4096)
def stamp(text: str, font: Font, align: Align = "center") -> Stamp:
    """Rasterize text; `\\n` breaks lines, which are aligned to each other by `align`, from right to
    left by its mirror image."""
    align = aligned(align, text)
    lines = [_line(font, line, 0.0) for line in text.split("\n")]
    ascent = max(round(font.size * ASCENT), *(above for _, above, _ in lines))
    step = round(font.size * LINE)
    width = max(mask.shape[1] for mask, _, _ in lines)
    rows = ascent + step * (len(lines) - 1) + max(m.shape[0] - a for m, a, _ in lines)
    page: Mask = np.zeros((rows, width), np.uint8)
    words: list[Region] = []
    for number, (mask, above, spans) in enumerate(lines):
        free = width - mask.shape[1]
        x = {"left": 0, "center": free // 2, "right": free}[align]
        y = ascent - above + step * number
        place = page[y : y + mask.shape[0], x : x + mask.shape[1]]
        np.maximum(place, mask, out=place)
        words += _words(spans, mask, x, y)
    mask, left, top = _trim(page)
    height, width = mask.shape
    words = [Region(_clip_to_mask(w.bbox, left, top, width, height), w.text, WORD) for w in words]
    line_height = round(font.size * LINE_BOX) + step * (len(lines) - 1)
    return Stamp(text, font, mask, top, line_height, 0.0, tuple(words))


def wrap(text: str, font: Font, width: float, max_lines: int = 3) -> str | None:
    """The text broken into lines of at most `width` pixels: English at spaces, Chinese between
    any two characters but never before closing punctuation. None where it does not fit."""
    if advance(text, font) <= width:
        return text
    lines = break_lines(_pieces(text), lambda line: advance(line, font) <= width)
    if len(lines) > max_lines or any(advance(line, font) > width for line in lines):
        return None
    return "\n".join(lines)


def advance(text: str, font: Font) -> float:
    """About the width of one line in pixels (kerning apart), without laying it out, unless its
    letters are shaped by their neighbors."""
    if is_shaped(text):
        return _shaped_advance(text, font)
    return sum(_advance(character, font) for character in text)


@lru_cache(maxsize=65536)
def _advance(character: str, font: Font) -> float:
    face = _load(font.face)
    face.set_size(font.size, PIXEL_DPI)
    # A character without a glyph has index 0, the font's box for it.
    glyph = face.load_glyph(face.get_char_index(ord(character)), _flags(font))
    return glyph.horiAdvance / SUBPIXELS


@lru_cache(maxsize=16384)
def _shaped_advance(text: str, font: Font) -> float:
    face = _load(font.face)
    face.set_size(font.size, PIXEL_DPI)
    face.set_text(directed(text), 0.0, flags=_flags(font))
    width, _ = face.get_width_height()
    return float(width) / SUBPIXELS


def _pieces(text: str) -> list[str]:
    """Units that a line may end after, spaces kept at their front."""
    closing = "，。、；：！？）》」』”’%℃,.;:!?)" + NEVER_FIRST
    pieces: list[str] = []
    for piece in re.findall(rf"\s*(?:[{WIDE}]|[^\s{WIDE}]+)", text):
        if pieces and piece[0] in closing:
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return pieces


def _flags(font: Font) -> LoadFlags:
    # Embedded bitmaps of old Chinese fonts come without antialiasing, some of them broken.
    outline = LoadFlags.NO_BITMAP
    return outline | (LoadFlags.FORCE_AUTOHINT if font.hinted else LoadFlags.NO_HINTING)


def _line(font: Font, text: str, angle: float) -> tuple[Mask, int, list[Span]]:
    """Mask, rows above the baseline, and the words with their places (none where characters and
    glyphs do not correspond)."""
    if not text.strip():
        return np.zeros((1, max(1, round(font.size * BLANK_WIDTH))), np.uint8), 1, []
    face = _load(font.face)
    face.set_size(font.size, PIXEL_DPI)
    shaped = is_shaped(text)
    drawn, features = (directed(text), None) if shaped else (text, LIGATURES_OFF)
    places = face.set_text(drawn, angle, flags=_flags(font), features=features)
    face.draw_glyphs_to_bitmap(antialiased=True)
    mask = np.array(face.get_image(), np.uint8)
    above = mask.shape[0] - round(face.get_descent() / SUBPIXELS)
    end = float(mask.shape[1])
    if shaped and not angle:
        # The only way to ask which letters a glyph stands for; the pinned version has it.
        glyphs = [(item.char, item.x) for item in face._layout(drawn, _flags(font))]
        return mask, above, shaped_spans(text, glyphs, end)
    if shaped or len(places) != len(text):
        return mask, above, []
    first = float(places[0, 0])
    starts = [(float(x) - first) / SUBPIXELS for x in places[:, 0]]
    return mask, above, letter_spans(text, [*starts, end])


def _words(spans: Sequence[Span], mask: Mask, x: int, y: int) -> list[Region]:
    """Boxes of the words of a line, as high as their ink."""
    regions = []
    for word, start, end in spans:
        left, right = round(start), round(end)
        inked = np.flatnonzero(mask[:, max(0, left) : max(left + 1, right)].any(1))
        if len(inked):
            box = (x + left, y + float(inked[0]), x + right, y + float(inked[-1]) + 1)
            regions.append(Region(box, word, WORD))
    return regions


def _trim(mask: Mask) -> tuple[Mask, int, int]:
    """The mask without empty borders, and how many columns and rows went at left and top."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    if not len(rows):
        return mask[:1, :1], 0, 0
    top, left = int(rows[0]), int(columns[0])
    return mask[top : int(rows[-1]) + 1, left : int(columns[-1]) + 1], left, top


def _clip_to_mask(box: Box, left: int, top: int, width: int, height: int) -> Box:
    x0, y0, x1, y1 = box
    return (
        max(0.0, x0 - left),
        max(0.0, y0 - top),
        min(float(width), x1 - left),
        min(float(height), y1 - top),
    )
