"""Join pieces of formula source."""

from __future__ import annotations

import re
from collections.abc import Sequence

from renderers.latex.blocks import Text
from renderers.rejected import Rejected

_CONTROL_WORD = re.compile(r"\\[A-Za-z]+$")
_TEXT_ESCAPES = {"{": "\\{", "}": "\\}", "$": "\\$", "&": "\\&", "#": "\\#", "_": "\\_", "%": "\\%"}


def math_text(span: Text) -> str:
    """A run of text inside a formula, as source.

    Raises:
        Rejected: a character that text in formulas cannot print.
    """
    escaped = "".join(_TEXT_ESCAPES.get(char, char) for char in span.text)
    if any(char in "\\^~" for char in span.text):
        raise Rejected("character", span.text)
    escaped = escaped.replace("’", "'")
    style = "textbf" if span.bold else "textit" if span.italic else "text"
    style = "texttt" if span.mono else style
    return f"\\{style}{{{escaped}}}" if escaped else ""


def join(parts: Sequence[str]) -> str:
    """Pieces in a row, with a space between a control word and a letter that follows it."""
    out = ""
    for part in parts:
        if part and part[0].isalpha() and _CONTROL_WORD.search(out[-40:]):
            out += " "
        elif part.startswith("\\boldsymbol") and out.endswith("\\dots"):
            out += "{}"  # amsmath's \dots looks at what follows and trips over \boldsymbol
        out += part
    return out


def without_last_space(source: str) -> str:
    """A formula without the space at its end, which prints nothing.

    Where white space is stripped, a control space at the end would leave a lone backslash.
    """
    end = len(source)  # a pattern would try every space of a long row
    while True:
        if source.endswith("~", 0, end):
            end -= 1
        elif source.endswith("\\ ", 0, end) and not source.endswith("\\\\ ", 0, end):
            end -= 2
        else:
            return source[:end]
