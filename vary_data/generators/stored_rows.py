"""Rows of finished datasets by their ids, for generators that make samples of other datasets'."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from vary_data.base.storage import Location, entries, location, parquet
from vary_data.dataset.schema import upgraded

if TYPE_CHECKING:
    import pyarrow as pa

_Place = tuple[Location, int, int]
"""File, row group and row."""


class StoredRows:
    """Reads the places of all ids of a configuration once, and keeps the row group that was read
    last: tasks mostly follow the order of the rows."""

    def __init__(self) -> None:
        self._places: dict[str, dict[str, _Place]] = {}
        self._group: tuple[Location, int, pa.Table] | None = None

    def row(self, folder: str, sample_id: str) -> dict[str, Any]:
        """The row with this id in the folder of a configuration, with the regions of schema 2.

        Raises:
            KeyError: there is none.
        """
        return dict(upgraded(self._stored(folder, sample_id)).to_pylist()[0])

    def image(self, folder: str, sample_id: str) -> bytes:
        """The encoded picture of the row with this id.

        Raises:
            KeyError: there is none.
        """
        return bytes(self._stored(folder, sample_id).column("image")[0].as_py()["bytes"])

    def _stored(self, folder: str, sample_id: str) -> pa.Table:
        """A table of one row."""
        if folder not in self._places:
            self._places[folder] = dict(_places(location(folder)))
        path, group, row = self._places[folder][sample_id]
        if self._group is None or self._group[:2] != (path, group):
            self._group = None  # never two in memory
            with parquet(path) as file:
                self._group = path, group, file.read_row_group(group)
        return self._group[2].slice(row, 1)


def _places(folder: Location) -> Iterator[tuple[str, _Place]]:
    for path in entries(folder / "data"):
        with parquet(path) as file:
            for group in range(file.num_row_groups):
                ids = file.read_row_group(group, columns=["id"]).column("id").to_pylist()
                yield from ((name, (path, group, row)) for row, name in enumerate(ids))
