r"""Formulas in the texts of blocks: `\( \)` inside texts, `\[ \]` and environments of their own."""

from __future__ import annotations

import re

_INLINE = re.compile(r"\\\((.*?)\\\)", re.DOTALL)
_DISPLAY = re.compile(r"\s*\\\[\s*(.*?)\s*\\\]\s*", re.DOTALL)
_ENVIRONMENT = re.compile(
    r"\\begin\{(align|gather|multline|equation)(\*?)\}(.*?)\\end\{\1\2\}", re.DOTALL
)
_INNER = {"align": "aligned", "gather": "gathered", "multline": "gathered"}
_TAG = re.compile(r"\s*\\tag\*?\{([^{}]*)\}")


def display_source(text: str) -> str:
    r"""The source of a displayed formula without delimiters; `align` becomes `aligned`.

    In an inner environment, a `\tag` of a row is not allowed: it is written as text.
    """
    match = _DISPLAY.fullmatch(text)
    if match:
        return match[1]

    def inner(found: re.Match[str]) -> str:
        name, body = found[1], found[3]
        if name == "equation":
            return body.strip()
        body = _TAG.sub(lambda tag: rf" \quad \text{{({tag[1]})}}", body)
        return rf"\begin{{{_INNER[name]}}}{body}\end{{{_INNER[name]}}}"

    return _ENVIRONMENT.sub(inner, text.strip())


def dollars(text: str) -> str:
    """A text whose inline formulas are in single dollars; other dollars are escaped."""
    pieces = _INLINE.split(text)
    return "".join(
        f"${piece.strip()}$" if i % 2 else piece.replace("$", r"\$")
        for i, piece in enumerate(pieces)
    )
