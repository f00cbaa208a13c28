"""The characters of a page with their boxes, as the content stream draws them.

Text and picture come from one display list, so annotations, form fields and hidden layers
are either in both or in neither. PyMuPDF's stand-in for characters without Unicode (their
glyph number) is off: it would hide a broken encoding behind plausible letters. Replacement
texts (`ActualText`) are ignored: the glyphs are what the picture shows, and a file may say
anything there. What Chromium tells there of glyphs with several names, tables say as well.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pymupdf
from pymupdf import mupdf

from renderers.pdf.document import Unusable
from renderers.picture import Box

Edges = npt.NDArray[np.float64]
"""`[N, 4]` boxes in points."""

_FLAGS = pymupdf.TEXT_PRESERVE_WHITESPACE | pymupdf.TEXT_IGNORE_ACTUALTEXT
_PAINTED = mupdf.FZ_STEXT_FILLED | mupdf.FZ_STEXT_STROKED

_CHARACTER, _BOX = itemgetter("c"), itemgetter("bbox")

_HORIZONTAL = 0.9995
"""Cosine of the steepest line that still counts as horizontal (about 1.8 degrees)."""

# Where several code points share a glyph, many PDFs name the first of them. For Kangxi radicals
# and compatibility ideographs NFKC gives the ordinary character; radicals of the supplement it
# leaves. Each of those stands here before the ideograph with which it shares a glyph in Noto CJK.
_SAME_SHAPE = (*range(0x2F00, 0x2FD6), *range(0xF900, 0xFB00))
_SUPPLEMENT = (
    "⺂乛⺃乚⺅亻⺇𠘨⺉刂⺋㔾⺍𭕄⺎兀⺏尣⺐尢⺒巳⺓幺⺔彑⺕彐⺖忄⺘扌⺙攵⺛旡⺞歺⺟母⺠民⺡氵⺣灬"
    "⺤爫⺦丬⺨犭⺩𤣩⺫罒⺭礻⺮𥫗⺯糹⺰纟⺱罓⺲罒⺳㓁⺹耂⺺肀⺽𦥑⺾艹⺿艹⻀艹⻁虎⻂衤⻃覀⻄西⻅见"
    "⻆角⻇𧢲⻈讠⻉贝⻊𧾷⻋车⻌辶⻍辶⻎辶⻐钅⻑長⻒镸⻓长⻔门⻕𨸏⻖阝⻘青⻙韦⻚页⻛风⻜飞⻝食⻞𩙿"
    "⻟飠⻠饣⻡𩠐⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀⻳龟"
)
_DOOR = "⼾"
"""The one radical whose glyph depends on the font: 户 in simplified fonts, 戶 in traditional
ones. Chromium embeds Noto CJK without its name, so the rest of the page tells which."""
_PUNCTUATION = {"‒": "–", "―": "—", "⸺": "——", "⸻": "———", "〜": "～"}
"""Rare names of common marks. All share a glyph in Noto CJK; where the page's language is
Chinese its — is drawn as ―, where it has none —— as ⸺."""
_RARE = "㫚曶㬵胶㬺幐㮣槩"
"""Ideographs that no usual text has, each before one of GBK with its glyph in Noto Sans CJK."""
_NARROW_OR_WIDE = {"∕": "∕／", "\u2329": "⟨〈", "\u232a": "⟩〉"}
"""Names of two marks: the sign of mathematics, and one as wide as an ideograph, with which it
shares a glyph in Noto CJK. ⟨ is the usual code of what Adobe's glyph list has at U+2329."""
_WIDTH_TELLS = re.compile(f"[{''.join(_NARROW_OR_WIDE)}]")
_WIDE = 0.9
"""Font sizes from which a character is as wide as an ideograph."""
_NOT_HAN = re.compile("[^一-鿿]+")
_SPACES = (0x00A0, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000, 0x09, 0x0A, 0x0D)
_NOTHING = (0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF, *range(0x202A, 0x202F))
# The Symbol and Wingdings fonts have customary places in the private use area; so have the
# pieces of tall brackets (Adobe glyph list), which Unicode has gained since.
_SYMBOL_FONTS = {
    **dict(zip(range(0xF8EB, 0xF8FF), "⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪⎮⎞⎟⎠⎤⎥⎦⎫⎬⎭", strict=True)),
    **dict(zip((0xF8E6, 0xF8E7), "⏐⎯", strict=True)),
    **dict(zip((0xF0B7, 0xF0A7, 0xF0A8, 0xF06E, 0xF06C), "•▪□■●", strict=True)),
    **dict(zip((0xF076, 0xF0D8, 0xF0FC, 0xF0FE, 0xF0E0), "❖➢✓☒→", strict=True)),
    **dict(zip((0xF0AE, 0xF02D, 0xF0B0, 0xF0B1, 0xF0B4), "→-°±×", strict=True)),
    **dict(zip((0xF061, 0xF062, 0xF067, 0xF06D), "αβγμ", strict=True)),
}
_SHAPES: dict[int, str] = {
    **{code: unicodedata.normalize("NFKC", chr(code)) for code in _SAME_SHAPE},
    **dict(zip(map(ord, _SUPPLEMENT[::2]), _SUPPLEMENT[1::2], strict=True)),
    **{code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)},
    **dict.fromkeys(_SPACES, " "),
    **dict.fromkeys(_NOTHING, ""),
    **_SYMBOL_FONTS,
    0x00AD: "-",  # a soft hyphen that is drawn is a hyphen
    0x2010: "-",
    0x2011: "-",
    **{ord(rare): usual for rare, usual in _PUNCTUATION.items()},
    **dict(zip(map(ord, _RARE[::2]), _RARE[1::2], strict=True)),
}
del _SHAPES[ord(_DOOR)]
_RESHAPED = re.compile("[" + "".join(f"\\U{code:08x}" for code in sorted(_SHAPES)) + "]")


