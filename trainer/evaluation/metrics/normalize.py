"""What is made equal before texts are compared.

`layout` is the default of all metrics on text: line breaks and indentation are no reading errors,
every visible character is one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from types import MappingProxyType

HAN = r"\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
"""Chinese characters, for use inside a regular expression's brackets."""
WIDE = HAN + r"\u2e80-\u2fdf\u3000-\u303f\u3040-\u30ff\uff01-\uff60\uffe0-\uffe6"
"""Also what is written between them without spaces: punctuation, kana, full-width forms."""

_SPACE = re.compile(r"\s+")
_WIDE_SPACE = re.compile(rf"(?<=[{WIDE}])\s+(?=[{WIDE}])")
_ALIKE = str.maketrans(
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
    """Unicode NFC; white space runs become one space, between Chinese characters none; stripped."""
    text = unicodedata.normalize("NFC", text)
    return _SPACE.sub(" ", _WIDE_SPACE.sub("", text)).strip()


def loose(text: str) -> str:
    """As `layout`, and NFKC, lower case, one kind of quote, dash and full stop."""
    return layout(unicodedata.normalize("NFKC", text).translate(_ALIKE).casefold())


NORMALIZERS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {"layout": layout, "exact": exact, "loose": loose}
)
