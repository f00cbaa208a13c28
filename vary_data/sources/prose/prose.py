"""Natural text for pages: a seeded grammar over the words of the corpora, or a user's sentences."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TypeVar

import numpy as np

from renderers.fonts import Family
from renderers.fonts import families as installed
from vary_data.base.errors import SourceError
from vary_data.base.seed import stable_hash
from vary_data.sources.builtin.topics import lists
from vary_data.sources.cache import local_only
from vary_data.sources.corpus import (
    LeftOut,
    built_in,
    check_script,
    chinese_nouns,
    english_nouns,
)
from vary_data.sources.prose.drawable import drawable_sentences
from vary_data.sources.texts import read_texts

T = TypeVar("T")

_SLOT = re.compile(r"\{(\w+)\}")
_SENTENCE_END = {
    "en": re.compile(r"(?<=[.!?])[”\"']?\s+(?=[“\"A-Z0-9])"),
    "zh": re.compile(r"(?<=[。！？])(?![”」])"),
}
MAX_SENTENCE, MIN_SENTENCE = {"en": 320, "zh": 120}, {"en": 25, "zh": 8}
"""Characters of a sentence that is taken from a user's corpus."""
MIN_SENTENCES = 50
_ARTICLE = re.compile(r"\b([Aa]) (?=[aeiou])")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
WEEKDAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "zh": ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"),
}
SURNAMES = {
    "en": [
        "Adams",
        "Baker",
        "Brandt",
        "Clarke",
        "Dawson",
        "Ekberg",
        "Ferrari",
        "Garcia",
        "Haas",
        "Ibarra",
        "Jensen",
        "Keller",
        "Lindqvist",
        "Moreau",
        "Novak",
        "Okafor",
        "Patel",
        "Quinn",
        "Rossi",
        "Schmidt",
        "Tanaka",
        "Ueda",
        "Vargas",
        "Walsh",
        "Yilmaz",
        "Zhou",
    ],
    "zh": list("王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹"),
}
GIVEN_ZH = list("伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉建文志国海东晓红梅春雨")


@dataclass(frozen=True, slots=True)
class ProseCorpus:
    """Words by symbol of the grammar, and the sentences of a user's corpus, if one is given."""

    lang: str
    words: Mapping[str, tuple[str, ...]]
    grammar: Mapping[str, tuple[str, ...]]
    sentences: tuple[str, ...] = ()
    source: str = ""
    license: str = ""
    left_out: tuple[LeftOut, ...] = ()
    """What of the corpus cannot be used."""

    @property
    def digest(self) -> str:
        return f"{stable_hash(*self.sentences):016x}" if self.sentences else ""


@cache
def built_in_prose(lang: str) -> ProseCorpus:
    """The grammar of a language over its built-in words."""
    corpus = built_in(lang)
    grammar = _grammar(lang)
    found = english_nouns() if lang == "en" else chinese_nouns()
    avoided = frozenset(grammar["avoid"])
    nouns = tuple(noun for noun in found if noun.lower() not in avoided)
    by_dimension: dict[str, list[str]] = {}
    for subject in corpus.subjects:
        by_dimension.setdefault(subject.dimension, []).extend(subject.names)
    own = lists(lang)
    words = {
        "noun_cap": nouns,
        "noun": tuple(n.lower() for n in nouns),
        "place": tuple(dict.fromkeys([*by_dimension.get("place", ()), *own.get("city", ())])),
        "org": tuple(by_dimension.get("organization", ())),
        "good_cap": tuple(by_dimension.get("thing", ())),
        "measure": tuple(m.name for m in corpus.measures),
        "first_name": own.get("first_names", ()),
    }
    return ProseCorpus(lang, words, grammar, source=corpus.source, license=corpus.license)


