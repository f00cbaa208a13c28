"""Which strings of a truth must be drawn, and when a string counts as drawn."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vary_data.quality.validate.charts import can_be_value_label, printed
from vary_data.quality.validate.truth import count_in, fold

HEAD = {"title": "Rain", "source": "None", "x_title": "Month", "y_title": "None"}


def strings(
    kind: str, values: Any, labels: bool = True, drawn: tuple[str, ...] = ()
) -> tuple[set[str], dict[str, int]]:
    """Names, the titles in `HEAD` apart, and values."""
    found = printed({**HEAD, "values": values}, {"type": kind, "labels": labels}, drawn)
    assert {"Rain", "Month"} <= found.names
    return set(found.names) - {"Rain", "Month"}, dict(found.values)


def test_a_table_prints_values_as_often_as_they_occur() -> None:
    values = {"2023": {"May": "4 mm", "June": "7 mm"}, "2024": {"May": "4 mm", "June": "9 mm"}}
    names = {"2023", "2024", "May", "June"}
    assert strings("grouped_bar", values) == (names, {"4 mm": 2, "7 mm": 1, "9 mm": 1})
    assert strings("grouped_bar", values, labels=False) == (names, {})


def test_the_figures_of_a_summary_are_not_printed_unless_the_type_names_them() -> None:
    assert strings("box", {"Oslo": {"min": "1", "max": "5"}}, labels=False) == ({"Oslo"}, {})
    dumbbell = {"Oslo": {"2012": "1", "2017": "5"}}
    assert strings("dumbbell", dumbbell) == ({"Oslo", "2012", "2017"}, {"1": 1, "5": 1})


def test_points_go_by_their_labels_or_by_number() -> None:
    values = {"A": {"1": {"x": "3", "y": "4"}, "Peak": {"x": "5", "y": "6", "size": "9 m"}}}
    assert strings("bubble", values) == ({"A", "Peak"}, {"9 m": 1})


def test_a_histogram_names_bins_or_their_edges() -> None:
    values = {"0-10": "3", "10-20": "8"}
    assert strings("histogram", values, labels=False)[0] == {"0", "10", "20"}
    assert strings("histogram", values, False, ("0-10", "10-20"))[0] == {"0-10", "10-20"}


def test_a_calendar_prints_days_and_their_month() -> None:
    values = {"2024-03-01": "4", "2024-03-02": "6"}
    assert strings("calendar", values) == ({"2024-03", "1", "2"}, {"4": 1, "6": 1})


def test_a_value_on_the_axis_is_not_the_value_of_a_mark() -> None:
    roles = ("value", "label", "y_tick", "title", "category")
    assert [role for role in roles if can_be_value_label(role)] == ["value", "label", "category"]


@pytest.mark.parametrize(
    ("needle", "text", "times"),
    [
        ("5", "Asia: 5 (20%)", 1),
        ("20%", "Asia: 5 (20%)", 1),
        ("5", "15", 0),
        ("5", "0.5", 0),
        ("5", "5.2", 0),
        ("5", "-5", 0),
        ("5", "$5", 0),
        ("5", "5%", 0),
        ("5", "5万", 0),
        ("-5", "Asia -5", 1),
        ("5", "Asia-5", 1),
        ("3", "12 ± 3", 1),
        ("12", "12 ± 3", 1),
        ("rice", "price", 0),
        ("Rice", "Rice 40%", 1),
        ("北京", "北京: 12", 1),
        ("北京大学", "北京 大学", 1),
        ("New York", "New  York", 1),
    ],
)
def test_a_string_counts_where_it_stands_whole(needle: str, text: str, times: int) -> None:
    assert count_in(fold(needle), Counter([fold(text)])) == times


@given(st.text(min_size=1).map(fold).filter(bool), st.integers(1, 4))
def test_a_string_is_found_as_often_as_it_is_drawn_alone(text: str, times: int) -> None:
    assert count_in(text, Counter({text: times})) == times
