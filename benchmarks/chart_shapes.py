"""Readers of the pixels of boxes, whiskers, heads, rivers, funnels and tree maps.

They belong to `benchmarks.chart_pixels`: only the PNG, the axes fitted to tick labels, and the
boxes that say where to look are used. A pixel is ink if it differs from the pixel of the same row
beside the mark, so that grids and bands are no ink.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]
Box = Sequence[float]
NEAR = 40
"""Sum of the differences of three channels within which two pixels have one color."""
MEDIAN_WIDTH = 5
"""Pixels of the widest line of a median."""
REACH = 12
"""Pixels beyond its box in which the end of a mark is looked for."""
MIDDLE = 0.5
"""Share of the width of a mark."""
CAP = 4
"""Pixels from the middle of a whisker to where only its caps are, and no line of the grid."""
BESIDE = 4
"""Pixels from a box to the column that shows what lies behind."""
EDGE = 3
"""Pixels at the end of a box in which its border is."""


class Line(Protocol):
    """A fitted axis."""

    b: float

    def pixels(self, place: float, value: float) -> float: ...


class Value:
    """A number of the truth with the box of its mark; `half` is half of its rounding."""

    def __init__(self, path: Sequence[str], number: float, half: float, box: Box) -> None:
        self.path, self.number, self.half, self.box = tuple(path), number, half, box


def ink(pixels: Pixels, box: Box, share: float, shift: int = 0) -> tuple[float, float] | None:
    """First and last row of a mark in the column at this share of its width, or `shift` pixels
    right of that."""
    height, width = pixels.shape[:2]
    column = min(width - 1, int(box[0] + share * (box[2] - box[0])) + shift)
    beside = int(box[0]) - BESIDE
    if beside < 0:
        beside = min(width - 1, int(box[2]) + BESIDE)
    top, bottom = max(0, int(box[1]) - REACH), min(height, math.ceil(box[3]) + REACH)
    part = pixels[top:bottom].astype(np.int64)
    # Shadows may be one pixel wide, left or right of the middle.
    lane = (
        part[:, max(0, column - 1) : column + 2]
        if share == MIDDLE and not shift
        else part[:, column, None]
    )
    found = (np.abs(lane - part[:, beside, None]).sum(axis=2) > NEAR).any(axis=1)
    return whole(found, top, box[1], box[3])


def whole(
    found: npt.NDArray[np.bool_], start: int, low: float, high: float
) -> tuple[float, float] | None:
    """First and last place of a mark: what is found within its box, and what touches that. Labels
    and names are apart from it."""
    inside = np.flatnonzero(found[max(0, int(low) - start) : math.ceil(high) - start + 1])
    if not len(inside):
        return None
    first, last = (int(inside[i]) + max(0, int(low) - start) for i in (0, -1))
    while first > 0 and found[first - 1]:
        first -= 1
    while last + 1 < len(found) and found[last + 1]:
        last += 1
    return start + float(first), start + float(last) + 1


def _body(pixels: Pixels, box: Box) -> tuple[float, float] | None:
    """First and last row of the left side of a box: the longest piece of ink, since caps of
    whiskers may be as wide as it."""
    best: tuple[float, float] | None = None
    beside = max(0, int(box[0]) - BESIDE)
    for column in range(int(box[0]), int(box[0]) + EDGE + 1):
        rows = pixels[int(box[1]) : math.ceil(box[3]) + 1].astype(np.int64)
        found = np.abs(rows[:, column] - rows[:, beside]).sum(axis=1) > NEAR
        edges = np.flatnonzero(np.diff(np.concatenate([[False], found, [False]])))
        pieces: list[tuple[int, int]] = []
        for first, last in zip(edges[::2], edges[1::2], strict=True):
            # The line of the median may reach the side.
            joined = pieces and first - pieces[-1][1] <= MEDIAN_WIDTH
            pieces.append((pieces.pop()[0] if joined else first, last))
        for first, last in pieces:
            if best is None or last - first > best[1] - best[0]:
                best = int(box[1]) + float(first), int(box[1]) + float(last)
    return best


def box_plots(pixels: Pixels, values: Sequence[Value], y: Line) -> Iterator[float | None]:
    """Whiskers in the middle of a box; quartiles and the line of the median near its left side."""
    for value in values:
        whisker, body = ink(pixels, value.box, MIDDLE, CAP), _body(pixels, value.box)
        place: float | None = None
        if whisker and body:
            place = {
                "max": whisker[0],
                "min": whisker[1],
                "q3": body[0],
                "q1": body[1],
                "median": _median(pixels, value.box, body),
            }[value.path[-1]]
        yield _off(y, place, value)


def _median(pixels: Pixels, box: Box, body: tuple[float, float]) -> float | None:
    """The middle of the rows within a box whose color is not that of the box."""
    column = int(box[0] + 0.25 * (box[2] - box[0]))
    first, last = int(body[0]) + EDGE, int(body[1]) - EDGE
    if last <= first:
        return None
    inside = pixels[first:last, column].astype(np.int64)
    colors, counts = np.unique(inside, axis=0, return_counts=True)
    other = np.flatnonzero(np.abs(inside - colors[counts.argmax()]).sum(axis=1) > NEAR)
    if not len(other):
        return None  # a median next to a quartile is a part of the border
    # Of several lines the thickest one: those of the grid are thin.
    lines = np.split(other, np.flatnonzero(np.diff(other) > 1) + 1)
    thickest = max(lines, key=len)
    return first + float(thickest[0] + thickest[-1] + 1) / 2


def candles(pixels: Pixels, values: Sequence[Value], y: Line) -> Iterator[float | None]:
    """Shadows in the middle of a candle, the body near its left side."""
    rows: defaultdict[tuple[str, ...], dict[str, float]] = defaultdict(dict)
    for value in values:
        rows[value.path[:-1]][value.path[-1]] = value.number
    for value in values:
        shadow, body = ink(pixels, value.box, MIDDLE), ink(pixels, value.box, 0.15)
        row = rows[value.path[:-1]]
        place: float | None = None
        if shadow and body:
            upper = "close" if row["close"] >= row["open"] else "open"
            ends = {"high": shadow[0], "low": shadow[1]}
            place = ends.get(value.path[-1], body[0] if value.path[-1] == upper else body[1])
        yield _off(y, place, value)


def whiskers(pixels: Pixels, values: Sequence[Value], y: Line) -> Iterator[float | None]:
    """The upper end of an error bar is at the mean and the error; the lower one may be on a bar."""
    means = {value.path[:-1]: value for value in values if value.path[-1] == "mean"}
    for value in values:
        if value.path[-1] == "error":
            mean = means[value.path[:-1]]
            found = ink(pixels, value.box, MIDDLE, CAP)
            both = Value(value.path, mean.number + value.number, mean.half + value.half, value.box)
            yield _off(y, found[0] if found else None, both)


def heads(pixels: Pixels, values: Sequence[Value], y: Line) -> Iterator[float | None]:
    """The middle of a head: of the rows in which the mark is more than half as wide as its widest
    row. Stems are narrower. A pixel is the mark's if it is nearer to its color than to the one
    beside it; dashes of a grid differ from what is beside them, too."""
    for value in values:
        x0, y0, x1, y1 = value.box
        top, bottom = max(0, int(y0) - 2), min(len(pixels), math.ceil(y1) + 2)
        lane = pixels[top:bottom, int(x0) : math.ceil(x1)].astype(np.int64)
        beside = pixels[top:bottom, max(0, int(x0) - BESIDE), None].astype(np.int64)
        drawn = lane[np.abs(lane - beside).sum(axis=2) > NEAR]
        if not len(drawn):
            yield None
            continue
        colors, counts = np.unique(drawn, axis=0, return_counts=True)
        color = colors[counts.argmax()]
        own = np.abs(lane - color).sum(axis=2) < np.abs(lane - beside).sum(axis=2)
        widths = own.sum(axis=1)
        rows = np.flatnonzero(widths > widths.max() / 2)
        yield _off(y, top + (rows[0] + rows[-1] + 1) / 2 if len(rows) else None, value)


def funnel(pixels: Pixels, values: Sequence[Value]) -> Iterator[float | None]:
    """Upper edges as wide as their values, against the widest one."""
    widths: list[float] = []
    for value in values:
        x0, y0, x1, _ = (int(v) for v in value.box)
        part = pixels[y0 : y0 + REACH, max(0, x0 - REACH) : x1 + REACH].astype(np.int64)
        # Below the gap between two parts.
        inside = np.abs(part[:, part.shape[1] // 2] - part[:, 0]).sum(axis=1) > NEAR
        first = min(int(np.argmax(inside)) + EDGE, len(part) - 2)
        upper, lower = (_run(part[row]) for row in (first, len(part) - 1))
        widths.append(upper + (upper - lower) / (len(part) - 1 - first) * first)
    largest = max(range(len(values)), key=lambda i: values[i].number)
    per_value = widths[largest] / values[largest].number
    for value, width in zip(values, widths, strict=True):
        yield abs(width - value.number * per_value)


def _run(row: npt.NDArray[np.int64]) -> float:
    """How many pixels around the middle of a row have its color."""
    half = len(row) // 2
    found = np.abs(row - row[half]).sum(axis=1) < NEAR
    left = half - int(np.argmin(np.append(found[half::-1], False)))
    return float(half + int(np.argmin(np.append(found[half:], False))) - left - 1)


def tiles(pixels: Pixels, values: Sequence[Value]) -> Iterator[float | None]:
    """Areas of one color, in proportion within their parent, as pixels by which a border moves."""
    parents: defaultdict[tuple[str, ...], list[tuple[Value, float, float]]] = defaultdict(list)
    for value in values:
        parents[value.path[:-1]].append((value, *_extent(pixels, value.box)))
    for children in parents.values():
        total = sum(width * height for _, width, height in children)
        numbers = sum(value.number for value, _, _ in children)
        for value, width, height in children:
            wanted = value.number / numbers * total
            yield abs(width * height - wanted) / (width + height)


def _extent(pixels: Pixels, box: Box) -> tuple[float, float]:
    """Width and height of what has the most frequent color around a box."""
    x0, y0, x1, y1 = (round(v) for v in box)
    inside = pixels[y0:y1, x0:x1].reshape(-1, 3)
    colors, counts = np.unique(inside, axis=0, return_counts=True)
    part = pixels[max(0, y0 - 2) : y1 + 2, max(0, x0 - 2) : x1 + 2].astype(np.int64)
    same = np.abs(part - colors[counts.argmax()].astype(np.int64)).sum(axis=2) < NEAR
    # A neighbor may have nearly the same color: a row or column counts by its half.
    columns, rows = same.mean(axis=0) > 0.5, same.mean(axis=1) > 0.5
    return float(columns.sum()), float(rows.sum())


def radar(
    pixels: Pixels, values: Sequence[Value], y: Line, middles: Sequence[tuple[float, float] | None]
) -> Iterator[float | None]:
    """Corners as far from the center as their values; the first spoke goes up, as the ticks do."""
    del pixels
    first = values[0].path[-1]
    columns = [m[0] for v, m in zip(values, middles, strict=True) if m and v.path[-1] == first]
    if not columns:
        return
    column = float(np.median(columns))
    zero = _place(y, 0.0)
    for value, middle in zip(values, middles, strict=True):
        if middle is None:
            yield None
            continue
        distance = math.dist(middle, (column, zero))
        yield max(0.0, abs(distance - value.number / abs(y.b)) - value.half / abs(y.b))


def _place(axis: Any, value: float) -> float:
    return float((value - axis.a) / axis.b)


def _off(axis: Line, place: float | None, value: Value) -> float | None:
    if place is None:
        return None
    return max(0.0, axis.pixels(place, value.number) - value.half / abs(axis.b))


READERS: Mapping[str, Any] = {
    "box": box_plots,
    "candlestick": candles,
    "error_bar": whiskers,
    "lollipop": heads,
}
"""Types with one axis of values that goes up."""
PROPORTIONS: Mapping[str, Any] = {"funnel": funnel, "treemap": tiles}
"""Types without axes."""
