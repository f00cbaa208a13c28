"""Figures of several charts: places, truth, links, and what is refused."""

import dataclasses
import json

import numpy as np
import pytest

from renderers.charts.matplotlib import figures
from renderers.charts.matplotlib.backend import MatplotlibBackend
from renderers.charts.panels.figure import FRAME, FRAME_GAP, figure_flaws
from renderers.charts.panels.plan import FigurePlan, plan_figure
from renderers.charts.panels.spec import Panel, PanelSpec
from renderers.charts.spec import AxisForm, ChartSpec, NumberFormat, Series, Table
from renderers.rejected import Rejected
from trainer.evaluation.metrics.chart import parse_chart, text_score
from vary_data.generators.drawn_chart import panel_chart
from vary_data.quality.validate.truth import check_truth
from vary_data.targets.charts.panels import panel_rows
from vary_data.targets.target import targets


def chart(type_="bar", title="Harvest", factor=1.0, **changes):
    values = tuple(round(v * factor) for v in (12.0, 40.0, 25.0))
    data = Table(("Tea", "Rice", "Corn"), (Series("", values, NumberFormat(0)),))
    return ChartSpec(type_, "en", data, **{"title": title, **changes})


def figure(*panels, **changes):
    return PanelSpec("en", tuple(panels), **{"title": "Overview", **changes})


def drawn(spec, seed=1):
    return panel_chart(spec, MatplotlibBackend().render_figure(spec, np.random.default_rng(seed)))


def row_of(made):
    regions = [
        {
            "bbox": list(r.bbox), "text": r.text, "role": r.role, "parent": r.parent,
            "quad": None, "order": r.order, "level": None, "row": None, "column": None,
            "rowspan": None, "colspan": None, "header": None, "continues": None,
        }
        for r in made.picture.regions
    ]  # fmt: skip
    return {
        "id": "x", "text": repr(dict(made.truth)), "kind": "chart", "format": "dict",
        "lang": made.lang, "regions": regions, "meta": json.dumps(made.meta),
        "width": made.picture.width, "height": made.picture.height, "image": None,
        "messages": [], "renderer": "matplotlib",
    }  # fmt: skip


FIGURE = figure(Panel(chart(), "(a)"), Panel(chart("pie", "Shares"), "(b)"), source="Source: us")


def test_the_truth_has_a_dict_for_each_panel():
    made = drawn(FIGURE)
    assert list(made.truth) == ["title", "source", "panels"]
    assert list(made.truth["panels"]) == ["(a)", "(b)"]
    assert made.truth["panels"]["(b)"]["title"] == "Shares"
    assert made.truth["panels"]["(a)"]["values"] == {"Tea": "12", "Rice": "40", "Corn": "25"}
    assert made.meta["panels"]["(b)"]["type"] == "pie"


def test_regions_name_their_panel_and_links_lead_to_them():
    made = drawn(FIGURE)
    regions = made.picture.regions
    assert sorted(r.order for r in regions) == list(range(len(regions)))
    for name in ("(a)", "(b)"):
        place = made.meta["panels"][name]["region"]
        assert (regions[place].role, regions[place].text, regions[place].parent) == (
            "chart",
            name,
            0,
        )
    for link in made.meta["values"]:
        mark = regions[link["mark"]]
        assert (mark.role, mark.text) == ("mark", link["path"][-1])
        assert regions[mark.parent].text == link["path"][0]
        x0, y0, x1, y1 = regions[mark.parent].bbox
        assert x0 <= mark.bbox[0] <= mark.bbox[2] <= x1
        assert y0 <= mark.bbox[1] <= mark.bbox[3] <= y1


def test_a_panel_is_where_it_was_drawn():
    spec = figure(Panel(chart(), "(a)"), Panel(chart("pie", "Shares"), "(b)"))
    made = MatplotlibBackend().render_figure(spec, np.random.default_rng(1))
    drawing = made.charts[1].drawing
    parts = made.picture.regions[made.places[1] :]
    mark = next(r for r in parts if r.role == "mark" and r.text == "/".join(drawing.marks[0].path))
    x, y = (round(mark.bbox[side] - drawing.marks[0].bbox[side]) for side in (0, 1))
    height, width = drawing.pixels.shape[:2]
    assert np.array_equal(made.picture.pixels[y : y + height, x : x + width], drawing.pixels)


def test_validate_checks_each_panel():
    made = drawn(FIGURE)
    row = row_of(made)
    assert not [p for p in check_truth(row, json.loads(row["meta"])) if p[0] != "messages"]
    wrong = {**row, "text": row["text"].replace("'Rice': '40'", "'Rice': '41'", 1)}
    problems = list(check_truth(wrong, json.loads(row["meta"])))
    assert any("panel '(a)'" in text for _, text in problems)


