"""Rows of a table's source, and spans that TeX prints but a grid cannot hold as they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from vary_data.sources.arxiv.limits import is_number
from vary_data.sources.arxiv.scan import read_argument

_COLOR = re.compile(r"\\(?:cellcolor|rowcolor|color)\s*(?:\[[^\]]*\])?\{[^{}]*\}|[{}~\s]")
_MULTICOLUMN = re.compile(r"\s*\\multicolumn\b")
_NEGATIVE = re.compile(
    r"(\\multirow(?:cell|thead)?\s*\*?\s*(?:\[[^\]]*\])?\s*\{\s*)-(?=\d)(\d{1,3})"
)


@dataclass(slots=True)
class SourceRow:
    """A row of source: the rules above it and its cells."""

    rules: list[tuple[int, int]]
    cells: list[str]


def prints(content: str) -> bool:
    """Whether a cell prints more than a color."""
    return bool(_COLOR.sub("", content))


def lift_negative_spans(lines: Sequence[SourceRow]) -> None:
    """Moves `\\multirow{-n}` to the first of its n rows, as a positive span.

    A negative span is written in the last row, so that the color of that row does not hide it.
    One that does not fit stays as it is.
    """
    for index, line in enumerate(lines):
        for position, (column, width, source) in enumerate(_placed(line.cells)):
            match = _NEGATIVE.search(source)
            top = index - int(match.group(2)) + 1 if match else -1
            if match is None or not 0 <= top < index:
                continue
            for above, (start, span, content) in enumerate(_placed(lines[top].cells)):
                if (start, span) == (column, width) and not _prints_inside(content):
                    lifted = source[: match.start()] + match.group(1) + source[match.start(2) :]
                    lines[top].cells[above] = lifted
                    line.cells[position] = content
                    break


def free_rows(lines: Sequence[SourceRow], index: int, column: int, rowspan: int) -> int:
    """How many of the rows of a span end before a cell that prints below its start."""
    for row in range(index + 1, min(index + rowspan, len(lines))):
        for start, _, content in _placed(lines[row].cells):
            if start == column and _prints_inside(content):
                return row - index
    return max(1, min(rowspan, len(lines) - index))


def _placed(cells: Sequence[str]) -> list[tuple[int, int, str]]:
    """First column, number of columns and source of each cell."""
    placed = []
    column = 0
    for source in cells:
        width = 1
        if match := _MULTICOLUMN.match(source):
            count = read_argument(source, match.end())[0].strip()
            width = int(count) if is_number(count) and 0 < len(count) < 4 else 1
        placed.append((column, max(1, width), source))
        column += max(1, width)
    return placed


def _prints_inside(source: str) -> bool:
    match = _MULTICOLUMN.match(source)
    if not match:
        return prints(source)
    position = match.end()
    content = ""
    for _ in range(3):
        content, position = read_argument(source, position)
    return prints(content) or prints(source[position:])
