"""The registry of languages: what a language is called, how it is written, printed and split.

A language is a file `<tag>.toml` next to this module, with the fields of `Language`; its tag is
BCP 47 (RFC 5646). Adding a file adds a language. Its texts for browser pages are two files more:
`vary_data/sources/prose/<tag>.txt` and `vary_data/sources/web_pages/words/<tag>.txt`. Its texts for
charts are the table `[charts]` of the file and the folder `vary_data/sources/words/<tag>`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from renderers.languages.charts import ChartForms

FIRST = ("en", "zh")
"""The languages of every generator; they are listed first."""
SUBTAG_LENGTH = 8
"""Most characters of a subtag."""
DENSE_WIDTH = 0.7
"""Mean width, by the size of the font, from which on letters are syllables or words."""
FINE_SIZE = 10.0
"""Least legible size in pixels from which on letters are fine."""


@dataclass(frozen=True, slots=True)
class FontEntry:
    """A family: the name in its file, its style, the Debian package, the names of its files.

    `companion` is the family that writes the characters that this one lacks, such as Latin ones.
    """

    name: str
    style: str
    package: str
    regular: str
    bold: str = ""
    companion: str = ""


@dataclass(frozen=True, slots=True)
class TextPackage:
    """A Debian package with texts in the language: the paragraphs (`<p>`) of these files."""

    package: str
    folder: str
    suffix: str
    license: str


@dataclass(frozen=True, slots=True)
class Dates:
    """Names and patterns of dates. Patterns have `{d}`, `{dd}`, `{m}`, `{mm}`, `{month}` and `{y}`.
    `year_shift` leads from the Gregorian year to that of the calendar."""

    months: tuple[str, ...]
    weekdays: tuple[str, ...]
    """From the first day of the week on."""
    patterns: tuple[str, ...]
    year_shift: int = 0
    calendar: str = "gregorian"
    """Of the months and days: `gregorian`, or `persian`, whose weeks begin on Saturday."""


Quotes = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Hyphenation:
    """Where print may break words: the name of a dictionary of Pyphen, and the least numbers of
    letters before and after a break."""

    dictionary: str
    left: int = 2
    right: int = 2


@dataclass(frozen=True, slots=True)
class Language:
    """One language.

    `splitting` says where words end: `spaces`, `characters` (each wide character may be one) or
    `dictionary` (words are found by a dictionary, as in Thai). `extent` is how far letters reach
    above and below the base line, by the size of the font; `leading` the usual height of a line,
    `character_width` the mean width of a character, both by that size; `smallest` the least size
    in pixels at which letters can be told apart.
    """

    tag: str
    name: str
    native: str
    script: str
    fonts: tuple[FontEntry, ...]
    needed: str
    """Characters that a font has if it is for the language."""
    html: str = ""
    """The tag for browsers, if it is not `tag`."""
    aliases: tuple[str, ...] = ()
    """Other tags for the language, in lower case."""
    direction: str = "ltr"
    splitting: str = "spaces"
    quotes: tuple[Quotes, ...] = (("“", "”", "‘", "’"),)
    """Quotation marks in the usual style and in further ones: before and after a quotation, before
    and after one inside it. The texts of the language have the first two of the usual style."""
    joins: tuple[tuple[str, str], ...] = ()
    """What becomes of a word before another one, as regular expressions and what takes their place:
    `de Orléans` is `d'Orléans`. They hold for texts that are put together of patterns and names."""
    sentence_end: str = ".!?"
    """Characters that end a sentence; a space follows unless `splitting` is `characters`."""
    sentence_length: tuple[int, int] = (25, 320)
    """Least and most characters of a sentence of a corpus."""
    digits: tuple[str, ...] = ("0123456789",)
    """Systems of digits; a page has one of them."""
    digits_in_formulas: bool = False
    """Whether formulas have the digits of the page, too, with Latin letters beside them.

    After the W3C note "Arabic mathematical notation" (2006): formulas in Latin letters run from
    left to right, with Persian digits in Persian books (3.5), and with European digits in Arabic
    ones (3.1, Moroccan style). Arabic digits belong to formulas in Arabic letters from right to
    left (3.3, Machrek style), which are not made.
    """
    decimal: str = "."
    group: str = ","
    percent: str = "%"
    group_in_text: bool = True
    """Whether whole numbers are grouped in sentences, too."""
    money_scale: int = 1
    """What a euro or dollar is worth in the language's money, roughly."""
    money_decimals: int = 2
    indian_groups: bool = False
    """Groups of two digits above the thousands, as in 12,34,567."""
    extent: tuple[float, float] = (0.93, 0.25)
    leading: float = 1.35
    character_width: float = 0.42
    smallest: float = 8.5
    italic: bool = True
    """Whether the script has slanted letters; if not, emphasis is bold."""
    letters: tuple[str, ...] = ()
    """Letters in classes; a random letter takes the place of one of its own class."""
    rare: tuple[str, ...] = ()
    """Rare letters for the classes, in their order; an empty text is the class itself."""
    dates: Dates | None = None
    charts: ChartForms | None = None
    texts: TextPackage | None = None
    hyphenation: Hyphenation | None = None
    """None if words are not broken at the ends of lines."""
    prompts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def wide(self) -> bool:
        """Whether the text is of wide characters without spaces."""
        return self.splitting == "characters"

    @property
    def dense(self) -> bool:
        """Whether a letter is about a syllable or a word, so that names have few of them."""
        return self.character_width > DENSE_WIDTH

    @property
    def fine(self) -> bool:
        """Whether letters have so many strokes, or marks, that small ones cannot be read."""
        return self.smallest >= FINE_SIZE

    @property
    def glue(self) -> str:
        """What is between two words."""
        return " " if self.splitting == "spaces" else ""

    def joined(self, text: str) -> str:
        """A text that was put together, with the forms that its words have before each other."""
        for pattern, form in self.joins:
            text = re.sub(pattern, form, text)
        return text


