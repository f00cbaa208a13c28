"""Names and titles for charts, cut out of a user's texts without losing letters.

A word keeps accents, digits and the marks inside of it: `Kraków`, `COVID-19`, `AT&T`, `A/B`,
`5G基站`. What no installed font can draw is left out, and counted by character.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from renderers import fonts
from renderers.charts.truth import ABSENT

MAX_NAMES = 50_000
MAX_DICTIONARY_NOUN = 6
MAX_CHINESE_NAME, MAX_CHINESE_TITLE = 8, 24
"""Characters."""
SHORT_WORD = 2
"""Words of so many letters begin no name, unless they are written in capitals or with digits."""
MAX_ABBREVIATION = 3
"""Letters before a point that does not end a sentence: `St. Louis`."""
SOFT_HYPHEN = "\u00ad"

LETTER = r"[^\W_\u3400-\u9fff\U00020000-\U0003ffff]"
"""A letter or digit of any script but Chinese."""
MARKS = "['\u2019&./+\u00b7-]"
WORD = re.compile(rf"{LETTER}[\u0300-\u036f]*(?:{MARKS}?{LETTER}[\u0300-\u036f]*)*[+#%]*\.?")
ENGLISH = re.compile(rf"(?P<word>{WORD.pattern})|(?P<space>[^\S\n]+)|(?P<end>.|\n)")
HAN = "\u3005\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
LATIN = "A-Za-z0-9\u00c0-\u024f"
CHINESE_RUN = re.compile(rf"(?:[{HAN}]|[{LATIN}](?:[-+.&/](?=[{LATIN}]))?)+")
LATIN_RUN = re.compile(rf"[{LATIN}](?:[{LATIN}]|[-+.&/](?=[{LATIN}]))*")
HAN_CHARACTER = re.compile(f"[{HAN}]")


@dataclass(frozen=True, slots=True)
class Words:
    """Names and titles, each once, in the order of the text."""

    names: tuple[str, ...]
    titles: tuple[str, ...]


def english_words(texts: Sequence[str], stop: AbstractSet[str]) -> Words:
    """Names of one to three words between function words, and titles of three to twelve. The word
    that the truth has for a text that is not on the picture is no name."""
    names: dict[str, str] = {}
    titles: dict[str, None] = {}
    for clause in (c for text in texts for c in _clauses(_composed(text))):
        title = " ".join(clause)
        # Words and characters of a title.
        if 3 <= len(clause) <= 12 and 12 <= len(title) <= 60:
            titles.setdefault(_capitalized(title))
        for chunk in _chunks(clause, stop):
            name = _capitalized(" ".join(chunk))
            # Words and characters of a name.
            if 1 <= len(chunk) <= 3 and SHORT_WORD <= len(name) <= 24 and name != ABSENT:
                names.setdefault(name.casefold(), name)
        if len(names) >= MAX_NAMES:
            break
    return Words(tuple(names.values()), tuple(titles))


def chinese_words(texts: Sequence[str], nouns: AbstractSet[str]) -> Words:
    """Names: runs of two to eight characters between marks, and the nouns within longer runs
    (longest match against the dictionary), with the Latin letters and digits before them.
    Titles: runs of eight to twenty-four."""
    names: dict[str, None] = {}
    titles: dict[str, None] = {}
    for run in (r for text in texts for r in CHINESE_RUN.findall(_composed(text))):
        if len(run) < 2 or not HAN_CHARACTER.search(run):
            continue
        if len(run) <= MAX_CHINESE_NAME:
            names.setdefault(run)
            continue
        if len(run) <= MAX_CHINESE_TITLE:
            titles.setdefault(run)
        for name in _nouns_within(run, nouns):
            names.setdefault(name)
        if len(names) >= MAX_NAMES:
            break
    return Words(tuple(names), tuple(titles))


def drawable(
    words: Words, families: Sequence[fonts.Family]
) -> tuple[list[str], list[str], list[str]]:
    """The names and titles that some of the families can draw, and for each character that none
    can, a line with the number of names and titles that are left out for it."""
    names, missing = covered(words.names, families)
    titles, further = covered(words.titles, families)
    missing.update(further)
    lines = [f"{described(text)}: {n} names and titles" for text, n in sorted(missing.items())]
    return names, titles, lines


def covered(
    texts: Iterable[str], families: Sequence[fonts.Family]
) -> tuple[list[str], Counter[str]]:
    """The texts that some of the families can draw, and how many others each character that none
    has is in. A text counts by itself where each character is in some family."""
    codes_of = [fonts.written_by(family) for family in families]
    by_any = frozenset().union(*codes_of)
    missing: Counter[str] = Counter()
    good = []
    for text in texts:
        codes = set(map(ord, text))
        if any(codes <= known for known in codes_of):
            good.append(text)
        else:
            missing.update({chr(c) for c in codes - by_any} or {text})
    return good, missing


def described(text: str) -> str:
    """Why a text cannot be drawn: one character is in no font, or no font has all of them."""
    return f"U+{ord(text):04X} {text}" if len(text) == 1 else f"no font has all of {text!r}"


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace(SOFT_HYPHEN, ""))


def _capitalized(text: str) -> str:
    # The upper case of some characters has two letters: of `ﬁ` it is `FI`, the title case `Fi`.
    return text[:1].title() + text[1:]


def _clauses(text: str) -> Iterator[list[str]]:
    """The words between marks that end a clause."""
    clause: list[str] = []
    for match in ENGLISH.finditer(text):
        word = match["word"]
        if word is None:
            if match["end"] is not None and clause:
                yield clause
                clause = []
            continue
        if not word.endswith("."):
            clause.append(word)
            continue
        inner = word[:-1]
        # `U.S.` and `St.` keep their point; after another word it ends the clause.
        if "." in inner or (len(inner) <= MAX_ABBREVIATION and inner.istitle()):
            clause.append(word)
        else:
            clause.append(inner)
            yield clause
            clause = []
    if clause:
        yield clause


def _chunks(clause: Sequence[str], stop: AbstractSet[str]) -> Iterator[list[str]]:
    """The stretches between function words, numbers and very short words."""
    chunk: list[str] = []
    for word in clause:
        letters = any(c.isalpha() for c in word)
        marked = word.isupper() or any(c.isdigit() for c in word)
        long = len(word) > SHORT_WORD or marked or chunk
        if letters and word.lower() not in stop and long:
            chunk.append(word)
            continue
        if chunk:
            yield chunk
        chunk = []
    if chunk:
        yield chunk


def _nouns_within(run: str, nouns: AbstractSet[str]) -> Iterator[str]:
    position = 0
    while position < len(run) - 1:
        latin = LATIN_RUN.match(run, position)
        start = latin.end() if latin else position
        sizes = range(MAX_DICTIONARY_NOUN, 1, -1)
        size = next((n for n in sizes if run[start : start + n] in nouns), 0)
        if size and start + size - position <= MAX_CHINESE_NAME:
            yield run[position : start + size]
        position = max(start + size, position + 1)
