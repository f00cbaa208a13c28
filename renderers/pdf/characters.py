"""The characters of a page with their boxes, as the content stream draws them.

Text and picture come from one display list, so annotations, form fields and hidden layers
are either in both or in neither. PyMuPDF's fallback for characters without Unicode (their
glyph number) is off: it would hide a broken encoding behind plausible letters. Replacement
texts (`ActualText`) are ignored: the picture shows the glyphs, and `ActualText` may hold any
text. Chromium writes there which character a shared glyph means; the tables below replace it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, chain
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pymupdf
from pymupdf import mupdf

from renderers.pdf.styles import REGULAR, is_bold, span_style
from renderers.picture import Box
from renderers.rejected import Rejected

BoxArray = npt.NDArray[np.float64]
"""`[N, 4]` boxes in points."""

_FLAGS = pymupdf.TEXT_PRESERVE_WHITESPACE | pymupdf.TEXT_IGNORE_ACTUALTEXT
_PAINTED = mupdf.FZ_STEXT_FILLED | mupdf.FZ_STEXT_STROKED

_CHARACTER, _BOX = itemgetter("c"), itemgetter("bbox")

_HORIZONTAL = 0.9995
"""Cosine of the steepest line that still counts as horizontal (about 1.8 degrees)."""
_MIN_HEIGHT = 0.5
"""Points by which the edges of a mirrored character differ."""
_LOWEST_MIRRORED = 0.35
"""Height of the base line in a character's box from its top; about 0.8 unless it is mirrored."""

# Where several code points share a glyph, many PDFs name the first of them. For Kangxi radicals
# and compatibility ideographs NFKC gives the ordinary character. NFKC does not change the radicals
# of the supplement: here each is followed by the ideograph with the same glyph in Noto CJK.
_NFKC_CODES = (*range(0x2F00, 0x2FD6), *range(0xF900, 0xFB00))
_RADICAL_SUPPLEMENT = (
    "⺂乛⺃乚⺅亻⺇𠘨⺉刂⺋㔾⺍𭕄⺎兀⺏尣⺐尢⺒巳⺓幺⺔彑⺕彐⺖忄⺘扌⺙攵⺛旡⺞歺⺟母⺠民⺡氵⺣灬"
    "⺤爫⺦丬⺨犭⺩𤣩⺫罒⺭礻⺮𥫗⺯糹⺰纟⺱罓⺲罒⺳㓁⺹耂⺺肀⺽𦥑⺾艹⺿艹⻀艹⻁虎⻂衤⻃覀⻄西⻅见"
    "⻆角⻇𧢲⻈讠⻉贝⻊𧾷⻋车⻌辶⻍辶⻎辶⻐钅⻑長⻒镸⻓长⻔门⻕𨸏⻖阝⻘青⻙韦⻚页⻛风⻜飞⻝食⻞𩙿"
    "⻟飠⻠饣⻡𩠐⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀⻳龟"
)
_AMBIGUOUS_RADICAL = "⼾"
"""U+2FBE, the only radical whose glyph depends on the font: 户 in simplified fonts, 戶 in
traditional ones. Chromium embeds Noto CJK without its name, so the other characters of the page
decide."""
_COMMON_PUNCTUATION = {"‒": "–", "―": "—", "⸺": "——", "⸻": "———", "〜": "～"}
"""Rare code points of common marks. Each pair shares a glyph in Noto CJK; on Chinese pages
Chromium names — as ―, on pages without a language it names —— as ⸺."""
_RARE_IDEOGRAPHS = "㫚曶㬵胶㬺幐㮣槩"
"""Pairs: an ideograph that usual text does not contain, then the ideograph of GBK with the same
glyph in Noto Sans CJK."""
_MARKS_BY_WIDTH = {"∕": "∕／", "\u2329": "⟨〈", "\u232a": "⟩〉"}
"""Code points that name two marks: the mathematical sign, and the mark as wide as an ideograph
that has the same glyph in Noto CJK. ⟨ is the usual code of what Adobe's glyph list has at
U+2329."""
_WIDTH_DEPENDENT = re.compile(f"[{''.join(_MARKS_BY_WIDTH)}]")
_MIN_WIDE_EM = 0.9
"""Width in font sizes from which a character counts as wide as an ideograph."""
_NOT_HAN = re.compile("[^一-鿿]+")
_SPACES = (0x00A0, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000, 0x09, 0x0A, 0x0D)
_ZERO_WIDTH = (0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF, *range(0x202A, 0x202F))
# Customary code points of the private use area: of the Symbol and Wingdings fonts, and of the
# pieces of tall brackets (Adobe glyph list), which later versions of Unicode contain.
_PRIVATE_USE_SYMBOLS = {
    **dict(zip(range(0xF8EB, 0xF8FF), "⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪⎮⎞⎟⎠⎤⎥⎦⎫⎬⎭", strict=True)),
    **dict(zip((0xF8E6, 0xF8E7), "⏐⎯", strict=True)),
    **dict(zip((0xF0B7, 0xF0A7, 0xF0A8, 0xF06E, 0xF06C), "•▪□■●", strict=True)),
    **dict(zip((0xF076, 0xF0D8, 0xF0FC, 0xF0FE, 0xF0E0), "❖➢✓☒→", strict=True)),
    **dict(zip((0xF0AE, 0xF02D, 0xF0B0, 0xF0B1, 0xF0B4), "→-°±×", strict=True)),
    **dict(zip((0xF061, 0xF062, 0xF067, 0xF06D), "αβγμ", strict=True)),
}
_CANONICAL: dict[int, str] = {
    **{code: unicodedata.normalize("NFKC", chr(code)) for code in _NFKC_CODES},
    **dict(zip(map(ord, _RADICAL_SUPPLEMENT[::2]), _RADICAL_SUPPLEMENT[1::2], strict=True)),
    **{code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)},
    **dict.fromkeys(_SPACES, " "),
    **dict.fromkeys(_ZERO_WIDTH, ""),
    **_PRIVATE_USE_SYMBOLS,
    0x00AD: "-",  # a soft hyphen that is drawn is a hyphen
    0x2010: "-",
    0x2011: "-",
    **{ord(rare): usual for rare, usual in _COMMON_PUNCTUATION.items()},
    **dict(zip(map(ord, _RARE_IDEOGRAPHS[::2]), _RARE_IDEOGRAPHS[1::2], strict=True)),
}
del _CANONICAL[ord(_AMBIGUOUS_RADICAL)]
_HAS_CANONICAL_FORM = re.compile(
    "[" + "".join(f"\\U{code:08x}" for code in sorted(_CANONICAL)) + "]"
)


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
    text, boxes = line.text[start:], line.boxes[start:]
    if len(text) < 8 or not text.isascii():
        return False
    left, _, right, _ = boxes[0]
    width, slack = right - left, 0.02 * line.size
    if any(abs(x1 - x0 - width) > slack for x0, _, x1, _ in boxes):
        return False
    return len(set(filter(str.isalpha, text))) > 3  # digits are equally wide in most fonts


