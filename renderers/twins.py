"""Signs that pictures do not tell apart: of each pair, truths have the usual one.

Fonts name one glyph by either code point, so a reader cannot know which one an author typed. PDF
pages have the usual signs as they are read, all other kinds as their rows are written.
"""

from __future__ import annotations

import re

TWINS = {
    "\u2206": "Δ", "\u2126": "Ω", "\u212a": "K", "\u212b": "Å", "\u00b5": "μ",
    "⋅": "·", "∙": "·", "ʹ": "′", "ʺ": "″",
}  # fmt: skip
"""Signs with the glyph of another one in most fonts. Adobe's glyph list has them for `Delta`,
`Omega` and `mu`, so that a formula of TeX has signs or letters, as its fonts are named; of ∙, ʹ
and ʺ ten families of Debian's fonts or more share the glyph with the usual sign. ˉ, of which the
same is true, is the first of the tones ˉˊˇˋ in Chinese text and another glyph in Chinese fonts."""

_TABLE = str.maketrans(TWINS)
_ANY = re.compile(f"[{''.join(TWINS)}]")


def usual_signs(text: str) -> str:
    """The text with the usual sign of each pair; positions of characters stay."""
    return text if text.isascii() or not _ANY.search(text) else text.translate(_TABLE)
