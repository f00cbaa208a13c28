"""Applies unit tests to an answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from vary_data.base.literals import literal
from vary_data.dataset.rejection import Rejected
from vary_data.targets.tables.html import parse_html
from vary_data.targets.tables.markdown import parse_markdown
from vary_data.targets.tables.table import Table
from vary_data.unit_tests.search import ends, normalized
from vary_data.unit_tests.unit_test import UnitTest

MAX_ANSWER = 200_000
"""Characters of an answer that are read; longer ones are loops."""
MAX_REPEATS = 30
"""How often an answer may repeat the same up to five words at its end, as in olmOCR-bench."""
_HTML_TABLE = re.compile(r"<table\b.*?</table>", re.DOTALL | re.IGNORECASE)
_PIPE_TABLE = re.compile(r"(?:^[ \t]*\|.*\|[ \t]*(?:\n|\Z)){2,}", re.MULTILINE)
_FORMULA = re.compile(
    r"\\\((.+?)\\\)|\\\[(.+?)\\\]|\$\$(.+?)\$\$|\$(.+?)\$"
    r"|\\begin\{(equation|align|gather)\*?\}(.+?)\\end\{\5\*?\}",
    re.DOTALL,
)
_SIZES = re.compile(r"\\(?:left|right|big|Big|bigg|Bigg|displaystyle|limits|,|;|!|:|quad|qquad)"
                    r"(?![a-zA-Z])|\\tag\{[^}]*\}|~")  # fmt: skip
_SPACE_AFTER_COMMAND = re.compile(r"(\\[a-zA-Z]+)\s+(?=[a-zA-Z])")
_GUARD = "\x00"


class Answer:
    """An answer and what tests need of it, worked out once."""

    def __init__(self, text: str) -> None:
        self.text = text[:MAX_ANSWER]

    @cached_property
    def plain(self) -> str:
        """The normalized text."""
        return normalized(self.text)

    @cached_property
    def tables(self) -> list[Table]:
        """The tables in Markdown and HTML that can be read."""
        found = []
        for pattern, parse in ((_HTML_TABLE, parse_html), (_PIPE_TABLE, parse_markdown)):
            for match in pattern.finditer(self.text):
                try:
                    found.append(parse(match[0]))
                except Rejected:
                    continue
        return found

    @cached_property
    def formulas(self) -> set[str]:
        """The formulas between dollars, brackets and in environments, in one form."""
        return {
            plain_formula(next(filter(None, (*m.groups()[:4], m[6]))))
            for m in _FORMULA.finditer(self.text)
        }

    @cached_property
    def chart(self) -> Mapping[str, Any] | None:
        """The dict of a chart, or None if the answer is none."""
        try:
            value = literal(self.text.strip())
        except ValueError:
            return None
        return value if isinstance(value, dict) else None


def passes(test: UnitTest, answer: Answer | str) -> bool:
    """Whether an answer passes a test."""
    answer = Answer(answer) if isinstance(answer, str) else answer
    fields, most = test.fields, test.max_diffs
    match test.type:
        case "present" | "absent":
            text = normalized(fields["text"])
            found = bool(text.strip()) and bool(ends(text, _part(answer.plain, fields), most))
            return found == (test.type == "present")
        case "order":
            return _in_order(fields["before"], fields["after"], answer.plain, most)
        case "table":
            return any(_has_cell(table, fields, most) for table in answer.tables)
        case "math":
            return plain_formula(fields["math"]) in answer.formulas
        case "fact":
            return _states(answer.chart, fields["path"], fields["value"])
        case _:
            return any(c.isalnum() for c in answer.text) and not _loops(answer.text)


def score(tests: Iterable[UnitTest], answer: str) -> dict[str, tuple[int, int]]:
    """How many tests an answer passes, of how many, by type."""
    read = Answer(answer)
    counts: dict[str, tuple[int, int]] = {}
    for test in tests:
        passed, of = counts.get(test.type, (0, 0))
        counts[test.type] = (passed + passes(test, read), of + 1)
    return counts


def plain_formula(latex: str) -> str:
    """A formula without white space, and commands of size and space."""
    text = _SIZES.sub("", latex)
    text = _SPACE_AFTER_COMMAND.sub(rf"\1{_GUARD}", text)
    return "".join(text.split())


def _part(text: str, fields: Mapping[str, Any]) -> str:
    """The part of the answer that a test of presence is about: all, or its ends."""
    first, last = fields.get("first_n"), fields.get("last_n")
    if not first and not last:
        return text
    return (text[:first] if first else "") + (text[-last:] if last else "")


def _in_order(before: str, after: str, text: str, most: int) -> bool:
    """Whether a place of `before` begins in front of one of `after`."""
    before, after = normalized(before), normalized(after)
    firsts, seconds = ends(before, text, most), ends(after, text, most)
    if not firsts or not seconds:
        return False
    return firsts[0] - len(before) < seconds[-1] - len(after)


def _has_cell(table: Table, fields: Mapping[str, Any], most: int) -> bool:
    """Whether a cell of this text has the neighbors and headings that the test names."""
    grid = table.grid()
    texts = [[normalized(cell.text) for cell in row] for row in grid]
    return any(
        _same(text, fields["cell"], most) and _neighbors(table, texts, r, c, fields, most)
        for r, row in enumerate(texts)
        for c, text in enumerate(row)
    )


def _neighbors(
    table: Table,
    texts: Sequence[Sequence[str]],
    row: int,
    column: int,
    fields: Mapping[str, Any],
    most: int,
) -> bool:
    # headings are the first texts of the column and the row
    places = {
        "up": (row - 1, column),
        "down": (row + 1, column),
        "left": (row, column - 1),
        "right": (row, column + 1),
    }
    for name, (r, c) in places.items():
        wanted = fields.get(name)
        if wanted and not (
            0 <= r < table.rows and 0 <= c < table.columns and _same(texts[r][c], wanted, most)
        ):
            return False
    top, left = fields.get("top_heading"), fields.get("left_heading")
    column_texts = [texts[r][column] for r in range(row)]
    row_texts = list(texts[row][:column])
    return (not top or any(_same(text, top, most) for text in column_texts)) and (
        not left or any(_same(text, left, most) for text in row_texts)
    )


def _same(text: str, wanted: str, most: int) -> bool:
    wanted = normalized(wanted)
    return text == wanted or (
        most > 0 and abs(len(text) - len(wanted)) <= most and len(text) in ends(wanted, text, most)
        and _whole(wanted, text, most)
    )  # fmt: skip


def _whole(wanted: str, text: str, most: int) -> bool:
    """Whether the whole text, not only its end, is the wanted one."""
    return len(text) in ends(wanted[::-1], text[::-1], most)


def _states(chart: Mapping[str, Any] | None, path: Sequence[str], value: str) -> bool:
    """Whether a dict has the value at the path; names are compared without case and space."""
    place: Any = chart
    for name in path:
        if not isinstance(place, Mapping):
            return False
        key = _key(name)
        place = next((v for k, v in place.items() if _key(str(k)) == key), None)
    return isinstance(place, str) and _key(place) == _key(value)


def _key(text: str) -> str:
    return "".join(normalized(text).split()).casefold()


def _loops(text: str) -> bool:
    """Whether the text ends in a repetition of up to five words, or characters without spaces."""
    words = text.split()
    units = words if len(words) > len(text) / 30 else list(text)
    for size in range(1, 6):
        unit, count = units[-size:], 0
        while units[len(units) - (count + 1) * size : len(units) - count * size] == unit:
            count += 1
            if (count + 1) * size > len(units):
                break
        if count > MAX_REPEATS:
            return True
    return False
