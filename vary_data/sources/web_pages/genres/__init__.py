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
    languages: tuple[str, ...] = ("en", "zh")
    share: int = 2

    def compose(self) -> Compose:
        module = importlib.import_module(f"{__name__}.{self.module}")
        found: Compose = module.compose
        return found


GENRES: Mapping[str, Genre] = MappingProxyType(
    {
        "newspaper": Genre("newspaper", share=3),
        "academic": Genre("academic", share=3),
        "invoice": Genre("invoice"),
        "receipt": Genre("receipt", share=1),
        "slide": Genre("slide"),
        "form": Genre("form"),
        "dictionary": Genre("dictionary", share=1),
        "classical": Genre("classical", languages=("zh",), share=1),
    }
)


def genres_of(lang: str) -> tuple[str, ...]:
    """The genres that exist in a language."""
    return tuple(name for name, genre in GENRES.items() if lang in genre.languages)
