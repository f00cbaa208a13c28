"""Checks that some samples of each configuration are equal when drawn again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow.parquet as pq

from vary_data.base.errors import VaryError
from vary_data.base.seed import TaskSeed
from vary_data.base.storage import Location, parquet
from vary_data.dataset.reader import DatasetConfig
from vary_data.dataset.schema import VERSION
from vary_data.quality.replay import Redrawn, changed_versions, redraw
from vary_data.quality.validate.files import ShardFile
from vary_data.quality.validate.report import Problem


def check_redrawn(
    folder: Location, shards: Sequence[ShardFile], count: int, jobs: int
) -> tuple[int, list[Problem], str]:
    """Draw `count` samples of the configuration in `folder` again.

    Returns the number of drawn samples, the problems, and a note if this machine cannot draw
    them (missing sources or tools), which is not a problem of the dataset.
    """
    configuration = DatasetConfig(folder)
    if any(shard.schema < VERSION for shard in shards):
        return 0, [], f"{configuration.name}: rows of schema 1 are not drawn again"
    places = _pick(shards, count, configuration.name)
    if not places:
        return 0, [], ""
    rows = [_read(shard, row) for shard, row in places]
    try:
        redrawn = list(redraw(configuration, rows, jobs))
    except VaryError as error:
        return 0, [], f"{configuration.name}: nothing was drawn again: {error}"
    problems = [
        Problem("replay", _what(outcome, configuration), shard.name, row, outcome.stored["id"])
        for (shard, row), outcome in zip(places, redrawn, strict=True)
        if not outcome.agrees
    ]
    return len(redrawn), problems, ""


def _pick(shards: Sequence[ShardFile], count: int, name: str) -> list[tuple[ShardFile, int]]:
    """Rows spread over the configuration; always the same ones."""
    total = sum(shard.rows for shard in shards)
    generator = TaskSeed.of(0, "validate", name).generator()
    chosen = sorted(generator.choice(total, min(count, total), replace=False).tolist())
    return [_place(shards, number) for number in chosen]


def _place(shards: Sequence[ShardFile], number: int) -> tuple[ShardFile, int]:
    for shard in shards:
        if number < shard.rows:
            return shard, number
        number -= shard.rows
    raise IndexError(number)


def _read(shard: ShardFile, row: int) -> dict[str, Any]:
    with parquet(shard.path) as file:
        for table in _groups(file):
            if row < table.num_rows:
                return dict(table.slice(row, 1).to_pylist()[0])
            row -= table.num_rows
    raise IndexError(row)


def _groups(file: pq.ParquetFile) -> Iterator[Any]:
    for group in range(file.num_row_groups):
        yield file.read_row_group(group)


def _what(outcome: Redrawn, configuration: DatasetConfig) -> str:
    what = outcome.disagreement()
    if outcome.drawn is not None:
        what = f"drawn again, it differs in {what}"
    changed = changed_versions(configuration)
    return f"{what} ({changed})" if changed else what
