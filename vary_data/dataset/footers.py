"""The engine's key-values in the footers of Parquet shards."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from vary_data.base.storage import Location, each, parquet_metadata


def footers(paths: Sequence[Location]) -> list[dict[str, str]]:
    """The engine's key-values of many shards; at a URL, missing files are skipped by a listing."""
    if not paths or isinstance(paths[0], Path):
        return [footer(path) for path in paths]
    folders = {path.parent for path in paths}
    listed = {path for folder in folders for path in folder.glob("*")}
    known = [path for path in paths if path in listed]
    found = dict(zip(known, each(footer, known, remote=True), strict=True))
    return [found.get(path, {}) for path in paths]


def footer(path: Location) -> dict[str, str]:
    """The engine's key-values in a shard's footer; empty if the file is missing or damaged."""
    try:
        stored = parquet_metadata(path).metadata or {}
    except (FileNotFoundError, NotADirectoryError, pa.ArrowInvalid):
        return {}
    except OSError:
        if not isinstance(path, Path):
            raise
        return {}
    return {
        key.decode(errors="replace"): value.decode(errors="replace")
        for key, value in stored.items()
        if key.startswith(b"vary.")
    }
