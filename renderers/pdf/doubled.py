"""Text that is drawn twice: imitated bold type, shadows, and texts on top of each other."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import numpy as np

from renderers.ink import Mask
from renderers.pdf.characters import PageCharacters
from renderers.pdf.line_parts import (
    codes_of,
    keep,
    overlapping_characters,
    starts_of,
)

SAME_PLACE = 0.2
"""Largest shift of a second copy of a character, in font sizes. Shadows are shifted by less than
0.1; the next `l` of a word is 0.22 away."""
_SAME_WIDTH = 0.6
"""Smallest share of the narrower box that both copies cover."""
_COPIED = 0.5
"""Share of the characters over an earlier line that repeat it, from which they are a copy."""
_COLLIDING = 0.4
"""Share of the narrower character from which two letters on one base line collide."""


def without_doubles(found: PageCharacters, pairs: Sequence[tuple[int, int]]) -> PageCharacters:
    """The page with one copy of each character that is drawn again at the same place.

    `pairs` are the `overlapping_lines` of the page.
    """
    kept = np.ones(len(found.edges), np.bool_)
    starts = starts_of(found.lines)
    _mark_repeats(found, starts, kept)
    for earlier, later in pairs:
        first, second = found.lines[earlier], found.lines[later]
        if first.size > 1.25 * second.size or second.size > 1.25 * first.size:
            continue
        a, b = (slice(starts[i], starts[i + 1]) for i in (earlier, later))
        shift = np.abs(found.edges[a][:, None, :2] - found.edges[b][None, :, :2]).max(-1)
        shared = overlapping_characters(found.edges, a, b)
        same = np.array(list(first.text))[:, None] == np.array(list(second.text))[None, :]
        same &= (shift < SAME_PLACE * min(first.size, second.size)) & (shared > _SAME_WIDTH)
        copies = same.any(axis=0)
        # Another text at the same place has some of the same letters by chance. (A copy of a
        # character that was removed itself is still a copy.)
        if copies.sum() > _COPIED * (shared.max(axis=0) > _SAME_WIDTH).sum():
            kept[b] &= ~copies
    return keep(found, kept)


def _mark_repeats(found: PageCharacters, starts: Sequence[int], kept: Mask) -> None:
    """Mark the characters that repeat the one before them in their line at its place."""
    codes = codes_of(found.lines)
    pairs = np.flatnonzero((codes[1:] == codes[:-1]) & (codes[1:] != ord(" ")))
    owners = np.searchsorted(starts, pairs, side="right") - 1
    for index, owner in zip(pairs.tolist(), owners.tolist(), strict=True):
        if index + 1 == starts[owner + 1]:
            continue  # the next line
        size = found.lines[owner].size
        x0, y0, x1, y1 = found.edges[index]
        left, top, _, _ = found.edges[index + 1]
        limit = min(SAME_PLACE * size, 0.4 * max(x1 - x0, y1 - y0))
        if (
            abs(left - x0) < limit
            and abs(top - y0) < SAME_PLACE * size
            and left < x0 + 0.4 * (x1 - x0)
        ):
            kept[index + 1] = False


def overprinted(found: PageCharacters, pairs: Sequence[tuple[int, int]]) -> int:
    """How many letters, digits and ideographs are drawn over other ones.

    `pairs` are the `overlapping_lines` of the page.
    """
    if not pairs:
        return 0
    hit = np.zeros(len(found.edges), np.bool_)
    starts = starts_of(found.lines)
    for earlier, later in pairs:
        first, second = found.lines[earlier], found.lines[later]
        if max(first.size, second.size) > 2 * min(first.size, second.size):
            continue
        a, b = (slice(starts[i], starts[i + 1]) for i in (earlier, later))
        over = overlapping_characters(found.edges, a, b) > _COLLIDING
        over &= _is_letter(first.text)[:, None] & _is_letter(second.text)[None, :]
        hit[a] |= over.any(axis=1)
        hit[b] |= over.any(axis=0)
    return int(hit.sum())


def _is_letter(text: str) -> Mask:
    return np.array([unicodedata.category(c)[0] in "LN" for c in text], np.bool_)
