from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np

from renderers.latex import choice, template
from renderers.latex.blocks import Document, Formula, ListBlock, Paragraph, Text

ARTICLE = replace(template.load()["article"], suits={}, density=3000)
SLIDES = replace(ARTICLE, name="slides", suits={"paragraph": (0, 200), "listed": (0.2, 1)})
SPARSE = replace(ARTICLE, name="sparse", density=1000)


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
    """A document makes three times as many pages of a third of the letters."""
    first = Counter(order(PROSE, ARTICLE, SPARSE, seed=seed)[0] for seed in range(2000))
    pages = {"article": first["article"] / 3000, "sparse": first["sparse"] / 1000}
    assert 0.85 < pages["article"] / pages["sparse"] < 1.18


def test_a_template_that_lacks_the_glyphs_comes_last() -> None:
    def prints(chosen: template.Template) -> float:
        return 0.2 if chosen.name == "article" else 0.95

    for seed in range(5):
        rng = np.random.default_rng(seed)
        names = [t.name for t in choice.in_order(PROSE, (ARTICLE, SPARSE), rng, prints)]
        assert names == ["sparse", "article"]


def test_every_template_has_its_density() -> None:
    assert all("density:" in entry for entry in _entries())


def _entries() -> list[str]:
    manifest = (template.FOLDER / template.MANIFEST).read_text("utf-8")
    return [part for part in manifest.split("\n\n") if "license:" in part]
