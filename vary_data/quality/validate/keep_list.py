"""The keep-list, where there is one, fits the shards that it speaks of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vary_data.base.errors import SourceError
from vary_data.dataset import keep_list
from vary_data.dataset.reader import DatasetConfig
from vary_data.quality.validate.files import Folder, ShardFile
from vary_data.quality.validate.report import Problem


def check_keep_list(folder: Folder, shards: Sequence[ShardFile]) -> tuple[list[Problem], str]:
    """Problems, and a note that says how many rows are left out."""
    path = folder.path / ".vary" / keep_list.FILE
    if not path.exists():
        return [], ""
    name = folder.relative(path)
    try:
        found = DatasetConfig(folder.path).keep_list
    except SourceError as error:
        return [Problem("keep-list", str(error), name)], ""
    own = [shard for shard in shards if shard.config == folder.name]
    rows = sum(shard.rows for shard in own)
    note = f"{folder.name}: a keep-list leaves out {found.dropped_count:,} of {rows:,} rows"
    unknown = sum(shard.path.name not in found.shard_rows for shard in own)
    if unknown:
        note += f"; {unknown} shards were made after it"
    return list(_misfits(found, own, name)), note


def _misfits(
    found: keep_list.KeepList, shards: Sequence[ShardFile], name: str
) -> Iterator[Problem]:
    there = {shard.path.name: shard.rows for shard in shards}
    for shard, rows in found.shard_rows.items():
        if shard in there and there[shard] != rows:
            what = f"the list speaks of {rows} rows in {shard}, there are {there[shard]}"
            yield Problem("keep-list", what, name)
