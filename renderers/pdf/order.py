"""The reading order of the pieces of text of a page.

A page is split into *flows*, each a single column read from top to bottom. Bands across the
page (title, wide captions, page numbers) separate runs of columns; a gutter inside a run
separates columns. The drawing order of the file decides whether a gutter separates columns or
the cells of a table: a file draws columns one after the other, but a table row by row.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise
from statistics import median

from renderers.pdf.characters import Line

MIN_GUTTER_EM = 0.7
"""Smallest width of a gutter with `MIN_COLUMN_ROWS` rows on both sides, in font sizes; IEEE
papers have 1.2."""
MIN_GUTTER_FEW_ROWS_EM = 1.5
MIN_COLUMN_ROWS = 4
MAX_ROW_SWITCHES = 0.25
"""If the drawing order changes sides more often than this per row, the gutter is in a table."""
WIDE_GAP_EM = 2.0
"""Height in font sizes of an empty strip across all columns that separates a masthead, if both
columns have text above and below it."""
MIN_PROSE_ROWS = 6
PROSE_WIDTH_EM = 14
"""A column of running text has at least this many rows and this width in font sizes."""
MIN_PROSE_FILL = 0.75
MARGIN_BAND = 0.12
"""Share of the page's height at top and bottom where a single row is a header or footer."""


def reading_order(lines: Sequence[Line], page_height: float) -> list[list[int]]:
    """The indices of the horizontal `lines` as flows in reading order."""
    if not lines:
        return []
    pieces = _Pieces(lines)
    header, body, footer = pieces.split_header_footer(list(range(len(lines))), page_height)
    return [flow for flow in (header, *_flows(pieces, body), footer) if flow]


def agreement(flows: Sequence[Sequence[int]]) -> float:
    """Share of steps in reading order that are also steps forward in drawing order, 0 to 1."""
    order = [i for flow in flows for i in flow]
    steps = len(order) - 1
    return sum(a < b for a, b in pairwise(order)) / steps if steps > 0 else 1.0


def rows(lines: Sequence[Line], flow: Sequence[int]) -> list[list[int]]:
    """The pieces of one flow grouped into rows, from top to bottom and left to right."""
    todo = sorted([(lines[i].baseline, lines[i].box[0], i) for i in flow])
    found: list[list[int]] = []
    lowest: list[float] = []  # where the ink of each row ends
    for _, _, index in todo:
        line = lines[index]
        for number in range(len(found) - 1, max(-1, len(found) - 4), -1):
            if line.top < lowest[number] and _fits_row(line, [lines[i] for i in found[number]]):
                found[number].append(index)
                lowest[number] = max(lowest[number], line.bottom)
                break
        else:
            found.append([index])
            lowest.append(line.bottom)
    placed = []
    for row in found:
        if len(row) > 1:
            row.sort(key=lambda i: lines[i].box[0])
        _, baseline = max([(lines[i].size, lines[i].baseline) for i in row])
        placed.append((baseline, row))
    placed.sort(key=lambda pair: pair[0])
    return [row for _, row in placed]


def _fits_row(line: Line, row: Sequence[Line]) -> bool:
    """Whether a piece overlaps a row by more than half of its height but not horizontally."""
    x0, _, x1, _ = line.box
    top, bottom = line.top, line.bottom
    level = False
    for other in row:
        left, right = other.box[0], other.box[2]
        shared = (x1 if x1 < right else right) - (x0 if x0 > left else left)
        if shared > 0 and shared > 0.3 * min(x1 - x0, right - left):
            return False
        if not level:
            shared = min(bottom, other.bottom) - max(top, other.top)
            level = shared > 0.5 * min(bottom - top, other.bottom - other.top)
    return level


