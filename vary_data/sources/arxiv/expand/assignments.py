r"""Read assignments to TeX's registers and parameters: they print nothing.

`\looseness=-1`, `\parskip 3pt plus 1fil`, `\penalty0`, `\catcode`\@=11`: the syntax is that of
The TeXbook, chapter 24. A name that no value follows is not an assignment, as in
`\hspace{\parindent}`, and stays.
"""

from __future__ import annotations

import re

from vary_data.sources.arxiv.expand.state import State
from vary_data.sources.arxiv.expand.stream import TokenStream
from vary_data.sources.arxiv.expand.tokens import Token
from vary_data.sources.arxiv.limits import MAX_DIGITS, is_number
from vary_data.sources.arxiv.vocabulary.definitions import REGISTERS

_DIGITS = re.compile(r"'[0-7]+|\"[0-9A-F]+|\d+")
_DECIMAL = re.compile(r"\d*[.,]?\d+|\d+[.,]")
_UNIT = re.compile(r"(?:true)?(?:pt|pc|in|bp|cm|mm|dd|cc|sp|em|ex|mu|px|nd|nc)|fil+", re.IGNORECASE)
_SIGN = re.compile(r"[+-]")
_STRETCH = re.compile(r"plus|minus", re.IGNORECASE)
_CONSTANTS = frozenset({
    "\\z@", "\\p@", "\\@ne", "\\m@ne", "\\tw@", "\\thr@@", "\\sixt@@n", "\\@cclv", "\\@cclvi",
    "\\@m", "\\@M", "\\@MM", "\\maxdimen", "\\active", "\\fill",
})  # fmt: skip
"""Names of LaTeX for numbers and lengths."""
_EXPRESSIONS = ("\\numexpr", "\\dimexpr", "\\glueexpr", "\\muexpr")
_MAX_EXPRESSION = 200
"""Tokens up to the `\\relax` that ends an expression."""
_MAX_PARSHAPE = 50


def read_assignment(state: State, name: str) -> bool:
    """Drops the value after a register's name; returns whether there was one."""
    reader = _ValueReader(state)
    kind = state.registers.get(name) or REGISTERS[name]
    if not reader.which(kind):
        return reader.undo()
    reader.equals()
    return reader.value("number" if kind == "code" else kind.partition("_of")[0]) or reader.undo()


def read_advance(state: State) -> bool:
    """Drops what follows `\\advance`, `\\multiply` or `\\divide`."""
    reader = _ValueReader(state)
    token = reader.peek()
    if token is None or token.kind not in ("command", "primitive"):
        return False
    reader.take()
    reader.which(REGISTERS.get(token.text, ""))
    reader.match(re.compile("by", re.IGNORECASE))
    return reader.value("glue") or reader.undo()


def read_parshape(state: State) -> bool:
    """Drops `\\parshape=n` and its n pairs of lengths."""
    reader = _ValueReader(state)
    reader.equals()
    count = reader.match(_DIGITS)
    if not is_number(count):
        return reader.undo()
    for _ in range(2 * min(int(count), _MAX_PARSHAPE)):
        reader.value("dimension")
    return True


def read_number(state: State) -> int | None:
    """The value of a number such as `65`, `'101`, `"41` or `` `A ``; None if it is not known."""
    return _ValueReader(state).number_value()


