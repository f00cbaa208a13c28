"""The tree of a LaTeX page's regions: blocks exactly, cells that tile, captions, columns."""

from __future__ import annotations

from renderers.latex import template
from renderers.latex.blocks import (
    Block,
    Document,
    Figure,
    Formula,
    Heading,
    Inline,
    ListBlock,
    Panel,
    Paragraph,
    Program,
    ProgramLine,
    Table,
    TableCell,
    TableRow,
    Text,
)
from renderers.latex.pages import VerifiedPage
from renderers.latex.renderer import LatexRenderer
from renderers.latex.style import PageStyle
from renderers.picture import Cell, Region
from tests.renderers.latex.paper_blocks import image
from vary_data.engine.rows import to_batch
from vary_data.engine.sample import Sample
from vary_data.quality.validate.tree import check_tree

WORDS = "The quick brown fox jumps over the lazy dog and then sleeps near the old river. "


def text(words: str) -> tuple[Text]:
    return (Text(words),)


def cell(words: str, across: int = 1, down: int = 1) -> TableCell:
    return TableCell(text(words) if words else (), across, down)


TABLE = Table(
    "lcr",
    (
        TableRow((cell("Ring", 1, 2), cell("Settling time", 2)), ((1, 3),)),
        TableRow((cell("low"), cell(""))),
        TableRow((cell("first"), cell(""), cell("12.4")), ((1, 3),)),
    ),
    ((1, 3),),
    text("Times of rings."),
    "Table 1",
)
INNER = ListBlock(False, ((Paragraph(text("inner")),),), ("•",))
BLOCKS: list[Block] = [
    Heading(0, text("On rings")),
    Heading(1, text("Times")),
    Heading(2, text("How long")),
    Paragraph((Text("See "), Inline("x^2"), Text(" here."))),
    ListBlock(False, ((Paragraph(text("outer")), INNER),), ("•",)),
    Formula("equation", ("E = m c^2",), ("1",)),
    TABLE,
    Figure((Panel(image((128, 128, 128)), 0.3, text("part"), "(a)"),), text("All."), "Figure 1"),
    Program("code", (ProgramLine((Text("x = 1", mono=True),)),), text("A line."), "Listing 1"),
]


def page_of(renderer: LatexRenderer, name: str, blocks: list[Block]) -> tuple[Region, ...]:
    style = PageStyle(size=10, horizontal_margin_mm=25, vertical_margin_mm=25)
    found = list(renderer.pages(Document(tuple(blocks), "en"), template.load()[name], style))
    page = found[0]
    assert isinstance(page, VerifiedPage), page
    sample = Sample(
        id="a", image=b"", image_format="png", width=page.picture.width,
        height=page.picture.height, text="", prompt="", kind="latex_page", format="mmd", lang="en",
        doc_id="d", source="s", license="", renderer="r", template="", seed=1,
        regions=page.picture.regions,
    )  # fmt: skip
    (row,) = to_batch([sample]).to_pylist()
    assert list(check_tree(row["regions"])) == []
    return page.picture.regions


def test_blocks_of_a_page(renderer: LatexRenderer) -> None:
    regions = page_of(renderer, "article", BLOCKS)
    levels = {r.text: (r.role, r.level) for r in regions if r.level or r.role == "title"}
    assert {name.lstrip("0123456789. •"): found for name, found in levels.items()} == {
        "On rings": ("title", None),
        "Times": ("section_header", 1),
        "How long": ("section_header", 2),
        "outer": ("list_item", 1),
        "inner": ("list_item", 2),
    }
    table = next(i for i, r in enumerate(regions) if r.role == "table")
    cells = {r.cell: r.text for r in regions if r.parent == table and r.role == "cell"}
    assert cells == {
        Cell(0, 0, 2, 1, header=True): "Ring",
        Cell(0, 1, 1, 2, header=True): "Settling time",
        Cell(1, 1, header=True): "low",
        Cell(1, 2, header=True): "",
        Cell(2, 0): "first",
        Cell(2, 1): "",
        Cell(2, 2): "12.4",
    }
    boxes = {r.cell: r.bbox for r in regions if r.cell is not None}
    low, empty, below = boxes[Cell(1, 1, header=True)], boxes[Cell(2, 1)], boxes[Cell(2, 2)]
    assert empty[0] <= low[0]
    assert (empty[1], empty[3]) == (below[1], below[3])
    captions = {r.text: regions[r.parent].role for r in regions if r.parent and r.role == "caption"}
    assert captions == {
        "Table 1: Times of rings.": "table",
        "(a) part": "figure",
        "Figure 1: All.": "figure",
        "Listing 1: A line.": "code",
    }
    tag = next(r for r in regions if r.role == "tag")
    assert tag.parent is not None
    assert regions[tag.parent].role == "formula"


def test_a_paragraph_in_two_columns_is_two_regions_and_one_text(renderer: LatexRenderer) -> None:
    regions = page_of(renderer, "two_column", [Paragraph(text(WORDS * 60))])
    first, second = (i for i, r in enumerate(regions) if r.role == "paragraph")
    assert regions[second].continues == first
    assert regions[second].bbox[0] > regions[first].bbox[2]
    assert regions[first].continues is None
