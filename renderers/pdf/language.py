"""English, Chinese or neither, from the characters of one page and, failing that, its document.

A page of figures, formulas or program text has no language of its own that could be told, but
it stands among pages that have one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

import pymupdf

FOREIGN = "other"
"""Neither English nor Chinese, with evidence for it."""

# Frequent function words; hardly a sentence does without them. Those of the other languages
# in Latin script are no English words, and few are names in program text. Latin is among
# them for the filler text of type setters.
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
"""Single letters are formulas."""
_ACCENTED = re.compile(r"[À-ÖØ-öø-ɏḀ-ỿ]")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]")
_KANA = re.compile(r"[\u3041-\u30ff]")
_SCRIPTS = re.compile(r"[\u0400-\u1dff\ua000-\uabff\uac00-\ud7ff\ufb1d-\ufefc]")
"""Letters of other scripts: Cyrillic to the Indian ones, Hangul, Arabic forms. Not Greek,
which stands in formulas."""
_GREEK = re.compile(r"[\u0370-\u03ff\u1f00-\u1fff]")

HAN_SHARE = 0.2
"""Share of Han characters among letters from which a page is Chinese. A Chinese word takes
two characters where an English one takes five, so 0.2 is about a third of the words."""
HAN_AMONG_CODE = 0.02
HAN_CHARACTERS = 20
"""Both are enough where the rest is no running text of any language: Chinese comments in a
program, headings over a table."""
KANA_SHARE = 0.02
"""Above it the page is Japanese."""
SCRIPT_SHARE = 0.05
"""Share of letters of other scripts above which a page is in another language."""
GREEK_SHARE = 0.4
"""The same for Greek, of which formulas are full."""
COMMON_HAN = 0.9
"""Share of Han characters within GB 2312 or Big5, which have two thirds of those in Unicode's
first block; garbage spreads over all of them."""
ENGLISH_WORDS = 0.12
"""Share of function words among words of letters; running text has 0.3 and more, lists and
formulas less."""
RUNNING_ENGLISH = 0.25
"""The same beside Chinese. In between, messages of a program as a rule, nothing is certain."""
OTHER_WORDS = 0.08
"""Share of other languages' function words from which Latin text is foreign, provided that
there are more than English ones: `in` and `was` are German, `of` and `we` Dutch words too."""
ACCENTED = 0.02
"""Share of accented letters above which Latin text is not English."""

SAMPLED_PAGES = 8
"""Pages of a document that are asked for its language."""


def detect(text: str) -> str | None:
    """`en`, `zh`, `FOREIGN`, or None where there is too little running text to tell."""
    letters = Counter({c: n for c, n in Counter(text).items() if c.isalpha()})
    total = letters.total()
    if not total:
        return None
    if (
        _count(letters, _KANA) > KANA_SHARE * total
        or _count(letters, _SCRIPTS) > SCRIPT_SHARE * total
        or _count(letters, _GREEK) > GREEK_SHARE * total
    ):
        return FOREIGN
    han = {c: n for c, n in letters.items() if _HAN.match(c)}
    found = sum(han.values())
    if found and _common(han) < COMMON_HAN and found >= HAN_AMONG_CODE * total:
        return FOREIGN
    if found >= HAN_SHARE * total:
        return "zh"
    if _count(letters, _ACCENTED) > ACCENTED * total:
        return FOREIGN
    mixed = found >= max(HAN_CHARACTERS, HAN_AMONG_CODE * total)
    english, other = _function_words(text.lower())
    if other > english and other >= OTHER_WORDS:
        return FOREIGN
    if english >= (RUNNING_ENGLISH if mixed else ENGLISH_WORDS):
        return "en"
    return "zh" if mixed and english < ENGLISH_WORDS else None


def document_language(document: pymupdf.Document) -> str | None:
    """The language of most of a document's pages that have one; None without a majority.

    Asks `SAMPLED_PAGES` pages spread over the document. A page that cannot be read has none.
    """
    count = document.page_count
    sampled = sorted({count * i // SAMPLED_PAGES for i in range(SAMPLED_PAGES)})
    found: Counter[str | None] = Counter()
    for index in sampled:
        try:
            found[detect(document.load_page(index).get_text())] += 1
        except Exception:  # MuPDF raises many types, some of them private
            continue
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


def _common(han: Mapping[str, int]) -> float:
    """Share of Han characters that GB 2312 or Big5 has."""
    known = (
        n for c, n in han.items() if c.encode("gb2312", "ignore") or c.encode("big5", "ignore")
    )
    return sum(known) / sum(han.values())
