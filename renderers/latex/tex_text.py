"""Plain text as LaTeX."""

from __future__ import annotations

import re

from renderers.latex.characters import (
    CJK,
    CJK_PUNCTUATION,
    SHARED_PUNCTUATION,
    SYMBOLS,
    escape,
    is_cjk,
)

_OPENING, _CLOSING = "“‘", "”’"
"""Quotation marks that end no line, and that begin none: the CJK package knows this of Chinese
punctuation alone."""
_NO_BREAK = r"\nobreak{}"
_LONG_WORD = 24
"""Letters of a word in typewriter, an address for example, that may break after its signs."""


def text(plain: str) -> str:
    """Plain text as LaTeX, with a small space between Chinese and Latin letters."""
    if CJK.search(plain) is None:
        return escape(plain)
    out: list[str] = []
    previous = ""
    for char in plain:
        if previous and needs_gap(previous, char):
            out.append(r"\cj{}")
        if char in SHARED_PUNCTUATION:
            high, low = divmod(ord(char), 256)
            before, after = (_NO_BREAK if char in signs else "" for signs in (_CLOSING, _OPENING))
            out.append(rf"{before}\Unicode{{{high}}}{{{low}}}{after}")
        else:
            out.append(SYMBOLS.get(char, char))
        previous = char
    return "".join(out)


def needs_gap(left: str, right: str) -> bool:
    """Whether a small space is set between two letters, one of them Chinese and one Latin."""
    if left.isspace() or right.isspace() or is_cjk(left) == is_cjk(right):
        return False
    return not (left in CJK_PUNCTUATION or right in CJK_PUNCTUATION)


def breakable(plain: str) -> str:
    """Typewriter text in which a long word may break after `/`, `.`, `-`, `_`, without a hyphen."""
    if max(map(len, plain.split()), default=0) <= _LONG_WORD:
        return text(plain)
    return r"\allowbreak{}".join(map(text, re.findall(r"[^/._-]*[/._-]+|[^/._-]+", plain)))


def underlined(plain: str) -> str:
    """Underlined words, with the line between them, where it may break."""
    words = r"\vunderspace ".join(rf"\vunder{{{text(word)}}}" for word in plain.split())
    before, after = " " * plain[:1].isspace(), " " * plain[-1:].isspace()
    return f"{before}{words}{after}"
