"""Counts the different characters of a dataset."""

from __future__ import annotations

import unicodedata
from functools import cache

from vary_data.quality.stats.summary import Characters


def count(characters: set[str]) -> Characters:
    """Count Han, Latin and other characters; white space does not count."""
    seen = {c for c in characters if not c.isspace()}
    han = {c for c in seen if is_han(c)}
    latin = {c for c in seen if unicodedata.name(c, "").startswith("LATIN ")}
    return Characters(
        han=len(han),
        common_han=len(han & common_han()),
        latin=len(latin),
        other=len(seen) - len(han) - len(latin),
    )


def is_han(character: str) -> bool:
    """Whether it is a Chinese character, compatibility forms included."""
    return unicodedata.name(character, "").startswith("CJK ") and character.isalpha()


@cache
def common_han() -> frozenset[str]:
    """The 3,755 characters of GB 2312 level 1 (rows 16 to 55 of the standard)."""
    codes = (bytes((row, cell)) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    return frozenset("".join(code.decode("gb2312", "ignore") for code in codes))