@dataclass(frozen=True, slots=True)
class Line:
    """A piece of one line: characters that follow each other without a wide gap.

    `text` and `boxes` (points; advance by line height) run in parallel. `size` is the font
    size and `baseline` the y of the base line of most characters. `box` holds all boxes;
    `top` and `bottom` bound the ink of a horizontal line more closely.
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

    @property
    def x0(self) -> float:
        return self.box[0]

    @property
    def x1(self) -> float:
        return self.box[2]


def has_fixed_pitch(line: Line, start: int = 0) -> bool:
    """Whether all characters are equally wide: many typewriter fonts do not call themselves so.

    From the character `start` on; a number of the row is often set in another font.
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
    characters that are drawn in no way (render mode 3, no opacity), `cut` those that the
    page's edge cuts, `total` all that stand on the page at all. `grey` tells that no text has
    a colour.
    """

    lines: tuple[Line, ...]
    edges: Edges
    total: int
    invisible: int
    cut: int
    grey: bool


def read_characters(display_list: pymupdf.DisplayList) -> PageCharacters:
    """Read all characters of a page.

    Raises:
        Unusable: `damaged`, the text cannot be read.
    """
    try:
        text_page = pymupdf.TextPage(display_list.get_textpage(_FLAGS))
        blocks = text_page.extractRAWDICT()["blocks"]
    except Exception as error:
        raise Unusable("damaged", f"text cannot be read: {error}"[:200]) from error
    page = display_list.rect
    reader = _Reader((float(page.x0), float(page.y0), float(page.x1), float(page.y1)))
    for block in blocks:
        for line in block.get("lines", ()):
            reader.add(line)
    return reader.characters()


def _as_array(boxes: Sequence[Box]) -> Edges:
    return np.fromiter(chain.from_iterable(boxes), np.float64, 4 * len(boxes)).reshape(-1, 4)


class _Piece(NamedTuple):
    """A line before its box is known. `main` is the span with most of its characters."""

    text: str
    main: dict[str, Any]
    horizontal: bool


class _Reader:
    """Gathers lines and counts what is not visible."""

    def __init__(self, page: Box) -> None:
        self.page = page
        self.pieces: list[_Piece] = []
        self.boxes: list[Box] = []
        self.total = self.invisible = self.cut = 0
        self.grey = True

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
            self.grey = self.grey and _is_grey(span["color"])
            if inked > longest:
                longest, main = inked, span
            if not letters.isascii() and _WIDTH_TELLS.search(letters):
                letters = _told_by_width(letters, found, _WIDE * span["size"])
            text += letters
            boxes.extend(map(_BOX, found))
        if main is None:
            return
        if not _contains(self.page, raw["bbox"]):
            text, boxes = self._inside(text, boxes)
        text, boxes = normalise(text, boxes)
        if not text:
            return
        # A single letter may be mirrored: the second one of TeX's logo for XeTeX.
        course = abs(raw["dir"][0]) if len(text) == 1 else raw["dir"][0]
        horizontal = course > _HORIZONTAL and not raw["wmode"]
        self.pieces.append(_Piece(text, main, horizontal))
        self.boxes.extend(boxes)

    def _inside(self, text: str, boxes: list[Box]) -> tuple[str, list[Box]]:
        """Without the characters whose middle lies beyond the page's edge."""
        x0, y0, x1, y1 = self.page
        kept = []
        for index, b in enumerate(boxes):
            inside = x0 <= (b[0] + b[2]) / 2 <= x1 and y0 <= (b[1] + b[3]) / 2 <= y1
            over = 0.25 * (b[2] - b[0])
            self.cut += text[index] != " " and (b[0] < x0 - over or b[2] > x1 + over)
            if inside:
                kept.append(index)
        return "".join([text[i] for i in kept]), [boxes[i] for i in kept]

    def characters(self) -> PageCharacters:
        edges = _as_array(self.boxes)
        lines = tuple(_lines(_with_doors(self.pieces), self.boxes, edges))
        return PageCharacters(lines, edges, self.total, self.invisible, self.cut, self.grey)


