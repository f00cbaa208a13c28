"""The words about charts in a language: captions, questions with answers, heads of tables.

A language is a file `words/<tag>.toml`; adding one adds a language. Its patterns need no other form
of the names that are put into them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from renderers.languages.registry import language

MAX_LISTED = 4
"""More names than this are given by the first and the last one."""
DEFAULT = "en"


@dataclass(frozen=True, slots=True)
class ChartWords:
    """The tables of a file. Patterns have fields in braces.

    `space` is between sentences, `comma` and `last` are between the names of a list, `path` between
    the names that lead to a value, `arrow` between the ends of a link: in languages from right to
    left it points to the left. `counts` has what is counted, with the singular before `|` where it
    differs. Patterns of `caption` that speak of values are pairs: printed values, and approximate
    ones.
    """

    lang: str
    space: str
    comma: str
    last: str
    range: str
    path: str
    arrow: str
    panel: str
    answers: Mapping[str, str]
    colors: Mapping[str, str]
    table: Mapping[str, str]
    counts: Mapping[str, str]
    caption: Mapping[str, Any]
    questions: Mapping[str, Any]
    fields: Mapping[str, str]
    types: Mapping[str, str]

    def count(self, what: str, n: int) -> str:
        """A number of things, e.g. `3 categories`."""
        forms = self.counts[what].split("|")
        return forms[0 if n == 1 else -1].format(n=n)

    def listed(self, names: Sequence[str], limit: int = MAX_LISTED) -> str:
        """Names as a list in a sentence."""
        if len(names) > limit:
            listed = self.range.format(first=names[0], last=names[-1])
        else:
            listed = self.last.join(filter(None, [self.comma.join(names[:-1]), names[-1]]))
        return language(self.lang).joined(listed)

    def type_name(self, type_: str) -> str:
        """What a caption calls a type; a chart if it is not known."""
        return self.types.get(type_, self.types["chart"])

    def point_count(self, type_: str, n: int) -> str:
        """A number of the points of a type, which are the arrows of a `quiver`, for example."""
        return self.count(type_ if type_ in self.counts else "point", n)

    def field_name(self, name: str) -> str:
        """A figure of a summary or point in words; names that are printed on the picture stay."""
        return self.fields.get(name, name)

    def answer(self, value: bool | str) -> str:
        """`True`, `False`, `up` or `down` as an answer."""
        name = value if isinstance(value, str) else "yes" if value else "no"
        return self.answers[name]


@cache
def word_languages() -> frozenset[str]:
    """The tags of the languages that have words about charts."""
    names = (entry.name for entry in _folder().iterdir())
    return frozenset(name.removesuffix(".toml") for name in names if name.endswith(".toml"))


@cache
def chart_words(lang: str) -> ChartWords:
    """The words of a language, English ones where it has none."""
    tag = lang if lang in word_languages() else DEFAULT
    return ChartWords(tag, **tomllib.loads((_folder() / f"{tag}.toml").read_text("utf-8")))


def _folder() -> Any:
    return resources.files("vary_data.targets.charts") / "words"
