"""Marks against values: what the audit reads back, and what it finds."""

import dataclasses
import math

import numpy as np
import pytest

from renderers import fonts
from renderers.charts.catalog import CATALOG
from renderers.charts.drawing import Drawing, DrawnText, Line, Mark, Scale, Sector
from renderers.charts.links import links
from renderers.charts.mark_audit import mark_flaws
from renderers.charts.matplotlib.backend import MatplotlibBackend, draw, draw_in
from renderers.charts.matplotlib.line_parts import line_keys
from renderers.charts.matplotlib.style import sample_style
from renderers.charts.measures.types import MEASURES
from renderers.charts.neighbors import crossed, hiding, misplaced, over_edge, strayed
from renderers.charts.palette import share_on_ramp
from renderers.charts.precision import printed_steps, read_off, readable_step
from renderers.charts.spec import (
    ChartSpec,
    Flow,
    Link,
    NumberFormat,
    Point,
    Points,
    PointSeries,
    Series,
    Summary,
    Table,
)

PIXELS = np.zeros((200, 300, 3), np.uint8)
AXIS = {"y": Scale(0, 100, 100, tick=20, start=150, reverse=True)}
"""One pixel for each unit; zero is at row 150."""


def table(type_, *columns, **more):
    names = [""] if len(columns) == 1 else [f"s{i}" for i in range(len(columns))]
    categories = tuple("abcdef"[: len(columns[0])])
    series = tuple(Series(n, tuple(map(float, c))) for n, c in zip(names, columns, strict=True))
    return ChartSpec(type_, "en", Table(categories, series), **more)


def drawing(*marks, **more):
    given = {"texts": (), "marks": marks, "scales": AXIS}
    return Drawing(PIXELS, **{**given, **more})


def bar(path, low, high, x=10):
    """A bar from `low` to `high` in data units."""
    return Mark(path, (x, 150 - high, x + 20, 150 - low))


def found(spec, made):
    return [(flaw.reason, flaw.text) for flaw in mark_flaws(spec, made)]


def test_every_type_has_a_measure():
    assert set(MEASURES) == set(CATALOG)


def test_a_bar_of_another_height_is_found():
    spec = table("bar", (30, 40))
    assert found(spec, drawing(bar(("a",), 0, 30), bar(("b",), 0, 41.5))) == []
    assert found(spec, drawing(bar(("a",), 0, 30), bar(("b",), 0, 43))) == [
        ("mark", "b: 40 is drawn as 43")
    ]
    assert found(spec, drawing(bar(("a",), 5, 30), bar(("b",), 0, 40)))[0][0] == "mark"


def test_symbols_that_round_a_value_to_whole_ones_are_found():
    """2,955 and 2,516 were equally high bars of six symbols each."""
    spec = table("pictorial_bar", (2955, 2516))
    axis = {"y": Scale(0, 6000, 327, tick=1000, start=400, reverse=True)}
    top = 400 - 3000 * 327 / 6000
    marks = [Mark((name,), (10, top, 30, 400)) for name in "ab"]
    assert ("mark", "b: 2516 is drawn as 3000") in found(spec, drawing(*marks, scales=axis))


def test_a_negative_bar_hangs_from_zero():
    assert found(table("diverging_bar", (-20,)), drawing(bar(("a",), -20, 0))) == []
    assert found(table("diverging_bar", (-20,)), drawing(bar(("a",), 0, 20))) != []


def test_a_value_without_a_mark_is_found():
    assert found(table("bar", (30, 40)), drawing(bar(("a",), 0, 30))) == [("unmarked", "b")]


def test_segments_of_a_stack_begin_where_the_one_below_ends():
    spec = table("stacked_bar", (30,), (20,))
    below = bar(("s0", "a"), 0, 30)
    assert found(spec, drawing(below, bar(("s1", "a"), 30, 50))) == []
    assert found(spec, drawing(below, bar(("s1", "a"), 0, 20)))[0][0] == "mark"


def test_bars_to_100_percent_are_full():
    spec = table("percent_bar", (9,), (6,))
    stack = drawing(bar(("s0", "a"), 0, 9), bar(("s1", "a"), 9, 15))
    assert found(spec, stack) == [("parts", "a: 15 %")]
    spec = table("percent_bar", (60,), (39,))
    assert found(spec, drawing(bar(("s0", "a"), 0, 60), bar(("s1", "a"), 60, 99))) == []


