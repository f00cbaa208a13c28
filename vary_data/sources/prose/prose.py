"""Natural text for pages: a seeded grammar over the words of the corpora, or a user's sentences."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np

from renderers.fonts import Family
from renderers.fonts import families as installed
from renderers.languages.registry import Dates, language
from vary_data.base.errors import SourceError
from vary_data.sources.cache import local_only
from vary_data.sources.corpus import LeftOut, check_script
from vary_data.sources.prose.alphabet import place
from vary_data.sources.prose.built_in import ProseCorpus, built_in_prose
from vary_data.sources.prose.drawable import drawable_sentences
from vary_data.sources.prose.formats import amount, date, weekday
from vary_data.sources.prose.page_texts import PageTexts
from vary_data.sources.prose.sentences import split_sentences
from vary_data.sources.texts import read_texts

T = TypeVar("T")

_SLOT = re.compile(r"\{(\w+)\}")
MIN_SENTENCES = 50
BORROWED = 0.5
"""Share of the pages with the sentences of a Debian package, where it is installed."""


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
    sentences, left_out = drawable_sentences(split, families or installed(lang), lang)
    if len(sentences) < MIN_SENTENCES:
        least, most = language(lang).sentence_length
        raise SourceError(
            f"{origin} has only {len(sentences)} sentences of {least} to {most} characters",
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


class Prose:
    """Texts for one page. All randomness comes from `rng`; `fixed` binds symbols of the grammar,
    so that the sentences of an article are about one place and one person."""

    def __init__(self, corpus: ProseCorpus, rng: np.random.Generator) -> None:
        self.corpus = corpus
        self.lang = corpus.lang
        self.language = language(corpus.lang)
        self.rng = rng
        self.fixed: dict[str, str] = {}
        self._last_place = ""
        self._date_pattern = ""
        self._last_year = 0
        self._page = PageTexts(rng)
        systems = self.language.digits
        self.digits = self.pick(systems) if len(systems) > 1 else systems[0]
        """The digits of the page; texts have ASCII digits until they are all made."""
        self._sentences = corpus.sentences
        if corpus.borrowed and not corpus.sentences and self.chance(BORROWED):
            self._sentences = corpus.borrowed
        self._next = int(rng.integers(len(self._sentences))) if self._sentences else 0

    @property
    def words(self) -> bool:
        """Whether spaces part the words."""
        return self.language.splitting == "spaces"

    @property
    def dense(self) -> int:
        """How many times fewer characters than English a text of the same length has."""
        return 3 if self.language.wide else 1

    @property
    def quoted(self) -> bool:
        """Whether the sentences are those of a text, not of the grammar."""
        return bool(self._sentences)

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
        """A text of the grammar, without a capital letter of its own, that the page does not have
        yet, as far as the grammar has so many."""
        return self.fresh(lambda: self._put_together(self._next_pattern(symbol), 1))

    def fresh(self, draw: Callable[[], str]) -> str:
        """A text that the page does not have yet, if one of some that are drawn is."""
        return self._page.new(draw)

    def has_more(self, symbol: str) -> bool:
        """Whether the grammar has a text of this symbol that the page does not have."""
        return self.rich(symbol) or not self._page.used_up(symbol)

    def rich(self, symbol: str) -> bool:
        """Whether texts of a symbol have gaps, so that there are many of them."""
        return any(map(_has_gaps, self.corpus.grammar[symbol]))

    def fill(self, pattern: str, *values: object, **named: object) -> str:
        """A pattern of a genre with its gaps filled, in the forms of the language."""
        return self.language.joined(pattern.format(*values, **named))

    def sentence(self) -> str:
        """A sentence; one of the user's corpus if there is one."""
        if not self._sentences:
            return capital(self.say("sentence"))
        following = (self._next + 1) % len(self._sentences)
        self._next = self._page.next_new(self._sentences, following)
        return self._sentences[self._next]

    def quotation(self) -> str:
        """A sentence between quotation marks; one of a text that has marks itself stays."""
        sentence = self.sentence()
        before, after, *_ = self.language.quotes[0]
        if self.quoted and any(mark in sentence for mark in '"«»„“”‘「『'):
            return sentence
        return f"{before}{sentence}{after}"

    def paragraph(self, low: int, high: int) -> str:
        """`low` to `high` sentences."""
        glue = "" if self.language.wide else " "
        return glue.join(self.sentence() for _ in range(self.whole(low, high)))

    def headline(self) -> str:
        """A headline of a newspaper."""
        return capital(self.say("headline"))

    def heading(self) -> str:
        """A heading of a section."""
        return capital(self.say("topic_title"))

    def noun(self) -> str:
        """A noun, with a capital letter where the script has them."""
        return self.pick(self.corpus.words["noun_cap"])

    def words_in_order(self, count: int) -> list[str]:
        """Different nouns, as an index lists them."""
        return sorted(self.nouns(count), key=lambda word: place(word, self.language.script))

    def nouns(self, count: int) -> list[str]:
        """Different nouns, at most as many as there are."""
        known = self.corpus.words["noun_cap"]
        chosen = self.rng.choice(len(known), min(count, len(known)), replace=False)
        return [known[i] for i in chosen.tolist()]

    def place(self) -> str:
        """A place; that of the article if there is one."""
        return self.fixed.get("place") or self.pick(self.corpus.words["place"])

    def places(self, count: int) -> list[str]:
        """Different places."""
        known = self.corpus.words["place"]
        return [known[i] for i in self.rng.choice(len(known), count, replace=False).tolist()]

    def good(self) -> str:
        """The name of a product that the page does not have yet, as far as there are so many."""
        return self._page.in_turn("good_cap", self.corpus.words["good_cap"])

    def organization(self) -> str:
        """The name of an organization."""
        return self._expand("org", 0)

    def person(self) -> str:
        """The full name of a person who does not exist."""
        if "full_name" in self.corpus.grammar:
            return self._expand("full_name", 0)
        first = self.pick(self.corpus.words["first_name"])
        return f"{first} {self.pick(self.corpus.words['surname'])}"

    def number(self, low: int = 11, high: int = 9800) -> str:
        """A whole number as it is printed."""
        value = self.whole(low, high)
        return self.amount(value) if self.language.group_in_text else str(value)

    def amount(self, value: float, decimals: int = 0) -> str:
        """A number with the separators of the language."""
        return amount(value, decimals, self.language, self.digits)

    def percent(self, value: float) -> str:
        """A share with one decimal and its sign."""
        return f"{self.amount(value, 1)}{self.language.percent}"

    def money(self, low: float, high: float) -> float:
        """An amount from `low` to `high` euros or dollars in the language's money; small ones are
        more likely."""
        return self.coins(float(np.exp(self.rng.uniform(np.log(low), np.log(high)))))

    def coins(self, value: float) -> float:
        """Euros or dollars in the language's money, with its decimals."""
        return round(value * self.language.money_scale, self.language.money_decimals)

    def cash(self, value: float) -> str:
        """An amount of the language's money as it is printed."""
        return self.amount(value, self.language.money_decimals)

    def year(self) -> int:
        """A year of the language's calendar: from 1961 to 2026 of the Gregorian one."""
        return self.whole(1961, 2026) + self._dates.year_shift

    def year_of(self, first: int, last: int) -> int:
        """A year between two of the Gregorian calendar, in that of the language."""
        return self.whole(first, last) + self._dates.year_shift

    def iso_date(self) -> str:
        """A date of 2015 to 2026 as year, month and day."""
        return f"{self.year_of(2015, 2026)}-{self.whole(1, 12):02d}-{self.whole(1, 28):02d}"

    def small(self, noun: str) -> str:
        """A noun as dictionaries list it: without a capital letter, but in German."""
        return noun if self.lang == "de" else noun.lower()

    def month(self) -> str:
        """The name of a month."""
        return self._dates.months[self.whole(1, 12) - 1]

    def date(self, first: int = 2009, last: int = 2026) -> str:
        """A date of these Gregorian years, in the form that all dates of the page have."""
        return self._date(self.whole(first, last), self.whole(1, 12), self.whole(1, 28))

    def dated(self) -> tuple[str, str]:
        """The name of the day of the week of a date of 2009 to 2026, and the date."""
        year, month, day = self.whole(2009, 2026), self.whole(1, 12), self.whole(1, 28)
        return weekday(self._dates, year, month, day), self._date(year, month, day)

    def dates_apart(self, days: int) -> tuple[str, str]:
        """A date of 2009 to 2026 and the one so many days later, which is in the same month: `days`
        is at most 14."""
        year, month, day = self.whole(2009, 2026), self.whole(1, 12), self.whole(1, 14)
        return self._date(year, month, day), self._date(year, month, day + days)

    def last_year(self) -> int:
        """The year of the latest date that was made, in the calendar of the language; any one
        before there is a date."""
        return self._last_year + self._dates.year_shift if self._last_year else self.year()

    def _date(self, year: int, month: int, day: int) -> str:
        if not self._date_pattern:
            patterns = self._dates.patterns
            self._date_pattern = self.pick(patterns) if len(patterns) > 1 else patterns[0]
        self._last_year = year
        return date(self._dates, self._date_pattern, year, month, day)

    def weekday(self) -> str:
        """The name of a day of the week."""
        return self.pick(self._dates.weekdays)

    @property
    def weekdays(self) -> tuple[str, ...]:
        """The days of the week from its first day on: Monday, in Persian Saturday."""
        return self._dates.weekdays

    @property
    def _dates(self) -> Dates:
        assert self.language.dates is not None
        return self.language.dates

    def _expand(self, symbol: str, depth: int) -> str:
        if symbol in self.corpus.grammar and depth < 12:
            return self._put_together(self.pick(self.corpus.grammar[symbol]), depth + 1)
        return self._word(symbol)

    def _put_together(self, pattern: str, depth: int) -> str:
        """A pattern of the grammar with its gaps filled, in the forms of the language."""
        filled = _SLOT.sub(lambda m: self._expand(m[1], depth), pattern)
        return self.language.joined(filled)

    def _next_pattern(self, symbol: str) -> str:
        """A pattern of a symbol, in random order: each of them once, then those with gaps alone,
        which give other texts each time. A quotation is no other one from another person."""
        if symbol not in self.corpus.grammar:
            return f"{{{symbol}}}"
        patterns = self.corpus.grammar[symbol]
        if self._page.used_up(symbol):
            patterns = tuple(filter(_has_gaps, patterns)) or patterns
        return self._page.in_turn(symbol, patterns)

    def _word(self, symbol: str) -> str:
        match symbol:
            case "person" if symbol in self.fixed and self.chance(0.7):
                return self.fixed[symbol]
            case "person":
                return self.person()
            case "place":
                kept = symbol in self.fixed and self.chance(0.7)
                found = self.fixed[symbol] if kept else self.pick(self.corpus.words[symbol])
                self._last_place = found
                return found
            case "place2":
                others = [p for p in self.corpus.words["place"] if p != self._last_place]
                return self.pick(others)
            case "year":
                return str(self.year())
            case "coming_year":
                return str(self.year_of(2027, 2045))
            case "month":
                return self.month()
            case "weekday":
                return self.weekday()
            case "a_number":
                return self.number()
            case "small_number":
                return str(self.whole(2, 60))
            case "percent":
                whole = self.chance(0.7)
                return str(self.whole(2, 79)) if whole else self.amount(self.whole(11, 299) / 10, 1)
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
                # `Orange juice` has one capital as the name of a product, none in a sentence.
                return good.lower() if self.lang == "en" else good
        return self.pick(self.corpus.words[symbol])


def _has_gaps(pattern: str) -> bool:
    return any(symbol != "person" for symbol in _SLOT.findall(pattern))


def capital(text: str) -> str:
    """The text with a capital letter at its beginning."""
    for i, c in enumerate(text):
        if c.isalnum():
            return text[:i] + c.upper() + text[i + 1 :]
    return text
