"""The order of words in indexes and dictionaries, and the letters that they are listed under."""

from __future__ import annotations

import unicodedata

UNMARKED = ("Latn", "Arab")
"""Scripts whose letters have the same place with and without marks: `fête` is before `feu`."""
STROKES = str.maketrans({"đ": "d", "ø": "o", "ł": "l", "ß": "ss", "œ": "oe", "æ": "ae"})
"""Letters that Unicode does not take for marked ones."""
THAI_BEFORE = "เแโใไ"
"""Thai vowels that are written before the consonant by which a word is listed."""
INITIALS = "ㄱㄱㄴㄷㄷㄹㅁㅂㅂㅅㅅㅇㅈㅈㅊㅋㅌㅍㅎ"
"""What Korean syllables are listed under, by their first consonants in Unicode's order."""
FIRST_SYLLABLE, LAST_SYLLABLE, SYLLABLES = 0xAC00, 0xD7A3, 588
"""Korean syllables, and how many have one first consonant."""


ARABIC = "ءابپتةثجچحخدذرزژسشصضطظعغفقکكگلمنهوىیي"
"""Arabic and Persian letters in their order, which is not Unicode's."""
ARABIC_PLACES = {ord(letter): chr(i) for i, letter in enumerate(ARABIC, 1)}


def place(word: str, script: str) -> tuple[str, str]:
    """A key that puts words in the order of their script."""
    letters = _letters(word, script)
    return (letters.translate(ARABIC_PLACES) if script == "Arab" else letters), word


def _letters(word: str, script: str) -> str:
    """The letters of a word that its place depends on, the first one first."""
    small = word.casefold()
    if script == "Thai" and small[:1] in THAI_BEFORE:
        small = small[1:2] + small[:1] + small[2:]
    if script in UNMARKED:
        apart = unicodedata.normalize("NFD", small.translate(STROKES))
        small = "".join(c for c in apart if not unicodedata.combining(c))
    return small


def initial(word: str, script: str) -> str:
    """The letter that a word is listed under."""
    first = _letters(word, script)[:1]
    if FIRST_SYLLABLE <= ord(first) <= LAST_SYLLABLE:
        return INITIALS[(ord(first) - FIRST_SYLLABLE) // SYLLABLES]
    return first.upper()
