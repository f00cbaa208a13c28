"""Follow where formulas in the text begin and end, and write their signs in one form.

`$` and `$$` become `\\(`, `\\)`, `\\[` and `\\]`. A formula that cannot be read, because another
one or a paragraph begins in it, has `\\VaryBroken` in the output.
"""

from __future__ import annotations

from vary_data.sources.arxiv.expand.state import State
from vary_data.sources.arxiv.expand.tokens import Token
from vary_data.sources.arxiv.vocabulary.formula_commands import TEXT_ARGUMENT

_DELIMITERS = {"\\(": "(", "\\[": "["}


def keep_command(state: State, token: Token) -> None:
    """Put a command into the output, and change the mode if it begins or ends a formula."""
    name = token.text
    if name in _DELIMITERS and not state.math:
        state.math = _DELIMITERS[name]
    elif (name == "\\)" and state.math == "(") or (name == "\\]" and state.math == "["):
        state.math = ""
    elif name[1:] in TEXT_ARGUMENT and state.math:
        state.in_text = True
    state.out.append(token)


def read_dollar(state: State) -> None:
    """Begin or end a formula after a dollar sign; the second one of `$$` is read here."""
    follower = state.stream.peek()
    doubled = follower is not None and follower.kind == "math"
    if state.math == "$":
        state.math, sign = "", "\\)"
    elif state.math == "$$" and doubled:
        state.stream.next()
        state.math, sign = "", "\\]"
    elif state.math:
        sign = "\\VaryBroken"  # a formula inside a formula
    elif doubled:
        state.stream.next()
        state.math, sign = "$$", "\\["
    else:
        state.math, sign = "$", "\\("
    state.out.append(Token("primitive", sign))


def end_paragraph(state: State, token: Token) -> None:
    """Put the end of a paragraph into the output; it breaks a formula in running text."""
    if state.math in ("$", "("):
        # TeX would report an error and close the formula here: the paragraph is rejected.
        state.out.append(Token("primitive", "\\VaryBroken", " "))
        if state.math == "$":
            state.out.append(Token("primitive", "\\)"))
        state.math = ""
    state.out.append(Token("par", "\n\n") if token.text else token)
