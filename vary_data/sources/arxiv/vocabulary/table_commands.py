"""Commands between the rows of a table, and letters of column specifications."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from vary_data.sources.arxiv.vocabulary.load import load


@dataclass(frozen=True, slots=True)
class TableCommand:
    """A row of `table_commands.tsv`: the rule that a command between table rows draws."""

    command: str
    rule: Literal["full", "partial", "no_rule"]


@dataclass(frozen=True, slots=True)
class ColumnType:
    """A row of `column_types.tsv`.

    A letter of LaTeX, array, tabularx, siunitx or of common private definitions: how its cells
    are aligned, whether options in brackets follow, the number of arguments in braces, and
    whether a width in braces may follow them.
    """

    letter: str
    align: Literal["l", "c", "r"]
    optional: bool
    arguments: int
    optional_width: bool


BETWEEN_ROWS = {row.command: row.rule for row in load("table_commands", TableCommand)}
COLUMN_TYPES = {row.letter: row for row in load("column_types", ColumnType)}
