"""Charts of every language: drawn, audited, and with numbers as the language writes them."""

import ast
from dataclasses import replace

import numpy as np
import pytest

from renderers import fonts
from renderers.charts.annotations.sums import Trend
from renderers.charts.audit import audit
from renderers.charts.catalog import CATALOG
from renderers.charts.echarts.families import _probe, advances
from renderers.charts.expected import expected
from renderers.charts.local_numbers import local_data, marks_of
from renderers.charts.matplotlib.backend import MatplotlibBackend
from renderers.charts.matplotlib.text import Font, wrap
from renderers.charts.sheets.kinds import KINDS
from renderers.charts.spec import NumberFormat, NumberMarks, Series, Table
from renderers.charts.ticks import value_axis
from renderers.charts.truth import literal
from renderers.languages.registry import language
from renderers.rejected import Rejected
from tests.tools.chosen_cases import in_turn
from trainer.evaluation.metrics.quantity import quantity
from vary_data.dataset.local_numbers import ascii_quantity
from vary_data.sources.charts.annotations import annotated
from vary_data.sources.charts.random_content import random_spec
from vary_data.sources.charts.times import are_times
from vary_data.sources.corpus import chart_languages, load_corpus
from vary_data.sources.scripts import in_script

LANGUAGES = chart_languages()
NEW = [lang for lang in LANGUAGES if lang not in ("en", "zh")]
TYPES = ("bar", "multi_line", "pie", "box", "scatter", "mind_map", "heatmap", "forest")


def _leaves(values):
    for value in values.values():
        yield from _leaves(value) if isinstance(value, dict) else [value]


def _drawn(type_, lang, rng):
    """The first of some contents that can be drawn, as in a run."""
    corpus = load_corpus(lang)
    for attempt in range(4):
        spec = random_spec(type_, lang, corpus, rng)
        if attempt < 2:
            spec = annotated(spec, KINDS, corpus, rng)
        try:
            return spec, MatplotlibBackend().render(spec, rng)
        except Rejected:
            continue
    raise AssertionError(f"no {type_} in {lang} could be drawn")


@pytest.mark.parametrize(("type_", "lang"), in_turn(TYPES, NEW, 4))
def test_a_chart_is_drawn_without_flaws_and_its_values_are_numbers(type_, lang):
    if not fonts.families(lang):
        pytest.skip(f"no font for {lang} is installed")
    rng = np.random.default_rng([5, len(type_)])
    spec, chart = _drawn(type_, lang, rng)
    assert not audit(spec, chart.drawing)
    assert ast.literal_eval(literal(chart.truth)) == chart.truth
    values = list(_leaves(chart.truth["values"]))
    assert values
    for value in values:
        assert value == "None" or quantity(ascii_quantity(value, lang)) is not None, value
    marks = marks_of(lang)
    other = {",", "."} - {marks.decimal, marks.group}
    assert not any(mark in value[-3:-1] for value in values for mark in other)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_some_families_have_every_letter_of_the_words(lang):
    if len(fonts.families(lang)) < 3:
        pytest.skip(f"the fonts for {lang} are not installed")
    corpus = load_corpus(lang)
    texts = [name for subject in corpus.subjects for name in (subject.label, *subject.names)]
    texts += [text for m in corpus.measures for text in (m.name, m.unit, m.suffix, m.prefix)]
    texts += [entry for entries in corpus.phrases.values() for entry in entries]
    texts += [cell for rows in corpus.scenarios.values() for row in rows for cell in row]
    written = [fonts.written_by(family) for family in fonts.families(lang)]
    for text in dict.fromkeys(texts):
        assert sum(set(map(ord, text)) <= codes for codes in written) >= 2, text


@pytest.mark.parametrize("lang", NEW)
def test_the_words_are_in_the_script_of_the_language(lang):
    script = language(lang).script
    for measure in load_corpus(lang).measures:
        assert all(in_script(c, script) for c in measure.name if c.isalpha()), measure.name


def test_numbers_have_the_marks_of_the_language():
    data = Table(("a",), (Series("", (1234.5,), NumberFormat(1, True, suffix="%")),))
    printed = {
        lang: (series := local_data(data, lang).series[0]).number.print(series.values[0])
        for lang in ("en", "zh", "de", "fr", "es", "pt", "ru", "ja")
    }
    assert printed == {
        "en": "1,234.5%",
        "zh": "1,234.5%",
        "de": "1.234,5 %",
        "fr": "1 234,5 %",
        "es": "1234,5 %",
        "pt": "1.234,5%",
        "ru": "1 234,5 %",
        "ja": "1,234.5%",
    }
    # English and Chinese charts are the same as before.
    assert local_data(data, "zh") is data


def test_ticks_and_equations_have_these_marks_too():
    number = NumberFormat(2, True, suffix=" €", marks=NumberMarks(",", "."))
    assert value_axis(0, 2000, number, 4).labels[:2] == ("0 €", "500 €")
    assert value_axis(0, 2, number, 4).labels[1] == "0,5 €"
    trend = Trend(2.13, -5.4, (2, 1), "0.87")
    assert trend.equation("en") == "y = 2.13x - 5.4, R² = 0.87"
    assert trend.equation("de") == "y = 2,13x - 5,4; R² = 0,87"


def test_a_line_of_japanese_breaks_between_kana_but_not_before_small_ones():
    font = Font(fonts.families("ja")[0].regular, 20.0)
    wrapped = wrap("ニューヨークのメーカー", font, 100.0, 4)
    assert wrapped is not None
    lines = wrapped.split("\n")
    assert "".join(lines) == "ニューヨークのメーカー"
    assert len(lines) > 1
    assert not {line[0] for line in lines} & set("ーュ")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_font_is_recognized_by_letters_that_it_has(lang):
    # Some families lack letters of a language; that is no error until a chart needs them.
    for family in fonts.families(lang):
        probe = _probe(lang, family.regular)
        assert len(advances(family.regular, probe)) == len(probe) >= 1


@pytest.mark.parametrize("lang", NEW)
def test_the_times_of_a_language_are_known_as_times(lang):
    corpus = load_corpus(lang)
    assert are_times(corpus.phrases["months"], lang)
    assert are_times(corpus.phrases["weekdays"], lang)
    quarters = [corpus.phrases["quarter"][0].format(year=2019, n=n) for n in (1, 2)]
    assert are_times(quarters, lang)
    assert not are_times(corpus.subjects[0].names, lang)


@pytest.mark.parametrize("lang", NEW)
def test_titles_have_no_open_fields(lang):
    corpus = load_corpus(lang)
    for type_ in sorted(CATALOG):
        rng = np.random.default_rng([6, len(type_)])
        for _ in range(4):
            spec = random_spec(type_, lang, corpus, rng)
            texts = [spec.title, spec.source, spec.x_title, spec.y_title, spec.y2_title]
            assert not any(set("{}|") & set(text or "") for text in texts)
            spec = replace(annotated(spec, KINDS, corpus, rng))
            assert not any("{" in name for name, _ in expected(spec).names)
