r"""Write formulas so that their alphabets claim only what TeX draws.

In LaTeX `\mathbf{\alpha x}` is a bold x after an alpha that is not bold, since lower Greek letters
have one alphabet, but renderers of Markdown make both bold. Such an alphabet is moved to the
letters that it changes: `{\alpha\mathbf{x}}`. Page and Markdown are written from the result.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from renderers.latex.math_commands import ALPHABETS, GREEK, SIGNS, SWITCHES, TEXT_ARGUMENT

_TOKEN = re.compile(r"\\[a-zA-Z]+\*?\s*|\\.|.", re.S)
_POSSIBLE = re.compile(
    r"\\(?:pmb|math(?:rm|bf|it|sf|tt|cal|scr|frak|bb)|rm|bf|it|sf|tt|cal)(?![a-zA-Z])"
)
_WITHOUT_GREEK = frozenset(["mathcal", "mathscr", "mathfrak", "mathbb"])
_VERBATIM = (
    TEXT_ARGUMENT
    | ALPHABETS
    | {"operatorname", "hspace", "begin", "end", "phantom", "hphantom", "vphantom", "tag"}
)
"""Commands whose argument an alphabet around them does not change."""
_LOWER_GREEK = frozenset(name for name in GREEK if name[0].islower())


def drawable(latex: str) -> str:
    """The formula with its alphabets only around letters that they change."""
    if not _POSSIBLE.search(latex):
        return latex
    return "".join(_rewritten(_TOKEN.findall(latex)))


def _rewritten(tokens: Sequence[str]) -> Iterator[str]:
    at = 0
    while at < len(tokens):
        name = _name(tokens[at])
        if name in SWITCHES:
            rest = list(_rewritten(tokens[at + 1 : (end := _end_of_group(tokens, at + 1))]))
            alphabet = SWITCHES[name]
            if _unchanged_letters(rest, alphabet):
                yield from _moved(rest, alphabet)
            else:
                yield from (tokens[at], *rest)
            at = end
        elif name == "pmb":
            yield r"\boldsymbol" + tokens[at].removeprefix(r"\pmb")
            at += 1
        elif name in ALPHABETS - {"boldsymbol", "mathnormal"}:
            end = _end_of_argument(tokens, at + 1)
            argument = list(_rewritten(tokens[at + 1 : end]))
            inner = argument[1:-1] if argument[:1] == ["{"] else argument
            if _unchanged_letters(inner, name):
                moved = list(_moved(inner, name))
                yield "".join(moved) if len(inner) == 1 else "{" + "".join(moved) + "}"
            else:
                yield from (tokens[at], *argument)
            at = end
        else:
            yield tokens[at]
            at += 1


def _name(token: str) -> str:
    return token[1:].strip().rstrip("*") if token[0] == "\\" else ""


def _end_of_argument(tokens: Sequence[str], at: int) -> int:
    while at < len(tokens) and tokens[at].isspace():
        at += 1
    if at < len(tokens) and tokens[at] == "{":
        return min(_end_of_group(tokens, at + 1) + 1, len(tokens))
    return min(at + 1, len(tokens))


def _end_of_group(tokens: Sequence[str], at: int) -> int:
    """The index of the brace that closes the group which contains token `at`."""
    depth = 0
    while at < len(tokens):
        depth += (tokens[at] == "{") - (tokens[at] == "}")
        if depth < 0:
            break
        at += 1
    return at


def _unchanged_letters(tokens: Sequence[str], alphabet: str) -> bool:
    """Whether there is a letter that the alphabet does not change."""
    letters = GREEK if alphabet in _WITHOUT_GREEK else _LOWER_GREEK
    at = 0
    while at < len(tokens):
        name = _name(tokens[at])
        if name in letters:
            return True
        at = _end_of_argument(tokens, at + 1) if name in _VERBATIM else at + 1
    return False


def _moved(tokens: Sequence[str], alphabet: str) -> Iterator[str]:
    """The tokens with the alphabet around each run of letters that it changes."""
    unchanged = GREEK if alphabet in _WITHOUT_GREEK else _LOWER_GREEK
    at = 0
    single = False  # the next token is an argument without braces
    while at < len(tokens):
        token, name = tokens[at], _name(tokens[at])
        if name in _VERBATIM:
            end = _end_of_argument(tokens, at + 1)
            yield "".join(tokens[at:end])
            at = end
        elif token.isalnum() or name in GREEK - unchanged:
            end = at + 1
            while not single and end < len(tokens) and tokens[end].isalnum():
                end += 1
            run = rf"\{alphabet}{{{''.join(tokens[at:end])}}}"
            yield "{" + run + "}" if single else run
            at, single = end, False
        else:
            yield token
            if not token.isspace():
                single = token in "^_" or (name != "" and name not in SIGNS and name.isalpha())
            at += 1
