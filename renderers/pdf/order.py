"""Reading order: which piece of text is read after which.

A page is cut into *flows*, each a single column read from top to bottom. Bands that run
across the page (title, wide captions, page numbers) separate runs of columns; a gutter
inside a run separates columns. Whether a gutter stands between columns or between the cells
of a table is told by the order in which the file itself draws the pieces: a file draws a
column to its end, but goes through a table row by row.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from renderers.pdf.characters import Line

Ints = npt.NDArray[np.intp]

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
    everything = np.arange(len(lines))
    header, body, footer = pieces.margins(everything, page_height)
    flows = [header, *_flows(pieces, body), footer]
    return [flow.tolist() for flow in flows if len(flow)]


def agreement(flows: Sequence[Sequence[int]]) -> float:
    """Share of steps in reading order that are steps forward in drawing order too, 0 to 1."""
    order = np.array([i for flow in flows for i in flow])
    return 1.0 if len(order) < 2 else float((np.diff(order) > 0).mean())


def rows(lines: Sequence[Line], flow: Sequence[int]) -> list[list[int]]:
    """The pieces of one flow, put together in rows from top to bottom, left to right."""
    todo = sorted(flow, key=lambda i: (lines[i].baseline, lines[i].box[0]))
    found: list[list[int]] = []
    for index in todo:
        line = lines[index]
        for row in reversed(found[-3:]):
            if _stands_beside(line, [lines[i] for i in row]):
                row.append(index)
                break
        else:
            found.append([index])
    for row in found:
        row.sort(key=lambda i: lines[i].box[0])
    return sorted(found, key=lambda row: max((lines[i].size, lines[i].baseline) for i in row)[1])


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
    """Edges of all pieces as arrays, in drawing order."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.x0 = np.array([line.x0 for line in lines])
        self.x1 = np.array([line.x1 for line in lines])
        self.top = np.array([line.top for line in lines])
        self.bottom = np.array([line.bottom for line in lines])
        self.baseline = np.array([line.baseline for line in lines])
        weights = np.array([len(line.text) for line in lines])
        sizes = np.array([line.size for line in lines])
        order = np.argsort(sizes, kind="stable")
        middle = np.searchsorted(np.cumsum(weights[order]), weights.sum() / 2)
        self.em = float(sizes[order][middle])
        """Font size of most characters."""
        self.taken = self._taken()

    def _taken(self) -> list[int]:
        """For each piece a bit for each point of the page's width that it takes up."""
        starts = (self.x0 - self.x0.min()).astype(np.intp)
        stops = np.ceil(self.x1 - self.x0.min()).astype(np.intp)
        widths = np.maximum(stops - starts, 0)
        return [
            ((1 << width) - 1) << start
            for start, width in zip(starts.tolist(), widths.tolist(), strict=True)
        ]

    def bands(self, index: Ints) -> list[Ints]:
        """Groups of pieces with no horizontal line through the gaps between them."""
        return _groups(index, self.top[index], self.bottom[index])

    def apart(self, index: Ints) -> list[Ints]:
        """Cut where a strip of `WIDE_GAP` font sizes across the whole width is empty."""
        air = 0.5 * WIDE_GAP * self.em
        return _groups(index, self.top[index] - air, self.bottom[index] + air)

    def margins(self, index: Ints, height: float) -> tuple[Ints, Ints, Ints]:
        """Split off a lone row at the head and at the foot of the page."""
        bands = self.bands(index)
        gaps = [
            float(self.top[below].min() - self.bottom[above].max())
            for above, below in pairwise(bands)
        ]
        after_head, before_foot = (
            max(0.5 * self.em, 1.6 * float(np.median(others or [0.0])))
            for others in (gaps[1:], gaps[:-1])
        )
        none = np.array([], np.intp)
        header = footer = none
        at_head = self.bottom[bands[0]].max() < MARGIN_BAND * height
        at_foot = self.top[bands[-1]].min() > (1 - MARGIN_BAND) * height
        if at_head and len(bands) > 1 and gaps[0] > after_head and self._is_row(bands[0]):
            header = bands.pop(0)
        if at_foot and len(bands) > 1 and gaps[-1] > before_foot and self._is_row(bands[-1]):
            footer = bands.pop()
        return header, np.sort(np.concatenate(bands)), footer

    def _is_row(self, band: Ints) -> bool:
        return bool(np.ptp(self.baseline[band]) < 0.5 * self.em)

    def occupied(self, index: Ints) -> int:
        """A bit for each point of the page's width that any of the pieces takes up."""
        taken = 0
        for i in index.tolist():
            taken |= self.taken[i]
        return taken

    def row_count(self, index: Ints) -> int:
        """Rows by base line; pieces within a third of their size share one."""
        order = np.sort(self.baseline[index])
        return 1 + int((np.diff(order) > 0.35 * self.em).sum())


