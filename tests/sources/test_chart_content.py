import math
import re

import numpy as np
import pytest

from renderers import fonts
from renderers.charts.catalog import CATALOG
from renderers.charts.drawing import Scale
from renderers.charts.expected import expected
from renderers.charts.spec import Flow, Points, Summary, Table, Tree
from renderers.charts.truth import truth
from tests.tools.chosen_cases import in_turn
from vary_data.sources.charts.numbers import shares
from vary_data.sources.charts.random_content import random_spec
from vary_data.sources.corpus import chart_languages, load_corpus

SHAPES = {"table": Table, "summary": Summary, "points": Points, "tree": Tree, "flow": Flow}
SCALES = {key: Scale(0, 1000, 400) for key in ("x", "y", "y2", "key")}


def charts(type_, lang, count=25):
    rng = np.random.default_rng([4, sum(map(ord, type_))])
    corpus = load_corpus(lang)
    return [random_spec(type_, lang, corpus, rng) for _ in range(count)]


@pytest.mark.parametrize(
    ("type_", "lang"),
    [
        *((type_, lang) for type_ in sorted(CATALOG) for lang in ("en", "zh")),
        *in_turn(sorted(CATALOG), [lang for lang in chart_languages() if lang not in ("en", "zh")]),
    ],
)
def test_content_keeps_to_its_type(type_, lang):
    kind = CATALOG[type_]
    for spec in charts(type_, lang, 25 if lang in ("en", "zh") else 8):
        assert isinstance(spec.data, SHAPES[kind.shape])
        assert truth(spec, SCALES)["values"]  # raises where names collide
        names = [name for name, _ in expected(spec).names]
        assert all(name == name.strip() and name for name in names)
        assert not set("${}|\\\n") & set("".join([*names, spec.title or ""]))
        assert spec.labels or kind.labeled != "always"
        assert not spec.labels or kind.labeled != "never"
        if not kind.axes:
            assert spec.x_title is None
            assert spec.y_title is None
        if isinstance(spec.data, Table):
            low, high = kind.categories
            assert low <= len(spec.data.categories) <= high
            assert kind.series[0] <= len(spec.data.series) <= kind.series[1]
            # The line on a second axis may cross zero.
            for series in spec.data.series[: 1 if kind.second_axis else None]:
                # As printed: the format loses nothing of the value.
                decimals = series.number.decimals
                values = [v for v in series.values if not math.isnan(v)]
                assert "missing" in kind.forms or len(values) == len(series.values)
                assert all(v == round(v, decimals) for v in values)
                if spec.data.course is None:
                    assert all(v != 0 for v in values)
                    assert not kind.positive or min(values) > 0


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_shares_of_a_pie_sum_to_100_as_printed(lang):
    for spec in charts("pie", lang, 60):
        series = spec.data.series[0]
        if series.number.suffix == "%":
            printed = [round(float(series.number.print(v).rstrip("%")) * 10) for v in series.values]
            assert sum(printed) == 1000


def test_columns_of_percent_bars_sum_to_100():
    for spec in charts("percent_bar", "en", 30):
        for column in zip(*(s.values for s in spec.data.series), strict=True):
            assert sum(round(v * 10) for v in column) == 1000


def test_shares_are_never_tiny():
    for seed in range(50):
        values = shares(9, 1, np.random.default_rng(seed))
        assert sum(round(v * 10) for v in values) == 1000
        assert min(values) >= 2.9


def test_a_waterfall_ends_at_the_sum_of_its_steps():
    for spec in charts("waterfall", "zh", 40):
        values = spec.data.series[0].values
        assert sum(values[:-1]) == pytest.approx(values[-1], abs=0.05)


def test_boxes_are_in_order_and_apart():
    for spec in charts("box", "en", 40):
        for row in spec.data.rows:
            assert list(row) == sorted(row)
            assert row[0] < row[2] < row[4]


def test_links_never_lead_back():
    for spec in charts("sankey", "en", 40):
        sources = {link.source for link in spec.data.links}
        assert not sources & {link.target for link in spec.data.links}


def test_stacked_values_can_be_added_up():
    rates = {m.name for m in load_corpus("en").measures if m.sort == "rate"}
    for spec in charts("stacked_bar", "en", 60):
        assert not any((spec.title or "").lower().startswith(rate.lower()) for rate in rates)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_built_in_content_leaves_a_choice_of_fonts(lang):
    if len(fonts.families(lang)) < 6:
        pytest.skip("fewer than six families are installed")
    for type_ in ("bar", "pie", "scatter"):
        for spec in charts(type_, lang, 10):
            texts = [t for t in (spec.title, spec.source, spec.y_title) if t]
            texts += [name for name, _ in expected(spec).names]
            assert len(fonts.covering(fonts.families(lang), texts)) >= 6


@pytest.mark.parametrize(
    ("lang", "gap"), [("en", " "), ("de", " "), ("ru", " "), ("ko", " "), ("zh", "")]
)
def test_the_unit_of_arrows_stands_as_the_language_has_it(lang, gap):
    suffixes = {spec.data.size_number.suffix for spec in charts("quiver", lang, 20)}
    assert len(suffixes) > 1
    assert {suffix[: len(suffix) - len(suffix.lstrip())] for suffix in suffixes} == {gap}


def test_same_generator_same_content():
    assert charts("grouped_bar", "en") == charts("grouped_bar", "en")


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("type_", ["line", "multi_line", "stacked_area", "bar_line"])
def test_no_title_names_a_year_that_its_times_do_not(type_, lang):
    for spec in charts(type_, lang, 120):
        times = {year for name in spec.data.categories for year in re.findall(r"\d{4}", name)}
        named = set(re.findall(r"\d{4}", spec.title or ""))
        assert not times or named <= times, (spec.title, spec.data.categories)
