import dataclasses

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from renderers import fonts
from renderers.charts.matplotlib.layout import fit_category_names
from renderers.charts.matplotlib.pies import spread_out
from renderers.charts.matplotlib.ranges import AxisValues, fitting_axis
from renderers.charts.matplotlib.style import sample_style
from renderers.charts.spec import NumberFormat
from tests.renderers.charts.color_distance import least_distance


def style_of(seed=0, **changes):
    rng = np.random.default_rng(seed)
    style = sample_style(fonts.families("en"), "en", 10, (800, 600), rng)
    return dataclasses.replace(style, base=16.0, **changes)


def test_labels_that_do_not_crowd_stay_where_they_are():
    assert spread_out([10, 50, 90], [20, 20, 20]) == [10, 50, 90]


def test_crowded_labels_are_spread_about_their_middle():
    assert spread_out([50, 50], [20, 20]) == [40, 60]
    assert spread_out([10, 50, 55], [10, 20, 20]) == [10, 42.5, 62.5]


@given(st.lists(st.tuples(st.floats(0, 500), st.floats(1, 60)), min_size=1, max_size=12))
def test_spread_labels_keep_their_order_and_never_overlap(items):
    items.sort()
    heights = [height for _, height in items]
    rows = spread_out([row for row, _ in items], heights)
    for i in range(len(rows) - 1):
        assert rows[i] + heights[i] / 2 <= rows[i + 1] - heights[i + 1] / 2 + 1e-6


def test_names_are_flat_wrapped_or_turned_as_room_allows():
    names = ["New Delhi", "South Korea", "Chile"]
    style = style_of(category_fit=0, slant=45.0)
    assert [s.angle for s in fit_category_names(names, style, 150, 200)] == [0.0] * 3
    assert fit_category_names(names, style, 65, 200)[0].text == "New\nDelhi"
    assert {s.angle for s in fit_category_names(names, style, 32, 200)} == {45.0}
    assert {s.angle for s in fit_category_names(names, style, 32, 40)} == {90.0}


def test_an_axis_leaves_room_for_labels_beyond_the_marks():
    style = style_of(end_on_tick=True, tick_count=5)
    axis = fitting_axis(AxisValues(0, 100, NumberFormat(), (0, 60)), style, 300)
    assert axis.low == 0
    assert (axis.high - 100) / axis.high * 300 >= 60 - 1e-6


def test_styles_differ_and_their_colors_are_distinguishable():
    styles = [style_of(seed) for seed in range(60)]
    assert len({s.palette.name for s in styles}) >= 8
    assert len({s.family.name for s in styles}) >= 6
    assert len({s.spines for s in styles}) == 4
    assert all(least_distance(s.colors) > 15 for s in styles)


def test_a_style_is_described_in_plain_data():
    import json

    described = json.loads(json.dumps(style_of().describe()))
    assert described["width"] == 800
    assert described["family"]