def test_slices_turn_as_far_as_their_shares():
    spec = table("pie", (25, 75))

    def pie(share):
        cut = share * math.tau
        sectors = (Sector((50, 50), 0, 40, 0, cut), Sector((50, 50), 0, 40, cut, math.tau))
        return drawing(
            *(Mark((n,), (10, 10, 90, 90), sector=s) for n, s in zip("ab", sectors, strict=True))
        )

    assert found(spec, pie(0.25)) == []
    assert len(found(spec, pie(0.27))) == 2


def test_the_color_of_a_cell_is_its_place_on_the_ramp():
    ramp = ("#000000", "#808080", "#ffffff")
    assert share_on_ramp(ramp, "#808080")[0] == pytest.approx(0.5)
    spec = table("heatmap", (0, 50, 100), (25, 75, 0))
    colors = ("#000000", "#808080", "#ffffff", "#404040", "#c0c0c0", "#000000")
    paths = [(s, c) for s in ("s0", "s1") for c in "abc"]
    cells = [Mark(p, (0, 0, 9, 9), color=c) for p, c in zip(paths, colors, strict=True)]
    assert found(spec, drawing(*cells, ramp=ramp)) == []
    wrong = dataclasses.replace(cells[1], color="#303030")
    assert found(spec, drawing(cells[0], wrong, *cells[2:], ramp=ramp))[0][0] == "mark"


def test_a_candle_must_not_collapse():
    fields = ("open", "close", "low", "high")
    data = Summary(("a",), fields, ((50.0, 50.6, 40.0, 60.0),), NumberFormat(1))
    spec = ChartSpec("candlestick", "en", data, labels=False)
    points = tuple((20.0, 150 - v) for v in (50.0, 50.6, 40.0, 60.0))
    candle = Mark(("a",), (10, 90, 30, 110), points, color="#ff0000")
    assert found(spec, drawing(candle)) == [("collapsed", "a")]


def test_a_visible_error_must_not_be_zero():
    def bar(error):
        data = Summary(("a",), ("mean", "error"), ((50.0, error),), NumberFormat(1, suffix="%"))
        ends = (((10.0, 150 - v) for v in (50.0, 50 + error, 50 - error)),)
        mark = Mark(("a",), (0, 99 - error, 20, 101 + error), tuple(*ends))
        return found(ChartSpec("error_bar", "en", data, labels=False), drawing(mark))

    # The step is two: an error of 0.9 would be printed as 0 %.
    assert bar(0.9) == [("collapsed", "a")]
    assert bar(3.0) == []


def test_a_bullet_that_misses_its_target_must_not_reach_it_in_the_truth():
    axis = {"x": Scale(0, 100, 100, tick=50, start=10)}
    sides = (Mark(("a", "Actual"), (10, 40, 58, 60)), Mark(("a", "Target"), (62, 35, 62, 65)))

    def bullet(*row):
        data = Summary(("a",), ("Actual", "Target"), (row,), NumberFormat(0))
        return ChartSpec("bullet", "en", data, labels=False)

    assert read_off(48, NumberFormat(0), axis["x"]) == read_off(52, NumberFormat(0), axis["x"])
    assert found(bullet(48.0, 52.0), drawing(*sides, scales=axis)) == [("collapsed", "a")]
    same = (sides[0], Mark(("a", "Target"), (58, 35, 58, 65)))
    assert found(bullet(48.0, 48.0), drawing(*same, scales=axis)) == []
    far = (sides[0], Mark(("a", "Target"), (90, 35, 90, 65)))
    assert found(bullet(48.0, 80.0), drawing(*far, scales=axis)) == []


def test_a_line_through_a_label_is_found_unless_a_plate_covers_it():
    label = DrawnText("7.7%", (40, 40, 70, 52), "value")
    line = Line(((0.0, 30.0), (100.0, 60.0)), 2.0)
    spec = table("bar", (30,))
    mark = bar(("a",), 0, 30)
    assert found(spec, drawing(mark, texts=(label,), lines=(line,))) == [("crossed", "7.7%")]
    plate = dataclasses.replace(label, plate=(37, 37, 73, 55))
    assert found(spec, drawing(mark, texts=(plate,), lines=(line,))) == []
    beside = Line(((0.0, 10.0), (100.0, 30.0)), 2.0)
    assert found(spec, drawing(mark, texts=(label,), lines=(beside,))) == []


