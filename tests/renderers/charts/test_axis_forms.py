"""Axes that are not linear from zero, lines through many points, missing values."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

from renderers.charts.audit import audit
from renderers.charts.axis_facts import axes_of, reading_rule
from renderers.charts.drawing import Scale
from renderers.charts.matplotlib.backend import MatplotlibBackend, draw
from renderers.charts.matplotlib.style import sample_style
from renderers.charts.precision import read_off, readable_step
from renderers.charts.spec import (
    AxisForm,
    ChartSpec,
    Course,
    NumberFormat,
    Point,
    Points,
    PointSeries,
    Series,
    Table,
)
from renderers.charts.warp import Warp
from renderers.charts.warped_axes import broken_axis, log_axis, symlog_axis
from renderers.fonts import families

NAMES = ("Ash", "Birch", "Cedar", "Elm")
WHOLE = NumberFormat(0, thousands=True)


def bars(values, form, type_="bar", labels=False):
    data = Table(NAMES, (Series("", tuple(map(float, values)), WHOLE),))
    return ChartSpec(type_, "en", data, "Trees", labels=labels, axis=form)


def drawn(spec, seed=3):
    return MatplotlibBackend(looks=("free",)).render(spec, np.random.default_rng(seed))


@pytest.mark.parametrize(
    "warp",
    [
        Warp("log"),
        Warp("symlog", 10.0),
        Warp("broken", knots=((0, 0), (50, 0.6), (900, 0.7), (1000, 1))),
    ],
)
def test_a_warp_leads_back_to_the_value(warp):
    for value in (0.5, 7.0, 42.0, 930.0):
        assert warp.value(warp.place(value)) == pytest.approx(value)


def test_ticks_of_a_logarithmic_axis_are_powers_of_ten():
    axis = log_axis(3, 4500, WHOLE, 5, end_on_tick=True)
    assert axis.labels == ("1", "10", "100", "1,000", "10,000")
    assert axis.minor[:3] == (2, 3, 4)
    assert axis.share(100) == pytest.approx(0.5)
    few = log_axis(3, 80, WHOLE, 6, end_on_tick=True)
    assert few.labels == ("1", "2", "5", "10", "20", "50", "100")
    powers = log_axis(3, 4500, WHOLE, 5, end_on_tick=True, powers=True)
    assert powers.labels == ("10⁰", "10¹", "10²", "10³", "10⁴")
    wide = log_axis(2, 10**9, WHOLE, 5, end_on_tick=True)
    assert wide.labels == ("1", "100", "10,000", "1,000,000", "100,000,000", "10,000,000,000")


def test_a_symlog_axis_is_symmetric_around_zero():
    axis = symlog_axis(-800, 90, WHOLE, 8, 1.0)
    assert axis.labels == ("-1,000", "-100", "-10", "-1", "0", "1", "10", "100")
    assert axis.share(10) - axis.share(0) == pytest.approx(axis.share(0) - axis.share(-10))


def test_both_parts_of_a_broken_axis_end_on_ticks():
    axis = broken_axis(0, 950, WHOLE, (57, 780), 400, 20)
    lower, upper = axis.warp.knots[1][0], axis.warp.knots[2][0]
    assert {lower, upper} <= set(axis.ticks)
    assert lower >= 57
    assert upper <= 780
    assert not any(lower < tick < upper for tick in axis.ticks)
    # A gap that rounding closes leaves a linear axis.
    assert broken_axis(0, 100, WHOLE, (57, 60), 400, 20).warp.kind == "linear"


def test_values_between_powers_of_ten_are_read_in_parts_of_the_distance():
    """A tenth of a decade is a quarter of the value, whatever the value is."""
    scale = Scale(1, 10_000, 400, warp=Warp("log"), ticks=(1, 10, 100, 1000, 10_000))
    assert readable_step(scale, value=300) == 100
    assert readable_step(scale, value=3000) == 1000
    assert read_off(3456, NumberFormat(0), scale) == "3000"
    # With ticks at 2, 3, 4, … two pixels decide.
    minor = tuple(m * 10.0**e for e in range(4) for m in range(1, 10))
    fine = dataclasses.replace(scale, ticks=(*minor, 10_000.0))
    assert readable_step(fine, value=3000) == 200


@pytest.mark.parametrize("type_", ["bar", "horizontal_bar"])
@pytest.mark.parametrize(
    ("values", "form"),
    [
        ((12, 340, 4500, 88_000), AxisForm("log")),
        ((12, 34, 45, 880), AxisForm("broken", gap=(60, 700))),
        ((812, 840, 851, 890), AxisForm(truncated=True)),
    ],
)
def test_bars_on_other_axes_pass_the_audit_and_are_recorded(values, form, type_):
    chart = drawn(bars(values, form, type_))
    spec = bars(values, form, type_)
    (facts,) = axes_of(spec, chart.drawing).values()
    assert facts["scale"] == form.kind
    assert facts.get("truncated", False) == form.truncated
    for name, value in zip(NAMES, values, strict=True):
        read = float(chart.truth["values"][name].replace(",", ""))
        assert read == pytest.approx(value, rel=0.35)
    # Read as another axis, the same marks show other values.
    plain = dataclasses.replace(spec, axis=AxisForm())
    if form.truncated:
        assert {flaw.reason for flaw in audit(plain, chart.drawing)} == {"mark"}
    linear = {
        key: dataclasses.replace(scale, warp=Warp()) for key, scale in chart.drawing.scales.items()
    }
    if form.kind != "linear":
        moved = dataclasses.replace(chart.drawing, scales=linear)
        assert "mark" in {flaw.reason for flaw in audit(spec, moved)}


@pytest.mark.parametrize("form", [AxisForm("broken", gap=(60, 700)), AxisForm(truncated=True)])
def test_axes_that_shorten_bars_keep_their_labels(form):
    """With printed values, some charts do without labels and strokes of the value axis."""
    style = sample_style(families("en"), "en", 20, (760, 560), np.random.default_rng(0))
    bare = dataclasses.replace(style, variant=3, grid="none")
    for axis, shown in ((form, True), (AxisForm(), False)):
        drawing = draw(bars((12, 34, 45, 880), axis, labels=True), bare)
        assert any(text.role == "y_tick" for text in drawing.texts) == shown


def test_points_on_two_logarithmic_axes():
    points = tuple(Point(10.0**i * 3, 10.0 ** (4 - i) * 2) for i in range(5))
    spec = ChartSpec(
        "scatter", "en", Points((PointSeries("", points),)), "Trees", None, "Height", "Number",
        labels=False, axis=AxisForm("log"), x_axis=AxisForm("log"),
    )  # fmt: skip
    chart = drawn(spec)
    for rank, point in enumerate(points, 1):
        read = chart.truth["values"][str(rank)]
        assert float(read["x"]) == pytest.approx(point.x, rel=0.35)
        assert float(read["y"]) == pytest.approx(point.y, rel=0.35)


def course_spec(values, labels=False, lang="en"):
    count = len(values)
    at = tuple(i / (count - 1) for i in range(count))
    named = range(10, count, 30)
    names = tuple(f"{2001 + i}" for i in range(len(named)))
    series = Series("", tuple(round(values[i], 1) for i in named), NumberFormat(1))
    column = tuple(round(v, 1) if i in named else v for i, v in enumerate(values))
    data = Table(names, (series,), Course(tuple(at[i] for i in named), at, (column,)))
    return ChartSpec("line", lang, data, "Water level", labels=labels)


def wave(count=121):
    return [20 + 8 * math.sin(i / 9) + 0.3 * (i % 7) for i in range(count)]


def test_the_truth_of_a_long_line_holds_the_named_points():
    values = wave()
    chart = drawn(course_spec(values))
    assert list(chart.truth["values"]) == ["2001", "2002", "2003", "2004"]
    step = float(chart.links[0]["step"])
    for i, text in zip((10, 40, 70, 100), chart.truth["values"].values(), strict=True):
        assert abs(float(text) - values[i]) <= step / 2 + 0.05
    assert reading_rule(course_spec(values)) == "axis at names"
    assert reading_rule(course_spec(values, labels=True)) == "printed at names"


def test_missing_points_leave_a_gap_in_a_long_line():
    values = wave()
    values[50:56] = [math.nan] * 6
    chart = drawn(course_spec(values))
    assert len(chart.drawing.lines) == 2
    assert sum(len(line.corners) for line in chart.drawing.lines) == 115


def test_a_long_line_that_runs_elsewhere_fails_the_audit():
    spec = course_spec(wave())
    drawing = drawn(spec).drawing
    (line,) = drawing.lines
    corners = list(line.corners)
    corners[60] = (corners[60][0], corners[60][1] - 12)
    moved = dataclasses.replace(drawing, lines=(dataclasses.replace(line, corners=tuple(corners)),))
    assert [flaw.reason for flaw in audit(spec, moved)] == ["mark"]
    shorter = dataclasses.replace(
        drawing, lines=(dataclasses.replace(line, corners=tuple(corners[:-9])),)
    )
    assert [flaw.reason for flaw in audit(spec, shorter)] == ["mark"]


def test_a_missing_bar_is_named_without_a_value():
    spec = bars((12, math.nan, 45, 88), AxisForm(), labels=True)
    chart = drawn(spec)
    assert chart.truth["values"] == {"Ash": "12", "Birch": "None", "Cedar": "45", "Elm": "88"}
    assert [link["path"] for link in chart.links] == [["Ash"], ["Cedar"], ["Elm"]]
    assert len(chart.drawing.marks) == 3


def test_sixty_bars_have_space_for_their_names():
    names = tuple(f"Station {i}" for i in range(60))
    data = Table(names, (Series("", tuple(float(7 + 5 * i % 83) for i in range(60)), WHOLE),))
    for lang in ("en", "zh"):
        chart = drawn(ChartSpec("horizontal_bar", lang, data, "站点" if lang == "zh" else "Trips"))
        assert len(chart.truth["values"]) == 60
        assert max(chart.drawing.pixels.shape[:2]) <= 1400
