import pytest
from hypothesis import given
from hypothesis import strategies as st

from renderers.charts.spec import NumberFormat
from renderers.charts.ticks import decimals_of, value_axis


def test_round_steps_around_the_data():
    axis = value_axis(0, 93, NumberFormat(0, suffix="%"), 5)
    assert axis.labels == ("0%", "20%", "40%", "60%", "80%", "100%")
    assert (axis.low, axis.high) == (0, 100)


def test_ticks_have_the_decimals_their_step_needs():
    axis = value_axis(0, 1, NumberFormat(1, prefix="$"), 4)
    assert axis.labels == ("$0.00", "$0.25", "$0.50", "$0.75", "$1.00")
    assert value_axis(0, 3, NumberFormat(0), 8).labels == ("0", "1", "2", "3")


def test_an_axis_may_end_where_the_data_do():
    axis = value_axis(12, 93, NumberFormat(), 4, end_on_tick=False)
    assert (axis.low, axis.high) == (12, 93)
    assert axis.labels == ("25", "50", "75")


def test_negative_values():
    assert value_axis(-30, 30, NumberFormat(), 6).labels == (
        "-30", "-20", "-10", "0", "10", "20", "30",
    )  # fmt: skip


@given(
    st.floats(-1e6, 1e6),
    st.floats(1e-3, 1e6),
    st.integers(0, 2),
    st.integers(3, 8),
    st.booleans(),
)
def test_any_axis_holds_its_data_with_distinct_labels(low, span, decimals, count, on_tick):
    axis = value_axis(low, low + span, NumberFormat(decimals), count, end_on_tick=on_tick)
    assert axis.low <= low + 1e-6 * max(1, span)
    assert axis.high >= low + span - 1e-6 * max(1, span)
    assert len(axis.ticks) >= 2
    assert len(set(axis.labels)) == len(axis.labels)


@pytest.mark.parametrize(("step", "decimals"), [(1, 0), (250, 0), (0.5, 1), (0.25, 2), (2.5, 1)])
def test_decimals_of_a_step(step, decimals):
    assert decimals_of(step) == decimals


def test_a_zero_has_no_power_of_ten():
    assert value_axis(0, 4, NumberFormat(1, suffix="e5"), 4).labels == (
        "0", "1e5", "2e5", "3e5", "4e5",
    )  # fmt: skip
    axis = value_axis(-0.5, 0.5, NumberFormat(1, prefix="$", suffix="e-9 m"), 2)
    assert axis.labels == ("-$0.5e-9 m", "$0 m", "$0.5e-9 m")
    assert NumberFormat(1, suffix="M").print(0) == "0.0M"
    assert NumberFormat(1, suffix="e6").print(-0.01) == "0"
