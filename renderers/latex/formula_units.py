r"""Read which letters and signs a formula asks for, each with its alphabet.

A unit is a letter, digit, sign or accent in an alphabet: `\mathbf{\hat x}` asks for an x in
`mathbf` and for a hat. Layout is not read: fractions, scripts and matrices only group units.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import NamedTuple

from renderers.latex.math_commands import (
    ALPHABETS,
    DELIMITERS,
    DRAWN,
    GREEK,
    SIZES,
    SWITCHES,
    TEXT_ARGUMENT,
)

TEXT = "text"
"""The alphabet of text in a formula whose style depends on the text around it."""

STROKE = "\u0338"
r"""What `\not` prints."""

_TOKEN = re.compile(r"\\[a-zA-Z]+\*?|\\.|.", re.S)
_LENGTH = re.compile(r"\s*-?[\d.]+\s*(?:mu|em|ex|pt|mm|cm|in)\s*(?:(?:plus|minus)\s*[\d.]+\s*mu)?")
_OPTION = re.compile(r"\s*\[[^\[\]]*\]")
_LENGTHS = frozenset(["mkern", "mskip", "kern", "hskip"])
_SKIPPED = frozenset(["hspace", "vspace", "mspace", "phantom", "hphantom", "vphantom", "cline"])
"""Commands whose argument draws nothing."""
_WITH_OPTION = frozenset(["\\\\", "\\smash", "\\xrightarrow", "\\xleftarrow"])
_ARROWS = frozenset(
    ["xrightarrow", "xleftarrow", "overrightarrow", "overleftarrow", "overleftrightarrow",
     "underrightarrow", "underleftarrow", "varinjlim", "varprojlim"]
)  # fmt: skip
_FENCES = frozenset(["left", "right", "middle"]) | SIZES
_PRINTED = {"binom": "()", "dbinom": "()", "tbinom": "()", "pmod": "(mod)", "mod": "mod"}
_BRACKETS = {
    "pmatrix": "()", "bmatrix": "[]", "Bmatrix": r"\{\}", "vmatrix": "||", "Vmatrix": r"\|\|",
    "cases": r"\{",
}  # fmt: skip
_COLUMNS = {"array": 1, "alignedat": 1, "subarray": 1, "multicolumn": 2}
"""Arguments that are not typeset."""
_DOTS = frozenset(["dots", "dotsc", "dotsb", "dotsm", "dotsi", "dotso", "ldots", "cdots"])
PLAIN_SIGNS = frozenset("+-=<>/*()[]|,.;:!?'`@\"")
ESCAPED = frozenset("{}|&%#$_")


ACCENTS = frozenset(
    ["hat", "check", "tilde", "acute", "grave", "dot", "ddot", "dddot", "breve", "bar", "vec",
     "mathring", "widehat", "widetilde", "sqrt"]
)  # fmt: skip
"""Commands that are drawn over their argument."""


class Unit(NamedTuple):
    r"""`symbol` is a character, or a command with its backslash."""

    symbol: str
    alphabet: str = ""
    bold: bool = False

    @property
    def latex(self) -> str:
        """The source that prints this unit alone, on an x if it is an accent."""
        source = self.symbol
        if source[1:] in ACCENTS:
            source += "{x}"
        if self.alphabet:
            source = rf"\{self.alphabet}{{{source}}}"
        return rf"\boldsymbol{{{source}}}" if self.bold else source


@dataclass(frozen=True, slots=True)
class FormulaUnits:
    """The units of a formula, and what it may draw in any number: parts of tall brackets and long
    arrows. With `any_dots`, dots may be low or raised.
    """

    counts: Counter[Unit]
    free: frozenset[str]
    any_dots: bool


@dataclass(frozen=True, slots=True)
class _Style:
    alphabet: str = ""
    bold: bool = False
    text: bool = False

    def of(self, command: str) -> _Style:
        if command in TEXT_ARGUMENT:
            known = not self.text and command in ("textbf", "textit", "texttt", "textsf")
            return _Style(command if known else TEXT, False, text=True)
        if command in ("boldsymbol", "pmb"):
            return replace(self, bold=True)
        if command == "operatorname":
            return replace(self, alphabet="mathrm")
        return replace(self, alphabet="" if command == "mathnormal" else command)


@lru_cache(maxsize=4096)
def units(latex: str) -> FormulaUnits:
    """The units of the source of a formula, whose braces match."""
    reader = _Reader(latex)
    reader.read()
    free: set[str] = set()
    if reader.fenced:
        free.update("|∥⌊⌋⌈⌉[]↑↓↕⇑⇓⇕∣")
    if reader.stretched:
        free.update("−=←→↔⇐⇒")
    dots = any(unit.symbol[1:] in _DOTS for unit in reader.found)
    return FormulaUnits(reader.found, frozenset(free), dots)


@dataclass(slots=True)
class _Reader:
    latex: str
    found: Counter[Unit] = field(default_factory=Counter)
    fenced: bool = False
    stretched: bool = False
    _at: int = 0
    _styles: list[_Style] = field(default_factory=lambda: [_Style()])

    def read(self) -> None:
        pending: _Style | None = None
        while token := self._next():
            style = pending or self._styles[-1]
            if token.isspace() or (pending is None and token in "&^_~"):
                continue
            pending = None
            if token == "{":
                self._styles.append(style)
            elif token == "}":
                if len(self._styles) > 1:
                    self._styles.pop()
            elif token[0] != "\\" or (len(token) == 2 and not token[1].isalpha()):
                self._sign(token, style)
            else:
                pending = self._command(token[1:].rstrip("*"), style)

    def _next(self) -> str:
        token = _TOKEN.match(self.latex, self._at)
        if token is None:
            return ""
        self._at = token.end()
        if token.group() in _WITH_OPTION:
            self._skip(_OPTION)
        return token.group()

    def _sign(self, token: str, style: _Style) -> None:
        char = token[-1]
        if len(token) == 2 and char not in ESCAPED:
            return
        if style.text and not char.isalnum():
            self._free(char)
        elif char.isalnum():
            self._add(Unit(char, style.alphabet, style.bold))
        elif char in PLAIN_SIGNS or len(token) == 2:
            self._add(Unit(token, "", style.bold))

    def _free(self, char: str) -> None:
        """Punctuation in text: drawn as in text, and not compared."""
        self._add(Unit(char, TEXT))

    def _add(self, unit: Unit) -> None:
        self.found[unit] += 1

    def _command(self, name: str, style: _Style) -> _Style | None:
        """Reads a command; returns the style of its argument if the command sets one."""
        if name in ALPHABETS or name in TEXT_ARGUMENT or name == "operatorname":
            return style.of(name)
        if name in SWITCHES:
            self._styles[-1] = style.of(SWITCHES[name])
        elif name in ("begin", "end"):
            self._environment(name, style)
        elif name in _COLUMNS:
            for _ in range(_COLUMNS[name]):
                self._skip_group()
        elif name in _FENCES:
            self.fenced = True
            self._fence(style)
        elif name in _LENGTHS:
            self._skip(_LENGTH)
        elif name in _SKIPPED:
            self._skip_group()
        else:
            self._printed(name, style)
        return None

    def _printed(self, name: str, style: _Style) -> None:
        if name in _ARROWS:
            self.stretched = True
            self._skip(_OPTION)
        if name == "sqrt" and (found := _OPTION.match(self.latex, self._at)):
            inner = units(found.group().strip()[1:-1])
            self.found.update(inner.counts)
            self._at = found.end()
        if name == "not":
            self._add(Unit(STROKE))
        elif name in _PRINTED:
            for char in _PRINTED[name]:
                self._add(Unit(char, "mathrm" if char.isalpha() else "", style.bold))
        elif name in DRAWN:
            self._add(Unit(f"\\{name}", _kept(name, style), style.bold))

    def _fence(self, style: _Style) -> None:
        token = self._next()
        while token.isspace():
            token = self._next()
        known = token[1:] in DELIMITERS if token[:1] == "\\" and token[1:].isalpha() else True
        if token != "." and known:
            self._add(Unit(token, "", style.bold))

    def _environment(self, edge: str, style: _Style) -> None:
        name = re.match(r"\s*\{([^{}]*)\}", self.latex[self._at :])
        if name is None:
            return
        self._at += name.end()
        if edge == "end":
            if len(self._styles) > 1:
                self._styles.pop()
            return
        self._styles.append(style)
        self._skip(_OPTION)
        if name[1] in _COLUMNS:
            self._skip_group()
        if name[1] in _BRACKETS:
            self.fenced = True
            for token in _TOKEN.findall(_BRACKETS[name[1]]):
                self._add(Unit(token, "", style.bold))

    def _skip(self, pattern: re.Pattern[str]) -> None:
        if found := pattern.match(self.latex, self._at):
            self._at = found.end()

    def _skip_group(self) -> None:
        """Skips an argument in braces, which may be nested."""
        depth = 0
        for token in _TOKEN.finditer(self.latex, self._at):
            depth += (token.group() == "{") - (token.group() == "}")
            self._at = token.end()
            if depth == 0 and not token.group().isspace():
                return


def _kept(name: str, style: _Style) -> str:
    """The alphabet that a command is printed in: Greek letters have their own."""
    return style.alphabet if name in GREEK else ""
