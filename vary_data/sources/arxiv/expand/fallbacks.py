"""Commands that classes and styles define alike, for documents that do not define them.

Those of ltxdoc and similar classes print names and arguments of commands; those of the styles of
some conferences print abbreviations.
"""

from __future__ import annotations

from collections.abc import Callable

from vary_data.sources.arxiv.expand.kernel import printed_letters
from vary_data.sources.arxiv.expand.primitives import insert_xspace
from vary_data.sources.arxiv.expand.state import State
from vary_data.sources.arxiv.expand.tokens import Token, tokenize


def _push(state: State, before: str, tokens: list[Token], after: str) -> None:
    state.stream.push([*tokenize(before), *tokens, *tokenize(after)])


def _command_name(state: State) -> None:
    """`\\cs{foo}`, `\\cmd{\\foo}` and `\\cmd\\foo` print `\\foo` in typewriter."""
    state.stream.star()
    name = state.stream.argument()
    first = name[0].text if name and name[0].kind in ("command", "primitive") else "\\"
    rest = name[1:] if len(first) > 1 else name
    printed = printed_letters(first)
    for token in rest:
        printed += printed_letters(token.text) if token.kind == "text" else [token]
    _push(state, "\\texttt{", printed, "}")


def _argument(before: str, after: str) -> Callable[[State], None]:
    """A placeholder in italics between angle brackets, in the brackets of an argument."""

    def run(state: State) -> None:
        inner = state.stream.argument()
        _push(state, f"{before}$\\langle$\\textit{{", inner, f"}}$\\rangle${after}")

    return run


def _margin(state: State) -> None:
    """`\\DescribeMacro{\\foo}` prints a name in the margin, which is left out."""
    state.stream.argument()


def _changes(state: State) -> None:
    """`\\changes{version}{date}{text}` prints nothing here."""
    for _ in range(3):
        state.stream.argument()


def _logo(state: State) -> None:
    """`\\hologo{LaTeX}` prints a logo as the command of this name does."""
    name = state.stream.word()
    state.out.append(Token("primitive", f"\\{name}" if name.isalpha() else "\\hologo", " "))
    state.out.extend(tokenize("{}"))


def _abbreviation(text: str) -> Callable[[State], None]:
    """An abbreviation in italics: with its last dot unless one follows, and a space after it."""

    def run(state: State) -> None:
        follower = state.stream.peek()
        dot = "" if follower is not None and follower.text.startswith(".") else "."
        state.out.extend(tokenize(f"\\emph{{{text}{dot}}}"))
        insert_xspace(state)

    return run


_ABBREVIATIONS = {
    "eg": "e.g", "ie": "i.e", "cf": "cf", "etc": "etc", "vs": "vs", "wrt": "w.r.t",
    "etal": "et al", "Eg": "E.g", "Ie": "I.e", "Cf": "Cf",
}  # fmt: skip
FALLBACKS: dict[str, Callable[[State], None]] = {
    "\\cs": _command_name,
    "\\cmd": _command_name,
    "\\meta": _argument("", ""),
    "\\marg": _argument("\\texttt{\\{}", "\\texttt{\\}}"),
    "\\oarg": _argument("\\texttt{[}", "\\texttt{]}"),
    "\\parg": _argument("\\texttt{(}", "\\texttt{)}"),
    **dict.fromkeys(("\\DescribeMacro", "\\DescribeEnv"), _margin),
    "\\changes": _changes,
    "\\hologo": _logo,
    "\\textlangle": lambda state: _push(state, "$\\langle$", [], ""),
    "\\textrangle": lambda state: _push(state, "$\\rangle$", [], ""),
    **{f"\\{name}": _abbreviation(text) for name, text in _ABBREVIATIONS.items()},
}
"""What runs a command in text, by its name."""
