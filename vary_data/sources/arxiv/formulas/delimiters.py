"""Delimiters, and relations that `\\not` crosses out."""

from __future__ import annotations

from renderers.rejected import Rejected
from vary_data.sources.arxiv.formulas.pieces import join
from vary_data.sources.arxiv.formulas.tokens import MathTokens
from vary_data.sources.arxiv.vocabulary import formula_commands as known

_NEGATABLE = frozenset(
    [
        r"=",
        r"<",
        r">",
        r"\in",
        r"\ni",
        r"\subset",
        r"\supset",
        r"\subseteq",
        r"\supseteq",
        r"\equiv",
        r"\sim",
        r"\simeq",
        r"\approx",
        r"\cong",
        r"\leq",
        r"\geq",
        r"\le",
        r"\ge",
        r"\prec",
        r"\succ",
        r"\preceq",
        r"\succeq",
        r"\mid",
        r"\parallel",
        r"\models",
        r"\vdash",
        r"\perp",
        r"\exists",
        r"\propto",
    ]
)
"""Relations that `\\not` may cross out."""


def read_delimiter(tokens: MathTokens) -> str:
    """The delimiter that comes next, also one in braces, in normal form.

    Raises:
        Rejected: something else comes next.
    """
    token = tokens.next()
    braces = 0
    while token == "{":
        braces += 1
        token = tokens.next()
    token = known.CHARACTERS.get(token, token)
    if token[0] == "\\" and token[1:] in known.RENAMED:
        token = "\\" + known.RENAMED[token[1:]]
    if token not in known.DELIMITERS:
        raise Rejected("delimiter", token)
    for _ in range(braces):
        if tokens.next() != "}":
            raise Rejected("delimiter", token)
    return token


def read_negated(tokens: MathTokens) -> str:
    """The relation after `\\not`, crossed out.

    Raises:
        Rejected: what follows is no relation that the renderers cross out.
    """
    token = tokens.next()
    if token == "{":
        token = tokens.next()
        if tokens.next() != "}":
            raise Rejected("unknown-command", "\\not{…}")
    if token not in _NEGATABLE:
        raise Rejected("unknown-command", f"\\not{token}")
    return "\\notin" if token == "\\in" else join(["\\not", token])