def _told_by_width(letters: str, found: Sequence[dict[str, Any]], wide: float) -> str:
    """With the mark of its width for each name of two; boxes may be turned."""
    return "".join(
        _NARROW_OR_WIDE[letter][min(x1 - x0, y1 - y0) > wide]
        if letter in _NARROW_OR_WIDE
        else letter
        for letter, (x0, y0, x1, y1) in zip(letters, map(_BOX, found), strict=True)
    )


def _with_doors(pieces: list[_Piece]) -> list[_Piece]:
    """With 户 for its radical, or 戶 where more characters are in Big5 than in GB 2312."""
    if not any(_DOOR in piece.text for piece in pieces):
        return pieces
    han = _NOT_HAN.sub("", "".join([piece.text for piece in pieces]))
    simplified, traditional = (len(han.encode(code, "ignore")) for code in ("gb2312", "big5"))
    door = "戶" if traditional > simplified else "户"
    return [piece._replace(text=piece.text.replace(_DOOR, door)) for piece in pieces]


def _lines(pieces: Sequence[_Piece], boxes: Sequence[Box], edges: Edges) -> Iterator[Line]:
    """Each piece with the box around its part of all boxes, which are `edges` too."""
    if not pieces:
        return
    stops = list(accumulate([len(piece.text) for piece in pieces]))
    starts = [0, *stops[:-1]]
    lows, highs = np.minimum.reduceat(edges[:, :2], starts), edges[:, 2:]
    around = np.hstack((lows, np.maximum.reduceat(highs, starts))).tolist()
    for (text, main, horizontal), box, start, stop in zip(
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
        )


def _is_grey(colour: int) -> bool:
    """Whether the three bytes of an sRGB colour are the same."""
    return colour == 0 or (colour >> 16) == (colour >> 8 & 255) == (colour & 255)


def _contains(outer: Box, inner: Box) -> bool:
    return (
        inner[0] >= outer[0]
        and inner[1] >= outer[1]
        and inner[2] <= outer[2]
        and inner[3] <= outer[3]
    )


def normalise(text: str, boxes: list[Box]) -> tuple[str, list[Box]]:
    """Usual characters for shapes, composed accents, no outer spaces; boxes stay parallel."""
    if not text.isascii():
        text, boxes = _compose(text, boxes)
        if not _RESHAPED.search(text):
            return _stripped(text, boxes)
        shapes = [_SHAPES.get(ord(c), c) for c in text]
        if any(len(shape) != 1 for shape in shapes):
            pairs = zip(boxes, shapes, strict=True)
            boxes = [part for box, shape in pairs for part in _parts(box, shape)]
        text = "".join(shapes)
    elif not text.isprintable():
        text = text.replace("\t", " ").replace("\n", " ").replace("\r", " ")
    return _stripped(text, boxes)


def _parts(box: Box, shape: str) -> list[Box]:
    """A box for each character: dashes share theirs, letters of a ligature all have it."""
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
    """Join an accent that TeX draws over a letter with that letter: `´` on `e` gives `é`."""
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
