"""Checks that the keep-list of a configuration, if there is one, matches the shards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vary_data.base.errors import SourceError
from vary_data.dataset import keep_list
from vary_data.dataset.reader import DatasetConfig
from vary_data.quality.validate.files import Folder, ShardFile
from vary_data.quality.validate.report import Problem


def check_keep_list(folder: Folder, shards: Sequence[ShardFile]) -> tuple[list[Problem], str]:
    """Problems, and a note with the number of rows that are left out."""
    path = folder.path / ".vary" / keep_list.FILE
    if not path.exists():
        return [], ""
    name = folder.relative(path)
    try:
        found = DatasetConfig(folder.path).keep_list
    except SourceError as error:
        return [Problem("keep-list", str(error), name)], ""
    config_shards = [shard for shard in shards if shard.config == folder.name]
    rows = sum(shard.rows for shard in config_shards)
    note = f"{folder.name}: a keep-list leaves out {found.dropped_count:,} of {rows:,} rows"
    unknown = sum(shard.path.name not in found.shard_rows for shard in config_shards)
    if unknown:
        note += f"; {unknown} shards were made after it"
    return list(_mismatches(found, config_shards, name)), note


def _mismatches(
    found: keep_list.KeepList, shards: Sequence[ShardFile], name: str
) -> Iterator[Problem]:
    stored_rows = {shard.path.name: shard.rows for shard in shards}
    for shard, rows in found.shard_rows.items():
        if shard in stored_rows and stored_rows[shard] != rows:
            what = f"the list is for {rows} rows in {shard}, but there are {stored_rows[shard]}"
            yield Problem("keep-list", what, name)
