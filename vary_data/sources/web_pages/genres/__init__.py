"""The genres of browser pages: a module each, whose `compose` makes a page from a seed."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from vary_data.sources.prose.prose import Prose
from vary_data.sources.web_pages.composition import Composition

Compose = Callable[[Prose], Composition]


@dataclass(frozen=True, slots=True)
class Genre:
    """`module` is below this package; `share` is how often the genre comes, relative to others."""

    module: str
    languages: tuple[str, ...] = ()
    """Where the genre exists; everywhere if empty."""
    share: int = 2

    def compose(self) -> Compose:
        """The function of the genre's module, imported when it is wanted."""
        module = importlib.import_module(f"{__name__}.{self.module}")
        found: Compose = module.compose
        return found


GENRES: Mapping[str, Genre] = MappingProxyType(
    {
        "newspaper": Genre("newspaper", share=3),
        "magazine": Genre("magazine"),
        "report": Genre("report"),
        "academic": Genre("academic", share=3),
        "textbook": Genre("textbook"),
        "exam": Genre("exam"),
        "worksheet": Genre("worksheet"),
        "slide": Genre("slide"),
        "poster": Genre("poster"),
        "web_article": Genre("web_article"),
        "documentation": Genre("documentation"),
        "letter": Genre("letter"),
        "memo": Genre("memo"),
        "form": Genre("form"),
        "invoice": Genre("invoice"),
        "receipt": Genre("receipt"),
        "ticket": Genre("ticket", share=1),
        "certificate": Genre("certificate", share=1),
        "menu": Genre("menu", share=1),
        "timetable": Genre("timetable"),
        "catalogue": Genre("catalogue"),
        "dictionary": Genre("dictionary", share=1),
        "contents": Genre("contents"),
        "spreadsheet": Genre("spreadsheet", share=3),
        "classical": Genre("classical", languages=("zh", "zh-Hant", "ja"), share=1),
    }
)


def genres_of(lang: str) -> tuple[str, ...]:
    """The genres that exist in a language."""
    return tuple(
        name for name, genre in GENRES.items() if not genre.languages or lang in genre.languages
    )
