"""Chooses the samples of a preview: a few of each kind, without reading the whole dataset."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, zip_longest
from typing import Any

import numpy as np

from vary_data.base.seed import TaskSeed
from vary_data.base.storage import Location, parquet, parquet_metadata
from vary_data.dataset.reader import Dataset, DatasetConfig
from vary_data.dataset.schema import upgraded

GROUPING_COLUMNS = ("kind", "lang", "renderer", "meta")
MAX_ROW_GROUPS = 24
"""Limit of row groups that are read per configuration."""


@dataclass(frozen=True, slots=True)
class RowPlace:
    """The position of a row: configuration, split, file, row group, and row in the group."""

    config: str
    split: str
    path: Location
    group: int
    row: int


def choose(dataset: Dataset, count: int, seed: int) -> list[RowPlace]:
    """Up to `count` rows, alternating between configurations and, in each, between kinds, types
    and languages."""
    per_config = [
        _round_robin(configuration, count, TaskSeed.of(seed, "preview", configuration.name))
        for configuration in dataset.configs
    ]
    turns = (place for turn in zip_longest(*per_config) for place in turn if place is not None)
    return [place for place, _ in zip(turns, range(count), strict=False)]


def read(places: Sequence[RowPlace]) -> Iterator[tuple[RowPlace, dict[str, Any]]]:
    """The chosen rows; each row group is read once."""
    by_group: dict[tuple[Location, int], list[RowPlace]] = {}
    for place in places:
        by_group.setdefault((place.path, place.group), []).append(place)
    rows: dict[RowPlace, dict[str, Any]] = {}
    for (path, group), members in by_group.items():
        with parquet(path) as file:
            table = file.read_row_group(group)
            for place in members:
                rows[place] = upgraded(table.slice(place.row, 1)).to_pylist()[0]
    for place in places:
        yield place, rows[place]


def chart_type(meta: str | None) -> str:
    """The key `type` of a row's meta; empty if there is none."""
    try:
        return str(json.loads(meta or "{}").get("type") or "")
    except (ValueError, AttributeError):
        return ""


def _round_robin(configuration: DatasetConfig, count: int, seed: TaskSeed) -> list[RowPlace]:
    rng = seed.generator()
    buckets: dict[tuple[str, ...], list[RowPlace]] = {}
    for place, row in _candidates(configuration, 4 * count, rng):
        bucket = (row["kind"], chart_type(row["meta"]), row["lang"], row["renderer"])
        buckets.setdefault(bucket, []).append(place)
    ordered = [buckets[key] for key in sorted(buckets)]
    for places in ordered:
        rng.shuffle(places)
    rng.shuffle(ordered)
    return [place for turn in zip_longest(*ordered) for place in turn if place is not None]


def _candidates(
    configuration: DatasetConfig, enough: int, rng: np.random.Generator
) -> Iterator[tuple[RowPlace, dict[str, Any]]]:
    groups = [
        (shard, group, first)
        for shard in configuration.shards
        if shard.finished
        for group, first in enumerate(_first_rows(shard.path))
    ]
    seen = 0
    for i in rng.permutation(len(groups))[:MAX_ROW_GROUPS].tolist():
        if seen >= enough:
            return
        shard, group, first = groups[i]
        dropped = set(configuration.keep_list.dropped_rows(shard.path.name).tolist())
        with parquet(shard.path) as file:
            rows = file.read_row_group(group, columns=list(GROUPING_COLUMNS)).to_pylist()
        for number, row in enumerate(rows):
            if first + number not in dropped:
                yield RowPlace(configuration.name, shard.split, shard.path, group, number), row
                seen += 1


def _first_rows(path: Location) -> list[int]:
    """The number of the first row of every row group of a file."""
    metadata = parquet_metadata(path)
    sizes = (metadata.row_group(i).num_rows for i in range(metadata.num_row_groups))
    return list(accumulate(sizes, initial=0))[:-1]
