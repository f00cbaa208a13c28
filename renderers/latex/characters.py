"""Unicode characters, their LaTeX source, and which of them are equivalent."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal

from renderers.latex.data_table import read_table

CJK = re.compile(
    "[\u2e80-\u2fdf\u3000-\u30ff\u3105-\u312f\u31a0-\u31bf\u3200-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff]"
)
CJK_PUNCTUATION = frozenset("，。、；：？！（）《》〈〉【】「」『』〔〕“”‘’…—～·％")
SHARED_PUNCTUATION = frozenset("“”‘’…—")
"""Punctuation of both scripts; Chinese text uses the glyphs of the Chinese font."""

LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "ft", "ﬆ": "st"}


@dataclass(frozen=True, slots=True)
class Character:
    """A row of `characters.tsv`: the LaTeX source of a character, in text or in a formula."""

    code_point: str
    name: str
    mode: Literal["text", "formula"]
    latex: str

    @property
    def character(self) -> str:
        return chr(int(self.code_point.removeprefix("U+"), 16))

    @property
    def in_text(self) -> str:
        """Its source in running text, as a formula if it is one."""
        return self.latex if self.mode == "text" else rf"\ensuremath{{{self.latex}}}"


SYMBOLS = {
    row.character: row.in_text
    for row in read_table(files(__package__) / "characters.tsv", Character)
}
"""LaTeX in text mode. Hyphens and commas are closed with `{}`, so that two of them do not join
into a dash or a quote.
"""

ACCENTS = dict(
    zip(
        "´`ˆ^¨˜~¯ˇ˘˚˝˙¸˛",
        "\u0301\u0300\u0302\u0302\u0308\u0303\u0303\u0304\u030c\u0306\u030a\u030b\u0307\u0327\u0328",
        strict=True,
    )
)
"""Accents as separate glyphs, which some fonts print over (or under) a letter."""

FOLDED = {"∆": "Δ", "\u2126": "Ω", "µ": "μ", "⋅": "·", "∙": "·", "∼": "~"}
"""Characters that look the same in Unicode: fonts name one glyph by either."""

CANDIDATES = tuple(
    sorted(
        {chr(c) for c in (*range(0x21, 0x7F), *range(0xA1, 0x180), *range(0x218, 0x21C))}
        | (SYMBOLS.keys() - {"\u00a0"})
    )
)
"""Non-Chinese characters whose presence in a text font is tested."""

SAFE_CANDIDATES = tuple(c for c in CANDIDATES if c.isascii() or c in SYMBOLS)
"""Those of `CANDIDATES` for Chinese templates; TeX takes others from the Chinese font."""

_PLAIN_OR_SYMBOL = re.compile("|".join(re.escape(c) for c in SYMBOLS))


def escape(text: str) -> str:
    """Plain text as LaTeX source that prints exactly these characters in text mode."""
    return _PLAIN_OR_SYMBOL.sub(lambda m: SYMBOLS[m.group()], text)


FIRST_CJK = "\u2e80"
"""No character before it is Chinese."""


def is_cjk(char: str) -> bool:
    """Whether a character is Chinese, its punctuation included."""
    return char >= FIRST_CJK and CJK.match(char) is not None


def letters(text: str) -> str:
    """The letters that are compared between a truth and a page: no white space, no ligatures."""
    return "".join(LIGATURES.get(c, c) for c in text if not c.isspace())
