"""What a hand draws: how far beside its place, and that the audit knows."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from matplotlib.path import Path as MplPath

from renderers.charts.audit import audit
from renderers.charts.drawing import Drawing
from renderers.charts.mark_audit import mark_flaws
from renderers.charts.matplotlib.backend import MatplotlibBackend
from renderers.charts.matplotlib.jitter import Jitter
from renderers.charts.matplotlib.types import DRAW
from renderers.charts.palette import rgb_bytes
from renderers.charts.precision import readable_step
from renderers.charts.spec import ChartSpec, Series, Table
from tests.tools.chosen_cases import some
from vary_data.quality.validate.mark_fits import jitter_of
from vary_data.sources.charts.random_content import random_spec
from vary_data.sources.corpus import load_corpus

BARS = ChartSpec("bar", "en", Table(("Tea", "Rice", "Oats"), (Series("", (8.0, 4.0, 6.0)),)))


def by_hand(spec: ChartSpec = BARS, seed: int = 0) -> Drawing:
    return (
        MatplotlibBackend(looks=("hand_drawn",)).render(spec, np.random.default_rng(seed)).drawing
    )


def test_no_place_moves_farther_than_the_jitter_reaches() -> None:
    jitter = Jitter(2.0, 14.0, (600, 400), 1)
    places = np.random.default_rng(0).uniform(-20, 620, (4000, 2))
    moves = jitter.transform(places) - places
    assert np.abs(moves).max() <= 2.0
    assert np.abs(moves).max() > 1.2
    assert np.abs(moves.mean(axis=0)).max() < 0.2
    again = Jitter(2.0, 14.0, (600, 400), 1)
    assert (again.transform(places) == jitter.transform(places)).all()
    other = Jitter(2.0, 14.0, (600, 400), 2)
    assert (other.transform(places) != jitter.transform(places)).any()


def test_a_straight_line_waves_and_keeps_its_ends_on_what_meets_it() -> None:
    jitter = Jitter(2.0, 14.0, (600, 400), 1)
    line = MplPath([(50, 200), (550, 200)])
    drawn = jitter.transform_path(line).vertices
    assert len(drawn) > 150
    assert np.ptp(drawn[:, 1]) > 1.0
    assert drawn[0] == pytest.approx(jitter.transform([(50, 200)])[0])


def test_a_closed_path_stays_closed() -> None:
    jitter = Jitter(2.0, 14.0, (600, 400), 1)
    box = MplPath([(10, 10), (90, 10), (90, 60), (10, 60), (10, 10)], closed=True)
    drawn = jitter.transform_path(box)
    assert drawn.codes is not None
    assert drawn.codes[-1] == MplPath.CLOSEPOLY
    assert drawn.vertices[0] == pytest.approx(drawn.vertices[-1])


def test_boxes_of_marks_are_those_of_what_was_drawn() -> None:
    drawing = by_hand()
    assert drawing.steady is not None
    for drawn, steady in zip(drawing.marks, drawing.steady.marks, strict=True):
        differences = np.abs(np.subtract(drawn.bbox, steady.bbox))
        assert 0 < differences.max() <= drawing.steady.reach
    for mark in drawing.marks:
        # Its outline is drawn over the border of its fill.
        filled = np.argwhere((drawing.pixels == rgb_bytes(mark.color)).all(axis=2))
        x0, y0, x1, y1 = mark.bbox
        inside = (filled >= (y0, x0)) & (filled <= (y1, x1))
        own = filled[inside.all(axis=1)]
        top, left = own.min(0)
        bottom, right = own.max(0) + 1
        found = np.abs(np.subtract((left, top, right, bottom), mark.bbox))
        assert found.max() < 4


def test_a_bar_of_another_value_is_found_under_the_jitter() -> None:
    drawing = by_hand()
    assert drawing.steady is not None
    assert mark_flaws(BARS, drawing) == ()
    wrong = dataclasses.replace(
        BARS, data=Table(("Tea", "Rice", "Oats"), (Series("", (8.0, 4.1, 6.0)),))
    )
    assert 0.1 / drawing.scales["y"].per_pixel > 2
    assert [flaw.reason for flaw in mark_flaws(wrong, drawing)] == ["mark"]


def test_a_mark_farther_beside_its_place_than_the_jitter_is_a_flaw() -> None:
    drawing = by_hand()
    assert drawing.steady is not None
    first, *others = drawing.marks
    x0, _, x1, y1 = first.bbox
    steady = drawing.steady.marks[0].bbox[1]
    far = dataclasses.replace(first, bbox=(x0, steady - drawing.steady.reach - 0.5, x1, y1))
    moved = dataclasses.replace(drawing, marks=(far, *others))
    assert [flaw.reason for flaw in mark_flaws(BARS, moved)] == ["mark"]


@pytest.mark.parametrize("chart_type", some(sorted(DRAW), 2))
def test_every_type_can_be_drawn_by_hand(chart_type: str) -> None:
    rng = np.random.default_rng(5)
    spec = random_spec(chart_type, "en", load_corpus("en"), rng)
    chart = MatplotlibBackend(looks=("hand_drawn",)).render(spec, rng)
    assert audit(spec, dataclasses.replace(chart.drawing)) == ()
    assert (chart.drawing.steady is None) == (chart.style["look"] == "free")


def test_values_are_read_more_coarsely_where_a_hand_drew() -> None:
    scale = dataclasses.replace(by_hand().scales["y"], tick=0.0)
    assert scale.jitter > 1
    ruled = dataclasses.replace(scale, jitter=0.0)
    assert readable_step(scale) > readable_step(ruled)


def test_a_validator_believes_only_small_jitters() -> None:
    assert jitter_of({"jitter": 1.5}) == 1.5
    assert jitter_of({}) == jitter_of({"jitter": 40.0}) == jitter_of({"jitter": "1"}) == 0.0
    assert jitter_of({"jitter": float("nan")}) == 0.0