def bubbles(*, joined=False, y=20.0):
    points = (Point(20.0, 50.0, 9.0, "Pharmaceuticals"), Point(60.0, 50.0, 9.0, "Education"))
    spec = ChartSpec("bubble", "en", Points((PointSeries("", points),)))
    scales = {"x": Scale(0, 100, 300, start=0), **AXIS}
    marks = [Mark((p.label,), (3 * p.x - 20, 80, 3 * p.x + 20, 120), round=True) for p in points]
    path = ("Education",)
    text = DrawnText("Education", (150, 60 + y, 175, 70 + y), "label", path=path, joined=joined)
    return spec, drawing(*marks, texts=(text,), scales=scales)


def test_a_label_nearer_to_another_bubble_needs_a_leader():
    assert found(*bubbles()) == []
    spec, made = bubbles()
    (label,) = made.texts
    wrong = dataclasses.replace(label, bbox=(85, 90, 110, 100))
    assert found(spec, dataclasses.replace(made, texts=(wrong,))) == [
        ("misplaced", "Education / Pharmaceuticals")
    ]
    leader = dataclasses.replace(wrong, joined=True)
    assert found(spec, dataclasses.replace(made, texts=(leader,))) == []
    over = dataclasses.replace(leader, bbox=(60, 90, 85, 100))
    assert found(spec, dataclasses.replace(made, texts=(over,))) != []


def test_a_value_is_no_larger_than_its_segment():
    spec = table("percent_bar", [92], [8], labels=True)
    marks = (bar(("s0", "a"), 0, 92, x=100), bar(("s1", "a"), 92, 100, x=100))
    small = DrawnText("8", (104, 51, 116, 57), "value", path=("s1", "a"))
    for text, flaws in (
        (small, []),
        (dataclasses.replace(small, bbox=(104, 47, 116, 61)), [("misplaced", "8 / s1/a")]),
        (dataclasses.replace(small, bbox=(95, 51, 125, 57)), [("misplaced", "8 / s1/a")]),
        # Beside its segment it may have any size.
        (dataclasses.replace(small, bbox=(121, 40, 140, 80)), []),
    ):
        assert found(spec, drawing(*marks, texts=(text,))) == flaws


@pytest.mark.parametrize(
    ("box", "wrong"),
    [
        ((110, 60, 140, 70), False),
        # Below the line between the groups, and on the ring of the members.
        ((110, 94, 140, 108), True),
        ((135, 60, 170, 70), True),
    ],
)
def test_the_name_of_a_group_is_within_its_sector(box, wrong):
    # A quarter of a turn at the upper right; the members are on the ring from 60 to 90 pixels.
    marks = [
        Mark((group, name), (0, 0, 9, 9), sector=Sector((100, 100), 60, 90, start, start + turn))
        for group, name, start, turn in (
            ("Big trees", "Oak", 0.0, 0.9),
            ("Big trees", "Beech", 0.9, math.pi / 2 - 0.9),
            ("Metals", "Tin", math.pi / 2, 1.5 * math.pi),
        )
    ]
    name = DrawnText("Big\ntrees", box, "category")
    assert [text for text, _ in over_edge(drawing(*marks, texts=(name,)))] == [name] * wrong


def test_a_tick_or_the_plate_of_a_name_may_not_hide_a_point():
    spec, made = bubbles()
    tick = DrawnText("50", (160, 95, 180, 105), "y_tick")
    name = DrawnText("Education", (165, 60, 190, 70), "category", path=("Education",))
    plate = dataclasses.replace(name, plate=(160, 55, 195, 90))
    value = dataclasses.replace(plate, role="value")
    wrong = [("misplaced", "50 / Education"), ("misplaced", "Education / Education")]
    for text, flaws in ((tick, wrong[:1]), (name, []), (plate, wrong[1:]), (value, [])):
        assert found(spec, dataclasses.replace(made, texts=(text,))) == flaws


