"""A finished shard in which some tasks failed because of the machine: only they are run again.

The rows and rejections of all other tasks are taken over, so the new shard is byte for byte the
one that an undisturbed run makes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from vary_data.base.storage import Location, parquet
from vary_data.dataset.rejection import Rejection
from vary_data.engine.rows import SCHEMA

BATCH_ROWS = 100
MAX_RUNS = 3
"""After so many runs in which a task failed because of the machine, its rejection is final."""
MAX_PATIENCE = 8.0
"""Greatest factor of the deadline of a task that is tried again."""


@dataclass(slots=True)
class StoredShard:
    """The outcomes of a shard by task; rows must be asked for in the order of the tasks."""

    path: Location
    footer: Mapping[str, str]
    rejections: tuple[Rejection, ...]
    _by_task: dict[str, list[Rejection]] = field(default_factory=dict)
    _rows: Iterator[pa.RecordBatch] = field(init=False)
    _next: pa.RecordBatch | None = None

    def __post_init__(self) -> None:
        for rejection in self.rejections:
            self._by_task.setdefault(rejection.task or rejection.key, []).append(rejection)
        self._rows = self._single_rows()
        self._next = next(self._rows, None)

    def runs(self) -> dict[str, int]:
        """The tasks to run again, and in how many runs each of them has failed."""
        unstable = [rejection for rejection in self.rejections if rejection.unstable]
        return {rejection.task or rejection.key: rejection.runs for rejection in unstable}

    def outcome(self, task: str) -> tuple[pa.RecordBatch | None, list[Rejection]]:
        """The rows (None if there are none) and rejections of a task."""
        rows = []
        while self._next is not None and belongs(self._next.column("id")[0].as_py(), task):
            rows.append(self._next)
            self._next = next(self._rows, None)
        rejections = self._by_task.get(task, [])
        if not rows:
            return None, rejections
        (batch,) = pa.Table.from_batches(rows, SCHEMA).combine_chunks().to_batches()
        return batch, rejections

    def _single_rows(self) -> Iterator[pa.RecordBatch]:
        with parquet(self.path) as file:
            for batch in file.iter_batches(BATCH_ROWS):
                columns = [batch.column(name) for name in SCHEMA.names]
                whole = pa.RecordBatch.from_arrays(columns, schema=SCHEMA)
                for row in range(whole.num_rows):
                    yield whole.slice(row, 1)


def patience(runs: int) -> float:
    """The factor of the deadline of a task that has failed in so many runs."""
    return float(min(2.0**runs, MAX_PATIENCE))


def belongs(sample_id: str, task: str) -> bool:
    """Whether a sample has the name of a task's samples."""
    return sample_id == task or sample_id.startswith(f"{task}#")