@dataclass(frozen=True, slots=True)
class PageCharacters:
    """Every visible line in content-stream order, and how much was left out.

    `edges` has the boxes of all characters of all lines, `[N, 4]`. `invisible` counts
    characters that are not painted (render mode 3, no opacity), `clipped` those that the page's
    edge cuts, `mirrored` those that stand upside down on a horizontal line, `total` all characters
    of the page. `gray` is true if no text has a color. `fonts` counts the characters by font.
    """

    lines: tuple[Line, ...]
    edges: BoxArray
    total: int
    invisible: int
    clipped: int
    gray: bool
    mirrored: int = 0
    fonts: Mapping[str, int] = field(default_factory=dict)


def read_characters(display_list: pymupdf.DisplayList, *, styles: bool = False) -> PageCharacters:
    """Read all characters of a page, with `styles` also the style of each.

    Raises:
        Rejected: `damaged`, the text cannot be read.
    """
    try:
        text_page = pymupdf.TextPage(display_list.get_textpage(_FLAGS))
        blocks = text_page.extractRAWDICT()["blocks"]
    except Exception as error:
        raise Rejected("damaged", f"text cannot be read: {error}"[:200]) from error
    page = display_list.rect
    edges = float(page.x0), float(page.y0), float(page.x1), float(page.y1)
    reader = _LineCollector(edges, styles=styles)
    for block in blocks:
        for line in block.get("lines", ()):
            reader.add(line)
    characters = reader.characters()
    if characters.mirrored:  # or the font states a wrong height
        return replace(characters, mirrored=_upside_down(text_page))
    return characters


