"""The edges of the pieces of text of a page, and groups of them that gaps separate."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from itertools import accumulate
from statistics import median

from renderers.pdf.characters import Line

MIN_GUTTER_EM = 0.7
"""Smallest width of a gutter with several rows on both sides, in font sizes; IEEE papers have
1.2."""
WIDE_GAP_EM = 2.0
"""Height in font sizes of an empty strip across all columns that separates a masthead, if both
columns have text above and below it."""
MARGIN_BAND = 0.12
"""Share of the page's height at top and bottom where a single row is a header or footer."""
GUTTER_EM = 0.75
"""Width of the gutter that an overlong piece leaves free, a little more than the smallest one."""
OVERHANG_EM = 1.5
"""How far into the next column such a piece reaches, at most."""
MOST_OVERHANGING = 0.2
"""Such pieces, as a share of those that end before the gutter."""
COLUMN_ROWS = 8
"""Pieces with one left edge that make a column; the column before it has as many."""
PAGE_NUMBER_BAND = 0.2
"""Share of the page's height at the bottom where a page number stands."""
NUMBER_OF_PAGE = re.compile(
    r"[-–—·\s]*(?:\d{1,4}|[ivxlc]{1,7}|[IVXLC]{1,7}|(?:page|p\.)\s*\d+(?:\s*(?:of|/)\s*\d+)?"
    r"|第\s*\d+\s*页(?:\s*共\s*\d+\s*页)?|\d+\s*/\s*\d+)[-–—·\s]*",
    re.IGNORECASE,
)
"""What a page number is written as: `12`, `– xii –`, `page 3 of 9`, `第 3 页`."""


class Pieces:
    """The edges of all pieces, in drawing order; `index` is always an ascending list of pieces.

    Plain lists, because the groups of a page are too small for arrays to be faster.
    """

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self.doubts: set[tuple[int, ...]] = set()
        """Columns left of gutters that stay in doubt."""
        self.em = usual_size(lines)
        """Font size of most characters."""
        self.x0 = [line.box[0] for line in lines]
        self.x1 = without_overhang(self.x0, [line.box[2] for line in lines], self.em)
        self.top = [line.top for line in lines]
        self.bottom = [line.bottom for line in lines]
        self.baseline = [line.baseline for line in lines]
        left = min(self.x0)
        self.taken = [
            ((1 << max(0, math.ceil(x1 - left) - int(x0 - left))) - 1) << int(x0 - left)
            for x0, x1 in zip(self.x0, self.x1, strict=True)
        ]
        """For each piece, one bit for each point of the page's width that it covers."""

    def bands(self, index: Sequence[int]) -> list[list[int]]:
        """Groups of pieces with no horizontal line through the gaps between them."""
        return groups(index, self.top, self.bottom)

    def split_at_wide_gaps(self, index: Sequence[int]) -> list[list[int]]:
        """Split where a strip of `WIDE_GAP_EM` font sizes across the whole width is empty."""
        return groups(index, self.top, self.bottom, WIDE_GAP_EM * self.em)

    def split_header_footer(
        self, index: Sequence[int], height: float
    ) -> tuple[list[int], list[int], list[int]]:
        """Split off a single row at the top and at the bottom of the page."""
        bands = self.bands(index)
        tops = [min([self.top[i] for i in band]) for band in bands]
        bottoms = [max([self.bottom[i] for i in band]) for band in bands]
        gaps = [below - above for above, below in zip(bottoms, tops[1:], strict=False)]
        after_head, before_foot = (
            max(0.5 * self.em, 1.6 * median(others or [0.0])) for others in (gaps[1:], gaps[:-1])
        )
        header: list[int] = []
        footer: list[int] = []
        at_head = bottoms[0] < MARGIN_BAND * height
        foot = PAGE_NUMBER_BAND if self._is_page_number(bands[-1]) else MARGIN_BAND
        at_foot = tops[-1] > (1 - foot) * height
        if at_head and len(bands) > 1 and gaps[0] > after_head and self._is_row(bands[0]):
            header = bands.pop(0)
        if at_foot and len(bands) > 1 and gaps[-1] > before_foot and self._is_row(bands[-1]):
            footer = bands.pop()
        return header, merged(bands), footer

    def _is_page_number(self, band: Sequence[int]) -> bool:
        return len(band) == 1 and NUMBER_OF_PAGE.fullmatch(self.lines[band[0]].text) is not None

    def _is_row(self, band: Sequence[int]) -> bool:
        baselines = [self.baseline[i] for i in band]
        return max(baselines) - min(baselines) < 0.5 * self.em

    def occupied(self, index: Sequence[int]) -> int:
        """One bit for each point of the page's width that any of the pieces covers."""
        taken = 0
        for i in index:
            taken |= self.taken[i]
        return taken

    def row_count(self, index: Sequence[int]) -> int:
        """The number of rows; base lines within about a third of the font size are one row."""
        slack = 0.35 * self.em
        baselines = sorted([self.baseline[i] for i in index])
        count, before = 1, baselines[0]
        for baseline in baselines:
            if baseline - before > slack:
                count += 1
            before = baseline
        return count


