"""A page from a seed: composed by its genre, its texts changed, its look chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from renderers.fonts import Family
from renderers.web.document import PageStyle, WebPage
from vary_data.sources.prose.prose import Prose, ProseCorpus
from vary_data.sources.web_pages.composition import Composition
from vary_data.sources.web_pages.documents.blocks import Setting
from vary_data.sources.web_pages.documents.compose import compose_document
from vary_data.sources.web_pages.genres import GENRES
from vary_data.sources.web_pages.scramble import form_of, scramble
from vary_data.sources.web_pages.style import choose_style


@dataclass(frozen=True, slots=True)
class ComposedPage:
    """A page with its style; `meta` is what a row says of it, as plain JSON data."""

    page: WebPage
    style: PageStyle
    meta: dict[str, Any]


def compose_page(
    genre: str,
    corpus: ProseCorpus,
    text: str,
    long_side: int,
    fonts: tuple[Family, ...],
    rng: np.random.Generator,
) -> ComposedPage:
    """A page of a genre, in some of the fonts; all randomness comes from `rng`.

    Raises:
        Rejected: `glyph`: none of the fonts has all of its characters.
    """
    composition = GENRES[genre].compose()(Prose(corpus, rng))
    return styled_page(genre, composition, corpus, text, long_side, fonts, rng)


def compose_document_page(
    genre: str,
    setting: Setting,
    corpus: ProseCorpus,
    text: str,
    long_side: int,
    fonts: tuple[Family, ...],
    rng: np.random.Generator,
) -> ComposedPage:
    """The blocks of a document as a page of a genre.

    Raises:
        Rejected: `glyph`: none of the fonts has all of its characters.
    """
    composition = compose_document(Prose(corpus, rng), genre, setting)
    return styled_page(genre, composition, corpus, text, long_side, fonts, rng)


def styled_page(
    genre: str,
    composition: Composition,
    corpus: ProseCorpus,
    text: str,
    long_side: int,
    fonts: tuple[Family, ...],
    rng: np.random.Generator,
) -> ComposedPage:
    """A composed page with its texts in a form, in a look.

    Raises:
        Rejected: `glyph`: none of the fonts has all of its characters.
    """
    form = form_of(text, rng)
    page = scramble(WebPage(genre, corpus.lang, composition.blocks), form, fonts, rng)
    style = choose_style(page, composition, long_side, fonts, rng)
    meta = {
        "genre": genre,
        "text": form,
        "look": style.look,
        "body_font": style.body,
        "head_font": style.head,
    }
    return ComposedPage(page, style, meta)
