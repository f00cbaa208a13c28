"""The characters of a page with their boxes, as the content stream draws them.

Text and picture come from one display list, so annotations, form fields and hidden layers
are either in both or in neither. PyMuPDF's fallback for characters without Unicode (their
glyph number) is off: it would hide a broken encoding behind plausible letters. Replacement
texts (`ActualText`) are ignored: the picture shows the glyphs, and `ActualText` may hold any
text. Chromium writes there which character a shared glyph means; the tables below replace it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import accumulate, chain
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pymupdf
from pymupdf import mupdf

from renderers.pdf.canonical import AMBIGUOUS_RADICAL, PRIVATE_USE_SYMBOLS, normalize
from renderers.pdf.glyphs import LOST, Origin, is_lost, origin_key, recovered_characters
from renderers.pdf.lost_spaces import (
    may_lack_spaces,
    rows_at_limit,
    spaces_at_limit,
    with_spaces,
)
from renderers.pdf.mirrored import HORIZONTAL, is_upside_down, upside_down
from renderers.pdf.styles import REGULAR, is_bold, is_italic, is_small_caps, span_style
from renderers.picture import Box
from renderers.rejected import Rejected

BoxArray = npt.NDArray[np.float64]
"""`[N, 4]` boxes in points."""

_FLAGS = pymupdf.TEXT_PRESERVE_WHITESPACE | pymupdf.TEXT_IGNORE_ACTUALTEXT | pymupdf.TEXT_CLIP
"""`TEXT_CLIP` leaves out characters outside the clip, such as those of a trimmed figure."""
_FILLED: int = mupdf.FZ_STEXT_FILLED
_PAINTED = mupdf.FZ_STEXT_FILLED | mupdf.FZ_STEXT_STROKED

_LEAST_PALE = 200
"""Least part of an sRGB color from which it is near white."""

_CHARACTER, _BOX = itemgetter("c"), itemgetter("bbox")


_MARKS_BY_WIDTH = {"∕": "∕／", "\u2329": "⟨〈", "\u232a": "⟩〉"}
"""Code points that name two marks: the mathematical sign, and the mark as wide as an ideograph
that has the same glyph in Noto CJK. ⟨ is the usual code of what Adobe's glyph list has at
U+2329."""
_WIDTH_DEPENDENT = re.compile(f"[{''.join(_MARKS_BY_WIDTH)}]")
_MIN_WIDE_EM = 0.9
"""Width in font sizes from which a character counts as wide as an ideograph."""
_MAYBE_LOST = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ue000-\uf8ff\ufdd0-\ufdef\ufffd-\uffff\U000e1000-\U0010ffff]"
)
"""Control characters, private use, noncharacters, and MuPDF's replacement character."""
_MAYBE_MIRRORED = 20
"""Characters on lines that seem mirrored, from which these are counted one by one: fewer do not
reject a page."""
_LEAST_TOP, _MOST_TOP = 0.1, 0.55
"""Heights of the page's upper edge above a base line, in font sizes, at which it cuts letters: the
tails below are no text, and ascenders may lack their tips."""
_LEAST_FOOT, _MOST_FOOT = 0.05, 0.5
"""The same of its lower edge: letters may lack their tails, and tips alone are no text."""
_LEAST_HEIGHT = 0.58
"""Height of a character's box in font sizes, below which its font states a wrong one."""
_ASCENT, _DESCENT = 0.8, 0.2
"""The usual height above and below the base line, in font sizes."""
_NOT_HAN = re.compile("[^一-鿿]+")


