"""Headings above columns that reach into a gutter of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import or_

from renderers.pdf.pieces import MIN_GUTTER_EM, Pieces, count_gaps, has_gap

HEADING_SIZE = 1.12
"""Size of a heading, in that of most characters."""


def headings_above(
    pieces: Pieces, bands: list[list[int]], widths: Sequence[int], start: int, stop: int
) -> int:
    """The end of the headings at the top of a run that keep a gutter from going on.

    They reach into a gutter of the columns below them: of further columns, or of columns that
    would go on below the run.
    """
    narrowest = int(MIN_GUTTER_EM * pieces.em)
    first = start
    if not _are_headings(pieces, bands[start]):
        return start
    while first < stop - 1 and (len(bands[first]) == 1 or _are_headings(pieces, bands[first])):
        first += 1
    below = reduce(or_, widths[first:stop])
    while first > start:
        with_heading = below | widths[first - 1]
        reaches_in = with_heading != below  # else the gaps are the same
        if reaches_in and count_gaps(with_heading, narrowest) < count_gaps(below, narrowest):
            return first
        goes_on = stop < len(bands) and has_gap(below | widths[stop], narrowest)
        if goes_on and all(_are_headings(pieces, band) for band in bands[start:first]):
            return first
        first -= 1
        below = with_heading
    return start


def _are_headings(pieces: Pieces, band: Sequence[int]) -> bool:
    return all(pieces.lines[i].size > HEADING_SIZE * pieces.em for i in band)
