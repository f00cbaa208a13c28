"""Numbered items in two columns: their numbers say in which order the columns are read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from renderers.pdf.characters import Line

_NUMBER = re.compile(r"(\d{1,3})(?:[.)]\s|[．、]|[.)]$|\.(?=[^\d\s]))")
MIN_ITEMS = 2
"""Items of the left column; one may have any number."""


def goes_down(
    lines: Sequence[Line],
    left: Sequence[int],
    right: Sequence[int],
    strips: Sequence[Sequence[int]],
) -> bool:
    """Whether items are numbered from the top of the left column to the bottom of the right one.

    They say nothing if their order is the same strip by strip, as that of sections may be.
    """
    before, after = _numbers(lines, left), _numbers(lines, right)
    if len(before) < MIN_ITEMS or not after:
        return False
    down = [*before.values(), *after.values()]
    across = [
        number
        for part in map(set, strips)
        for side in (before, after)
        for i, number in side.items()
        if i in part
    ]
    return across != down and all(b == a + 1 for a, b in pairwise(down))


def _numbers(lines: Sequence[Line], index: Sequence[int]) -> dict[int, int]:
    """The numbers of the items of a column at the edge of the leftmost one, from top to bottom, by
    their lines."""
    found = {
        i: int(match[1])
        for i in sorted(index, key=lambda i: lines[i].baseline)
        if (match := _NUMBER.match(lines[i].text))
    }
    edge = min((lines[i].box[0] for i in found), default=0.0)
    return {i: number for i, number in found.items() if lines[i].box[0] - edge < lines[i].size}