@dataclass(frozen=True, slots=True)
class Line:
    """A piece of one line: characters that follow each other without a wide gap.

    `text` and `boxes` are parallel; boxes are in points, advance width by line height. `size` is
    the font size and `baseline` the y of the base line of most characters. `box` encloses all
    boxes; `top` and `bottom` bound the ink of a horizontal line more closely. `start` is where a
    row beside a drop cap would begin without it. `styles` has one letter for each character, see
    `renderers.pdf.styles`; it is empty unless styles are read.
    """

    text: str
    boxes: tuple[Box, ...]
    size: float
    baseline: float
    horizontal: bool
    monospaced: bool
    box: Box
    top: float
    bottom: float
    bold: bool = False
    italic: bool = False
    small_caps: bool = False
    start: float | None = None
    styles: str = ""

    @property
    def x0(self) -> float:
        return self.box[0]

    @property
    def x1(self) -> float:
        return self.box[2]


def has_fixed_pitch(line: Line, start: int = 0) -> bool:
    """Whether all characters from `start` on have the same width.

    Many typewriter fonts are not flagged as monospaced. `start` skips a line number, which is
    often set in another font.
    """
    text, boxes = line.text, line.boxes
    if start:
        text, boxes = text[start:], boxes[start:]
    if len(text) < 8 or not text.isascii():
        return False
    left, _, right, _ = boxes[0]
    width, slack = right - left, 0.02 * line.size
    for x0, _, x1, _ in boxes:
        if abs(x1 - x0 - width) > slack:
            return False
    return len(set(filter(str.isalpha, text))) > 3  # digits are equally wide in most fonts


@dataclass(frozen=True, slots=True)
class PageCharacters:
    """Every visible line in content-stream order, and how much was left out.

    `edges` has the boxes of all characters of all lines, `[N, 4]`. `invisible` counts
    characters that are not painted (render mode 3, no opacity), `clipped` those that the page's
    edge cuts, `lying` those that their font gives to other glyphs, `mirrored` those that stand
    upside down on a horizontal line, `total` all characters of the page. `gray` is true if no text
    has a color. `pale` has the boxes of text that is not filled in an opaque color, or in one near
    white. `fonts` counts the characters by font.
    """

    lines: tuple[Line, ...]
    edges: BoxArray
    total: int
    invisible: int
    clipped: int
    gray: bool
    lying: int = 0
    mirrored: int = 0
    pale: tuple[Box, ...] = ()
    fonts: Mapping[str, int] = field(default_factory=dict)


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
    blocks, text_page = _raw_blocks(display_list)
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


def _raw_blocks(
    display_list: pymupdf.DisplayList,
) -> tuple[list[dict[str, Any]], pymupdf.TextPage]:
    """The blocks of a page, and the object that they were read from."""
    try:
        text_page = pymupdf.TextPage(display_list.get_textpage(_FLAGS))
        blocks = text_page.extractRAWDICT()["blocks"]
    except Exception as error:
        raise Rejected("damaged", f"text cannot be read: {error}"[:200]) from error
    for block in blocks:
        for line in block.get("lines", ()):
            if line["dir"][0] > HORIZONTAL and not line["wmode"]:
                _restore_heights(line["spans"])
    return blocks, text_page


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
    blocks, _ = _raw_blocks(display_list)
    spans = (s for block in blocks for line in block.get("lines", ()) for s in line["spans"])
    return {c["bbox"]: c["origin"] for span in spans for c in span["chars"]}


