"""Texts of random charts fit what is shown: units, footnotes, the ends of flows."""

import re

import numpy as np
import pytest

from renderers.charts.spec import ChartSpec, NumberFormat, Series, Table
from vary_data.sources.charts.annotations import annotated, footnote, threshold
from vary_data.sources.charts.description import says_unit
from vary_data.sources.charts.random_content import random_content, random_spec, whole_content
from vary_data.sources.corpus import built_in, chart_languages, load_corpus


def test_only_sums_are_said_to_be_rounded():
    corpus = load_corpus("en")
    (rounded,) = (row[0] for row in corpus.scenarios["footnote sums"])
    said = {}
    for type_ in ("pie", "stacked_bar", "scatter", "line", "bar", "hexbin"):
        rng = np.random.default_rng(3)
        spec = random_spec(type_, "en", corpus, rng)
        said[type_] = rounded in {footnote(spec, corpus, rng).text for _ in range(40)}
    assert {type_ for type_, rounding in said.items() if rounding} == {"pie", "stacked_bar"}


def test_a_footnote_does_not_repeat_the_subtitle():
    corpus, both = load_corpus("en"), 0
    rng = np.random.default_rng(8)
    spec = random_spec("scatter", "en", corpus, rng)
    for _ in range(300):
        texts = [
            item.text for item in annotated(spec, {"subtitle", "footnote"}, corpus, rng).annotations
        ]
        assert sum("Preliminary" in text for text in texts) <= 1
        both += len(texts) == 2
    assert both > 20


def test_no_magnitude_is_without_its_currency():
    for measure in built_in("en").measures:
        if re.search(r"\b(?:dollars|euros)\b", measure.unit):
            assert measure.prefix or not measure.suffix, measure.name


@pytest.mark.parametrize("lang", chart_languages())
def test_funnels_and_flowcharts_have_the_ends_that_titles_name(lang):
    corpus, rng = load_corpus(lang), np.random.default_rng(2)
    ends = {(row[1].split(", ")[0], row[1].split(", ")[-1]) for row in corpus.scenarios["funnel"]}
    starts = {
        row[1].split(", ")[0]: row[1].split(", ")[-1] for row in corpus.scenarios["flowchart"]
    }
    for _ in range(12):
        names = whole_content("funnel", corpus, rng).data.categories
        assert (names[0], names[-1]) in ends
        links = whole_content("flowchart", corpus, rng).data.links
        assert starts[links[0].source] in {link.target for link in links}


@pytest.mark.parametrize("type_", ["histogram", "survival"])
def test_numbers_along_an_axis_have_its_title(type_):
    rng = np.random.default_rng(4)
    for _ in range(25):
        assert random_content(type_, load_corpus("en"), rng).category_title


def test_a_unit_that_only_the_title_has_is_not_left_out():
    corpus, units = load_corpus("en"), 0
    rng = np.random.default_rng(5)
    for _ in range(60):
        content = random_content("rose", corpus, rng)
        if content.unit_in_title:
            assert content.title
            units += content.title.endswith(")")
    assert units > 5


def test_only_money_breaks_even():
    corpus, said = load_corpus("en"), {}
    for sign in ("$", ""):
        data = Table(
            ("2019", "2020", "2021"), (Series("", (3.0, 4.0, 9.0), NumberFormat(0, prefix=sign)),)
        )
        spec = ChartSpec("line", "en", data, "T", labels=False)
        rng = np.random.default_rng(1)
        said[sign] = {threshold(spec, corpus, rng).text for _ in range(120)}
    assert "Break-even" in said["$"]
    assert "Break-even" not in said[""]


@pytest.mark.parametrize(
    ("text", "unit", "told"),
    [
        ("Downloads", "downloads", True),
        ("प्रशिक्षण घंटे", "घंटे", True),
        ("从业人数", "人", False),
        ("Net migration", "people", False),
        ("Exports", "", False),
    ],
)
def test_a_name_may_say_its_unit(text, unit, told):
    assert says_unit(text, unit) == told
