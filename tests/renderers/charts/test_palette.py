import pytest

from renderers.charts import palette
from renderers.charts.echarts.palettes import PALETTES_BY_NAME
from renderers.charts.palette import PALETTES, contrast, rgb
from tests.renderers.charts.color_distance import ciede2000, lab_distance, least_distance

MIN_DISTANCE = 16.0
"""CIEDE2000 between any two series colors of a palette."""
MIN_MARK_CONTRAST = 1.65
"""WCAG ratio of a series color against the background: marks are large."""


def test_contrast_of_black_on_white_is_21():
    assert contrast(rgb("#000000"), rgb("#ffffff")) == pytest.approx(21.0)
    assert contrast(rgb("#777777"), rgb("#ffffff")) == pytest.approx(4.48, abs=0.01)


def test_ciede2000_of_sharmas_first_pairs():
    """Rows of the reference table in Sharma, Wu, Dalal (2005), through the Lab cache."""
    table = [
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, -1.3802, -84.2814), (50.0, 0.0, -82.7485), 1.0),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((50.0, 2.5, 0.0), (58.0, 24.0, 15.0), 19.4535),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ]
    for a, b, distance in table:
        assert lab_distance(a, b) == pytest.approx(distance, abs=1e-4)


def test_black_and_white_are_100_apart():
    assert ciede2000("#000000", "#ffffff") == pytest.approx(100.0, abs=0.01)


def test_there_are_enough_palettes_light_and_dark():
    assert len(PALETTES) >= 10
    assert sum(p.dark for p in PALETTES) >= 3
    assert len({p.name for p in PALETTES}) == len(PALETTES)


@pytest.mark.parametrize("p", PALETTES_BY_NAME.values(), ids=lambda p: p.name)
def test_palettes_are_distinguishable_and_legible(p):
    assert len(p.colors) >= 10
    assert least_distance(p.colors) >= MIN_DISTANCE
    background = rgb(p.background)
    assert all(contrast(rgb(c), background) >= MIN_MARK_CONTRAST for c in p.colors)
    for ink in (p.ink, p.faint):
        assert contrast(rgb(ink), background) >= palette.MIN_TEXT_CONTRAST


def test_readable_ink_prefers_what_was_asked_for():
    assert palette.readable_on(rgb("#ffffff"), "#224466") == "#224466"
    assert palette.readable_on(rgb("#ffffff"), "#ffff00") == "#111111"
    assert palette.readable_on(rgb("#101010"), "#224466") == "#ffffff"
