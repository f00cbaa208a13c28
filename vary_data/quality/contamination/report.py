"""Reports how much of a test set a dataset contains, by sample and by configuration."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

from vary_data.dataset.reader import Dataset
from vary_data.quality.contamination.index import MIN_COMPARED_TOKENS, RUN_TOKENS, TestIndex
from vary_data.quality.contamination.scan import BATCH_ROWS, SCAN_COLUMNS, Scan
from vary_data.quality.progress import ProgressCallback
from vary_data.quality.wording import is_wide, tokens, wording

CLEAN_BELOW, DIRTY_FROM = 0.2, 0.8
"""Shares of a sample's tokens: below the first it is clean, from the second on dirty, as in
Llama 2 (arXiv 2307.09288, appendix A.6)."""
EXAMPLE_TOKENS = 20
"""Length of an example."""
INDEX_COLUMNS = ("id", "lang", "doc_id", "text", "messages", "format")


@dataclass(frozen=True, slots=True)
class SeenSample:
    """A test sample of which the dataset contains at least one run.

    `share` of its tokens are in runs of the dataset. `nearest` is the row that shares most runs
    with it, `nearest_share` of its distinct runs. `example` is the start of the longest sequence
    of tokens that was seen.
    """

    id: str
    config: str
    share: float
    nearest: str
    nearest_config: str
    nearest_share: float
    example: str


@dataclass(frozen=True, slots=True)
class ConfigOverlap:
    """The counts of a configuration of the test set.

    `compared` samples were long enough. `any` of them have a run in the dataset; `touched` and
    `mostly` have at least 20 % and 80 % of their tokens in such runs.
    """

    samples: int
    compared: int
    any: int
    touched: int
    mostly: int


@dataclass(frozen=True, slots=True)
class ContaminationReport:
    """The result of `compare`.

    `dataset` has, for each configuration, the number of rows and of rows that share a run with
    the test set. `documents` are the documents that are in both.
    """

    n: int
    groups: dict[str, ConfigOverlap]
    dataset: dict[str, tuple[int, int]]
    documents: tuple[str, ...]
    seen: tuple[SeenSample, ...]

    @property
    def share(self) -> float:
        """The share of the compared samples with at least 20 % of their tokens in the dataset."""
        compared = sum(group.compared for group in self.groups.values())
        return sum(g.touched for g in self.groups.values()) / compared if compared else 0.0

    def to_dict(self, worst: int | None = None) -> dict[str, Any]:
        """Plain data for JSON, with all seen samples or only the `worst` ones."""
        return {
            "run": self.n,
            "share": round(self.share, 6),
            "groups": {name: asdict(group) for name, group in self.groups.items()},
            "dataset": {
                name: {"rows": rows, "sharing": sharing}
                for name, (rows, sharing) in self.dataset.items()
            },
            "documents": list(self.documents),
            "samples": [asdict(seen) for seen in self.seen[:worst]],
        }


def compare(
    dataset: Dataset,
    test: Dataset,
    n: int = RUN_TOKENS,
    splits: Sequence[str] = (),
    progress: ProgressCallback = lambda done, total: None,
) -> ContaminationReport:
    """Compare every kept row of `dataset` (of all splits, or of `splits`) with `test`.

    The test set is in memory; the dataset is read once, in batches.
    """
    index = TestIndex.of(_rows(test), n)
    scan = Scan(index)
    shards = [
        (config, shard)
        for config in dataset.configs
        for shard in config.shards
        if shard.finished and (not splits or shard.split in splits)
    ]
    total = sum(config.count(shard) for config, shard in shards)
    for config, shard in shards:
        for batch in config.batches(shard, SCAN_COLUMNS, BATCH_ROWS):
            scan.add(config.name, batch)
            progress(scan.rows.total(), total)
    seen = sorted(_seen(scan, test), key=lambda item: (-item.share, item.config, item.id))
    return ContaminationReport(
        n=n,
        groups=_groups(index, {(item.config, item.id): item.share for item in seen}),
        dataset={name: (rows, scan.sharing[name]) for name, rows in sorted(scan.rows.items())},
        documents=tuple(sorted(scan.documents)),
        seen=tuple(seen),
    )


def _rows(test: Dataset) -> Iterator[tuple[str, dict[str, Any]]]:
    return ((config.name, row) for config in test.configs for row in config.rows(INDEX_COLUMNS))


def _seen(scan: Scan, test: Dataset) -> Iterator[SeenSample]:
    """Reads the test set again, because the index does not contain the words."""
    for number, (config, row) in enumerate(_rows(test)):
        nearest = scan.nearest.get(number)
        if nearest is None:
            continue
        covered = scan.index.covered(number, scan.seen)
        part = nearest.runs / scan.index.different(number)
        yield SeenSample(
            id=row["id"],
            config=config,
            share=round(float(covered.mean()), 4),
            nearest=nearest.id,
            nearest_config=nearest.config,
            nearest_share=round(part, 4),
            example=_example(tokens(wording(row)), covered.tolist()),
        )


def _example(words: Sequence[str], covered: Sequence[bool]) -> str:
    """The first words of the longest sequence of covered words."""
    best, start = (0, 0), 0
    for covers, group in groupby(covered):
        length = len(list(group))
        if covers and length > best[1] - best[0]:
            best = (start, start + length)
        start += length
    shown = words[best[0] : min(best[1], best[0] + EXAMPLE_TOKENS)]
    text = "".join(word if is_wide(word) else f" {word} " for word in shown)
    return " ".join(text.split())


def _groups(index: TestIndex, shares: dict[tuple[str, str], float]) -> dict[str, ConfigOverlap]:
    counts: dict[str, list[int]] = {}
    for sample in index.samples:
        config_counts = counts.setdefault(sample.config, [0, 0, 0, 0, 0])
        share = shares.get((sample.config, sample.id))
        facts = (
            True,
            sample.tokens >= MIN_COMPARED_TOKENS,
            share is not None,
            share is not None and share >= CLEAN_BELOW,
            share is not None and share >= DIRTY_FROM,
        )
        for i, fact in enumerate(facts):
            config_counts[i] += fact
    return {name: ConfigOverlap(*values) for name, values in sorted(counts.items())}
