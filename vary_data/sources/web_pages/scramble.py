"""Texts that a language model cannot predict: shuffled words, random letters, rare characters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

import numpy as np

from renderers.fonts import Family, coverage
from renderers.web.document import WebPage
from renderers.web.texts import texts_of, with_texts

FORMS = ("natural", "words", "letters", "rare")
TEXTS = (*FORMS, "mixed")
HAN = re.compile("[\u3400-\u9fff]")
_HAN_RUN = re.compile("[\u3400-\u9fff]+")
_WORD = re.compile(r"[^\W\d_\u3400-\u9fff]+(?:['’-][^\W\d_\u3400-\u9fff]+)*")
LOWER, UPPER, DIGITS = "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789"
GB18030_RANGES = {
    "en": ((0x00C0, 0x017F), (0x0391, 0x03C9), (0x0410, 0x044F)),
    "zh": ((0x3400, 0x4DB5), (0x4E00, 0x9FA5)),
}
"""Of GB 18030: accented Latin, Greek and Cyrillic letters; Chinese characters with extension A."""
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
    pool = rare_characters(page.lang, fonts) if form == "rare" else common_characters()
    return with_texts(page, lambda text: _with_letters(text, pool, form == "rare", rng))


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
def common_characters() -> str:
    """The characters of level 1 of GB 2312, the most frequent ones, which every font has."""
    return "".join(
        bytes((high, low)).decode("gb2312")
        for high in range(0xB0, 0xD8)
        for low in range(0xA1, 0xFF if high < 0xD7 else 0xFA)
    )


def _with_letters(text: str, pool: str, rare: bool, rng: np.random.Generator) -> str:
    shown = []
    for c in text:
        if HAN.match(c):
            shown.append(_pick(pool, rng) if HAN.match(pool[-1]) else c)
        elif c.isdigit() and c.isascii():
            shown.append(_pick(DIGITS, rng))
        elif c.isalpha() and c.isascii():
            letters = UPPER if c.isupper() else LOWER
            if rare and not HAN.match(pool[-1]):
                letters = pool
            shown.append(_pick(letters, rng))
        else:
            shown.append(c)
    return "".join(shown)


def _pick(letters: str, rng: np.random.Generator) -> str:
    return letters[int(rng.integers(len(letters)))]


def _with_shuffled_words(page: WebPage, rng: np.random.Generator) -> WebPage:
    """All words of the page in another order; Chinese in pieces of one to three characters."""
    words: list[str] = []
    pieces: list[str] = []
    for text in texts_of(page):
        words += _WORD.findall(text)
        for run in _HAN_RUN.findall(text):
            pieces += _cut(run, rng)
    words = _permuted(words, rng)
    letters = list("".join(_permuted(pieces, rng)))

    def change(text: str) -> str:
        text = _WORD.sub(lambda match: words.pop() if words else match[0], text)
        return HAN.sub(lambda match: letters.pop() if letters else match[0], text)

    return with_texts(page, change)


def _cut(run: str, rng: np.random.Generator) -> list[str]:
    found = []
    while run:
        size = int(rng.integers(1, 4))
        found.append(run[:size])
        run = run[size:]
    return found


def _permuted(items: Sequence[str], rng: np.random.Generator) -> list[str]:
    return [items[i] for i in rng.permutation(len(items)).tolist()]
