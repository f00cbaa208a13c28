"""The columns of a dataset: all that the engine and a trainer share.

The Arrow schema carries the `datasets` feature description in its metadata, so that
`load_dataset` gives typed columns (an `Image`, nested lists) with no script and no README.
"""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa

FORMATS = ("plain", "markdown", "mmd", "dict", "caption", "answer")
LANGUAGES = ("en", "zh")
LANGUAGE_NAMES = {"en": "English", "zh": "Chinese"}
ROLES = ("system", "user", "assistant")

REGION = pa.struct(
    [
        ("bbox", pa.list_(pa.float32())),
        ("text", pa.string()),
        ("role", pa.string()),
    ]
)
PART = pa.struct([("type", pa.string()), ("text", pa.string())])
MESSAGE = pa.struct([("role", pa.string()), ("content", pa.list_(PART))])
IMAGE = pa.struct([("bytes", pa.binary()), ("path", pa.string())])

COLUMNS: dict[str, pa.DataType] = {
    "id": pa.string(),
    "image": IMAGE,
    "text": pa.string(),
    "messages": pa.list_(MESSAGE),
    "kind": pa.string(),
    "format": pa.string(),
    "lang": pa.string(),
    "regions": pa.list_(REGION),
    "doc_id": pa.string(),
    "source": pa.string(),
    "license": pa.string(),
    "renderer": pa.string(),
    "template": pa.string(),
    "width": pa.int32(),
    "height": pa.int32(),
    "seed": pa.uint64(),
    "attempt": pa.int32(),
    "meta": pa.string(),
}


def _feature(dtype: pa.DataType) -> Any:
    """How `datasets` describes an Arrow type in its JSON metadata."""
    if dtype.equals(IMAGE):
        return {"_type": "Image"}
    if pa.types.is_struct(dtype):
        return {dtype.field(i).name: _feature(dtype.field(i).type) for i in range(dtype.num_fields)}
    if pa.types.is_list(dtype):
        return {"feature": _feature(dtype.value_type), "_type": "List"}
    names = {pa.float32(): "float32"}
    return {"dtype": names.get(dtype, str(dtype)), "_type": "Value"}


def features() -> dict[str, Any]:
    """The feature description as `datasets` stores it."""
    return {name: _feature(dtype) for name, dtype in COLUMNS.items()}


def arrow_schema() -> pa.Schema:
    """The Arrow schema of every shard, with `datasets`' metadata."""
    info = json.dumps({"info": {"features": features()}})
    return pa.schema(list(COLUMNS.items()), metadata={"huggingface": info})
