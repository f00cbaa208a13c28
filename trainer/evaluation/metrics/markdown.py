"""Splits Mathpix Markdown into its tables, its formulas and the remaining text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from trainer.evaluation.metrics.table import Table, find_tables, parse_table

_WITHIN = r"(?!\n[ \t]*\n)."
_MATH = (
    rf"\\\((?:(?!\\\(){_WITHIN}){{0,5000}}?\\\)|\\\[(?:(?!\\\[){_WITHIN}){{0,5000}}?\\\]"
    r"|\\begin\{(?P<name>(?:align|gather|equation|multline|eqnarray)\*?)\}.*?\\end\{(?P=name)\}"
)
"""A formula has neither a blank line, as in TeX, nor the opening of another one: an opening without
a closing stays text and does not extend to a later formula."""
_FORMULA = re.compile(_MATH, re.DOTALL)
_DOLLARS = re.compile(rf"{_MATH}|\$\$.+?\$\$|(?<![\\$])\$(?=\S)[^$\n]+?(?<=\S)\$(?!\d)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Parts:
    """Parts of a page. `tables` are raw; formulas in a table belong to it."""

    text: str
    formulas: tuple[str, ...]
    tables: tuple[str, ...]

    def parsed_tables(self) -> list[Table]:
        return [parse_table(table) for table in self.tables]


def split_markdown(text: str, dollars: bool = False) -> Parts:
    """Split a page; with `dollars`, `$…$` and `$$…$$` are formulas too (for other systems)."""
    tables, others, end = [], [], 0
    for start, stop in find_tables(text):
        others.append(text[end:start])
        tables.append(text[start:stop])
        end = stop
    outside = " ".join([*others, text[end:]])
    pattern = _DOLLARS if dollars else _FORMULA
    formulas = tuple(match[0] for match in pattern.finditer(outside))
    return Parts(pattern.sub(" ", outside), formulas, tuple(tables))
