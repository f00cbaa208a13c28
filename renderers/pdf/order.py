"""The reading order of the pieces of text of a page.

A page is split into *flows*, each a single column read from top to bottom. Bands across the
page (title, wide captions, page numbers) separate runs of columns; a gutter inside a run
separates columns. Whether a gutter separates columns or only the cells of a table is decided by the
text, if it continues clearly better one way (`renderers.pdf.gutters`), else by the shape of the
columns and by the drawing order: a file draws columns one after the other, but a table row by row.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from renderers.pdf.characters import Line
from renderers.pdf.gutters import Verdict, gutter_evidence
from renderers.pdf.heads import headings_above
from renderers.pdf.pieces import MIN_GUTTER_EM, Pieces, groups, has_gap, merged
from renderers.pdf.series import goes_down

MIN_GUTTER_FEW_ROWS_EM = 1.5
MIN_COLUMN_ROWS = 4
MAX_ROW_SWITCHES = 0.25
"""If the drawing order changes sides more often than this per row, the gutter is in a table."""
MIN_PROSE_ROWS = 6
PROSE_WIDTH_EM = 14
"""A column of running text has at least this many rows and this width in font sizes."""
MIN_PROSE_FILL = 0.75
MASTHEAD_SIZE = 2.0
"""Size of a name beside several rows, in that of most characters."""


@dataclass(frozen=True, slots=True)
class Order:
    """The indices of lines as flows in reading order.

    `header` and `footer` are those of the flows that are a single row at the head or foot of the
    page. `doubts` counts the gutters with running text on both sides that no evidence settles.
    """

    flows: list[list[int]]
    doubts: int = 0
    header: Sequence[int] = ()
    footer: Sequence[int] = ()


def reading_order(lines: Sequence[Line], page_height: float, *, aside: Sequence[int] = ()) -> Order:
    """The reading order of the horizontal `lines` without those set `aside`."""
    index = sorted(set(range(len(lines))).difference(aside))
    if not index:
        return Order([])
    pieces = Pieces(lines)
    header, body, footer = pieces.split_header_footer(index, page_height)
    flows = [flow for flow in (header, *_flows(pieces, body), footer) if flow]
    return Order(flows, len(pieces.doubts), header, footer)


def agreement(flows: Sequence[Sequence[int]], settled: int = 0) -> float:
    """Share of steps in reading order that are also steps forward in drawing order, 0 to 1.

    `settled` counts the steps inside of tables with rules, which settle their order.
    """
    order = [i for flow in flows for i in flow]
    steps = len(order) - 1 + settled
    forward = sum(a < b for a, b in pairwise(order)) + settled
    return forward / steps if steps > 0 else 1.0


def grouped_rows(lines: Sequence[Line], flow: Sequence[int]) -> list[list[int]]:
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


def _flows(pieces: Pieces, index: list[int]) -> list[list[int]]:
    bands = pieces.bands(index)
    widths = [pieces.occupied(band) for band in bands]
    columns = _columns(pieces, index)
    if columns is not None:
        above = headings_above(pieces, bands, widths, 0, len(bands))
        if above:
            return [merged(bands[:above]), *_flows(pieces, merged(bands[above:]))]
        strips = pieces.split_at_wide_gaps(index)
        both_columns = all(not set(side).isdisjoint(part) for part in strips for side in columns)
        by_strips = both_columns and len(strips) > 1
        if by_strips and goes_down(pieces.lines, *columns, strips):
            by_strips = False
        parts = strips if by_strips else columns
        return [flow for part in parts for flow in _flows(pieces, part)]
    if len(bands) == 1:
        return [index]
    out: list[list[int]] = []
    single: list[list[int]] = []
    start = 0
    while start < len(bands):
        stop, is_columns = _column_run(pieces, bands, widths, start)
        if not is_columns:
            single.extend(bands[start:stop])
            start = stop
            continue
        if single:
            out.append([i for band in single for i in band])
            single = []
        out.extend(_flows(pieces, merged(bands[start:stop])))
        start = stop
    if single:
        out.append([i for band in single for i in band])
    return out


def _column_run(
    pieces: Pieces, bands: list[list[int]], widths: Sequence[int], start: int
) -> tuple[int, bool]:
    """The end of the longest run of bands from `start` on that shares a gutter.

    Also whether this gutter separates columns. `widths` has the bits of `occupied` for each band.
    """
    taken = widths[start]
    narrowest = int(MIN_GUTTER_EM * pieces.em)
    stop = start + 1
    while stop < len(bands):
        longer = taken | widths[stop]
        if not has_gap(longer, narrowest):
            break
        taken = longer
        stop += 1
    if stop == start + 1 and len(bands[start]) == 1:
        return stop, False
    above = headings_above(pieces, bands, widths, start, stop)
    if above > start:
        return above, _has_columns(pieces, bands[start:above])
    drawn = _end_of_first_drawn_block(bands, start, stop)
    if _has_columns(pieces, bands[start:drawn]):
        return drawn, True
    if drawn < stop and _has_columns(pieces, bands[start:stop], by_drawing=False):
        if _is_above_columns(pieces, bands, start, drawn, stop):
            return drawn, False
        return stop, True
    return drawn, False


def _is_above_columns(
    pieces: Pieces, bands: list[list[int]], start: int, drawn: int, stop: int
) -> bool:
    """Whether the bands up to `drawn` are short rows, such as the end of a paragraph, above columns
    that the file draws next, one after the other."""
    if any(len(band) > 1 for band in bands[start:drawn]):
        return False
    return _has_columns(pieces, bands[drawn : _end_of_first_drawn_block(bands, drawn, stop)])


def _has_columns(pieces: Pieces, bands: list[list[int]], *, by_drawing: bool = True) -> bool:
    if sum(map(len, bands)) < 3:  # two rows beside a piece that is as high
        return False
    columns = _columns(pieces, merged(bands), by_drawing=by_drawing)
    if columns is None:
        return False
    left, right = columns
    return _has_rows(pieces, left, right) and _has_rows(pieces, right, left)


def _has_rows(pieces: Pieces, side: Sequence[int], other: Sequence[int]) -> bool:
    """Whether a side has several rows, or a text in large letters beside several rows: the name of
    a newspaper beside its date and number."""
    if pieces.row_count(side) > 1:
        return True
    lines = [pieces.lines[i] for i in side]
    if any(line.size < MASTHEAD_SIZE * pieces.em or len(line.text) < 2 for line in lines):
        return False
    top, bottom = min(line.top for line in lines), max(line.bottom for line in lines)
    beside = [i for i in other if top < pieces.baseline[i] <= bottom]
    return bool(beside) and pieces.row_count(beside) > 1


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


@dataclass(frozen=True, slots=True)
class _Gutter:
    """A vertical strip without text: `width` in font sizes, the columns next to it (up to the next
    gutter), and all pieces on both sides."""

    width: float
    before: list[int]
    after: list[int]
    left: list[int]
    right: list[int]


def _gutters(pieces: Pieces, index: Sequence[int]) -> list[_Gutter]:
    """All gutters inside `index`, from left to right."""
    strips = groups(index, pieces.x0, pieces.x1)
    edge = -math.inf  # of all groups so far
    cuts: list[tuple[int, float]] = []
    for number, (before, after) in enumerate(pairwise(strips), 1):
        edge = max(edge, *[pieces.x1[i] for i in before])
        width = (min([pieces.x0[i] for i in after]) - edge) / pieces.em
        if width >= MIN_GUTTER_EM:
            cuts.append((number, width))
    ends = [0, *[number for number, _ in cuts], len(strips)]
    columns = [merged(strips[start:stop]) for start, stop in pairwise(ends)]
    return [
        _Gutter(width, columns[i], columns[i + 1], merged(strips[:n]), merged(strips[n:]))
        for i, (n, width) in enumerate(cuts)
    ]


def _columns(
    pieces: Pieces, index: Sequence[int], *, by_drawing: bool = True
) -> tuple[list[int], list[int]] | None:
    """The pieces left and right of the widest gutter that separates columns, if there is one.

    Without `by_drawing` the drawing order is no evidence for columns.
    """
    for gutter in sorted(_gutters(pieces, index), key=lambda g: -g.width):
        left, right = gutter.left, gutter.right
        shared_rows = min(pieces.row_count(left), pieces.row_count(right))
        if shared_rows < MIN_COLUMN_ROWS and gutter.width < MIN_GUTTER_FEW_ROWS_EM:
            continue
        if _separates_columns(pieces, gutter, shared_rows, by_drawing=by_drawing):
            return left, right
    return None


def _separates_columns(
    pieces: Pieces, gutter: _Gutter, shared_rows: int, *, by_drawing: bool
) -> bool:
    separate = by_drawing and _drawn_separately(gutter.left, gutter.right, shared_rows)
    if shared_rows < MIN_COLUMN_ROWS:
        return separate
    evidence = gutter_evidence(pieces.lines, gutter.before, gutter.after, pieces.em)
    if evidence.verdict is Verdict.COLUMNS:
        return True
    if evidence.verdict is Verdict.ROWS:
        return False
    if separate or (_is_prose(pieces, gutter.before) and _is_prose(pieces, gutter.after)):
        return True
    if evidence.verdict is Verdict.DOUBT:
        pieces.doubts.add(tuple(gutter.before))
    return False


def _drawn_separately(left: Sequence[int], right: Sequence[int], shared_rows: int) -> bool:
    """Whether the file draws first one side and then the other, not row by row."""
    most = max(1.0, MAX_ROW_SWITCHES * shared_rows)
    on_left = set(left)
    drawn = merged((left, right))
    side = drawn[0] in on_left
    switches = 0
    for i in drawn:
        if (i in on_left) is not side:
            side = not side
            switches += 1
            if switches > most:
                return False
    return True


def _is_prose(pieces: Pieces, index: Sequence[int]) -> bool:
    """Whether most rows of a column reach from its left edge to its right edge."""
    x0, x1 = [pieces.x0[i] for i in index], [pieces.x1[i] for i in index]
    width = max(x1) - min(x0)
    if width < PROSE_WIDTH_EM * pieces.em:
        return False
    rows = pieces.row_count(index)
    return rows >= MIN_PROSE_ROWS and (sum(x1) - sum(x0)) / (rows * width) >= MIN_PROSE_FILL
