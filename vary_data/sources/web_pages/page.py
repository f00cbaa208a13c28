"""A page from a seed: composed by its genre, its texts changed, its look chosen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from renderers.fonts import Family
from renderers.web.document import PageStyle, WebPage
from vary_data.sources.prose.built_in import ProseCorpus
from vary_data.sources.prose.prose import Prose
from vary_data.sources.web_pages.documents.blocks import Setting
from vary_data.sources.web_pages.documents.compose import compose_document
from vary_data.sources.web_pages.genres import GENRES
from vary_data.sources.web_pages.localize import localized
from vary_data.sources.web_pages.phonetic import (
    HEADWORDS_ONLY,
    LARGER,
    PHONETIC_GENRES,
    STYLES,
    with_phonetic,
)
from vary_data.sources.web_pages.quotation import with_marks
from vary_data.sources.web_pages.ruby import with_readings
from vary_data.sources.web_pages.scramble import form_of, scramble
from vary_data.sources.web_pages.style import choose_style, is_hyphenated

WITH_READINGS = 0.2
"""Share of the natural pages with ruby: in languages that have a list of readings, and in Chinese
books of some genres."""

OTHER_QUOTES = 0.25
"""Share of the pages with quotation marks in another style than the usual one, in languages that
have several."""
WORDS = ("natural", "words")
"""Forms of text with real words: random letters have no places to be broken at, and no reader
could tell their own hyphens from those of lines."""


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
    setting: Setting | None = None,
) -> ComposedPage:
    """A page of a genre, in some of the fonts and in a look; all randomness comes from `rng`.

    With a `setting` it has the blocks of that document.

    Raises:
        Rejected: `glyph`: none of the fonts has all of its characters.
    """
    prose = Prose(corpus, rng)
    if setting is None:
        composition = GENRES[genre].compose()(prose)
    else:
        composition = compose_document(prose, genre, setting)
    form = form_of(text, rng)
    page = WebPage(genre, prose.lang, composition.blocks)
    if setting is None and not prose.quoted:
        usual, *others = prose.language.quotes
        marks = prose.pick(others) if others and prose.chance(OTHER_QUOTES) else usual
        page = with_marks(page, usual, marks)
    page = scramble(page, form, fonts, rng)
    page = localized(page, prose.language, prose.digits)
    if form == "natural" and "reading" in prose.corpus.words and prose.chance(WITH_READINGS):
        page = with_readings(page, prose.corpus.words["reading"])
    larger = 1.0
    phonetic = prose.lang in STYLES and genre in PHONETIC_GENRES and setting is None
    if form == "natural" and phonetic and prose.chance(WITH_READINGS):
        page = with_phonetic(page)
        larger = 1.0 if genre in HEADWORDS_ONLY else LARGER
    style = choose_style(page, composition, long_side, fonts, rng, larger)
    style = replace(style, hyphenated=form in WORDS and is_hyphenated(style, prose.language, rng))
    meta = {
        "genre": genre,
        "text": form,
        "look": style.look,
        "body_font": style.body,
        "head_font": style.head,
        "hyphenated": style.hyphenated,
    }
    return ComposedPage(page, style, meta)
