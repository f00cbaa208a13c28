"""The mark audit of types whose marks are cells, squares, circles, boxes, panels and intervals:
drawn with a changed value, each is found."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from renderers.charts.audit import audit
from renderers.charts.drawing import Drawing, DrawnText, Mark
from renderers.charts.mark_audit import mark_flaws
from renderers.charts.matplotlib.backend import MatplotlibBackend
from renderers.charts.quartiles import sample_with_quartiles
from renderers.charts.spec import ChartSpec, Node, Summary, Table, Tree
from vary_data.sources.charts.random_content import random_spec
from vary_data.sources.corpus import load_corpus

BY_VALUE = (
    *("horizontal_grouped_bar", "horizontal_stacked_bar", "marimekko", "small_multiples", "slope"),
    *("bump", "survival", "waffle", "timeline", "range_bar", "bullet", "forest", "gantt", "violin"),
    *("box_points", "interval_line", "icicle", "strip", "swarm"),
)


def drawn(type_: str) -> tuple[ChartSpec, Drawing]:
    rng = np.random.default_rng([8, len(type_)])
    spec = random_spec(type_, "en", load_corpus("en"), rng)
    return spec, MatplotlibBackend().render(spec, rng).drawing


def reasons(spec: ChartSpec, drawing: Drawing) -> set[str]:
    return {flaw.reason for flaw in mark_flaws(spec, drawing)}


def with_other_value(spec: ChartSpec) -> ChartSpec:
    """The largest value is half as large."""
    data = spec.data
    if isinstance(data, Table):
        series = max(data.series, key=lambda s: max(s.values))
        place = series.values.index(max(series.values))
        values = tuple(v / 2 if i == place else v for i, v in enumerate(series.values))
        changed = dataclasses.replace(series, values=values)
        every = tuple(changed if s is series else s for s in data.series)
        return dataclasses.replace(spec, data=dataclasses.replace(data, series=every))
    if isinstance(data, Summary):
        *rows, last = data.rows
        last = (*last[:-1], last[-1] / 2)
        return dataclasses.replace(spec, data=dataclasses.replace(data, rows=(*rows, last)))
    assert isinstance(data, Tree)
    first, *others = data.roots
    leaf, *leaves = first.children
    half = Node(first.name, children=(Node(leaf.name, leaf.value / 2), *leaves))
    return dataclasses.replace(spec, data=dataclasses.replace(data, roots=(half, *others)))


@pytest.mark.parametrize("type_", BY_VALUE)
def test_marks_of_another_value_are_found(type_: str) -> None:
    spec, drawing = drawn(type_)
    assert reasons(spec, drawing) == set()
    assert reasons(with_other_value(spec), drawing) == {"mark"}


def moved(mark: Mark, dx: float) -> Mark:
    x0, y0, x1, y1 = mark.bbox
    return dataclasses.replace(mark, bbox=(x0 + dx, y0, x1 + dx, y1))


def test_a_tile_at_another_place_of_the_map_is_found() -> None:
    spec, drawing = drawn("tile_map")
    *marks, last = drawing.marks
    width = last.bbox[2] - last.bbox[0]
    wrong = dataclasses.replace(drawing, marks=(*marks, moved(last, width)))
    assert reasons(spec, drawing) == set()
    assert reasons(spec, wrong) == {"mark"}


@pytest.mark.parametrize("type_", ["venn", "org_chart", "mind_map", "flowchart"])
def test_a_value_in_a_foreign_region_or_box_is_found(type_: str) -> None:
    spec, drawing = drawn(type_)
    role = "value" if type_ in ("venn", "flowchart") else "label"
    first, second = [text for text in drawing.texts if text.role == role][:2]
    swapped: list[DrawnText] = []
    for text in drawing.texts:
        path = {first.path: second.path, second.path: first.path}.get(text.path, text.path)
        swapped.append(dataclasses.replace(text, path=path))
    assert reasons(spec, drawing) == set()
    assert "mark" in reasons(spec, dataclasses.replace(drawing, texts=tuple(swapped)))


def test_an_arrow_to_another_box_is_found() -> None:
    spec, drawing = drawn("flowchart")
    boxes = {mark.path: mark for mark in drawing.marks if len(mark.path) == 1}
    names = list(boxes)
    place = {names[0]: boxes[(names[1][0],)], names[1]: boxes[(names[0][0],)]}
    marks = tuple(
        dataclasses.replace(mark, bbox=place[mark.path].bbox) if mark.path in place else mark
        for mark in drawing.marks
    )
    assert "mark" in reasons(spec, dataclasses.replace(drawing, marks=marks))


def test_hexagons_of_other_counts_and_places_are_found() -> None:
    spec, drawing = drawn("hexbin")
    assert reasons(spec, drawing) == set()
    (series,) = spec.points.series
    first, *others = series.points
    most = max(point.size or 0.0 for point in series.points)
    for other in (
        dataclasses.replace(first, size=most if first.size != most else 1.0),
        dataclasses.replace(first, x=series.points[-1].x),
    ):
        changed = dataclasses.replace(series, points=(other, *others))
        data = dataclasses.replace(spec.points, series=(changed,))
        assert reasons(dataclasses.replace(spec, data=data), drawing)


def test_panels_of_different_scales_are_found() -> None:
    spec, drawing = drawn("small_multiples")
    scales = dict(drawing.scales)
    key, scale = next(iter(scales.items()))
    scales[key] = dataclasses.replace(scale, high=scale.high * 1.5)
    assert reasons(spec, dataclasses.replace(drawing, scales=scales)) == {"mark"}


def test_classes_of_a_confusion_matrix_are_at_both_axes() -> None:
    """The same names in both directions: one direction does not stand for the other."""
    spec, drawing = drawn("confusion_matrix")
    assert audit(spec, drawing) == ()
    without = tuple(text for text in drawing.texts if text.role != "y_tick")
    found = audit(spec, dataclasses.replace(drawing, texts=without))
    assert [flaw.reason for flaw in found] == ["missing"] * len(spec.table.series)


def test_the_sample_of_a_violin_has_its_quartiles() -> None:
    row = (2.0, 5.0, 6.5, 9.0, 20.0)
    sample = sample_with_quartiles(row, 7)
    assert len(sample) == 33
    assert np.quantile(sample, (0, 0.25, 0.5, 0.75, 1)) == pytest.approx(row)
