"""The characters of a page with their boxes, as `character_reader` reads them: plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

import numpy as np
import numpy.typing as npt

from renderers.picture import Box

BoxArray = npt.NDArray[np.float64]
"""`[N, 4]` boxes in points."""


@dataclass(frozen=True, slots=True)
class Line:
    """A piece of one line: characters that follow each other without a wide gap.

    `text` and `boxes` are parallel; boxes are in points, advance width by line height. `size` is
    the font size and `baseline` the y of the base line of most characters. `box` encloses all
    boxes; `top` and `bottom` bound the ink of a horizontal line more closely. `start` is where a
    row beside a drop cap would begin without it; `drop_cap` marks the row that begins with one.
    `styles` has one letter for each character, see `renderers.pdf.styles`; it is empty unless
    styles are read.
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
    drop_cap: bool = False

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


def as_array(boxes: Sequence[Box]) -> BoxArray:
    """Boxes as float64 `[N, 4]`: left, top, right, bottom, in the unit of the boxes."""
    return np.fromiter(chain.from_iterable(boxes), np.float64, 4 * len(boxes)).reshape(-1, 4)
