"""The format of TRL for vision-language models: Parquet with `images` (a list) and `messages`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from vary_data.dataset.schema import COLUMNS, IMAGE
from vary_data.export.format import ExportedRow, ExportFormat

ROWS_PER_GROUP = 100
MAX_BYTES_PER_FILE = 500_000_000
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


def write_split(split: str, rows: Iterable[ExportedRow], folder: Path) -> None:
    """Write `data/<split>-00000-of-00001.parquet`, …, each with up to 500 MB of pictures."""
    data = folder / "data"
    data.mkdir(exist_ok=True)
    files: list[Path] = []
    size = MAX_BYTES_PER_FILE
    writer = None
    group: list[dict[str, Any]] = []
    try:
        for item in rows:
            if size >= MAX_BYTES_PER_FILE:
                _close(writer, group)
                files.append(data / f"{split}-{len(files):05d}")
                writer = pq.ParquetWriter(files[-1], SCHEMA, compression="zstd")
                size, group = 0, []
            image = {"bytes": item.picture.data, "path": item.picture.file}
            messages = item.row["messages"]
            group.append({"id": item.row["id"], "images": [image], "messages": messages})
            size += len(item.picture.data)
            if writer and len(group) == ROWS_PER_GROUP:
                writer.write_table(pa.Table.from_pylist(group, SCHEMA))
                group = []
    finally:
        _close(writer, group)
    # How many there are is known only now.
    for file in files:
        file.rename(f"{file}-of-{len(files):05d}.parquet")


def _close(writer: pq.ParquetWriter | None, group: list[dict[str, Any]]) -> None:
    if writer is not None:
        if group:
            writer.write_table(pa.Table.from_pylist(group, SCHEMA))
        writer.close()


FORMAT = ExportFormat(write_split, plain_conversations=True)
