"""Boxes that a document fills at one place and prints at another: `\\sbox`, `lrbox`, `\\usebox`."""

from __future__ import annotations

from vary_data.sources.arxiv.expand.formula_mode import keep_command
from vary_data.sources.arxiv.expand.state import Box, State
from vary_data.sources.arxiv.expand.tokens import Token

_GROUP = (Token("open", "{"), Token("close", "}"))


def fill_box(state: State) -> None:
    """`\\sbox\\x{..}` or `\\savebox{\\x}[width][place]{..}`: nothing is printed here."""
    name = state.stream.name()
    state.stream.optional()
    state.stream.optional()
    content = state.stream.argument()
    if name:
        state.assign(state.boxes, name, Box(tuple(content)))


def begin_box(state: State) -> None:
    """`\\begin{lrbox}{\\x}`: what is printed up to the end of the environment is the content."""
    name = state.stream.name()
    state.open("lrbox")
    state.open_boxes.append((name, state.out))
    state.out = []


def end_box(state: State) -> None:
    """`\\end{lrbox}`."""
    state.close("lrbox")
    name, outer = state.open_boxes.pop()
    content, state.out = state.out, outer
    if name:
        state.assign(state.boxes, name, Box(tuple(content), expanded=True))


def close_boxes(state: State) -> None:
    """At the end of a document: the content of boxes without an end is in the text, with a mark."""
    while state.open_boxes:
        _, outer = state.open_boxes.pop()
        outer.append(Token("primitive", "\\VaryUndecided", " "))
        outer.extend(state.out)
        state.out = outer


def print_box(state: State, token: Token) -> None:
    """`\\usebox{\\x}` prints the content as a group."""
    argument = state.stream.argument()
    box = state.boxes.get(argument[0].text) if len(argument) == 1 else None
    if box is None:
        keep_command(state, token)
        state.out.extend((_GROUP[0], *argument, _GROUP[1]))
    elif box.expanded:
        state.stream.spend(len(box.content))
        state.out.extend((_GROUP[0], *box.content, _GROUP[1]))
    else:
        state.stream.push((_GROUP[0], *box.content, _GROUP[1]))
