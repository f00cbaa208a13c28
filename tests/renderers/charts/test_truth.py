import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renderers.charts.drawing import Scale
from renderers.charts.precision import read_off, readable_step
from renderers.charts.spec import (
    ChartSpec,
    Flow,
    Link,
    Node,
    NumberFormat,
    Point,
    Points,
    PointSeries,
    Series,
    Summary,
    Table,
    Tree,
)
from renderers.charts.truth import literal, truth

PERCENT = NumberFormat(1, suffix="%")
THOUSANDS = NumberFormat(0, thousands=True, prefix="$")


def bar(**changes):
    data = Table(("Haiti", "Peru"), (Series("", (6.1, 12.0), PERCENT),))
    return ChartSpec(**{"type": "bar", "lang": "en", "data": data, **changes})


def test_labelled_values_are_as_printed_and_absent_texts_are_none():
    assert truth(bar(title="Growth", y_title="Share"), {}) == {
        "title": "Growth",
        "source": "None",
        "x_title": "None",
        "y_title": "Share",
        "values": {"Haiti": "6.1%", "Peru": "12.0%"},
    }


def test_several_series_nest_and_a_second_axis_has_its_title_and_scale():
    data = Table(
        ("2020", "2021"),
        (Series("Sales", (1234.0, 2345.0), THOUSANDS), Series("Margin", (5.26, 7.74), PERCENT)),
    )
    spec = ChartSpec("bar_line", "en", data, y2_title="Margin (%)", labels=False)
    scales = {"y": Scale(0, 3000, 300), "y2": Scale(0, 10, 300)}
    result = truth(spec, scales)
    assert list(result) == ["title", "source", "x_title", "y_title", "y2_title", "values"]
    assert result["y2_title"] == "Margin (%)"
    assert result["values"] == {
        "Sales": {"2020": "$1,240", "2021": "$2,340"},
        "Margin": {"2020": "5.3%", "2021": "7.7%"},
    }


def test_step_of_an_axis():
    assert readable_step(Scale(0, 100, 400)) == 0.5
    assert readable_step(Scale(0, 100, 200)) == 1
    assert readable_step(Scale(0, 5000, 350)) == 50
    assert readable_step(Scale(-1, 1, 400)) == pytest.approx(0.01)
    assert readable_step(Scale(0, 96, 210)) == 1


def test_read_off_is_never_more_precise_than_the_axis_or_the_format():
    assert read_off(1234.56, NumberFormat(2), Scale(0, 2000, 400)) == "1230"
    assert read_off(3.14159, NumberFormat(4), Scale(0, 4, 400)) == "3.14"
    assert read_off(3.14159, NumberFormat(1), Scale(0, 4, 400)) == "3.1"
    assert read_off(-0.2, NumberFormat(1), Scale(-50, 50, 100)) == "0"


@given(
    st.floats(-1e6, 1e6),
    st.integers(0, 3),
    st.floats(1, 1e6),
    st.integers(100, 800),
)
def test_read_off_is_within_half_a_step(value, decimals, span, pixels):
    scale = Scale(0, span, pixels)
    printed = float(read_off(value, NumberFormat(decimals), scale))
    step = max(readable_step(scale), 10**-decimals)
    assert abs(printed - value) <= step / 2 * (1 + 1e-6)


def test_summary_points_tree_and_flow():
    summary = Summary(("A",), ("min", "max"), ((1.0, 9.0),))
    spec = ChartSpec("box", "en", summary, labels=False)
    assert truth(spec, {"y": Scale(0, 10, 100)})["values"] == {"A": {"min": "1", "max": "9"}}

    points = Points((PointSeries("", (Point(5, 1), Point(2, 7))),))
    spec = ChartSpec("scatter", "en", points, labels=False)
    scales = {"x": Scale(0, 10, 100), "y": Scale(0, 10, 100)}
    assert truth(spec, scales)["values"] == {"1": {"x": "2", "y": "7"}, "2": {"x": "5", "y": "1"}}

    points = Points(
        (PointSeries("East", (Point(5, 1, 12.5, "Rome"),)),), size_number=NumberFormat(1)
    )
    spec = ChartSpec("bubble", "en", points)
    assert truth(spec, scales)["values"] == {"East": {"Rome": {"x": "5", "y": "1", "size": "12.5"}}}

    tree = Tree((Node("Food", children=(Node("Tea", 3), Node("Rice", 5))), Node("Other", 2)))
    spec = ChartSpec("treemap", "en", tree)
    assert truth(spec, {})["values"] == {"Food": {"Tea": "3", "Rice": "5"}, "Other": "2"}

    flow = Flow((Link("Coal", "Power", 4), Link("Coal", "Steel", 2)))
    spec = ChartSpec("sankey", "en", flow)
    assert truth(spec, {})["values"] == {"Coal": {"Power": "4", "Steel": "2"}}


def test_colliding_names_and_unreadable_values_are_errors():
    with pytest.raises(ValueError, match="category"):
        truth(bar(data=Table(("North sea", "northsea"), (Series("", (1, 2)),))), {})
    with pytest.raises(ValueError, match="axis"):
        truth(bar(labels=False), {})
    two = Table(("A", "B"), (Series("", (1, 2)), Series("x", (1, 2))))
    with pytest.raises(ValueError, match="no name"):
        truth(bar(data=two), {})


@given(st.text(), st.text(min_size=1))
def test_the_literal_is_read_back(title, category):
    spec = bar(title=title, data=Table((category,), (Series("", (1.0,)),)))
    result = truth(spec, {})
    assert ast.literal_eval(literal(result)) == result
    assert "\n" not in literal(result)
