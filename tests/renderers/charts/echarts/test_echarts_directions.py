"""Texts from right to left by ECharts."""

from renderers import fonts
from renderers.charts.echarts.ruler import Ruler
from tests.renderers.charts.test_shaped_texts import check_arabic, font


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
