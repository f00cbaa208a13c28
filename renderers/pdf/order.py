"""Reading order: which piece of text is read after which.

A page is cut into *flows*, each a single column read from top to bottom. Bands that run
across the page (title, wide captions, page numbers) separate runs of columns; a gutter
inside a run separates columns. Whether a gutter stands between columns or between the cells
of a table is told by the order in which the file itself draws the pieces: a file draws a
column to its end, but goes through a table row by row.
"""

from __future__ import annotations

from collections.abc import Sequence

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
    todo = sorted(flow, key=lambda i: (lines[i].baseline, lines[i].x0))
    found: list[list[int]] = []
    for index in todo:
        for row in reversed(found[-3:]):
            if _same_row(lines, row, index):
                row.append(index)
                break
        else:
            found.append([index])
    for row in found:
        row.sort(key=lambda i: lines[i].x0)
    found.sort(key=lambda row: max((lines[i].size, lines[i].baseline) for i in row)[1])
    return found


def _same_row(lines: Sequence[Line], row: Sequence[int], index: int) -> bool:
    line = lines[index]
    near = 0.0
    for other in (lines[i] for i in row):
        shared = min(line.bottom, other.bottom) - max(line.top, other.top)
        near = max(near, shared / min(line.bottom - line.top, other.bottom - other.top))
        overlap = min(line.x1, other.x1) - max(line.x0, other.x0)
        if overlap > 0.3 * min(line.x1 - line.x0, other.x1 - other.x0):
            return False
    return near > 0.5


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

    def bands(self, index: Ints) -> list[Ints]:
        """Groups of pieces with no horizontal line through the gaps between them."""
        return _groups(index, self.top[index], self.bottom[index])

    def margins(self, index: Ints, height: float) -> tuple[Ints, Ints, Ints]:
        """Split off a lone row at the head and at the foot of the page."""
        bands = self.bands(index)
        none = np.array([], np.intp)
        header = footer = none
        if len(bands) > 2 and self._lone(bands[0], bands[1], height, head=True):
            header = bands.pop(0)
        if len(bands) > 2 and self._lone(bands[-1], bands[-2], height, head=False):
            footer = bands.pop()
        return header, np.sort(np.concatenate(bands)), footer

    def _lone(self, band: Ints, next_band: Ints, height: float, *, head: bool) -> bool:
        if np.ptp(self.baseline[band]) > 0.5 * self.em:
            return False
        if head:
            gap = self.top[next_band].min() - self.bottom[band].max()
            return bool(self.bottom[band].max() < MARGIN_BAND * height and gap > 0.5 * self.em)
        gap = self.top[band].min() - self.bottom[next_band].max()
        return bool(self.top[band].min() > (1 - MARGIN_BAND) * height and gap > 0.5 * self.em)

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
        return [flow for side in columns for flow in _flows(pieces, side)]
    bands = pieces.bands(index)
    if len(bands) == 1:
        return [index]
    out: list[Ints] = []
    single: list[Ints] = []
    start = 0
    while start < len(bands):
        stop, columns = _column_run(pieces, bands, start)
        if columns is None:
            single.extend(bands[start:stop])
            start = stop
            continue
        if single:
            out.append(np.concatenate(single))
            single = []
        for side in columns:
            out.extend(_flows(pieces, side))
        start = stop
    if single:
        out.append(np.concatenate(single))
    return out


def _column_run(
    pieces: _Pieces, bands: list[Ints], start: int
) -> tuple[int, tuple[Ints, Ints] | None]:
    """The longest run of bands from `start` on that shares a gutter, and its two sides."""
    joined = bands[start]
    stop = start + 1
    while stop < len(bands):
        longer = np.concatenate([joined, bands[stop]])
        if not _gutters(pieces, longer):
            break
        joined = longer
        stop += 1
    stop = _drawn_together(bands, start, stop)
    columns = _columns(pieces, np.sort(np.concatenate(bands[start:stop])))
    if columns is not None and all(pieces.row_count(side) > 1 for side in columns):
        return stop, columns
    return stop, None


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
