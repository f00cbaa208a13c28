"""Environments inside formulas: matrices, arrays, cases."""

from __future__ import annotations

import re
from collections.abc import Callable

from renderers.rejected import Rejected
from vary_data.sources.arxiv.formulas.pieces import join
from vary_data.sources.arxiv.formulas.tokens import MathTokens
from vary_data.sources.arxiv.scan import split_cells, split_rows
from vary_data.sources.arxiv.vocabulary import formula_commands as known

RowReader = Callable[[str], str]
"""Turns the source of a row into its normal form."""

_REPEATED = re.compile(r"\*\s*\{?(\d{1,2})\}?\s*\{([lcr|]+)\}")
_DOTS_FOR = re.compile(r"\\hdotsfor\s*(?:\[[^\[\]]*\]\s*)?\{?\s*(\d{1,2})\s*\}?")
_MAX_DOTS = 20
_ARRAY_NOISE = re.compile(r"[@!><]\s*\{[^{}]*\}|\s+")


def read_environment(tokens: MathTokens, read_row: RowReader) -> str:
    """The environment whose `\\begin` was read, in normal form.

    Raises:
        Rejected: it is unknown or empty, or has more cells in a row than columns.
    """
    name = tokens.argument()
    if name not in known.ENVIRONMENTS:
        raise Rejected("unknown-environment", name)
    target = known.ENVIRONMENTS[name].written_as
    tokens.skip_optional()
    columns = _columns(tokens.argument()) if target == "array" else ""
    rows = [_with_rules(row, read_row) for row in split_rows(tokens.until_end(name))]
    while rows and not rows[-1].strip("& "):
        rows.pop()
    if not rows:
        raise Rejected("empty-formula", name)
    widest = max(len(split_cells(row)) for row in rows)
    limit = known.ENVIRONMENTS[name].max_columns or len(columns.replace("|", ""))
    if widest > limit:
        raise Rejected("ragged", name)
    opening = f"\\begin{{{target}}}" + (f"{{{columns}}}" if columns else "")
    return join([opening, " \\\\ ".join(rows), f"\\end{{{target}}}"])


def _columns(specification: str) -> str:
    """The columns of an array, without what is only between them."""
    columns = _REPEATED.sub(lambda match: int(match.group(1)) * match.group(2), specification)
    columns = _ARRAY_NOISE.sub("", columns)
    if not re.fullmatch(r"[lcr|]+", columns):
        raise Rejected("columns", columns)
    return columns


def _with_rules(row: str, read_row: RowReader) -> str:
    """A row in normal form, after the rules above it."""
    lines = ""
    row = row.lstrip()
    while row.startswith("\\hline"):
        row = row[6:].lstrip()
        lines += "\\hline "
    return lines + read_row(_DOTS_FOR.sub(_dots, row))


def _dots(match: re.Match[str]) -> str:
    """`\\hdotsfor{3}` as three cells with dots."""
    number = int(match[1])
    if not 0 < number <= _MAX_DOTS:
        raise Rejected("ragged", match.group())
    return " & ".join(["\\dots "] * number)