def without_overhang(x0: Sequence[float], x1: Sequence[float], em: float) -> list[float]:
    """The right edges of pieces, where those that reach into the gutter after their column, to the
    next one or a little into it, end before the gutter: long names of an index.

    A column begins where several pieces do. `em` is the usual font size in points.
    """
    right = list(x1)
    for edge in _shared_starts(x0, 0.2 * em):
        limit = edge - GUTTER_EM * em
        inside = 0
        overhanging: list[int] = []
        for i, (start, end) in enumerate(zip(x0, right, strict=True)):
            if start > limit - OVERHANG_EM * em:
                continue  # of the next column, or too short to be a name of this one
            if end <= limit:
                inside += 1
            elif end < edge + OVERHANG_EM * em:
                overhanging.append(i)
        if overhanging and inside >= COLUMN_ROWS and len(overhanging) <= MOST_OVERHANGING * inside:
            for i in overhanging:
                right[i] = limit
    return right


def _shared_starts(x0: Sequence[float], slack: float) -> list[float]:
    """The left edges that at least `COLUMN_ROWS` pieces share."""
    found: list[float] = []
    group: list[float] = []
    for start in [*sorted(x0), math.inf]:
        if group and start - group[0] > slack:
            if len(group) >= COLUMN_ROWS:
                found.append(group[0])
            group = []
        group.append(start)
    return found


def usual_size(lines: Sequence[Line]) -> float:
    """The font size that half of all characters do not exceed."""
    weighed = sorted([(line.size, len(line.text)) for line in lines], key=lambda pair: pair[0])
    half = sum([weight for _, weight in weighed]) / 2
    passed = accumulate([weight for _, weight in weighed])
    return next(size for (size, _), sofar in zip(weighed, passed, strict=True) if sofar >= half)


def merged(parts: Iterable[Sequence[int]]) -> list[int]:
    """The indices of all parts, ascending."""
    return sorted([i for part in parts for i in part])


def groups(
    index: Sequence[int], low: Sequence[float], high: Sequence[float], gap: float = 0.0
) -> list[list[int]]:
    """Split `index` where the intervals `low..high` leave a gap of more than `gap`, ascending."""
    found: list[list[int]] = []
    reach = -math.inf
    for i in sorted(index, key=low.__getitem__):
        if low[i] > reach:
            found.append([i])
        else:
            found[-1].append(i)
        if high[i] + gap > reach:
            reach = high[i] + gap
    for group in found:
        group.sort()
    return found


def has_gap(taken: int, width: int) -> bool:
    """Whether there are `width` or more consecutive zero bits between the outermost set bits."""
    free = ~taken & ((1 << taken.bit_length()) - 1)
    free >>= (taken & -taken).bit_length()  # drop the margin left of the first set bit
    while width > 1 and free:
        step = width // 2
        free &= free >> step
        width -= step
    return free != 0


def count_gaps(taken: int, width: int) -> int:
    """The number of gaps of `width` or more zero bits between the outermost set bits."""
    bits = f"{taken:b}".strip("0")
    return sum(len(gap) >= max(1, width) for gap in bits.split("1"))
