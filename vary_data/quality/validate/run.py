"""Runs the checks: fast ones in this process, deep ones on all cores, by row group."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from vary_data.base.cores import available_cores
from vary_data.base.errors import SourceError
from vary_data.base.storage import Location, parquet_metadata
from vary_data.dataset.reader import DatasetConfig
from vary_data.dataset.schema import VERSION
from vary_data.engine.failure import JobFailure
from vary_data.engine.pool import SupervisedPool
from vary_data.engine.provenance import version_notes
from vary_data.quality.progress import ProgressCallback
from vary_data.quality.validate.files import Folder, ShardFile, check_folder, folders
from vary_data.quality.validate.ids import check_ids
from vary_data.quality.validate.keep_list import check_keep_list
from vary_data.quality.validate.redraw import check_redrawn
from vary_data.quality.validate.report import Problem, ProblemCollector, ValidationReport
from vary_data.quality.validate.rows import check_group
from vary_data.quality.validate.second_reader import SecondReader, open_reader

ROW_GROUP_SECONDS = 600.0
"""Deadline for checking one row group: a hundred pages take a few seconds."""
READING_SECONDS = 3600.0
"""The same with a second reader, which takes seconds for a page."""


@dataclass(frozen=True, slots=True)
class CheckedRowGroup:
    """A row group to check; `first_row` is the number of its first row in the file."""

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
    reader: str | None = None,
    progress: ProgressCallback = lambda done, total: None,
) -> ValidationReport:
    """Check the dataset in `out`, or the configuration in this folder.

    With `deep`, every row is checked by `jobs` processes (default: all cores), and `replays`
    samples of each configuration are drawn again and compared. With `reader`, the name of an OCR
    engine, the pictures are also read by it. At most `limit` problems of each
    check are listed; all are counted.

    Raises:
        SourceError: `out` contains no dataset.
        UsageError: the reader is unknown or not installed.
    """
    if reader is not None:
        deep = True
        open_reader(reader)
    found = ProblemCollector(limit)
    shards: list[ShardFile] = []
    configurations = folders(out)
    for folder in configurations:
        found.extend(check_folder(folder, shards))
    problems, notes = check_ids(shards)
    if old := sum(shard.schema < VERSION for shard in shards):
        notes.append(f"{old:,} files have schema 1: their regions are no tree")
    notes += [note for folder in configurations for note in _version_notes(folder)]
    found.extend(problems)
    for folder in configurations:
        problems, note = check_keep_list(folder, shards)
        found.extend(problems)
        notes += [note] if note else []
    replayed = 0
    if deep:
        jobs = jobs or available_cores()
        _check_rows(list(_row_groups(shards)), jobs, found, progress, reader)
        for folder in configurations:
            config_shards = [shard for shard in shards if shard.config == folder.name]
            count, problems, note = check_redrawn(folder.path, config_shards, replays, jobs)
            replayed += count
            found.extend(problems)
            notes += [note] if note else []
        notes += [
            f"{rows:,} rows are of the kind {kind!r}, which the dataset does not describe"
            for kind, rows in sorted(found.unknown_kinds.items())
        ]
    agreements = found.agreements
    if agreements.rows:
        mean = agreements.total / agreements.rows
        low = ", ".join(f"{row} {share:.3f}" for share, row in agreements.lowest[:5])
        notes.append(
            f"{reader} reads {agreements.rows:,} rows: mean agreement {mean:.4f}; lowest: {low}"
        )
    return ValidationReport(
        configurations=len(configurations),
        files=len(shards),
        rows=sum(shard.rows for shard in shards),
        deep=deep,
        replayed=replayed,
        counts=dict(sorted(found.counts.items())),
        problems=tuple(found.problems),
        notes=tuple(notes),
        agreement=agreements.total / agreements.rows if agreements.rows else None,
        lowest=tuple(agreements.lowest),
    )


def _version_notes(folder: Folder) -> list[str]:
    """Notes if the shards of a configuration were, or will be, made with different versions."""
    try:
        return [f"{folder.name}: {note}" for note in version_notes(DatasetConfig(folder.path))]
    except SourceError:
        return []


def open_checker(reader: str | None = None) -> RowGroupChecker:
    """The opener of the pool's workers."""
    return RowGroupChecker(open_reader(reader) if reader else None)


class RowGroupChecker:
    """Checks row groups in a worker process, so that a crash of a decoder ends only the worker."""

    def __init__(self, reader: SecondReader | None) -> None:
        self.reader = reader

    def __call__(self, job: tuple[CheckedRowGroup, int]) -> bytes:
        piece, limit = job
        shard = piece.shard
        found = check_group(
            shard.path, shard.name, piece.group, piece.first_row, limit, self.reader
        )
        return pickle.dumps(found)

    def close(self) -> None:
        pass


def _row_groups(shards: Sequence[ShardFile]) -> Iterator[CheckedRowGroup]:
    for shard in shards:
        metadata = parquet_metadata(shard.path)
        first = 0
        for group in range(metadata.num_row_groups):
            rows = metadata.row_group(group).num_rows
            yield CheckedRowGroup(shard, group, first, rows)
            first += rows


def _check_rows(
    pieces: Sequence[CheckedRowGroup],
    jobs: int,
    found: ProblemCollector,
    progress: ProgressCallback,
    reader: str | None,
) -> None:
    total, done = sum(piece.rows for piece in pieces), 0
    workers, stores = max(1, min(jobs, len(pieces))), any(p.shard.remote for p in pieces)
    seconds = ROW_GROUP_SECONDS if reader is None else READING_SECONDS
    opener = partial(open_checker, reader)
    with SupervisedPool(opener, workers, seconds, stores) as pool:
        results = pool.run((piece, found.limit) for piece in pieces)
        for piece, result in zip(pieces, results, strict=True):
            if isinstance(result, JobFailure):
                what = f"checking row group {piece.group} ended in {result.reason}: {result.detail}"
                found.add(Problem("crash", what, piece.shard.name, piece.first_row))
            else:
                found.merge(pickle.loads(result))
            done += piece.rows
            progress(done, total)
