"""Detects English, Chinese or another language from the characters of a page or its document.

The language of a page of figures, formulas or program text cannot be detected; it gets the
language of the other pages of its document.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

import pymupdf

from renderers.pdf.continuity import is_frequent

FOREIGN = "other"
"""Evidence for a language other than English and Chinese."""

# Frequent function words, which nearly every sentence contains. Those of the other languages in
# Latin script are not English words, and few are names in program text. Latin is included
# because of filler text ("Lorem ipsum").
_WORDS = (
    "the of and to in is for that by as on with are be at from or this an which it we can"
    " not was were has have will if its these may all their our but one more other when than"
    " no such you your use used each using between into also only they his he"
)
_ENGLISH = frozenset(_WORDS.split())
_OTHER_WORDS = (
    "le la les des du et est une un dans que qui pour pas sur avec aux sont ce cette"  # French
    " der die das und ist nicht mit den dem ein eine von zu sich auf auch wird für werden"  # German
    " el los las del y por para con una como su al lo se es más esta"  # Spanish
    " il di che non della nel per sono dei gli alla delle più anche"  # Italian
    " o os um uma não em da dos na ao mais foi pela"  # Portuguese
    " de het een van niet voor dat zijn met op te aan worden ook bij"  # Dutch
    " och att det som av på är till har inte om ett"  # Swedish
    " og på af til ikke der som er"  # Danish, Norwegian
    " w z nie na się jest oraz przez dla"  # Polish
    " a v je že pro"  # Czech
    " ja ei se että"  # Finnish
    " ve bir bu için ile olarak"  # Turkish
    " dan yang untuk dengan ini tidak adalah pada dari dalam itu"  # Indonesian
    " của là và cho các được không"  # Vietnamese
    " și cu la nu din care pentru"  # Romanian
    " és az egy hogy nem"  # Hungarian
    " sed ut sit amet nec quis vel eget vitae ac ad nam at donec enim sem non"  # Latin
)
_OTHER = frozenset(w for w in _OTHER_WORDS.split() if len(w) > 1) - _ENGLISH
_WORD = re.compile(r"[a-zß-öø-ɏḀ-ỿ]{2,}")
"""At least two letters: single ones are variables of formulas."""
_ACCENTED = re.compile(r"[À-ÖØ-öø-ɏḀ-ỿ]")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]")
_KANA = re.compile(r"[\u3041-\u30ff]")
_SCRIPTS = re.compile(r"[\u0400-\u1dff\ua000-\uabff\uac00-\ud7ff\ufb1d-\ufefc]")
"""Letters of other scripts: from Cyrillic to the Indic scripts, Hangul, Arabic forms. Greek is
separate because formulas contain it."""
_GREEK = re.compile(r"[\u0370-\u03ff\u1f00-\u1fff]")

MIN_HAN_SHARE = 0.2
"""Share of Han characters among letters from which a page is Chinese. A Chinese word takes
two characters where an English one takes five, so 0.2 is about a third of the words."""
MIN_HAN_SHARE_IN_CODE = 0.02
MIN_HAN_IN_CODE = 20
"""Share and number of Han characters that are enough if the rest is not running text: Chinese
comments in a program, headings over a table."""
MAX_KANA_SHARE = 0.02
"""Share of kana above which a page is Japanese."""
MAX_OTHER_SCRIPT_SHARE = 0.05
"""Share of letters of other scripts above which a page is in another language."""
MAX_GREEK_SHARE = 0.4
"""Share of Greek letters above which a page is in another language; formulas have many."""
MIN_COMMON_HAN_SHARE = 0.9
"""Smallest share of Han characters that GB 2312 or Big5 contains. They contain two thirds of
Unicode's first block, and wrongly decoded text uses all of that block."""
MIN_ENGLISH_WORD_SHARE = 0.12
"""Smallest share of function words among words of letters; running text has 0.3 and more, lists
and formulas less."""
MIN_ENGLISH_WORD_SHARE_WITH_HAN = 0.25
"""The same on a page that also has Han characters. Between the two limits, usually program
messages, the language is undecided."""
MIN_FOREIGN_WORD_SHARE = 0.08
"""Share of other languages' function words from which Latin text is foreign, if it also exceeds
the English share: `in` and `was` are also German words, `of` and `we` also Dutch words."""
MAX_ACCENTED_SHARE = 0.02
"""Share of accented letters above which Latin text is not English."""

