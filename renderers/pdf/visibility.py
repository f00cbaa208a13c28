"""Which characters the picture of a page shows.

The ink of a character is where the text alone covers pixels. It is shown where the page with its
text differs from the page without it. Most pages end without this comparison, or after that of a
part of them: no ink is missing. Otherwise the ink is counted in the box of each character, and for
characters that lie over each other in a picture of its own for each layer of lines.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import compress
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pymupdf

from renderers.ink import MIN_EDGE_STEP, Mask, box_sums
from renderers.pdf.characters import BoxArray, Line, PageCharacters, as_array
from renderers.pdf.glyphs import draw_glyphs, origin_key, page_glyphs
from renderers.pdf.in_doubt import dark_cells, is_empty, letters, lines_in_doubt
from renderers.pdf.line_parts import overlapping_lines, starts_of
from renderers.pdf.painted import Painted
from renderers.pdf.raw_text import read_origins
from renderers.pdf.text_layer import PixelBox, drawn_apart
from renderers.picture import Pixels

MIN_COVERAGE = 48
"""Coverage (of 255) from which a pixel belongs to the ink of a character."""
SHOWN = 0.7
"""Share of its ink from which a character is shown. Lines through text cover less than 0.2."""
HIDDEN = 0.4
"""Share of its ink below which a character is hidden. Other text over it shows less than this by
chance."""
TOUCHING = 0.9
"""Distance of base lines, in font sizes, from which the ink of two lines is apart."""
STRIP_GAP = 16
"""Pixels without doubted lines, from which the lines above and below are drawn separately."""
LEAST_ALONE = 0.15
"""Share of its ink that a character must have for itself, to be judged by that."""

Counts = npt.NDArray[np.float64]


def _least_change(share: float) -> Pixels:
    """For each coverage the change of a pixel by text of this contrast; 0 where it is no ink."""
    change: Pixels = np.ceil(share * np.arange(256)).astype(np.uint8)
    change[:MIN_COVERAGE] = 0
    return change


_VISIBLE_CHANGE = _least_change(MIN_EDGE_STEP / 255)
_NO_CHANGE = _least_change(0.02)


@dataclass(frozen=True, slots=True)
class Visibility:
    """For each character, `[N]`: whether it is hidden, or shown in part. Spaces are neither."""

    hidden: Mask
    cut: Mask


def visibility(
    found: PageCharacters,
    painted: Painted,
    display_list: pymupdf.DisplayList,
    picture: Pixels,
    gray: Pixels,
    scale: float,
) -> Visibility | None:
    """Compare the ink of each character with `picture`, the page by MuPDF; None if all is shown.

    `picture` has the pixels `[H, W]` of a page without colors, else `[H, W, 3]`; `gray` has their
    brightness. Only the part around lines that something may hide is compared, unless something is
    hidden there.
    """
    doubted = lines_in_doubt(found, painted, gray, scale)
    if not doubted.any():
        return None
    if not doubted.all():
        lines = compress(found.lines, doubted)
        if _shows_lines(lines, display_list, picture, scale):
            return None
    area = (0, 0, picture.shape[1], picture.shape[0])
    coverage, backdrop = drawn_apart(display_list, scale, area, color=picture.ndim == 3)
    missing = _missing(coverage, picture, backdrop, _VISIBLE_CHANGE)
    inked = letters(found.lines)
    empty = inked & is_empty(_ink_cells(coverage), found.edges, scale)
    doubtful = np.zeros(len(inked), np.bool_)
    shown = np.ones(len(inked))
    if missing.any():
        shown = _shown(coverage, missing, found.edges, scale)
        doubtful = inked & ~empty & (shown < SHOWN)
    if doubtful.any():
        absent = _missing(coverage, picture, backdrop, _NO_CHANGE)
        faint = _shown(coverage, absent, found.edges, scale)
        layers = _layers(found, doubtful)
        inks = [_draw_lines(display_list, layer.lines, scale, area) for layer in layers]
        for index, layer in enumerate(layers):
            others = [*inks[:index], *inks[index + 1 :]]
            own = _exclusive(inks[index], others)
            doubtful |= layer.members & inked & ~empty
            boxes = found.edges[layer.members]
            left = _count(own >= MIN_COVERAGE, boxes, scale)
            alone = left >= LEAST_ALONE * _count(inks[index] >= MIN_COVERAGE, boxes, scale)
            for shares, least in ((shown, _VISIBLE_CHANGE), (faint, _NO_CHANGE)):
                lost = _missing(own, picture, backdrop, least)
                part = 1 - _count(lost, boxes, scale) / np.maximum(left, 1)
                shares[layer.members] = _like_neighbors(part, alone, layer.owners)
        # Pale text is in doubt in all of its pixels, text that is cut only in some.
        shown = np.where((shown >= HIDDEN) & (faint >= SHOWN), 1.0, shown)
    hidden = empty | (doubtful & (shown < HIDDEN))
    cut: Mask = doubtful & ~hidden & (shown < SHOWN)
    return Visibility(hidden, cut)


def _shows_lines(
    lines: Iterable[Line], display_list: pymupdf.DisplayList, picture: Pixels, scale: float
) -> bool:
    """Whether the picture shows all characters of the lines; only their place is drawn."""
    strips: list[list[Line]] = []
    bottom = -math.inf
    for line in sorted(lines, key=lambda line: line.box[1]):
        if line.box[1] > bottom + STRIP_GAP / scale:
            strips.append([])
        strips[-1].append(line)
        bottom = max(bottom, line.box[3])
    return all(_shows_strip(strip, display_list, picture, scale) for strip in strips)


def _shows_strip(
    lines: Sequence[Line], display_list: pymupdf.DisplayList, picture: Pixels, scale: float
) -> bool:
    height, width = picture.shape[:2]
    boxes = as_array([line.box for line in lines]) * scale
    left, top = (max(0, int(low) // 2 * 2 - 2) for low in boxes[:, :2].min(axis=0))  # whole cells
    right, bottom = (
        min(side, int(high) + 4)
        for side, high in zip((width, height), boxes[:, 2:].max(axis=0), strict=True)
    )
    if left >= right or top >= bottom:
        return False
    area = (left, top, right, bottom)
    coverage, backdrop = drawn_apart(display_list, scale, area, color=picture.ndim == 3)
    edges = as_array([box for line in lines for box in line.boxes])[letters(lines)]
    edges -= np.array((left, top, left, top)) / scale
    if is_empty(_ink_cells(coverage), edges, scale).any():
        return False
    missing = _missing(coverage, picture[top:bottom, left:right], backdrop, _VISIBLE_CHANGE)
    return not (_shown(coverage, missing, edges, scale) < SHOWN).any()


def _draw_lines(
    display_list: pymupdf.DisplayList, lines: Sequence[Line], scale: float, area: PixelBox
) -> Pixels:
    """The coverage of these lines alone, like `text_coverage`."""
    origins = read_origins(display_list)
    wanted = {origin_key(*origins[box]) for line in lines for box in line.boxes if box in origins}
    return draw_glyphs((g for g in page_glyphs(display_list) if g.origin in wanted), scale, area)


def _missing(coverage: Pixels, picture: Pixels, backdrop: Pixels, least: Pixels) -> Mask:
    """Where text should be, and the picture differs too little from the one without text.

    `least` is the least difference of any channel for each coverage, `[256]`. Only the
    pixels with ink are read, which are few.
    """
    inked = np.flatnonzero(coverage >= MIN_COVERAGE)
    shown, empty = (p.reshape(coverage.size, -1)[inked] for p in (picture, backdrop))
    differences = np.maximum(shown, empty) - np.minimum(shown, empty)
    change = reduce(np.maximum, differences.T)  # by channels, see `visible_at_once`
    found = np.zeros(coverage.size, np.bool_)
    found[inked[change < least[coverage.ravel()[inked]]]] = True
    return found.reshape(coverage.shape)


def _like_neighbors(shown: Counts, known: Mask, owners: npt.NDArray[np.intp]) -> Counts:
    """Shares in which unknown ones are the median of the known ones of the same line."""
    filled = shown.copy()
    for owner in np.unique(owners[~known]).tolist():
        here = owners == owner
        sure = shown[here & known]
        filled[here & ~known] = float(np.median(sure)) if len(sure) else 1.0
    return filled


def _exclusive(own: Pixels, others: Sequence[Pixels]) -> Pixels:
    """The coverage of a layer where no other layer has ink.

    The faintest rim of another letter counts: it changes the picture as much as thin ink here.
    """
    kept = own.copy()
    for other in others:
        kept[other > 0] = 0
    return kept


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


def _ink_cells(coverage: Pixels) -> Mask:
    """The cells of 2 by 2 pixels in which text is drawn, also thinly."""
    return dark_cells(255 - coverage, 255 - MIN_COVERAGE // 2)


class _Layer(NamedTuple):
    """Lines that do not overlap each other.

    `members` marks their characters, `[N]`; `owners` has the line of each of these.
    """

    lines: list[Line]
    members: Mask
    owners: npt.NDArray[np.intp]


def _layers(found: PageCharacters, doubtful: Mask) -> list[_Layer]:
    """Layers of all lines that overlap a line with doubtful characters.

    All characters of these lines are in doubt: what is shown in the box of a hidden one may be
    the ink of another. Doubtful characters on other lines have their boxes for themselves.
    """
    starts = starts_of(found.lines)
    inside = np.searchsorted(starts, np.flatnonzero(doubtful), side="right") - 1
    touched = set(inside.tolist())
    beneath: dict[int, set[int]] = {}
    for earlier, later in overlapping_lines(found.lines, TOUCHING):
        if earlier in touched or later in touched:
            beneath.setdefault(earlier, set())
            beneath.setdefault(later, set()).add(earlier)
    level: dict[int, int] = {}
    for index in sorted(beneath):
        taken = {level[other] for other in beneath[index]}
        level[index] = next(n for n in range(len(taken) + 1) if n not in taken)
    layers = []
    for number in sorted(set(level.values())):
        lines = [index for index, of_line in level.items() if of_line == number]
        members = np.zeros(len(doubtful), np.bool_)
        for index in lines:
            members[starts[index] : starts[index + 1]] = True
        owners = np.searchsorted(starts, np.flatnonzero(members), side="right") - 1
        layers.append(_Layer([found.lines[i] for i in lines], members, owners))
    return layers
