"""The rules of tables: thin drawings that form a grid, or lie above each other with equal ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from renderers.pdf.characters import Line
from renderers.picture import Box

MAX_RULE = 2.5
"""Thickness of a rule in points."""
MIN_RULE = 8.0
"""Length of a rule in points."""
TOUCH = 3.0
"""Points by which rules of a grid may miss each other."""
MIN_OPEN_RULE = 60.0
"""Length of the rules of a table without vertical rules, in points."""
MAX_GRID = 60
"""Rows or columns of a grid; more is a drawing."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The rules of a table: `xs` of the columns, `ys` of the rows, in points."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    vertical: tuple[Box, ...]
    horizontal: tuple[Box, ...]

    def holds(self, line: Line) -> bool:
        """Whether the center of a line is within the outer rules."""
        x, y = (line.box[0] + line.box[2]) / 2, (line.top + line.bottom) / 2
        return self.xs[0] < x < self.xs[-1] and self.ys[0] < y < self.ys[-1]


def closed_grids(rules: Sequence[Box]) -> list[Grid]:
    """Groups of rules that touch and have at least two columns and two rows."""
    thin = [
        box
        for box in rules
        if min(box[2] - box[0], box[3] - box[1]) <= MAX_RULE
        and max(box[2] - box[0], box[3] - box[1]) >= MIN_RULE
    ]
    if not 5 <= len(thin) <= 2000:
        return []
    groups: list[list[Box]] = []
    for box in sorted(thin, key=lambda b: b[1]):
        touched = [g for g in groups if any(_touch(box, other) for other in g)]
        merged = [box, *[b for g in touched for b in g]]
        groups = [g for g in groups if not any(g is t for t in touched)]
        groups.append(merged)
    grids = []
    for group in groups:
        vertical = [b for b in group if b[3] - b[1] > b[2] - b[0]]
        horizontal = [b for b in group if b[3] - b[1] <= b[2] - b[0]]
        xs = _positions([(b[0] + b[2]) / 2 for b in vertical])
        ys = _positions([(b[1] + b[3]) / 2 for b in horizontal])
        if horizontal:  # many tables have no rule at their left and right edge
            left, right = min(b[0] for b in horizontal), max(b[2] for b in horizontal)
            xs = _positions([*xs, left, right])
        if vertical:
            ys = _positions([*ys, min(b[1] for b in vertical), max(b[3] for b in vertical)])
        if vertical and 3 <= len(xs) <= MAX_GRID and 3 <= len(ys) <= MAX_GRID:
            grids.append(Grid(tuple(xs), tuple(ys), tuple(vertical), tuple(horizontal)))
    return sorted(grids, key=lambda g: g.ys[0])


def open_frames(lines: Sequence[Line], rules: Sequence[Box]) -> list[Grid]:
    """Tables with horizontal rules only: three or more rules with equal ends.

    Rules belong together while there is text between them, none of which reaches over their ends.
    Frames with vertical rules are listings or boxes.
    """
    flat, upright = [], []
    for box in rules:
        width, height = box[2] - box[0], box[3] - box[1]
        if height <= MAX_RULE and width >= MIN_OPEN_RULE:
            flat.append(box)
        elif width <= MAX_RULE and height >= MIN_RULE:
            upright.append(box)
    frames: list[list[Box]] = []
    for box in sorted(flat, key=lambda b: b[1]):
        for frame in reversed(frames):
            if abs(frame[0][0] - box[0]) < TOUCH and abs(frame[0][2] - box[2]) < TOUCH:
                if box[1] - frame[-1][3] < TOUCH or _encloses(frame[-1], box, lines):
                    frame.append(box)
                else:
                    frames.append([box])
                break
        else:
            frames.append([box])
    grids = []
    for frame in frames:
        ys = _positions([(b[1] + b[3]) / 2 for b in frame])
        whole = (frame[0][0], frame[0][1], frame[0][2], frame[-1][3])
        if len(ys) > 2 and not any(_touch(whole, box) for box in upright):
            grids.append(Grid((frame[0][0], frame[0][2]), tuple(ys), (), tuple(frame)))
    return grids


def _encloses(above: Box, below: Box, lines: Sequence[Line]) -> bool:
    """Whether two rules with equal ends have text between them, and none reaches over the ends."""
    left, right = above[0], above[2]
    between = [
        line
        for line in lines
        if above[3] < (line.top + line.bottom) / 2 < below[1]
        and line.x1 > left + TOUCH
        and line.x0 < right - TOUCH
    ]
    return bool(between) and all(
        line.x0 >= left - TOUCH and line.x1 <= right + TOUCH for line in between
    )


def _touch(one: Box, other: Box) -> bool:
    return (
        one[0] - TOUCH <= other[2]
        and other[0] - TOUCH <= one[2]
        and one[1] - TOUCH <= other[3]
        and other[1] - TOUCH <= one[3]
    )


def _positions(values: Sequence[float]) -> list[float]:
    """Ascending positions, of which those closer than `TOUCH` are one."""
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > TOUCH:
            found.append(value)
    return found
