"""Documents as blocks of browser pages."""

from __future__ import annotations

import numpy as np

from renderers.web.document import Code, Group, Table, TableCell, TextBlock, text
from vary_data.sources.prose.prose import Prose, load_prose
from vary_data.sources.web_pages.composition import Composition
from vary_data.sources.web_pages.documents.blocks import Setting
from vary_data.sources.web_pages.documents.compose import PAPERS, compose_document
from vary_data.sources.web_pages.documents.rows import SourcePage, turns

PARAGRAPH = TextBlock(text("The harbor was closed to all ships by the end of that day. " * 4))
WIDE_TABLE = Table((tuple(TableCell(text(f"Column {i}")) for i in range(6)),))


def composed(genre: str, *blocks: object) -> list[Composition]:
    """Pages of many seeds with these blocks."""
    setting = Setting(list(blocks))  # type: ignore[arg-type]
    corpus = load_prose("en")
    return [
        compose_document(Prose(corpus, np.random.default_rng(seed)), genre, setting)
        for seed in range(20)
    ]


def columns(page: Composition) -> int:
    (flow,) = (b for b in page.blocks if isinstance(b, Group) and b.flow)
    return flow.columns


def test_short_content_is_a_page_of_a_small_book() -> None:
    assert {page.sheet.width for page in composed("report", PARAGRAPH)} == {PAPERS[-1][0]}
    long = composed("report", *[PARAGRAPH] * 40)
    assert {page.sheet.width for page in long} == {PAPERS[0][0]}


def test_wide_blocks_are_in_one_column_of_a_large_sheet() -> None:
    assert {columns(page) for page in composed("magazine", PARAGRAPH)} == {2, 3}
    for block in (WIDE_TABLE, Code(("x" * 50,))):
        pages = composed("magazine", PARAGRAPH, block)
        assert {columns(page) for page in pages} == {1}
        assert {page.sheet.width for page in pages} <= {PAPERS[0][0], PAPERS[1][0]}


def test_a_web_page_ends_before_it_is_too_long() -> None:
    for page in composed("web_article", *[PARAGRAPH] * 200):
        (body,) = page.blocks
        assert isinstance(body, Group)
        (article,) = body.blocks
        assert isinstance(article, Group)
        assert 5 < len(article.blocks) < 100


def test_all_pages_come_before_one_comes_again() -> None:
    pages = [SourcePage("f", str(i), str(i), False) for i in range(7)]
    found = turns(pages, 3, 21)
    for start in (0, 7, 14):
        assert sorted(page.id for page in found[start : start + 7]) == [str(i) for i in range(7)]
    assert turns(pages, 3, 9) == found[:9]
    assert turns(pages, 4, 21) != found
