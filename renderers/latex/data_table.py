"""Read a data table: a TSV file with a header row, one typed record per line.

Cells hold plain text without quoting. `none` is an empty text, `<space>`, `<tab>` and `<newline>`
are these characters; booleans are `yes` and `no`. No cell is empty.
"""

from __future__ import annotations

from dataclasses import fields
from importlib.resources.abc import Traversable
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

Record = TypeVar("Record")

_NAMED = {"none": "", "<space>": " ", "<tab>": "\t", "<newline>": "\n"}
_BOOLEANS = {"yes": True, "no": False}


class TableError(ValueError):
    """A data table with a wrong header, cell or key."""


def read_table(
    path: Traversable, record: type[Record], key: tuple[str, ...] = ()
) -> tuple[Record, ...]:
    """Every line of a table as a `record`, a dataclass whose fields are the columns in order.

    `key` names the columns that must differ between any two lines; by default the first column.

    Raises:
        TableError: a header that does not match the fields, a wrong number of cells, an empty
            cell, a value that the field's type does not allow, or two lines with one key.
    """
    header, *lines = path.read_text("utf-8").removesuffix("\n").split("\n")
    columns = [field.name for field in fields(record)]  # type: ignore[arg-type]
    if header.split("\t") != columns:
        raise TableError(f"{path.name}: the header must be {' '.join(columns)}")
    types = get_type_hints(record)
    found: dict[tuple[Any, ...], Record] = {}
    for number, line in enumerate(lines, 2):
        where = f"{path.name}, line {number}"
        cells = line.split("\t")
        if len(cells) != len(columns):
            raise TableError(f"{where}: {len(cells)} cells, not {len(columns)}")
        values = {
            name: _value(cell, types[name], f"{where}, column {name}")
            for name, cell in zip(columns, cells, strict=True)
        }
        identity = tuple(values[name] for name in key or columns[:1])
        if identity in found:
            raise TableError(f"{where}: {identity} is already in the table")
        found[identity] = record(**values)
    return tuple(found.values())


def _value(cell: str, kind: Any, where: str) -> Any:
    if not cell:
        raise TableError(f"{where}: the cell is empty; write `none` for no value")
    if kind is bool:
        if cell not in _BOOLEANS:
            raise TableError(f"{where}: {cell!r} is not yes or no")
        return _BOOLEANS[cell]
    if kind is int:
        if not (cell.isascii() and cell.isdigit()):
            raise TableError(f"{where}: {cell!r} is not a number")
        return int(cell)
    text = _NAMED.get(cell, cell)
    if get_origin(kind) is Literal and text not in get_args(kind):
        raise TableError(f"{where}: {cell!r} is none of {', '.join(get_args(kind))}")
    return text
