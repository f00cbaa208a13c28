"""Figures of several charts by ECharts: places, truth, links, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np

from renderers.charts.drawing import Drawing
from renderers.charts.echarts import EchartsBackend
from renderers.charts.palette import rgb_bytes
from renderers.charts.panels.crowded import crowded
from renderers.charts.panels.figure import RenderedFigure
from renderers.charts.panels.spec import Panel, PanelSpec
from renderers.charts.spec import ChartSpec, NumberFormat, Series, Table
from vary_data.generators.drawn_chart import panel_chart


def chart(
    type_: str = "bar", title: str | None = "Harvest", factor: float = 1.0, **changes: Any
) -> ChartSpec:
    values = tuple(float(round(v * factor)) for v in (12, 40, 25))
    data = Table(("Tea", "Rice", "Corn"), (Series("", values, NumberFormat(0)),))
    return ChartSpec(type_, "en", data, title, **changes)


def figure(*panels: Panel, **changes: Any) -> PanelSpec:
    return PanelSpec("en", tuple(panels), **{"title": "Overview", **changes})


def drawn(backend: EchartsBackend, spec: PanelSpec, seed: int = 1) -> RenderedFigure:
    return backend.render_figure(spec, np.random.default_rng(seed))


FIGURE = figure(Panel(chart(), "(a)"), Panel(chart("pie", "Shares"), "(b)"), source="Source: us")


def test_the_truth_has_a_dict_for_each_panel(backend: EchartsBackend) -> None:
    made = drawn(backend, FIGURE)
    assert list(made.truth) == ["title", "source", "panels"]
    assert made.truth["panels"]["(a)"]["values"] == {"Tea": "12", "Rice": "40", "Corn": "25"}
    assert made.truth["panels"]["(b)"]["title"] == "Shares"


def test_regions_name_their_panel_and_links_lead_to_them(backend: EchartsBackend) -> None:
    made = panel_chart(FIGURE, drawn(backend, FIGURE))
    regions = made.picture.regions
    assert sorted(r.order for r in regions if r.order is not None) == list(range(len(regions)))
    for name in ("(a)", "(b)"):
        place = regions[made.meta["panels"][name]["region"]]
        assert (place.role, place.text, place.parent) == ("chart", name, 0)
        assert any(r.role == "note" and r.text == name for r in regions)
    for link in made.meta["values"]:
        mark = regions[link["mark"]]
        assert (mark.role, mark.text) == ("mark", link["path"][-1])
        above = regions[mark.parent or 0]
        assert above.text == link["path"][0]
        x0, y0, x1, y1 = above.bbox
        assert x0 <= mark.bbox[0] <= mark.bbox[2] <= x1
        assert y0 <= mark.bbox[1] <= mark.bbox[3] <= y1


def test_a_panel_is_where_it_was_drawn(backend: EchartsBackend) -> None:
    made = drawn(backend, FIGURE)
    drawing = made.charts[1].drawing
    parts = made.picture.regions[made.places[1] :]
    mark = next(r for r in parts if r.role == "mark" and r.text == "/".join(drawing.marks[0].path))
    x, y = (round(mark.bbox[side] - drawing.marks[0].bbox[side]) for side in (0, 1))
    height, width = drawing.pixels.shape[:2]
    assert np.array_equal(made.picture.pixels[y : y + height, x : x + width], drawing.pixels)


def test_panels_have_one_background_with_and_without_common_texts(backend: EchartsBackend) -> None:
    """ECharts leaves a picture without components black."""
    for title in ("Overview", None):
        spec = figure(Panel(chart()), Panel(chart("pie", "Shares")), title=title)
        made = drawn(backend, spec)
        corner = made.picture.pixels[0, 0]
        assert tuple(corner) == tuple(made.charts[0].drawing.pixels[0, 0])
        assert (made.picture.pixels[-1, -1] == corner).all()


def test_panels_on_one_axis_have_one_range(backend: EchartsBackend) -> None:
    bars = [chart(factor=f, title=None, labels=False) for f in (1.0, 0.5)]
    spec = figure(Panel(bars[0], "a"), Panel(bars[1], "b"), shared=True)
    first, second = (c.drawing.scales["y"] for c in drawn(backend, spec, 2).charts)
    assert (first.low, first.high) == (second.low, second.high)


def test_an_inset_lies_in_the_free_part_of_the_plot(backend: EchartsBackend) -> None:
    spec = figure(
        Panel(chart("line", "Outer", labels=False)), Panel(chart("pie", "Inner")), inset=True
    )
    made = panel_chart(spec, drawn(backend, spec, 3))
    regions = made.picture.regions
    plot = next(
        r.bbox for r in regions if r.role == "plot" and regions[r.parent or 0].text == "Outer"
    )
    inner = regions[made.meta["panels"]["Inner"]["region"]].bbox
    assert plot[0] <= inner[0] <= inner[2] <= plot[2]
    assert plot[1] <= inner[1] <= inner[3] <= plot[3]


def test_panels_of_one_type_look_alike(backend: EchartsBackend) -> None:
    spec = figure(Panel(chart("line", labels=False), "a"), Panel(chart("line", "Other"), "b"))
    charts = drawn(backend, spec, 5).charts
    assert len({chart.drawing.marks[0].color for chart in charts}) == 1
    sizes = {chart.drawing.marks[0].bbox[2] - chart.drawing.marks[0].bbox[0] for chart in charts}
    assert max(sizes) - min(sizes) < 0.1


def test_a_plot_without_room_is_found() -> None:
    pixels = np.full((200, 300, 3), rgb_bytes("#ffffff"), np.uint8)
    wide = Drawing(pixels, (), plots=((10.0, 10.0, 290.0, 190.0),))
    flat = Drawing(pixels, (), plots=((10.0, 10.0, 290.0, 60.0),))
    assert not list(crowded(wide, 16))
    assert [flaw.reason for flaw in crowded(flat, 16)] == ["crowded"]


def test_a_figure_is_the_same_whatever_was_drawn_before(backend: EchartsBackend) -> None:
    first = drawn(backend, FIGURE, 8)
    backend.render(chart("line"), np.random.default_rng(2))
    again = drawn(backend, FIGURE, 8)
    assert np.array_equal(first.picture.pixels, again.picture.pixels)
    assert first.picture.regions == again.picture.regions
