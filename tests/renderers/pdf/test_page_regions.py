"""The tree of a page's regions: cells, captions, the order of figures, turned lines."""

import pytest

from renderers.pdf.blocks import Block
from renderers.pdf.page_regions import inside_picture, page_regions
from renderers.pdf.rows import rotated_row
from renderers.pdf.table_columns import bold_rows
from renderers.pdf.text import page_text
from renderers.picture import Cell
from renderers.roles import CAPTION, TABLE
from tests.renderers.pdf.placed_lines import line

TABLE_ROWS = (("Name", "A", "B"), ("one", "1.0", "2.5"), ("two", "3.5", "4.0"))


def rows(y: float) -> list:
    return [
        line(text, x, y + 14 * number)
        for number, texts in enumerate(TABLE_ROWS)
        for text, x in zip(texts, (50, 150, 220), strict=True)
    ]


def tree(blocks, figures=()):
    return page_regions(blocks, figures, 2.0, 2.0)


def test_a_table_has_cells_with_words():
    (table,) = page_text(rows(200), 800).blocks
    found = tree([table])
    assert [(r.role, r.parent) for r in found[:4]] == [
        ("table", None), ("cell", 0), ("word", 1), ("cell", 0),
    ]  # fmt: skip
    cells = [r for r in found if r.role == "cell"]
    assert [(r.text, r.cell) for r in cells] == [
        (text, Cell(r, c)) for r, texts in enumerate(TABLE_ROWS) for c, text in enumerate(texts)
    ]
    words = {r.text: r for r in found if r.role == "word"}
    assert all(words[r.text].bbox == r.bbox for r in cells)
    assert {r.role for r in found} == {"table", "cell", "word"}


@pytest.mark.parametrize(
    ("bold", "count"), [("", 0), ("bn", 1), ("bbn", 2), ("nb", 0), ("bb", 0), ("bnb", 1)]
)
def test_bold_rows_at_the_top_are_headers(bold, count):
    assert bold_rows(letter == "b" for letter in bold) == count


def blocks_with_caption(text: str) -> list[Block]:
    (caption,) = page_text([line(text, 50, 180)], 800).blocks
    (table,) = page_text(rows(200), 800).blocks
    return [Block(caption.rows, CAPTION), table]


def test_a_caption_belongs_to_the_table_next_to_it():
    found = tree(blocks_with_caption("Table 1: Names."))
    assert found[found[0].parent].role == TABLE
    assert tree(blocks_with_caption("Listing 1: Names."))[0].parent is None
    caption, table = blocks_with_caption("Table 1: Names.")
    found = tree([table, caption, table])
    assert next(r for r in found if r.role == CAPTION).parent is None


def test_a_figure_is_read_next_to_its_caption():
    text = page_text([line("Some words of the page.", 50, 400)], 800).blocks[0]
    caption = blocks_with_caption("Figure 1: A house.")[0]
    found = tree([caption, text], [(300, 10, 400, 90), (50, 100, 200, 170)])
    assert [r.role for r in found if r.role not in ("line", "word")] == [
        "caption", "paragraph", "figure", "figure",
    ]  # fmt: skip
    inorder = sorted(found, key=lambda region: region.order)
    assert [r.role for r in inorder if r.role not in ("line", "word")] == [
        "figure", "caption", "paragraph", "figure",
    ]  # fmt: skip
    assert found[0].parent == found.index(inorder[0])
    assert inorder[0].bbox == (100, 200, 400, 340)
    below = tree([caption, text], [(50, 190, 200, 300)])
    assert [r.role for r in sorted(below, key=lambda r: r.order)][-len(below) :][0] == "caption"
    far = tree([caption, text], [(50, 500, 200, 600)])
    assert far[0].parent is None
    assert {r.order for r in far} == {None}


def test_a_line_that_is_read_upwards_has_corners():
    upwards = line("ab", 0, 0)
    boxes = ((10.0, 40.0, 20.0, 50.0), (10.0, 30.0, 20.0, 40.0))
    upwards = type(upwards)(
        "ab", boxes, 10.0, 0.0, False, False, (10.0, 30.0, 20.0, 50.0), 30.0, 50.0
    )
    block, row = tree([Block((rotated_row(upwards),))])
    assert block.quad == row.quad == (20, 100, 20, 60, 40, 60, 40, 100)
    assert tree([Block((rotated_row(upwards, upright=True),))])[0].quad is None


def test_boxes_are_cut_at_the_edges_of_the_picture():
    """The box of a font is larger than its ink."""
    block = Block(page_text([line("specimen", -1, 6)], 800).blocks[0].rows)
    regions = page_regions([block], (), 1.0, 1.0)
    assert regions[0].bbox[:2] == pytest.approx((-1, -3))
    cut = inside_picture(regions, 36.0, 8.0)
    assert {r.bbox for r in cut} == {(0.0, 0.0, 36.0, 8.0)}
    assert inside_picture(cut, 36.0, 8.0) is cut
