"""Content of other renderers on pages: formulas by KaTeX, pictures with regions of their own."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from renderers.picture import Region, encode
from renderers.rejected import Rejected
from renderers.tool_errors import ToolNotFound
from renderers.web.document import (
    DisplayFormula,
    Figure,
    Group,
    InlineFormula,
    Inset,
    Span,
    TextBlock,
    text,
)
from renderers.web.katex import printed_letters, tex
from renderers.web.renderer import RenderedPage, WebRenderer
from tests.renderers.web.conftest import Draw, drawing_with
from vary_data.sources.web_pages.contents.formulas import Latex

MATRIX = r"\mathbf{A} = \begin{pmatrix} a & \frac{1}{7} \\ \sin x & \text{if } n \end{pmatrix}"
TERMS = [f"x_{{{i}}}" for i in range(80)]


@pytest.fixture(scope="module")
def with_katex() -> Iterator[WebRenderer]:
    try:
        made = WebRenderer(800, ("en", "zh"), katex=True)
    except ToolNotFound as error:
        pytest.skip(str(error))
    yield made
    made.close()


@pytest.fixture
def draw_latex(with_katex: WebRenderer, monkeypatch: pytest.MonkeyPatch) -> Draw:
    return drawing_with(with_katex, monkeypatch)


def of(page: RenderedPage, role: str) -> list[Region]:
    return [region for region in page.picture.regions if region.role == role]


def test_the_letters_that_a_source_prints() -> None:
    assert printed_letters(r"\frac{a_1}{\sin x} \quad \text{if } y") == "a1sinxify"
    assert (
        printed_letters(r"\begin{array}{rcl} a & = & b \\[2pt] \hspace{1em} c \end{array}") == "abc"
    )


def test_latex_is_drawn_and_is_the_truth(draw_latex: Draw) -> None:
    inline = InlineFormula(tex(r"\hat{y}_{3}"))
    page = draw_latex(
        TextBlock((Span("where "), inline, Span(" is it."))), DisplayFormula(tex(MATRIX), "(2)")
    )
    assert page.text == f"where \\(\\hat{{y}}_{{3}}\\) is it.\n\n\\[ {MATRIX} \\tag{{2}} \\]"
    (formula,), (mark,) = of(page, "formula"), of(page, "inline_formula")
    assert formula.text == MATRIX
    for region in (formula, mark):
        x0, y0, x1, y1 = (round(v) for v in region.bbox)
        assert page.picture.pixels[y0:y1, x0:x1].min() < 100
    words = of(page, "word")
    assert words[0].bbox[2] <= mark.bbox[0] < mark.bbox[2] <= words[1].bbox[0]


def test_what_katex_cannot_draw_is_known_before(with_katex: WebRenderer) -> None:
    assert with_katex.printable([MATRIX, r"\unknown{x}", r"\frac{a}{"]) == [True, False, False]


def test_all_formulas_of_the_grammar_can_be_drawn(with_katex: WebRenderer) -> None:
    latex = Latex(np.random.default_rng(5))
    sources = [latex.inline() for _ in range(200)] + [latex.display() for _ in range(300)]
    drawn = with_katex.printable(sources)
    assert [source for source, able in zip(sources, drawn, strict=True) if not able] == []


def test_a_wide_formula_is_set_smaller_or_rejected(draw_latex: Draw) -> None:
    wide = DisplayFormula(tex(" + ".join(TERMS[:19])))
    (formula,) = of(draw_latex(TextBlock(text("Tea")), wide), "formula")
    assert formula.bbox[2] - formula.bbox[0] <= 600
    with pytest.raises(Rejected, match=r"clipped: .*is too wide"):
        draw_latex(DisplayFormula(tex(" + ".join(TERMS))))


def test_a_formula_does_not_cover_the_lines_next_to_it(draw_latex: Draw) -> None:
    tall = InlineFormula(tex(r"\frac{\sum_{i=1}^{n} x_i}{\sqrt{2}}"))
    parts = [part for _ in range(12) for part in (Span("some words before "), tall, Span(" "))]
    page = draw_latex(TextBlock(tuple(parts)), width=260)
    assert len(of(page, "inline_formula")) == 12


def inset(width: int = 200, height: int = 100) -> Inset:
    """A white picture with a black word at (20, 10) to (60, 30)."""
    pixels = np.full((height, width, 3), 255, np.uint8)
    pixels[10:30, 20:60] = 0
    parts = (Region((20.0, 10.0, 60.0, 30.0), "Tea", "title"),
             Region((20.0, 10.0, 60.0, 30.0), "Tea", "word", 0))  # fmt: skip
    truth = "{'title': 'Tea'}"
    return Inset(encode(pixels), "image/png", width, height, 1.0, "chart", truth, "dict", parts)


def test_a_picture_brings_its_truth_and_its_regions(draw: Draw) -> None:
    page = draw(TextBlock(text("Before.")), Figure(inset(), text("Figure 1")))
    assert page.text == "Before.\n\n```dict\n{'title': 'Tea'}\n```\n\nFigure 1"
    (chart,), (title,), (caption,) = (of(page, role) for role in ("chart", "title", "caption"))
    regions = page.picture.regions
    assert regions[title.parent or -1] == chart
    assert regions[caption.parent or -1] == chart
    assert regions.index(title) < regions.index(caption)
    words = [region for region in of(page, "word") if region.text == "Tea"]
    assert [regions[word.parent or -1] for word in words] == [title]
    x0, y0, x1, y1 = (round(v) for v in title.bbox)
    assert (x1 - x0, y1 - y0) == (40, 20)
    assert page.picture.pixels[y0 + 1 : y1 - 1, x0 + 1 : x1 - 1].max() == 0
    assert page.picture.pixels[y0 - 2, x0:x1].min() == 255
    assert page.shown == (True,)


def test_a_picture_whose_place_has_another_shape_is_rejected(draw: Draw) -> None:
    with pytest.raises(Rejected, match="a chart with a truth of its own"):
        draw(Figure(inset()), css=".art { max-height: 60px !important; }")


def test_a_picture_at_the_end_of_a_column_is_whole_or_not_there(draw: Draw) -> None:
    lines = TextBlock(text("A line of words that is here. " * 14))
    page = draw(Group((lines, Figure(inset())), "", flow=True), height=160)
    assert of(page, "chart") == []
    assert "Tea" not in page.text
    assert page.shown == (False,)
