"""Lines without some of their characters, and which lines are drawn over each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from renderers.pdf.characters import BoxArray, Line, PageCharacters, as_array
from renderers.pdf.ink_map import Mask

SAME_ROW = 0.35
"""Largest distance of two base lines, in the smaller font size, at which letters collide."""


def starts_of(lines: Sequence[Line]) -> list[int]:
    """The index of each line's first character among all characters, and their number."""
    return [0, *accumulate(len(line.text) for line in lines)]


def codes_of(lines: Sequence[Line]) -> npt.NDArray[np.uint32]:
    """The code points of all characters of the lines, `[N]`."""
    text = "".join([line.text for line in lines])
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def keep(found: PageCharacters, kept: Mask) -> PageCharacters:
    """The page with the characters that `kept` (`[N]`, of all characters) marks.

    A line ends where characters were removed, so that no word reaches over the gap.
    """
    if kept.all():
        return found
    lines: list[Line] = []
    starts = starts_of(found.lines)
    for line, start, stop in zip(found.lines, starts, starts[1:], strict=False):
        part = kept[start:stop]
        if part.all():
            lines.append(line)
        elif part.any():
            lines.extend(_parts(line, part))
    edges = as_array([box for line in lines for box in line.boxes])
    return replace(found, lines=tuple(lines), edges=edges)


def _parts(line: Line, kept: Mask) -> Iterator[Line]:
    """The runs of kept characters of a line; spaces do not count as removed."""
    runs: list[list[int]] = [[]]
    for index, character in enumerate(line.text):
        if kept[index]:
            runs[-1].append(index)
        elif character != " " and runs[-1]:
            runs.append([])
    for run in runs:
        while run and line.text[run[0]] == " ":
            run = run[1:]
        while run and line.text[run[-1]] == " ":
            run = run[:-1]
        if run:
            yield _part(line, run)


def _part(line: Line, run: Sequence[int]) -> Line:
    boxes = tuple(line.boxes[i] for i in run)
    lows = (min(b[0] for b in boxes), min(b[1] for b in boxes))
    highs = (max(b[2] for b in boxes), max(b[3] for b in boxes))
    box = (*lows, *highs)
    text = "".join(line.text[i] for i in run)
    styles = "".join(line.styles[i] for i in run) if line.styles else ""
    part = replace(line, text=text, boxes=boxes, box=box, styles=styles)
    return part if line.horizontal else replace(part, top=box[1], bottom=box[3])


def overlapping_lines(lines: Sequence[Line], distance: float = SAME_ROW) -> list[tuple[int, int]]:
    """Pairs (earlier, later) of horizontal lines that share some width, on about one base line.

    `distance` is the largest one of their base lines, in the smaller font size.
    """
    flat = [i for i, line in enumerate(lines) if line.horizontal]
    if len(flat) < 2:
        return []
    rows = np.array([(lines[i].baseline, lines[i].size, *lines[i].box[::2]) for i in flat])
    order = np.argsort(rows[:, 0], kind="stable")
    baseline, size, left, right = rows[order].T
    pairs: list[tuple[int, int]] = []
    reach = distance * float(size.max())
    last = np.searchsorted(baseline, baseline + reach, side="right")
    for step in range(1, int((last - np.arange(len(flat))).max())):
        near = np.flatnonzero(last[:-step] > np.arange(len(flat) - step) + step)
        other = near + step
        smaller = np.minimum(size[near], size[other])
        shared = np.minimum(right[near], right[other]) - np.maximum(left[near], left[other])
        between = baseline[other] - baseline[near]
        hit = (between < distance * smaller) & (shared > 0.1 * smaller)
        for a, b in zip(near[hit].tolist(), other[hit].tolist(), strict=True):
            first, second = sorted((flat[int(order[a])], flat[int(order[b])]))
            pairs.append((first, second))
    return sorted(pairs)


def overlapping_characters(
    edges: BoxArray, earlier: slice, later: slice
) -> npt.NDArray[np.float64]:
    """How much of the narrower character two characters share, `[earlier, later]`, 0 to 1."""
    first, second = edges[earlier], edges[later]
    left = np.maximum(first[:, None, 0], second[None, :, 0])
    right = np.minimum(first[:, None, 2], second[None, :, 2])
    widths = first[:, 2] - first[:, 0], second[:, 2] - second[:, 0]
    narrower = np.minimum(widths[0][:, None], widths[1][None, :])
    return np.clip((right - left) / np.maximum(narrower, 1e-6), 0, 1)
