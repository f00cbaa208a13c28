"""Figures on pages: where they are, what the Markdown has of them, and when a page is rejected."""

from __future__ import annotations

import numpy as np
import pytest

from renderers.latex import figures, mmd, placed, template
from renderers.latex.blocks import (
    Block,
    Document,
    Figure,
    Inline,
    ListBlock,
    Panel,
    Paragraph,
    Text,
)
from renderers.latex.glyphs import PageGlyphs
from renderers.latex.marks import PositionMark
from renderers.latex.pages import VerifiedPage
from renderers.latex.renderer import LatexRenderer
from renderers.latex.style import PageStyle
from renderers.picture import Region
from tests.renderers.latex.paper_blocks import image

STYLE = PageStyle(size=10, horizontal_margin_mm=25, vertical_margin_mm=25)
WORDS = "The quick brown fox jumps over the lazy dog and then sleeps near the old river. "
TEXT = Paragraph((Text(WORDS * 4),))


RED, GRAY = image((255, 0, 0)), image((128, 128, 128))


def pages(renderer: LatexRenderer, name: str, blocks: list[Block]) -> list[VerifiedPage]:
    chosen = template.load()[name]
    found = list(renderer.pages(Document(tuple(blocks), "en"), chosen, STYLE, figure_marks=True))
    assert all(isinstance(page, VerifiedPage) for page in found), found
    return [page for page in found if isinstance(page, VerifiedPage)]


def regions(page: VerifiedPage, role: str) -> list[Region]:
    return [region for region in page.picture.regions if region.role == role]


def test_the_region_is_exactly_the_picture(renderer: LatexRenderer) -> None:
    figure = Figure((Panel(RED, 0.5),), (Text("Red at "), Inline("x")), "Figure 1")
    (page,) = pages(renderer, "article", [TEXT, figure, TEXT])
    assert "![](figure)\n\nFigure 1: Red at \\(x\\)" in page.markdown
    (box,) = regions(page, "figure")
    red = (page.picture.pixels == (255, 0, 0)).all(axis=2)
    rows, columns = np.flatnonzero(red.any(axis=1)), np.flatnonzero(red.any(axis=0))
    drawn = (columns[0], rows[0], columns[-1] + 1, rows[-1] + 1)
    assert np.abs(np.subtract(box.bbox, drawn)).max() <= 1.5
    (caption,) = regions(page, "caption")
    assert caption.text == "Figure 1: Red at \\(x\\)"
    assert caption.bbox[1] >= box.bbox[3]


def test_parts_are_one_region_with_a_caption_each(renderer: LatexRenderer) -> None:
    panels = tuple(Panel(GRAY, 0.48, (Text(f"part {n}"),), f"({n})") for n in "abc")
    wide = Figure(panels, (Text("All."),), "Figure 2", wide=True)
    found = pages(renderer, "two_column", [TEXT, wide, *[TEXT] * 14])
    (page,) = (page for page in found if regions(page, "figure"))
    # A Markdown renderer would make a copyright sign of (c).
    assert "(a) part a (b) part b (c\\) part c\n\nFigure 2: All." in page.markdown
    (box,) = regions(page, "figure")
    assert box.bbox[2] - box.bbox[0] > 0.6 * page.picture.width  # over both columns
    assert [r.text for r in regions(page, "caption")] == [
        "(a) part a", "(b) part b", "(c) part c", "Figure 2: All.",
    ]  # fmt: skip
    assert page.picture.pixels.ndim == 2  # a gray page stays gray


def test_a_picture_without_a_caption_and_one_in_a_list(renderer: LatexRenderer) -> None:
    alone = Figure((Panel(GRAY, 0.3),), floating=False)
    inside = Figure((Panel(RED, 0.3),), (Text("In a list"),), "Figure 3", floating=False)
    listed = ListBlock(False, ((TEXT, inside), (TEXT,)))
    (page,) = pages(renderer, "article", [TEXT, alone, listed])
    assert page.markdown.split("\n\n")[1] == "![](figure)"
    assert "  ![](figure)\n\n  Figure 3: In a list" in page.markdown
    order = [r.role for r in page.picture.regions if r.role in ("paragraph", "figure", "list_item")]
    assert order == ["paragraph", "figure", "list_item", "figure", "list_item"]


def test_rows_hold_what_fits_side_by_side() -> None:
    widths = (0.5, 0.5, 0.33, 0.33, 0.33, 1.0)
    assert figures.rows([Panel(RED, w) for w in widths]) == [[0, 1], [2, 3, 4], [5]]


def test_files_are_named_by_a_counter_and_written_once() -> None:
    figure = Figure((Panel(RED, 0.5), Panel(GRAY, 0.5)))
    assert figures.files([figure, ListBlock(False, ((figure,),))]) == {
        "f0.png": RED,
        "f1.png": GRAY,
    }


def test_the_mark_is_optional() -> None:
    figure = Figure((Panel(RED, 0.5),), (Text("Caption"),))
    assert mmd.write([figure]) == "Caption"
    assert mmd.write([figure], figure_marks=True) == "![](figure)\n\nCaption"


class Page:
    def get_image_info(self) -> list[dict[str, object]]:
        return [{"bbox": (10.0, 10.0, 60.0, 40.0)}]


def glyph_at(x: float, y: float) -> PageGlyphs:
    x0, x1, base, size = (np.array([v]) for v in (x, x + 5, y, 10.0))
    return PageGlyphs(100.0, 100.0, {9: (0, 1)}, ["a"], x0, x1, base, size, ["f"], x0 < 0)


@pytest.mark.parametrize(
    ("mark", "glyph", "pages_of", "problem"),
    [
        ((10, 60, 50, 30), (10, 50), {0}, ""),
        ((10, 60, 50, 30), (20, 30), {0}, "printed over"),
        ((15, 60, 50, 30), (10, 50), {0}, "not where"),
        ((10, 60, 50, 30), (10, 50), {1}, "of its pictures"),
        (None, (10, 50), {0}, "of its pictures"),
    ],
)
def test_a_page_whose_figure_is_not_as_recorded_is_rejected(
    mark: tuple[float, float, float, float] | None,
    glyph: tuple[float, float],
    pages_of: set[int],
    problem: str,
) -> None:
    marks = [] if mark is None else [PositionMark((0,), 1, *mark, 0.0)]
    glyphs = [glyph_at(*glyph), glyph_at(*glyph)]
    block = Figure((Panel(RED, 0.5),), (Text("c"),))
    found = list(placed.problems([block], {(0,): pages_of}, marks, glyphs, [Page(), Page()]))
    assert [k for k, _ in found] == ([] if not problem else sorted({0} | pages_of if mark else {0}))
    assert all(problem in detail for _, (_, detail) in found)
