"""Every family of marks: a right chart has no problem, a mark that is moved by 12 pixels has."""

import pytest

from vary_data.quality.validate.fitted_axes import any_number, fit, last_digit
from vary_data.quality.validate.marks import check_marks


def tick(role, text, x, y):
    return {"role": role, "text": text, "bbox": [x - 5, y - 5, x + 5, y + 5]}


def upright(x=10):
    """Ticks at 0, 20 and 40, two pixels for each unit; zero is at row 200."""
    return [tick("y_tick", str(v), x, 200 - 2 * v) for v in (0, 20, 40)]


def box(x, low, high, width=10):
    """A box from one value to another on this axis."""
    return [x, 200 - 2 * high, x + width, 200 - 2 * low]


MIRRORED = [tick("x_tick", t, x, 220) for t, x in (("20", 60), ("0", 100), ("20", 140))]
ACROSS = [tick("x_tick", str(v), 20 + 2 * v, 220) for v in (0, 20, 40)]
"""The same from left to right; zero is at column 20."""
FAMILIES = {
    "box": (
        upright(),
        {"A": {"min": "5", "q1": "10", "median": "12", "q3": "15", "max": "30"}},
        {("A",): box(40, 5, 30)},
    ),
    "candlestick": (
        upright(),
        {"A": {"open": "10", "close": "20", "low": "5", "high": "30"}},
        {("A",): box(40, 5, 30)},
    ),
    "error_bar": (upright(), {"A": {"mean": "20", "error": "5"}}, {("A",): box(40, 15, 25)}),
    "lollipop": (
        upright(),
        {"A": "30", "B": "15"},
        # Heads have a radius of 5 pixels: 2.5 units.
        {("A",): box(40, 0, 32.5), ("B",): box(60, 0, 17.5)},
    ),
    "pyramid": (
        MIRRORED,
        {"M": {"0-9": "10"}, "F": {"0-9": "15"}},
        {("M", "0-9"): [80, 50, 100, 60], ("F", "0-9"): [100, 50, 130, 60]},
    ),
    "stacked_area": (
        upright(),
        {"M": {"1": "10", "2": "12"}, "F": {"1": "15", "2": "20"}},
        {
            ("M", "1"): box(40, 0, 10),
            ("M", "2"): box(60, 0, 12),
            ("F", "1"): box(40, 10, 25),  # a slice of the band
            ("F", "2"): box(60, 30, 34),  # a point at the sum, 32
        },
    ),
    "theme_river": (
        upright(),
        {"M": {"1": "10"}, "F": {"1": "15"}},
        {("M", "1"): box(40, 5, 15), ("F", "1"): box(40, 15, 30)},
    ),
    "radar": (
        upright(95),
        {"N": "20", "E": "30", "S": "10"},
        {("N",): [95, 155, 105, 165], ("E",): [155, 195, 165, 205], ("S",): [95, 215, 105, 225]},
    ),
    "parallel": (
        [*upright(60), *(tick("y_tick", t, 160, y) for t, y in (("1", 200), ("2", 100)))],
        {"M": {"Cost": "30", "Speed": "1.5"}},
        {("M", "Cost"): [47, 137, 53, 143], ("M", "Speed"): [147, 147, 153, 153]},
    ),
    "horizontal_stacked_bar": (
        ACROSS,
        {"M": {"Oslo": "10"}, "F": {"Oslo": "20"}},
        {("M", "Oslo"): [20, 50, 40, 60], ("F", "Oslo"): [40, 50, 80, 60]},
    ),
    "horizontal_grouped_bar": (
        ACROSS,
        {"M": {"Oslo": "10"}, "F": {"Oslo": "20"}},
        {("M", "Oslo"): [20, 50, 40, 60], ("F", "Oslo"): [20, 60, 60, 70]},
    ),
    "survival": (
        [
            *(t | {"text": t["text"] + "%"} for t in upright()),
            tick("x_tick", "0", 40, 220),
            tick("x_tick", "6", 60, 220),
        ],
        {"M": {"0": "30%", "6": "15%"}},
        {("M", "0"): [37, 137, 43, 143], ("M", "6"): [57, 167, 63, 173]},
    ),
    "range_bar": (upright(), {"A": {"min": "5", "max": "30"}}, {("A",): box(40, 5, 30)}),
    "violin": (
        upright(),
        {"A": {"min": "5", "q1": "10", "median": "12", "q3": "15", "max": "30"}},
        {("A",): box(40, 5, 30)},
    ),
    "interval_line": (
        upright(),
        {"A": {"lower": "5", "mean": "10", "upper": "12"}},
        {("A",): box(40, 5, 12)},
    ),
    "forest": (
        ACROSS,
        {"A": {"estimate": "20", "lower": "10", "upper": "25"}},
        {("A",): [40, 50, 70, 60]},
    ),
    "gantt": (ACROSS, {"A": {"start": "10", "end": "25"}}, {("A",): [40, 50, 70, 60]}),
    "bullet": (
        ACROSS,
        {"A": {"Now": "20", "Goal": "25"}},
        {("A", "Now"): [20, 50, 60, 60], ("A", "Goal"): [69, 45, 71, 65]},
    ),
    "roc_curve": (
        [*upright(), *(tick("x_tick", str(v), 20 + 2 * v, 220) for v in (0, 20, 40))],
        {"1": {"x": "10", "y": "20"}, "2": {"x": "20", "y": "30"}},
        {("1",): [37, 157, 43, 163], ("2",): [57, 137, 63, 143]},
    ),
    "density": (
        # Ticks that are equal to the numbers of peaks, which are on no picture.
        [
            *(tick("y_tick", str(v), 10, 200 - 40 * v) for v in (0, 1, 2)),
            *(tick("x_tick", str(v), 20 + 40 * v, 220) for v in (0, 1, 2)),
        ],
        {"1": {"x": "0.5", "y": "1"}, "2": {"x": "1.5", "y": "2"}},
        {("1",): [37, 157, 43, 163], ("2",): [77, 117, 83, 123]},
    ),
    "contour": (
        [*upright(), *ACROSS],
        {"A": {"x": "10", "y": "20", "from": "3", "to": "4"}},
        {("A",): [37, 157, 43, 163]},
    ),
    "histogram_2d": (
        [*upright(), *ACROSS],
        {"0-20": {"0-10": "7"}, "20-40": {"0-10": "5"}},
        {("0-20", "0-10"): [20, 160, 40, 200], ("20-40", "0-10"): [20, 120, 40, 160]},
    ),
    "quiver": (
        [*upright(), *ACROSS],
        {
            "1": {"x": "10", "y": "20", "u": "4 m", "v": "4 m"},
            "2": {"x": "30", "y": "20", "u": "-2 m", "v": "3 m"},
        },
        # Three pixels for each meter, and two around the arrow.
        {("1",): [38, 146, 54, 162], ("2",): [72, 149, 82, 162]},
    ),
    "ternary": (
        [{"role": "plot", "text": "", "bbox": [100, 0, 300, 200]}],
        {
            "A": {"Sand": "50%", "Silt": "50%", "Clay": "0%"},
            "B": {"Sand": "50%", "Silt": "0%", "Clay": "50%"},
        },
        {("A",): [147, 97, 153, 103], ("B",): [247, 97, 253, 103]},
    ),
    "small_multiples": (
        [],
        {"M": {"A": "100"}, "F": {"A": "50"}},
        {("M", "A"): [20, 10, 220, 60], ("F", "A"): [270, 10, 370, 60]},
    ),
    "icicle": (
        [],
        {"G": {"A": "60", "B": "30"}},
        {("G", "A"): [100, 0, 200, 120], ("G", "B"): [100, 120, 200, 180]},
    ),
    "funnel": (
        [],
        {"A": "100", "B": "50"},
        {("A",): [20, 10, 220, 60], ("B",): [70, 60, 170, 110]},
    ),
    "treemap": (
        [],
        {"G": {"A": "60", "B": "30"}},
        {("G", "A"): [0, 0, 200, 100], ("G", "B"): [200, 0, 300, 100]},
    ),
}


