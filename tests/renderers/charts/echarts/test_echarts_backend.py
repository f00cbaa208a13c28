"""Every type in both languages: drawn, read back, true, and the same every time."""

from __future__ import annotations

import ast
import math
from typing import Any

import numpy as np
import pytest

from renderers.charts.audit import audit
from renderers.charts.backend import RenderedChart
from renderers.charts.catalog import CATALOG
from renderers.charts.drawing import Drawing
from renderers.charts.echarts import EchartsBackend
from renderers.charts.echarts.palettes import ECHARTS_PALETTES, PALETTES_BY_NAME
from renderers.charts.echarts.types.graphs import crowding
from renderers.charts.neighbors import crossed
from renderers.charts.palette import PALETTES
from renderers.charts.spec import (
    ChartSpec,
    Course,
    NumberFormat,
    Point,
    Points,
    PointSeries,
    Series,
    Summary,
    Table,
)
from renderers.charts.truth import literal
from renderers.rejected import Rejected
from tests.renderers.charts.mark_centers import away
from tests.tools.chosen_cases import in_turn
from vary_data.sources.charts.random_content import random_spec
from vary_data.sources.corpus import load_corpus

CORPORA = {lang: load_corpus(lang) for lang in ("en", "zh")}
CASES = in_turn(sorted(EchartsBackend.types), ("en", "zh"))


def content(type_: str, lang: str, seed: int) -> tuple[ChartSpec, np.random.Generator]:
    rng = np.random.default_rng([seed, sum(map(ord, type_))])
    return random_spec(type_, lang, CORPORA[lang], rng, EchartsBackend.forms), rng


def rendered(backend: EchartsBackend, type_: str, lang: str) -> tuple[ChartSpec, RenderedChart]:
    """The first of five contents that is drawn."""
    for seed in range(5):
        spec, rng = content(type_, lang, seed)
        try:
            return spec, backend.render(spec, rng)
        except Rejected:
            continue
    raise AssertionError(f"none of five {type_} charts could be drawn")


def table(type_: str, *columns: tuple[float, ...], **more: Any) -> ChartSpec:
    names = ("",) if len(columns) == 1 else tuple("ABCDE"[: len(columns)])
    categories = tuple(f"name {i}" for i in range(len(columns[0])))
    series = tuple(Series(n, c, NumberFormat(1)) for n, c in zip(names, columns, strict=True))
    return ChartSpec(type_, "en", Table(categories, series), **more)


def test_enough_types_and_looks() -> None:
    assert len(EchartsBackend.types) >= 24
    assert EchartsBackend.types <= set(CATALOG)
    assert len(PALETTES) >= 10
    assert set(PALETTES_BY_NAME) == {p.name for p in (*PALETTES, *ECHARTS_PALETTES)}


@pytest.mark.parametrize(("type_", "lang"), CASES)
def test_the_truth_of_every_type_is_on_its_picture(
    backend: EchartsBackend, type_: str, lang: str
) -> None:
    spec, chart = rendered(backend, type_, lang)
    assert audit(spec, chart.drawing) == ()
    assert ast.literal_eval(literal(chart.truth)) == chart.truth
    height, width = chart.drawing.pixels.shape[:2]
    for region in chart.drawing.picture().regions:
        x0, y0, x1, y1 = region.bbox
        assert -1.5 <= x0 < x1 <= width + 1.5, region
        assert -1.5 <= y0 < y1 <= height + 1.5, region
    # one number for each pixel: sorting rows of three takes a second
    assert len(np.unique(chart.drawing.pixels @ (1, 256, 65536))) > 20
    assert chart.style["palette"] in PALETTES_BY_NAME
    assert away(type_, chart.drawing) == []


def test_a_chart_is_the_same_whatever_was_drawn_before(backend: EchartsBackend) -> None:
    kinds = ("graph", "effect_scatter", "treemap", "pie")
    before = [rendered(backend, type_, "zh")[1] for type_ in kinds]
    rendered(backend, "bar", "en")
    after = [rendered(backend, type_, "zh")[1] for type_ in reversed(kinds)][::-1]
    for a, b in zip(before, after, strict=True):
        assert a.truth == b.truth
        assert a.style == b.style
        assert a.drawing.picture().regions == b.drawing.picture().regions
        assert np.array_equal(a.drawing.pixels, b.drawing.pixels)


def _boxes(drawing: Drawing) -> list[tuple[float, float, float, float]]:
    return [mark.bbox for mark in drawing.marks]


def _plot(drawing: Drawing) -> tuple[float, float, float, float]:
    (plot,) = drawing.plots
    return plot


