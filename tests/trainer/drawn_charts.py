"""Small datasets in the layout that vary-data writes: charts drawn by PIL, with their truth."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image, ImageDraw

from vary_data.dataset.schema import COLUMNS, arrow_schema


def picture(text: str, size: int = 128) -> bytes:
    """A white square with text, as PNG."""
    image = Image.new("RGB", (size, size), "white")
    ImageDraw.Draw(image).multiline_text((6, 6), text, fill="black", font_size=24)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def message(role: str, text: str, image: bool = False) -> dict[str, Any]:
    parts = [{"type": "image", "text": None}] if image else []
    return {"role": role, "content": [*parts, {"type": "text", "text": text}]}


def row(name: str, text: str, kind: str = "chart", **fields: Any) -> dict[str, Any]:
    """A single-turn row; `fields` replace columns."""
    values: dict[str, Any] = dict.fromkeys(COLUMNS)
    values |= {
        "id": name,
        "image": {"bytes": picture(text), "path": f"{name}.png"},
        "text": text,
        "messages": [message("user", "Read it.", image=True), message("assistant", text)],
        "kind": kind,
        "format": "plain",
        "lang": "en",
        "regions": [],
        "width": 128,
        "height": 128,
    }
    return values | fields


def charts(count: int, seed: int = 0, prefix: str = "c") -> list[dict[str, Any]]:
    """Rows whose truth is two random digits."""
    rng = np.random.default_rng(seed)
    texts = ["".join(str(d) for d in rng.integers(0, 10, size=2)) for _ in range(count)]
    return [row(f"{prefix}{i}", text) for i, text in enumerate(texts)]


def write(
    folder: Path, configuration: str, rows: Sequence[dict[str, Any]], split: str = "train",
    group: int = 8, shards: int = 1,
) -> Path:  # fmt: skip
    """`folder/<configuration>/data/<split>-0000i-of-0000n.parquet`."""
    data = folder / configuration / "data"
    data.mkdir(parents=True, exist_ok=True)
    for i in range(shards):
        table = pa.Table.from_pylist(list(rows[i::shards]), schema=arrow_schema())
        name = f"{split}-{i:05d}-of-{shards:05d}.parquet"
        pq.write_table(table, data / name, row_group_size=group)
    return folder
