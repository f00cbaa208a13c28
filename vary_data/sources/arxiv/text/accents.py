"""Letters with accents as single Unicode characters."""

from __future__ import annotations

import unicodedata

from vary_data.sources.arxiv.vocabulary.text_commands import ACCENTS

_DOTLESS = {"\\i": "i", "\\j": "j", "ı": "i", "ȷ": "j"}
_ALONE = {"^": "^", "~": "~", '"': "¨", "'": "´", "`": "`"}
"""What an accent command prints without a letter."""


def accented(accent: str, letter: str) -> str:
    """A letter under an accent as one composed character, or an empty string if there is none."""
    letter = _DOTLESS.get(letter.strip(), letter.strip())
    if not letter:
        return _ALONE.get(accent, "")
    composed = unicodedata.normalize("NFC", letter[0] + ACCENTS[accent])
    return composed + letter[1:] if len(composed) == 1 else ""
