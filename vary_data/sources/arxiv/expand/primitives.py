"""Commands of TeX and LaTeX that change only the state of the expander."""

from __future__ import annotations

import re
from collections.abc import Callable

from vary_data.sources.arxiv.expand.state import State
from vary_data.sources.arxiv.expand.stream import plain_source
from vary_data.sources.arxiv.expand.tokens import Token, tokenize


def insert_xspace(state: State) -> None:
    """Inserts a space unless punctuation or the end of a group follows."""
    token = state.stream.peek()
    if token is None or token.kind in ("close", "space", "par"):
        return
    if token.kind == "text" and token.text[0] in ".,'/?;:!~-)]":
        return
    if token.kind in ("command", "primitive") and token.text in (
        "\\ ", "\\/", "\\xspace", "\\@xspace", "\\footnote", "\\footnotemark", "\\end",
    ):  # fmt: skip
        return
    state.out.append(Token("space", " "))


def loop(state: State) -> None:
    """`\\loop … \\repeat`: the body is kept and read again while its condition holds."""
    body = state.stream.delimited([Token("command", "\\repeat")])
    state.loops.append(tuple(body))
    _repeat(state, len(state.loops) - 1)


def loop_again(state: State) -> None:
    """The next round of a loop."""
    number = state.stream.word()
    if number.isdigit() and int(number) < len(state.loops):
        _repeat(state, int(number))


def _repeat(state: State, number: int) -> None:
    state.count_expansion()
    again = (Token("primitive", "\\VaryLoop"), Token("open", "{"), Token("text", str(number)),
             Token("close", "}"), Token("primitive", "\\fi"))  # fmt: skip
    state.stream.push([*state.loops[number], *again])


def make_global(state: State) -> None:
    """The next assignment holds outside the group too."""
    state.make_global = True


def drop_two(state: State) -> None:
    """Reads two arguments and drops them."""
    state.stream.argument()
    state.stream.argument()


def drop_advance(state: State) -> None:
    """Registers are not kept: `\\advance\\x by 1` is only read."""
    state.stream.name()
    _drop_words(state, r"(by)?-?\d*(pt|em|ex|mm|cm|in|sp)?")


def drop_rule(state: State) -> None:
    """A line drawn by TeX prints no letter."""
    _drop_words(state, r"(height|depth|width|-?[\d.]+|pt|em|ex|mm|cm|in|sp|fil)+")


def _drop_words(state: State, pattern: str) -> None:
    """Drops words as long as they match."""
    stream = state.stream
    while stream.skip_spaces() or True:
        token = stream.peek()
        match = re.match(pattern, token.text) if token and token.kind == "text" else None
        if token is None or not match or not match.group():
            return
        stream.next()
        if match.end() < len(token.text):
            stream.unread(Token("text", token.text[match.end() :]))
            return


def new_counter(state: State) -> None:
    """Passes a new counter on to the numbering."""
    name = state.stream.word()
    within = plain_source(state.stream.optional() or [])
    state.out.extend(tokenize(f"\\newcounter{{{name}}}[{within}]"))


PRIMITIVES: dict[str, Callable[[State], None]] = {
    "\\xspace": insert_xspace,
    "\\loop": loop,
    "\\VaryLoop": loop_again,
    "\\global": make_global,
    "\\newunicodechar": drop_two,
    "\\DeclareUnicodeCharacter": drop_two,
    "\\newcounter": new_counter,
    "\\advance": drop_advance,
    "\\vrule": drop_rule,
    "\\hrule": drop_rule,
}
