"""The functions of programs over a table, computed from its cells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from vary_data.targets.printed import Number, difference, number, numbers, total
from vary_data.targets.tables.table import Table


@dataclass(frozen=True)
class TableFacts:
    """What programs can use of a table whose columns have one header row."""

    table: Table

    @property
    def functions(self) -> dict[str, Callable[..., Any]]:
        """The functions by name."""
        names = ("value", "slot", "sum", "difference", "argmax", "argmin", "count", "greater")
        return {name: getattr(self, f"_{name}") for name in names}

    @cached_property
    def columns(self) -> list[str]:
        """The headers of the columns, if the table has one header row of distinct names."""
        heads = self.table.header_rows
        names = self.table.texts()[0] if heads == 1 and not self.table.spans else []
        return names if all(names[1:]) and len(set(names)) == len(names) else []

    @cached_property
    def rows(self) -> dict[str, list[str]]:
        """The texts of each row by its first cell, if these are distinct names."""
        body = self.table.texts()[1:] if self.columns else []
        names = [row[0] for row in body]
        if not all(names) or len(set(names)) < len(names) or all(map(number, names)):
            return {}
        return {row[0]: row for row in body}

    def column(self, name: str) -> dict[str, Number]:
        """The numbers of a column by row.

        Raises:
            LookupError: they are not numbers of one unit.
        """
        index = self.columns.index(name)
        found = numbers([row[index] for row in self.rows.values()])
        if found is None or any(item.scientific for item in found):
            raise LookupError(f"the column {name!r} has no numbers of one unit")
        return dict(zip(self.rows, found, strict=True))

    def _value(self, row: str, column: str) -> Number | str:
        text = self.rows[row][self.columns.index(column)]
        if not text:
            raise LookupError("the cell is empty")
        found = number(text)
        return found if found is not None and found.print() == text else text

    def _slot(self, row: int, column: int) -> str:
        """The text at a row and column, counted from 1 and with the header row."""
        if min(row, column) < 1:
            raise LookupError("rows and columns count from 1")
        text = self.table.grid()[row - 1][column - 1].text
        if not text:
            raise LookupError("the cell is empty")
        return text

    def _sum(self, *items: Number) -> Number:
        _check(items)
        return total(items)

    def _difference(self, first: Number, second: Number) -> Number:
        _check((first, second))
        return difference(first, second)

    def _argmax(self, column: str) -> str:
        return self._extreme(column, largest=True)

    def _argmin(self, column: str) -> str:
        return self._extreme(column, largest=False)

    def _extreme(self, column: str, largest: bool) -> str:
        ordered = sorted(self.column(column).items(), key=lambda i: i[1].value, reverse=largest)
        if ordered[0][1].value == ordered[1][1].value:
            raise LookupError("two rows are equal")
        return ordered[0][0]

    def _greater(self, column: str, first: str, second: str) -> bool:
        found = self.column(column)
        if found[first].value == found[second].value:
            raise LookupError("two rows are equal")
        return found[first].value > found[second].value

    def _count(self, what: str) -> int:
        sizes = {"rows": self.table.rows, "columns": self.table.columns}
        return sizes[what]


def _check(items: tuple[Any, ...]) -> None:
    if not all(isinstance(item, Number) for item in items) or len({i.unit for i in items}) != 1:
        raise ValueError("not numbers of one unit")