class _Pieces:
    """The edges of all pieces, in drawing order; `index` is always an ascending list of pieces.

    Plain lists, because the groups of a page are too small for arrays to be faster.
    """

    def __init__(self, lines: Sequence[Line]) -> None:
        self.x0 = [line.box[0] for line in lines]
        self.x1 = [line.box[2] for line in lines]
        self.top = [line.top for line in lines]
        self.bottom = [line.bottom for line in lines]
        self.baseline = [line.baseline for line in lines]
        self.em = usual_size(lines)
        """Font size of most characters."""
        left = min(self.x0)
        self.taken = [
            ((1 << max(0, math.ceil(x1 - left) - int(x0 - left))) - 1) << int(x0 - left)
            for x0, x1 in zip(self.x0, self.x1, strict=True)
        ]
        """For each piece, one bit for each point of the page's width that it covers."""

    def bands(self, index: Sequence[int]) -> list[list[int]]:
        """Groups of pieces with no horizontal line through the gaps between them."""
        return _groups(index, self.top, self.bottom)

    def split_at_wide_gaps(self, index: Sequence[int]) -> list[list[int]]:
        """Split where a strip of `WIDE_GAP_EM` font sizes across the whole width is empty."""
        return _groups(index, self.top, self.bottom, WIDE_GAP_EM * self.em)

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
        at_foot = tops[-1] > (1 - MARGIN_BAND) * height
        if at_head and len(bands) > 1 and gaps[0] > after_head and self._is_row(bands[0]):
            header = bands.pop(0)
        if at_foot and len(bands) > 1 and gaps[-1] > before_foot and self._is_row(bands[-1]):
            footer = bands.pop()
        return header, _merged(bands), footer

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
        baselines = sorted({self.baseline[i] for i in index})
        return 1 + sum([below - above > slack for above, below in pairwise(baselines)])


def usual_size(lines: Sequence[Line]) -> float:
    """The font size that half of all characters do not exceed."""
    weighed = sorted([(line.size, len(line.text)) for line in lines], key=lambda pair: pair[0])
    half = sum([weight for _, weight in weighed]) / 2
    passed = accumulate([weight for _, weight in weighed])
    return next(size for (size, _), sofar in zip(weighed, passed, strict=True) if sofar >= half)


def _merged(groups: Iterable[Sequence[int]]) -> list[int]:
    return sorted([i for group in groups for i in group])


def _groups(
    index: Sequence[int], low: Sequence[float], high: Sequence[float], gap: float = 0.0
) -> list[list[int]]:
    """Split `index` where the intervals `low..high` leave a gap of more than `gap`, ascending."""
    groups: list[list[int]] = []
    reach = -math.inf
    for i in sorted(index, key=low.__getitem__):
        if low[i] > reach:
            groups.append([i])
        else:
            groups[-1].append(i)
        if high[i] + gap > reach:
            reach = high[i] + gap
    for group in groups:
        group.sort()
    return groups


def _flows(pieces: _Pieces, index: list[int]) -> list[list[int]]:
    columns = _columns(pieces, index)
    if columns is not None:
        strips = pieces.split_at_wide_gaps(index)
        both_columns = all(not set(side).isdisjoint(part) for part in strips for side in columns)
        parts = strips if both_columns and len(strips) > 1 else columns
        return [flow for part in parts for flow in _flows(pieces, part)]
    bands = pieces.bands(index)
    if len(bands) == 1:
        return [index]
    out: list[list[int]] = []
    single: list[list[int]] = []
    start = 0
    widths = [pieces.occupied(band) for band in bands]
    while start < len(bands):
        stop, is_columns = _column_run(pieces, bands, widths, start)
        if not is_columns:
            single.extend(bands[start:stop])
            start = stop
            continue
        if single:
            out.append([i for band in single for i in band])
            single = []
        out.extend(_flows(pieces, _merged(bands[start:stop])))
        start = stop
    if single:
        out.append([i for band in single for i in band])
    return out


