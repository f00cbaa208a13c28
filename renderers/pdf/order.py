"""Reading order: which piece of text is read after which.

A page is cut into *flows*, each a single column read from top to bottom. Bands that run
across the page (title, wide captions, page numbers) separate runs of columns; a gutter
inside a run separates columns. Whether a gutter stands between columns or between the cells
of a table is told by the order in which the file itself draws the pieces: a file draws a
column to its end, but goes through a table row by row.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise
from statistics import median

from renderers.pdf.characters import Line

MIN_GUTTER = 0.7
"""Narrowest gutter in font sizes (IEEE leaves 1.2) where enough rows stand beside it."""
MIN_GUTTER_FEW_ROWS = 1.5
ENOUGH_ROWS = 4
ROW_SWITCHES = 0.25
"""Changes of side per row, in drawing order, above which a gutter belongs to a table."""
WIDE_GAP = 2.0
"""An empty strip across all columns, this many font sizes high, sets off a masthead, provided
that there is text of both columns on either side of it."""
PROSE_ROWS = 6
PROSE_WIDTH = 14
"""Font sizes: a column of running text is at least this wide and this many rows tall."""
PROSE_FILL = 0.75
MARGIN_BAND = 0.12
"""Share of the page's height at either end in which one lone row is a header or footer."""


def reading_order(lines: Sequence[Line], page_height: float) -> list[list[int]]:
    """Indices of the horizontal `lines`, as flows in reading order."""
    if not lines:
        return []
    pieces = _Pieces(lines)
    header, body, footer = pieces.margins(list(range(len(lines))), page_height)
    return [flow for flow in (header, *_flows(pieces, body), footer) if flow]


def agreement(flows: Sequence[Sequence[int]]) -> float:
    """Share of steps in reading order that are steps forward in drawing order too, 0 to 1."""
    order = [i for flow in flows for i in flow]
    steps = len(order) - 1
    return sum(a < b for a, b in pairwise(order)) / steps if steps > 0 else 1.0


def rows(lines: Sequence[Line], flow: Sequence[int]) -> list[list[int]]:
    """The pieces of one flow, put together in rows from top to bottom, left to right."""
    todo = sorted([(lines[i].baseline, lines[i].box[0], i) for i in flow])
    found: list[list[int]] = []
    lowest: list[float] = []  # where the ink of each row ends
    for _, _, index in todo:
        line = lines[index]
        for number in range(len(found) - 1, max(-1, len(found) - 4), -1):
            if line.top < lowest[number] and _stands_beside(
                line, [lines[i] for i in found[number]]
            ):
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


def _stands_beside(line: Line, row: Sequence[Line]) -> bool:
    """Whether a piece shares more than half of its height, and no width, with a row."""
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
    """Edges of all pieces, in drawing order; `index` is always a rising list of pieces.

    Plain lists: the groups that a page falls into are too small for arrays to pay.
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
        """For each piece a bit for each point of the page's width that it takes up."""

    def bands(self, index: Sequence[int]) -> list[list[int]]:
        """Groups of pieces with no horizontal line through the gaps between them."""
        return _groups(index, self.top, self.bottom)

    def apart(self, index: Sequence[int]) -> list[list[int]]:
        """Cut where a strip of `WIDE_GAP` font sizes across the whole width is empty."""
        return _groups(index, self.top, self.bottom, WIDE_GAP * self.em)

    def margins(
        self, index: Sequence[int], height: float
    ) -> tuple[list[int], list[int], list[int]]:
        """Split off a lone row at the head and at the foot of the page."""
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
        return header, _joined(bands), footer

    def _is_row(self, band: Sequence[int]) -> bool:
        baselines = [self.baseline[i] for i in band]
        return max(baselines) - min(baselines) < 0.5 * self.em

    def occupied(self, index: Sequence[int]) -> int:
        """A bit for each point of the page's width that any of the pieces takes up."""
        taken = 0
        for i in index:
            taken |= self.taken[i]
        return taken

    def row_count(self, index: Sequence[int]) -> int:
        """Rows by base line; pieces within a third of their size share one."""
        slack = 0.35 * self.em
        baselines = sorted({self.baseline[i] for i in index})
        return 1 + sum([below - above > slack for above, below in pairwise(baselines)])


