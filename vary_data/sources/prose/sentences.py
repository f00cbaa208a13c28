"""Sentences of texts, by the rules of a language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from renderers.languages.registry import Language, language

_ENGLISH = re.compile(r"(?<=[.!?])[”\"']?\s+(?=[“\"A-Z0-9])")
CLOSING = "”」』»\"')）"
MIN_PHRASE = 40
"""Characters of a text without marks at the ends of sentences; it is cut at spaces."""


def split_sentences(text: str, lang: str) -> list[str]:
    """The sentences of a text that are neither too short nor too long, spaces made single."""
    entry = language(lang)
    plain = " ".join("".join(c if _kept(c) else " " for c in text).split())
    least, most = entry.sentence_length
    found = _phrases(plain) if entry.splitting == "dictionary" else _pattern(lang).split(plain)
    return [s for s in map(str.strip, found) if least <= len(s) <= most]


def _kept(character: str) -> bool:
    # The zero width non-joiner is a part of Persian words.
    return character.isprintable() or character == "\u200c"


@cache
def _pattern(lang: str) -> re.Pattern[str]:
    entry: Language = language(lang)
    ends = re.escape(entry.sentence_end)
    if lang == "en":
        return _ENGLISH
    if entry.wide:
        return re.compile(f"(?<=[{ends}])(?![{CLOSING}])")
    after = f"(?<=[{ends}])|(?<=[{ends}][{re.escape(CLOSING)}])"
    # Most abbreviations go on with a small letter.
    return re.compile(rf"(?:{after})\s+(?=[^a-zа-яёà-öø-ÿ])")


def _phrases(plain: str) -> Iterator[str]:
    """Thai has no full stop: phrases between spaces, joined up to a usual length."""
    found = ""
    for phrase in plain.split(" "):
        found = f"{found} {phrase}".strip()
        if len(found) >= MIN_PHRASE:
            yield found
            found = ""
    if found:
        yield found
