"""Vocabulary for random charts: names, measures, title templates.

The built-in corpus is our own lists (package data, a folder `words/<lang>/` for each language), to
which English and Chinese add frequent nouns, from wordfreq and from jieba's dictionary. A user's
corpus takes the place of all names and titles; the lists of months, stages and the like stay.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from pathlib import Path

from renderers.fonts import Family
from renderers.fonts import families as installed
from renderers.languages.registry import Language, language, languages
from vary_data.base.errors import SourceError
from vary_data.base.seed import stable_hash
from vary_data.dataset.schema import LANGUAGE_NAMES
from vary_data.sources.cache import local_only
from vary_data.sources.corpus_words import chinese_words, drawable, english_words
from vary_data.sources.scripts import in_script
from vary_data.sources.texts import read_texts

NAMES_PER_SUBJECT = 40
"""Neighbors in a user's corpus become the names of one subject."""
MEASURE_STRIDE = 7
"""Between the names that measures take from a user's corpus: neighbors are often alike."""
NOUNS_PER_SUBJECT, MIN_NOUNS = 60, 20
ENGLISH_WORDS, CHINESE_NOUNS = 20_000, 3000
"""How many of the most frequent ones are considered."""
MAX_NOUN_LENGTH, MIN_FREQUENCY = 4, 300
"""Of the Chinese nouns that are taken: characters, and occurrences in jieba's corpus."""
SCRIPT_SAMPLE = 200_000
MIN_SCRIPT = 0.3
"""Share of the letters of a corpus that are in the script of its language."""
"""Characters of a corpus by which its script is recognized."""

MIN_NAMES = 60
"""Distinct names that a user's corpus must hold, so that no chart runs out of them."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Things of one sort: `label` is what an axis calls them. Subjects of one `dimension`, such as
    cities and countries, never cross in a chart."""

    label: str
    names: tuple[str, ...]
    dimension: str = ""
    form: str = ""
    """The label as titles have it after a preposition, where that is another form."""


@dataclass(frozen=True, slots=True)
class ChartMeasure:
    """What is counted: its range, how it is printed, and its unit as written in an axis title.

    `sort` is `amount` (above zero, may be added up), `rate` (above zero, may not), `share` (of a
    whole) or `change` (of either sign). `subjects` holds the labels of those that have it, or `*`;
    `without` the names of such subjects that do not have it: walking has no ticket price.
    """

    name: str
    subjects: tuple[str, ...]
    low: float
    high: float
    decimals: int
    prefix: str
    suffix: str
    unit: str
    sort: str
    without: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What of a user's corpus is not used: a line that cannot be read, or a character that no
    installed font draws."""

    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Corpus:
    """`phrases` maps a purpose (`title`, `source`, `months`, …) to its entries, `scenarios` a shape
    (`funnel`, `tree`, …) to what such charts may be about. `titles` are ready-made; where there
    are none, titles are composed from the patterns in `phrases`."""

    lang: str
    subjects: tuple[Subject, ...]
    measures: tuple[ChartMeasure, ...]
    phrases: Mapping[str, tuple[str, ...]]
    scenarios: Mapping[str, tuple[tuple[str, ...], ...]]
    titles: tuple[str, ...] = ()
    source: str = "built-in words"
    license: str = "Apache-2.0"
    left_out: tuple[LeftOut, ...] = ()

    @property
    def digest(self) -> str:
        """A hash of every name and title: two corpora with the same one give the same charts."""
        names = [name for subject in self.subjects for name in subject.names]
        return f"{stable_hash(*names, *self.titles):016x}"


@cache
def chart_languages() -> tuple[str, ...]:
    """The tags of the languages that have words and forms for charts, in the registry's order."""
    folder = resources.files("vary_data.sources") / "words"
    return tuple(
        tag for tag, entry in languages().items() if entry.charts and (folder / tag).is_dir()
    )


