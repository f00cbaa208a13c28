import pytest
from hypothesis import given
from hypothesis import strategies as st

from renderers.charts.local_numbers import local_number as local_format
from renderers.charts.spec import NumberFormat
from renderers.languages.registry import languages
from trainer.evaluation.metrics.quantity import quantity
from vary_data.dataset.local_numbers import (
    ascii_numbers,
    ascii_quantity,
    ascii_truth,
    has_other_numbers,
    local_number,
)
from vary_data.sources.charts.number_format import Notation, format_with
from vary_data.sources.corpus import chart_languages
from vary_data.targets.printed import number


@pytest.mark.parametrize(
    ("text", "lang", "read"),
    [
        ("1.234,5 %", "de", "1,234.5 %"),
        ("10.000", "de", "10,000"),
        ("66,4", "de-AT", "66.4"),
        ("-0,25 €", "de", "-0.25 €"),
        ("12 345,6 т", "ru", "12,345.6 т"),
        ("12\u202f345", "fr", "12,345"),
        ("0,97 (0,61–1,53)", "de", "0.97 (0.61–1.53)"),
        # Dates and years are no numbers with groups.
        ("31.12.2019", "de", "31.12.2019"),
        ("Q1 2019", "fr", "Q1 2019"),
        ("١٢٫٥", "ar", "12٫5"),
        ("1,234.5", "en", "1,234.5"),
        ("1,234.5", "ja", "1,234.5"),
        ("66,4", "tlh", "66,4"),
    ],
)
def test_numbers_are_read_by_the_marks_of_their_language(text, lang, read):
    assert ascii_numbers(text, lang) == read


@pytest.mark.parametrize(
    ("text", "lang", "value"),
    [
        ("12,5 Mio. €", "de", 12.5e6),
        ("3 Tsd. kg", "de", 3000),
        ("2,4 млрд ₽", "ru", 2.4e9),
        ("3.2万人", "ja", 32000),
        ("1.5조 원", "ko", 1.5e12),
        ("R$ 7,25 mi", "pt", 7.25e6),
        ("1,5 tỷ đồng", "vi", 1.5e9),
        ("1.5M", "en", 1.5e6),
        ("4,5 Meter", "de", 4.5),
    ],
)
def test_magnitudes_are_those_of_the_language(text, lang, value):
    assert quantity(ascii_quantity(text, lang)) == pytest.approx(value)


@given(
    lang=st.sampled_from(chart_languages()),
    value=st.floats(-(10**9), 10**9),
    decimals=st.integers(0, 3),
    thousands=st.booleans(),
    unit=st.sampled_from(["", "%", "kg", "€"]),
)
def test_what_a_chart_prints_is_read_back(lang, value, decimals, thousands, unit):
    value = round(value, decimals) + 0.0
    plain = format_with(Notation(), decimals, unit, lang, thousands=thousands)
    printed = local_format(plain, lang).print(value)
    assert quantity(ascii_quantity(printed, lang)) == pytest.approx(value)
    found = number(printed, lang)
    assert found is not None
    assert float(found.value) == pytest.approx(value)
    # The least grouped number is the only thing that the text does not tell.
    if abs(value) >= 10_000 or not thousands:
        assert found.print() == printed


def test_a_number_is_written_back():
    assert local_number("1,234.50", "de") == "1.234,50"
    assert local_number("1,234.50", "fr") == "1 234,50"
    assert local_number("1,234.50", "zh") == "1,234.50"


def test_a_truth_is_read_as_a_whole():
    told = {"values": {"10.000 m": {"2019": "1,5"}}, "title": "In 3,5 Stunden", "n": 2}
    read = {"values": {"10,000 m": {"2019": "1.5"}}, "title": "In 3.5 Stunden", "n": 2}
    assert ascii_truth(told, "de") == read
    assert ascii_truth(told, "en") is told


def test_languages_with_other_numbers_are_known_from_the_registry():
    other = {tag for tag in languages() if has_other_numbers(tag)}
    assert other == {"ar", "de", "es", "fa", "fr", "hi", "it", "pt", "ru", "th", "vi"}
    assert NumberFormat(1, True).print(1234.5) == "1,234.5"
