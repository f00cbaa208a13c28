"""Load one of the data tables (`*.tsv`) of this folder."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files
from typing import Literal, Protocol, TypeVar

from renderers.latex.data_table import TableError, read_table

Record = TypeVar("Record")

Star = Literal["never", "optional", "always"]
"""Whether a row is for a command without star, with or without one, or only with one.

Two rows, one `never` and one `always`, describe a command whose starred form differs.
"""


class _Starred(Protocol):
    @property
    def command(self) -> str: ...
    @property
    def star(self) -> Star: ...


StarredRecord = TypeVar("StarredRecord", bound=_Starred)


def load(name: str, record: type[Record]) -> tuple[Record, ...]:
    """The rows of the table `name.tsv`; the first column is its key.

    Raises:
        TableError: as `read_table`.
    """
    return read_table(files(__package__) / f"{name}.tsv", record)


def load_commands(name: str, record: type[StarredRecord]) -> dict[str, StarredRecord]:
    """The rows of a table of commands by name; rows for the starred form alone end in `*`.

    Raises:
        TableError: as `read_table`, or two rows for one form of a command.
    """
    rows = read_table(files(__package__) / f"{name}.tsv", record, ("command", "star"))
    return commands_by_name(rows)


def commands_by_name(rows: Iterable[StarredRecord]) -> dict[str, StarredRecord]:
    """Rows by `command`, or `command*` where `star` is `always`.

    Raises:
        TableError: two rows for one form of a command.
    """
    found: dict[str, StarredRecord] = {}
    for row in rows:
        key = f"{row.command}*" if row.star == "always" else row.command
        if key in found:
            raise TableError(f"two rows for \\{key}")
        found[key] = row
    return found
