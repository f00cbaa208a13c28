"""The characters of a page with their boxes, as the content stream draws them.

Text and picture come from one display list, so annotations, form fields and hidden layers
are either in both or in neither. PyMuPDF's stand-in for characters without Unicode (their
glyph number) is off: it would hide a broken encoding behind plausible letters. Replacement
texts (`ActualText`) are ignored, because the glyphs are what the picture shows.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pymupdf
from pymupdf import mupdf

from renderers.pdf.document import Unusable

Floats = npt.NDArray[np.float32]

_FLAGS = pymupdf.TEXT_PRESERVE_WHITESPACE | pymupdf.TEXT_IGNORE_ACTUALTEXT
_PAINTED = mupdf.FZ_STEXT_FILLED | mupdf.FZ_STEXT_STROKED

_HORIZONTAL = 0.9995
"""Cosine of the steepest line that still counts as horizontal (about 1.8 degrees)."""

# Kangxi radicals, radical supplement and compatibility ideographs stand in many PDFs for the
# ordinary character of the same shape; NFKC gives that one.
_SAME_SHAPE = (*range(0x2F00, 0x2FD6), 0x2E9F, 0x2EF3, *range(0xF900, 0xFB00))
_SPACES = (0x00A0, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000, 0x09, 0x0A, 0x0D)
_NOTHING = (0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF, *range(0x202A, 0x202F))
# Bullets and arrows of the Symbol and Wingdings fonts, at their customary private places.
_SYMBOL_FONTS = {
    0xF0B7: "•",
    0xF0A7: "▪",
    0xF0A8: "□",
    0xF06E: "■",
    0xF06C: "●",
    0xF076: "❖",
    0xF0D8: "➢",
    0xF0FC: "✓",
    0xF0FE: "☒",
    0xF0E0: "→",
    0xF0AE: "→",
    0xF02D: "-",
    0xF0B0: "°",
    0xF0B1: "±",
    0xF0B4: "×",
    0xF061: "α",
    0xF062: "β",
    0xF067: "γ",
    0xF06D: "μ",
}
_SHAPES: dict[int, str] = {
    **{code: unicodedata.normalize("NFKC", chr(code)) for code in _SAME_SHAPE},
    **{code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)},
    **{code: " " for code in _SPACES},
    **{code: "" for code in _NOTHING},
    **_SYMBOL_FONTS,
    0x00AD: "-",  # a soft hyphen that is drawn is a hyphen
    0x2010: "-",
    0x2011: "-",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A piece of one line: characters that follow each other without a wide gap.

    `text` and `boxes` (`[n, 4]`, points, advance by line height) run in parallel; `size` is
    the font size, `baseline` the y of the base line. Lines that are not horizontal have
    `horizontal` false.
    """

    text: str
    boxes: Floats
    size: float
    baseline: float
    horizontal: bool
    vertical_writing: bool

    @property
    def x0(self) -> float:
        return float(self.boxes[:, 0].min())

    @property
    def x1(self) -> float:
        return float(self.boxes[:, 2].max())

    @property
    def top(self) -> float:
        """Where tall letters begin; closer to the ink than the font's own box."""
        return self.baseline - 0.75 * self.size if self.horizontal else float(self.boxes[:, 1].min())

    @property
    def bottom(self) -> float:
        return self.baseline + 0.2 * self.size if self.horizontal else float(self.boxes[:, 3].max())


@dataclass(frozen=True, slots=True)
class PageCharacters:
    """Every visible line in content-stream order, and how much was left out.

    `invisible` counts characters that are drawn in no way (render mode 3, no opacity), `cut`
    those that the page's edge cuts, `total` all that stand on the page at all.
    """

    lines: tuple[Line, ...]
    total: int
    invisible: int
    cut: int


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
    reader = _Reader(float(page.x0), float(page.y0), float(page.x1), float(page.y1))
    for block in blocks:
        for line in block.get("lines", ()):
            reader.add(line)
    return PageCharacters(tuple(reader.lines), reader.total, reader.invisible, reader.cut)


class _Reader:
    def __init__(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self.page = (x0, y0, x1, y1)
        self.lines: list[Line] = []
        self.total = self.invisible = self.cut = 0

    def add(self, raw: dict[str, Any]) -> None:
        direction_x = raw["dir"][0]
        characters: list[str] = []
        boxes: list[tuple[float, float, float, float]] = []
        size = baseline = 0.0
        longest = 0
        for span in raw["spans"]:
            found = span["chars"]
            inked = sum(not c["c"].isspace() for c in found)
            self.total += inked
            if not span["char_flags"] & _PAINTED or span["alpha"] == 0:
                # Spaces are never painted; they keep words apart all the same.
                if inked:
                    self.invisible += inked
                    continue
            if inked > longest:
                longest, size = inked, float(span["size"])
                baseline = float(span["origin"][1])
            characters.extend(c["c"] for c in found)
            boxes.extend(c["bbox"] for c in found)
        if not longest:
            return
        horizontal = direction_x > _HORIZONTAL
        text, kept = self._visible("".join(characters), np.array(boxes, np.float32))
        if text:
            self.lines.append(
                Line(text, kept, size, baseline, horizontal, bool(raw["wmode"]))
            )

    def _visible(self, text: str, boxes: Floats) -> tuple[str, Floats]:
        """Drop what lies beyond the page's edge, write every shape by its usual character."""
        x0, y0, x1, y1 = self.page
        centre_x, centre_y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
        inside = (centre_x >= x0) & (centre_x <= x1) & (centre_y >= y0) & (centre_y <= y1)
        over = 0.25 * (boxes[:, 2] - boxes[:, 0])
        self.cut += int(((boxes[:, 0] < x0 - over) | (boxes[:, 2] > x1 + over))[inside].sum())
        if not inside.all():
            self.cut += 1
            text = "".join(c for c, kept in zip(text, inside, strict=True) if kept)
            boxes = boxes[inside]
        return normalise(text, boxes)


def normalise(text: str, boxes: Floats) -> tuple[str, Floats]:
    """Write shapes by their usual characters, compose accents, trim spaces; boxes stay parallel."""
    if not text.isascii():
        text, boxes = _compose(text, boxes)
        shapes = [_SHAPES.get(ord(c), c) for c in text]
        if any(len(s) != 1 for s in shapes):
            repeat = [len(s) for s in shapes]
            boxes = np.repeat(boxes, repeat, axis=0)
        text = "".join(shapes)
    elif not text.isprintable():
        text = text.replace("\t", " ").replace("\n", " ").replace("\r", " ")
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


def _compose(text: str, boxes: Floats) -> tuple[str, Floats]:
    """Join an accent that TeX draws over a letter with that letter: `´` on `e` gives `é`."""
    if not any(accent in text for accent in _ACCENTS):
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
    return "".join(out), boxes[kept]


def _accented(pair: str, first: Floats, second: Floats) -> str:
    accent, letter = pair if pair[0] in _ACCENTS else (pair[1], pair[0])
    if accent not in _ACCENTS or not letter.isalpha():
        return ""
    overlap = min(first[2], second[2]) - max(first[0], second[0])
    if overlap < 0.5 * min(first[2] - first[0], second[2] - second[0]):
        return ""
    base = {"ı": "i", "ȷ": "j"}.get(letter, letter)
    joined = unicodedata.normalize("NFC", base + _ACCENTS[accent])
    return joined if len(joined) == 1 else ""
