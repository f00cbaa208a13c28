"""Texts that a language model cannot predict: shuffled words, random letters, rare characters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np

from renderers.fonts import Family, coverage, written_by
from renderers.languages.registry import language
from renderers.web.document import WebPage
from renderers.web.texts import texts_of, with_texts

FORMS = ("natural", "words", "letters", "rare")
TEXTS = (*FORMS, "mixed")
HAN = re.compile("[\u3400-\u9fff]")
LOWER, UPPER, DIGITS = "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789"
MARKS = "\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0900-\u0963\u0971-\u097f\u200c"
"""Combining marks and the non-joiner, which are parts of words."""
THAI = "\u0e01-\u0e3a\u0e40-\u0e4e"
_LETTER = rf"(?:[^\W\d_\u3400-\u9fff{THAI}]|[{MARKS}])"
_WORD = re.compile(rf"{_LETTER}+(?:['’-]{_LETTER}+)*")
_RUN = re.compile(rf"[\u3400-\u9fff]+|[{THAI}]+")
"""Text without spaces between its words."""
CLUSTER = re.compile(
    r"[\u0e40-\u0e44]?[^\u0e30-\u0e3a\u0e47-\u0e4e][\u0e30-\u0e3a\u0e47-\u0e4e]*|."
)
"""A Thai consonant with its vowels and tones; any other character is one by itself."""
GB18030_RANGES = {
    "en": ((0x00C0, 0x017F), (0x0391, 0x03C9), (0x0410, 0x044F)),
    "zh": ((0x3400, 0x4DB5), (0x4E00, 0x9FA5)),
}
"""Of GB 18030: accented Latin, Greek and Cyrillic letters; Chinese characters with extension A."""
LEVEL_1 = {
    "zh": ("gb2312", range(0xB0, 0xD8), range(0xA1, 0xFF)),
    "zh-Hant": ("big5", range(0xA4, 0xC7), range(0x40, 0xFF)),
    "ja": ("euc_jp", range(0xB0, 0xD0), range(0xA1, 0xFF)),
}
"""The frequent Chinese characters of a language: level 1 of GB 2312, Big5 and JIS X 0208, as the
first and second bytes of an encoding."""
NUKTA, WITH_NUKTA = "\u093c", "कखगजडढफ"
"""The dot below Devanagari letters, and those that have it."""
MIN_FAMILIES = 2
"""Families that must have a rare character, so that looks stay different."""
LIKE_LATIN = frozenset("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧγικνορτυχϲϳАВЕЗКМНОРСТУХЬаегопрсуухьіјѕıĸſŉ")
"""Letters that look like Latin letters or digits (Unicode's confusables): they are left out."""


def form_of(text: str, rng: np.random.Generator) -> str:
    """The form for one page: `mixed` chooses one for each page."""
    return FORMS[int(rng.integers(len(FORMS)))] if text == "mixed" else text


def scramble(
    page: WebPage, form: str, fonts: tuple[Family, ...], rng: np.random.Generator
) -> WebPage:
    """The page with its texts in a form: `words` in random order, `letters` at random in the shapes
    of words, `rare` characters of the fonts in their places. Lengths and layout stay about the
    same."""
    if form == "natural":
        return page
    if form == "words":
        return _with_shuffled_words(page, rng)
    pools = rare_pools(page.lang, fonts) if form == "rare" else common_pools(page.lang)
    return with_texts(page, lambda text: _with_letters(text, pools, rng))


@cache
def common_pools(lang: str) -> Mapping[str, str]:
    """For each letter of the language the letters that may take its place, those of its class: a
    consonant takes the place of a consonant, a mark that of a mark, so that clusters stay legal.
    Chinese characters are the frequent ones."""
    pools = _with_classes({}, language(lang).letters)
    return {**_basic(), **pools, "han": han_level_1(lang)}


@cache
def rare_pools(lang: str, fonts: tuple[Family, ...]) -> Mapping[str, str]:
    """As `common_pools`, with rare characters of the language's script that several fonts have."""
    if lang in GB18030_RANGES:
        rare = rare_characters(lang, fonts)
        if lang == "zh":
            return {**_basic(), "han": rare}
        return {**dict.fromkeys(LOWER + UPPER, rare), "han": ""}
    entry = language(lang)
    pools = dict(common_pools(lang))
    for letters, rare in zip(entry.letters, entry.rare, strict=True) if entry.rare else ():
        pool = "".join(c for c in rare if _in_enough(c, fonts)) or letters
        pools |= dict.fromkeys(letters, pool)
    if entry.script == "Kore":
        pools |= dict.fromkeys(entry.letters[0], _in_fonts(entry.letters[0], fonts))
    if pools["han"]:
        common = frozenset(pools["han"])
        every = (chr(code) for code in range(0x4E00, 0x9FA6) if chr(code) not in common)
        pools["han"] = _in_fonts("".join(every), fonts) or pools["han"]
    return pools


def _basic() -> dict[str, str]:
    return {**dict.fromkeys(LOWER, LOWER), **dict.fromkeys(UPPER, UPPER)}


def _with_classes(pools: dict[str, str], classes: Sequence[str]) -> dict[str, str]:
    for letters in classes:
        pools |= dict.fromkeys(letters, letters)
    return pools


def _in_fonts(letters: str, fonts: tuple[Family, ...]) -> str:
    """The letters that enough of the fonts have."""
    known = [written_by(family) for family in fonts]
    least = min(MIN_FAMILIES, len(known))
    return "".join(c for c in letters if sum(ord(c) in have for have in known) >= least)


def _in_enough(character: str, fonts: tuple[Family, ...]) -> bool:
    return bool(_in_fonts(character, fonts))


@cache
def rare_characters(lang: str, fonts: tuple[Family, ...]) -> str:
    """Characters of GB 18030's common ranges that several fonts have, none like another one."""
    known = [coverage(family.regular) for family in fonts]
    found = []
    for low, high in GB18030_RANGES[lang]:
        for code in range(low, high + 1):
            c = chr(code)
            able = sum(code in have for have in known)
            if able < min(MIN_FAMILIES, len(known)) or not c.isalpha() or c in LIKE_LATIN:
                continue
            if len(unicodedata.normalize("NFKC", c)) == 1 and unicodedata.normalize("NFKC", c) == c:
                found.append(c)
    return "".join(found)


@cache
def han_level_1(lang: str) -> str:
    """The frequent Chinese characters, which every font has; none for languages without them."""
    if lang not in LEVEL_1:
        return ""
    encoding, first, second = LEVEL_1[lang]
    pairs = (bytes((high, low)).decode(encoding, "ignore") for high in first for low in second)
    return "".join(text for text in pairs if len(text) == 1 and HAN.match(text))


def _with_letters(text: str, pools: Mapping[str, str], rng: np.random.Generator) -> str:
    shown = []
    for place, c in enumerate(text):
        if text[place + 1 : place + 2] == NUKTA and c in pools:
            shown.append(_pick(WITH_NUKTA, rng))
        elif HAN.match(c):
            shown.append(_pick(pools["han"], rng) if pools.get("han") else c)
        elif c.isdigit() and c.isascii():
            shown.append(_pick(DIGITS, rng))
        elif c in pools:
            shown.append(_pick(pools[c], rng))
        else:
            shown.append(c)
    return "".join(shown)


def _pick(letters: str, rng: np.random.Generator) -> str:
    return letters[int(rng.integers(len(letters)))]


def _with_shuffled_words(page: WebPage, rng: np.random.Generator) -> WebPage:
    """All words of the page in another order; text without spaces in pieces of one to three
    characters, Thai ones with their marks."""
    words: list[str] = []
    pieces: list[list[str]] = []
    for text in texts_of(page):
        words += _WORD.findall(text)
        for run in _RUN.findall(text):
            pieces += _cut(CLUSTER.findall(run), rng)
    words = _permuted(words, rng)
    letters = [c for i in rng.permutation(len(pieces)).tolist() for c in pieces[i]]

    def change(text: str) -> str:
        text = _WORD.sub(lambda match: words.pop() if words else match[0], text)
        return _RUN.sub(lambda match: _taken(match[0]), text)

    def _taken(run: str) -> str:
        count = len(CLUSTER.findall(run))
        return "".join(letters.pop() if letters else "" for _ in range(count)) or run

    return with_texts(page, change)


def _cut(clusters: Sequence[str], rng: np.random.Generator) -> list[list[str]]:
    found = []
    left = list(clusters)
    while left:
        size = int(rng.integers(1, 4))
        found.append(left[:size])
        left = left[size:]
    return found


def _permuted(items: Sequence[str], rng: np.random.Generator) -> list[str]:
    return [items[i] for i in rng.permutation(len(items)).tolist()]
