"""The grammar and the words of each language: package data, `<tag>.txt`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from renderers.languages.registry import language
from vary_data.base.seed import stable_hash
from vary_data.sources.builtin.topics import lists
from vary_data.sources.corpus import (
    Corpus,
    LeftOut,
    Subject,
    built_in,
    chinese_nouns,
    english_nouns,
)
from vary_data.sources.prose.package_texts import package_sentences

LISTS = ("noun", "place", "good", "measure", "first_name", "surname", "street", "given", "reading")
"""Symbols whose alternatives are words."""


@dataclass(frozen=True, slots=True)
class ProseCorpus:
    """Words by symbol of the grammar, and the sentences of a user's corpus, if one is given.

    `borrowed` are sentences of a Debian package, on about half of the pages.
    """

    lang: str
    words: Mapping[str, tuple[str, ...]]
    grammar: Mapping[str, tuple[str, ...]]
    sentences: tuple[str, ...] = ()
    source: str = ""
    license: str = ""
    left_out: tuple[LeftOut, ...] = ()
    """What of the corpus cannot be used."""
    borrowed: tuple[str, ...] = field(default=(), repr=False)

    @property
    def digest(self) -> str:
        """A hash of the sentences that do not come with this project; empty without any."""
        read = self.sentences or self.borrowed
        return f"{stable_hash(*read):016x}" if read else ""


@cache
def built_in_prose(lang: str) -> ProseCorpus:
    """The grammar of a language over its built-in words."""
    if lang in ("en", "zh"):
        return _with_chart_words(lang)
    symbols = dict(_symbols(lang))
    words = {name: symbols.pop(name) for name in LISTS if name in symbols}
    words["noun_cap"] = tuple(noun[:1].upper() + noun[1:] for noun in words["noun"])
    words["good_cap"] = tuple(good[:1].upper() + good[1:] for good in words["good"])
    words["measure"] = tuple(name[:1].upper() + name[1:] for name in words["measure"])
    source, license_ = "built-in sentences", "Apache-2.0"
    borrowed = package_sentences(lang)
    package = language(lang).texts
    if borrowed and package is not None:
        source += f", with {package.package}"
        license_ += f"; sentences of {package.package} {package.license}"
    return ProseCorpus(lang, words, symbols, (), source, license_, (), borrowed)


def _with_chart_words(lang: str) -> ProseCorpus:
    """English and Chinese share their words with the charts."""
    corpus = built_in(lang)
    symbols = dict(_symbols(lang))
    found = english_nouns() if lang == "en" else chinese_nouns()
    avoided = frozenset(symbols["avoid"])
    nouns = tuple(noun for noun in found if noun.lower() not in avoided)
    places, organizations = symbols.pop("place_subjects"), symbols.pop("org_subjects")
    goods = symbols.pop("good_subjects")
    own = lists(lang)
    words = {
        "noun_cap": nouns,
        "noun": tuple(n.lower() for n in nouns),
        "place": _names(corpus, lambda subject: subject.label in places, own.get("city", ())),
        "org": _names(corpus, lambda subject: subject.label in organizations),
        "good_cap": _names(corpus, lambda subject: subject.label in goods),
        "measure": tuple(m.name for m in corpus.measures),
        "first_name": own.get("first_names", ()),
    }
    words |= {name: symbols.pop(name) for name in ("surname", "given", "street") if name in symbols}
    return ProseCorpus(lang, words, symbols, source=corpus.source, license=corpus.license)


def _names(
    corpus: Corpus, wanted: Callable[[Subject], bool], further: Sequence[str] = ()
) -> tuple[str, ...]:
    """The names of some subjects, and further ones, each once."""
    names = [name for subject in corpus.subjects if wanted(subject) for name in subject.names]
    return tuple(dict.fromkeys([*names, *further]))


def _symbols(lang: str) -> dict[str, tuple[str, ...]]:
    text = (resources.files(__package__) / f"{lang}.txt").read_text("utf-8")
    rules = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            symbol, _, alternatives = line.partition(": ")
            rules[symbol] = tuple(map(_alternative, alternatives.split(" / ")))
    return rules


def _alternative(text: str) -> str:
    """An alternative without its marks for spaces at the ends and for an empty text."""
    if text == "-":
        return ""
    front = " " if text.startswith("_") else ""
    back = " " if text.endswith("_") else ""
    return f"{front}{text.strip('_')}{back}"
