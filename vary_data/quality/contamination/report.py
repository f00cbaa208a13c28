"""How much of a test set a dataset has, sample by sample and by configuration."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

from vary_data.dataset.reader import Dataset
from vary_data.quality.contamination.index import RUN, SHORTEST, TestIndex
from vary_data.quality.contamination.scan import BATCH, NEEDED, Scan
from vary_data.quality.wording import is_wide, tokens, wording

TOUCHED, MOSTLY = 0.2, 0.8
"""Shares of a sample's tokens: below the first it is clean, from the second on it is dirty, as in
Llama 2 (arXiv 2307.09288, appendix A.6)."""
EXAMPLE = 20
"""Words of an example."""
INDEXED = ("id", "lang", "doc_id", "text", "messages", "format")

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Seen:
    """A test sample of which something was seen. `share` of its tokens lie in runs that stand
    somewhere in the dataset; `nearest` is the row that shares most of them, `nearest_share` of
    its different runs. `example` is the beginning of the longest stretch that was seen."""

    id: str
    config: str
    share: float
    nearest: str
    nearest_config: str
    nearest_share: float
    example: str


@dataclass(frozen=True, slots=True)
class Group:
    """A configuration of the test set. `compared` samples were long enough; `any`, `touched` and
    `mostly` count those with some run seen, with 20 % and with 80 % of their tokens in such."""

    samples: int
    compared: int
    any: int
    touched: int
    mostly: int


@dataclass(frozen=True, slots=True)
class Report:
    """`dataset` gives, by configuration, rows looked at and rows that share a run with the test
    set. `documents` are the test set's documents that the dataset has, too."""

    n: int
    groups: dict[str, Group]
    dataset: dict[str, tuple[int, int]]
    documents: tuple[str, ...]
    seen: tuple[Seen, ...]

    @property
    def share(self) -> float:
        """Of the compared samples, the share with 20 % of their tokens seen."""
        compared = sum(group.compared for group in self.groups.values())
        return sum(g.touched for g in self.groups.values()) / compared if compared else 0.0

    def to_dict(self, worst: int | None = None) -> dict[str, Any]:
        """Plain data, with the `worst` samples or all of which something was seen."""
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
    n: int = RUN,
    splits: Sequence[str] = (),
    progress: Progress = lambda done, total: None,
) -> Report:
    """Look up every kept row of `dataset` (of some splits) in an index of `test`.

    The test set is held in memory, the dataset is read once and never held.
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
        for batch in config.batches(shard, NEEDED, BATCH):
            scan.add(config.name, batch)
            progress(scan.rows.total(), total)
    seen = sorted(_seen(scan, test), key=lambda item: (-item.share, item.config, item.id))
    return Report(
        n=n,
        groups=_groups(index, {(item.config, item.id): item.share for item in seen}),
        dataset={name: (rows, scan.sharing[name]) for name, rows in sorted(scan.rows.items())},
        documents=tuple(sorted(scan.documents)),
        seen=tuple(seen),
    )


def _rows(test: Dataset) -> Iterator[tuple[str, dict[str, Any]]]:
    return ((config.name, row) for config in test.configs for row in config.rows(INDEXED))


def _seen(scan: Scan, test: Dataset) -> Iterator[Seen]:
    """Reads the test set once more: the index holds no words."""
    for number, (config, row) in enumerate(_rows(test)):
        nearest = scan.nearest.get(number)
        if nearest is None:
            continue
        covered = scan.index.covered(number, scan.seen)
        part = nearest.runs / scan.index.different(number)
        yield Seen(
            id=row["id"],
            config=config,
            share=round(float(covered.mean()), 4),
            nearest=nearest.id,
            nearest_config=nearest.config,
            nearest_share=round(part, 4),
            example=_example(tokens(wording(row)), covered.tolist()),
        )


def _example(words: Sequence[str], covered: Sequence[bool]) -> str:
    """The first words of the longest stretch of covered ones."""
    best, start = (0, 0), 0
    for covers, group in groupby(covered):
        length = len(list(group))
        if covers and length > best[1] - best[0]:
            best = (start, start + length)
        start += length
    shown = words[best[0] : min(best[1], best[0] + EXAMPLE)]
    text = "".join(word if is_wide(word) else f" {word} " for word in shown)
    return " ".join(text.split())


def _groups(index: TestIndex, shares: dict[tuple[str, str], float]) -> dict[str, Group]:
    counts: dict[str, list[int]] = {}
    for sample in index.samples:
        own = counts.setdefault(sample.config, [0, 0, 0, 0, 0])
        share = shares.get((sample.config, sample.id))
        facts = (
            True,
            sample.tokens >= SHORTEST,
            share is not None,
            share is not None and share >= TOUCHED,
            share is not None and share >= MOSTLY,
        )
        for i, fact in enumerate(facts):
            own[i] += fact
    return {name: Group(*own) for name, own in sorted(counts.items())}
