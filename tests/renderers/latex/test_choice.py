from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np

from renderers.latex import choice, template
from renderers.latex.blocks import Document, Formula, ListBlock, Paragraph, Text

ARTICLE = replace(template.load()["article"], suits={})
SLIDES = replace(ARTICLE, name="slides", suits={"paragraph": (0, 200), "listed": (0.2, 1)})
DENSE = replace(ARTICLE, paper="200x210mm", margins=((20, 20), (5, 5)), sizes=(10,))
SPARSE = replace(DENSE, name="sparse", sizes=(40,))


def paragraph(letters: int) -> Paragraph:
    return Paragraph((Text("x" * letters),))


PROSE = Document((paragraph(900), paragraph(700)), "en")
TALK = Document(
    (
        paragraph(80),
        ListBlock(False, ((paragraph(30),), (paragraph(20),))),
        Formula("equation", ("x",), (None,)),
    ),
    "en",
)


def order(document: Document, *templates: template.Template, seed: int = 0) -> list[str]:
    rng = np.random.default_rng(seed)
    return [t.name for t in choice.in_order(document, templates, rng, lambda t: 1.0)]


def test_statistics_of_a_document() -> None:
    assert choice.statistics(PROSE.blocks) == {"paragraph": 800, "listed": 0}
    assert choice.statistics(TALK.blocks) == {"paragraph": 80, "listed": 0.75}


def test_slides_take_no_dense_prose() -> None:
    assert order(PROSE, ARTICLE, SLIDES) == ["article"]
    assert sorted(order(TALK, ARTICLE, SLIDES)) == ["article", "slides"]
    assert order(PROSE, SLIDES) == []


def test_pages_are_even_over_templates() -> None:
    """A document makes four times as many pages of a quarter of the letters."""
    quarter = replace(DENSE, name="quarter", sizes=(20,))
    first = Counter(order(PROSE, DENSE, quarter, seed=seed)[0] for seed in range(2000))
    assert 0.85 < first["article"] / (4 * first["quarter"]) < 1.18


def test_a_template_that_lacks_the_glyphs_comes_last() -> None:
    def prints(chosen: template.Template) -> float:
        return 0.2 if chosen.name == "article" else 0.95

    for seed in range(5):
        rng = np.random.default_rng(seed)
        names = [t.name for t in choice.in_order(PROSE, (ARTICLE, SPARSE), rng, prints)]
        assert names == ["sparse", "article"]


def test_the_capacity_of_a_page() -> None:
    chosen = replace(ARTICLE, paper="100x50mm", margins=((10, 20), (5, 5)), sizes=(10,))
    assert chosen.capacity == 70 * 40 / 100
    assert 15 < DENSE.capacity / SPARSE.capacity < 17
