"""Reads the characters of a page with their boxes, as the content stream draws them.

Text and picture come from one display list, so annotations, form fields and hidden layers
are either in both or in neither. PyMuPDF's fallback for characters without Unicode (their
glyph number) is off: it would hide a broken encoding behind plausible letters.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import accumulate
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
import pymupdf
from pymupdf import mupdf

from renderers.pdf.canonical import (
    AMBIGUOUS_RADICAL,
    PRIVATE_USE_SYMBOLS,
    normalize,
    radical_ideograph,
    resolve_by_width,
)
from renderers.pdf.characters import BoxArray, Line, PageCharacters, as_array
from renderers.pdf.glyphs import LOST, Origin, is_lost, origin_key, recovered_characters
from renderers.pdf.lost_spaces import (
    may_lack_spaces,
    rows_at_limit,
    with_spaces,
    with_spaces_at_limit,
    without_covered_spaces,
)
from renderers.pdf.mirrored import HORIZONTAL, is_upside_down, upside_down
from renderers.pdf.page_edge import contains, cuts_letters, inside
from renderers.pdf.raw_text import raw_blocks
from renderers.pdf.styles import REGULAR, is_bold, is_italic, is_small_caps, span_style
from renderers.pdf.symbol_fonts import is_symbol_font
from renderers.picture import Box

_FILLED: int = mupdf.FZ_STEXT_FILLED
_PAINTED = mupdf.FZ_STEXT_FILLED | mupdf.FZ_STEXT_STROKED

_LEAST_PALE = 200
"""Least part of an sRGB color from which it is near white."""

_CHARACTER, _BOX = itemgetter("c"), itemgetter("bbox")

_MAYBE_LOST = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ue000-\uf8ff\ufdd0-\ufdef\ufffd-\uffff\U000e1000-\U0010ffff]"
)
"""Control characters, private use, noncharacters, and MuPDF's replacement character."""
_MAYBE_MIRRORED = 20
"""Characters on lines that seem mirrored, from which these are counted one by one: fewer do not
reject a page."""


def read_characters(
    display_list: pymupdf.DisplayList,
    wrong: Mapping[str, frozenset[str]] | None = None,
    *,
    styles: bool = False,
) -> PageCharacters:
    """Read all characters of a page; `wrong` has the characters that a font claims wrongly.

    A character without Unicode is named by its glyph where that has a name, else it is U+FFFD.
    With `styles` the style of each character is read, too.

    Raises:
        Rejected: `damaged`, the text cannot be read.
    """
    blocks, text_page = raw_blocks(display_list)
    page = display_list.rect
    edges = float(page.x0), float(page.y0), float(page.x1), float(page.y1)
    recovered = cache(lambda: recovered_characters(display_list))
    reader = _LineCollector(edges, recovered, wrong or {}, styles=styles)
    for block in blocks:
        for line in block.get("lines", ()):
            reader.add(line)
    characters = reader.characters()
    # A few characters are signs of a font with a wrong height: counting takes as long as a page.
    if characters.mirrored > _MAYBE_MIRRORED:
        return replace(characters, mirrored=upside_down(text_page))
    return characters


class _TextRun(NamedTuple):
    """A line before its box is known. `main` is the longest span in the font of most characters."""

    text: str
    main: dict[str, Any]
    horizontal: bool
    styles: str = ""


@dataclass(slots=True)
class _StyleCount:
    """The painted characters of a line in one font and size, and the span with most of them."""

    count: int
    most: int
    span: dict[str, Any]