def test_an_arrow_that_is_too_long_for_the_legend_is_a_problem():
    ticks, values, marks = FAMILIES["quiver"]
    key = {"role": "legend", "text": "5 m", "bbox": [70, 10, 90, 20]}
    arrow = {"role": "mark", "text": "5 m", "bbox": [50, 13, 69, 17]}
    assert problems("quiver", values, [*ticks, key, arrow], marks) == []
    longer = {**marks, ("1",): [38, 146, 66, 162]}
    found = problems("quiver", values, [*ticks, key, arrow], longer)
    assert [message.split(" is ")[0] for _, message in found] == ["the mark of '1/u'"]


def leaves(values, above=()):
    for name, inner in values.items():
        if isinstance(inner, dict):
            yield from leaves(inner, (*above, name))
        else:
            yield (*above, name)


def problems(chart_type, values, ticks, marks):
    regions = [
        *ticks,
        *({"role": "mark", "text": "/".join(p), "bbox": b} for p, b in marks.items()),
    ]
    places = {path: len(ticks) + i for i, path in enumerate(marks)}
    links = [
        {"path": list(path), "mark": places.get(path, places.get(path[:-1]))}
        for path in leaves(values)
    ]
    return list(check_marks({"values": values}, regions, {"type": chart_type, "values": links}))


@pytest.mark.parametrize("chart_type", FAMILIES)
def test_right_marks_have_no_problems(chart_type):
    ticks, values, marks = FAMILIES[chart_type]
    assert problems(chart_type, values, ticks, marks) == []


@pytest.mark.parametrize("chart_type", FAMILIES)
@pytest.mark.parametrize("which", [0, -1])
def test_a_mark_that_shows_another_value_is_a_problem(chart_type, which):
    ticks, values, marks = FAMILIES[chart_type]
    path = list(marks)[which]
    x0, y0, x1, y1 = marks[path]
    if chart_type in ("pyramid", "funnel", "treemap", "small_multiples"):
        wrong = [x0, y0, x1 + 60, y1]
    elif chart_type.startswith("horizontal"):
        wrong = [x0, y0, x1 + 24, y1]
    elif chart_type in ("forest", "gantt", "bullet"):
        wrong = [x0 + 24, y0, x1 + 24, y1]
    elif chart_type == "icicle":
        wrong = [x0, y0, x1, y1 + 24]
    else:
        wrong = [x0, y0 - 24, x1, y1 - (0 if chart_type == "theme_river" else 24)]
    found = problems(chart_type, values, ticks, {**marks, path: wrong})
    assert {kind for kind, _ in found} == {"mark"}
    if chart_type not in (
        "funnel",
        "treemap",
        "small_multiples",
        "icicle",
    ):  # there only proportions are wrong
        assert any("/".join(path) in message for _, message in found)


def test_an_axis_with_powers_of_ten_is_fitted():
    ticks = [tick("y_tick", text, 10, y) for text, y in (("0", 200), ("0.5e6", 150), ("1e6", 100))]
    axis = fit(ticks, 1)
    assert axis.place(7.5e5) == pytest.approx(125)
    assert any_number("2.5e-9 m") == 2.5e-9
    assert (last_digit("2.5e-9 m"), last_digit("20e5"), last_digit("1.25")) == (1e-10, 1e5, 0.01)
