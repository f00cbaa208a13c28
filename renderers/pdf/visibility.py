"""Which characters the picture of a page shows.

The ink of a character is where the text alone covers pixels. It is shown where the page with its
text differs from the page without it. Most pages end after one comparison of whole pictures: no
ink is missing. Otherwise the ink is counted in the box of each character, and for characters that
lie over each other in a picture of its own for each layer of lines.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pymupdf

from renderers.pdf.characters import BoxArray, PageCharacters
from renderers.pdf.glyphs import draw_lines
from renderers.pdf.ink_map import Mask, box_sums
from renderers.pdf.line_parts import overlapping_lines, starts_of
from renderers.pdf.text_layer import page_without_text, text_coverage
from renderers.picture import Pixels

MIN_COVERAGE = 48
"""Coverage (of 255) from which a pixel belongs to the ink of a character."""
SHOWN = 0.7
"""Share of its ink from which a character is shown. Lines through text cover less than 0.2."""
HIDDEN = 0.4
"""Share of its ink below which a character is hidden. Other text over it shows less than this by
chance."""

Counts = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Visibility:
    """For each character, `[N]`: whether it is hidden, or shown in part. Spaces are neither.

    `without_ink` marks those of the hidden ones whose glyph is empty.
    """

    hidden: Mask
    cut: Mask
    without_ink: Mask


def visibility(
    found: PageCharacters, display_list: pymupdf.DisplayList, picture: Pixels, scale: float
) -> Visibility:
    """Compare the ink of each character with `picture`, the page in gray by MuPDF, `[H, W]`."""
    area = (0, 0, picture.shape[1], picture.shape[0])
    coverage = text_coverage(display_list, scale, area)
    backdrop = page_without_text(display_list, scale, area)
    missing = _missing(coverage, picture, backdrop)
    letters = np.array([c != " " for line in found.lines for c in line.text], np.bool_)
    empty = letters & _is_empty(coverage, found.edges, scale)
    doubtful = np.zeros(len(letters), np.bool_)
    shown = np.ones(len(letters))
    if missing.any():
        shown = _shown(coverage, missing, found.edges, scale)
        doubtful = letters & ~empty & (shown < SHOWN)
    if doubtful.any():
        for lines, members in _layers(found, doubtful):
            own = draw_lines(display_list, [found.lines[i] for i in lines], scale, area)
            lost = _missing(own, picture, backdrop)
            shown[members] = _shown(own, lost, found.edges[members], scale)
    hidden = empty | (doubtful & (shown < HIDDEN))
    return Visibility(hidden, doubtful & ~hidden & (shown < SHOWN), empty)


def _missing(coverage: Pixels, picture: Pixels, backdrop: Pixels) -> Mask:
    """Where text should be and the picture is that without text.

    Text of full contrast changes a pixel by its coverage; 24 of 255 of that is the least contrast
    of visible text (`ink_map.MIN_EDGE_STEP`).
    """
    change = np.maximum(picture, backdrop)
    change -= np.minimum(picture, backdrop)
    least = coverage >> 4
    least += coverage >> 5
    found: Mask = change < least
    found &= coverage >= MIN_COVERAGE
    return found


def _shown(coverage: Pixels, missing: Mask, edges: BoxArray, scale: float) -> Counts:
    """The share of the ink in each box that the picture shows; 1 where there is no ink."""
    rows = np.flatnonzero(missing.any(axis=1))
    if not len(rows):
        return np.ones(len(edges))
    # All ink counts, also in rows of pixels where none is missing, but only of boxes near those.
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    y = edges[:, 1::2] * scale
    near = (y[:, 1] > top) & (y[:, 0] < bottom)
    shown = np.ones(len(edges))
    boxes = edges[near]
    ink = _count(coverage >= MIN_COVERAGE, boxes, scale)
    shown[near] = 1 - _count(missing, boxes, scale) / np.maximum(ink, 1)
    return shown


def _count(mask: Mask, edges: BoxArray, scale: float) -> Counts:
    """How many pixels of a mask lie in each box, without the rims that neighboring rows reach."""
    left, top, right, bottom = edges.T * scale
    tall = bottom - top
    boxes = np.stack((left, top + 0.1 * tall, right, bottom - 0.05 * tall), axis=1)
    return box_sums(mask, boxes).astype(np.float64)


def _is_empty(coverage: Pixels, edges: BoxArray, scale: float) -> Mask:
    """Whether no text is drawn in a box; at half resolution, with half a cell of padding."""
    height, width = (side // 2 * 2 for side in coverage.shape)
    ink = coverage[:height, :width] >= MIN_COVERAGE // 2
    pairs = ink.view(np.uint16) if width == coverage.shape[1] else ink.copy().view(np.uint16)
    cells = (pairs[0::2] | pairs[1::2]) != 0
    return box_sums(cells, edges * (scale / 2), padding=0.5) == 0


def _layers(found: PageCharacters, doubtful: Mask) -> Iterator[tuple[list[int], Mask]]:
    """Sets of lines that do not overlap, with the doubtful characters (`[N]`) of each set.

    Only lines that overlap a line with doubtful characters are in doubt because of another one.
    """
    starts = starts_of(found.lines)
    owners = np.searchsorted(starts, np.flatnonzero(doubtful), side="right") - 1
    touched = set(owners.tolist())
    above: dict[int, set[int]] = {}
    for earlier, later in overlapping_lines(found.lines):
        if earlier in touched or later in touched:
            above.setdefault(later, set()).add(earlier)
            above.setdefault(earlier, set())
    level: dict[int, int] = {}
    for index in sorted(above):
        taken = {level[other] for other in above[index]}
        level[index] = next(n for n in range(len(taken) + 1) if n not in taken)
    for number in sorted(set(level.values())):
        lines = [index for index, of_line in level.items() if of_line == number]
        members = np.zeros(len(doubtful), np.bool_)
        for index in lines:
            members[starts[index] : starts[index + 1]] = True
        yield lines, members & doubtful