def load_corpus(lang: str, paths: Sequence[str] = (), families: Sequence[Family] = ()) -> Corpus:
    """The built-in corpus, or the user's from text, JSONL or Parquet files, or a folder that
    `datasets` saved. Its texts must be drawable by one of the `families`, by default the installed
    ones.

    Raises:
        SourceError: a path cannot be read, holds too little, or is in another script than `lang`.
    """
    corpus = built_in(lang)
    if not paths:
        return corpus
    if lang != "zh" and language(lang).splitting != "spaces":
        raise SourceError(
            f"words of {language(lang).name} texts cannot be found", "leave --corpus out"
        )
    read = [read_texts(Path(local_only(path, "a corpus"))) for path in paths]
    texts = [text for found, _ in read for text in found]
    origin = ", ".join(paths)
    check_script(texts, lang, origin)
    if language(lang).splitting == "spaces":
        stop = {word for line in _lines(lang, "function.txt") for word in line.split()}
        words = english_words(texts, stop)
    else:
        nouns = {word for word, _, part in _jieba_entries() if part[0] == "n"}
        words = chinese_words(texts, nouns)
    names, titles, undrawable = drawable(words, families or installed(lang))
    left_out = [LeftOut("malformed-line", line.place) for _, bad in read for line in bad]
    left_out += [LeftOut("no-font", detail) for detail in undrawable]
    if len(names) < MIN_NAMES:
        raise SourceError(
            f"{origin} gives only {len(names)} distinct names for charts",
            f"at least {MIN_NAMES} short phrases are needed",
        )
    size = NAMES_PER_SUBJECT
    subjects = tuple(
        # Any two of them may cross in a chart: each has a dimension for itself.
        Subject(names[i], tuple(names[i : i + size]), names[i])
        for i in range(0, len(names) - MIN_NAMES // 2, size)
    )
    measures = tuple(
        replace(
            measure,
            name=names[(i * MEASURE_STRIDE) % len(names)],
            subjects=("*",),
            without=frozenset(),
        )
        for i, measure in enumerate(corpus.measures)
    )
    return replace(
        corpus,
        subjects=subjects,
        measures=measures,
        titles=tuple(titles),
        source=origin,
        license="as the corpus",
        left_out=tuple(left_out),
    )


@cache
def built_in(lang: str) -> Corpus:
    """Our own lists and the frequent nouns of the language."""
    subjects = [
        Subject(label, _split(names, ","), dimension, *form)
        for label, dimension, names, *form in _rows(lang, "subjects.txt")
    ]
    if lang in _NOUNS:
        label, list_nouns = _NOUNS[lang]
        nouns = list_nouns()
        for start in range(0, len(nouns) - MIN_NOUNS, NOUNS_PER_SUBJECT):
            subjects.append(Subject(label, nouns[start : start + NOUNS_PER_SUBJECT], "topic"))
    measures = [_parse_measure(row) for row in _rows(lang, "measures.txt")]
    phrases = {}
    for line in _lines(lang, "phrases.txt"):
        purpose, _, entries = line.partition(":")
        phrases[purpose.strip()] = _split(entries, ";")
    scenarios: dict[str, tuple[tuple[str, ...], ...]] = {}
    for shape, *fields in _rows(lang, "scenarios.txt"):
        scenarios[shape] = (*scenarios.get(shape, ()), tuple(fields))
    source, word_license = _WORD_LISTS.get(lang, ("built-in words", "Apache-2.0"))
    return Corpus(
        lang,
        tuple(subjects),
        tuple(measures),
        phrases,
        scenarios,
        source=source,
        license=word_license,
    )


@cache
def english_nouns() -> tuple[str, ...]:
    """Frequent abstract and collective nouns, recognized by their endings, most frequent first."""
    import wordfreq

    ending = re.compile(r"[a-z]{4,9}(?:tion|ment|ness|ity|ance|ence|ship|ure|logy)")
    words = wordfreq.top_n_list("en", ENGLISH_WORDS)
    excluded, others = _excluded("en"), frozenset(_lines("en", "not-nouns.txt"))
    return tuple(
        word.capitalize()
        for word in words
        if ending.fullmatch(word)
        and word not in others
        and not any(stem in word for stem in excluded)
    )


@cache
def chinese_nouns() -> tuple[str, ...]:
    """Common nouns of two to four characters that every Chinese font can write (GB 2312), most
    frequent first."""
    excluded = set("".join(_excluded("zh")))
    found = []
    for word, count, part in _jieba_entries():
        fits = part == "n" and 2 <= len(word) <= MAX_NOUN_LENGTH and count >= MIN_FREQUENCY
        if fits and _in_gb2312(word) and not excluded & set(word):
            found.append((-count, word))
    return tuple(word for _, word in sorted(found)[:CHINESE_NOUNS])


def _jieba_entries() -> list[tuple[str, int, str]]:
    """The lines of jieba's dictionary: word, frequency, part of speech. The package itself is
    not imported: it would build its whole trie."""
    found = importlib.util.find_spec("jieba")
    if found is None or found.origin is None:
        raise SourceError("the package jieba is not installed", "pip install jieba")
    entries = []
    text = Path(found.origin).with_name("dict.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        word, count, part = line.split(" ")
        entries.append((word, int(count), part))
    return entries


def _in_gb2312(word: str) -> bool:
    try:
        word.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return all("\u4e00" <= c <= "\u9fff" for c in word)


def check_script(texts: Sequence[str], lang: str, origin: str) -> None:
    """Raises:
    SourceError: the texts are not in the script of `lang`.
    """
    sample = "".join(texts)[:SCRIPT_SAMPLE]
    if lang not in LANGUAGE_NAMES:
        _check_letters(sample, language(lang), origin)
        return
    chinese = sum("\u4e00" <= c <= "\u9fff" for c in sample)
    latin = sum(c.isascii() and c.isalpha() for c in sample)
    if chinese + latin == 0:
        raise SourceError(
            f"{origin} holds no {LANGUAGE_NAMES[lang]} text", "give --corpus other files"
        )
    # A Chinese character carries about as much as four letters of an English word.
    is_chinese = chinese * 4 > latin
    if is_chinese != (lang == "zh"):
        other = "zh" if is_chinese else "en"
        raise SourceError(
            f"{origin} is {LANGUAGE_NAMES[other]} text, "
            f"but the charts are to be {LANGUAGE_NAMES[lang]}",
            f"use --lang {other}, or another corpus",
        )


def _check_letters(sample: str, entry: Language, origin: str) -> None:
    letters = [c for c in sample if c.isalpha()]
    if sum(in_script(c, entry.script) for c in letters) < MIN_SCRIPT * len(letters) or not letters:
        raise SourceError(
            f"{origin} is not {entry.name} text", "use another --lang, or give --corpus other files"
        )


_NOUNS = {"en": ("Topic", english_nouns), "zh": ("主题", chinese_nouns)}
"""Frequent nouns of a language, and the label of the subjects that they are."""
_WORD_LISTS = {
    "en": ("built-in words, with wordfreq", "Apache-2.0; words of wordfreq CC-BY-SA-4.0"),
    "zh": ("built-in words, with jieba", "Apache-2.0; words of jieba MIT"),
}


def _parse_measure(row: tuple[str, ...]) -> ChartMeasure:
    name, subjects, low, high, decimals, prefix, suffix, unit, sort, *without = row
    return ChartMeasure(
        name,
        _split(subjects, ","),
        float(low),
        float(high),
        int(decimals),
        prefix,
        suffix,
        unit,
        sort,
        frozenset(_split(without[0], ",")) if without else frozenset(),
    )


def _rows(lang: str, name: str) -> list[tuple[str, ...]]:
    return [tuple(cell.strip() for cell in line.split("|")) for line in _lines(lang, name)]


def _lines(lang: str, name: str) -> list[str]:
    text = (resources.files("vary_data.sources") / "words" / lang / name).read_text("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def _split(text: str, mark: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(mark) if part.strip())


def _excluded(lang: str) -> tuple[str, ...]:
    """Stems (English) and characters (Chinese) that no chart should name at random."""
    return tuple(_lines(lang, "excluded.txt"))
