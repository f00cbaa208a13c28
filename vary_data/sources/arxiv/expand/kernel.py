"""Macros that LaTeX itself defines, and `\\string`, which prints names instead of running them."""

from __future__ import annotations

from collections.abc import Sequence

from vary_data.sources.arxiv.expand.macros import Macro, latex_parameters
from vary_data.sources.arxiv.expand.state import State
from vary_data.sources.arxiv.expand.stream import TokenStream
from vary_data.sources.arxiv.expand.tokens import Token, tokenize

_BODIES = {
    "\\@empty": (0, ""),
    "\\empty": (0, ""),
    "\\@gobble": (1, ""),
    "\\@gobbletwo": (2, ""),
    "\\@gobblethree": (3, ""),
    "\\@gobblefour": (4, ""),
    "\\@firstofone": (1, "#1"),
    "\\@iden": (1, "#1"),
    "\\@firstoftwo": (2, "#1"),
    "\\@secondoftwo": (2, "#2"),
    "\\@nameuse": (1, r"\csname #1\endcsname"),
    "\\@namedef": (1, r"\expandafter\def\csname #1\endcsname"),
}
KERNEL_MACROS = {
    name: Macro(tuple(tokenize(body)), latex_parameters(count, None))
    for name, (count, body) in _BODIES.items()
}
"""What style code in a preamble needs; a document may define these names again."""
_SIGNS = {"~": "\\textasciitilde", "^": "\\textasciicircum", "\\": "\\textbackslash"}
_ESCAPED = "_&#$%{}"


def printed_name(stream: TokenStream) -> list[Token] | None:
    """Reads the token after `\\string`; returns what prints it, None for verbatim text."""
    token = stream.character()
    if token is None:
        return []
    if token.kind == "verbatim":
        stream.unread(token)
        return None
    if token.kind in ("command", "primitive"):
        return [_sign("\\"), *printed_letters(token.text[1:])]
    return printed_letters(token.text)


def printed_letters(text: str) -> list[Token]:
    """Tokens that print a text as it is written."""
    return [_sign(letter) for letter in text] if set(text) & _SPECIAL else [Token("text", text)]


_SPECIAL = {*_SIGNS, *_ESCAPED, " ", "\n", "\t"}


def _sign(letter: str) -> Token:
    """A token that prints one character."""
    if letter.isspace():
        return Token("space", " ")
    if letter in _SIGNS:
        return Token("primitive", _SIGNS[letter] + "{}")  # one token, and a space after it stays
    if letter in _ESCAPED:
        return Token("primitive", "\\" + letter)
    return Token("text", letter)


def print_name(state: State) -> None:
    """`\\string\\foo` prints `\\foo`."""
    printed = printed_name(state.stream)
    if printed is None:
        state.out.append(Token("primitive", "\\string"))
    else:
        state.stream.push(printed)


def print_source(state: State) -> None:
    """`\\detokenize{..}` prints its argument as it is written, with a space after each name."""
    state.stream.push(printed_source(state.stream.argument()))


def printed_source(tokens: Sequence[Token]) -> list[Token]:
    """Tokens that print others as they are written, with a space after the name of a command."""
    printed: list[Token] = []
    for token in tokens:
        if token.kind == "verbatim":
            return [Token("primitive", "\\detokenize")]
        if token.kind not in ("command", "primitive"):
            printed += printed_letters(token.text)
            continue
        printed += [_sign("\\"), *printed_letters(token.text[1:])]
        if token.text[-1:].isalpha():
            printed.append(Token("space", " "))
    return printed
