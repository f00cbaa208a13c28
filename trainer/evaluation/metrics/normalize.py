"""Normalization of texts before they are compared.

`layout` is the default of all metrics on text: differences in line breaks and indentation are not
errors, differences in visible characters are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from types import MappingProxyType

from renderers.twins import usual_signs

HAN = r"\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
"""Chinese characters, for use inside a regular expression's brackets."""
WIDE = HAN + r"\u2e80-\u2fdf\u3000-\u303f\u3040-\u30ff\uff01-\uff60\uffe0-\uffe6"
"""Also characters that are written between them without spaces: punctuation, kana, full-width."""

_SPACE = re.compile(r"\s+")
_WIDE_SPACE = re.compile(rf"(?<=[{WIDE}])\s+(?=[{WIDE}])")
_EQUIVALENT = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′", "'"),
        **dict.fromkeys("“”„‟″", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        "…": "...",
        "。": ".",
        "、": ",",
    }
)


def exact(text: str) -> str:
    """The text as it is."""
    return text


def layout(text: str) -> str:
    """Unicode NFC; signs that pictures do not tell apart, as ∆ and Δ, are one; runs of white space
    become one space, or none between Chinese characters."""
    text = usual_signs(unicodedata.normalize("NFC", text))
    return _SPACE.sub(" ", _WIDE_SPACE.sub("", text)).strip()


def loose(text: str) -> str:
    """As `layout`, with NFKC, lower case, and one form of quotes, dashes and full stops."""
    return layout(unicodedata.normalize("NFKC", text).translate(_EQUIVALENT).casefold())


NORMALIZERS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {"layout": layout, "exact": exact, "loose": loose}
)
