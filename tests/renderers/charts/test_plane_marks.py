"""The mark audit of contours, densities, ridges, bins of two quantities, arrows and triangles: with
a changed value, or a changed drawing, each is found."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from renderers.charts.audit import audit
from renderers.charts.drawing import Drawing, Mark, Scale
from renderers.charts.fields import field_value, level_below
from renderers.charts.mark_audit import mark_flaws
from renderers.charts.matplotlib.backend import MatplotlibBackend
from renderers.charts.spec import (
    ChartSpec,
    Field,
    NumberFormat,
    Point,
    Points,
    PointSeries,
    Summary,
)
from renderers.charts.triangle import Triangle
from renderers.charts.truth import truth
from vary_data.sources.charts.random_content import random_spec
from vary_data.sources.corpus import load_corpus

TYPES = ("contour", "density", "ridgeline", "histogram_2d", "quiver", "ternary")


def drawn(type_: str, lang: str = "en") -> tuple[ChartSpec, Drawing]:
    rng = np.random.default_rng([11, len(type_)])
    spec = random_spec(type_, lang, load_corpus(lang), rng)
    return spec, MatplotlibBackend().render(spec, rng).drawing


def reasons(spec: ChartSpec, drawing: Drawing) -> set[str]:
    return {flaw.reason for flaw in mark_flaws(spec, drawing)}


def with_points(spec: ChartSpec, *points: Point) -> ChartSpec:
    """The first series has these points."""
    first, *others = spec.points.series
    series = (dataclasses.replace(first, points=points), *others)
    return dataclasses.replace(spec, data=dataclasses.replace(spec.points, series=series))


def with_mark(drawing: Drawing, index: int, mark: Mark) -> Drawing:
    marks = [*drawing.marks]
    marks[index] = mark
    return dataclasses.replace(drawing, marks=tuple(marks))


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("type_", TYPES)
def test_a_right_drawing_has_no_flaw(type_: str, lang: str) -> None:
    assert audit(*drawn(type_, lang)) == ()


def test_a_place_in_another_band_is_found() -> None:
    spec, drawing = drawn("contour")
    field = spec.points.field
    assert field is not None
    first, *others = spec.points.series[0].points
    other = next(
        pair for pair in zip(field.levels, field.levels[1:], strict=False) if pair != first.figures
    )
    # Other levels are told than those of the band.
    wrong = with_points(spec, dataclasses.replace(first, figures=other), *others)
    assert reasons(wrong, drawing) == {"mark"}
    # The band is painted in the color of another one.
    mark = drawing.marks[0]
    color = drawing.ramp[0] if mark.color != drawing.ramp[0] else drawing.ramp[-1]
    assert reasons(spec, with_mark(drawing, 0, dataclasses.replace(mark, color=color))) == {"mark"}
    # The field is another one there.
    turned = dataclasses.replace(field, values=tuple(row[::-1] for row in field.values[::-1]))
    data = dataclasses.replace(spec.points, field=turned)
    assert "mark" in reasons(dataclasses.replace(spec, data=data), drawing)


def test_a_level_that_is_not_at_the_color_bar_is_found() -> None:
    spec, drawing = drawn("contour")
    labels = [text for text in drawing.texts if text.role == "y2_tick"]
    assert len(labels) == len(spec.points.field.levels)  # type: ignore[union-attr]
    without = tuple(text for text in drawing.texts if text is not labels[1])
    found = audit(spec, dataclasses.replace(drawing, texts=without))
    assert [(flaw.reason, flaw.text) for flaw in found] == [("missing", labels[1].text)]


def test_a_peak_at_another_place_and_a_further_peak_are_found() -> None:
    spec, drawing = drawn("density")
    first, *others = spec.points.series[0].points
    x = drawing.scales["x"]
    moved = dataclasses.replace(first, x=first.x + 8 * x.per_pixel)
    assert "mark" in reasons(with_points(spec, moved, *others), drawing)
    line, *lines = drawing.lines
    corners = [*line.corners]
    corners[20] = (corners[20][0], corners[20][1] - 40)
    bent = dataclasses.replace(line, corners=tuple(corners))
    found = mark_flaws(spec, dataclasses.replace(drawing, lines=(bent, *lines)))
    assert any("peaks" in flaw.text for flaw in found)


def test_a_ridge_of_another_shape_and_a_hidden_peak_are_found() -> None:
    spec, drawing = drawn("ridgeline")
    data = spec.summary
    rows = ((data.rows[0][0] + 8 * drawing.scales["x"].per_pixel,), *data.rows[1:])
    wrong = dataclasses.replace(spec, data=dataclasses.replace(data, rows=rows))
    assert reasons(wrong, drawing) == {"mark"}
    *lines, last = drawing.lines
    top = min(y for _, y in drawing.lines[0].corners) - 5
    wide = [(x0, top) for x0 in np.linspace(*drawing.plots[0][::2], len(last.corners))]
    tall = dataclasses.replace(last, corners=tuple(wide))
    found = mark_flaws(spec, dataclasses.replace(drawing, lines=(*lines, tall)))
    assert any(flaw.text.startswith(f"{data.categories[0]}/hidden") for flaw in found)


def test_a_cell_of_another_count_or_between_other_edges_is_found() -> None:
    spec, drawing = drawn("histogram_2d")
    table = spec.table
    values = table.series[0].values
    far = max(v for series in table.series for v in series.values)
    changed = (far if values[0] < far / 2 else 1.0, *values[1:])
    series = (dataclasses.replace(table.series[0], values=changed), *table.series[1:])
    wrong = dataclasses.replace(spec, data=dataclasses.replace(table, series=series))
    assert reasons(wrong, drawing) == {"mark"}
    x0, y0, x1, y1 = drawing.marks[0].bbox
    shifted = dataclasses.replace(drawing.marks[0], bbox=(x0 + 5, y0, x1 + 5, y1))
    assert reasons(spec, with_mark(drawing, 0, shifted)) == {"mark"}


def test_an_arrow_of_another_length_or_direction_is_found() -> None:
    spec, drawing = drawn("quiver")
    first, *others = spec.points.series[0].points
    u, v = first.figures
    for figures in ((-u, v), (u, -v), (u * 2, v * 2)):
        wrong = with_points(spec, dataclasses.replace(first, figures=figures), *others)
        assert reasons(wrong, drawing) == {"mark"}
    key = next(i for i, mark in enumerate(drawing.marks) if not mark.path[0].isdigit())
    mark = drawing.marks[key]
    (x0, y0), (x1, y1) = mark.points
    longer = dataclasses.replace(mark, points=((x0, y0), (x1 + 20, y1)))
    assert reasons(spec, with_mark(drawing, key, longer)) == {"mark"}


def test_a_point_at_other_shares_is_found() -> None:
    spec, drawing = drawn("ternary")
    data = spec.summary
    a, b, c = data.rows[0]
    rows = ((a, c, b) if abs(b - c) > 4 else (b, a, c), *data.rows[1:])
    wrong = dataclasses.replace(spec, data=dataclasses.replace(data, rows=rows))
    assert reasons(wrong, drawing) == {"mark"}


def test_shares_and_places_of_a_triangle() -> None:
    triangle = Triangle((0.0, 0.0, 100.0, 80.0))
    assert triangle.place((100, 0, 0)) == (50, 0)
    assert triangle.place((0, 100, 0)) == (0, 80)
    assert triangle.place((0, 0, 100)) == (100, 80)
    for shares in ((0.2, 0.5, 0.3), (0.7, 0.1, 0.2)):
        assert triangle.shares(triangle.place(shares)) == pytest.approx(shares)


def test_a_field_is_linear_between_the_places_of_its_grid() -> None:
    field = Field((0, 10), (0, 20), ((0, 10), (20, 30)), (0, 10, 20, 30))
    assert field_value(field, 0, 0) == 0
    assert field_value(field, 10, 20) == 30
    assert field_value(field, 5, 10) == 15
    assert field_value(field, 2, 20) == 22
    assert [level_below(field, value) for value in (0, 9.9, 10, 29, 30)] == [0, 0, 1, 2, 2]


def test_the_truth_of_places_peaks_and_arrows() -> None:
    number = NumberFormat(1, suffix=" m/s")
    scales = {
        "x": Scale(0, 100, 500, 20), "y": Scale(0, 10, 500, 2), "key": Scale(0, 5, 50, 5)
    }  # fmt: skip
    place = Point(33.0, 4.26, label="Mill", figures=(20.0, 30.0))
    field = Field((0, 100), (0, 10), ((0, 50), (0, 50)), (0, 10, 20, 30, 40, 50))
    points = Points((PointSeries("", (place,)),), y_number=NumberFormat(2), field=field)
    told = truth(ChartSpec("contour", "en", points, labels=False), scales)
    assert told["y2_title"] == "None"
    assert told["values"] == {"Mill": {"x": "32", "y": "4.2", "from": "20", "to": "30"}}

    # A peak is flat: it is read to twice the step, its height is not.
    peak = Points((PointSeries("", (Point(33.0, 4.26),)),), y_number=NumberFormat(2))
    told = truth(ChartSpec("density", "en", peak, labels=False), scales)
    assert told["values"] == {"1": {"x": "35", "y": "4.2"}}

    arrow = Points(
        (PointSeries("", (Point(40.0, 6.0, figures=(-2.6, 1.3)),)),), size_number=number, key=5.0
    )
    told = truth(ChartSpec("quiver", "en", arrow, labels=False), scales)
    assert told["values"] == {"1": {"x": "40", "y": "6", "u": "-2.5 m/s", "v": "1.5 m/s"}}

    shares = Summary(("Bank",), ("Sand", "Silt", "Clay"), ((47.5, 32.2, 20.3),))
    told = truth(ChartSpec("ternary", "en", shares, labels=False), {"y": Scale(0, 100, 400, 20)})
    assert told["values"] == {"Bank": {"Sand": "48", "Silt": "32", "Clay": "20"}}


@pytest.mark.parametrize("seed", range(4))
def test_strokes_of_a_triangle_do_not_look_like_minus_signs(seed: int) -> None:
    rng = np.random.default_rng([12, seed])
    spec = random_spec("ternary", "en", load_corpus("en"), rng)
    drawing = MatplotlibBackend().render(spec, rng).drawing
    left, top, right, bottom = drawing.plots[0]
    slope = (right - left) / 2 / (bottom - top)
    for text in drawing.texts:
        if text.role in ("y_tick", "y2_tick"):
            row = (text.bbox[1] + text.bbox[3]) / 2
            half = (row - top) * slope
            near = text.bbox[0] - (left + right) / 2, (left + right) / 2 - text.bbox[2]
            # A stroke is 0.35 ems of its style long, ticks are written a little smaller.
            assert near[text.role == "y_tick"] - half > 0.6 * text.size
