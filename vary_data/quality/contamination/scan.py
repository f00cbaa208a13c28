"""Streams a dataset past the index of a test set."""

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

NEEDED = ("id", "doc_id", *COLUMNS)
BATCH = 256


@dataclass(frozen=True, slots=True)
class Nearest:
    """The row of the dataset that shares most runs with a test sample."""

    id: str
    config: str
    runs: int


class Scan:
    """What was seen of a test set so far. Holds the index and a few numbers per test sample,
    however large the dataset is."""

    def __init__(self, index: TestIndex) -> None:
        self.index = index
        self.seen = np.zeros(len(index.runs), bool)
        self.nearest: dict[int, Nearest] = {}
        self.documents: set[str] = set()
        self.rows: Counter[str] = Counter()
        """By configuration of the dataset: rows looked at."""
        self.sharing: Counter[str] = Counter()
        """By configuration of the dataset: rows that share a run with the test set."""
        self._known = {sample.doc_id for sample in index.samples}
        self._hasher = GramHasher(index.n)

    def add(self, config: str, batch: pa.RecordBatch) -> None:
        """Look at rows with the columns `NEEDED`."""
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
                self.nearest[sample] = Nearest(row["id"], config, count)
