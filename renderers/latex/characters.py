"""Unicode characters and how pdflatex is asked for them."""

from __future__ import annotations

import re

CJK = re.compile(
    "[\u2e80-\u2fdf\u3000-\u30ff\u3105-\u312f\u31a0-\u31bf\u3200-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff]"
)
CJK_PUNCTUATION = frozenset("，。、；：？！（）《》〈〉【】「」『』〔〕“”‘’…—～·％")
SHARED_PUNCTUATION = frozenset("“”‘’…—")
"""Punctuation of both scripts; in Chinese text the Chinese font's glyph is asked for."""

LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "ft", "ﬆ": "st"}

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "'": r"\textquotesingle{}",
    "`": r"\textasciigrave{}",
    '"': r"\textquotedbl{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "-": "-{}",
    ",": ",{}",
}
"""Hyphens and commas are closed so that two of them never join into a dash or a quote."""

_TEXT = {
    "\u00a0": "~",
    "–": r"\textendash{}",
    "—": r"\textemdash{}",
    "‘": r"\textquoteleft{}",
    "’": r"\textquoteright{}",
    "“": r"\textquotedblleft{}",
    "”": r"\textquotedblright{}",
    "‚": r"\quotesinglbase{}",
    "„": r"\quotedblbase{}",
    "«": r"\guillemotleft{}",
    "»": r"\guillemotright{}",
    "…": r"\textellipsis{}",
    "•": r"\textbullet{}",
    "†": r"\textdagger{}",
    "‡": r"\textdaggerdbl{}",
    "§": r"\S{}",
    "¶": r"\P{}",
    "©": r"\textcopyright{}",
    "®": r"\textregistered{}",
    "™": r"\texttrademark{}",
    "°": r"\textdegree{}",
    "€": r"\texteuro{}",
    "£": r"\textsterling{}",
    "¥": r"\textyen{}",
    "µ": r"\textmu{}",
    "‰": r"\textperthousand{}",
    "¿": r"\textquestiondown{}",
    "¡": r"\textexclamdown{}",
}

_MATH = {
    "×": r"\times",
    "÷": r"\div",
    "±": r"\pm",
    "∓": r"\mp",
    "·": r"\cdot",
    "¬": r"\neg",
    "−": "-",
    "≤": r"\le",
    "≥": r"\ge",
    "≠": r"\ne",
    "≈": r"\approx",
    "≡": r"\equiv",
    "∼": r"\sim",
    "∝": r"\propto",
    "∞": r"\infty",
    "∂": r"\partial",
    "∇": r"\nabla",
    "∈": r"\in",
    "∉": r"\notin",
    "⊂": r"\subset",
    "⊆": r"\subseteq",
    "∪": r"\cup",
    "∩": r"\cap",
    "∀": r"\forall",
    "∃": r"\exists",
    "→": r"\rightarrow",
    "←": r"\leftarrow",
    "↔": r"\leftrightarrow",
    "⇒": r"\Rightarrow",
    "⇐": r"\Leftarrow",
    "⇔": r"\Leftrightarrow",
    "↑": r"\uparrow",
    "↓": r"\downarrow",
    "√": r"\surd",
    "∑": r"\Sigma",
    "⊕": r"\oplus",
    "⊗": r"\otimes",
    "∗": r"\ast",
    "⋆": r"\star",
    "✓": r"\checkmark",
    "△": r"\triangle",
    "α": r"\alpha",
    "β": r"\beta",
    "γ": r"\gamma",
    "δ": r"\delta",
    "ε": r"\varepsilon",
    "ζ": r"\zeta",
    "η": r"\eta",
    "θ": r"\theta",
    "κ": r"\kappa",
    "λ": r"\lambda",
    "μ": r"\mu",
    "ν": r"\nu",
    "ξ": r"\xi",
    "π": r"\pi",
    "ρ": r"\rho",
    "σ": r"\sigma",
    "τ": r"\tau",
    "φ": r"\varphi",
    "χ": r"\chi",
    "ψ": r"\psi",
    "ω": r"\omega",
    "Γ": r"\Gamma",
    "Δ": r"\Delta",
    "Θ": r"\Theta",
    "Λ": r"\Lambda",
    "Ξ": r"\Xi",
    "Π": r"\Pi",
    "Σ": r"\Sigma",
    "Φ": r"\Phi",
    "Ψ": r"\Psi",
    "Ω": r"\Omega",
}
del _MATH["∑"]  # \sum is too tall for text, and a sigma is another character

SYMBOLS = _SPECIAL | _TEXT | {char: rf"\ensuremath{{{tex}}}" for char, tex in _MATH.items()}

ACCENTS = dict(
    zip(
        "´`ˆ^¨˜~¯ˇ˘˚˝˙¸˛",
        "\u0301\u0300\u0302\u0302\u0308\u0303\u0303\u0304\u030c\u0306\u030a\u030b\u0307\u0327\u0328",
        strict=True,
    )
)
"""Accents as glyphs of their own, which some fonts set over (or under) a letter."""

FOLDED = {"∆": "Δ", "\u2126": "Ω", "µ": "μ", "⋅": "·", "∙": "·", "∼": "~", "ϕ": "φ", "ϵ": "ε"}
"""Twins in Unicode: fonts name one glyph by either."""

CANDIDATES = tuple(
    sorted(
        {chr(c) for c in (*range(0x21, 0x7F), *range(0xA1, 0x180), *range(0x218, 0x21C))}
        | (SYMBOLS.keys() - {"\u00a0"})
    )
)
"""Characters outside Chinese that a text font is probed for."""

SAFE_CANDIDATES = tuple(c for c in CANDIDATES if c.isascii() or c in SYMBOLS)
"""The same for Chinese templates, where others would be sought in the Chinese font."""

_PLAIN_OR_SYMBOL = re.compile("|".join(re.escape(c) for c in SYMBOLS))


def escape(text: str) -> str:
    """Plain text as LaTeX source that prints exactly these characters in text mode."""
    return _PLAIN_OR_SYMBOL.sub(lambda m: SYMBOLS[m.group()], text)


FIRST_CJK = "\u2e80"
"""No character before it is Chinese."""


def is_cjk(char: str) -> bool:
    return char >= FIRST_CJK and CJK.match(char) is not None


def letters(text: str) -> str:
    """What is compared between a truth and a page: no white space, ligatures taken apart."""
    return "".join(LIGATURES.get(c, c) for c in text if not c.isspace())
