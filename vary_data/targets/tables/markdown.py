"""Tables as Markdown: pipe tables of GitHub Flavored Markdown, and HTML where these cannot.

A pipe table has one header row and no spans (GFM 0.29, section 4.10). A table without a header
row gets an empty one. Formulas are in dollars, with Pandoc's rule for what dollars enclose; other
characters that would be markup are escaped. Any other table is written as HTML, which GFM accepts.
"""

from __future__ import annotations

import re

from vary_data.dataset.rejection import Rejected
from vary_data.targets.tables.html import html, parse_html
from vary_data.targets.tables.table import Table

_RULE = re.compile(r"\|(?:\s*:?-+:?\s*\|)+")
_FORMULA = re.compile(r"\\\(((?:[^$|\\]|\\[^()])*?)\\\)")
_MARKUP = r"[\\`*|]|(?<!\w)_|_(?!\w)|<(?=[A-Za-z/!])|&(?=#?\w+;)"
_SPECIAL = (re.compile(f"({_MARKUP})"), re.compile(rf"({_MARKUP}|\$)"))
"""Without and with dollars, which are escaped only where two of them would be a formula."""
_TOKEN = re.compile(r"\\([\\`*|$_<&])|\$(?!\s)([^$]+?)(?<!\s)\$(?!\d)")


def markdown(table: Table) -> str:
    """The table as a pipe table if it can be one, else as HTML."""
    return _pipes(table) if is_pipe_table(table) else html(table)


def is_pipe_table(table: Table) -> bool:
    """Whether a pipe table shows all of the table: no spans, and at most one header row."""
    if table.spans or any(cell.header and cell.row for cell in table.cells):
        return False
    if any(_unescaped(_escaped(cell.text)) != cell.text for cell in table.cells):
        return False
    heads = [cell for cell in table.cells if cell.header]
    if not heads:
        return True
    return len(heads) == table.columns and any(cell.text for cell in heads)


def _pipes(table: Table) -> str:
    rows = table.texts()
    if not table.header_rows:
        rows.insert(0, [""] * table.columns)
    rows.insert(1, ["---"] * table.columns)
    lines = ("| " + " | ".join(map(_escaped, row)) + " |" for row in rows)
    return "\n".join(line.replace("|  |", "| |").replace("|  |", "| |") for line in lines)


def _escaped(text: str) -> str:
    """The text of a cell, on which `_unescaped` has no effect but to undo it."""
    pieces = _FORMULA.split(text)
    written = ""
    for special in _SPECIAL:
        written = "".join(
            f"${piece.strip()}$" if i % 2 else special.sub(r"\\\1", piece)
            for i, piece in enumerate(pieces)
        )
        if _unescaped(written) == text:
            break
    return written


def _unescaped(text: str) -> str:
    """The text that a cell shows; what is in dollars is a formula."""
    return _TOKEN.sub(lambda token: token[1] or rf"\({token[2]}\)", text)


def parse_markdown(text: str) -> Table:
    """The table of a text in this form.

    Raises:
        Rejected: it has no table.
    """
    text = text.strip()
    if text.startswith("<"):
        return parse_html(text)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) < 2 or not _RULE.fullmatch(lines[1]):
        raise Rejected("no-table", "the text has no pipe table")
    rows = [_split(line) for line in (lines[0], *lines[2:])]
    if not any(rows[0]):
        return Table.of_texts(rows[1:])
    return Table.of_texts(rows, header_rows=1)


def _split(line: str) -> list[str]:
    """The cells of a line; a bar after a backslash belongs to its cell."""
    cells, start, position = [], 1, 1
    while position < len(line):
        if line[position] == "\\":
            position += 2
            continue
        if line[position] == "|":
            cells.append(_unescaped(line[start:position].strip()))
            start = position + 1
        position += 1
    return cells
