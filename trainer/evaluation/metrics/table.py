"""Parses tables into rows of cells: LaTeX `tabular` (Mathpix Markdown), HTML, and pipe tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from trainer.evaluation.metrics.normalize import layout
from vary_data.base.html_reader import HtmlReader


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with the columns and rows that it spans."""

    text: str
    columns: int = 1
    rows: int = 1


Table = tuple[tuple[Cell, ...], ...]

_ENVIRONMENT = re.compile(r"\\(begin|end)\s*\{(?:tabular\*?|tabularx|array)\}")
_HTML = re.compile(r"<table\b.*?(?:</table\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_PIPES = re.compile(
    r"(?:^[ \t]*\|.*\n)^[ \t]*\|(?:[ \t]*:?-+:?[ \t]*\|)+[ \t]*$(?:\n[ \t]*\|.*$)*", re.MULTILINE
)
_RULE = re.compile(
    r"\\(?:hline|toprule|midrule|bottomrule|cline\s*\{[^}]*\}|cmidrule(?:\([^)]*\))?\s*\{[^}]*\})\s*"
)
_GAP = re.compile(r"^\s*\[-?[\d.]+\s*[a-z]{2}\]")
"""Space after the end of a row: `\\\\[2pt]`."""
_ESCAPE = re.compile(r"\\([&%#_$])")
_MAX_SPAN = 500
"""Larger spans come only from models that repeat digits."""


def find_tables(text: str) -> list[tuple[int, int]]:
    """Start and end of the tables in a text, without tables in other tables.

    A `tabular` without an end, as in a truncated answer, extends to the end of the text.
    """
    spans = list(_environments(text))
    for pattern in (_HTML, _PIPES):
        for match in pattern.finditer(text):
            if all(match.end() <= start or match.start() >= end for start, end in spans):
                spans.append(match.span())
    return sorted(spans)


def parse_table(text: str) -> Table:
    """Rows of cells of one table that `find_tables` found.

    Cells that are covered by a `\\multirow` above them are dropped, as in HTML.
    """
    text = text.strip()
    if text[:6].lower() == "<table":
        return _html(text)
    if text.startswith("|"):
        return _pipes(text)
    return _tabular(text)


def _environments(text: str) -> Iterator[tuple[int, int]]:
    depth = start = 0
    for match in _ENVIRONMENT.finditer(text):
        if match[1] == "begin":
            if depth == 0 and "array" in match[0]:
                continue
            if depth == 0:
                start = match.start()
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0:
                yield start, match.end()
    if depth:
        yield start, len(text)


def _tabular(text: str) -> Table:
    opening = _ENVIRONMENT.match(text)
    body = text[opening.end() :] if opening else text
    closings = [m for m in _ENVIRONMENT.finditer(body) if m[1] == "end"]
    if closings:
        body = body[: closings[-1].start()]
    if "tabular*" in text[:12] or "tabularx" in text[:20]:
        _, body = _argument(body)
    _, body = _argument(re.sub(r"^\s*\[[^\]]*\]", "", body))
    return _uncovered([_row(row) for row in _split(body, "\\\\") if _printed(row)])


def _printed(row: str) -> str:
    return _RULE.sub("", _GAP.sub("", row)).strip()


def _row(text: str) -> list[Cell]:
    return [_cell(part) for part in _split(_printed(text), "&")]


def _cell(text: str) -> Cell:
    columns = rows = 1
    text = text.strip()
    while match := re.match(r"\\multi(column|row)\s*(?=\{)", text):
        count, remaining = _argument(text[match.end() :])
        _, remaining = _argument(remaining)
        text, _ = _argument(remaining)
        number = max(1, min(_MAX_SPAN, int(count))) if _is_number(count) else 1
        columns, rows = (number, rows) if match[1] == "column" else (columns, number)
        text = text.strip()
    return Cell(layout(_ESCAPE.sub(r"\1", text)), columns, rows)


def _is_number(text: str) -> bool:
    """Whether a text is a number; Python refuses to read very long ones."""
    return text.strip().isdecimal() and len(text.strip()) < 10


def _argument(text: str) -> tuple[str, str]:
    """The content of the group at the start of `text`, and the text after it."""
    text = text.lstrip()
    if not text.startswith("{"):
        return text[:1], text[1:]
    depth = 0
    for match in re.finditer(r"\\.|[{}]", text, re.DOTALL):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if depth == 0:
            return text[1 : match.start()], text[match.end() :]
    return text[1:], ""


def _split(text: str, mark: str) -> list[str]:
    """Parts between marks that are not in groups or inner environments."""
    parts, depth, start = [], 0, 0
    for match in re.finditer(r"\\\\|\\(?:begin|end)(?=\s*\{)|\\.|[{}&]", text, re.DOTALL):
        token = match[0]
        if token in ("{", "\\begin"):
            depth += 1
        elif token in ("}", "\\end"):
            depth = max(0, depth - 1)
        elif token == mark and depth == 0:
            parts.append(text[start : match.start()])
            start = match.end()
    return [*parts, text[start:]]


def _uncovered(rows: list[list[Cell]]) -> Table:
    """Rows without the empty cells below a cell that spans rows."""
    covered: dict[int, int] = {}
    kept_rows = []
    for row in rows:
        kept, column = [], 0
        for cell in row:
            if covered.get(column, 0) and not cell.text:
                for i in range(column, column + cell.columns):
                    covered[i] = max(0, covered.get(i, 0) - 1)
            else:
                kept.append(cell)
                for i in range(column, column + cell.columns):
                    covered[i] = cell.rows - 1
            column += cell.columns
        kept_rows.append(tuple(kept))
    return tuple(kept_rows)


def _pipes(text: str) -> Table:
    lines = [line.strip().removeprefix("|").removesuffix("|") for line in text.splitlines()]
    del lines[1:2]  # the rule below the header row
    cells = (re.split(r"(?<!\\)\|", line) for line in lines)
    return tuple(tuple(Cell(layout(c.replace(r"\|", "|"))) for c in row) for row in cells)


class _HtmlTable(HtmlReader):
    """Collects rows and cells; an inner table's text belongs to its cell."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[Cell]] = []
        self._text: list[str] | None = None
        self._spans = (1, 1)
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._depth += 1
        elif self._depth == 1 and tag == "tr":
            self._close()
            self.rows.append([])
        elif self._depth == 1 and tag in ("td", "th"):
            self._close()
            attributes = dict(attrs)
            self._text = []
            self._spans = (_span(attributes.get("colspan")), _span(attributes.get("rowspan")))
        elif tag == "br":
            self.handle_data(" ")

    def handle_endtag(self, tag: str) -> None:
        if self._depth == 1 and tag in ("td", "th", "tr", "table"):
            self._close()
        if tag == "table":
            self._depth -= 1

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def close(self) -> None:
        super().close()
        self._close()

    def _close(self) -> None:
        if self._text is None:
            return
        if not self.rows:
            self.rows.append([])
        self.rows[-1].append(Cell(layout("".join(self._text)), *self._spans))
        self._text = None


def _html(text: str) -> Table:
    parser = _HtmlTable()
    parser.feed(text)
    parser.close()
    return tuple(tuple(row) for row in parser.rows)


def _span(value: str | None) -> int:
    return max(1, min(_MAX_SPAN, int(value))) if value and _is_number(value) else 1
