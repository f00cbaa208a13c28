"""The keep-list of a configuration: the rows that readers skip.

`<config>/.vary/keep.json`, written by `vary-data dedup`:

    {"plan_id": "…", "made_by": "…",
     "shards": {"train-00000-of-00001.parquet": {"rows": 1000, "left_out": [3, 17]}}}

Rows count from 0 within their file. A shard that is not named keeps all of its rows; without the
file every row is kept. The data itself is never changed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from vary_data.base.errors import SourceError
from vary_data.base.json_lines import parse_json
from vary_data.base.storage import Location

FILE = "keep.json"
RowNumbers = npt.NDArray[np.int64]
_NO_ROWS: RowNumbers = np.empty(0, np.int64)


@dataclass(frozen=True, slots=True)
class KeepList:
    """Dropped rows by the file name of their shard.

    `dropped` has sorted row numbers; `shard_rows` is how many rows each listed shard had when the
    list was made. The default drops nothing.
    """

    plan_id: str = ""
    made_by: str = ""
    shard_rows: Mapping[str, int] = field(default_factory=dict)
    dropped: Mapping[str, RowNumbers] = field(default_factory=dict)

    @property
    def dropped_count(self) -> int:
        """Dropped rows of the whole configuration."""
        return sum(len(rows) for rows in self.dropped.values())

    def dropped_rows(self, shard: str) -> RowNumbers:
        """Sorted numbers of the dropped rows of a shard."""
        return self.dropped.get(shard, _NO_ROWS)

    def filter(self, shard: str, first: int, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The kept rows of a batch whose first row is row `first` of the shard."""
        dropped = self.dropped_rows(shard)
        low, high = np.searchsorted(dropped, [first, first + batch.num_rows])
        if low == high:
            return batch
        mask = np.ones(batch.num_rows, bool)
        mask[dropped[low:high] - first] = False
        return batch.filter(pa.array(mask))

    def to_json(self) -> str:
        shards = {
            name: {"rows": rows, "left_out": self.dropped_rows(name).tolist()}
            for name, rows in self.shard_rows.items()
        }
        data = {"plan_id": self.plan_id, "made_by": self.made_by, "shards": shards}
        return json.dumps(data, ensure_ascii=False) + "\n"


def read_keep_list(path: Location, plan_id: str | None) -> KeepList:
    """The keep-list in a file; `plan_id` is that of the data, or None where it is not known.

    Raises:
        SourceError: it cannot be read, or belongs to other data.
    """
    hint = "delete it, or make it again with `vary-data dedup`"
    try:
        keep_list = _parse(parse_json(path.read_bytes()))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise SourceError(f"{path} is not a keep-list ({error})", hint) from error
    if plan_id is not None and keep_list.plan_id != plan_id:
        raise SourceError(f"{path} was made for other data than is there now", hint)
    return keep_list


def _parse(data: Mapping[str, Any]) -> KeepList:
    shard_rows, dropped = {}, {}
    for name, entry in data["shards"].items():
        rows = int(entry["rows"])
        numbers = np.unique(np.asarray(entry["left_out"], np.int64))
        if len(numbers) and not 0 <= numbers[0] <= numbers[-1] < rows:
            raise ValueError(f"row numbers of {name} are out of range")
        shard_rows[name], dropped[name] = rows, numbers
    return KeepList(str(data["plan_id"]), str(data["made_by"]), shard_rows, dropped)
