"""Runs the checks: the fast ones here, the deep ones on all cores, row group by row group."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from vary_data.base.storage import Location, parquet_metadata
from vary_data.engine.pool import Failure, SupervisedPool
from vary_data.quality.validate.files import ShardFile, check_folder, folders
from vary_data.quality.validate.ids import check_ids
from vary_data.quality.validate.keep_list import check_keep_list
from vary_data.quality.validate.redraw import check_redrawn
from vary_data.quality.validate.report import Findings, Problem, Report
from vary_data.quality.validate.rows import check_group

PIECE_SECONDS = 600.0
"""Deadline for checking one row group: a hundred pages take a few seconds."""

Progress = Callable[[int, int], None]
"""Called with the rows checked so far and their total."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One row group to check; `first_row` is the number of its first row in the file."""

    shard: ShardFile
    group: int
    first_row: int
    rows: int


def validate(
    out: Location,
    *,
    deep: bool = False,
    jobs: int | None = None,
    replays: int = 4,
    limit: int = 20,
    progress: Progress = lambda done, total: None,
) -> Report:
    """Check the dataset in `out`: a repository or one configuration's folder.

    With `deep`, every row is checked on `jobs` processes (default: all cores), and `replays`
    samples of each configuration are drawn again and compared. At most `limit` problems of each
    check are listed; all are counted.

    Raises:
        SourceError: `out` holds no dataset.
    """
    found = Findings(limit)
    shards: list[ShardFile] = []
    configurations = folders(out)
    for folder in configurations:
        found.extend(check_folder(folder, shards))
    problems, notes = check_ids(shards)
    found.extend(problems)
    for folder in configurations:
        problems, note = check_keep_list(folder, shards)
        found.extend(problems)
        notes += [note] if note else []
    replayed = 0
    if deep:
        jobs = jobs or len(os.sched_getaffinity(0))
        _check_rows(list(_pieces(shards)), jobs, found, progress)
        for folder in configurations:
            own = [shard for shard in shards if shard.config == folder.name]
            count, problems, note = check_redrawn(folder.path, own, replays, jobs)
            replayed += count
            found.extend(problems)
            notes += [note] if note else []
        notes += [
            f"{rows:,} rows are of the kind {kind!r}, which the dataset does not describe"
            for kind, rows in sorted(found.unknown_kinds.items())
        ]
    return Report(
        configurations=len(configurations),
        files=len(shards),
        rows=sum(shard.rows for shard in shards),
        deep=deep,
        replayed=replayed,
        counts=dict(sorted(found.counts.items())),
        problems=tuple(found.problems),
        notes=tuple(notes),
    )


def open_checker() -> Checker:
    """What a worker of the pool opens."""
    return Checker()


class Checker:
    """Checks pieces in a worker process: a picture that kills its decoder costs no more."""

    def __call__(self, job: tuple[Piece, int]) -> bytes:
        piece, limit = job
        shard = piece.shard
        found = check_group(shard.path, shard.name, piece.group, piece.first_row, limit)
        return pickle.dumps(found)

    def close(self) -> None:
        pass


def _pieces(shards: Sequence[ShardFile]) -> Iterator[Piece]:
    for shard in shards:
        metadata = parquet_metadata(shard.path)
        first = 0
        for group in range(metadata.num_row_groups):
            rows = metadata.row_group(group).num_rows
            yield Piece(shard, group, first, rows)
            first += rows


def _check_rows(pieces: Sequence[Piece], jobs: int, found: Findings, progress: Progress) -> None:
    total, done = sum(piece.rows for piece in pieces), 0
    with SupervisedPool(open_checker, max(1, min(jobs, len(pieces))), PIECE_SECONDS) as pool:
        results = pool.run((piece, found.limit) for piece in pieces)
        for piece, result in zip(pieces, results, strict=True):
            if isinstance(result, Failure):
                what = f"checking row group {piece.group} ended in {result.reason}: {result.detail}"
                found.add(Problem("crash", what, piece.shard.name, piece.first_row))
            else:
                found.merge(pickle.loads(result))
            done += piece.rows
            progress(done, total)
