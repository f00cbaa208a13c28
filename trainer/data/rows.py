"""Reading single rows of Parquet files, by row group, with the recent ones kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from trainer.data.catalog import RowGroup


class RowReader:
    """Rows as dictionaries. Keeps up to `cache_bytes` of row groups, the last used ones."""

    def __init__(self, columns: Sequence[str], cache_bytes: int) -> None:
        self._columns = list(columns)
        self._limit = cache_bytes
        self._groups: OrderedDict[RowGroup, pa.Table] = OrderedDict()

    def row(self, group: RowGroup, row: int) -> dict[str, Any]:
        """One of the group's kept rows; raises pyarrow's errors and OSError for a damaged file."""
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
