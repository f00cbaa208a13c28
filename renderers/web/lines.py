"""Lines and words of the tokens that a browser laid out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from renderers.picture import Box
from renderers.web.hyphens import DRAWN_HYPHEN

WIDE = re.compile(
    "[\u2e80-\u2fdf\u3000-\u30ff\u3105-\u312f\u3190-\u9fff\uf900-\ufaff"
    "\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff]"
)
"""Characters of which each is a token by itself; the same as in `page.js`."""
MIN_OVERLAP = 0.35
"""Share of the lower height by which two tokens of one line overlap."""
SAME_WIDTH = 0.12
"""Relative difference of widths up to which wide characters belong to one word."""
MAX_GAP = 0.3
"""Gap between wide characters of one word, by their size."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a line, one wide character, or an inline formula. `start` and `end` are its place
    in the entry's text, `size` that of its font in pixels.

    `hyphen` is the box of the hyphen that is drawn behind it, where a line breaks its word: a part
    of `box`, but not of `text`.
    """

    text: str
    start: int
    end: int
    box: Box
    size: float
    formula: bool = False
    covered: bool = False
    hyphen: Box | None = None

    @property
    def drawn(self) -> str:
        """Its text as it is drawn."""
        return f"{self.text}{DRAWN_HYPHEN}" if self.hyphen else self.text


@dataclass(frozen=True, slots=True)
class Word:
    """`formula` is true for an inline formula; its text is LaTeX."""

    text: str
    box: Box
    formula: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """`start` and `end` are its place in the entry's text (`source_text`).

    `text` is what is drawn; that has a hyphen, at the box `hyphen`, where a word is broken.
    """

    text: str
    box: Box
    words: tuple[Word, ...]
    size: float
    start: int
    end: int
    hyphen: Box | None = None


@dataclass(frozen=True, slots=True)
class LineOrder:
    """How lines run: `vertical`, or `leftward` (from right to left), else from left to right.

    With `words` each token is a word: the browser has found them.
    """

    vertical: bool = False
    leftward: bool = False
    words: bool = False


def lines_of(tokens: Sequence[Token], order: LineOrder) -> list[Line]:
    """The lines of tokens that follow each other in one column."""
    lines: list[list[Token]] = []
    for token in tokens:
        if lines and _continues(lines[-1], token, order):
            lines[-1].append(token)
        else:
            lines.append([token])
    return [_line(line, order) for line in lines]


def _continues(line: Sequence[Token], token: Token, order: LineOrder) -> bool:
    """Whether a token is on the same line as the one before it. In lines from right to left, words
    of the other direction go forward and back."""
    vertical = order.vertical
    a, b = line[-1].box, token.box
    low, high = (0, 2) if vertical else (1, 3)
    overlap = min(a[high], b[high]) - max(a[low], b[low])
    forward = b[high - 1 if not vertical else 3] >= a[low - 1 if not vertical else 1]
    return (forward or order.leftward) and overlap > MIN_OVERLAP * min(
        a[high] - a[low], b[high] - b[low]
    )


def _line(tokens: Sequence[Token], order: LineOrder) -> Line:
    words: list[Word] = []
    text = ""
    last: Token | None = None
    for token in tokens:
        joined = last is not None and last.end == token.start
        if last is not None and not joined:
            text += " "
        text += token.drawn
        if joined and last is not None and words and not order.words and _one_word(last, token):
            words[-1] = Word(words[-1].text + token.drawn, bounds([words[-1].box, token.box]))
        else:
            words.append(Word(token.drawn, token.box, token.formula))
        last = token
    box = bounds([token.box for token in tokens])
    size = max(token.size for token in tokens)
    shown = () if order.vertical else tuple(words)
    return Line(text, box, shown, size, tokens[0].start, tokens[-1].end, tokens[-1].hyphen)


def _one_word(a: Token, b: Token) -> bool:
    """Whether two tokens without a space between them are parts of one word."""
    if a.formula or b.formula:
        return False
    wide = bool(WIDE.match(a.text)), bool(WIDE.match(b.text))
    if wide == (False, False):
        return True
    if wide != (True, True):
        return False
    width_a, width_b = a.box[2] - a.box[0], b.box[2] - b.box[0]
    gap = b.box[0] - a.box[2]
    even = abs(width_a - width_b) <= SAME_WIDTH * max(width_a, width_b)
    return even and a.size == b.size and gap <= MAX_GAP * width_b


def bounds(boxes: Sequence[Box]) -> Box:
    """The smallest box around some boxes."""
    left, top, right, bottom = zip(*boxes, strict=True)
    return min(left), min(top), max(right), max(bottom)
