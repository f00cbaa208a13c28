"""Lines through many points, of which the axis names a few."""

from __future__ import annotations

import math
from collections.abc import Iterator

from renderers.charts.drawing import Drawing
from renderers.charts.measures.reading import Reading, marks_by_path, place, read_at
from renderers.charts.paths import table_paths
from renderers.charts.spec import Course, Table


def course(data: Course, table: Table, drawing: Drawing) -> Iterator[Reading]:
    """Every point of the lines at its place and value, the worst one of each series; every mark
    above the place of its name."""
    marks, scale = marks_by_path(drawing), drawing.scales["y"]
    left, _, right, _ = drawing.plots[0]
    width = right - left
    for series, values, paths in zip(table.series, data.values, table_paths(table), strict=True):
        for path, at in zip(paths, data.places, strict=True):
            if path in marks:
                x = (place(marks[path])[0] - left) / width
                yield Reading((*path, "place"), at, x, 1 / width)
        owner = (series.name,) if series.name else ()
        drawn = [c for line in drawing.lines if line.path == owner for c in line.corners]
        wanted = [(at, v) for at, v in zip(data.at, values, strict=True) if not math.isnan(v)]
        if len(drawn) != len(wanted):
            yield Reading((*owner, "points"), len(wanted), len(drawn), 0.0)
            continue
        readings = [
            reading
            for (x, y), (at, value) in zip(drawn, wanted, strict=True)
            for reading in (
                Reading((*owner, f"{at:.4f}"), at, (x - left) / width, 1 / width),
                read_at((*owner, f"{at:.4f}"), value, scale, y),
            )
        ]
        yield max(readings, key=lambda reading: reading.pixels)