class _LineCollector:
    """Collects lines and counts the characters that are not visible."""

    def __init__(
        self,
        page: Box,
        recovered: Callable[[], Mapping[Origin, str]],
        wrong: Mapping[str, frozenset[str]],
        *,
        styles: bool = False,
    ) -> None:
        self.page = page
        self.recovered = recovered
        self.wrong = wrong
        self.styles = styles
        self.lying = 0
        self.pieces: list[_TextRun] = []
        self.boxes: list[Box] = []
        self.total = self.invisible = self.clipped = self.mirrored = 0
        self.gray = True
        self.pale: list[Box] = []
        self.fonts: Counter[str] = Counter()

    def add(self, raw: dict[str, Any]) -> None:
        """Take over a line of MuPDF's raw dictionary, without the spans that are not painted."""
        texts: list[str] = []
        boxes: list[Box] = []
        # MuPDF ends a span at each space that it adds, so the characters of a font are counted.
        styles: dict[tuple[str, float], _StyleCount] = {}
        for span in raw["spans"]:
            found = span["chars"]
            letters = "".join(map(_CHARACTER, found))
            inked = len(letters) - letters.count(" ")
            color, alpha, flags = span["color"], span["alpha"], span["char_flags"]
            font = span["font"]
            if inked:  # spaces are never painted, yet keep words apart
                self.total += inked
                if not (flags & _PAINTED and alpha):
                    self.invisible += inked
                    continue
                if (color or alpha != 255 or flags & _PAINTED != _FILLED) and _is_pale(
                    flags, alpha, color
                ):
                    self.pale.append(span["bbox"])
            if color and not _is_gray(color):
                self.gray = False
            style = styles.get((font, span["size"]))
            if style is None:
                styles[font, span["size"]] = _StyleCount(inked, inked, span)
            else:
                style.count += inked
                if inked > style.most:
                    style.most, style.span = inked, span
            if self.wrong and font in self.wrong:
                wrong = self.wrong[font]
                self.lying += sum(c in wrong for c in letters)
            if is_symbol_font(font):
                letters, found = self._signs(letters, found)
            elif not (letters.isascii() and letters.isprintable()):
                letters = resolve_by_width(letters, map(_BOX, found), span["size"])
                if _MAYBE_LOST.search(letters):
                    letters, found = self._recover(letters, found)
            texts.append(letters)
            boxes.extend(map(_BOX, found))
        most = None
        for (font, _), style in styles.items():
            self.fonts[font] += style.count
            if most is None or style.count > most.count:
                most = style
        if most is None or not most.count:
            return
        text = "".join(texts)
        main = most.span
        if not contains(self.page, raw["bbox"]):
            cut = raw["dir"][0] > HORIZONTAL and not raw["wmode"] and cuts_letters(self.page, main)
            text, boxes, clipped = inside(self.page, text, boxes, cut)
            self.clipped += clipped
        if raw["dir"][0] > HORIZONTAL and not raw["wmode"]:
            text, boxes = without_covered_spaces(text, boxes)
        if not text.isascii() and may_lack_spaces(text) and raw["dir"][0] > HORIZONTAL:
            text, boxes = with_spaces(text, boxes, main["size"])
        text, boxes = normalize(text, boxes)
        if not text:
            return
        # A single letter may be mirrored, like the first E of the XeTeX logo.
        direction = abs(raw["dir"][0]) if len(text) == 1 else raw["dir"][0]
        horizontal = direction > HORIZONTAL and not raw["wmode"]
        if horizontal and len(text) > 1 and is_upside_down(main):
            self.mirrored += len(text)
        letters = _styles(raw["spans"], main, boxes) if self.styles else ""
        self.pieces.append(_TextRun(text, main, horizontal, letters))
        self.boxes.extend(boxes)

    def _recover(
        self, letters: str, found: Sequence[dict[str, Any]]
    ) -> tuple[str, Sequence[dict[str, Any]]]:
        """Name lost characters by their glyphs, and leave out parts of signs."""
        named, kept = [], []
        for letter, character in zip(letters, found, strict=True):
            if is_lost(letter) and ord(letter) not in PRIVATE_USE_SYMBOLS:
                letter = self.recovered().get(origin_key(*character["origin"]), LOST)
            if letter:
                named.append(letter)
                kept.append(character)
        return "".join(named), kept

    def _signs(
        self, letters: str, found: Sequence[dict[str, Any]]
    ) -> tuple[str, Sequence[dict[str, Any]]]:
        """The signs of a symbol font for the letters that a file calls them, without pieces of
        drawings."""
        signs = self.recovered()
        named = [
            letter if letter == " " else signs.get(origin_key(*character["origin"]), LOST)
            for letter, character in zip(letters, found, strict=True)
        ]
        return "".join(named), [c for c, name in zip(found, named, strict=True) if name]

    def _add_spaces_at_limit(self, edges: BoxArray) -> BoxArray:
        """Add the spaces at MuPDF's limit; the boxes of all characters, as `edges`."""
        starts = np.array([0, *accumulate([len(piece.text) for piece in self.pieces])], np.intp)
        sizes = np.array([piece.main["size"] for piece in self.pieces], np.float64)
        # From the last row on, so that the places of the rows before it remain.
        for row in reversed(rows_at_limit(edges, starts[:-1], sizes)):
            text, _, horizontal, styles = self.pieces[row]
            if not horizontal:
                continue
            start, stop = starts[row : row + 2].tolist()
            text, styles, self.boxes[start:stop] = with_spaces_at_limit(
                text, styles, self.boxes[start:stop], float(sizes[row])
            )
            self.pieces[row] = self.pieces[row]._replace(text=text, styles=styles)
        return as_array(self.boxes) if len(self.boxes) > len(edges) else edges

    def _resolve_ambiguous_radical(self) -> None:
        texts = [piece.text for piece in self.pieces]
        if any(AMBIGUOUS_RADICAL in text for text in texts):
            ideograph = radical_ideograph(texts)
            self.pieces = [
                piece._replace(text=piece.text.replace(AMBIGUOUS_RADICAL, ideograph))
                for piece in self.pieces
            ]

    def characters(self) -> PageCharacters:
        """The characters of all lines that were added."""
        edges = as_array(self.boxes)
        if len(edges):
            edges = self._add_spaces_at_limit(edges)
        self._resolve_ambiguous_radical()
        lines = tuple(_lines(self.pieces, self.boxes, edges))
        return PageCharacters(
            lines,
            edges,
            self.total,
            self.invisible,
            self.clipped,
            self.gray,
            self.lying,
            self.mirrored,
            tuple(self.pale),
            self.fonts,
        )


