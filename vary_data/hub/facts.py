"""The numbers for the dataset card, from one pass over the small columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow.parquet as pq

from vary_data.base.errors import SourceError
from vary_data.dataset.reader import DatasetConfig
from vary_data.dataset.row_kinds import RowKind

COLUMNS = ("kind", "format", "lang", "source", "license", "renderer")
BATCH_ROWS = 512


@dataclass(frozen=True, slots=True)
class SourceCount:
    """The number of rows of a configuration with one source and license."""

    config: str
    source: str
    license: str
    rows: int


@dataclass(frozen=True, slots=True)
class ConfigFacts:
    """The numbers of one configuration.

    `splits` maps a split to its kept rows, `bytes` to the uncompressed size of its shards;
    `left_out` counts the rows that are not kept. `kinds`, `langs`, `renderers` map a column's
    values to rows.
    """

    config: DatasetConfig
    splits: Mapping[str, int]
    bytes: Mapping[str, int]
    left_out: int
    rejected: int
    kinds: Mapping[str, int]
    langs: Mapping[str, int]
    renderers: Mapping[str, int]

    @property
    def name(self) -> str:
        return self.config.name

    @property
    def rows(self) -> int:
        """Kept rows of all splits."""
        return sum(self.splits.values())


@dataclass(frozen=True, slots=True)
class Facts:
    """All configurations, and the sources of their rows (most rows first)."""

    configs: tuple[ConfigFacts, ...]
    origins: tuple[SourceCount, ...]

    @property
    def rows(self) -> int:
        """Kept rows of all configurations."""
        return sum(config.rows for config in self.configs)

    def values(self, column: str) -> list[str]:
        """The values of `kinds`, `langs` or `renderers` over all configurations, sorted."""
        return sorted({value for config in self.configs for value in getattr(config, column)})

    @property
    def row_kinds(self) -> list[RowKind]:
        """The kinds of the rows by name, as the configurations describe them."""
        found = {
            name: config.config.row_kinds.get(name)
            for config in self.configs
            for name in config.kinds
        }
        return [found[name] for name in sorted(found)]

    def licenses(self) -> dict[str, int]:
        """Rows by license, most rows first."""
        counts: Counter[str] = Counter()
        for origin in self.origins:
            counts[origin.license] += origin.rows
        return dict(counts.most_common())


def gather(configs: Sequence[DatasetConfig]) -> Facts:
    """Count the kept rows of configurations; memory is proportional to the number of sources.

    Raises:
        SourceError: a configuration is not finished, or has no rows.
    """
    origins: Counter[tuple[str, str, str]] = Counter()
    facts = [_config(config, origins) for config in configs]
    ranked = sorted(origins.items(), key=lambda item: (-item[1], item[0]))
    return Facts(tuple(facts), tuple(SourceCount(*key, rows) for key, rows in ranked))


def _config(config: DatasetConfig, origins: Counter[tuple[str, str, str]]) -> ConfigFacts:
    finished = sum(shard.finished for shard in config.shards)
    if finished < len(config.shards):
        raise SourceError(
            f"{config.name} is not finished: {finished} of {len(config.shards)} shards",
            "run its command again, or select the other configurations with --name",
        )
    splits: Counter[str] = Counter()
    sizes: Counter[str] = Counter()
    counts: dict[str, Counter[str]] = {name: Counter() for name in ("kind", "lang", "renderer")}
    for shard in config.shards:
        metadata = pq.read_metadata(shard.path)
        groups = (metadata.row_group(i) for i in range(metadata.num_row_groups))
        sizes[shard.split] += sum(group.total_byte_size for group in groups)
        for batch in config.batches(shard, COLUMNS, BATCH_ROWS):
            splits[shard.split] += batch.num_rows
            rows: dict[str, list[Any]] = batch.to_pydict()
            for name, counter in counts.items():
                counter.update(rows[name])
            pairs = zip(rows["source"], rows["license"], strict=True)
            origins.update((config.name, source, name or "unknown") for source, name in pairs)
    if not splits.total():
        raise SourceError(f"{config.name} has no rows", "`vary-data stats` shows the reasons")
    return ConfigFacts(
        config=config,
        splits={split: splits[split] for split in config.splits},
        bytes={split: sizes[split] for split in config.splits},
        left_out=config.keep_list.dropped_count,
        rejected=sum(report["failed_tasks"] for report in config.reports()),
        kinds=dict(counts["kind"].most_common()),
        langs=dict(counts["lang"].most_common()),
        renderers=dict(counts["renderer"].most_common()),
    )
