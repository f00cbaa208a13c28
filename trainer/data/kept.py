"""The keep-list of a dataset: rows that `vary-data dedup` left out are not trained on.

It stands in `.vary/keep.json` beside the folder of the Parquet files; docs/publishing.md describes
it. Data from the hub has none: what was left out was not published.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from trainer.errors import DataError


def left_out(file: Path, rows: int) -> list[int]:
    """The sorted numbers of the rows of a Parquet file with `rows` rows that are not trained on.

    Raises `DataError` where the list cannot be read or speaks of other data.
    """
    if file.parent.name != "data":
        return []
    listed = _shards(file.parent.parent / ".vary" / "keep.json").get(file.name)
    if listed is None:
        return []
    if listed["rows"] != rows:
        raise DataError(
            f"the keep-list of {file} was made for {listed['rows']} rows, there are {rows}",
            "make it again with `vary-data dedup`",
        )
    return sorted(listed["left_out"])


@lru_cache(maxsize=8)
def _shards(path: Path) -> dict[str, dict[str, Any]]:
    if not path.exists():
        return {}
    try:
        return dict(json.loads(path.read_text(encoding="utf-8"))["shards"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(f"{path} is not a keep-list ({error})", "delete it") from error
