"""Annotations by ECharts: as strict as those by matplotlib."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from renderers.charts import repair
from renderers.charts.audit import audit
from renderers.charts.backend import RenderedChart
from renderers.charts.drawing import Drawing
from renderers.charts.echarts import EchartsBackend
from renderers.charts.echarts import backend as stages
from renderers.charts.echarts.browser import ChartFailed, ChartPage
from renderers.charts.flaw import Flaw
from renderers.charts.palette import rgb_bytes
from renderers.charts.sheets.kinds import KINDS
from renderers.charts.spec import ChartSpec
from renderers.rejected import Rejected
from tests.renderers.charts.annotated_charts import EXAMPLES, OTHERS

SHAPELESS = ("highlighted", "totals", "subtitle", "text", "footnote")


def rendered(backend: EchartsBackend, spec: ChartSpec, seed: int = 4) -> RenderedChart:
    return backend.render(spec, np.random.default_rng(seed))


def reasons(spec: ChartSpec, drawing: Drawing) -> set[str]:
    return {flaw.reason for flaw in audit(spec, drawing)}


def test_it_draws_all_kinds() -> None:
    assert EchartsBackend.annotations == KINDS == set(EXAMPLES)


@pytest.mark.parametrize("kind", sorted(EXAMPLES))
def test_an_annotation_is_in_the_truth_and_on_the_picture(
    backend: EchartsBackend, kind: str
) -> None:
    chart = rendered(backend, EXAMPLES[kind])
    assert list(chart.truth["annotations"]) == [kind]
    regions = chart.drawing.picture().regions
    for note in chart.notes:
        if "label" in note:
            assert regions[note["label"]].role in ("note", "subtitle")
        if "mark" in note:
            assert regions[note["mark"]].role == "annotation"
    assert any("mark" in note for note in chart.notes) == (kind not in SHAPELESS)
    assert any("label" in note for note in chart.notes) == (kind != "highlighted")


@pytest.mark.parametrize("kind", sorted(EXAMPLES))
def test_an_annotation_that_is_not_drawn_is_found(backend: EchartsBackend, kind: str) -> None:
    spec = EXAMPLES[kind]
    bare = rendered(backend, dataclasses.replace(spec, annotations=())).drawing
    assert reasons(spec, bare) & {"missing", "annotation"}


@pytest.mark.parametrize("kind", sorted(OTHERS))
def test_a_shape_at_another_place_is_found(backend: EchartsBackend, kind: str) -> None:
    drawn = rendered(backend, EXAMPLES[kind]).drawing
    assert reasons(EXAMPLES[kind], drawn) == set()
    assert "annotation" in reasons(OTHERS[kind], drawn)


@pytest.mark.parametrize("kind", ["thresholds", "events", "trend", "bands", "periods"])
def test_shapes_are_read_from_the_scene_not_from_what_was_asked(
    backend: EchartsBackend, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page moves a shape by four pixels: the audit sees it where it was drawn."""
    annotate = stages.annotate

    def moved(*given: object) -> object:
        pen = annotate(*given)  # type: ignore[arg-type]
        for element in pen.elements:
            if element["kind"] == "line":
                element["points"] = [[x + 4, y + 4] for x, y in element["points"]]
            elif element["kind"] == "shade":
                element["box"] = [v + 4 for v in element["box"]]
        return pen

    found: set[str] = set()

    def recorded(spec: ChartSpec, drawing: Drawing) -> tuple[Flaw, ...]:
        flaws = audit(spec, drawing)
        found.update(flaw.reason for flaw in flaws)
        return flaws

    monkeypatch.setattr(stages, "annotate", moved)
    monkeypatch.setattr(repair, "audit", recorded)
    with pytest.raises(Rejected):
        rendered(backend, EXAMPLES[kind])
    assert "annotation" in found


@pytest.mark.parametrize("kind", ["bands", "periods"])
@pytest.mark.parametrize("seed", range(4))
def test_shaded_ranges_are_below_the_data(backend: EchartsBackend, kind: str, seed: int) -> None:
    chart = rendered(backend, EXAMPLES[kind], seed)
    drawing = chart.drawing
    (shape,) = drawing.shapes
    x0, y0, x1, y1 = shape.bbox
    inside = [m for m in drawing.marks if x0 < m.center[0] < x1 and y0 < m.center[1] < y1]
    assert inside
    for mark in inside:
        left, top, right, bottom = (round(v) for v in mark.bbox)
        area = drawing.pixels[top:bottom, left:right].reshape(-1, 3)
        assert (area == np.array(rgb_bytes(mark.color))).all(axis=1).any()


def test_a_callout_may_have_an_arrow_a_line_or_a_box(backend: EchartsBackend) -> None:
    pointers = {rendered(backend, EXAMPLES["callouts"], s).style["pointer"] for s in range(12)}
    assert pointers == {"arrow", "leader", "box"}


def test_a_plain_chart_is_drawn_in_one_call(
    backend: EchartsBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*given: object) -> None:
        raise AssertionError("laid out apart")

    monkeypatch.setattr(ChartPage, "lay", refuse)
    for kind in ("highlighted", "subtitle", "text", "footnote"):
        rendered(backend, EXAMPLES[kind])


def test_nothing_is_finished_that_was_not_laid_out(page: ChartPage) -> None:
    with pytest.raises(ChartFailed, match="no chart is laid out"):
        page.finish([])
