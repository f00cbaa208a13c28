"""Points that show more than their place: the band of a field, an arrow, shares of a whole."""

from __future__ import annotations

from collections.abc import Iterator

from renderers.charts.drawing import Drawing
from renderers.charts.fields import field_value, level_below
from renderers.charts.measures.places import plane
from renderers.charts.measures.reading import Reading, marks_by_path, place
from renderers.charts.measures.shares import COLOR_STEP
from renderers.charts.palette import share_on_ramp
from renderers.charts.paths import point_paths
from renderers.charts.spec import ChartSpec
from renderers.charts.triangle import Triangle


def levels(spec: ChartSpec, drawing: Drawing) -> Iterator[Reading]:
    """Each point at its x and y, where the field is between its levels, in the color of their
    band."""
    yield from plane(spec, drawing)
    field = spec.points.field
    assert field is not None
    marks, bands = marks_by_path(drawing), len(field.levels) - 1
    x, y = drawing.scales["x"], drawing.scales["y"]
    (series,), (paths,) = spec.points.series, point_paths(spec.points)
    for path, point in zip(paths, series.points, strict=True):
        low, high = point.figures
        band = field.levels.index(low) if low in field.levels[:-1] else -1
        yield Reading((*path, "to"), field.levels[band + 1], high, 0.0)
        column, row = place(marks[path])
        value = field_value(field, x.value_at(column), y.value_at(row))
        yield Reading((*path, "field"), band, level_below(field, value), 0.0)
        share, length = share_on_ramp(drawing.ramp, marks[path].color)
        per_pixel = (bands - 1) / length * COLOR_STEP
        yield Reading((*path, "from"), band, share * (bands - 1), per_pixel)


def arrows(spec: ChartSpec, drawing: Drawing) -> Iterator[Reading]:
    """The tail of each arrow at its x and y; its parts along the axes in lengths of the key, the
    arrow of the legend, which is level."""
    yield from plane(spec, drawing)
    data, marks = spec.points, marks_by_path(drawing)
    assert data.key is not None
    scale = drawing.scales["key"]
    key = marks[(data.size_number.print(data.key),)]
    (x0, y0), (x1, y1) = key.points
    yield Reading(key.path, data.key, (x1 - x0) * scale.per_pixel, scale.per_pixel)
    yield Reading(key.path, 0.0, (y0 - y1) * scale.per_pixel, scale.per_pixel)
    (series,), (paths,) = data.series, point_paths(data)
    for path, point in zip(paths, series.points, strict=True):
        (x0, y0), (x1, y1) = marks[path].points
        drawn = ((x1 - x0) * scale.per_pixel, (y0 - y1) * scale.per_pixel)
        for name, wanted, read in zip("uv", point.figures, drawn, strict=True):
            yield Reading((*path, name), wanted, read, scale.per_pixel)


def ternary(spec: ChartSpec, drawing: Drawing) -> Iterator[Reading]:
    """Each point at its shares in the triangle that the plot is."""
    data, marks, scale = spec.summary, marks_by_path(drawing), drawing.scales["y"]
    triangle = Triangle(drawing.plots[0])
    for name, row in zip(data.categories, data.rows, strict=True):
        shares = triangle.shares(place(marks[(name,)]))
        for field, value, share in zip(data.fields, row, shares, strict=True):
            yield Reading((name, field), value, share * scale.high, scale.per_pixel)