def _styles(spans: Sequence[dict[str, Any]], main: dict[str, Any], boxes: Sequence[Box]) -> str:
    """The style of each character; normalizing keeps the boxes of characters as objects."""
    known = {
        id(char["bbox"]): style
        for span in spans
        for style in (span_style(span, main),)
        for char in span["chars"]
    }
    return "".join([known.get(id(box), REGULAR) for box in boxes])


def _lines(pieces: Sequence[_TextRun], boxes: Sequence[Box], edges: BoxArray) -> Iterator[Line]:
    """Each piece as a line; `boxes` and `edges` hold the same character boxes of all pieces."""
    if not pieces:
        return
    stops = list(accumulate([len(piece.text) for piece in pieces]))
    starts = [0, *stops[:-1]]
    lows, highs = np.minimum.reduceat(edges[:, :2], starts), edges[:, 2:]
    around = np.hstack((lows, np.maximum.reduceat(highs, starts))).tolist()
    for (text, main, horizontal, styles), box, start, stop in zip(
        pieces, around, starts, stops, strict=True
    ):
        size, baseline = float(main["size"]), float(main["origin"][1])
        yield Line(
            text=text,
            boxes=tuple(boxes[start:stop]),
            size=size,
            baseline=baseline,
            horizontal=horizontal,
            monospaced=bool(main["flags"] & pymupdf.TEXT_FONT_MONOSPACED),
            box=tuple(box),
            top=baseline - 0.75 * size if horizontal else box[1],
            bottom=baseline + 0.2 * size if horizontal else box[3],
            bold=is_bold(main),
            italic=is_italic(main),
            small_caps=is_small_caps(main["font"]),
            styles=styles,
        )


def _is_pale(flags: int, alpha: int, color: int) -> bool:
    """Whether text is stroked, or filled in a transparent color or in one near white."""
    if flags & _PAINTED != _FILLED or alpha != 255:
        return True
    return color != 0 and min(color >> 16, color >> 8 & 255, color & 255) >= _LEAST_PALE


def _is_gray(color: int) -> bool:
    """Whether the three bytes of an sRGB color are equal."""
    return (color >> 16) == (color >> 8 & 255) == (color & 255)
