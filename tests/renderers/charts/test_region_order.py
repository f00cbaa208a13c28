"""A chart is a tree below one region, in the order of its truth; turned texts have corners."""

import numpy as np

from renderers.charts.drawing import Drawing, DrawnText, Mark
from renderers.charts.links import links
from renderers.charts.region_order import in_truth_order
from renderers.picture import Region
from renderers.roles import WORD

WORDS = (Region((0, 0, 4, 5), "two", WORD), Region((5, 0, 9, 5), "words", WORD))
DRAWING = Drawing(
    np.zeros((60, 80, 3), np.uint8),
    (
        DrawnText("b", (0, 0, 5, 5), "x_tick", angle=45.0, size=5.0),
        DrawnText("4", (0, 0, 5, 5), "value", path=("b",)),
        DrawnText("3", (0, 0, 5, 5), "value", path=("a",)),
        DrawnText("a note", (0, 0, 5, 5), "note"),
        DrawnText("height", (0, 10, 5, 50), "y_title", angle=90.0),
        DrawnText("two words", (0, 0, 9, 5), "title", words=WORDS),
    ),
    (Mark(("b",), (0, 0, 1, 1)), Mark(("a",), (1, 0, 2, 1))),
    plots=((0, 0, 60, 50),),
)


def test_the_order_is_that_of_the_truth():
    regions = DRAWING.picture().regions
    found = in_truth_order(regions, links({"values": {"a": "3", "b": "4"}}, DRAWING, {}))
    assert [(r.role, r.text) for r in sorted(found, key=lambda region: region.order)] == [
        ("chart", ""),
        *(("title", "two words"), ("word", "two"), ("word", "words"), ("y_title", "height")),
        *(("x_tick", "b"), ("plot", "")),
        *(("mark", "a"), ("value", "3"), ("mark", "b"), ("value", "4"), ("note", "a note")),
    ]


def test_everything_is_below_the_chart():
    regions = DRAWING.picture().regions
    assert (regions[0].bbox, regions[0].parent) == ((0, 0, 80, 60), None)
    parents = {r.text: r.parent for r in regions[1:]}
    assert regions[parents["two"]].text == "two words"
    assert {r.parent for r in regions[1:] if r.role != WORD} == {0}


def test_turned_texts_have_corners():
    quads = {r.text: r.quad for r in DRAWING.picture().regions if r.quad}
    assert quads.keys() == {"b", "height"}
    assert quads["height"] == (0, 50, 0, 10, 5, 10, 5, 50)
