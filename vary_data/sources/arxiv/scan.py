"""Scan expanded source: groups, arguments, environments, alignments.

Functions take a position in the source and return the position after what they read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from renderers.rejected import Rejected

MAX_NESTED = 100
"""Brackets and braces within an optional argument: more are brackets that nothing closes."""
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_BRACKET = re.compile(r"\\.|[{}\[\]]", re.DOTALL)
_ENVIRONMENT = re.compile(r"\\(begin|end)\s*\{([^{}]*)\}")
_UNCLOSED = (-1, -1)
_ESCAPE = re.compile(r"\\[\s\S]")
_SPACE = re.compile(r"\s*")
_ONE = re.compile(r"(?P<word>\\[A-Za-z@]+)[ \t]*\n?[ \t]*|\\.|[^\s]", re.DOTALL)
_ALIGNMENT = re.compile(
    r"\\\\(?:\*)?(?:\s*\[\s*-?[\d.,]*\s*(?:\\?[a-z]+)?\s*\])?|\\tabularnewline\b"
    r"|\\begin\s*\{|\\end\s*\{|\\.|[{}&]",
    re.DOTALL,
)
_DIMENSION = re.compile(
    r"\s*=?\s*[-+]?\s*(?:\d*[.,]?\d*\s*(?:\\[A-Za-z]+|(?:true)?\s*(?:pt|em|ex|mm|cm|in|bp|pc|sp|mu|dd|cc))"
    r"|\\[A-Za-z]+)(?:\s*(?:plus|minus)\s*-?[\d.]*\s*(?:pt|em|ex|mm|cm|in|fill?l?|mu)?)*"
)


def skip_space(source: str, position: int) -> int:
    """The first position from `position` on that is no white space."""
    match = _SPACE.match(source, position)
    return match.end() if match else position


def group_end(source: str, position: int) -> int:
    """The position after the brace that closes the one at `position`.

    Raises:
        Rejected: `unbalanced`.
    """
    depth = 0
    for match in _BRACE.finditer(source, position):
        piece = match.group()
        if piece == "{":
            depth += 1
        elif piece == "}":
            depth -= 1
            if depth == 0:
                return match.end()
    raise Rejected("unbalanced", "{")


@dataclass(frozen=True)
class Groups:
    """The groups, environments and formulas of a source, each kind found in one pass: nested and
    unclosed ones would be read again and again, one by one."""

    source: str

    def end(self, position: int) -> int:
        """As `group_end`.

        Raises:
            Rejected: `unbalanced`.
        """
        end = self._ends.get(position)
        if end is None:
            raise Rejected("unbalanced", "{")
        return end

    def environment_end(self, position: int, name: str) -> tuple[int, int]:
        """As `environment_end`.

        Raises:
            Rejected: `unbalanced`.
        """
        found = self._environments.get(position)
        if found is None:  # `\begin{ name }`
            return environment_end(self.source, position, name)
        if found == _UNCLOSED:
            raise Rejected("unbalanced", f"\\begin{{{name}}}")
        return found

    def formula_end(self, position: int) -> int:
        r"""The position of the `\)` or `\]` that closes the `\(` or `\[` at `position`.

        Raises:
            Rejected: `unbalanced`.
        """
        end = self._formulas.get(position)
        if end is None:
            raise Rejected("unbalanced", self.source[position : position + 2])
        return end

    @cached_property
    def _environments(self) -> dict[int, tuple[int, int]]:
        ends: dict[int, tuple[int, int]] = {}
        opened: dict[str, list[int]] = {}
        for match in _ENVIRONMENT.finditer(self.source):
            places = opened.setdefault(match.group(2), [])
            if match.group(1) == "begin":
                places.append(match.end())
                ends[match.end()] = _UNCLOSED
            elif places:
                ends[places.pop()] = match.span()
        return ends

    @cached_property
    def _formulas(self) -> dict[int, int]:
        ends: dict[int, int] = {}
        opened: dict[str, list[int]] = {"\\)": [], "\\]": []}
        for match in _ESCAPE.finditer(self.source):
            sign = match.group()
            if sign in ("\\(", "\\["):
                opened["\\)" if sign == "\\(" else "\\]"].append(match.start())
            elif opened.get(sign):
                ends[opened[sign].pop()] = match.start()
        return ends

    @cached_property
    def _ends(self) -> dict[int, int]:
        ends: dict[int, int] = {}
        opened: list[int] = []
        for match in _BRACE.finditer(self.source):
            if match.group() == "{":
                opened.append(match.start())
            elif match.group() == "}" and opened:
                ends[opened.pop()] = match.end()
        return ends


def read_argument(source: str, position: int) -> tuple[str, int]:
    """An argument without its braces; a single token needs none.

    White space after a command of letters belongs to it, as in TeX: `\\'\\i n` is one word.

    Raises:
        Rejected: `missing-argument` or `unbalanced`.
    """
    position = skip_space(source, position)
    if position < len(source) and source[position] == "{":
        end = group_end(source, position)
        return source[position + 1 : end - 1], end
    match = _ONE.match(source, position)
    if not match or match.group() == "}":
        raise Rejected("missing-argument", source[max(0, position - 20) : position])
    return match.group("word") or match.group(), match.end()


def read_optional(source: str, position: int) -> tuple[str | None, int]:
    """An argument in square brackets, or None and the position as it was.

    Of brackets that are never closed, each sees at most `MAX_NESTED` others, so that reading all of
    them takes linear time.
    """
    start = skip_space(source, position)
    if start >= len(source) or source[start] != "[":
        return None, position
    depth = nested = 0
    for match in _BRACKET.finditer(source, start):
        piece = match.group()
        if piece == "{":
            depth += 1
        elif piece == "}":
            depth -= 1
            if depth < 0:
                break
        elif depth == 0 and piece == "[":
            nested += 1
        elif depth == 0 and piece == "]":
            nested -= 1
            if nested == 0:
                return source[start + 1 : match.start()], match.end()
        if depth + nested > MAX_NESTED:
            break
    return None, position


def dimension_end(source: str, position: int) -> int:
    """The position after a length such as `= 3pt plus 1fil` or `-.5\\baselineskip`, if any."""
    match = _DIMENSION.match(source, position)
    return match.end() if match else position


def environment_end(source: str, position: int, name: str) -> tuple[int, int]:
    """Start and end of the `\\end` of an environment that began before `position`.

    Raises:
        Rejected: `unbalanced`.
    """
    pattern = re.compile(r"\\(begin|end)\s*\{" + re.escape(name) + r"\}")
    depth = 1
    for match in pattern.finditer(source, position):
        depth += 1 if match.group(1) == "begin" else -1
        if depth == 0:
            return match.start(), match.end()
    raise Rejected("unbalanced", f"\\begin{{{name}}}")


def split_rows(source: str) -> list[str]:
    """The rows of an alignment, split at `\\\\` outside groups and inner environments."""
    return _split_outside_groups(source, rows=True)


def split_cells(row: str) -> list[str]:
    """The cells of a row, split at `&`."""
    return _split_outside_groups(row, rows=False)


def _split_outside_groups(source: str, rows: bool) -> list[str]:
    pieces: list[str] = []
    start = depth = 0
    for match in _ALIGNMENT.finditer(source):
        piece = match.group()
        if piece == "{":
            depth += 1
        elif piece == "}":
            depth -= 1
        elif piece.startswith("\\begin"):
            depth += 2  # its own brace closes again: one level stays until \end{…}
        elif piece.startswith("\\end") and piece.endswith("{"):
            pass  # opens a brace and ends an environment: even
        elif depth == 0 and (
            piece.startswith(("\\\\", "\\tabularnewline")) if rows else piece == "&"
        ):
            pieces.append(source[start : match.start()])
            start = match.end()
    pieces.append(source[start:])
    return pieces
