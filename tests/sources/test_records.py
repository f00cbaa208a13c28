from __future__ import annotations

from typing import Any

import pytest

from renderers.charts.spec import NumberFormat, Series, Table
from vary_data.sources.records import ChartRecord, SeriesRecord, fitting_types, problem, to_spec

GOOD: dict[str, Any] = {
    "topic": "energy",
    "chart_type": "bar",
    "title": "Solar capacity in Spain, 2021 to 2023",
    "source": "Source: made up",
    "x_title": "Year",
    "y_title": "Capacity",
    "unit": "GW",
    "categories": ["2021", "2022", "2023"],
    "series": [{"name": "", "values": [13.7, 18.2, 22.5]}],
}


def record(**changes: Any) -> ChartRecord:
    return ChartRecord.model_validate({**GOOD, **changes})


def shares(values: list[float], unit: str = "%") -> dict[str, Any]:
    names = ["Rail", "Road", "Air", "Sea"][: len(values)]
    series = [{"name": "", "values": values}]
    return {"chart_type": "pie", "title": "Freight", "unit": unit, "categories": names} | {
        "series": series
    }


@pytest.mark.parametrize(
    ("changes", "lang", "expected"),
    [
        ({}, "en", ""),
        ({"title": "Solar capacity up by 40"}, "en", "title-contradicts"),
        ({"title": "Capacity reaches 22.5 GW"}, "en", ""),
        ({"title": "Capacity in 3 years"}, "en", ""),
        ({"title": "Capacity in 1999"}, "en", "title-contradicts"),
        ({"title": "太阳能装机"}, "en", "wrong-language"),
        ({}, "zh", "wrong-language"),
        ({"title": ""}, "en", "title-length"),
        ({"title": "x" * 91}, "en", "title-length"),
        ({"categories": ["a", "A ", "c"]}, "en", "repeated-name"),
        ({"categories": ["a", "b"]}, "en", "wrong-shape"),
        ({"categories": ["a", "b", "c" * 33]}, "en", "name-length"),
        ({"categories": ["a", "b", "c\u202e"]}, "en", "control-character"),
        ({"chart_type": "hologram"}, "en", "unknown-type"),
        ({"series": [{"name": "", "values": [1, -2, 3]}]}, "en", "negative-value"),
        ({"series": [{"name": "", "values": [1, 1e30, 3]}]}, "en", "implausible-value"),
        ({"series": [{"name": "", "values": [5, 5, 5]}]}, "en", "constant-values"),
        ({"unit": "%", "series": [{"name": "", "values": [5, 5000, 6]}]}, "en",
         "implausible-percentage"),
        (shares([40, 35, 25]), "en", ""),
        (shares([40, 35, 35]), "en", "parts-do-not-sum"),
        (shares([40, 35, 35], "Mt"), "en", ""),
        (shares([60, 40, 0]), "en", "empty-part"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_record(changes: dict[str, Any], lang: str, expected: str) -> None:
    assert problem(record(**changes), lang) == expected


def test_a_record_becomes_a_specification() -> None:
    spec = to_spec(record(), "en", "horizontal_bar", labels=True)
    number = NumberFormat(decimals=1, suffix=" GW")
    assert spec.data == Table(("2021", "2022", "2023"), (Series("", (13.7, 18.2, 22.5), number),))
    assert (spec.title, spec.x_title, spec.labels) == (GOOD["title"], "Year", True)


def test_money_and_chinese_units_are_written_as_usual() -> None:
    dollars = to_spec(
        record(unit="$", series=[{"name": "", "values": [12000, 900, 5]}]), "en", "bar", True
    )
    assert isinstance(dollars.data, Table)
    assert dollars.data.series[0].number.print(12000) == "$12,000"
    tons = to_spec(record(unit="吨"), "zh", "bar", True)
    assert isinstance(tons.data, Table)
    assert tons.data.series[0].number.print(13.7) == "13.7吨"


def test_other_types_that_fit() -> None:
    assert fitting_types(record())[0] == "bar"
    assert "horizontal_bar" in fitting_types(record())
    assert "rose" not in fitting_types(record()), "a rose needs four categories"
    two = [SeriesRecord(name=n, values=[1, 2, 3]).model_dump() for n in "ab"]
    assert "stacked_bar" in fitting_types(record(chart_type="grouped_bar", series=two))