def test_panels_on_one_axis_have_one_range():
    bars = [chart(factor=f, title=None, labels=False) for f in (1.0, 0.5)]
    spec = figure(Panel(bars[0], "a"), Panel(bars[1], "b"), shared=True)
    made = MatplotlibBackend().render_figure(spec, np.random.default_rng(2))
    first, second = (c.drawing.scales["y"] for c in made.charts)
    assert (first.low, first.high) == (second.low, second.high)


def test_an_inset_lies_in_the_free_part_of_the_plot():
    spec = figure(
        Panel(chart("line", "Outer", labels=False)), Panel(chart("pie", "Inner")), inset=True
    )
    made = drawn(spec, 3)
    regions = made.picture.regions
    plot = next(r.bbox for r in regions if r.role == "plot" and regions[r.parent].text == "Outer")
    inner = regions[made.meta["panels"]["Inner"]["region"]].bbox
    assert plot[0] <= inner[0] <= inner[2] <= plot[2]
    assert plot[1] <= inner[1] <= inner[3] <= plot[3]
    assert made.truth["panels"]["Inner"]["values"]["Rice"] == "40"
    # A frame tells it from the plot, which may have the same color.
    out = FRAME_GAP + FRAME
    x0, y0, x1, y1 = (round(v) + d for v, d in zip(inner, (-out, -out, out, out), strict=True))
    box = made.picture.pixels[y0:y1, x0:x1]
    for edge in (box[0], box[-1], box[:, 0], box[:, -1]):
        assert (edge == box[0, 0]).all()
    assert (box[0, 0] != box[FRAME, FRAME]).any()


def test_a_letter_that_is_not_drawn_is_found():
    spec = figure(Panel(chart(), "a"), Panel(chart(title="Other"), "b"))
    backend = MatplotlibBackend()
    figure_ = backend.render_figure(spec, np.random.default_rng(1))
    around = dataclasses.replace(figure_.charts[0].drawing, texts=())
    assert {flaw.text for flaw in figure_flaws(spec, around, ())} == {"Overview", "a", "b"}


def test_a_single_row_of_three_is_not_flat():
    """Titles and letters take their height from that of the row."""
    panels = [Panel(chart(title=f"Chart {i}"), f"({i})") for i in range(3)]
    plans = [plan_figure(figure(*panels), np.random.default_rng(seed)) for seed in range(60)]
    rows = [plan for plan in plans if plan.rows == 1]
    assert rows
    assert all(plan.height > 0.8 * plan.width / 3 for plan in rows)


def test_names_of_panels_are_distinct():
    with pytest.raises(ValueError, match="distinct"):
        figure(Panel(chart()), Panel(chart()))
    with pytest.raises(ValueError, match="1 panels"):
        figure(Panel(chart()))


@pytest.mark.parametrize("axis", [AxisForm("log"), AxisForm(truncated=True)])
def test_one_range_of_values_needs_linear_axes(axis):
    bars = [Panel(chart(labels=False, axis=axis), letter) for letter in "ab"]
    with pytest.raises(ValueError, match="linear"):
        figure(*bars, shared=True)


def test_forms_hold_figures_or_refuse_them_by_name():
    row = row_of(drawn(FIGURE))
    (table,) = targets(row, "markdown")
    assert table.text.startswith("**(a) Harvest**")
    assert "**(b) Shares**" in table.text
    asked = targets(row, "questions", count=2)
    assert asked
    assert all(q.prompt.startswith(f"In panel {q.meta['panel']}: ") for q in asked)
    with pytest.raises(Rejected) as refused:
        targets(row, "matplotlib")
    assert refused.value.reason == "panels"
    assert [name for name, _ in panel_rows(row)] == ["(a)", "(b)"]


def test_metrics_read_the_entries_of_panels():
    text = repr(dict(drawn(FIGURE).truth))
    parsed = parse_chart(text)
    assert {e.path for e in parsed.entries} == {
        (panel, name) for panel in ("(a)", "(b)") for name in ("Tea", "Rice", "Corn")
    }
    assert parsed.texts["(b)/title"] == "Shares"
    assert text_score(parsed, parsed) == 1.0
    assert text_score(parsed, parse_chart(text.replace("Shares", "S"))) < 1.0


def test_a_row_of_flat_panels_is_rejected(monkeypatch):
    """Axes without room cannot be read, although no text meets another one."""
    plan = FigurePlan(1, 3, width=1070, height=150, base=12.0, shrunk=1.0)
    monkeypatch.setattr(figures, "plan_figure", lambda spec, rng: plan)
    flat = figure(*(Panel(chart(x_title="Crop", labels=False), name) for name in "abc"))
    backend = MatplotlibBackend(looks=("free",))
    with pytest.raises(Rejected, match="crowded"):
        backend.render_figure(flat, np.random.default_rng(1))