def _groups(index: Ints, low: npt.NDArray[np.float64], high: npt.NDArray[np.float64]) -> list[Ints]:
    """Cut `index` where no interval `low..high` reaches across; groups in rising order."""
    order = np.argsort(low, kind="stable")
    reach = np.maximum.accumulate(high[order])
    cuts = np.flatnonzero(low[order][1:] > reach[:-1]) + 1
    return [np.sort(index[part]) for part in np.split(order, cuts)]


def _flows(pieces: _Pieces, index: Ints) -> list[Ints]:
    columns = _columns(pieces, index)
    if columns is not None:
        parts = pieces.apart(index)
        beside = all(np.isin(part, side).any() for part in parts for side in columns)
        cut = parts if beside and len(parts) > 1 else columns
        return [flow for part in cut for flow in _flows(pieces, part)]
    bands = pieces.bands(index)
    if len(bands) == 1:
        return [index]
    out: list[Ints] = []
    single: list[Ints] = []
    start = 0
    widths = [pieces.occupied(band) for band in bands]
    while start < len(bands):
        stop, is_columns = _column_run(pieces, bands, widths, start)
        if not is_columns:
            single.extend(bands[start:stop])
            start = stop
            continue
        if single:
            out.append(np.concatenate(single))
            single = []
        out.extend(_flows(pieces, np.sort(np.concatenate(bands[start:stop]))))
        start = stop
    if single:
        out.append(np.concatenate(single))
    return out


def _column_run(
    pieces: _Pieces, bands: list[Ints], widths: Sequence[int], start: int
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
    columns = _columns(pieces, np.sort(np.concatenate(bands[start:stop])))
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


def _drawn_together(bands: list[Ints], start: int, stop: int) -> int:
    """Where the first part of a run ends: nothing in it is drawn after what stands below.

    The left column's end is drawn before the right column's beginning, so columns are not
    cut; a table below columns is drawn after them and starts a part of its own.
    """
    lowest = np.minimum.accumulate([int(band.min()) for band in bands[start:stop][::-1]])[::-1]
    highest = np.maximum.accumulate([int(band.max()) for band in bands[start:stop]])
    cuts = np.flatnonzero(highest[:-1] < lowest[1:])
    return start + 1 + int(cuts[0]) if len(cuts) else stop


def _gutters(pieces: _Pieces, index: Ints) -> list[tuple[float, Ints, Ints]]:
    """Vertical strips without text inside `index`: (width in font sizes, left, right)."""
    groups = _groups(index, pieces.x0[index], pieces.x1[index])
    found = []
    for cut in range(1, len(groups)):
        left, right = np.concatenate(groups[:cut]), np.concatenate(groups[cut:])
        width = float(pieces.x0[right].min() - pieces.x1[left].max()) / pieces.em
        if width >= MIN_GUTTER:
            found.append((width, np.sort(left), np.sort(right)))
    return found


def _columns(pieces: _Pieces, index: Ints) -> tuple[Ints, Ints] | None:
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


def _drawn_apart(left: Ints, right: Ints, rows_beside: int) -> bool:
    """Whether the file draws one side, then the other, rather than row by row."""
    order = np.concatenate([left, right])
    side = np.repeat([0, 1], [len(left), len(right)])[np.argsort(order, kind="stable")]
    switches = int(np.count_nonzero(np.diff(side)))
    return switches <= max(1.0, ROW_SWITCHES * rows_beside)


def _is_prose(pieces: _Pieces, index: Ints) -> bool:
    """Whether most rows of a column reach from its left edge to its right edge."""
    x0, x1 = pieces.x0[index], pieces.x1[index]
    width = float(x1.max() - x0.min())
    if width < PROSE_WIDTH * pieces.em:
        return False
    rows = pieces.row_count(index)
    return rows >= PROSE_ROWS and float((x1 - x0).sum()) / (rows * width) >= PROSE_FILL
