"""Checks of a page of Markdown: what it says is in the regions, and no letter is a black box."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from renderers.picture import Pixels
from renderers.roles import LINE, WORD
from vary_data.quality.validate.picture import RowProblem

Regions = Sequence[Mapping[str, Any]]

_PART = re.compile(
    r"(?P<code>`+)(?!`).+?(?<!`)(?P=code)(?!`)"
    r"|\\\[.*?\\\]|\\begin\{(?P<name>\w+\*?)\}.*?\\end\{(?P=name)\}"
    r"|(?<!\\)(?:\\\\)*\\\((?:[^\\]|\\.)*?\\\)",
    re.S,
)
"""Code, a table, a display or an inline formula."""
_MARKS = re.compile(r"\[\^\d+\]:?|!?\[[^\]]*\]\([^)]*\)|<[^>]*>|&[a-z]+;")
_UNDERLINE = re.compile(r"\\underline\{([^{}]*)\}")
_MARKUP = re.compile(r"</?(?:sup|sub)>|&(?:lt|gt|amp);")
_TICK_BOX = re.compile(r"^ *- \[[x ]\] ", re.M)
_EQUATION_NUMBER = re.compile(r"\\tag\{([^{}]*)\}")
_TABLE_TAGS = re.compile(r"</?(?:table|thead|tbody|tr|th|td)(?: (?:rowspan|colspan)=\"\d+\")*>")
_FENCE = re.compile(r"^```[a-z]*$", re.M)
_ESCAPE = re.compile(r"\\([\\`*_\[\]|])")
_FORMULAS = (WORD, "inline_formula", "formula", "tag")
_SOLID = re.compile(r"[■▪█◼◾●⬛]|\\(?:black|big|rule|bullet)")
"""What is black by itself."""
_BOX = 0.36
"""The side of a black box, in parts of the height of the page's words."""
_HAN = re.compile(r"[\u3400-\u9fff]")
_DARK = 110
"""Gray level below which a pixel is black."""


def check_markdown(text: str, regions: Regions) -> Iterator[RowProblem]:
    """The formulas, tables and words of a text that no region shows."""
    shown = "\n".join([*(region["text"] for region in regions), *_continued(regions)])
    letters, folded = _letters(shown), _folded(shown)
    for part in _PART.finditer(text):
        found = _letters(part[0]) in letters if part["code"] else _folded(part[0]) in folded
        if not found:
            yield "missing-string", f"{_short(part[0])} of the truth is in no region"
    words = _MARKS.sub(" ", _UNDERLINE.sub(r"\1", _PART.sub(" ", text))).split()
    for word in dict.fromkeys(words):
        if _letters(word) not in letters:
            yield "missing-string", f"{_short(word)} of the truth is in no region"


def _continued(regions: Regions) -> Iterator[str]:
    """The texts of blocks that go on in another column. Chinese has no space where they part."""
    following = {r["continues"]: i for i, r in enumerate(regions) if r["continues"] is not None}
    for index, region in enumerate(regions):
        if region["continues"] is None and index in following:
            parts = [region["text"]]
            while index in following and len(parts) <= len(regions):
                index = following[index]
                parts.append(regions[index]["text"])
            yield "".join(parts)


def check_page_markdown(text: str, regions: Regions) -> Iterator[RowProblem]:
    """The words of a page in plain Markdown, without formulas, that no region shows."""
    # The lines alone have the words of a paragraph that goes on in another column.
    lines = "".join(region["text"] for region in regions if region["role"] == LINE)
    letters = _letters("".join(region["text"] for region in regions)) + "\n" + _letters(lines)
    plain = _FENCE.sub("", _TICK_BOX.sub("", _TABLE_TAGS.sub(" ", text)))
    plain = _EQUATION_NUMBER.sub(r"\1", plain)
    plain = _ESCAPE.sub(r"\1", _MARKUP.sub("", plain))
    for word in dict.fromkeys(plain.split()):
        if _letters(word) not in letters:
            yield "missing-string", f"{_short(word)} of the truth is in no region"


def black_boxes(pixels: Pixels, regions: Regions) -> Iterator[RowProblem]:
    """Words and formulas with a black box: fonts made by fontinst print one for a missing glyph.

    No Chinese font is made so, and strokes of heavy ones run into each other.
    """
    heights = [r["bbox"][3] - r["bbox"][1] for r in regions if r["role"] == WORD]
    if not heights:
        return
    typical = float(np.median(heights))
    dark = pixels.max(axis=2) < _DARK if pixels.ndim == 3 else pixels < _DARK
    for region in regions:
        if region["role"] not in _FORMULAS or _SOLID.search(region["text"]):
            continue
        if region["role"] == WORD and _HAN.search(region["text"]):
            continue
        x0, y0, x1, y1 = (max(round(v), 0) for v in region["bbox"])
        height = y1 - y0 if region["role"] == WORD else typical
        side = max(round(_BOX * max(height, typical)), 4)
        if _has_square(dark[y0:y1, x0:x1], side):
            yield "black-box", f"a letter of {_short(region['text'])} is a black box"


def _has_square(dark: np.ndarray, side: int) -> bool:
    """Whether a square of this side is completely dark."""
    if min(dark.shape) < side or dark.sum() < side * side:
        return False
    sums = np.zeros((dark.shape[0] + 1, dark.shape[1] + 1), np.int32)
    sums[1:, 1:] = dark.cumsum(0, dtype=np.int32).cumsum(1)
    inside = sums[side:, side:] - sums[:-side, side:] - sums[side:, :-side] + sums[:-side, :-side]
    return bool(inside.max() == side * side)


def _folded(text: str) -> str:
    return "".join(text.split())


def _letters(text: str) -> str:
    return "".join(char for char in text if char.isalnum())


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:59] + "…")
