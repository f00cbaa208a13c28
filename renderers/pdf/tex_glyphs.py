"""The characters of glyph names that Adobe's glyph list does not have: those of TeX's fonts.

Sources: the encoding vectors of the Computer Modern and AMS fonts in Type 1 format (`cmex10.pfb`,
`cmsy10.pfb`, `cmmi10.pfb`, `msam10.pfb`, `msbm10.pfb`, `wasy10.pfb`), and of Latin Modern Math.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pymupdf import mupdf

_SIZE = re.compile(
    r"(?:(?:big|Big|bigg|Bigg)(?:\d|v)?|text|display|small|alt|low|wide|wider|widest)$"
)
"""What follows the name of a sign that a font has in several sizes."""

_HEXADECIMAL = re.compile("u(?:ni)?([0-9A-F]{4,6})")

_SIZED = {
    **dict(zip(("parenleft", "parenright", "bracketleft", "bracketright"), "()[]", strict=True)),
    **dict(zip(("braceleft", "braceright", "slash", "backslash"), "{}/\\", strict=True)),
    **dict(zip(("floorleft", "floorright", "ceilingleft", "ceilingright"), "⌊⌋⌈⌉", strict=True)),
    **dict(zip(("angbracketleft", "angbracketright", "radical"), "⟨⟩√", strict=True)),
    **dict(zip(("summation", "product", "coproduct", "integral"), "∑∏∐∫", strict=True)),
    **dict(zip(("contintegral", "union", "intersection", "unionmulti"), "∮⋃⋂⨄", strict=True)),
    **dict(zip(("unionsq", "logicaland", "logicalor"), "⨆⋀⋁", strict=True)),
    **dict(zip(("circleplus", "circlemultiply", "circledot"), "⨁⨂⨀", strict=True)),
    **dict(zip(("hat", "tilde"), "ˆ˜", strict=True)),
}
_PIECES = {
    **dict(zip(("parenlefttp", "parenleftex", "parenleftbt"), "⎛⎜⎝", strict=True)),
    **dict(zip(("parenrighttp", "parenrightex", "parenrightbt"), "⎞⎟⎠", strict=True)),
    **dict(zip(("bracketlefttp", "bracketleftex", "bracketleftbt"), "⎡⎢⎣", strict=True)),
    **dict(zip(("bracketrighttp", "bracketrightex", "bracketrightbt"), "⎤⎥⎦", strict=True)),
    **dict(zip(("bracelefttp", "braceleftmid", "braceleftbt"), "⎧⎨⎩", strict=True)),
    **dict(zip(("bracerighttp", "bracerightmid", "bracerightbt"), "⎫⎬⎭", strict=True)),
    **dict(zip(("braceex", "barex", "vextendsingle", "vextenddouble"), "⎪⏐⏐‖", strict=True)),
    **dict(zip(("radicalbt", "arrowtp", "arrowbt"), "√↑↓", strict=True)),
    **dict(zip(("arrowdbltp", "arrowdblbt"), "⇑⇓", strict=True)),
    # The rest of a tall root or arrow, and the ends of braces over formulas, are no characters.
    **dict.fromkeys(("radicaltp", "radicalvertex", "arrowvertex", "arrowvertexdbl"), ""),
    **dict.fromkeys(("bracehtipdownleft", "bracehtipdownright"), ""),
    **dict.fromkeys(("bracehtipupleft", "bracehtipupright", "vextend"), ""),
}
_NAMES = {
    "mapsto": "↦",  # without its arrow, which follows
    "negationslash": "\u0338",
    "owner": "∋",
    "follows": "≻",
    "precedes": "≺",
    "followsequal": "⪰",
    "precedesequal": "⪯",
    "similarequal": "≃",
    "equivasymptotic": "≍",
    "lessmuch": "≪",
    "greatermuch": "≫",
    "reflexsubset": "⊆",
    "reflexsuperset": "⊇",
    "propersubset": "⊂",
    "propersuperset": "⊃",
    "turnstileleft": "⊢",
    "turnstileright": "⊣",
    "latticetop": "⊤",
    "perpendicular": "⊥",
    "squareimage": "⊏",
    "squareoriginal": "⊐",
    "wreathproduct": "≀",
    "unionsqmulti": "⨆",
    "intersectionsq": "⊓",
    "logicaland": "∧",
    "logicalor": "∨",
    "bardbl": "‖",
    "prime": "′",
    "asteriskmath": "∗",
    "diamondmath": "⋄",
    "openbullet": "◦",
    "circleminus": "⊖",
    "circledivide": "⊘",
    "arrownortheast": "↗",
    "arrowsoutheast": "↘",
    "arrownorthwest": "↖",
    "arrowsouthwest": "↙",
    "arrowdblboth": "⇔",
    "arrowbothv": "↕",
    "arrowdblbothv": "⇕",
    "club": "♣",
    "diamond": "♢",
    "heart": "♡",
    "spade": "♠",
    "vector": "⃗",
    "tie": "⁀",
    "slurbelow": "⌣",
    "slurabove": "⌢",
    "star": "⋆",
    "flat": "♭",
    "natural": "♮",
    "sharp": "♯",
    "dotlessj": "ȷ",
    "triangleleft": "◁",
    "triangleright": "▷",
    "harpoonleftup": "↼",
    "harpoonleftdown": "↽",
    "harpoonrightup": "⇀",
    "harpoonrightdown": "⇁",
    "lscript": "ℓ",
    "weierstrass": "℘",
    "epsilon1": "ε",
    "theta1": "ϑ",
    "pi1": "ϖ",
    "rho1": "ϱ",
    "sigma1": "ς",
    "phi1": "φ",
    "square": "□",
    "squaresolid": "■",
    "lozenge": "◊",
    "lozengesolid": "⧫",
    "check": "✓",
    "maltesecross": "✠",
    "yen": "¥",
    "circleR": "®",
    "circleS": "Ⓢ",
    "lessorequalslant": "⩽",
    "greaterorequalslant": "⩾",
    "lessorsimilar": "≲",
    "greaterorsimilar": "≳",
    "defines": "≜",
    "squiggleright": "⇝",
    "star4": "★",
    "smiley": "☺",
    "frownie": "☹",
    "planckover2pi": "ℏ",
    "planckover2pi1": "ℏ",
    "beth": "ℶ",
    "gimel": "ℷ",
    "daleth": "ℸ",
    "notexistential": "∄",
    "emptyset": "∅",
}
_BY_FONT = {("manfnt", "char7f"): "☡"}
"""Names that only the font explains: the dangerous bend of the TeXbook."""


def character_of_name(name: str, font: str) -> str | None:
    """The character of a glyph name; empty for a part of a sign, None if the name is unknown.

    `font` is the name of the font, with or without the prefix of a subset.
    """
    base = font.rpartition("+")[2]
    for table_font, glyph in _BY_FONT:
        if glyph == name and base.startswith(table_font):
            return _BY_FONT[table_font, glyph]
    for table in (_PIECES, _NAMES):
        if name in table:
            return table[name]
    stem = _SIZE.sub("", name)
    if stem in _SIZED:
        return _SIZED[stem]
    return code_of_name(name)


@lru_cache(4096)
def code_of_name(name: str) -> str | None:
    """The character of a name by Adobe's rules: its list, `uniXXXX` and `uXXXXX`.

    What follows a dot (`a.sc`, `one.oldstyle`) names a variant of the same character.
    """
    name = name.partition(".")[0]
    code = mupdf.ll_fz_unicode_from_glyph_name_strict(name)
    match = _HEXADECIMAL.fullmatch(name)
    if not code and match:
        code = int(match.group(1), 16)
    private = 0xE000 <= code < 0xF900 or code > 0xEFFFF or 0xD800 <= code < 0xE000
    return None if code <= 0 or code == 0xFFFD or private else chr(code)
