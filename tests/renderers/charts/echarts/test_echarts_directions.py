"""Texts from right to left by ECharts."""

from dataclasses import replace

import numpy as np

from renderers import fonts
from renderers.charts.echarts.ruler import Ruler
from renderers.charts.spec import Series
from tests.renderers.charts.test_shaped_texts import SPEC, check_arabic, font


def test_an_arabic_chart_by_echarts(backend):
    font("ar")
    check_arabic(backend)


def test_a_text_of_joined_letters_is_as_wide_as_it_is_drawn(page):
    font("ar", "DejaVu")
    ruler = Ruler("DejaVu Sans", page.measure)
    text = "إنتاج القمح حسب المدينة 12.5"
    ((whole,),) = page.measure([('normal 100px "DejaVu Sans"', [text])])
    assert abs(ruler.width(text, 100.0) - whole) < 3
    letters = sum(ruler.width(letter, 100.0) for letter in text)
    assert letters > 1.1 * whole
    assert fonts.families("ar")


def test_the_digits_of_a_tick_are_beside_it(backend):
    """Also in fonts whose letters reach further down than up."""
    font("ar", "Scheherazade")
    spec = replace(SPEC, data=replace(SPEC.data, series=(Series("", (12.0, 7.5, 31.0)),)))
    offs = {}
    for seed in range(12):
        chart = backend.render(spec, np.random.default_rng(seed))
        scale = chart.drawing.scales["y"]
        for text in chart.drawing.texts:
            if text.role == "y_tick" and text.text.isdecimal():
                middle = (text.bbox[1] + text.bbox[3]) / 2
                high = text.bbox[3] - text.bbox[1]
                offs[seed, text.text] = abs(middle - scale.place_of(float(text.text))) / high
    assert len(offs) > 20
    assert max(offs.values()) < 0.15, offs
