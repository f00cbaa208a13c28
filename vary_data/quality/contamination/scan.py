"""Looks up the rows of a dataset in the index of a test set."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from vary_data.quality.contamination.index import TestIndex
from vary_data.quality.grams import GramHasher
from vary_data.quality.wording import COLUMNS, tokens, wording

SCAN_COLUMNS = ("id", "doc_id", *COLUMNS)
BATCH_ROWS = 256


@dataclass(frozen=True, slots=True)
class NearestRow:
    """The row of the dataset that shares most runs with a test sample."""

    id: str
    config: str
    runs: int


class Scan:
    """The parts of a test set that were seen so far.

    Memory: the index and a few numbers per test sample, independent of the dataset's size.
    """

    def __init__(self, index: TestIndex) -> None:
        self.index = index
        self.seen = np.zeros(len(index.runs), bool)
        self.nearest: dict[int, NearestRow] = {}
        self.documents: set[str] = set()
        self.rows: Counter[str] = Counter()
        """Rows of the dataset by configuration."""
        self.sharing: Counter[str] = Counter()
        """Rows that share a run with the test set, by configuration of the dataset."""
        self._known = {sample.doc_id for sample in index.samples}
        self._hasher = GramHasher(index.n)

    def add(self, config: str, batch: pa.RecordBatch) -> None:
        """Look up rows with the columns `SCAN_COLUMNS`."""
        rows = batch.to_pylist()
        self.rows[config] += len(rows)
        self.documents.update(self._known.intersection(row["doc_id"] for row in rows))
        found = [self._hasher(tokens(wording(row))) for row in rows]
        if not found:
            return
        owner = np.repeat(np.arange(len(rows)), [len(hashes) for hashes in found])
        places = self.index.find(np.concatenate(found))
        hits = places >= 0
        self.seen[places[hits]] = True
        for number in np.unique(owner[hits]).tolist():
            self.sharing[config] += 1
            self._compare(config, rows[number], np.unique(places[hits & (owner == number)]))

    def _compare(self, config: str, row: Mapping[str, Any], runs: np.ndarray[Any, Any]) -> None:
        shared = Counter(s for run in runs.tolist() for s in self.index.samples_with(run).tolist())
        for sample, count in shared.items():
            best = self.nearest.get(sample)
            if best is None or count > best.runs:
                self.nearest[sample] = NearestRow(row["id"], config, count)
