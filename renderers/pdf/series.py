"""Numbered items in two columns: their numbers say in which order the columns are read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from renderers.pdf.characters import Line

_NUMBER = re.compile(r"(\d{1,3})(?:[.)]\s|[．、]|[.)]$|\.(?=[^\d\s]))")
MIN_ITEMS = 2
"""Items of the left column; one may have any number."""


def goes_down(lines: Sequence[Line], left: Sequence[int], right: Sequence[int]) -> bool:
    """Whether items are numbered from the top of the left column to the bottom of the right one."""
    before, after = _numbers(lines, left), _numbers(lines, right)
    if len(before) < MIN_ITEMS or not after:
        return False
    return all(b == a + 1 for a, b in pairwise((*before, *after)))


def _numbers(lines: Sequence[Line], index: Sequence[int]) -> list[int]:
    """The numbers of the items of a column at the edge of the leftmost one, from top to bottom."""
    found = [
        (lines[i], match)
        for i in sorted(index, key=lambda i: lines[i].baseline)
        if (match := _NUMBER.match(lines[i].text))
    ]
    edge = min((line.box[0] for line, _ in found), default=0.0)
    return [int(match[1]) for line, match in found if line.box[0] - edge < line.size]
