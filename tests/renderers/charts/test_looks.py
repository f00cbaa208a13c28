"""Looks: their data is whole, charts follow them, and no chart needs more colors than one has."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

from renderers.charts.audit import audit
from renderers.charts.look_choice import choose_look
from renderers.charts.look_data import read_look
from renderers.charts.look_names import FREE, LOOKS
from renderers.charts.matplotlib.backend import MatplotlibBackend
from renderers.charts.palette import MIN_TEXT_CONTRAST, contrast, rgb, rgb_bytes
from renderers.charts.spec import ChartSpec, Series, Table
from tests.tools.chosen_cases import in_turn, some
from vary_data.api import make_recipe
from vary_data.base.errors import UsageError
from vary_data.generators.render_charts import RenderCharts
from vary_data.sources.charts.random_content import random_spec
from vary_data.sources.corpus import load_corpus


def bars(series: int) -> ChartSpec:
    rows = tuple(Series(f"Year {i}", (3.0 + i, 9.0 - i)) for i in range(series))
    return ChartSpec("grouped_bar", "en", Table(("Tea", "Rice"), rows), title="Harvest")


@pytest.mark.parametrize("name", LOOKS)
def test_the_texts_of_a_look_can_be_read_and_its_colors_differ(name: str) -> None:
    look = read_look(name)
    palette = look.palette
    for background in {palette.background, look.panel or palette.background}:
        for ink in (palette.ink, palette.faint):
            assert contrast(rgb(ink), rgb(background)) >= MIN_TEXT_CONTRAST
    assert len(set(palette.colors)) == len(palette.colors) >= 4
    assert not {palette.background, look.panel} & set(palette.colors)
    assert look.font in {"sans", "serif", "kai"}


@pytest.mark.parametrize(
    ("name", "type_"), in_turn(LOOKS, ("grouped_bar", "line", "pie", "scatter"))
)
def test_charts_in_a_look_pass_the_audit(name: str, type_: str) -> None:
    rng = np.random.default_rng(len(type_))
    spec = random_spec(type_, "en", load_corpus("en"), rng)
    chart = MatplotlibBackend(looks=(name,)).render(spec, rng)
    assert audit(spec, dataclasses.replace(chart.drawing)) == ()
    assert chart.style["look"] == (name if name == chart.style["palette"] else FREE)


def test_the_plot_area_and_the_tag_have_their_colors() -> None:
    rng = np.random.default_rng(0)
    chart = MatplotlibBackend(looks=("ggplot2",)).render(bars(2), rng)
    x0, y0, _, _ = (int(v) for v in chart.drawing.plots[0])
    assert tuple(chart.drawing.pixels[y0 + 3, x0 + 3]) == rgb_bytes("#ebebeb")
    chart = MatplotlibBackend(looks=("economist",)).render(bars(2), rng)
    margin = chart.style["margin"]
    assert tuple(chart.drawing.pixels[2, margin + 3]) == rgb_bytes("#e3120b")


def test_a_look_with_too_few_colors_is_not_taken() -> None:
    rng = np.random.default_rng(0)
    four = choose_look(bars(4), ("print_gray",), rng)
    assert four is not None
    assert four.name == "print_gray"
    assert choose_look(bars(5), ("print_gray",), rng) is None
    assert choose_look(bars(5), (FREE,), rng) is None


def test_two_of_five_charts_have_a_look_by_default() -> None:
    rng = np.random.default_rng(0)
    looks = [choose_look(bars(3), None, rng) for _ in range(500)]
    assert 160 < sum(look is not None for look in looks) < 240
    assert {look.name for look in looks if look is not None} == set(LOOKS)


def test_what_a_hand_draws_needs_a_backend_with_a_hand() -> None:
    def tasks(backend: str, *looks: str) -> object:
        recipe = make_recipe("render-charts", num_samples=1, backend=backend, looks=looks)
        return RenderCharts().tasks(recipe)

    with pytest.raises(UsageError, match="pyecharts has no look hand_drawn"):
        tasks("pyecharts", "hand_drawn")
    assert tasks("both", "hand_drawn")
    assert tasks("pyecharts", "hand_drawn", "excel")
    rng = np.random.default_rng(0)
    assert choose_look(bars(2), ("hand_drawn",), rng, ruled=True) is None


def test_a_map_of_many_tiles_needs_few_colors() -> None:
    rng = np.random.default_rng(0)
    spec = random_spec("tile_map", "en", load_corpus("en"), rng)
    look = choose_look(spec, ("print_gray",), rng)
    assert look is not None
    assert look.name == "print_gray"


@pytest.mark.parametrize("name", some(LOOKS, 3))
def test_the_box_of_a_violin_is_seen_on_its_body(name: str) -> None:
    rng = np.random.default_rng(1)
    spec = random_spec("violin", "en", load_corpus("en"), rng)
    chart = MatplotlibBackend(looks=(name,)).render(spec, rng)
    for mark in chart.drawing.marks:
        x = round(sum(x for x, _ in mark.points) / len(mark.points)) - 1
        (_, q1), (_, median), (_, q3) = mark.points[1:4]
        y = round((median + (q1 if abs(q1 - median) > abs(q3 - median) else q3)) / 2)
        row = chart.drawing.pixels[y] / 255
        body = row[x - round((mark.bbox[2] - mark.bbox[0]) * 0.1)]
        assert contrast(tuple(row[x]), tuple(body)) >= 3


def test_no_title_of_the_rows_stands_above_the_names_of_the_columns() -> None:
    titled = 0
    for seed in range(12):
        rng = np.random.default_rng(seed)
        spec = random_spec("confusion_matrix", "en", load_corpus("en"), rng)
        drawing = MatplotlibBackend(looks=("ft",)).render(spec, rng).drawing
        above = {text.role for text in drawing.texts if text.bbox[3] <= drawing.plots[0][1]}
        titled += "y_title" in above
        assert not {"y_title", "x_tick"} <= above
    assert titled


@pytest.mark.parametrize("name", ["excel2003", "plotly", "tufte"])
def test_arrows_are_seen_on_the_plot(name: str) -> None:
    for seed in range(4):
        rng = np.random.default_rng(seed)
        spec = random_spec("quiver", "en", load_corpus("en"), rng)
        chart = MatplotlibBackend(looks=(name,)).render(spec, rng)
        look = read_look(name)
        plot = rgb(look.panel or look.palette.background)
        for mark in chart.drawing.marks[:-1]:
            # In the middle of the head.
            (x0, y0), (x1, y1) = mark.points
            reach = 1 - 0.25 * chart.style["base"] / max(math.dist((x0, y0), (x1, y1)), 1)
            x, y = round(x0 + (x1 - x0) * reach - 0.5), round(y0 + (y1 - y0) * reach - 0.5)
            near = chart.drawing.pixels[y - 1 : y + 2, x - 1 : x + 2].reshape(-1, 3) / 255
            assert max(contrast(tuple(pixel), plot) for pixel in near) >= 2.2
