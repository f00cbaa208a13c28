"""Looks by ECharts: what they fix, and what they draw."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from renderers.charts.annotations.levels import Band
from renderers.charts.audit import audit
from renderers.charts.backend import ToolNotFound
from renderers.charts.echarts import EchartsBackend, find_browser, find_echarts_js
from renderers.charts.echarts.layout import sample_style
from renderers.charts.echarts.looks import dress, fixed_choices
from renderers.charts.echarts.sampler import StyleSampler
from renderers.charts.look_data import read_look
from renderers.charts.look_names import FREE
from renderers.charts.palette import rgb_bytes
from renderers.charts.spec import ChartSpec, Series, Table
from renderers.picture import Pixels
from renderers.rejected import Rejected
from tests.tools.chosen_cases import some
from vary_data.sources.charts.random_content import random_spec
from vary_data.sources.corpus import load_corpus

SANS = ("DejaVu Sans", "Liberation Sans", "Open Sans")
BARS = ChartSpec(
    "grouped_bar",
    "en",
    Table(("Tea", "Rice"), (Series("2001", (8.0, 4.0)), Series("2002", (6.0, 5.0)))),
    title="Harvest",
)
LINES = ChartSpec("multi_line", "en", BARS.data, title="Harvest")


@pytest.fixture(scope="module")
def old_office() -> Iterator[EchartsBackend]:
    try:
        find_browser()
        find_echarts_js()
    except ToolNotFound as error:
        pytest.skip(str(error))
    opened = EchartsBackend(looks=("excel2003",))
    yield opened
    opened.close()


def share(pixels: Pixels, color: str) -> float:
    return float((pixels == rgb_bytes(color)).all(axis=2).mean())


def test_a_look_fixes_what_it_names() -> None:
    fixed = fixed_choices(read_look("plotly"), SANS, "en")
    assert fixed["font"] == "Open Sans"
    assert (fixed["legend_side"], fixed["title_align"], fixed["grid"]) == ("right", "left", True)
    sampler = StyleSampler(1, fixed)
    style = sample_style(sampler, "en", SANS, None, read_look("plotly"))
    assert style.colors == read_look("plotly").palette.colors
    assert (style.family, style.legend_side) == ("Open Sans", "right")
    assert sampler.chosen["palette"] == "plotly"
    assert fixed_choices(None, SANS, "en") == {}


def test_a_fixed_choice_takes_no_other_away() -> None:
    """What a look leaves open is drawn as without it."""
    free, looked = StyleSampler(5), StyleSampler(5, {"a": 9})
    for sampler in (free, looked):
        sampler.whole_number("a", 1, 6)
        sampler.whole_number("b", 1, 10**6)
    assert looked.chosen["a"] == 9
    assert looked.chosen["b"] == free.chosen["b"]


def test_axes_grid_and_edges_follow_the_look() -> None:
    look = read_look("bootstrap")
    style = sample_style(StyleSampler(1), "en", SANS, None, look)
    title = {"id": "title", "text": "Harvest", "top": 10, "textStyle": {"lineHeight": 20}}
    value: dict[str, Any] = {
        "type": "value", "axisLine": {"show": True}, "axisTick": {"show": True},
        "splitLine": {"show": True},
    }  # fmt: skip
    names: dict[str, Any] = {"type": "category", "axisLine": {"show": True}, "axisTick": {}}
    option = {
        "xAxis": [names], "yAxis": [value], "grid": [{"left": 40}], "series": [],
        "legend": {"data": ["2001"]}, "title": [title],
    }  # fmt: skip
    dress(option, style, (700, 400))
    assert names["axisLine"]["show"]
    assert not value["axisLine"]["show"]
    assert value["splitLine"] == {
        "show": True,
        "lineStyle": {"color": look.palette.grid, "width": 1, "type": "solid"},
    }
    bar, border = option["graphic"]
    assert bar["shape"]["width"] == 700
    assert 30 < bar["shape"]["height"] < 45
    assert border["style"]["stroke"] == look.trim.border
    free = sample_style(StyleSampler(1), "en", SANS, None)
    untouched = {"xAxis": [{"type": "value"}]}
    dress(untouched, free, (700, 400))
    assert untouched == {"xAxis": [{"type": "value"}]}


def test_bars_of_an_old_office_lie_on_gray_with_black_edges(old_office: EchartsBackend) -> None:
    chart = old_office.render(BARS, np.random.default_rng(0))
    pixels = chart.drawing.pixels
    assert audit(BARS, chart.drawing) == ()
    assert chart.style["look"] == "excel2003"
    assert share(pixels, "#c0c0c0") > 0.1
    assert share(pixels, "#9999ff") > 0.02
    assert (pixels[0] < 130).all()  # the border, also on pictures of broken pixel ratios
    assert (pixels[-1] < 130).all()


def test_lines_of_an_old_office_have_colors_of_their_own(old_office: EchartsBackend) -> None:
    pixels = old_office.render(LINES, np.random.default_rng(0)).drawing.pixels
    assert share(pixels, "#000080") > share(pixels, "#9999ff") == 0
    assert share(pixels, "#ff00ff") > 0


def test_what_a_hand_draws_is_drawn_freely(old_office: EchartsBackend) -> None:
    old_office._looks = ("hand_drawn",)
    try:
        chart = old_office.render(BARS, np.random.default_rng(0))
    finally:
        old_office._looks = ("excel2003",)
    assert chart.style["look"] == FREE


@pytest.mark.parametrize("chart_type", some(sorted(EchartsBackend.types), 3))
def test_every_type_has_looks(old_office: EchartsBackend, chart_type: str) -> None:
    for seed in range(5):
        rng = np.random.default_rng([seed, sum(map(ord, chart_type))])
        spec = random_spec(chart_type, "zh", load_corpus("zh"), rng, EchartsBackend.forms)
        try:
            chart = old_office.render(spec, rng)
        except Rejected:
            continue
        assert audit(spec, chart.drawing) == ()
        if chart.style["look"] == "excel2003":
            return
    raise AssertionError(f"none of five {chart_type} charts has the look")


def test_a_shaded_range_is_seen_on_the_area_of_the_plot(old_office: EchartsBackend) -> None:
    values = Series("", (8.0, 4.0, 6.0, 7.0, 5.0))
    data = Table(("2001", "2002", "2003", "2004", "2005"), (values,))
    notes = (Band("Usual", 5.0, 6.0),)
    spec = ChartSpec("line", "en", data, title="Harvest", labels=False, annotations=notes)
    for look in ("seaborn", "ggplot2", "excel2003"):
        old_office._looks = (look,)
        try:
            drawing = old_office.render(spec, np.random.default_rng(0)).drawing
        finally:
            old_office._looks = ("excel2003",)
        x0, y0, x1, y1 = (round(v) for v in drawing.shapes[0].bbox)
        inside = drawing.pixels[y0 + 2 : y1 - 2, x0 + 2 : x1 - 2]
        assert share(inside, read_look(look).panel) < 0.1
