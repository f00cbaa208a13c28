"""English, Chinese or neither, from the characters of one page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

# Frequent English function words; hardly a sentence does without them, and texts in other
# Latin-script languages or in broken encodings hold few.
_WORDS = (
    "the of and to in is for that by as on with are be at from or this an which it we can"
    " not was were has have will if its these may all their our but one more other when than"
    " no such you your use used each using between into also only they his he"
)
_ENGLISH = frozenset(_WORDS.split())
_WORD = re.compile(r"[a-z]+")
_ACCENTED = re.compile(r"[À-ÖØ-öø-ɏ]")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]")
_KANA = re.compile(r"[\u3041-\u30ff]")

HAN_SHARE = 0.2
"""Share of Han characters among letters from which a page is Chinese. A Chinese word takes
two characters where an English one takes five, so 0.2 is about a third of the words."""
KANA_SHARE = 0.02
"""Above it the page is Japanese."""
COMMON_HAN = 0.9
"""Share of Han characters within GB 2312 or Big5; garbage spreads over all of Unicode."""
ENGLISH_WORDS = 0.12
"""Share of function words among words of letters; running text has 0.3 and more, lists and
formulas less."""
ACCENTED = 0.02
"""Share of accented letters above which Latin text is not English."""


def detect(text: str) -> str | None:
    """`en`, `zh`, or None for anything else and for too little to tell."""
    letters = Counter({c: n for c, n in Counter(text).items() if c.isalpha()})
    total = letters.total()
    if not total:
        return None
    if _count(letters, _KANA) > KANA_SHARE * total:
        return None
    han = {c: n for c, n in letters.items() if _HAN.match(c)}
    if sum(han.values()) >= HAN_SHARE * total:
        return "zh" if _common(han) >= COMMON_HAN else None
    if _count(letters, _ACCENTED) > ACCENTED * total:
        return None
    words = [w for w in _WORD.findall(text.lower()) if len(w) > 1]  # single ones are formulas
    english = sum(w in _ENGLISH for w in words)
    return "en" if english >= ENGLISH_WORDS * len(words) > 0 else None


def _count(letters: Counter[str], wanted: re.Pattern[str]) -> int:
    return sum(n for c, n in letters.items() if wanted.match(c))


def _common(han: Mapping[str, int]) -> float:
    """Share of Han characters that GB 2312 or Big5 has, whichever has more."""
    total = sum(han.values())
    return max(
        sum(n for c, n in han.items() if c.encode(code, "ignore")) / total
        for code in ("gb2312", "big5")
    )
