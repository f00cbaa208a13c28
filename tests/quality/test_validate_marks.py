"""Marks of stored charts against their tick labels, and the links of `meta.values`."""

from vary_data.quality.validate.marks import check_marks

TRUTH = {"values": {"Tea": "40 t", "Rice": "20 t"}}


def region(role, text, x, y, width=20.0, height=10.0):
    return {"role": role, "text": text, "bbox": [x, y, x + width, y + height]}


def chart(rice_height=40.0):
    """Ticks at 0, 20 and 40 t, two pixels for each tonne; zero is at row 200."""
    return [
        *(region("y_tick", f"{v} t", 0, 195 - 2 * v) for v in (0, 20, 40)),
        region("x_tick", "Tea", 40, 205),
        region("x_tick", "Rice", 80, 205),
        region("value", "40 t", 40, 108),
        region("value", "20 t", 80, 148),
        region("mark", "Tea", 40, 120, height=80),
        region("mark", "Rice", 80, 200 - rice_height, height=rice_height),
    ]


def problems(regions, truth=TRUTH, **changes):
    links = [{"path": ["Tea"], "mark": 7, "label": 5}, {"path": ["Rice"], "mark": 8, "label": 6}]
    return list(check_marks(truth, regions, {"type": "bar", "values": links, **changes}))


def test_a_right_chart_has_no_problems():
    assert problems(chart()) == []


def test_a_bar_of_another_height_is_a_problem():
    assert problems(chart(rice_height=52.0)) == [
        ("mark", "the mark of 'Rice' is 12.0 pixels off '20 t'")
    ]


def test_a_value_may_be_off_by_half_its_step():
    links = [{"path": ["Tea"], "mark": 7}, {"path": ["Rice"], "mark": 8, "step": "5 t"}]
    assert problems(chart(rice_height=48.0), values=links) == []
    assert len(problems(chart(rice_height=52.0), values=links)) == 1


def test_links_must_lead_to_the_mark_and_the_label_of_their_value():
    crossed = [{"path": ["Tea"], "mark": 8, "label": 5}, {"path": ["Rice"], "mark": 8, "label": 5}]
    assert [name for name, _ in problems(chart(), values=crossed)] == ["link", "link"]
    assert problems(chart(), values=[{"path": ["Tea"], "mark": 7}]) == [
        ("link", "'Rice' is not linked")
    ]


def test_odd_links_are_problems_and_no_errors():
    odd = [3, {"path": "Tea"}, {"path": ["Salt"]}, {"path": [["x"]], "mark": "y"}]
    names = [name for name, _ in problems(chart(), values=odd)]
    assert names == ["link"] * 6
    assert problems(chart(), values="none") == []


def test_the_edges_of_bins_are_no_axis_of_values():
    """A histogram without ticks of counts has printed ones, and numbers below its bars."""
    truth = {"values": {"0-10": "40", "10-20": "20"}}
    regions = [
        *(region("x_tick", str(edge), 30 + 4 * edge, 205) for edge in (0, 10, 20)),
        region("value", "40", 40, 108),
        region("value", "20", 80, 148),
        region("mark", "0-10", 40, 120, width=40, height=80),
        region("mark", "10-20", 80, 160, width=40, height=40),
    ]
    links = [
        {"path": ["0-10"], "mark": 5, "label": 3},
        {"path": ["10-20"], "mark": 6, "label": 4},
    ]
    assert problems(regions, truth, type="histogram", values=links) == []
