"""Letter-spaced text: words whose letters stand apart, which MuPDF reads as words of one letter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from renderers.pdf.cell_rows import with_words_of_cells
from renderers.pdf.characters import Line

MIN_LETTERS = 5
MIN_SINGLE = 0.8
"""Share of words of one letter from which a line is letter-spaced."""
MIN_JUMP = 1.35
"""A gap between words exceeds the gaps between letters at least by this factor."""


def with_joined_letters(lines: Sequence[Line]) -> list[Line]:
    """The lines, with the letters of letter-spaced words joined to words.

    Those that are not horizontal stay: their gaps are not between left and right edges.
    """
    known = with_words_of_cells(lines)
    return [_joined(x) if x.horizontal and _is_spaced(x.text) else x for x in known]


def _is_spaced(text: str) -> bool:
    if not text.isascii() or len(text) < 2 * MIN_LETTERS or text[1:2] != " ":
        return False
    words = text.split()
    single = sum(len(word) == 1 for word in words)
    letters = sum(word.isalpha() for word in words)
    return single >= max(MIN_LETTERS, MIN_SINGLE * len(words)) and letters > 0.7 * len(words)


def _joined(line: Line) -> Line:
    """The line without the spaces between letters; unchanged if all gaps are alike."""
    inked = [i for i, character in enumerate(line.text) if character != " "]
    gaps = [line.boxes[b][0] - line.boxes[a][2] for a, b in pairwise(inked)]
    limit = _limit(gaps)
    if limit is None:
        return line
    kept: list[int] = []
    for index, gap in zip(inked, [*gaps, 0.0], strict=True):
        kept.append(index)
        if gap > limit:
            kept.append(index + 1)  # the space after the letter
    return replace(
        line,
        text="".join(line.text[i] for i in kept),
        boxes=tuple(line.boxes[i] for i in kept),
        styles="".join(line.styles[i] for i in kept) if line.styles else "",
    )


def _limit(gaps: Sequence[float]) -> float | None:
    """The middle of the widest jump between sorted gaps; None if there is no clear jump."""
    rising = sorted(gaps)
    usual = rising[len(rising) // 2]
    jumps = [
        (above - below, (above + below) / 2)
        for below, above in pairwise(rising)
        if below >= usual and above > MIN_JUMP * max(below, 0.01)
    ]
    return max(jumps)[1] if jumps else None
