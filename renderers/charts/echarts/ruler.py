"""How wide texts are in the browser's own fonts, and where to break them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from renderers.charts.directions import is_shaped
from renderers.charts.wrapping import NEVER_FIRST, break_lines

BALANCE_STEP = 0.92
"""Factor of the line width in each step of balancing."""

MEASURED_AT = 100
"""Font size in pixels at which advances are measured; widths grow linearly with the size."""

Measure = Callable[[Sequence[tuple[str, Sequence[str]]]], list[list[float]]]

_PIECE = re.compile(r"[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]+\s?|\s|.", re.DOTALL)
"""What may not be broken: a Latin word with its space, or one Chinese character."""
_WORD_OR_SPACE = re.compile(r"\s|\S+")
_CLOSING = frozenset("，。；：、！？）》】」』”’,.;:!?)]}%" + NEVER_FIRST)


class Ruler:
    """Widths of texts in one family, from the advances of their characters, or of their words where
    letters are shaped by their neighbors.

    Advances are asked of the page once for each. Kerning only makes texts narrower.
    """

    def __init__(self, family: str, measure: Measure) -> None:
        self._family = family
        self._measure = measure
        self._advances: dict[tuple[bool, str], float] = {}

    def learn(self, texts: Iterable[str]) -> None:
        """Measure all that is new of these texts in one go."""
        parts = sorted({part for text in texts for part in _parts(text) if part != "\n"})
        new = [part for part in parts if (False, part) not in self._advances]
        if not new:
            return
        fonts = [css_font(self._family, MEASURED_AT, bold) for bold in (False, True)]
        answers = self._measure([(font, new) for font in fonts])
        for bold, widths in zip((False, True), answers, strict=True):
            for part, width in zip(new, widths, strict=True):
                self._advances[bold, part] = width / MEASURED_AT

    def width(self, text: str, size: float, bold: bool = False) -> float:
        """Pixels of the widest line."""
        self.learn([text])
        lines = text.split("\n")
        return size * max(sum(self._advances[bold, c] for c in _parts(line)) for line in lines)

    def wrap(self, text: str, size: float, limit: float, bold: bool = False) -> str:
        """The text with line breaks, so that lines fit the limit where a break is possible."""
        lines = break_lines(
            _PIECE.findall(text), lambda line: self.width(line, size, bold) <= limit, _CLOSING
        )
        return "\n".join(lines)

    def balance(self, text: str, size: float, limit: float) -> str:
        """Wrapped as `wrap` does, with lines of about the same length."""
        wrapped = self.wrap(text, size, limit)
        lines = wrapped.count("\n")
        while lines and limit > size:
            limit *= BALANCE_STEP
            tighter = self.wrap(text, size, limit)
            if tighter.count("\n") > lines or self.width(tighter, size) > limit:
                break
            wrapped = tighter
        return wrapped

    def widest(self, texts: Iterable[str], size: float, bold: bool = False) -> float:
        """The largest width in CSS pixels; 0 for no texts."""
        return max((self.width(text, size, bold) for text in texts), default=0.0)


def _parts(text: str) -> Iterable[str]:
    """What a text is measured by: its characters, or its words and spaces."""
    return _WORD_OR_SPACE.findall(text) if is_shaped(text) else text


def css_font(family: str, size: float, bold: bool = False) -> str:
    """A font in the form of CSS and of the canvas; `size` in pixels."""
    return f"{'bold' if bold else 'normal'} {size}px {css_family(family)}"


def css_family(family: str) -> str:
    """The family quoted; there is no fallback on purpose, coverage is checked beforehand."""
    return f'"{family}"'
