"""Annotations: their truth, their audit against the drawing, and the places of legends."""

import dataclasses
from itertools import pairwise

import numpy as np
import pytest

from renderers import fonts
from renderers.charts.annotations.levels import Band, Threshold
from renderers.charts.annotations.pointers import Callout
from renderers.charts.annotations.times import Event, Period
from renderers.charts.annotations.told import annotation_links, annotations_truth
from renderers.charts.audit import audit
from renderers.charts.drawing import Scale
from renderers.charts.matplotlib.backend import MatplotlibBackend, draw, draw_in
from renderers.charts.matplotlib.style import sample_style
from renderers.charts.neighbors import misnamed
from renderers.charts.sheets.kinds import KINDS
from renderers.charts.spec import ChartSpec, Series, Table
from renderers.charts.truth import truth
from tests.renderers.charts.annotated_charts import (
    EXAMPLES,
    NUMBER,
    OTHERS,
    YEARS,
    chart,
)


def style_of(spec, seed=0, **changes):
    families = fonts.families(spec.lang)
    style = sample_style(families, spec.lang, 20, (760, 560), np.random.default_rng(seed))
    return dataclasses.replace(style, **changes)


def reasons(spec, drawing):
    return {flaw.reason for flaw in audit(spec, drawing)}


def test_every_kind_that_is_drawn_has_an_example():
    assert set(EXAMPLES) == KINDS


@pytest.mark.parametrize("kind", sorted(EXAMPLES))
def test_an_annotation_is_in_the_truth_and_on_the_picture(kind):
    spec = EXAMPLES[kind]
    rendered = MatplotlibBackend(size=(760, 560)).render(spec, np.random.default_rng(4))
    assert list(rendered.truth["annotations"]) == [kind]
    regions = rendered.drawing.picture().regions
    for note in rendered.notes:
        if "label" in note:
            assert regions[note["label"]].role in ("note", "subtitle")
        if "mark" in note:
            assert regions[note["mark"]].role == "annotation"
    shaped = kind not in ("highlighted", "totals", "subtitle", "text", "footnote")
    assert any("mark" in note for note in rendered.notes) == shaped
    assert any("label" in note for note in rendered.notes) == (kind != "highlighted")


@pytest.mark.parametrize("kind", sorted(EXAMPLES))
def test_an_annotation_that_is_not_drawn_is_found(kind):
    spec = EXAMPLES[kind]
    bare = draw(dataclasses.replace(spec, annotations=()), style_of(spec, one_color=True))
    assert reasons(spec, bare) & {"missing", "annotation"}


@pytest.mark.parametrize("kind", sorted(OTHERS))
def test_a_shape_at_another_place_is_found(kind):
    drawn = draw(EXAMPLES[kind], style_of(EXAMPLES[kind]))
    assert "annotation" not in reasons(EXAMPLES[kind], drawn)
    assert "annotation" in reasons(OTHERS[kind], drawn)


def test_a_total_of_another_stack_is_found():
    spec = EXAMPLES["totals"]
    drawn = draw(spec, style_of(spec))
    assert "misplaced" not in reasons(spec, drawn)
    paths = {t.path for t in drawn.texts if t.path[:1] == ("totals",)}
    swapped = {("totals", "2015"): ("totals", "2016"), ("totals", "2016"): ("totals", "2015")}
    assert set(swapped) <= paths
    texts = tuple(dataclasses.replace(t, path=swapped.get(t.path, t.path)) for t in drawn.texts)
    assert "misplaced" in reasons(spec, dataclasses.replace(drawn, texts=texts))


@pytest.mark.parametrize("plate", [False, True])
def test_a_note_on_a_bar_or_a_line_of_data_is_found(plate):
    for kind in ("thresholds", "bands"):
        spec = EXAMPLES[kind]
        drawn = draw(spec, style_of(spec))
        assert not reasons(spec, drawn)
        note = next(t for t in drawn.texts if t.role == "note")
        (x0, y0, x1, y1), bar = note.bbox, drawn.marks[3].bbox
        x, y = bar[0] - 8, (bar[1] + bar[3]) / 2 - (y1 - y0) / 2
        moved = (x, y, x + x1 - x0, y + y1 - y0)
        wrong = dataclasses.replace(note, bbox=moved, plate=moved if plate else None)
        texts = tuple(wrong if t is note else t for t in drawn.texts)
        wanted = "misplaced" if kind == "thresholds" else "crossed"
        assert wanted in reasons(spec, dataclasses.replace(drawn, texts=texts))