class _ValueReader:
    """Reads values from a stream, and can put everything back."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.taken: list[Token] = []

    @property
    def stream(self) -> TokenStream:
        return self.state.stream

    def peek(self) -> Token | None:
        """The next token that is no space, with macros expanded."""
        for _ in range(20):
            token = self.stream.peek()
            if token is None:
                return None
            if token.kind == "space":
                self.take()
            elif token.kind == "command" and token.text in self.state.macros:
                self.stream.next()
                self.state.count_expansion(token.text)
                self.stream.push(self.state.macros[token.text].expand(self.stream))
            else:
                return token
        return None

    def take(self) -> None:
        token = self.stream.next()
        if token is not None:
            self.taken.append(token)

    def undo(self) -> bool:
        """Puts back what was read; False, for the caller to return."""
        for token in reversed(self.taken):
            self.stream.unread(token)
        self.taken.clear()
        return False

    def match(self, pattern: re.Pattern[str]) -> str:
        """Takes text that matches at the start of the next token, which is cut after it."""
        token = self.peek()
        found = pattern.match(token.text) if token is not None and token.kind == "text" else None
        if token is None or not found or not found.group():
            return ""
        self.stream.next()
        if found.end() < len(token.text):
            self.stream.unread(Token("text", token.text[found.end() :]))
        self.taken.append(Token("text", found.group()))
        return found.group()

    def equals(self) -> None:
        self.match(re.compile("="))

    def which(self, kind: str) -> bool:
        """What says which register of a kind is meant: a number, a font, both, or nothing."""
        numbered = kind.endswith("_of") or kind in ("code", "dimension_of_font")
        if numbered and not self.number():
            return False
        return not kind.endswith("_of_font") or self._font()

    def value(self, kind: str) -> bool:
        if kind == "number":
            return self.number()
        if kind == "tokens":
            token = self.peek()
            if token is None or token.kind != "open":
                return False
            self.stream.argument()
            return True
        if not self._length():
            return False
        while kind in ("glue", "muglue") and self.match(_STRETCH):
            self._length()
        return True

    def number(self) -> bool:
        while self.match(_SIGN):
            pass
        return self._quantity(_DIGITS) is not None

    def number_value(self) -> int | None:
        self.equals()
        self.match(_SIGN)
        text = self._quantity(_DIGITS)
        if not text:
            return None
        base = {"'": 8, '"': 16}.get(text[0])
        if len(text) > MAX_DIGITS:
            return None
        return int(text[1:], base) if base else int(text)

    def _length(self) -> bool:
        while self.match(_SIGN):
            pass
        found = self._quantity(_DECIMAL)
        if found is None or not found:
            return found is not None  # a register is a length by itself
        if not self.match(_UNIT):
            token = self.stream.peek()
            if token is not None and token.text in (*_CONSTANTS, *REGISTERS, *self.state.registers):
                self._register(token)
        self._end_of_number()
        return True

    def _quantity(self, pattern: re.Pattern[str]) -> str | None:
        """Takes digits, which it returns, or a register: then the result is empty."""
        if digits := self.match(pattern):
            if pattern is _DIGITS:
                self._end_of_number()
            return digits
        token = self.peek()
        if token is None:
            return None
        if token.kind == "text" and token.text[0] == "`":
            return self._character_code()
        if token.text in _EXPRESSIONS:
            self._expression()
            return ""
        if token.text == "\\value":
            self.take()
            self.stream.argument()
            return ""
        if (
            token.text in _CONSTANTS
            or token.text in REGISTERS
            or token.text in self.state.registers
        ):
            self._register(token)
            return ""
        return None

    def _character_code(self) -> str:
        self.match(re.compile("`"))
        token = self.stream.character()
        self._end_of_number()
        return str(ord(token.text[-1])) if token is not None else "0"

    def _register(self, token: Token) -> None:
        self.take()
        self.which(REGISTERS.get(token.text, ""))

    def _font(self) -> bool:
        """Takes the name of a font, which may be a macro of the document; `\\font` is the current
        font."""
        while (token := self.stream.peek()) is not None and token.kind == "space":
            self.take()
        if token is None or token.kind not in ("command", "primitive"):
            return False
        self.take()
        return True

    def _expression(self) -> None:
        for _ in range(_MAX_EXPRESSION):
            token = self.stream.peek()
            if token is None or token.kind in ("par", "close"):
                return
            self.take()
            if token.text == "\\relax":
                return

    def _end_of_number(self) -> None:
        """TeX drops one space after a number or unit."""
        token = self.stream.peek()
        if token is not None and token.kind == "space":
            self.take()
