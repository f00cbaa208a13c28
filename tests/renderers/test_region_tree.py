"""Parts of a tree of regions, the tree at other places, the boxes of empty cells, turned text."""

import math

import numpy as np
import pytest

from renderers.picture import Cell, Region
from renderers.region_tree import cell_regions, empty_cells, mapped, moved, subset
from renderers.roles import BLOCKS, CHART_PARTS, PARTS, omnidocbench
from renderers.turned_text import turned_quad

BOX = (0.0, 0.0, 10.0, 4.0)
TREE = (
    Region(BOX, "a b", "paragraph", order=1),
    Region(BOX, "a b", "line", 0, order=2),
    Region(BOX, "a", "word", 1, order=3),
    Region(BOX, "c", "paragraph", order=0),
    Region(BOX, "d", "paragraph", order=4, continues=3),
)


def test_a_part_of_a_tree_is_a_tree():
    first, word, last = subset(TREE, [0, 2, 4])
    assert (first.parent, first.order) == (None, 0)
    assert (word.text, word.parent, word.order) == ("a", 0, 1)
    assert (last.order, last.continues) == (2, None)
    assert [r.continues for r in subset(TREE, [4, 3])] == [1, None]
    assert subset(TREE, [2])[0].parent is None


def test_boxes_and_quads_are_moved():
    turned = Region(BOX, "x", "line", quad=(0, 4, 0, 0, 10, 0, 10, 4))
    (found,) = moved([turned], 1, 2)
    assert found.bbox == (1, 2, 11, 6)
    assert found.quad == (1, 6, 1, 2, 11, 2, 11, 6)


def test_corners_go_through_a_transform():
    """A quarter turn clockwise: the text's top left comes to the top right."""
    (found,) = mapped(TREE[:1], lambda xy: np.stack([4 - xy[:, 1], xy[:, 0]], 1))
    assert found.bbox == (0, 0, 4, 10)
    assert found.quad == (4, 0, 4, 10, 0, 10, 0, 0)
    (found,) = mapped(TREE[:1], lambda xy: xy * 2)
    assert (found.bbox, found.quad) == ((0, 0, 20, 8), None)
    assert mapped((), lambda xy: xy) == ()


def test_empty_cells_have_the_boxes_of_their_slots():
    a, b, c, d = Cell(0, 0), Cell(0, 1), Cell(1, 0), Cell(1, 1)
    found = empty_cells(
        {a: (10, 10, 20, 14), b: None, c: None, d: (30, 20, 36, 24)}, (0, 0, 50, 30)
    )
    assert found == {b: (30, 10, 36, 14), c: (10, 20, 20, 24)}


def test_empty_columns_are_between_their_neighbors():
    cells = {Cell(0, 0): (2.0, 2.0, 10.0, 6.0), Cell(0, 1): None, Cell(0, 2, 1, 2): None}
    found = empty_cells(cells, (0, 0, 40, 8))
    assert found == {Cell(0, 1): (10, 2, 40, 6), Cell(0, 2, 1, 2): (40, 2, 40, 6)}


def test_cells_are_listed_by_row_and_column():
    cells = {Cell(1, 0): ("b", BOX), Cell(0, 0): ("", None)}
    found = cell_regions(cells, (0, 0, 10, 4), 7)
    assert [(r.text, r.role, r.parent) for r in found] == [("", "cell", 7), ("b", "cell", 7)]


@pytest.mark.parametrize(
    ("angle", "first", "second"),
    [
        (90, (0, 4), (0, 0)),
        (270, (10, 0), (10, 4)),
        (-90, (10, 0), (10, 4)),
        (180, (10, 4), (0, 4)),
    ],
)
def test_text_at_right_angles(angle, first, second):
    quad = turned_quad(BOX, angle, 4)
    assert quad[:4] == (*first, *second)
    assert sorted(zip(quad[::2], quad[1::2], strict=True)) == [(0, 0), (0, 4), (10, 0), (10, 4)]


@pytest.mark.parametrize("angle", [0, 0.5, 359.8, -0.2])
def test_upright_text_has_no_quad(angle):
    assert turned_quad(BOX, angle, 4) is None


@pytest.mark.parametrize("angle", [20, 45, 60, 135, 315, -30])
@pytest.mark.parametrize(("lines", "high"), [(1, 12), (3, 45)])
def test_slanted_text(angle, lines, high):
    """Text of 15 pixels has ink of 12: the box around 80 by 12 gives that rectangle back, and so
    does that of three lines with 16.5 pixels from one to the next."""
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    half = high / 2
    corners = [(x * cos + y * sin, -x * sin + y * cos) for x, y in
               ((-40, -half), (40, -half), (40, half), (-40, half))]  # fmt: skip
    xs, ys = zip(*corners, strict=True)
    quad = turned_quad((min(xs), min(ys), max(xs), max(ys)), angle, 15, lines)
    assert quad == pytest.approx([place for corner in corners for place in corner])


def test_every_block_has_categories_of_the_layout_sets():
    doclaynet = {"Caption", "Footnote", "Formula", "List-item", "Page-footer", "Page-header",
                 "Picture", "Section-header", "Table", "Text", "Title", None}  # fmt: skip
    assert {block.doclaynet for block in BLOCKS.values()} <= doclaynet
    publaynet = {"text", "title", "list", "table", "figure", None}
    assert {block.publaynet for block in BLOCKS.values()} <= publaynet
    assert PARTS.isdisjoint(BLOCKS)
    assert CHART_PARTS & {*BLOCKS} == {"title", "value"}
    assert omnidocbench("caption", "table") == "table_caption"
    assert omnidocbench("caption", "algorithm") == "code_txt_caption"
    assert omnidocbench("footnote") == "page_footnote"
    assert omnidocbench("reference") == "reference"


@pytest.mark.parametrize("angle", [30, 45, 60])
def test_the_corners_of_a_single_digit_bound_its_box(angle: float) -> None:
    """Its ink is lower than the font size, and narrower."""
    x, y = 6 / 2, 9 / 2
    cos, sin = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    wide, high = x * cos + y * sin, x * sin + y * cos
    box = (100 - wide, 50 - high, 100 + wide, 50 + high)
    quad = turned_quad(box, angle, 13)
    assert quad is not None
    bounds = (min(quad[::2]), min(quad[1::2]), max(quad[::2]), max(quad[1::2]))
    assert bounds == pytest.approx(box, abs=2)
