"""Collects statistics in one pass over the small columns of a dataset and its shard reports."""

from __future__ import annotations

import hashlib
from array import array
from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from vary_data.base.storage import size_of
from vary_data.dataset.reader import Dataset, DatasetConfig
from vary_data.quality.preview.choose import chart_type
from vary_data.quality.stats.characters import count
from vary_data.quality.stats.summary import (
    Characters,
    Distribution,
    Duplicates,
    GenerationSpeed,
    RejectionCount,
    Stats,
)

PLAIN = ("kind", "format", "lang", "renderer", "template")
COLUMNS = (*PLAIN, "text", "doc_id", "width", "height", "meta")
ORDER = ("config", "split", "kind", "type", "format", "lang", "renderer", "template")
LARGEST_GROUPS = 5
IDS_PER_GROUP = 5
DETAILS_PER_REASON = 8
"""Most frequent details listed for each reason of rejections."""
DETAIL_CHARACTERS = 60
"""Characters of a detail that are compared and listed."""
MAX_COUNTED_DETAILS = 5000


@dataclass(slots=True)
class _Totals:
    counts: dict[str, Counter[str]] = field(default_factory=lambda: {n: Counter() for n in ORDER})
    lengths: dict[str, array[int]] = field(default_factory=dict)
    widths: array[int] = field(default_factory=lambda: array("I"))
    heights: array[int] = field(default_factory=lambda: array("I"))
    texts: array[int] = field(default_factory=lambda: array("Q"))
    documents: array[int] = field(default_factory=lambda: array("Q"))
    characters: set[str] = field(default_factory=set)
    bytes: int = 0

    def add(self, batch: pa.RecordBatch, config: str, split: str) -> None:
        columns = batch.to_pydict()
        self.counts["config"][config] += batch.num_rows
        self.counts["split"][split] += batch.num_rows
        for name in PLAIN:
            self.counts[name].update(value for value in columns[name] if value)
        self.counts["type"].update(filter(None, map(chart_type, columns["meta"])))
        self.widths.extend(columns["width"])
        self.heights.extend(columns["height"])
        self.documents.extend(map(fingerprint, columns["doc_id"]))
        for kind, text in zip(columns["kind"], columns["text"], strict=True):
            if text:
                self.lengths.setdefault(kind, array("I")).append(len(text))
            self.texts.append(fingerprint(text) if text else 0)
            self.characters.update(text)


def collect(dataset: Dataset) -> Stats:
    """Count all kept rows of the finished shards; memory is about 30 bytes per row."""
    totals = _Totals()
    missing = {c.name: len(c.missing_shards()) for c in dataset.configs}
    for configuration in dataset.configs:
        for shard in configuration.shards:
            if shard.finished:
                totals.bytes += size_of(shard.path)
                for batch in configuration.batches(shard, COLUMNS, 512):
                    totals.add(batch, configuration.name, shard.split)
    widths, heights = np.asarray(totals.widths), np.asarray(totals.heights)
    return Stats(
        name=dataset.path.resolve().name,
        samples=len(totals.texts),
        left_out=sum(configuration.keep_list.dropped_count for configuration in dataset.configs),
        missing_shards={name: count for name, count in missing.items() if count},
        documents=len(np.unique(np.asarray(totals.documents))),
        bytes=totals.bytes,
        counts={name: dict(found.most_common()) for name, found in totals.counts.items()},
        text_length={
            kind: Distribution.of(np.asarray(values))
            for kind, values in sorted(totals.lengths.items())
        },
        width=Distribution.of(widths) if len(widths) else None,
        height=Distribution.of(heights) if len(heights) else None,
        sizes=len(np.unique(widths.astype(np.uint64) << np.uint64(32) | heights)),
        characters=count(totals.characters) if totals.characters else Characters(0, 0, 0, 0),
        duplicates=_duplicates(dataset, np.asarray(totals.texts)),
        rejections=_rejections(dataset),
        speed={c.name: _speed(c) for c in dataset.configs},
    )


def fingerprint(text: str) -> int:
    """A 64-bit hash of a text; among a hundred million texts a collision has odds of 1:3,700."""
    data = text.encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "big")


def _duplicates(dataset: Dataset, texts: np.ndarray[tuple[int], np.dtype[np.uint64]]) -> Duplicates:
    """Repeated texts; rows without a text (conversations) do not count as repeated."""
    values, counts = np.unique(texts[texts != 0], return_counts=True)
    repeated = counts > 1
    if not repeated.any():
        return Duplicates(0, 0)
    order = np.argsort(-counts, kind="stable")[:LARGEST_GROUPS]
    groups: dict[int, list[str]] = {int(values[i]): [] for i in order if repeated[i]}
    for configuration in dataset.configs:
        for row in configuration.rows(("id", "text")):
            group = groups.get(fingerprint(row["text"]))
            if group is not None and len(group) < IDS_PER_GROUP:
                group.append(row["id"])
    return Duplicates(
        rows=int((counts[repeated] - 1).sum()),
        groups=int(repeated.sum()),
        largest=tuple(tuple(ids) for ids in groups.values()),
    )


def _rejections(dataset: Dataset) -> tuple[RejectionCount, ...]:
    lost: Counter[str] = Counter()
    retried: Counter[str] = Counter()
    tasks: dict[str, set[tuple[str, str]]] = {}
    details: dict[str, Counter[str]] = {}
    for configuration in dataset.configs:
        for rejection in configuration.rejections():
            (retried if rejection.retried else lost)[rejection.reason] += 1
            tasks.setdefault(rejection.reason, set()).add((configuration.name, rejection.key))
            _count_detail(details.setdefault(rejection.reason, Counter()), rejection.detail)
    reasons = [
        RejectionCount(r, lost[r], retried[r], len(keys), _most_often(details[r]))
        for r, keys in tasks.items()
    ]
    return tuple(sorted(reasons, key=lambda r: (-r.lost, -r.retried, r.reason)))


def _count_detail(seen: Counter[str], detail: str) -> None:
    """Count the last part of a detail, after the location (`paper.tar.gz: text: \\foo`)."""
    what = detail.rpartition(": ")[2].strip()
    if what:
        seen[what[:DETAIL_CHARACTERS]] += 1
    if len(seen) > 2 * MAX_COUNTED_DETAILS:  # to limit memory, only frequent details are kept
        kept = seen.most_common(MAX_COUNTED_DETAILS)
        seen.clear()
        seen.update(dict(kept))


def _most_often(seen: Counter[str]) -> tuple[tuple[str, int], ...]:
    ranked = sorted(seen.items(), key=lambda item: (-item[1], item[0]))
    return tuple(ranked[:DETAILS_PER_REASON])


def _speed(configuration: DatasetConfig) -> GenerationSpeed:
    reports = list(configuration.reports())
    return GenerationSpeed(
        samples=sum(report["samples"] for report in reports),
        tasks=sum(report["tasks"] for report in reports),
        failed_tasks=sum(report.get("failed_tasks", 0) for report in reports),
        seconds=round(sum(report["seconds"] for report in reports), 3),
    )
