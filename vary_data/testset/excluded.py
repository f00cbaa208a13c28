"""Finds the documents and texts of candidates that the datasets to exclude contain."""

from __future__ import annotations

from collections.abc import Sequence

from vary_data.dataset.reader import Dataset
from vary_data.quality.contamination import Scan, TestIndex
from vary_data.quality.contamination.scan import BATCH_ROWS, SCAN_COLUMNS
from vary_data.quality.progress import ProgressCallback
from vary_data.testset.choice import Candidate


class Excluded:
    """Datasets that must not share documents or texts with the test set."""

    def __init__(
        self, datasets: Sequence[Dataset], max_overlap: float, progress: ProgressCallback
    ) -> None:
        self.datasets = datasets
        self.known = frozenset(_documents(datasets))
        self._max_overlap = max_overlap
        self._progress = progress
        self._overlap: dict[str, float] = {}

    def blocked(self, candidates: Sequence[Candidate]) -> set[str]:
        """The ids of candidates whose overlap with the datasets is too large.

        Each call reads every dataset once, if there are new candidates.
        """
        new = [c for c in candidates if c.id not in self._overlap]
        if new and self.datasets:
            self._look_up(new)
        return {c.id for c in candidates if self._overlap.get(c.id, 0.0) >= self._max_overlap}

    def _look_up(self, candidates: Sequence[Candidate]) -> None:
        index = TestIndex.of((c.folder, _row(c)) for c in candidates)
        scan = Scan(index)
        pairs = [(c, s) for d in self.datasets for c in d.configs for s in c.shards if s.finished]
        total = sum(config.count(shard) for config, shard in pairs)
        for config, shard in pairs:
            for batch in config.batches(shard, SCAN_COLUMNS, BATCH_ROWS):
                scan.add(config.name, batch)
                self._progress(scan.rows.total(), total)
        for number, candidate in enumerate(candidates):
            covered = number in scan.nearest and index.covered(number, scan.seen).mean()
            self._overlap[candidate.id] = float(covered)


def _documents(datasets: Sequence[Dataset]) -> set[str]:
    return {
        row["doc_id"]
        for dataset in datasets
        for config in dataset.configs
        for row in config.rows(["doc_id"])
    }


def _row(candidate: Candidate) -> dict[str, str]:
    names = ("id", "lang", "doc_id", "text", "format")
    return {name: getattr(candidate, name) for name in names}
