"""Lines of a page: pieces put together, their texts and boxes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from renderers.latex.alignment import HYPHENS
from renderers.latex.characters import is_cjk
from renderers.latex.pieces import GlyphPieces
from renderers.picture import Box

_BASELINE_TOLERANCE = 0.35
"""Pieces on baselines that differ by less, in parts of their size, are on one line."""
_FURNITURE_GAP = 2
"""A wider gap, in parts of the glyph size, separates two texts of a header."""
_COLUMN_JUMP = 3
"""A line that is higher by more, in parts of its size, begins the next column."""
_MIN_SPACE = 0.12
"""A narrower gap, in parts of the glyph size, is kerning and not a space."""

Line = list[int]
"""Pieces, by their index."""


@dataclass(frozen=True, slots=True)
class PageLines:
    """Puts the pieces of a page into lines.

    `formulas` is the source of each formula at its first piece, and nothing at the others;
    `loose` are pieces that need not be on the baseline of their line: formulas, raised marks.
    """

    pieces: GlyphPieces
    formulas: Mapping[int, str]
    loose: frozenset[int]

    def of(self, indices: Sequence[int]) -> Iterator[Line]:
        """The lines of pieces that follow each other in a text."""
        box, ys, sizes = self.pieces.box, self.pieces.y, self.pieces.size
        line: Line = []
        y = right = 0.0
        for i in indices:
            loose = i in self.loose
            left = box[i][0]
            if line and (
                left < right or (not loose and abs(ys[i] - y) > _BASELINE_TOLERANCE * sizes[i])
            ):
                yield line
                line = []
            if not line or not loose:
                y = ys[i]
            line.append(i)
            right = left
        if line:
            yield line

    def apart(self, line: Line) -> Iterator[Line]:
        """Splits a line at wide gaps: a header may contain several texts."""
        box = self.pieces.box
        part: Line = []
        for i in line:
            if part and box[i][0] - box[part[-1]][2] > _FURNITURE_GAP * self.pieces.size[i]:
                yield part
                part = []
            part.append(i)
        if part:
            yield part

    def columns(self, lines: Iterator[Line]) -> Iterator[list[Line]]:
        """A block's lines, split where it continues at the top of the next column."""
        y = self.pieces.y
        part: list[Line] = []
        for line in lines:
            if part and y[line[0]] < y[part[-1][0]] - _COLUMN_JUMP * self.pieces.size[line[0]]:
                yield part
                part = []
            part.append(line)
        if part:
            yield part

    def text(self, line: Line) -> str:
        """The text of a line, with spaces where there are gaps."""
        texts, boxes, sizes = self.pieces.text, self.pieces.box, self.pieces.size
        out: list[str] = []
        right = 0.0
        last = ""
        for i in line:
            content = self.formulas[i] if i in self.formulas else texts[i]
            x0, _, x1, _ = boxes[i]
            if content:
                if last and x0 - right > _MIN_SPACE * sizes[i] and _spaced(last, content):
                    out.append(" ")
                out.append(content)
                last = content
            right = x1
        return "".join(out)

    def box(self, indices: Sequence[int]) -> Box:
        """The box around pieces, in pixels."""
        pixels = self.pieces.pixels
        return union([pixels[i] for i in indices])


def joined(texts: Sequence[str], source: str = "") -> str:
    """Lines as one text. A hyphen at the end of a line goes if `source` has the word without it."""
    out = ""
    for text in texts:
        if out and text and out[-1] in HYPHENS:
            before, after = out.rpartition(" ")[2], text.partition(" ")[0]
            if before[:-1] + after in source:
                out = out[:-1]
            elif before + after not in source:
                out += " "
        elif out and text and _spaced(out, text):
            out += " "
        out += text
    return out


def union(boxes: Sequence[Box]) -> Box:
    """The smallest box around boxes."""
    if len(boxes) == 1:
        return boxes[0]
    x0s, y0s, x1s, y1s = zip(*boxes, strict=True)
    return (min(x0s), min(y0s), max(x1s), max(y1s))


def _spaced(left: str, right: str) -> bool:
    """Whether a space belongs between two texts: not next to Chinese."""
    return not (is_cjk(left[-1]) or is_cjk(right[0]))