@pytest.mark.parametrize("seed", range(8))
def test_the_scale_of_a_radar_hides_no_point_and_no_line(seed):
    # The last corner is beside the first spoke, as high as a tick.
    spec = table("radar", (90, 60, 70, 80, 65, 28.3), (40, 95, 50, 60, 70, 56.6), labels=False)
    style = sample_style(fonts.families("en"), "en", 6, (640, 520), np.random.default_rng(seed))
    made = draw(spec, style)
    assert not list(hiding(made))
    ticks = [text for text in made.texts if text.role == "y_tick"]
    assert len(ticks) >= 3
    assert not any(text.plate for text in ticks)
    (name,) = (text for text in made.texts if text.role == "category" and text.text == "a")
    assert min(tick.bbox[1] for tick in ticks) - name.bbox[3] > 1.5


@pytest.mark.parametrize(
    ("tick", "readings", "step"),
    [(20, 1, 2), (25, 1, 2), (10, 1, 1), (50, 1, 5), (20, 2, 5), (10, 2, 2), (0.5, 1, 0.05)],
)
def test_values_are_read_to_a_tenth_of_the_tick_distance(tick, readings, step):
    assert readable_step(Scale(0, 5 * tick, 400, tick), readings) == pytest.approx(step)


def test_a_crowded_axis_is_read_more_coarsely():
    assert readable_step(Scale(0, 1000, 100, tick=20)) == 20


def test_steps_are_printed_like_the_values():
    spec = table("bar", (1234, 5000), labels=False)
    number = NumberFormat(0, thousands=True, suffix=" t")
    series = (Series("", (1234.0, 5000.0), number),)
    spec = dataclasses.replace(spec, data=Table(("a", "b"), series))
    scales = {"y": Scale(0, 5000, 250, tick=1000)}
    assert read_off(1234, number, scales["y"]) == "1,200 t"
    assert printed_steps(spec, scales) == {("a",): "100 t", ("b",): "100 t"}
    assert printed_steps(dataclasses.replace(spec, labels=True), scales) == {}


def test_links_lead_from_values_to_marks_and_labels():
    texts = (
        DrawnText("a", (0, 0, 5, 5), "x_tick"),
        DrawnText("40", (0, 0, 5, 5), "value", path=("b",)),
        DrawnText("30", (0, 0, 5, 5), "value", path=("a",)),
    )
    made = drawing(bar(("a",), 0, 30), bar(("b",), 0, 40), texts=texts, plots=((0, 0, 9, 9),))
    assert links({"values": {"a": "30", "b": "40"}}, made, {}) == (
        {"path": ["a"], "mark": 5, "label": 3},
        {"path": ["b"], "mark": 6, "label": 2},
    )
    regions = made.picture().regions
    assert [regions[i].text for i in (5, 3, 6, 2)] == ["a", "30", "b", "40"]
    assert {r.role for r in regions[5:]} == {"mark"}
    assert [r.parent for r in regions] == [None, 0, 0, 0, 0, 0, 0]


def style_of(spec, seed, **changes):
    families = fonts.families(spec.lang)
    style = sample_style(families, spec.lang, 12, (820, 460), np.random.default_rng(seed))
    return dataclasses.replace(style, **changes)


def test_geometry_comes_from_the_artists_and_not_from_the_plan(monkeypatch):
    """A bar that is drawn too low is found, although its value and its axis are right."""
    from renderers.charts.matplotlib import drawn_bars

    spec = table("bar", (30, 40, 20))
    assert mark_flaws(spec, draw(spec, style_of(spec, 1))) == ()
    right = drawn_bars._box

    def wrong(plot, bar, horizontal):
        x0, y0, x1, y1 = right(plot, bar, horizontal)
        return (x0, y0 + 15, x1, y1) if bar.category == 1 else (x0, y0, x1, y1)

    monkeypatch.setattr(drawn_bars, "_box", wrong)
    reasons = {flaw.reason for flaw in mark_flaws(spec, draw(spec, style_of(spec, 1)))}
    assert reasons == {"mark"}