def test_bars_are_as_long_as_their_values(backend: EchartsBackend) -> None:
    values = (10.0, 25.0, 40.0, 5.5)
    for type_ in ("bar", "horizontal_bar"):
        chart = backend.render(table(type_, values, labels=False), np.random.default_rng(1))
        key, side = ("x", 0) if type_ == "horizontal_bar" else ("y", 1)
        scale = chart.drawing.scales[key]
        per_pixel = (scale.high - scale.low) / scale.pixels
        lengths = [box[side + 2] - box[side] for box in _boxes(chart.drawing)]
        assert [length * per_pixel for length in lengths] == pytest.approx(values, abs=per_pixel)


def test_points_are_at_their_values(backend: EchartsBackend) -> None:
    points = (Point(10, 3), Point(20, 9), Point(35, 4), Point(50, 7), Point(80, 1))
    spec = ChartSpec("scatter", "en", Points((PointSeries("", points),)), labels=False)
    drawing = backend.render(spec, np.random.default_rng(3)).drawing
    left, _, _, bottom = _plot(drawing)
    x, y = drawing.scales["x"], drawing.scales["y"]
    for point, (x0, y0, x1, y1) in zip(points, _boxes(drawing), strict=True):
        read_x = x.low + ((x0 + x1) / 2 - left) * (x.high - x.low) / x.pixels
        read_y = y.low + (bottom - (y0 + y1) / 2) * (y.high - y.low) / y.pixels
        assert (read_x, read_y) == pytest.approx((point.x, point.y), abs=0.2)


def test_boxes_reach_from_least_to_most(backend: EchartsBackend) -> None:
    rows = ((1.0, 2.0, 4.0, 6.0, 9.0), (2.0, 3.0, 3.5, 5.0, 8.0), (0.5, 1.0, 2.0, 4.0, 6.0))
    fields = ("min", "q1", "median", "q3", "max")
    data = Summary(("a", "b", "c"), fields, rows, NumberFormat(1))
    spec = ChartSpec("box", "en", data, labels=False)
    drawing = backend.render(spec, np.random.default_rng(4)).drawing
    bottom, scale = _plot(drawing)[3], drawing.scales["y"]
    per_pixel = (scale.high - scale.low) / scale.pixels
    for row, box in zip(rows, _boxes(drawing), strict=True):
        assert scale.low + (bottom - box[3]) * per_pixel == pytest.approx(row[0], abs=2 * per_pixel)
        assert scale.low + (bottom - box[1]) * per_pixel == pytest.approx(row[4], abs=2 * per_pixel)


@pytest.mark.parametrize("seed", range(4))
def test_symbols_end_at_their_values(backend: EchartsBackend, seed: int) -> None:
    """2,955 and 2,516 were bars of six symbols each."""
    values = (5424.0, 3105.0, 2955.0, 2516.0, 2361.0, 1677.0)
    drawing = backend.render(table("pictorial_bar", values), np.random.default_rng(seed)).drawing
    scale = drawing.scales["y"]
    for value, box in zip(values, _boxes(drawing), strict=True):
        x, outside = round((box[0] + box[2]) / 2), round(box[0]) - 10
        # Against the same row outside of the bar, which has the grid, too. Three columns, since the
        # tip of a triangle lies between two pixels.
        row = drawing.pixels.astype(int)
        column = np.abs(row[:, x - 1 : x + 2] - row[:, [outside]]).sum(axis=2).max(axis=1)
        inked = np.flatnonzero(column > 40)
        top = inked[(inked < box[3]) & (inked > box[1] - 6)].min()
        assert scale.value_at(float(top)) == pytest.approx(value, abs=4 * scale.per_pixel)


@pytest.mark.parametrize("seed", range(3))
def test_a_line_above_bars_does_not_cross_its_labels(backend: EchartsBackend, seed: int) -> None:
    bars = (7.4, 9.9, 7.5, 6.6, 8.0, 11.3, 8.6, 5.4, 7.0, 7.2)
    line = (7.5, 25.3, 31.7, 23.7, 28.8, 10.9, 29.8, 7.7, 18.0, 16.2)
    chart = backend.render(table("bar_line", bars, line), np.random.default_rng(seed))
    assert not list(crossed(chart.drawing))
    assert len(chart.drawing.lines) == 1


