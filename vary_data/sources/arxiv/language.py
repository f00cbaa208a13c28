"""Detect the language of a text: English, Chinese, or another without fonts here."""

from __future__ import annotations

import re
from collections.abc import Sequence

_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_OTHER_SCRIPTS = re.compile(
    "[\u0370-\u03ff\u0400-\u052f\u0590-\u06ff\u0900-\u0dff\u0e00-\u0e7f\u3040-\u30ff\uac00-\ud7af]"
)
_WORD = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿĀ-ž’']+")
_COMMON = {
    "en": "the of and to in is that for with we are this by be on which from it as can have has"
    " not or an at our these between where was were such then each also",
    "fr": "le la les des du et est une dans que qui pour par sur avec sont nous au aux ce cette"
    " ne pas plus ou il elle se leur être",
    "de": "der die das und ist von den mit für auf ein eine nicht des dem im sich wird auch als"
    " sind wir werden durch bei einer zu",
    "es": "el la los las de del y en que es una por con para se no un al como su más son este"
    " esta lo entre",
    "pt": "o os as da do dos das e em que é uma por com para se não um ao como mais são este"
    " esta entre na no",
    "it": "il lo gli della di e che è una per con si non un del nel sono come più questo alla"
    " dei da le",
    "pl": "i w z na jest do się nie że oraz dla przez od jako są po który",
    "nl": "de het een van en is dat voor met op zijn niet aan door wordt ook bij te",
}
_LISTS = {language: frozenset(words.split()) for language, words in _COMMON.items()}

_MAX_OTHER_SHARE = 0.2
"""Share of letters in scripts that are neither Latin nor Chinese."""
_MIN_HAN_SHARE = 0.15
"""Chinese papers hold many Latin names and formulas."""
_MIN_WORDS, _MIN_COMMON_SHARE = 30, 0.08
"""From so many words on, English text has at least this share of its most common words."""


def detect_language(texts: Sequence[str]) -> str:
    """`en`, `zh` or `other`, from the text of a document's paragraphs and headings."""
    text = " ".join(texts)
    han = len(_HAN.findall(text))
    other = len(_OTHER_SCRIPTS.findall(text))
    words = [word.lower() for word in _WORD.findall(text)]
    letters = sum(map(len, words)) + han + other
    if not letters:
        return "other"
    if other > _MAX_OTHER_SHARE * letters:
        return "other"
    if han > _MIN_HAN_SHARE * letters:
        return "zh"
    scores = {
        language: sum(word in common for word in words) for language, common in _LISTS.items()
    }
    best = max(scores.values())
    if len(words) >= _MIN_WORDS and scores["en"] < _MIN_COMMON_SHARE * len(words):
        return "other"
    return "en" if scores["en"] == best else "other"
