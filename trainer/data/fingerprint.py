"""Fingerprints of training data, from names, sizes and footers, without reading the rows."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from trainer.data.catalog import TrainingSource
from trainer.errors import DataError
from vary_data.base.remote_path import RemotePath
from vary_data.base.storage import Location

END_BYTES = 4096
"""The end of a Parquet file that is hashed: its footer has the place and size of every column of
every row group, so that other pictures and texts change it."""


def fingerprints(catalog: Sequence[TrainingSource]) -> dict[str, dict[str, Any]]:
    """For each configuration its rows and a hash; where the files are has no influence.

    Raises:
        DataError: A file cannot be read.
    """
    return {source.name: {"rows": source.rows, "hash": _hash(source)} for source in catalog}


def _hash(source: TrainingSource) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for file in dict.fromkeys(group.file for group in source.groups):
        digest.update(f"{file.name} ".encode() + _end(file))
    for group, rows in source.epoch_rows():
        chosen = None if isinstance(rows, range) else list(rows)
        digest.update(repr((group.file.name, group.index, group.kept, chosen)).encode())
        if group.target is not None:
            digest.update(repr(group.target).encode())
    return digest.hexdigest()


def _end(file: Location) -> bytes:
    """The size and the last bytes of a file."""
    try:
        if isinstance(file, RemotePath):
            return str(file.size()).encode() + file.tail(END_BYTES)
        size = file.stat().st_size
        with file.open("rb") as data:
            data.seek(max(0, size - END_BYTES))
            return str(size).encode() + data.read()
    except OSError as error:
        raise DataError(f"{file} cannot be read ({error.strerror})") from error