@pytest.mark.parametrize("seed", range(3))
def test_labels_of_negative_lollipops_are_below_their_heads(
    backend: EchartsBackend, seed: int
) -> None:
    spec = table("lollipop", (30.0, -12.5, 8.0, -20.0), labels=True)
    drawing = backend.render(spec, np.random.default_rng(seed)).drawing
    assert len(drawing.lines) == 4  # the stems, which must not cross labels
    heads = {mark.path: mark.points[0][1] for mark in drawing.marks}
    for text in (t for t in drawing.texts if t.role == "value"):
        middle = (text.bbox[1] + text.bbox[3]) / 2
        assert (middle > heads[text.path]) == text.text.startswith("-")


@pytest.mark.parametrize("seed", range(3))
def test_labels_of_dumbbells_are_not_on_the_axis_line(backend: EchartsBackend, seed: int) -> None:
    rows = ((2.5, 30.0), (60.0, 80.0), (1.5, 95.0))
    spec = ChartSpec("dumbbell", "en", Summary(("a", "b", "c"), ("2001", "2002"), rows))
    drawing = backend.render(spec, np.random.default_rng(seed)).drawing
    left = _plot(drawing)[0]
    assert all(t.bbox[0] > left + 1 for t in drawing.texts if t.role == "value")


def test_values_of_graphs_are_beside_their_own_links() -> None:
    """Eight nodes that are linked across: in one order the middles of all links meet."""
    names = list("ABCDEFGH")
    angles = np.arange(8) * np.pi / 4
    places = np.stack([300 + 200 * np.cos(angles), 300 + 200 * np.sin(angles)], axis=1)
    pairs = [("A", "E"), ("B", "F"), ("C", "G")]
    sizes = [(30.0, 12.0)] * 3
    assert crowding(names, places, pairs, 0.0, sizes) >= 3
    assert crowding(list("AEBFCGDH"), places, pairs, 0.0, sizes) == 0


def test_links_lead_to_regions_of_both_kinds(backend: EchartsBackend) -> None:
    chart = backend.render(table("stacked_bar", (3.0, 4.0), (5.0, 6.0)), np.random.default_rng(0))
    regions = chart.drawing.picture().regions
    shown = [(regions[x["mark"]].text, regions[x["label"]].text) for x in chart.links]
    assert shown == [("A/name 0", "3.0"), ("A/name 1", "4.0"), ("B/name 0", "5.0"),
                     ("B/name 1", "6.0")]  # fmt: skip


def test_the_river_is_as_wide_as_its_axis_shows(backend: EchartsBackend) -> None:
    """The widest place of the river, measured in the pixels, against the sum of its values."""
    columns = ((30.0, 20.0, 10.0, 15.0, 12.0), (40.0, 20.0, 10.0, 15.0, 12.0),
               (20.0, 20.0, 10.0, 15.0, 12.0))  # fmt: skip
    spec = table("theme_river", *columns, labels=False)
    drawing = backend.render(spec, np.random.default_rng(2)).drawing
    left, top, _, bottom = (round(v) for v in _plot(drawing))
    scale = drawing.scales["y"]
    background = drawing.pixels[2, 2].astype(int)
    column = drawing.pixels[top:bottom, left + 3].astype(int)
    river = (np.abs(column - background).sum(axis=1) > 90).sum()
    assert river * (scale.high - scale.low) / scale.pixels == pytest.approx(90, rel=0.04)


def test_values_without_labels_are_only_as_fine_as_the_axis(backend: EchartsBackend) -> None:
    values = (1234.567, 2345.678, 4321.123)
    series = Series("", values, NumberFormat(3))
    spec = ChartSpec("bar", "en", Table(("a", "b", "c"), (series,)), labels=False)
    chart = backend.render(spec, np.random.default_rng(0))
    assert chart.drawing.scales["y"].tick == 1000
    assert list(chart.truth["values"].values()) == ["1200", "2300", "4300"]
    assert [entry["step"] for entry in chart.links] == ["100"] * 3


@pytest.mark.parametrize("type_", ["bar", "pie", "line", "treemap", "sankey", "radar"])
def test_texts_that_look_like_templates_are_drawn_as_they_are(
    backend: EchartsBackend, type_: str
) -> None:
    from renderers.charts.spec import Flow, Link, Node, Tree

    odd = ("{b}", "{a|x}", "<i>{c}</i>", "constructor", "__proto__")
    data: Any = Table(odd, (Series("", (3.0, 4.0, 5.0, 6.0, 7.0)),))
    if type_ == "treemap":
        data = Tree(tuple(Node(name, 5.0) for name in odd))
    if type_ == "sankey":
        data = Flow(tuple(Link(name, "{d}", 5.0) for name in odd))
    spec = ChartSpec(type_, "en", data, title="{value} {{x}} <b>|", source="{a} <br>")
    chart = backend.render(spec, np.random.default_rng(5))
    assert audit(spec, chart.drawing) == ()
    assert chart.truth["title"] == "{value} {{x}} <b>|"


