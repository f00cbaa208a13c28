"""Formulas as MathML, by latex2mathml (MIT license; an optional dependency, extra `targets`)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from vary_data.dataset.rejection import Rejected
from vary_data.targets.registry import check_form

_DISPLAY = re.compile(r"\s*(?:\\\[(.*)\\\]|\\\((.*)\\\)|\$\$(.*)\$\$|(.*))\s*", re.DOTALL)
_TAG = re.compile(r"\\tag\*?\s*\{[^{}]*\}")


def formula_of(row: Mapping[str, Any]) -> str:
    """The LaTeX of a row of the kind `formula`, without its delimiters.

    Raises:
        Rejected: the row has no text.
    """
    match = _DISPLAY.fullmatch(row["text"] or "")
    source = next((part for part in match.groups() if part), "") if match else ""
    if not source.strip():
        raise Rejected("no-formula", "the row has no formula")
    return source.strip()


def latex(formula: str) -> str:
    r"""The formula as a display in `\[ \]`."""
    return f"\\[\n{formula}\n\\]"


def mathml(formula: str) -> str:
    """The formula as a `math` element; a printed number in brackets is left out.

    Raises:
        Rejected: the library does not read the formula.
        ToolMissing: it is not installed.
    """
    check_form("mathml")
    from latex2mathml.converter import convert

    braces = re.findall(r"\\.|([{}])", formula, re.DOTALL)
    if braces.count("{") != braces.count("}"):
        raise Rejected("mathml", "braces are not balanced")  # the library would guess
    try:
        found = str(convert(_TAG.sub("", formula), display="block"))
    except Exception as error:  # the library raises its own errors, and others on odd input
        raise Rejected("mathml", f"{type(error).__name__} for {formula[:80]!r}") from error
    left = re.search(r"<mi>\\[A-Za-z]+</mi>|<mtext>\\[A-Za-z]+</mtext>", found)
    if left:
        raise Rejected("mathml", f"unknown command in {left[0]}")
    return found
