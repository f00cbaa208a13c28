"""Split TeX source into tokens without losing a character.

The joined `text` and `trail` of all tokens is the source again. Only what a macro expander needs
is separated: letters and most signs stay together as runs of text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal, NamedTuple

from vary_data.sources.arxiv.vocabulary.environments import VERBATIM

Kind = Literal[
    "command", "primitive", "text", "space", "par", "open", "close", "math", "param", "comment",
    "verbatim",
]  # fmt: skip


class Token(NamedTuple):
    """`trail` is the white space after a control word, which TeX ignores.

    A `primitive` is a command that is not looked up among the document's macros; the
    tokenizer never makes one, `\\let` does.
    """

    kind: Kind
    text: str
    trail: str = ""


@dataclass(slots=True)
class Islands:
    """Names of verbatim environments and inline commands, whose content is not TeX."""

    environments: set[str] = field(default_factory=lambda: {row.environment for row in VERBATIM})
    commands: set[str] = field(default_factory=lambda: {"verb", "Verb", "lstinline", "mintinline"})
    comments: set[str] = field(
        default_factory=lambda: {row.environment for row in VERBATIM if not row.printed}
    )
    """Those of the environments that print nothing."""
    examples: set[str] = field(default_factory=set)
    """Those that show what their content prints, too."""
    short: set[str] = field(default_factory=set)
    """Characters that begin and end verbatim text, as `\\MakeShortVerb` makes them."""
    bars_at_document: bool = False
    """Whether the class makes bars such characters where the document begins."""


_PIECES = r"""
    (?P<command>\\(?:{letters}+|[\s\S]|$))
  | (?P<comment>%[^\n]*(?:\n[ \t]*+(?!\n))?)
  | (?P<par>[ \t]*\n[ \t]*\n[ \t\n]*)
  | (?P<space>[ \t]*\n[ \t]*|[ \t]+)
  | (?P<open>\{{) | (?P<close>\}}) | (?P<math>\$) | (?P<param>\#)
  | (?P<text>[^\\{{}}$\#% \t\n{short}]+|.)
"""
_TRAIL = re.compile(r"[ \t]*(?:\n[ \t]*+(?!\n))?")
_ENVIRONMENT = re.compile(r"\\begin[ \t]*\{([A-Za-z]+\*?)\}")
_RAW_ARGUMENT = re.compile(r"\s*(\{(?:[^{}\n\\]|\\.)*\})")
_RAW_COMMANDS = {"\\url", "\\nolinkurl", "\\path", "\\doi"}
_VERB_PREFIX = {
    "verb": re.compile(r"[ \t]*\*?"),
    "lstinline": re.compile(r"\s*(?:\[[^\]]*\])?"),
    "mintinline": re.compile(r"\s*(?:\[[^\]]*\])?\s*\{[^{}]*\}"),
}
_PARAMETER = re.compile(r"#\d")
_SHORT_VERB = re.compile(
    r"\\(?:(?P<make>MakeShortVerb\*?|DefineShortVerb\s*(?:\[[^\]\n]*\])?|lstMakeShortInline\s*(?:\[[^\]\n]*\])?)"
    r"|DeleteShortVerb|UndefineShortVerb|lstDeleteShortInline)\s*(?:\{\s*\\?(\S)\s*\}|\\?(\S))"
)
_SHORT_VERB_CLASS = re.compile(r"\\documentclass\s*(?:\[[^\]]*\])?\s*\{(?:ltxdoc|ltxguide|l3doc)\}")
_DOCUMENT = re.compile(r"[ \t]*\{document\}")


@lru_cache(maxsize=64)
def _pieces(at_names: bool, short: frozenset[str]) -> re.Pattern[str]:
    """The pieces of a source, where names may hold `@` and some signs stand alone."""
    signs = "".join(sorted(map(re.escape, short)))
    letters = "[A-Za-z@]" if at_names else "[A-Za-z]"
    return re.compile(_PIECES.format(letters=letters, short=signs), re.VERBOSE)


def tokenize(source: str, islands: Islands | None = None, at_letter: bool = False) -> list[Token]:
    """The tokens of a file; with `at_letter`, `@` belongs to names, as in style files."""
    islands = islands or Islands()
    at_names = at_letter
    pieces = _pieces(at_names, frozenset(islands.short))
    tokens: list[Token] = []
    position, end = 0, len(source)
    while position < end:
        match = pieces.match(source, position)
        assert match is not None, "every character belongs to a piece"
        kind: Kind = match.lastgroup  # type: ignore[assignment]
        text = match.group()
        if kind == "text" and text in islands.short:
            text = _short_verbatim(source, position, text)
            tokens.append(Token("verbatim" if len(text) > 1 else "text", text))
            position += len(text)
            continue
        position = match.end()
        if kind != "command":
            tokens.append(Token(kind, text))
            continue
        if text == "\\documentclass":
            islands.bars_at_document |= _SHORT_VERB_CLASS.match(source, match.start()) is not None
        if text == "\\begin" and islands.bars_at_document and _DOCUMENT.match(source, position):
            islands.short.add("|")
            pieces = _pieces(at_names, frozenset(islands.short))
        if "ShortVerb" in text or "ShortInline" in text:
            declaration = _declare_short_verbatim(source, match.start(), islands.short)
            if declaration:
                tokens.append(Token("comment", declaration))
                position = match.start() + len(declaration)
            pieces = _pieces(at_names, frozenset(islands.short))
            if declaration:
                continue
        island = _island(source, match.start(), text, islands)
        if island is not None:
            tokens.append(island)
            position = match.start() + len(island.text)
            continue
        if text == "\\makeatletter":
            at_names = True
            pieces = _pieces(at_names, frozenset(islands.short))
        elif text == "\\makeatother":
            at_names = at_letter
            pieces = _pieces(at_names, frozenset(islands.short))
        trail = ""
        word = text[-1].isalpha() or (text[-1] == "@" and at_names)
        if word or text == "\\ ":
            trail_match = _TRAIL.match(source, position)
            trail = trail_match.group() if trail_match else ""
            position += len(trail)
        tokens.append(Token("command", text, trail))
        if text == "\\href":
            raw = _RAW_ARGUMENT.match(source, position)
            if raw and not _PARAMETER.search(raw.group()):
                tokens.append(Token("verbatim", raw.group()))
                position = raw.end()
    return tokens


def _island(source: str, start: int, command: str, islands: Islands) -> Token | None:
    if command == "\\begin":
        match = _ENVIRONMENT.match(source, start)
        if match and match.group(1) in islands.environments:
            name = match.group(1)
            closing = f"\\end{{{name}}}"
            stop = source.find(closing, match.end())
            stop = len(source) if stop < 0 else stop + len(closing)
            return Token("comment" if name in islands.comments else "verbatim", source[start:stop])
    elif command == "\\ExplSyntaxOn":
        stop = source.find("\\ExplSyntaxOff", start)
        return Token(
            "comment", source[start:] if stop < 0 else source[start : stop + len("\\ExplSyntaxOff")]
        )
    elif command in _RAW_COMMANDS:
        raw = _RAW_ARGUMENT.match(source, start + len(command))
        if raw and not _PARAMETER.search(raw.group()):
            return Token("verbatim", source[start : raw.end()])
    elif command[1:] in islands.commands:
        return _inline_verbatim(source, start, command)
    return None


def _declare_short_verbatim(source: str, position: int, short: set[str]) -> str:
    """Adds or removes a character as a declaration says; returns the source to be dropped."""
    match = _SHORT_VERB.match(source, position)
    if match is None:
        return ""
    sign = match[2] or match[3]
    if match["make"] and not sign.isalnum() and sign not in _NEVER_SHORT:
        short.add(sign)
    else:
        short.discard(sign)
    return match.group()


_NEVER_SHORT = "\\{}$#%"


def _short_verbatim(source: str, start: int, sign: str) -> str:
    """The verbatim text that begins with a sign, or the sign if the line has no second one."""
    stop = source.find(sign, start + 1)
    return sign if stop < 0 or "\n" in source[start:stop] else source[start : stop + 1]


def _inline_verbatim(source: str, start: int, command: str) -> Token | None:
    prefix = _VERB_PREFIX.get(command[1:], re.compile(r""))
    match = prefix.match(source, start + len(command))
    if not match or match.end() >= len(source):
        return None
    opening = source[match.end()]
    if opening in " \n}%" or (opening.isalpha() and opening != "|"):
        return None
    if opening == "\\" and (command != "\\verb" or " " in match.group()):
        return None  # `\let\vb\verb`
    closing = "}" if opening == "{" else opening
    stop = source.find(closing, match.end() + 1)
    line_end = source.find("\n", match.end() + 1)
    if stop < 0 or (0 <= line_end < stop and command == "\\verb"):
        return None
    if opening == "{":  # \lstinline{...} may hold balanced braces
        depth = 0
        for index in range(match.end(), len(source)):
            depth += {"{": 1, "}": -1}.get(source[index], 0)
            if depth == 0:
                stop = index
                break
        else:
            return None
    text = source[start : stop + 1]
    if command not in ("\\verb", "\\Verb") and _PARAMETER.search(text):
        return None  # in the body of a macro: the argument is still to come
    return Token("verbatim", text)


def verbatim_content(text: str) -> tuple[bool, str]:
    """Of a verbatim token: whether it is a block of code, and its content."""
    match = _ENVIRONMENT.match(text)
    if match:
        return True, text[match.end() : text.rfind("\\end{")]
    if text.lstrip().startswith("{"):
        return False, text.strip()[1:-1]
    if not text.startswith("\\"):
        return False, text[1:-1]  # between two short signs
    name = re.match(r"\\([A-Za-z]+)", text)
    if name and "\\" + name.group(1) in _RAW_COMMANDS:
        return False, text[name.end() :].strip()[1:-1]
    prefix = _VERB_PREFIX.get(name.group(1) if name else "", re.compile(r""))
    start = prefix.match(text, name.end() if name else 0)
    return False, text[(start.end() if start else 0) + 1 : -1]
