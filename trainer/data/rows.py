"""Reads single rows of Parquet files through a cache of row groups."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from trainer.errors import DataError
from vary_data.base.remote_path import RemotePath
from vary_data.base.storage import parquet
from vary_data.dataset.row_groups import RowGroup
from vary_data.dataset.schema import upgraded
from vary_data.targets.read import with_target
from vary_data.targets.target import row_columns


class RowReader:
    """Rows as dictionaries; up to `cache_bytes` of the last used row groups stay in memory.

    From a file at a URL, only the chosen columns of a row group are fetched.
    """

    def __init__(self, columns: Sequence[str], cache_bytes: int) -> None:
        self._columns = list(columns)
        self._limit = cache_bytes
        self._groups: OrderedDict[RowGroup, pa.Table] = OrderedDict()

    def row(self, group: RowGroup, row: int) -> dict[str, Any]:
        """One of the group's kept rows.

        Raises:
            pyarrow.ArrowException, OSError: the file is damaged or cannot be read.
            Rejected: the row has no target in the group's form.
            DataError: a file at a URL could not be fetched. It is not one of the above, because
                the rows of a store that does not answer must not count as bad rows.
        """
        table = self._table(group)
        values: dict[str, Any] = table.slice(row, 1).to_pylist()[0]
        return values if group.target is None else with_target(values, group.target)

    def _table(self, group: RowGroup) -> pa.Table:
        if group in self._groups:
            self._groups.move_to_end(group)
            return self._groups[group]
        table = group.select(self._read(group))
        self._groups[group] = table
        while len(self._groups) > 1 and self._bytes() > self._limit:
            self._groups.popitem(last=False)
        return table

    def _read(self, group: RowGroup) -> pa.Table:
        if not isinstance(group.file, RemotePath):
            return self._stored(group)
        try:
            return self._stored(group)
        except pa.ArrowException:
            raise
        except OSError as error:  # after the retries of the storage
            raise DataError(
                f"row group {group.index} of {group.file} cannot be fetched "
                f"({error.strerror or error})",
                "run the same command again to continue",
            ) from error

    def _stored(self, group: RowGroup) -> pa.Table:
        columns = self._columns
        if group.target is not None:
            columns = [*dict.fromkeys([*columns, *row_columns(group.target.form)])]
        with parquet(group.file, memory_map=True) as file:
            table = file.read_row_group(group.index, columns=columns, use_threads=False)
        return table if group.target is None else upgraded(table)

    def _bytes(self) -> int:
        return sum(table.nbytes for table in self._groups.values())
