"""Reads single rows of Parquet files through a cache of row groups."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from vary_data.dataset.row_groups import RowGroup


class RowReader:
    """Rows as dictionaries; up to `cache_bytes` of the last used row groups stay in memory."""

    def __init__(self, columns: Sequence[str], cache_bytes: int) -> None:
        self._columns = list(columns)
        self._limit = cache_bytes
        self._groups: OrderedDict[RowGroup, pa.Table] = OrderedDict()

    def row(self, group: RowGroup, row: int) -> dict[str, Any]:
        """One of the group's kept rows.

        Raises:
            pyarrow.ArrowException, OSError: the file is damaged or cannot be read.
        """
        table = self._table(group)
        values: dict[str, Any] = table.slice(row, 1).to_pylist()[0]
        return values

    def _table(self, group: RowGroup) -> pa.Table:
        if group in self._groups:
            self._groups.move_to_end(group)
            return self._groups[group]
        with pq.ParquetFile(group.file, memory_map=True) as file:
            stored = file.read_row_group(group.index, columns=self._columns, use_threads=False)
        table = group.select(stored)
        self._groups[group] = table
        while len(self._groups) > 1 and self._bytes() > self._limit:
            self._groups.popitem(last=False)
        return table

    def _bytes(self) -> int:
        return sum(table.nbytes for table in self._groups.values())
