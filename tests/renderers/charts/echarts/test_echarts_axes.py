"""Broken and symlog axes by pyecharts: as strict as those by matplotlib."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from renderers.charts.audit import audit
from renderers.charts.axis_facts import axes_of
from renderers.charts.spec import AxisForm, ChartSpec, NumberFormat, Series, Table
from renderers.charts.warp import LINEAR
from renderers.rejected import Rejected
from vary_data.quality.validate.fitted_axes import fit

NAMES = ("Ash", "Birch", "Cedar", "Elm", "Fir")
BROKEN = (12, 34, 45, 880, 20), AxisForm("broken", gap=(60, 700))
SIGNED = (-850, -40, 3, 25, 700), AxisForm("symlog", threshold=10.0)
CASES = [("bar", *BROKEN), ("horizontal_bar", *BROKEN), ("line", *SIGNED)]


def spec_of(type_, values, form, labels=False):
    number = NumberFormat(0, thousands=True)
    data = Table(NAMES, (Series("", tuple(map(float, values)), number),))
    return ChartSpec(type_, "en", data, "Trees", labels=labels, axis=form)


def answer_of(backend, monkeypatch, change):
    """Let the page answer with what `change` makes of its answer."""
    draw = backend._page.draw

    def changed(request):
        answer = draw(request)
        change(answer)
        return answer

    monkeypatch.setattr(backend._page, "draw", changed)


@pytest.mark.parametrize("labels", [False, True])
@pytest.mark.parametrize(("type_", "values", "form"), CASES)
def test_marks_and_ticks_are_on_one_warped_axis(backend, type_, values, form, labels):
    spec = spec_of(type_, values, form, labels)
    chart = backend.render(spec, np.random.default_rng(2))
    ((key, facts),) = axes_of(spec, chart.drawing).items()
    assert facts["scale"] == form.kind
    for name, value in zip(NAMES, values, strict=True):
        read = float(chart.truth["values"][name].replace(",", ""))
        assert read == (value if labels else pytest.approx(value, rel=0.35))
    # The tick labels on the picture make the same axis.
    regions = [
        {"text": r.text, "bbox": r.bbox}
        for r in chart.drawing.picture().regions
        if r.role == f"{key}_tick"
    ]
    fitted = fit(regions, 0 if key == "x" else 1, facts)
    scale = chart.drawing.scales[key]
    for value in values:
        assert abs(fitted.place(value) - scale.place_of(value)) < 2.5
    linear = {key: dataclasses.replace(scale, warp=LINEAR)}
    moved = dataclasses.replace(chart.drawing, scales=linear)
    assert "mark" in {flaw.reason for flaw in audit(spec, moved)}


def test_a_broken_axis_without_its_band_is_rejected(backend, monkeypatch):
    answer_of(backend, monkeypatch, lambda answer: answer["breaks"].clear())
    with pytest.raises(Rejected, match="break"):
        backend.render(spec_of("bar", *BROKEN), np.random.default_rng(2))


def test_a_band_at_another_place_is_rejected(backend, monkeypatch):
    def lift(answer):
        answer["breaks"]["y"] = [[x, y - 15] for x, y in answer["breaks"]["y"]]

    answer_of(backend, monkeypatch, lift)
    with pytest.raises(Rejected, match="another place"):
        backend.render(spec_of("bar", *BROKEN), np.random.default_rng(2))


def test_the_value_of_a_bar_is_above_the_band(backend):
    """A printed value next to the break is not covered by its band."""
    spec = spec_of("horizontal_bar", (12, 34, 59.0, 880, 20), BROKEN[1], labels=True)
    chart = backend.render(spec, np.random.default_rng(2))
    (text,) = (t for t in chart.drawing.texts if t.text == "59")
    x0, y0, x1, y1 = (round(v) for v in text.bbox)
    ink = chart.drawing.pixels[y0:y1, x0:x1].sum(axis=2, dtype=int)
    # Both digits have strokes.
    for digit in (ink[:, : ink.shape[1] // 2], ink[:, ink.shape[1] // 2 :]):
        assert np.ptp(digit) > 300


def test_a_zero_has_no_power_of_ten(backend):
    data = Table(NAMES, (Series("", (1.5, 2.5, 3.5, 4.0, 3.0), NumberFormat(1, suffix="e5")),))
    spec = ChartSpec("bar", "en", data, "Trees", labels=False)
    drawn = backend.render(spec, np.random.default_rng(2)).drawing
    ticks = [text.text for text in drawn.texts if text.role == "y_tick"]
    assert "0" in ticks
    assert all(tick == "0" or tick.endswith("e5") for tick in ticks)
    assert not {"0e5", "0.0e5"} & set(ticks)
