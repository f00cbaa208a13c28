"""Curves that are read at their peaks."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from renderers.charts.drawing import Drawing, Line
from renderers.charts.measures.places import plane
from renderers.charts.measures.reading import Reading, marks_by_path, place, read_at
from renderers.charts.spec import ChartSpec, Curve


def peaks(spec: ChartSpec, drawing: Drawing) -> Iterator[Reading]:
    """Each peak at its x and y, and each curve along its points; it has no further peaks."""
    yield from plane(spec, drawing)
    x, y = drawing.scales["x"], drawing.scales["y"]
    for series in spec.points.series:
        owner = (series.name,) if series.name else ()
        drawn = _line(drawing, owner, series.curve)
        if drawn is None:
            yield Reading((*owner, "points"), len(series.curve), -1, 0.0)
            continue
        for (column, row), (along, up) in zip(drawn.corners, series.curve, strict=True):
            yield read_at((*owner, "x"), along, x, column)
            yield read_at((*owner, "y"), up, y, row)
        tops = _tops([row for _, row in drawn.corners])
        yield Reading((*owner, "peaks"), len(series.points), tops, 0.0)


def ridges(spec: ChartSpec, drawing: Drawing) -> Iterator[Reading]:
    """Each peak at its value: it is the highest place of its ridge, which rises in proportion to
    the curve, and no ridge further down hides it."""
    data, marks, x = spec.summary, marks_by_path(drawing), drawing.scales["x"]
    for i, (name, row, curve) in enumerate(
        zip(data.categories, data.rows, data.curves, strict=True)
    ):
        column, top = place(marks[(name,)])
        yield read_at((name, "peak"), row[0], x, column)
        drawn = _line(drawing, (name,), curve)
        if drawn is None:
            yield Reading((name, "points"), len(curve), -1, 0.0)
            continue
        base = marks[(name,)].bbox[3]
        highest = max(up for _, up in curve)
        for (at, up), (across, down) in zip(drawn.corners, curve, strict=True):
            yield read_at((name, "x"), across, x, at)
            yield Reading((name, "rise"), down / highest * (base - top), base - up, 1.0)
        yield Reading((name, "peaks"), 1, _tops([up for _, up in drawn.corners]), 0.0)
        for other in data.categories[i + 1 :]:
            front = _line(drawing, (other,), ())
            if front is not None:
                xs, rows = zip(*front.corners, strict=True)
                hidden = xs[0] < column < xs[-1] and float(np.interp(column, xs, rows)) <= top
                yield Reading((name, "hidden"), 0.0, float(hidden), 0.0)


def _line(drawing: Drawing, path: tuple[str, ...], curve: Curve) -> Line | None:
    """The line of this path; with a curve, only if it has as many points."""
    found = [line for line in drawing.lines if line.path == path]
    right = len(found) == 1 and (not curve or len(found[0].corners) == len(curve))
    return found[0] if right else None


def _tops(rows: list[float]) -> int:
    """How often a line from left to right turns downwards."""
    steps = np.sign(np.round(np.diff(rows), 6))
    turns = steps[steps != 0]
    return int(np.count_nonzero((turns[:-1] < 0) & (turns[1:] > 0)))
