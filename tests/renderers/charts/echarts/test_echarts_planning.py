"""What is decided in Python before anything is drawn."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from renderers.charts.echarts.axes import AxisRange, round_range
from renderers.charts.echarts.context import plain
from renderers.charts.echarts.label_places import LabeledPoint, place_labels
from renderers.charts.echarts.layout import Rect
from renderers.charts.echarts.readback import contrast_of, parse_color
from renderers.charts.echarts.ruler import Ruler
from renderers.charts.echarts.sampler import StyleSampler


def measure(fonts: Sequence[tuple[str, Sequence[str]]]) -> list[list[float]]:
    """Latin characters are half as wide as they are high, others as wide."""
    return [[50.0 if t.isascii() else 100.0 for t in texts] for _, texts in fonts]


@pytest.fixture
def ruler() -> Ruler:
    return Ruler("Any", measure)


def test_widths_are_those_of_the_widest_line(ruler: Ruler) -> None:
    assert ruler.width("abcd", 10) == 20
    assert ruler.width("图表", 10) == 20
    assert ruler.width("ab\n图表图", 20) == 60


def test_wrapping_keeps_words_and_numbers_whole(ruler: Ruler) -> None:
    assert ruler.wrap("two words here", 10, 45) == "two words\nhere"
    assert ruler.wrap("二零年2024年销量", 10, 45) == "二零年\n2024年销\n量"
    assert ruler.wrap("销量，万元", 10, 20) == "销量，\n万元"
    assert ruler.wrap("unbreakable", 10, 5) == "unbreakable"


def test_balanced_lines_are_of_about_the_same_length(ruler: Ruler) -> None:
    assert ruler.wrap("成都高新技术区", 10, 60) == "成都高新技术\n区"
    assert ruler.balance("成都高新技术区", 10, 60) == "成都高新\n技术区"
    assert ruler.balance("成都", 10, 60) == "成都"


@given(st.text(alphabet="ab 图表，2.", min_size=1, max_size=40), st.integers(10, 200))
def test_wrapping_changes_nothing_but_white_space(text: str, limit: int) -> None:
    ruler = Ruler("Any", measure)
    for wrapped in (ruler.wrap(text, 10, limit), ruler.balance(text, 10, limit)):
        assert "".join(wrapped.split()) == "".join(text.split())


def test_characters_are_measured_once() -> None:
    asked: list[str] = []

    def record(fonts: Sequence[tuple[str, Sequence[str]]]) -> list[list[float]]:
        asked.extend(fonts[0][1])
        return measure(fonts)

    ruler = Ruler("Any", record)
    ruler.learn(["abba", "bc"])
    ruler.width("cab", 10)
    assert asked == ["a", "b", "c"]


def test_axes_end_at_round_numbers() -> None:
    assert round_range([3, 47], 5) == AxisRange(0, 50, 10)
    assert round_range([-12, 30], 4) == AxisRange(-20, 40, 20)
    assert round_range([0.2, 0.9], 5) == AxisRange(0, 1.0, 0.2)
    assert round_range([101, 109], 5, zero=False) == AxisRange(100, 110, 2)
    assert round_range([0, 100], 5).decimals == 0
    assert round_range([0, 0.9], 5).decimals == 1
    assert round_range([0, 1.1], 5).decimals == 2


@given(
    st.lists(st.floats(-1e7, 1e7, allow_subnormal=False), min_size=1, max_size=8),
    st.integers(2, 8),
    st.booleans(),
)
def test_axes_hold_all_values(values: list[float], intervals: int, zero: bool) -> None:
    ends = round_range(values, intervals, zero)
    slack = 1e-6 * max(1.0, *(abs(v) for v in values))
    assert ends.low < ends.high
    assert ends.low <= min(values) + slack
    assert ends.high >= max(values) - slack
    assert (ends.high - ends.low) / ends.interval < intervals + 3


def test_labels_of_close_points_part() -> None:
    marks = [
        LabeledPoint(50, 50, 3, 30, 12),
        LabeledPoint(50, 56, 3, 30, 12),
        LabeledPoint(52, 44, 3, 30, 12),
    ]
    boxes = [
        s.area(m) for s, m in zip(place_labels(marks, Rect(0, 0, 100, 100)), marks, strict=True)
    ]
    for i, a in enumerate(boxes):
        for b in boxes[i + 1 :]:
            assert min(a.right, b.right) <= max(a.left, b.left) or (
                min(a.bottom, b.bottom) <= max(a.top, b.top)
            )


def test_labels_stay_in_the_room_and_off_the_lines() -> None:
    corner = LabeledPoint(50, 6, 3, 30, 12)
    assert place_labels([corner], Rect(0, 0, 100, 100))[0].side == "bottom"
    valley = LabeledPoint(50, 50, 3, 20, 12)
    line = [(20.0, 10.0), (50.0, 50.0), (80.0, 10.0)]
    (place,) = place_labels([valley], Rect(0, 0, 100, 100), [line], ("top", "bottom"))
    assert place.side == "bottom"


def test_variety_repeats_itself() -> None:
    first, second = StyleSampler(7), StyleSampler(7)
    for sampler in (first, second):
        sampler.pick("shape", ("a", "b", "c"))
        sampler.flag("smooth", 0.3)
        sampler.whole_number("size", 1, 9)
    assert first.chosen == second.chosen
    assert set(first.chosen) == {"shape", "smooth", "size"}
    assert first.chosen != StyleSampler(8).chosen


def test_unset_options_are_left_out() -> None:
    from pyecharts import options as opts

    option = {"a": None, "b": [opts.LineStyleOpts(color="#fff", width=2)], "c": {"d": None}}
    line = plain(option)["b"][0]
    assert plain(option).keys() == {"b", "c"}
    assert (line["color"], line["width"]) == ("#fff", 2)
    assert None not in line.values()


def test_colors_are_read() -> None:
    assert parse_color("#fff") == (255, 255, 255)
    assert parse_color("#0a141e") == (10, 20, 30)
    assert parse_color("rgba(1, 2, 3, 0.5)") == (1, 2, 3)
    with pytest.raises(ValueError, match="tomato"):
        parse_color("tomato")


def test_contrast_is_that_of_ink_and_what_lies_around() -> None:
    pixels = np.full((40, 80, 3), 255, np.uint8)
    pixels[:, 40:] = 0
    boxes = [(10.0, 10.0, 30.0, 20.0), (50.0, 10.0, 70.0, 20.0), (30.0, 10.0, 50.0, 20.0)]
    black = (0, 0, 0)
    on_white, on_black, on_both = contrast_of(pixels, boxes, [black] * 3, [False] * 3, 2)
    assert on_white == pytest.approx(21)
    assert on_black == pytest.approx(1)
    assert on_both == pytest.approx(1)