def _upside_down(text_page: pymupdf.TextPage) -> int:
    """The characters whose upper edge is below their lower edge, on horizontal lines.

    Type 3 fonts do not count: many draw upright glyphs with a mirrored matrix.
    """
    return sum(
        char.m_internal.quad.ul.y > char.m_internal.quad.ll.y + _MIN_HEIGHT
        and not mupdf.ll_fz_font_t3_procs(char.m_internal.font)
        for block in text_page.this
        if block.m_internal.type == mupdf.FZ_STEXT_BLOCK_TEXT
        for line in block
        if line.m_internal.dir.x > _HORIZONTAL
        for char in line
    )


def _as_array(boxes: Sequence[Box]) -> BoxArray:
    return np.fromiter(chain.from_iterable(boxes), np.float64, 4 * len(boxes)).reshape(-1, 4)


class _TextRun(NamedTuple):
    """A line before its box is known. `main` is the span with most of its characters."""

    text: str
    main: dict[str, Any]
    horizontal: bool
    styles: str = ""


class _LineCollector:
    """Collects lines and counts the characters that are not visible."""

    def __init__(self, page: Box, *, styles: bool = False) -> None:
        self.page = page
        self.styles = styles
        self.pieces: list[_TextRun] = []
        self.boxes: list[Box] = []
        self.total = self.invisible = self.clipped = self.mirrored = 0
        self.gray = True
        self.fonts: Counter[str] = Counter()

    def add(self, raw: dict[str, Any]) -> None:
        text = ""
        boxes: list[Box] = []
        longest, main = 0, None
        for span in raw["spans"]:
            found = span["chars"]
            letters = "".join(map(_CHARACTER, found))
            inked = len(letters) - letters.count(" ")
            self.total += inked
            painted = span["char_flags"] & _PAINTED and span["alpha"]
            if inked and not painted:  # spaces are never painted, yet keep words apart
                self.invisible += inked
                continue
            self.gray = self.gray and _is_gray(span["color"])
            self.fonts[span["font"]] += inked
            if inked > longest:
                longest, main = inked, span
            if not letters.isascii() and _WIDTH_DEPENDENT.search(letters):
                letters = _resolve_by_width(letters, found, _MIN_WIDE_EM * span["size"])
            text += letters
            boxes.extend(map(_BOX, found))
        if main is None:
            return
        if not _contains(self.page, raw["bbox"]):
            text, boxes = self._inside(text, boxes)
        text, boxes = normalize(text, boxes)
        if not text:
            return
        # A single letter may be mirrored, like the first E of the XeTeX logo.
        direction = abs(raw["dir"][0]) if len(text) == 1 else raw["dir"][0]
        horizontal = direction > _HORIZONTAL and not raw["wmode"]
        if horizontal and len(text) > 1 and _is_upside_down(main):
            self.mirrored += len(text)
        styles = _styles(raw["spans"], main, boxes) if self.styles else ""
        self.pieces.append(_TextRun(text, main, horizontal, styles))
        self.boxes.extend(boxes)

    def _inside(self, text: str, boxes: list[Box]) -> tuple[str, list[Box]]:
        """Drop the characters whose center is outside the page."""
        x0, y0, x1, y1 = self.page
        kept = []
        for index, b in enumerate(boxes):
            inside = x0 <= (b[0] + b[2]) / 2 <= x1 and y0 <= (b[1] + b[3]) / 2 <= y1
            over = 0.25 * (b[2] - b[0])  # boxes are often wider than the ink
            self.clipped += text[index] != " " and (b[0] < x0 - over or b[2] > x1 + over)
            if inside:
                kept.append(index)
        return "".join([text[i] for i in kept]), [boxes[i] for i in kept]

    def characters(self) -> PageCharacters:
        edges = _as_array(self.boxes)
        lines = tuple(_lines(_resolve_ambiguous_radical_2FBE(self.pieces), self.boxes, edges))
        return PageCharacters(
            lines,
            edges,
            self.total,
            self.invisible,
            self.clipped,
            self.gray,
            self.mirrored,
            self.fonts,
        )