@pytest.mark.parametrize("place", ["top", "bottom", "right"])
def test_names_of_a_legend_have_one_baseline(place):
    data = Table(YEARS[:2], tuple(Series(n, (3.0, 4.0), NUMBER) for n in ("Hah", "Hyg", "Hph")))
    spec = ChartSpec("grouped_bar", "en", data, labels=False)
    drawn = draw(spec, style_of(spec, legend=place, base=24.0))
    tops = [text.bbox[1] for text in drawn.texts if text.role == "legend"]
    gaps = [b - a for a, b in pairwise(tops)]
    assert len(gaps) == 2
    assert abs(gaps[0] - gaps[1]) <= 1


def test_the_truth_of_each_kind():
    scales = {"y": Scale(0.0, 80.0, 400.0, 20.0, 450.0, reverse=True)}
    spec = chart(
        "line",
        Threshold("Target", 45.0),
        Threshold("Limit", 57.3, printed=False),
        Band("Usual", 34.6, 50.0),
        Event("Reform", "2017"),
        Period("Crisis", "2017", "2019"),
        Callout("Peak", ("2019",)),
    )
    assert annotations_truth(spec, scales) == {
        "thresholds": {"Target": "45 t", "Limit": "58 t"},
        "bands": {"Usual": {"from": "34 t", "to": "50 t"}},
        "events": {"Reform": "2017"},
        "periods": {"Crisis": {"from": "2017", "to": "2019"}},
        "callouts": {"Peak": "2019"},
    }
    assert truth(chart("line"), scales).keys() == {
        "title",
        "source",
        "x_title",
        "y_title",
        "values",
    }


def test_what_is_read_off_has_a_step():
    spec = chart("bar", Threshold("Limit", 45.0, printed=False))
    drawn = draw(spec, style_of(spec))
    (link,) = annotation_links(spec, drawn)
    assert link["path"] == ["thresholds", "Limit"]
    assert link["step"].endswith(" t")


def test_two_annotations_of_one_name_are_an_error():
    spec = chart("line", Event("Reform", "2016"), Event("Reform", "2018"))
    with pytest.raises(ValueError, match="Reform"):
        annotations_truth(spec, {})


def test_a_legend_goes_inside_only_where_the_plot_is_free():
    lines = chart("multi_line", series=2)
    inside, style = draw_in(lines, style_of(lines, legend="inside"))
    plot = inside.plots[0]
    names = [t for t in inside.texts if t.role == "legend"]
    if style.legend == "inside":
        assert all(plot[0] < t.bbox[0] and t.bbox[2] < plot[2] for t in names)
    full = Table(YEARS, (Series("Rice", (60.0,) * 6, NUMBER), Series("Oats", (60.0,) * 6, NUMBER)))
    crowded = ChartSpec("grouped_bar", "en", full, labels=False)
    drawn, style = draw_in(crowded, style_of(crowded, legend="inside", end_on_tick=False))
    assert style.legend == "top"
    assert all(t.bbox[3] <= drawn.plots[0][1] for t in drawn.texts if t.role == "legend")


def test_names_at_the_ends_of_lines_belong_to_them():
    spec = chart("multi_line", series=2)
    drawn = draw(spec, style_of(spec, direct_names=True, value_title_above=False))
    assert not list(misnamed(drawn))
    names = [t for t in drawn.texts if t.role == "legend"]
    assert len(names) == 2
    assert all(t.bbox[0] > drawn.plots[0][2] for t in names)
    ends = {line.path: line.corners[-1][1] for line in drawn.lines}
    swapped = tuple(
        dataclasses.replace(t, path=(("Oats",) if t.path == ("Rice",) else ("Rice",)), joined=False)
        if t.role == "legend"
        else t
        for t in drawn.texts
    )
    assert len(ends) == 2
    assert list(misnamed(dataclasses.replace(drawn, texts=swapped)))


def test_a_band_keeps_the_axis_that_its_ends_are_read_off():
    """With printed values, some charts do without labels of the value axis."""
    spec = chart("bar", Band("Usual", 35.0, 50.0), labels=True)
    bare = style_of(spec, variant=3, grid="none")
    drawn = draw(spec, bare)
    assert sum(text.role == "y_tick" for text in drawn.texts) > 2
    without = tuple(text for text in drawn.texts if text.role != "y_tick")
    assert "annotation" in reasons(spec, dataclasses.replace(drawn, texts=without))
    plain = dataclasses.replace(spec, annotations=())
    assert not any(text.role == "y_tick" for text in draw(plain, bare).texts)