def load_prose(
    lang: str, paths: Sequence[str] = (), families: Sequence[Family] = ()
) -> ProseCorpus:
    """The built-in prose, or with the sentences of a user's files in its place, as far as one of
    the families can write them, by default the installed ones.

    Raises:
        SourceError: a path cannot be read, holds too little, or is in another script than `lang`.
    """
    prose = built_in_prose(lang)
    if not paths:
        return prose
    read = [read_texts(Path(local_only(path, "a corpus"))) for path in paths]
    origin = ", ".join(paths)
    texts = [text for found, _ in read for text in found]
    check_script(texts, lang, origin)
    split = [s for text in texts for s in split_sentences(text, lang)]
    sentences, left_out = drawable_sentences(split, families or installed(lang))
    if len(sentences) < MIN_SENTENCES:
        raise SourceError(
            f"{origin} has only {len(sentences)} sentences of {MIN_SENTENCE[lang]} to "
            f"{MAX_SENTENCE[lang]} characters",
            f"at least {MIN_SENTENCES} that an installed font can write are needed",
        )
    unread = tuple(LeftOut("malformed-line", line.place) for _, bad in read for line in bad)
    return ProseCorpus(
        lang,
        prose.words,
        prose.grammar,
        sentences,
        origin,
        "as the corpus",
        unread + left_out,
    )