def _is_upside_down(span: dict[str, Any]) -> bool:
    """Whether a horizontal span's base line is at the top of its characters."""
    _, top, _, bottom = span["bbox"]
    return bool(span["origin"][1] - top < _LOWEST_MIRRORED * (bottom - top))


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
    if not any(_AMBIGUOUS_RADICAL in piece.text for piece in pieces):
        return pieces
    han = _NOT_HAN.sub("", "".join([piece.text for piece in pieces]))
    simplified, traditional = (len(han.encode(code, "ignore")) for code in ("gb2312", "big5"))
    ideograph = "戶" if traditional > simplified else "户"
    return [
        piece._replace(text=piece.text.replace(_AMBIGUOUS_RADICAL, ideograph)) for piece in pieces
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
            styles=styles,
        )


def _is_gray(color: int) -> bool:
    """Whether the three bytes of an sRGB color are equal."""
    return color == 0 or (color >> 16) == (color >> 8 & 255) == (color & 255)


def _contains(outer: Box, inner: Box) -> bool:
    return (
        inner[0] >= outer[0]
        and inner[1] >= outer[1]
        and inner[2] <= outer[2]
        and inner[3] <= outer[3]
    )


def normalize(text: str, boxes: list[Box]) -> tuple[str, list[Box]]:
    """Canonical characters, composed accents, no outer spaces; boxes stay parallel to the text."""
    if not text.isascii():
        text, boxes = _compose(text, boxes)
        if not _HAS_CANONICAL_FORM.search(text):
            return _stripped(text, boxes)
        shapes = [_CANONICAL.get(ord(c), c) for c in text]
        if any(len(shape) != 1 for shape in shapes):
            pairs = zip(boxes, shapes, strict=True)
            boxes = [part for box, shape in pairs for part in _parts(box, shape)]
        text = "".join(shapes)
    elif not text.isprintable():
        text = text.replace("\t", " ").replace("\n", " ").replace("\r", " ")
    return _stripped(text, boxes)


def _parts(box: Box, shape: str) -> list[Box]:
    """A box for each character: dashes divide the box, letters of a ligature all get all of it."""
    count = len(shape)
    if count < 2 or shape[0] != "—":
        return [box] * count
    x0, y0, x1, y1 = box
    width = (x1 - x0) / count
    return [(x0 + i * width, y0, x0 + (i + 1) * width, y1) for i in range(count)]


def _stripped(text: str, boxes: list[Box]) -> tuple[str, list[Box]]:
    if text and text[0] != " " and text[-1] != " ":
        return text, boxes
    start = len(text) - len(text.lstrip(" "))
    stop = len(text.rstrip(" "))
    return text[start:stop], boxes[start:stop]


_ACCENTS = {
    "`": "\u0300",
    "´": "\u0301",
    "ˆ": "\u0302",
    "˜": "\u0303",
    "¯": "\u0304",
    "˘": "\u0306",
    "˙": "\u0307",
    "¨": "\u0308",
    "˚": "\u030a",
    "˝": "\u030b",
    "ˇ": "\u030c",
    "¸": "\u0327",
}
_ANY_ACCENT = re.compile("[" + "".join(_ACCENTS) + "]")


def _compose(text: str, boxes: list[Box]) -> tuple[str, list[Box]]:
    """Join an accent that TeX draws over a letter with the letter: `´` on `e` gives `é`."""
    if not _ANY_ACCENT.search(text):
        return text, boxes
    out: list[str] = []
    kept: list[int] = []
    index = 0
    while index < len(text):
        pair = text[index : index + 2]
        if len(pair) == 2:
            joined = _accented(pair, boxes[index], boxes[index + 1])
            if joined:
                letter = index + 1 if pair[0] in _ACCENTS else index
                out.append(joined)
                kept.append(letter)
                index += 2
                continue
        out.append(text[index])
        kept.append(index)
        index += 1
    return "".join(out), [boxes[i] for i in kept]


def _accented(pair: str, first: Box, second: Box) -> str:
    accent, letter = (pair[0], pair[1]) if pair[0] in _ACCENTS else (pair[1], pair[0])
    if accent not in _ACCENTS or not letter.isalpha():
        return ""
    overlap = min(first[2], second[2]) - max(first[0], second[0])
    if overlap < 0.5 * min(first[2] - first[0], second[2] - second[0]):
        return ""
    base = {"ı": "i", "ȷ": "j"}.get(letter, letter)
    joined = unicodedata.normalize("NFC", base + _ACCENTS[accent])
    return joined if len(joined) == 1 else ""
