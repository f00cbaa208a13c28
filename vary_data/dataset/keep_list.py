"""The keep-list of a configuration: which of its rows readers pass over.

`<config>/.vary/keep.json`, written by `vary-data dedup`:

    {"plan_id": "…", "made_by": "…",
     "shards": {"train-00000-of-00001.parquet": {"rows": 1000, "left_out": [3, 17]}}}

Rows count from 0 within their file. A shard that is not named keeps all of its rows; without the
file every row is kept. The data itself is never touched.
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
from vary_data.base.storage import Location

FILE = "keep.json"
Rows = npt.NDArray[np.int64]
_NONE: Rows = np.empty(0, np.int64)


@dataclass(frozen=True, slots=True)
class KeepList:
    """`left_out` maps the file name of a shard to the sorted numbers of rows that are not kept;
    `rows` to how many rows the shard had when the list was made."""

    plan_id: str
    made_by: str
    rows: Mapping[str, int] = field(default_factory=dict)
    left_out: Mapping[str, Rows] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """How many rows are left out of the whole configuration."""
        return sum(len(rows) for rows in self.left_out.values())

    def missing(self, shard: str) -> Rows:
        return self.left_out.get(shard, _NONE)

    def filter(self, shard: str, first: int, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The kept rows of a batch whose first row is row `first` of the shard."""
        left_out = self.missing(shard)
        low, high = np.searchsorted(left_out, [first, first + batch.num_rows])
        if low == high:
            return batch
        mask = np.ones(batch.num_rows, bool)
        mask[left_out[low:high] - first] = False
        return batch.filter(pa.array(mask))

    def to_json(self) -> str:
        shards = {
            name: {"rows": rows, "left_out": self.missing(name).tolist()}
            for name, rows in self.rows.items()
        }
        data = {"plan_id": self.plan_id, "made_by": self.made_by, "shards": shards}
        return json.dumps(data, ensure_ascii=False) + "\n"


def read(engine: Location, plan_id: str) -> KeepList:
    """The keep-list in a configuration's `.vary` folder; one that keeps all when there is none.

    Raises:
        SourceError: it cannot be read, or belongs to other data.
    """
    path = engine / FILE
    if not path.exists():
        return KeepList(plan_id, "")
    hint = "delete it, or make it again with `vary-data dedup`"
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        found = _parse(data)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SourceError(f"{path} is not a keep-list ({error})", hint) from error
    if found.plan_id != plan_id:
        raise SourceError(f"{path} was made for other data than is there now", hint)
    return found


def _parse(data: Mapping[str, Any]) -> KeepList:
    rows, left_out = {}, {}
    for name, entry in data["shards"].items():
        rows[name] = int(entry["rows"])
        left_out[name] = np.unique(np.asarray(entry["left_out"], np.int64))
        if len(left_out[name]) and not 0 <= left_out[name][0] <= left_out[name][-1] < rows[name]:
            raise ValueError(f"row numbers of {name} are out of range")
    return KeepList(str(data["plan_id"]), str(data["made_by"]), rows, left_out)
