"""A stack of tokens to read from and push back to, and how TeX reads arguments from it."""

from __future__ import annotations

from collections.abc import Sequence

from vary_data.sources.arxiv.errors import DocumentRejected
from vary_data.sources.arxiv.expand.tokens import Token

_BLANK = ("space", "comment")


class TokenStream:
    """Tokens to be read; pushed tokens count against a budget, so reading ends."""

    def __init__(self, tokens: Sequence[Token], budget: int) -> None:
        self._stack = list(reversed(tokens))
        self.budget = budget

    def push(self, tokens: Sequence[Token]) -> None:
        """Puts tokens in front.

        Raises:
            DocumentRejected: `loop`, the budget is used up.
        """
        self.spend(len(tokens))
        self._stack.extend(reversed(tokens))

    def spend(self, tokens: int) -> None:
        """Counts tokens against the budget.

        Raises:
            DocumentRejected: `loop`, the budget is used up.
        """
        self.budget -= tokens
        if self.budget < 0:
            raise DocumentRejected(
                "macros expand without end", "its macros are recursive or too large", "loop"
            )

    def unread(self, token: Token) -> None:
        """Put back a token that was read; unlike `push` this costs no budget."""
        self._stack.append(token)

    def next(self) -> Token | None:
        """The next token that is not a comment, or None at the end."""
        while self._stack:
            token = self._stack.pop()
            if token.kind != "comment":
                return token
        return None

    def peek(self) -> Token | None:
        """The next token that is not a comment, which stays; None at the end."""
        token = self.next()
        if token is not None:
            self._stack.append(token)
        return token

    def skip_spaces(self) -> bool:
        """Drops spaces; returns whether there were any."""
        skipped = False
        while self._stack and self._stack[-1].kind in _BLANK:
            skipped |= self._stack.pop().kind == "space"
        return skipped

    def character(self) -> Token | None:
        """The next token with a run of text cut to its first character."""
        token = self.next()
        if token is not None and token.kind == "text" and len(token.text) > 1:
            self._stack.append(Token("text", token.text[1:]))
            return Token("text", token.text[0])
        return token

    def argument(self) -> list[Token]:
        """An undelimited argument, without its braces."""
        self.skip_spaces()
        token = self.peek()
        if token is None or token.kind in ("close", "par"):
            return []
        if token.kind == "open":
            self.next()
            return self.group()
        one = self.character()
        return [one] if one else []

    def group(self) -> list[Token]:
        """Tokens up to the brace that closes the one just read."""
        content: list[Token] = []
        depth = 1
        while (token := self.next()) is not None:
            if token.kind == "open":
                depth += 1
            elif token.kind == "close":
                depth -= 1
                if depth == 0:
                    break
            content.append(token)
        return content

    def optional(self) -> list[Token] | None:
        """An argument in square brackets, or None when there is none here."""
        spaces = self.skip_spaces()
        token = self.peek()
        if token is None or token.kind != "text" or token.text[0] != "[":
            if spaces:
                self._stack.append(Token("space", " "))
            return None
        self.character()
        return self.until("]")

    def until(self, closing: str) -> list[Token]:
        """Tokens up to the character `closing` outside braces and inner brackets."""
        content: list[Token] = []
        depth = nested = 0
        opening = "[" if closing == "]" else ""
        while (token := self.next()) is not None:
            if token.kind == "open":
                depth += 1
            elif token.kind == "close":
                depth -= 1
                if depth < 0:  # the bracket was never closed: end with the group
                    self._stack.append(token)
                    return content
            elif token.kind == "text" and depth == 0:
                for index, char in enumerate(token.text):
                    if char == opening:
                        nested += 1
                    elif char == closing and nested:
                        nested -= 1
                    elif char == closing:
                        if index:
                            content.append(Token("text", token.text[:index]))
                        if index + 1 < len(token.text):
                            self._stack.append(Token("text", token.text[index + 1 :]))
                        return content
            content.append(token)
        return content

    def delimited(self, delimiter: Sequence[Token]) -> list[Token]:
        """Tokens up to a sequence of tokens, which is dropped; braces around all are stripped."""
        content: list[Token] = []
        depth = 0
        size = len(delimiter)
        while (token := self.character()) is not None:
            depth += {"open": 1, "close": -1}.get(token.kind, 0)
            content.append(token)
            if depth <= 0 and _same(content[-size:], delimiter):
                del content[-size:]
                break
        return _unbraced(content)

    def star(self) -> bool:
        """Skip spaces and a star; returns whether there was a star."""
        self.skip_spaces()
        token = self.peek()
        if token is not None and token.kind == "text" and token.text[0] == "*":
            self.character()
            return True
        return False

    def name(self) -> str:
        """A command's name given as `\\name` or `{\\name}`, else an empty string."""
        for token in self.argument():
            if token.kind in ("command", "primitive"):
                return token.text
        return ""

    def word(self) -> str:
        """An argument as plain source."""
        return plain_source(self.argument())


def plain_source(tokens: Sequence[Token]) -> str:
    """The source that the tokens were read from, without space around it."""
    return "".join(token.text + token.trail for token in tokens).strip()


def _same(left: Sequence[Token], right: Sequence[Token]) -> bool:
    return len(left) == len(right) and all(
        one.text.strip() == two.text.strip() and (one.kind == two.kind)
        for one, two in zip(left, right, strict=True)
    )


def _unbraced(tokens: list[Token]) -> list[Token]:
    if len(tokens) < 2 or tokens[0].kind != "open" or tokens[-1].kind != "close":
        return tokens
    depth = 0
    for token in tokens[:-1]:
        depth += {"open": 1, "close": -1}.get(token.kind, 0)
        if depth == 0:
            return tokens
    return tokens[1:-1]