MIN_FREQUENT_WORD_SHARE = 0.2
MIN_FREQUENT_WORDS = 8
"""Share and number of frequent English words, among different words of letters, from which a form
or an invoice is English if neither the page nor its document has a language. Of 212 pages in other
languages in Latin script all have less than 0.15."""

SAMPLED_PAGES = 8
"""Pages of a document from which its language is detected."""


def detect(text: str) -> str | None:
    """`en`, `zh`, `FOREIGN`, or None if there is too little running text to decide."""
    letters = Counter({c: n for c, n in Counter(text).items() if c.isalpha()})
    total = letters.total()
    if not total:
        return None
    if (
        _count(letters, _KANA) > MAX_KANA_SHARE * total
        or _count(letters, _SCRIPTS) > MAX_OTHER_SCRIPT_SHARE * total
        or _count(letters, _GREEK) > MAX_GREEK_SHARE * total
    ):
        return FOREIGN
    han = {c: n for c, n in letters.items() if _HAN.match(c)}
    found = sum(han.values())
    if (
        found
        and _common_share(han) < MIN_COMMON_HAN_SHARE
        and found >= MIN_HAN_SHARE_IN_CODE * total
    ):
        return FOREIGN
    if found >= MIN_HAN_SHARE * total:
        return "zh"
    if _count(letters, _ACCENTED) > MAX_ACCENTED_SHARE * total:
        return FOREIGN
    mixed = found >= max(MIN_HAN_IN_CODE, MIN_HAN_SHARE_IN_CODE * total)
    english, other = _function_words(text.lower())
    if other > english and other >= MIN_FOREIGN_WORD_SHARE:
        return FOREIGN
    if english >= (MIN_ENGLISH_WORD_SHARE_WITH_HAN if mixed else MIN_ENGLISH_WORD_SHARE):
        return "en"
    return "zh" if mixed and english < MIN_ENGLISH_WORD_SHARE else None


def language_of_words(text: str) -> str | None:
    """`en` if enough words of a page without sentences are frequent English ones, else None."""
    words = set(_WORD.findall(text.lower()))
    frequent = sum(map(is_frequent, words))
    _, other = _function_words(text.lower())
    if other >= MIN_FOREIGN_WORD_SHARE or frequent < MIN_FREQUENT_WORDS:
        return None
    return "en" if frequent >= MIN_FREQUENT_WORD_SHARE * len(words) else None


def document_language(document: pymupdf.Document) -> str | None:
    """The language of the majority of a document's pages; None if there is no majority.

    Reads up to `SAMPLED_PAGES` pages spread over the document, until the others cannot change the
    result. Pages without a detected language and unreadable pages do not count.
    """
    count = document.page_count
    sampled = sorted({count * i // SAMPLED_PAGES for i in range(SAMPLED_PAGES)})
    found: Counter[str | None] = Counter()
    for index in sampled:
        try:
            lang = detect(document.load_page(index).get_text())
        except Exception:  # MuPDF raises many types, some of them private
            continue
        found[lang] += 1
        if lang is not None and 2 * found[lang] > len(sampled):
            return lang
    del found[None]
    for lang, pages in found.most_common(1):
        return lang if 2 * pages > found.total() else None
    return None


def _function_words(text: str) -> tuple[float, float]:
    """Shares of English and of other languages' function words among words of letters."""
    words = _WORD.findall(text)
    english, other = (sum(map(known.__contains__, words)) for known in (_ENGLISH, _OTHER))
    return english / max(1, len(words)), other / max(1, len(words))


def _count(letters: Counter[str], wanted: re.Pattern[str]) -> int:
    return sum(n for c, n in letters.items() if wanted.match(c))


def _common_share(han: Mapping[str, int]) -> float:
    """Share of Han characters that GB 2312 or Big5 contains."""
    known = (
        n for c, n in han.items() if c.encode("gb2312", "ignore") or c.encode("big5", "ignore")
    )
    return sum(known) / sum(han.values())
