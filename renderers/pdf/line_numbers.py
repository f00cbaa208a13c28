"""Line numbers in the margin or next to the rows of a column.

They fill the gutters between columns and are often drawn over the neighboring column, so they are
set aside before columns are searched, and are put back into their rows afterwards.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import inf
from statistics import median

from renderers.pdf.characters import Line

MIN_NUMBERS = 5
"""Fewest numbers in a series; page numbers and the numbers of a short list are none."""
STEPS = (1, 2, 5, 10)
"""Every row has a number, or every second, fifth or tenth."""
MIN_BESIDE = 0.6
"""Share of the numbers of a series that must have text beside them."""
NEARER = 0.4
"""Distance of the rows to the left of numbers, in that of those to the right, that decides."""
ALIGNED_EM = 0.3
SAME_ROW_EM = 0.4
MAX_GAP_EM = 12.0
"""Largest distance of a number from its row, in font sizes."""

_NUMBER = re.compile(r"\d{1,4}")


def line_numbers(lines: Sequence[Line]) -> dict[int, int | None]:
    """The line numbers among the horizontal `lines`, each with the piece of its row.

    Numbers are a series if they share an edge and grow by one step from row to row. The number of
    an empty row has no piece. Keys and values are indices of `lines`.
    """
    numbers = [i for i, line in enumerate(lines) if _NUMBER.fullmatch(line.text)]
    if len(numbers) < MIN_NUMBERS:
        return {}
    by_side = [  # numbers are set flush right, or flush left
        [s for group in _aligned(lines, numbers, side) if (s := _counting(lines, group))]
        for side in (2, 0)
    ]
    chosen = max(by_side, key=lambda found: sum(map(len, found)))
    aside = {i for series in chosen for i in series}
    found: dict[int, int | None] = {}
    for series in chosen:
        rows = _rows_of(lines, series, aside)
        if sum(row is not None for row in rows) > MIN_BESIDE * len(series):
            found.update(zip(series, rows, strict=True))
    return dict(sorted(found.items()))


def put_back(numbers: Mapping[int, int | None], flows: Sequence[Sequence[int]]) -> list[list[int]]:
    """Add each number to the flow of its row; a number of an empty row to that of the last one."""
    filled = [list(flow) for flow in flows]
    if not numbers or not flows:
        return filled or [list(numbers)]
    flow_of = {i: number for number, flow in enumerate(flows) for i in flow}
    last = 0
    for i, row in numbers.items():
        last = flow_of.get(row, last) if row is not None else last
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


def _counting(lines: Sequence[Line], series: Sequence[int]) -> list[int]:
    """The longest chain of numbers that grows by one step; others may stand between them."""
    best: list[int] = []
    for step in STEPS:
        chains: dict[int, list[int]] = {}
        for i in series:
            value = int(lines[i].text)
            chain = [*chains.pop(value - step, []), i]
            chains[value] = max(chain, chains.get(value, []), key=len)
        best = max(best, *chains.values(), key=len)
    return best if len(best) >= MIN_NUMBERS else []


def _rows_of(lines: Sequence[Line], series: Sequence[int], aside: set[int]) -> list[int | None]:
    """The piece beside each number: to its right, unless fewer numbers have one there or the
    pieces to the left are much nearer."""
    rest = sorted((line.baseline, i) for i, line in enumerate(lines) if i not in aside)
    reach = SAME_ROW_EM * max((lines[i].size for _, i in rest), default=0.0)
    near = [
        [i for _, i in rest[bisect_left(rest, (y - reach,)) : bisect_left(rest, (y + reach, inf))]]
        for y in (lines[number].baseline for number in series)
    ]
    after, before = (
        [_beside(lines, i, sorted(rows), after=side) for i, rows in zip(series, near, strict=True)]
        for side in (True, False)
    )
    gaps_after, gaps_before = (
        [_gap(lines[i], lines[row]) for i, row in zip(series, rows, strict=True) if row is not None]
        for rows in (after, before)
    )
    if len(gaps_after) < 0.8 * len(gaps_before) or not gaps_after:
        return before
    if gaps_before and median(gaps_before) < NEARER * median(gaps_after):
        return before if len(gaps_before) >= 0.8 * len(gaps_after) else after
    return after


def _beside(lines: Sequence[Line], number: int, near: Sequence[int], *, after: bool) -> int | None:
    """The nearest of the pieces on the row of a number, right of it or left of it."""
    best: tuple[float, int] | None = None
    for i in near:
        line = lines[i]
        if abs(line.baseline - lines[number].baseline) > SAME_ROW_EM * line.size:
            continue
        is_after = line.x0 >= lines[number].x1 - 1
        if is_after is not after or not (is_after or line.x1 <= lines[number].x0 + 1):
            continue
        gap = _gap(lines[number], line)
        if gap <= MAX_GAP_EM * line.size and (best is None or gap < best[0]):
            best = gap, i
    return best[1] if best else None


def _gap(number: Line, line: Line) -> float:
    return max(line.x0 - number.x1, number.x0 - line.x1)