def split_sentences(text: str, lang: str) -> list[str]:
    """The sentences of a text that are neither too short nor too long, spaces made single."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    found = (s.strip() for s in _SENTENCE_END[lang].split(plain))
    return [s for s in found if MIN_SENTENCE[lang] <= len(s) <= MAX_SENTENCE[lang]]


def _grammar(lang: str) -> dict[str, tuple[str, ...]]:
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


class Prose:
    """Texts for one page. All randomness comes from `rng`; `fixed` binds symbols of the grammar,
    so that the sentences of an article are about one place and one person."""

    def __init__(self, corpus: ProseCorpus, rng: np.random.Generator) -> None:
        self.corpus = corpus
        self.lang = corpus.lang
        self.rng = rng
        self.fixed: dict[str, str] = {}
        self._next = int(rng.integers(len(corpus.sentences))) if corpus.sentences else 0

    def pick(self, options: Sequence[T]) -> T:
        """One of the options, all equally likely."""
        return options[int(self.rng.integers(len(options)))]

    def whole(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return int(self.rng.integers(low, high + 1))

    def chance(self, share: float) -> bool:
        """True in this share of the calls."""
        return bool(self.rng.random() < share)

    def about(self) -> None:
        """Begin an article: its sentences share a place, a person and some nouns."""
        self.fixed = {}
        self.fixed = {"place": self.place(), "person": self.person()}
        self._topic = [self.pick(self.corpus.words["noun"]) for _ in range(6)]

    def say(self, symbol: str) -> str:
        """A text of the grammar, without a capital letter of its own."""
        text = self._expand(symbol, 0)
        return _ARTICLE.sub(r"\1n ", text) if self.lang == "en" else text

    def sentence(self) -> str:
        """A sentence; one of the user's corpus if there is one."""
        if self.corpus.sentences:
            self._next = (self._next + 1) % len(self.corpus.sentences)
            return self.corpus.sentences[self._next]
        return capital(self.say("sentence"))

    def paragraph(self, low: int, high: int) -> str:
        """`low` to `high` sentences."""
        glue = " " if self.lang == "en" else ""
        return glue.join(self.sentence() for _ in range(self.whole(low, high)))

    def headline(self) -> str:
        """A headline of a newspaper."""
        return capital(self.say("headline"))

    def heading(self) -> str:
        """A heading of a section."""
        return capital(self.say("topic_title"))

    def noun(self) -> str:
        """A noun, in English with a capital letter."""
        return self.pick(self.corpus.words["noun_cap"])

    def nouns(self, count: int) -> list[str]:
        """Different nouns."""
        chosen = self.rng.choice(len(self.corpus.words["noun_cap"]), count, replace=False)
        return [self.corpus.words["noun_cap"][i] for i in chosen.tolist()]

    def place(self) -> str:
        """A place; that of the article if there is one."""
        return self.fixed.get("place") or self.pick(self.corpus.words["place"])

    def good(self) -> str:
        """The name of a product."""
        return self.pick(self.corpus.words["good_cap"])

    def organization(self) -> str:
        """The name of an organization."""
        return self.pick(self.corpus.words["org"])

    def person(self) -> str:
        """The full name of a person who does not exist."""
        if self.lang == "zh":
            given = "".join(self.pick(GIVEN_ZH) for _ in range(self.whole(1, 2)))
            return f"{self.pick(SURNAMES['zh'])}{given}"
        return f"{self.pick(self.corpus.words['first_name'])} {self.pick(SURNAMES['en'])}"

    def number(self, low: int = 11, high: int = 9800) -> str:
        """A whole number as it is printed."""
        value = self.whole(low, high)
        return f"{value:,}" if value > 999 and self.lang == "en" else str(value)

    def money(self, low: float, high: float) -> float:
        """An amount from `low` to `high` with two decimals; small ones are more likely."""
        return round(float(np.exp(self.rng.uniform(np.log(low), np.log(high)))), 2)

    def year(self) -> int:
        """A year from 1961 to 2026."""
        return self.whole(1961, 2026)

    def month(self) -> str:
        """The name of a month."""
        index = self.whole(1, 12)
        return MONTHS[index - 1] if self.lang == "en" else f"{index}月"

    def date(self) -> str:
        """A date of 2009 to 2026 in one of the usual forms."""
        day, month = self.whole(1, 28), self.whole(1, 12)
        year = self.whole(2009, 2026)
        if self.lang == "zh":
            return f"{year}年{month}月{day}日"
        styles = (
            f"{day} {MONTHS[month - 1]} {year}",
            f"{MONTHS[month - 1]} {day}, {year}",
            f"{day:02d}/{month:02d}/{year}",
            f"{year}-{month:02d}-{day:02d}",
        )
        return self.pick(styles)

    def weekday(self) -> str:
        """The name of a day of the week."""
        return self.pick(WEEKDAYS[self.lang])

    def _expand(self, symbol: str, depth: int) -> str:
        if symbol in self.corpus.grammar and depth < 12:
            pattern = self.pick(self.corpus.grammar[symbol])
            return _SLOT.sub(lambda m: self._expand(m[1], depth + 1), pattern)
        return self._word(symbol)

    def _word(self, symbol: str) -> str:
        match symbol:
            case "person" | "place" if symbol in self.fixed and self.chance(0.7):
                return self.fixed[symbol]
            case "person":
                return self.person()
            case "place2":
                return self.pick(self.corpus.words["place"])
            case "year":
                return str(self.year())
            case "month":
                return self.month()
            case "weekday":
                return self.weekday()
            case "a_number":
                return self.number()
            case "small_number":
                return str(self.whole(2, 60))
            case "percent":
                return str(self.whole(2, 79)) if self.chance(0.7) else f"{self.whole(11, 299) / 10}"
            case "measure" if self.lang == "en":
                measure = self.pick(self.corpus.words["measure"])
                return measure if measure[1:2].isupper() else measure[0].lower() + measure[1:]
            case "noun" if self.fixed and self.chance(0.35):
                return self.pick(self._topic)
            case "noun_plain":
                return self.pick(self.corpus.words["noun"])
            case "people_cap":
                return capital(self._expand("people", 11))
            case "good":
                good = self.pick(self.corpus.words["good_cap"])
                return good if self.lang == "zh" or not good.istitle() else good.lower()
        return self.pick(self.corpus.words[symbol])


def capital(text: str) -> str:
    """The text with a capital letter at its beginning."""
    for i, c in enumerate(text):
        if c.isalnum():
            return text[:i] + c.upper() + text[i + 1 :]
    return text