def _column_run(
    pieces: _Pieces, bands: list[list[int]], widths: Sequence[int], start: int
) -> tuple[int, bool]:
    """The end of the longest run of bands from `start` on that shares a gutter.

    Also whether this gutter separates columns. `widths` has the bits of `occupied` for each band.
    """
    taken = widths[start]
    narrowest = int(MIN_GUTTER_EM * pieces.em)
    stop = start + 1
    while stop < len(bands):
        longer = taken | widths[stop]
        if not _has_gap(longer, narrowest):
            break
        taken = longer
        stop += 1
    if stop == start + 1 and len(bands[start]) == 1:
        return stop, False
    stop = _end_of_first_drawn_block(bands, start, stop)
    columns = _columns(pieces, _merged(bands[start:stop]))
    return stop, columns is not None and all(pieces.row_count(side) > 1 for side in columns)


def _has_gap(taken: int, width: int) -> bool:
    """Whether there are `width` or more consecutive zero bits between the outermost set bits."""
    free = ~taken & ((1 << taken.bit_length()) - 1)
    free >>= (taken & -taken).bit_length()  # drop the margin left of the first set bit
    while width > 1 and free:
        step = width // 2
        free &= free >> step
        width -= step
    return free != 0


def _end_of_first_drawn_block(bands: list[list[int]], start: int, stop: int) -> int:
    """The end of the first part of a run that is drawn completely before everything below it.

    The end of the left column is drawn before the start of the right column, so columns are not
    split; a table below columns is drawn after them and starts a separate part.
    """
    run = bands[start:stop]
    lowest = list(accumulate([band[0] for band in reversed(run)], min))[::-1]
    highest = accumulate([band[-1] for band in run], max)
    for number, (last, following) in enumerate(zip(highest, lowest[1:], strict=False), 1):
        if last < following:
            return start + number
    return stop


def _gutters(pieces: _Pieces, index: Sequence[int]) -> list[tuple[float, list[int], list[int]]]:
    """Vertical strips without text inside `index`: (width in font sizes, left, right)."""
    groups = _groups(index, pieces.x0, pieces.x1)
    edge = -math.inf  # of all groups so far
    found = []
    for number, (before, after) in enumerate(pairwise(groups), 1):
        edge = max(edge, *[pieces.x1[i] for i in before])
        width = (min([pieces.x0[i] for i in after]) - edge) / pieces.em
        if width >= MIN_GUTTER_EM:
            found.append((width, _merged(groups[:number]), _merged(groups[number:])))
    return found


def _columns(pieces: _Pieces, index: Sequence[int]) -> tuple[list[int], list[int]] | None:
    """The pieces left and right of the widest gutter that separates columns, if there is one."""
    for width, left, right in sorted(_gutters(pieces, index), key=lambda g: -g[0]):
        shared_rows = min(pieces.row_count(left), pieces.row_count(right))
        if shared_rows < MIN_COLUMN_ROWS and width < MIN_GUTTER_FEW_ROWS_EM:
            continue
        if _drawn_separately(left, right, shared_rows) or (
            _is_prose(pieces, left) and _is_prose(pieces, right)
        ):
            return left, right
    return None


def _drawn_separately(left: Sequence[int], right: Sequence[int], shared_rows: int) -> bool:
    """Whether the file draws first one side and then the other, not row by row."""
    most = max(1.0, MAX_ROW_SWITCHES * shared_rows)
    on_left = set(left)
    drawn = _merged((left, right))
    side = drawn[0] in on_left
    switches = 0
    for i in drawn:
        if (i in on_left) is not side:
            side = not side
            switches += 1
            if switches > most:
                return False
    return True


def _is_prose(pieces: _Pieces, index: Sequence[int]) -> bool:
    """Whether most rows of a column reach from its left edge to its right edge."""
    x0, x1 = [pieces.x0[i] for i in index], [pieces.x1[i] for i in index]
    width = max(x1) - min(x0)
    if width < PROSE_WIDTH_EM * pieces.em:
        return False
    rows = pieces.row_count(index)
    return rows >= MIN_PROSE_ROWS and (sum(x1) - sum(x0)) / (rows * width) >= MIN_PROSE_FILL
