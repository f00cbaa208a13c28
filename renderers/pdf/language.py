"""English, Chinese or neither, from the characters of one page."""

from __future__ import annotations

import re

# Frequent English function words; hardly a sentence does without them, and texts in other
# Latin-script languages or in broken encodings hold few.
_WORDS = (
    "the of and to in is for that by as on with are be at from or this an which it we can"
    " not was were has have will if its these may all their our but one more other when than"
    " no such you your use used each using between into also only they his he"
)
_ENGLISH = frozenset(_WORDS.split())
_LATIN_WORD = re.compile(r"[^\W\d_]+")
_ACCENTED = re.compile(r"[À-ÖØ-öø-ɏ]")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]")
_KANA = re.compile(r"[\u3041-\u30ff]")
_LETTER = re.compile(r"[^\W\d_]")

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
    letters = len(_LETTER.findall(text))
    if not letters:
        return None
    han = _HAN.findall(text)
    if len(_KANA.findall(text)) > KANA_SHARE * letters:
        return None
    if len(han) >= HAN_SHARE * letters:
        return "zh" if _common(han) >= COMMON_HAN else None
    words = _LATIN_WORD.findall(text.lower())
    if len(_ACCENTED.findall(text)) > ACCENTED * letters:
        return None
    words = [w for w in words if w.isascii() and len(w) > 1]  # single letters are formulas
    english = sum(w in _ENGLISH for w in words)
    return "en" if english >= ENGLISH_WORDS * len(words) > 0 else None


def _common(han: list[str]) -> float:
    text = "".join(han)
    shares = (len(text.encode(code, "ignore")) / 2 / len(text) for code in ("gb2312", "big5"))
    return max(shares)
