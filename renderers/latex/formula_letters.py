"""Compare a formula with its glyphs: which letters and digits it must show.

Layout, symbols and delimiters differ too much between fonts to be compared. Letters and digits
do not: each that the source asks for must be among the glyphs of the formula, equally often, and
no other (a multiset comparison of ASCII letters, digits and Chinese characters).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from unicodedata import normalize

from renderers.latex.characters import is_cjk

_TOKEN = re.compile(r"\\(?:begin|end)\s*\{[a-zA-Z]+\*?\}|\\[a-zA-Z]+\*?|\\.|.", re.S)
_COLUMNS = re.compile(r"(\\begin\s*\{(?:array|subarray|alignedat)\})\s*(?:\[[a-z]\])?\{[^{}]*\}")
_POSITION = re.compile(r"(\\begin\s*\{(?:aligned|gathered|cases)\})\s*\[[a-z]\]")
_LENGTH = re.compile(
    r"\\\\\s*\[\s*-?[\d.]+\s*[a-z]{2}\s*\]"
    r"|\\(?:hspace|vspace|mspace)\*?\{[^{}]*\}"
    r"|\\(?:mkern|mskip|kern|hskip|raise|lower)\s*-?[\d.]+\s*[a-z]{2}"
    r"|\\(?:phantom|hphantom|vphantom)\{[^{}]*\}"
)
_PLAIN = (
    *("sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh", "coth", "arcsin"),
    *("arccos", "arctan", "log", "ln", "lg", "exp", "lim", "max", "min", "sup", "inf", "det"),
    *("dim", "ker", "hom", "arg", "deg", "gcd", "Pr", "limsup", "liminf", "injlim", "projlim"),
)
_NAMES = dict(zip(_PLAIN, _PLAIN, strict=True)) | {
    "varlimsup": "lim",
    "varliminf": "lim",
    "varinjlim": "lim",
    "varprojlim": "lim",
    "bmod": "mod",
    "pmod": "mod",
    "mod": "mod",
}
"""Commands that print letters, and the letters."""


def expected(latex: str) -> Counter[str]:
    """Letters and digits that the source asks for."""
    if "\\" not in latex:
        return Counter(filter(_counts, latex))
    source = _COLUMNS.sub(r"\1", latex)
    source = _POSITION.sub(r"\1", source)
    source = _LENGTH.sub(" ", source)
    found: Counter[str] = Counter()
    for token in _TOKEN.findall(source):
        if len(token) == 1:
            if _counts(token):
                found[token] += 1
        elif name := _NAMES.get(token[1:].rstrip("*")):
            found.update(name)
    return found


_SOMETIMES = {
    "imath": "i",
    "jmath": "j",
    "hbar": "h",
    "hslash": "h",
    "Bbbk": "k",
    "emptyset": "0",
    "digamma": "\U0002d7cb",
}
"""Signs that some fonts compose from, or name after, a letter."""


def optional(latex: str) -> Counter[str]:
    """Letters that may be among the glyphs, depending on the font."""
    names = (token[1:] for token in _TOKEN.findall(latex))
    return Counter(_SOMETIMES[name] for name in names if name in _SOMETIMES)


def drawn(chars: Iterable[str]) -> Counter[str]:
    """Letters and digits among the glyphs of a formula, without accents."""
    text = "".join(chars)
    return Counter(filter(_counts, text if text.isascii() else normalize("NFD", text)))


def _counts(char: str) -> bool:
    return char.isalnum() if char.isascii() else is_cjk(char)