def test_a_fixed_size_is_kept(backend: EchartsBackend) -> None:
    sized = EchartsBackend(size=(640, 480))
    try:
        for type_ in ("bar", "pie", "line"):
            _, chart = rendered(sized, type_, "zh")
            assert chart.drawing.pixels.shape == (480, 640, 3)
    finally:
        sized.close()


def test_characters_without_a_glyph_are_rejected(backend: EchartsBackend) -> None:
    spec = table("bar", (1.0, 2.0, 3.0), title="ꙮ \U0001f984")
    with pytest.raises(Rejected) as caught:
        backend.render(spec, np.random.default_rng(0))
    assert caught.value.reason == "glyph"


def test_corners_of_slanted_names_cover_both_of_their_lines(backend: EchartsBackend) -> None:
    names = tuple(f"Manufacture of goods and repair of machinery {i}" for i in range(12))
    data = Table(names, (Series("", tuple(float(i) for i in range(3, 15))),))
    drawing = backend.render(ChartSpec("bar", "en", data), np.random.default_rng(0)).drawing
    slanted = [text for text in drawing.texts if text.role == "x_tick"]
    assert {text.lines for text in slanted} == {2}
    assert {text.angle % 90 for text in slanted} != {0}
    size = slanted[0].size
    quads = [region.quad for region in drawing.picture().regions if region.role == "x_tick"]
    for x0, y0, _, _, _, _, x3, y3 in filter(None, quads):
        assert math.hypot(x3 - x0, y3 - y0) == pytest.approx(1.9 * size, rel=0.05)
    assert None not in quads


def test_what_does_not_fit_is_rejected_with_its_reason(backend: EchartsBackend) -> None:
    words = " ".join(["overwhelmingly"] * 30)
    names = tuple(f"{words} {i}" for i in range(14))
    data = Table(names, (Series("", tuple(float(i) for i in range(1, 15))),))
    with pytest.raises(Rejected) as caught:
        backend.render(ChartSpec("bar", "en", data), np.random.default_rng(0))
    assert caught.value.reason in {"overlap", "cut", "missing", "contrast", "empty"}


def test_turned_labels_of_negative_bars_end_at_their_bars(backend: EchartsBackend) -> None:
    """They read upwards; aligned like those of positive bars, they would lie on their own bars."""
    values = tuple(-10000.5 - 37 * i if i % 2 else 9000.5 + 11 * i for i in range(16))
    drawing = backend.render(table("bar", values), np.random.default_rng(3)).drawing
    bars = {mark.path: mark.bbox for mark in drawing.marks}
    turned = [t for t in drawing.texts if t.role == "value" and abs(t.angle) == 90]
    assert len(turned) == 16
    for text, value in zip(turned, values, strict=True):
        bar = bars[text.path]
        if value < 0:
            assert text.bbox[1] >= bar[3] - 1
        else:
            assert text.bbox[3] <= bar[1] + 1


def test_long_lines_of_several_series_may_have_printed_values(backend: EchartsBackend) -> None:
    """Labels were placed for one series only; more of them ended in an error."""
    at = tuple(i / 60 for i in range(61))
    named = (6, 30, 54)
    columns = [
        tuple(round(level + 3 * math.sin(i / 7), 1) for i in range(61)) for level in (20.0, 60.0)
    ]
    data = Table(
        ("2001", "2002", "2003"),
        tuple(
            Series(name, tuple(column[i] for i in named), NumberFormat(1))
            for name, column in zip("AB", columns, strict=True)
        ),
        Course(tuple(at[i] for i in named), at, tuple(columns)),
    )
    chart = backend.render(ChartSpec("multi_line", "en", data), np.random.default_rng(2))
    printed = {t.text for t in chart.drawing.texts if t.role == "value"}
    assert printed == {f"{column[i]:.1f}" for column in columns for i in named}


def test_twelve_lines_have_twelve_colors(backend):
    names = tuple(f"s{i}" for i in range(12))
    series = tuple(Series(name, (10.0 + i, 40.0 - i, 20.0 + 2 * i)) for i, name in enumerate(names))
    spec = ChartSpec("multi_line", "en", Table(("a", "b", "c"), series), labels=False)
    for seed in range(5):  # one of the symbols is empty
        chart = backend.render(spec, np.random.default_rng(seed))
        assert len({mark.color for mark in chart.drawing.marks}) == 12