def usual_size(lines: Sequence[Line]) -> float:
    """The font size that half of all characters do not exceed."""
    weighed = sorted([(line.size, len(line.text)) for line in lines], key=lambda pair: pair[0])
    half = sum([weight for _, weight in weighed]) / 2
    passed = accumulate([weight for _, weight in weighed])
    return next(size for (size, _), sofar in zip(weighed, passed, strict=True) if sofar >= half)


def _joined(groups: Iterable[Sequence[int]]) -> list[int]:
    return sorted([i for group in groups for i in group])


def _groups(
    index: Sequence[int], low: Sequence[float], high: Sequence[float], gap: float = 0.0
) -> list[list[int]]:
    """Cut `index` where no interval `low..high` comes within `gap` of the next; rising order."""
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
        parts = pieces.apart(index)
        beside = all(not set(side).isdisjoint(part) for part in parts for side in columns)
        cut = parts if beside and len(parts) > 1 else columns
        return [flow for part in cut for flow in _flows(pieces, part)]
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
        out.extend(_flows(pieces, _joined(bands[start:stop])))
        start = stop
    if single:
        out.append([i for band in single for i in band])
    return out


def _column_run(
    pieces: _Pieces, bands: list[list[int]], widths: Sequence[int], start: int
) -> tuple[int, bool]:
    """Where the longest run of bands from `start` on that shares a gutter ends.

    And whether the gutter stands between columns. `widths` has the points that each band
    takes up, as bits.
    """
    taken = widths[start]
    narrowest = int(MIN_GUTTER * pieces.em)
    stop = start + 1
    while stop < len(bands):
        longer = taken | widths[stop]
        if not _has_gap(longer, narrowest):
            break
        taken = longer
        stop += 1
    if stop == start + 1 and len(bands[start]) == 1:
        return stop, False
    stop = _drawn_together(bands, start, stop)
    columns = _columns(pieces, _joined(bands[start:stop]))
    return stop, columns is not None and all(pieces.row_count(side) > 1 for side in columns)


def _has_gap(taken: int, width: int) -> bool:
    """Whether `width` or more zero bits stand together between the outermost set bits."""
    free = ~taken & ((1 << taken.bit_length()) - 1)
    free >>= (taken & -taken).bit_length()  # what lies left of the first set bit is margin
    while width > 1 and free:
        step = width // 2
        free &= free >> step
        width -= step
    return free != 0


def _drawn_together(bands: list[list[int]], start: int, stop: int) -> int:
    """Where the first part of a run ends: nothing in it is drawn after what stands below.

    The left column's end is drawn before the right column's beginning, so columns are not
    cut; a table below columns is drawn after them and starts a part of its own.
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
    for cut, (before, after) in enumerate(pairwise(groups), 1):
        edge = max(edge, *[pieces.x1[i] for i in before])
        width = (min([pieces.x0[i] for i in after]) - edge) / pieces.em
        if width >= MIN_GUTTER:
            found.append((width, _joined(groups[:cut]), _joined(groups[cut:])))
    return found


def _columns(pieces: _Pieces, index: Sequence[int]) -> tuple[list[int], list[int]] | None:
    """Left and right of the widest gutter that separates columns, if there is one."""
    for width, left, right in sorted(_gutters(pieces, index), key=lambda g: -g[0]):
        rows_beside = min(pieces.row_count(left), pieces.row_count(right))
        if rows_beside < ENOUGH_ROWS and width < MIN_GUTTER_FEW_ROWS:
            continue
        if _drawn_apart(left, right, rows_beside) or (
            _is_prose(pieces, left) and _is_prose(pieces, right)
        ):
            return left, right
    return None


def _drawn_apart(left: Sequence[int], right: Sequence[int], rows_beside: int) -> bool:
    """Whether the file draws one side, then the other, rather than row by row."""
    most = max(1.0, ROW_SWITCHES * rows_beside)
    on_left = set(left)
    drawn = _joined((left, right))
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
    if width < PROSE_WIDTH * pieces.em:
        return False
    rows = pieces.row_count(index)
    return rows >= PROSE_ROWS and (sum(x1) - sum(x0)) / (rows * width) >= PROSE_FILL
