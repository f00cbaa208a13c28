"""Rows of programs in proportional fonts whose words stand in cells of one width.

The package `listings` of LaTeX does so by default: n letters or n signs that follow each other fill
n cells, with the same gap between them and at both ends. MuPDF takes such gaps for spaces.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from renderers.pdf.characters import Line

MIN_LENGTH = 4
"""Letters of a word that tells the width of a cell."""
MIN_TOKENS = 3
"""Words and signs of a row that shows cells by itself."""
WIDE = "\u2e80"
"""Characters from this one on are as wide as high."""
SEEN = 24
"""Characters of a line that show whether its letters stand apart."""
MAX_GAP_EM = 0.35
"""Between letters of a word. A cell has 0.6 em, and the narrowest letters have 0.28."""
MIN_GAP_EM = 0.03
"""Letters of other text stand closer: boxes are as wide as the advance."""
CELL_EM = (0.4, 0.8)
"""Widths of cells; 0.6 is usual."""
SAME_GAP_EM = 0.03
"""Difference between gaps of a word."""
SAME_WIDTH = 0.02
"""Difference between widths of cells, as a share."""
OFF_GRID = 0.1
"""Distance of a word's beginning from that of a cell, and of its cells' width from that of others,
as a share of a cell."""


@dataclass(frozen=True, slots=True)
class _Token:
    """Letters, or signs, that follow each other: the indices of the first and the last character,
    their edges, the gap between them (None for a single one), their number, and which they are."""

    first: int
    last: int
    left: float
    right: float
    gap: float | None
    length: int
    letters: bool

    @property
    def cell(self) -> float | None:
        """The width of a cell; None for a single character, which fits any."""
        return None if self.gap is None else (self.width + 2 * self.gap) / self.length

    @property
    def tells(self) -> bool:
        """Whether these are enough letters to tell the width of a cell."""
        return self.letters and self.length >= MIN_LENGTH

    @property
    def width(self) -> float:
        return self.right - self.left

    def begin(self, cell: float) -> float:
        """Where its first cell begins."""
        return self.left - self._margin(cell)

    def end(self, cell: float) -> float:
        """Where its last cell ends."""
        return self.right + self._margin(cell)

    def _margin(self, cell: float) -> float:
        return (cell - self.width) / 2 if self.gap is None else self.gap


def with_words_of_cells(lines: Sequence[Line]) -> list[Line]:
    """The lines, rows in cells with the spaces that are cells, and as rows of a typewriter font."""
    tokens = {i: list(_tokens(line)) for i, line in enumerate(lines) if _is_spread(line)}
    cells = {i: _cell(found, lines[i].size) for i, found in tokens.items()}
    shown = dict.fromkeys(
        (round(lines[i].size, 1), round(cell, 2))
        for i, cell in cells.items()
        if cell is not None and _shows(tokens[i]) and _fits(tokens[i], cell)
    )
    result = list(lines)
    for i, found in tokens.items():
        cell = cells[i]
        alike = (w for size, w in shown if size == round(lines[i].size, 1) and _same(w, cell or w))
        width = next(alike, None)
        if width is not None and _fits(found, width):
            result[i] = _without_gaps(lines[i], found, width)
    return result


def _shows(tokens: Sequence[_Token]) -> bool:
    """Whether these are enough to show cells: other text can have one word that fits."""
    told = sum(token.tells for token in tokens)
    signs = any(not token.letters and token.length < MIN_LENGTH for token in tokens)
    return len(tokens) >= MIN_TOKENS and (told > 1 or signs)


def _is_spread(line: Line) -> bool:
    """Whether most letters of a line stand apart."""
    if line.monospaced or not line.horizontal or max(line.text, default="") >= WIDE:
        return False
    text, places = line.text[:SEEN], line.boxes[:SEEN]
    gaps = [
        boxes[1][0] - boxes[0][2]
        for pair, boxes in zip(pairwise(text), pairwise(places), strict=True)
        if pair[0].isalnum() and pair[1].isalnum()
    ]
    if gaps:
        return median(gaps) > MIN_GAP_EM * line.size
    return " " in line.text and len(line.text) > 1


def _tokens(line: Line) -> Iterator[_Token]:
    inked = [i for i, character in enumerate(line.text) if character != " "]
    gaps = [line.boxes[b][0] - line.boxes[a][2] for a, b in pairwise(inked)]
    limit, slack = MAX_GAP_EM * line.size, SAME_GAP_EM * line.size
    letters = _are_letters([line.text[i] for i in inked], [gap < limit for gap in gaps])
    start = 0
    for stop, index in enumerate(inked, 1):
        even = stop < len(inked) and abs(gaps[stop - 1] - gaps[start]) <= slack
        if even and gaps[start] < limit and letters[stop] == letters[start]:
            continue
        first, length = inked[start], stop - start
        gap = gaps[start] if length > 1 else None
        left, right = line.boxes[first][0], line.boxes[index][2]
        yield _Token(first, index, left, right, gap, length, letters[start])
        start = stop


def _are_letters(characters: Sequence[str], near: Sequence[bool]) -> list[bool]:
    """Whether each character is one of a word; `near` [n - 1] says which ones follow each other
    closely. A digit belongs to the word, or the signs, before it."""
    found: list[bool] = []
    for i, character in enumerate(characters):
        before = i > 0 and near[i - 1] and found[-1]
        found.append(before if character.isdigit() else character.isalpha() or character in "_@$")
    return found


def _cell(tokens: Sequence[_Token], size: float) -> float | None:
    """The width of the cells that all long words of a row tell; None if they differ."""
    told = [token.cell for token in tokens if token.cell is not None and token.tells]
    width = median(told) if told else 0.0
    usual = CELL_EM[0] * size <= width <= CELL_EM[1] * size
    return width if usual and all(_same(other, width) for other in told) else None


def _same(a: float, b: float) -> bool:
    return abs(a - b) <= SAME_WIDTH * b


def _fits(tokens: Sequence[_Token], cell: float) -> bool:
    """Whether all words and signs fill cells of a width, and begin where cells do."""
    origin = tokens[0].begin(cell)
    places = [(token.begin(cell) - origin) / cell for token in tokens]
    return all(
        abs(place - round(place)) <= OFF_GRID
        and (token.cell is None or abs(token.cell - cell) <= OFF_GRID * cell)
        for place, token in zip(places, tokens, strict=True)
    )


def _without_gaps(line: Line, tokens: Sequence[_Token], cell: float) -> Line:
    """The line without spaces inside words, and between words without an empty cell."""
    kept: list[int] = []
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        kept += [i for i in range(token.first, token.last + 1) if line.text[i] != " "]
        if following and round((following.begin(cell) - token.end(cell)) / cell) > 0:
            kept += range(token.last + 1, following.first)
    return replace(
        line,
        text="".join(line.text[i] for i in kept),
        boxes=tuple(line.boxes[i] for i in kept),
        styles="".join(line.styles[i] for i in kept) if line.styles else "",
        monospaced=True,
    )