def as_array(boxes: Sequence[Box]) -> BoxArray:
    """Boxes as float64 `[N, 4]`: left, top, right, bottom, in the unit of the boxes."""
    return np.fromiter(chain.from_iterable(boxes), np.float64, 4 * len(boxes)).reshape(-1, 4)


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
            if not (letters.isascii() and letters.isprintable()):
                if _WIDTH_DEPENDENT.search(letters):
                    letters = _resolve_by_width(letters, found, _MIN_WIDE_EM * span["size"])
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
        if not _contains(self.page, raw["bbox"]):
            upright = raw["dir"][0] > HORIZONTAL and not raw["wmode"]
            text, boxes = self._inside(text, boxes, self._is_cut(main) if upright else False)
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

    def _is_cut(self, main: dict[str, Any]) -> bool:
        """Whether the upper or lower edge of the page cuts through the letters of a row."""
        baseline, size = float(main["origin"][1]), float(main["size"])
        above, below = ((baseline - edge) / size for edge in (self.page[1], self.page[3]))
        return _LEAST_TOP < above < _MOST_TOP or _LEAST_FOOT < below < _MOST_FOOT

    def _inside(self, text: str, boxes: list[Box], cut: bool) -> tuple[str, list[Box]]:
        """Drop the characters whose center is outside the page; `cut` if it cuts their row."""
        x0, y0, x1, y1 = self.page
        kept = []
        for index, b in enumerate(boxes):
            inside = x0 <= (b[0] + b[2]) / 2 <= x1 and y0 <= (b[1] + b[3]) / 2 <= y1
            over = 0.25 * (b[2] - b[0])  # boxes are often wider than the ink
            beyond = b[0] < x0 - over or b[2] > x1 + over or (cut and b[0] < x1 and b[2] > x0)
            self.clipped += text[index] != " " and beyond
            if inside:
                kept.append(index)
        return "".join([text[i] for i in kept]), [boxes[i] for i in kept]

    def _add_spaces_at_limit(self, edges: BoxArray) -> BoxArray:
        """Add the spaces of `spaces_at_limit`; the boxes of all characters, as `edges`."""
        starts = np.array([0, *accumulate([len(piece.text) for piece in self.pieces])], np.intp)
        sizes = np.array([piece.main["size"] for piece in self.pieces], np.float64)
        changed = False
        # From the last row on, so that the places of the rows before it remain.
        for row in reversed(rows_at_limit(edges, starts[:-1], sizes)):
            start, stop = starts[row : row + 2].tolist()
            text, _, horizontal, styles = self.pieces[row]
            if not horizontal:
                continue
            missing = spaces_at_limit(text, self.boxes[start:stop], float(sizes[row]))
            for index in reversed(missing):
                before, after = self.boxes[start + index], self.boxes[start + index + 1]
                space = (before[2], before[1], after[0], before[3])
                self.boxes.insert(start + index + 1, space)
                text = f"{text[: index + 1]} {text[index + 1 :]}"
                if styles:
                    styles = f"{styles[: index + 1]}{styles[index]}{styles[index + 1 :]}"
            self.pieces[row] = self.pieces[row]._replace(text=text, styles=styles)
            changed |= bool(missing)
        return as_array(self.boxes) if changed else edges

    def characters(self) -> PageCharacters:
        edges = as_array(self.boxes)
        if len(edges):
            edges = self._add_spaces_at_limit(edges)
        lines = tuple(_lines(_resolve_ambiguous_radical_2FBE(self.pieces), self.boxes, edges))
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


def _resolve_by_width(letters: str, found: Sequence[dict[str, Any]], wide: float) -> str:
    """Replace each code point of two marks by the one of its width.

    The smaller side of a box is its width or, in rotated text, its height.
    """
    return "".join(
        _MARKS_BY_WIDTH[letter][min(x1 - x0, y1 - y0) > wide]
        if letter in _MARKS_BY_WIDTH
        else letter
        for letter, (x0, y0, x1, y1) in zip(letters, map(_BOX, found), strict=True)
    )


def _resolve_ambiguous_radical_2FBE(pieces: list[_TextRun]) -> list[_TextRun]:
    """Replace the radical U+2FBE by 户, or by 戶 if Big5 has more of the page than GB 2312."""
    if not any(AMBIGUOUS_RADICAL in piece.text for piece in pieces):
        return pieces
    han = _NOT_HAN.sub("", "".join([piece.text for piece in pieces]))
    simplified, traditional = (len(han.encode(code, "ignore")) for code in ("gb2312", "big5"))
    ideograph = "戶" if traditional > simplified else "户"
    return [
        piece._replace(text=piece.text.replace(AMBIGUOUS_RADICAL, ideograph)) for piece in pieces
    ]


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


def _contains(outer: Box, inner: Box) -> bool:
    return (
        inner[0] >= outer[0]
        and inner[1] >= outer[1]
        and inner[2] <= outer[2]
        and inner[3] <= outer[3]
    )
