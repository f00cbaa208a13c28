"""Rows of finished datasets by their ids, for generators that make samples of other datasets'."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from vary_data.base.storage import Location, entries, location, parquet
from vary_data.dataset.schema import upgraded

_Place = tuple[Location, int, int]
"""File, row group and row."""


class StoredRows:
    """Reads the places of all ids of a configuration once."""

    def __init__(self) -> None:
        self._places: dict[str, dict[str, _Place]] = {}

    def row(self, folder: str, sample_id: str) -> dict[str, Any]:
        """The row with this id in the folder of a configuration, with the regions of schema 2.

        Raises:
            KeyError: there is none.
        """
        if folder not in self._places:
            self._places[folder] = dict(_places(location(folder)))
        path, group, row = self._places[folder][sample_id]
        with parquet(path) as file:
            return dict(upgraded(file.read_row_group(group).slice(row, 1)).to_pylist()[0])


def _places(folder: Location) -> Iterator[tuple[str, _Place]]:
    for path in entries(folder / "data"):
        with parquet(path) as file:
            for group in range(file.num_row_groups):
                ids = file.read_row_group(group, columns=["id"]).column("id").to_pylist()
                yield from ((name, (path, group, row)) for row, name in enumerate(ids))