@cache
def languages() -> Mapping[str, Language]:
    """All languages by tag: English and Chinese first, then by tag."""
    folder = resources.files(__package__)
    names = (entry.name for entry in folder.iterdir())
    tags = sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml"))
    tags.sort(key=lambda tag: tag not in FIRST)
    found: dict[str, Language] = {}
    for tag in tags:
        found[tag] = _read(tag, (folder / f"{tag}.toml").read_text("utf-8"), found)
    return MappingProxyType(found)


def language(tag: str) -> Language:
    """The language of a tag of the registry.

    Raises:
        KeyError: there is none.
    """
    return languages()[tag]


def chart_forms(tag: str) -> ChartForms:
    """The forms of charts in a language.

    Raises:
        KeyError: there is no such language, or it has no charts.
    """
    forms = language(tag).charts
    if forms is None:
        raise KeyError(tag)
    return forms


def find(value: str) -> Language | None:
    """The language of any BCP 47 tag, without regard to case: the registry's own, that of an
    alias, or that of the tag without its last subtags (lookup of RFC 4647); None if there is
    none. A tag with another script, such as `zh-Latn`, or with a language of its own, such as
    `zh-yue`, has other texts."""
    known = {tag.lower(): entry for tag, entry in languages().items()}
    for entry in languages().values():
        known |= dict.fromkeys(entry.aliases, entry)
    wanted = value.strip().lower().replace("_", "-")
    if any(not part or len(part) > SUBTAG_LENGTH for part in wanted.split("-")):
        return None
    rest: list[str] = []
    while wanted:
        if wanted in known:
            return known[wanted] if _same_texts(known[wanted], rest) else None
        wanted, _, last = wanted.rpartition("-")
        rest.insert(0, last)
    return None


def _same_texts(found: Language, rest: Sequence[str]) -> bool:
    """Whether a tag with these further subtags names the texts of the language."""
    for subtag in rest:
        if not subtag.isalpha() or len(subtag) not in (3, 4):  # a region, variant or extension
            return True
        if subtag != found.script.lower():
            return False
    return True


def _read(tag: str, text: str, before: Mapping[str, Language]) -> Language:
    data: dict[str, Any] = tomllib.loads(text)
    fonts = [FontEntry(**entry) for entry in data.pop("font", [])]
    for other in data.pop("fonts_of", []):
        fonts += before[other].fonts
    if "quotes" in data:
        data["quotes"] = [tuple(style) for style in data["quotes"]]
    if "joins" in data:
        data["joins"] = [tuple(rule) for rule in data["joins"]]
    dates, texts = data.pop("dates", None), data.pop("texts", None)
    charts = data.pop("charts", None)
    hyphenation = data.pop("hyphenation", None)
    prompts = {key: tuple(value) for key, value in data.pop("prompts", {}).items()}
    values: dict[str, Any] = _tuples(data)
    values |= {name: tuple(map(_expanded, data.get(name, ()))) for name in ("letters", "rare")}
    values["dates"] = Dates(**_tuples(dates)) if dates else None
    values["charts"] = ChartForms.from_plain(charts) if charts else None
    values["texts"] = TextPackage(**texts) if texts else None
    values["hyphenation"] = Hyphenation(**hyphenation) if hyphenation else None
    return Language(tag=tag, fonts=tuple(fonts), prompts=MappingProxyType(prompts), **values)


def _tuples(data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(v) if isinstance(v, list) else v for key, v in data.items()}


def _expanded(letters: str) -> str:
    """Letters, with `a-z` written out; a `-` at an end is itself."""
    found: list[str] = []
    at = 0
    while at < len(letters):
        if letters[at + 1 : at + 2] == "-" and at + 2 < len(letters):
            found += map(chr, range(ord(letters[at]), ord(letters[at + 2]) + 1))
            at += 3
        else:
            found.append(letters[at])
            at += 1
    return "".join(found)
