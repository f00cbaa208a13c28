"""Which lines of a page something may hide, without drawing the page again.

On white paper opaque text is hidden only by something painted at its place, by a clip, or by a
group, mask or pattern that it is part of. A line away from all of these is shown if there is ink in
the box of each of its characters.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from renderers.ink import MIN_EDGE_STEP, Mask, any_in_boxes
from renderers.pdf.characters import BoxArray, Line, PageCharacters, as_array
from renderers.pdf.line_parts import codes_of, starts_of
from renderers.pdf.painted import Painted
from renderers.picture import Pixels

MOST_COVERS = 500
"""Painted boxes of a page whose places are compared with those of its lines."""


def lines_in_doubt(found: PageCharacters, painted: Painted, gray: Pixels, scale: float) -> Mask:
    """The lines, `[L]`, that must be compared with a second picture to know whether they are shown.

    `gray` is the brightness of the page, `[H, W]`.
    """
    everything: Mask = np.ones(len(found.lines), np.bool_)
    covers = (*painted.covers, *found.pale)
    if not len(found.edges) or len(covers) > MOST_COVERS:
        return everything
    doubted: Mask = ~everything
    if covers:
        lines = as_array([line.box for line in found.lines])[:, None]
        boxes = as_array(covers)[None]
        apart = (lines[..., :2] >= boxes[..., 2:]) | (lines[..., 2:] <= boxes[..., :2])
        doubted = np.logical_or.reduce(~apart.any(axis=-1), axis=-1)
    empty = letters(found.lines)
    inked = found.edges[empty]
    empty[empty] = is_empty(dark_cells(gray, 255 - MIN_EDGE_STEP), inked, scale)
    empty_lines = np.logical_or.reduceat(empty, starts_of(found.lines)[:-1])
    if (empty_lines & ~doubted).any():
        return everything
    return doubted


def letters(lines: Sequence[Line]) -> Mask:
    """Whether each character of the lines is none of their spaces, `[N]`."""
    found: Mask = codes_of(lines) != ord(" ")
    return found


def is_empty(cells: Mask, edges: BoxArray, scale: float) -> Mask:
    """Whether a box has no ink, `[N]`, with half a cell of padding; see `dark_cells`."""
    return ~any_in_boxes(cells, edges * (scale / 2), padding=0.5)


def dark_cells(gray: Pixels, most: int) -> Mask:
    """The cells of 2 by 2 pixels with a value of up to `most`: `[H, W]` -> `[H // 2, W // 2]`."""
    height, width = (side // 2 * 2 for side in gray.shape)
    dark = np.minimum(gray[:height:2, :width], gray[1:height:2, :width]) <= most
    cells: Mask = dark.view(np.uint16) != 0  # two pixels as one number
    return cells