def test_crowded_bubbles_keep_their_labels():
    """22 bubbles: each label is nearest to its own bubble, or joined to it by a line."""
    rng = np.random.default_rng(5)
    points = tuple(
        Point(float(x), float(y), float(s), f"Name {i}")
        for i, (x, y, s) in enumerate(zip(*rng.uniform(20, 99, (3, 22)), strict=True))
    )
    spec = ChartSpec("bubble", "en", Points((PointSeries("", points),)))
    chart = MatplotlibBackend().render(spec, np.random.default_rng(2))
    assert mark_flaws(spec, chart.drawing) == ()
    paths = {mark.path for mark in chart.drawing.marks}
    assert {t.path for t in chart.drawing.texts if t.role == "label"} == paths


def test_wrapped_chinese_names_have_no_space():
    names = ("中华人民共和国国家发展和改革委员会能源局", "世界卫生组织西太平洋区域办事处")
    data = Table((*names, "水利部"), (Series("", (3.0, 4.0, 2.0)),))
    spec = ChartSpec("horizontal_bar", "zh", data)
    chart = MatplotlibBackend(size=(420, 320)).render(spec, np.random.default_rng(0))
    texts = {r.text for r in chart.drawing.picture().regions if r.role == "y_tick"}
    assert set(names) <= texts


FLOWS = ChartSpec("graph", "en", Flow((Link("A", "B", 10.0), Link("C", "D", 20.0))))
LINKS = (
    Line(((10, 100), (210, 100)), 3, ("A", "B")),
    Line(((110, 20), (110, 180)), 5, ("C", "D")),
)


@pytest.mark.parametrize(
    ("box", "angle", "strays"),
    [((40, 84, 70, 96), 0, False), ((100, 84, 130, 96), 0, True), ((97, 74, 123, 106), 60, True)],
)
def test_a_value_on_the_link_of_another_value_is_found(box, angle, strays):
    """Also with a plate, which hides a part of that link."""
    label = DrawnText("10", box, "value", angle=angle, path=("A", "B"), plate=box)
    marks = [Mark(line.path, (0, 0, 1, 1), stroke=line.width) for line in LINKS]
    drawn = drawing(*marks, texts=(label,), lines=LINKS)
    assert [text for text, _ in strayed(drawn)] == ([label] if strays else [])


def test_a_label_belongs_to_the_head_of_its_lollipop_not_to_its_stem():
    """The left one is high: the head of its neighbor is nearer to the middle of its stem."""
    high = Mark(("a",), (10, 50, 20, 150), points=((15, 55),), round=True)
    low = Mark(("b",), (40, 40, 50, 150), points=((45, 45),), round=True)
    label = DrawnText("95", (5, 35, 25, 45), "value", path=("a",))
    assert list(misplaced(drawing(high, low, texts=(label,)))) == []


def test_series_in_one_color_are_found():
    spec = table("grouped_bar", (10, 20), (30, 40))
    bars = [
        dataclasses.replace(bar((f"s{s}", c), 0, v), color=color)
        for s, color, column in ((0, "#aa0000", (10, 20)), (1, "#00aa00", (30, 40)))
        for c, v in zip("ab", column, strict=True)
    ]
    assert found(spec, drawing(*bars)) == []
    same = [dataclasses.replace(mark, color="#aa0000") for mark in bars]
    assert found(spec, drawing(*same)) == [("alike", "s0 / s1")]


def test_twelve_lines_have_twelve_colors():
    columns = [[10.0 + i, 40.0 - i, 20.0 + 2 * i] for i in range(12)]
    spec = table("multi_line", *columns, labels=False)
    families = fonts.families("en")
    style = sample_style(families, "en", 20, (760, 560), np.random.default_rng(0))
    _, drawn_in = draw_in(spec, style)
    assert len(style.colors) == 10
    assert len({key.color for key in line_keys(drawn_in, spec.table.series)}) == 12


def test_a_leader_through_another_text_is_found():
    texts = (
        DrawnText("Oats: 4", (100, 40, 160, 52), "label", path=("Oats",)),
        DrawnText("Rye: 3", (100, 60, 160, 72), "label", path=("Rye",), joined=True),
    )
    leader = Line(((120.0, 20.0), (120.0, 60.0)), 1.0, ("Rye",))
    crossing = drawing(texts=texts, leaders=(leader,))
    assert [text.text for text in crossed(crossing)] == ["Oats: 4"]
    beside = Line(((90.0, 20.0), (104.0, 66.0)), 1.0, ("Rye",))
    assert not list(crossed(drawing(texts=texts, leaders=(beside,))))
