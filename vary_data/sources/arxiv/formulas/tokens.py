"""The tokens of a formula's source, with pieces of source that can be put back in front."""

from __future__ import annotations

import re

from renderers.rejected import Rejected
from vary_data.sources.arxiv.scan import dimension_end

_TOKEN = re.compile(r"\\[A-Za-z@]+|\\.|\s+|.", re.DOTALL)
_CJK = re.compile("[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff，。、；：（）「」]")
_MAX_REWRITES = 5000
"""More than any formula needs; a rewrite that produces itself ends here."""


def is_chinese(token: str) -> bool:
    """Whether a token is a Chinese character or a punctuation mark between such."""
    return _CJK.match(token) is not None


class MathTokens:
    """White space is skipped wherever TeX skips it; `token` is the next one, None at the end."""

    def __init__(self, source: str) -> None:
        self._left: list[str] = _TOKEN.findall(source)[::-1]
        self._rewrites = 0
        self.last = ""
        """The command read last, for what may follow it and for messages."""

    @property
    def token(self) -> str | None:
        """The next token, which stays; None at the end."""
        while self._left and self._left[-1].isspace() and self._left[-1] != "\u3000":
            self._left.pop()
        return self._left[-1] if self._left else None

    def next(self) -> str:
        """The next token.

        Raises:
            Rejected: at the end of the source.
        """
        token = self.token
        if token is None:
            raise Rejected("missing-argument", self.last)
        return self._left.pop()

    def push(self, source: str) -> None:
        """Put `source` in front.

        Raises:
            Rejected: rewriting does not end.
        """
        self._rewrites += 1
        if self._rewrites > _MAX_REWRITES:
            raise Rejected("too-large")
        self._left.extend(reversed(_TOKEN.findall(source)))

    def argument(self) -> str:
        """The source of an argument, its braces removed."""
        token = self.next()
        if token != "{":
            return token
        depth = 1
        parts: list[str] = []
        while self._left:
            token = self._left.pop()
            depth += {"{": 1, "}": -1}.get(token, 0)
            if depth == 0:
                return "".join(parts)
            parts.append(token)
        raise Rejected("unbalanced", "{")

    def until(self, opening: str, closing: str) -> str:
        """The source up to a sign outside groups, which is taken, too.

        Raises:
            Rejected: the sign does not come.
        """
        depth = nested = 0
        parts: list[str] = []
        while self._left:
            token = self._left.pop()
            if token == closing and depth == 0 and nested == 0:
                return "".join(parts)
            depth += {"{": 1, "}": -1}.get(token, 0)
            if depth == 0 and opening != closing:
                nested += {opening: 1, closing: -1}.get(token, 0)
            parts.append(token)
        raise Rejected("unbalanced", opening)

    def skip_optional(self) -> None:
        """Skip an argument in brackets, if one comes next.

        Raises:
            Rejected: there is no closing bracket.
        """
        if self.token == "[":
            while self.next() != "]":
                pass

    def dimension(self) -> str:
        """A length without braces, such as `2pt plus 1fil`."""
        rest = "".join(reversed(self._left))
        end = dimension_end(rest, 0)
        self._left = _TOKEN.findall(rest[end:])[::-1]
        return rest[:end]

    def rest(self) -> str:
        """The source that is left."""
        return "".join(reversed(self._left))

    def chinese(self) -> str:
        """The Chinese characters that come next."""
        found = ""
        while self._left and is_chinese(self._left[-1]):
            found += self._left.pop()
        return found

    def until_end(self, name: str) -> str:
        """The source up to the `\\end` of an environment, which is taken, too."""
        depth = 0
        parts: list[str] = []
        while self._left:
            token = self._left.pop()
            if token == "\\begin":
                depth += 1
            elif token == "\\end":
                if depth == 0:
                    if self.argument() != name:
                        raise Rejected("unbalanced", name)
                    return "".join(parts)
                depth -= 1
            parts.append(token)
        raise Rejected("unbalanced", name)
