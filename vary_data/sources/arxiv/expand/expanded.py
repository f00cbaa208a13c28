"""The result of the expansion, and how it is written from tokens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vary_data.sources.arxiv.expand.state import Theorem
from vary_data.sources.arxiv.expand.tokens import Token


@dataclass(frozen=True, slots=True)
class Expanded:
    """An expanded document; `code[n]` is the content of `\\VaryVerb{n}`, or the whole
    environment of `\\VaryCode{n}`."""

    preamble: str
    body: str
    code: tuple[str, ...]
    theorems: dict[str, Theorem]
    columns: dict[str, str]
    names: dict[str, str]
    """Macros without parameters whose name ends in `name`: `figurename`, `proofname`, …"""
    document_class: str
    rejected: tuple[tuple[str, str], ...]
    """(reason, file name) of inputs that were missing or pointed outside."""
    examples: frozenset[str] = frozenset()
    """The document's own verbatim environments that show what their content prints."""
    endless: tuple[str, ...] = ()
    """Macros that expand without end, in whose place there is `\\VaryUndecided`."""


_CONTROL_SPACES = ("\\ ", "\\\t", "\\\n")


def render(tokens: Sequence[Token]) -> str:
    """Source text, with a space between a control word and a letter that follows it."""
    parts: list[str] = []
    open_word = False
    for token in tokens:
        text = token.text
        if open_word and text and (text[0].isalpha() or text[0] == "@"):
            parts.append(" ")
        if token.kind == "space":
            parts.append(" ")  # a line end here must not look like the end of a paragraph
        elif text in _CONTROL_SPACES:
            parts.append("~")  # white space at the ends of sources is removed later
        else:
            parts.append(text)
        is_command = token.kind in ("command", "primitive")
        if is_command and token.trail and text != "\\ ":
            parts.append(" ")
        open_word = is_command and not token.trail and text[-1:].isalpha()
    return "".join(parts)
