"""The format of TRL for vision-language models: Parquet with `images` (a list) and `messages`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from vary_data.dataset.schema import COLUMNS, IMAGE
from vary_data.export.pictures import exported_picture

ROWS_PER_GROUP = 100
_FEATURES = {
    "id": {"dtype": "string", "_type": "Value"},
    "images": {"feature": {"_type": "Image"}, "_type": "List"},
    "messages": {
        "feature": {
            "role": {"dtype": "string", "_type": "Value"},
            "content": {
                "feature": {
                    "type": {"dtype": "string", "_type": "Value"},
                    "text": {"dtype": "string", "_type": "Value"},
                },
                "_type": "List",
            },
        },
        "_type": "List",
    },
}
SCHEMA = pa.schema(
    [("id", pa.string()), ("images", pa.list_(IMAGE)), ("messages", COLUMNS["messages"])],
    metadata={"huggingface": json.dumps({"info": {"features": _FEATURES}})},
)


def write(rows: Iterable[Mapping[str, Any]], folder: Path) -> int:
    """Write `data/train-00000-of-00001.parquet`, and return the number of rows."""
    path = folder / "data" / "train-00000-of-00001.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = folder / ".train.incomplete"
    count = 0
    group: list[dict[str, Any]] = []
    with pq.ParquetWriter(temporary, SCHEMA, compression="zstd") as writer:
        for row in rows:
            picture = exported_picture(count, row)
            image = {"bytes": picture.data, "path": picture.file}
            group.append({"id": row["id"], "images": [image], "messages": row["messages"]})
            count += 1
            if len(group) == ROWS_PER_GROUP:
                writer.write_table(pa.Table.from_pylist(group, SCHEMA))
                group = []
        if group:
            writer.write_table(pa.Table.from_pylist(group, SCHEMA))
    temporary.replace(path)
    return count
