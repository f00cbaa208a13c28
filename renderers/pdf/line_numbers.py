"""Line numbers in the margin or next to the rows of a column.

They fill the gutters between columns and are often drawn over the neighboring column, so they are
set aside before columns are searched, and are put back into their rows afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from renderers.pdf.characters import Line

MIN_NUMBERS = 5
"""Fewest numbers in a series; page numbers and the numbers of a short list are none."""
STEPS = (1, 2, 5, 10)
"""Every row has a number, or every second, fifth or tenth."""
ALIGNED_EM = 0.3
SAME_ROW_EM = 0.4
MAX_GAP_EM = 12.0
"""Largest distance of a number from its row, in font sizes."""

_NUMBER = re.compile(r"\d{1,4}")


def line_numbers(lines: Sequence[Line]) -> list[int]:
    """Indices of the horizontal `lines` that are line numbers, each with a row beside it.

    Numbers are a series if they share an edge and grow by one step from row to row.
    """
    numbers = [i for i, line in enumerate(lines) if _NUMBER.fullmatch(line.text)]
    if len(numbers) < MIN_NUMBERS:
        return []
    found: set[int] = set()
    for side in (2, 0):  # numbers are set flush right, or flush left
        for series in _aligned(lines, numbers, side):
            rest = [i for i in series if i not in found]
            found |= _counting(lines, rest) if rest else set()
    if len(found) < MIN_NUMBERS:
        return []
    beside = sum(_row_of(lines, i, found) is not None for i in found)
    return sorted(found) if beside > 0.6 * len(found) else []


def put_back(
    lines: Sequence[Line], numbers: Sequence[int], flows: Sequence[Sequence[int]]
) -> list[list[int]]:
    """Add each number to the flow of its row; a number of an empty row to that of the last one."""
    if not numbers:
        return [list(flow) for flow in flows]
    flow_of = {i: number for number, flow in enumerate(flows) for i in flow}
    filled = [list(flow) for flow in flows]
    aside = set(numbers)
    last = 0
    for i in numbers:
        row = _row_of(lines, i, aside)
        last = flow_of[row] if row is not None else last
        filled[last].append(i)
    return [sorted(flow) for flow in filled]


def _aligned(lines: Sequence[Line], numbers: Sequence[int], side: int) -> list[list[int]]:
    """Groups of numbers that share the left (0) or right (2) edge, each from top to bottom."""
    ordered = sorted(numbers, key=lambda i: lines[i].box[side])
    groups = [[ordered[0]]]
    for before, i in pairwise(ordered):
        slack = ALIGNED_EM * lines[i].size
        if lines[i].box[side] - lines[before].box[side] <= slack:
            groups[-1].append(i)
        else:
            groups.append([i])
    return [sorted(g, key=lambda i: lines[i].baseline) for g in groups if len(g) >= MIN_NUMBERS]


def _counting(lines: Sequence[Line], series: Sequence[int]) -> set[int]:
    """The longest chain of numbers that grows by one step; others may stand between them."""
    best: list[int] = []
    for step in STEPS:
        chains: dict[int, list[int]] = {}
        for i in series:
            value = int(lines[i].text)
            chain = [*chains.pop(value - step, []), i]
            chains[value] = max(chain, chains.get(value, []), key=len)
        best = max(best, *chains.values(), key=len)
    return set(best) if len(best) >= MIN_NUMBERS else set()


def _row_of(lines: Sequence[Line], number: int, aside: set[int]) -> int | None:
    """The piece on the row of a number that is nearest to it and does not overlap it."""
    x0, _, x1, _ = lines[number].box
    best: tuple[float, int] | None = None
    for i, line in enumerate(lines):
        if i in aside or abs(line.baseline - lines[number].baseline) > SAME_ROW_EM * line.size:
            continue
        gap = line.x0 - x1 if line.x0 >= x1 - 1 else x0 - line.x1 if line.x1 <= x0 + 1 else None
        if gap is not None and gap <= MAX_GAP_EM * line.size and (best is None or gap < best[0]):
            best = gap, i
    return best[1] if best else None
