"""Charts do not contradict themselves, and the rules notice it if they do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pytest

from renderers.charts.catalog import CATALOG
from renderers.charts.spec import NumberFormat, Series, Table
from vary_data.quality.chart_coherence import broken_rules
from vary_data.sources.charts.content import ChartContent
from vary_data.sources.charts.random_content import whole_content
from vary_data.sources.corpus import built_in, chart_languages


def charts(lang: str, numbers: Sequence[int]) -> Iterator[ChartContent]:
    for type_ in CATALOG:
        for number in numbers:
            yield whole_content(type_, built_in(lang), np.random.default_rng([number, len(type_)]))


@pytest.mark.parametrize("numbers", [(0, 1), pytest.param((2, 3), marks=pytest.mark.slow)])
@pytest.mark.parametrize("lang", chart_languages())
def test_random_charts_break_no_rule(lang: str, numbers: tuple[int, ...]) -> None:
    corpus = built_in(lang)
    broken = [
        (content.types[0], content.title, rules)
        for content in charts(lang, numbers)
        if (rules := broken_rules(content, corpus))
    ]
    assert broken == []


def number_series(name: str, *values: float, suffix: str = "") -> Series:
    return Series(name, values, NumberFormat(0, suffix=suffix))


DOLLARS = Series("", (450.0, 20.0, 84.0), NumberFormat(0, prefix="$"))

GOOD = ChartContent(
    "en",
    ("grouped_bar",),
    Table(
        ("Japan", "Kenya", "Peru"),
        (number_series("2019", 10, 20, 30), number_series("2020", 30, 25, 20)),
    ),
    "Harvest by country, 2019 to 2020",
    "Source: Annual report 2021",
    "Harvest (tonnes)",
    "Country",
)


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({}, ""),
        ({"title": "Harvest by country, 1999"}, "title years are those of the data"),
        ({"source": "Source: Annual report 2018"}, "source is younger than the data"),
        ({"title": "Rainfall by country"}, "title names the measures shown"),
        ({"title": "Harvest by department"}, "title names the subjects shown"),
        ({"category_title": "City"}, "axis names its categories"),
        ({"category_title": "Month"}, "axis names its categories"),
        ({"title": "Kenya: harvest by country"}, "place is not compared"),
        ({"types": ("stacked_bar",)}, "no years are added up"),
        (
            {"types": ("stacked_area",), "value_title": "Pass rate"},
            "only amounts are added up",
        ),
        (
            {
                "types": ("bar",),
                "value_title": "Pass rate",
                "data": Table(("Japan", "Kenya", "Peru"), (number_series("", 98, 102, 90),)),
            },
            "rates are possible",
        ),
        (
            {
                "types": ("bar",),
                "title": "Ticket price by transport mode",
                "value_title": "Ticket price",
                "category_title": "Transport mode",
                "data": Table(("Ferry", "Metro", "Walking"), (number_series("", 9, 12, 3),)),
            },
            "names have the measures",
        ),
        (
            {
                "types": ("bar",),
                "title": "Fuel consumption by country",
                "value_title": "Fuel consumption",
                "data": Table(("Japan", "Kenya", "Peru"), (number_series("", 9, 12, 3),)),
            },
            "names have the measures",
        ),
        ({"value_title": "Harvest"}, "numbers have the units"),
        (
            {
                "types": ("bar",),
                "title": "Investment by country",
                "value_title": "Investment",
                # Investment is in millions.
                "data": Table(("Japan", "Kenya", "Peru"), (DOLLARS,)),
            },
            "numbers have the units",
        ),
        (
            {
                "types": ("rose",),
                # The title of the values is not drawn: there is no axis.
                "title": "Harvest by country",
                "data": Table(("Japan", "Kenya", "Peru"), (number_series("", 9, 12, 3),)),
            },
            "numbers have the units",
        ),
        ({"value_title": "Harvest in tonnes (tonnes)"}, "units are said once"),
        (
            {
                "types": ("funnel",),
                "data": Table(("Visits", "Orders", "Payments"), (number_series("", 9, 12, 3),)),
            },
            "stages shrink",
        ),
    ],
)  # fmt: skip
def test_a_contradiction_is_noticed(changed: dict[str, object], rule: str) -> None:
    broken = broken_rules(replace(GOOD, **changed), built_in("en"))  # type: ignore[arg-type]
    assert (rule in broken) if rule else broken == []
