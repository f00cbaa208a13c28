"""Letter styles of formulas, limited to the letters that the fonts contain."""

from __future__ import annotations

import re

from renderers.latex import math_commands
from renderers.rejected import Rejected

_GREEK = re.compile(
    "|".join(rf"\\{name}(?![A-Za-z]) ?" for name in sorted(math_commands.GREEK) if name.islower())
)
"""Small letters; capitals are in most alphabets."""
_NESTED = re.compile(r"[{}^_]")


def in_alphabet(alphabet: str, content: str) -> str:
    """`content`, in normal form, in a letter style.

    Alphabets have no small Greek letters, and some fonts print another glyph in their place:
    bold ones become `\\boldsymbol`, others stay as they are. The blackboard font of amssymb has
    capitals only, script only capitals, fraktur only letters.

    Raises:
        Rejected: no font has these letters in this style.
    """
    if not content:
        return ""
    if alphabet == "mathbb" and not re.fullmatch(r"[A-Z]+", content):
        if not re.fullmatch(r"[0-9a-z]+", content):
            raise Rejected("alphabet", f"\\{alphabet}{{{content}}}")
        alphabet = "mathbf"
    if alphabet == "mathcal" and not re.fullmatch(r"[A-Z]+", content):
        if not re.fullmatch(r"[A-Z]+(?:[_^,'(){}0-9a-z]|\\[A-Za-z]+ ?)*", content):
            raise Rejected("alphabet", f"\\{alphabet}{{{content}}}")
        capitals = re.match(r"[A-Z]+", content)
        assert capitals is not None
        return f"\\mathcal{{{capitals.group()}}}{content[capitals.end() :]}"
    if alphabet == "mathfrak" and not re.fullmatch(r"[A-Za-z]+", content):
        raise Rejected("alphabet", f"\\{alphabet}{{{content}}}")
    if _GREEK.search(content):
        return _with_greek(alphabet, content)
    return f"\\{alphabet}{{{content}}}"


def _with_greek(alphabet: str, content: str) -> str:
    if alphabet == "mathbf":
        return f"\\boldsymbol{{{content}}}"
    if _NESTED.search(content):
        return f"{{{content}}}"
    parts = []
    at = 0
    for letter in _GREEK.finditer(content):
        if letter.start() > at:
            parts.append(f"\\{alphabet}{{{content[at : letter.start()]}}}")
        parts.append(letter.group().strip())
        at = letter.end()
    if at < len(content):
        parts.append(f"\\{alphabet}{{{content[at:]}}}")
    return "".join(parts)
