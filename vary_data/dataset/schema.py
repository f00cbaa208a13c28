"""The columns of a dataset: all that the engine and a trainer share.

The Arrow schema carries the `datasets` feature description in its metadata, so that
`load_dataset` gives typed columns (an `Image`, nested lists) with no script and no README, and the
version of the schema. Version 1, of the releases before 0.3, has regions without a tree.
"""

from __future__ import annotations

import json
from itertools import accumulate
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from renderers.roles import (
    LIST_ITEM,
    MARGIN_NOTE,
    PAGE_FOOTER,
    PAGE_HEADER,
    PAGE_NUMBER,
    SECTION_HEADER,
)

_Rows = TypeVar("_Rows", pa.RecordBatch, pa.Table)

VERSION = 2
VERSION_KEY = "vary.schema"
"""Key of the version in the footer of a shard; shards of version 1 have none."""
FORMATS = (
    *("plain", "markdown", "mmd", "dict", "caption", "answer"),
    *("html", "html-structure", "otsl", "csv", "json", "latex", "triples", "matplotlib"),
    *("pyecharts", "mermaid", "mathml", "doctags", "dots", "qwen", "qwen-1000", "deepseek"),
    "omnidocbench",
)
"""Forms of the column `text`; docs/targets.md describes those of the later lines."""
LANGUAGES = ("en", "zh")
"""The languages of all generators and forms; others are for some of them (`dataset.languages`)."""
LANGUAGE_NAMES = {"en": "English", "zh": "Chinese"}
ROLES = ("system", "user", "assistant")

_REGION_1 = [
    ("bbox", pa.list_(pa.float32())),
    ("text", pa.string()),
    ("role", pa.string()),
]
REGION = pa.struct(
    [
        *_REGION_1,
        ("quad", pa.list_(pa.float32())),
        ("parent", pa.int32()),
        ("order", pa.int32()),
        ("level", pa.int32()),
        ("row", pa.int32()),
        ("column", pa.int32()),
        ("rowspan", pa.int32()),
        ("colspan", pa.int32()),
        ("header", pa.bool_()),
        ("continues", pa.int32()),
    ]
)
ROLES_1 = {
    "heading": SECTION_HEADER,
    "list-item": LIST_ITEM,
    "header": PAGE_HEADER,
    "footer": PAGE_FOOTER,
    "page-number": PAGE_NUMBER,
    "margin-note": MARGIN_NOTE,
}
"""Roles of version 1 that have another name now."""
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


def features(version: int = VERSION) -> dict[str, Any]:
    """The feature description as `datasets` stores it."""
    return {name: _feature(dtype) for name, dtype in _columns(version).items()}


def arrow_schema(version: int = VERSION) -> pa.Schema:
    """The Arrow schema of every shard, with `datasets`' metadata."""
    metadata = {"huggingface": json.dumps({"info": {"features": features(version)}})}
    if version > 1:
        metadata[VERSION_KEY] = str(version)
    return pa.schema(list(_columns(version).items()), metadata=metadata)


def version_of(schema: pa.Schema) -> int:
    """The version of the regions in a file: 1 if they have no order."""
    if "regions" not in schema.names:
        return VERSION
    regions = schema.field("regions").type
    nested = pa.types.is_list(regions) and pa.types.is_struct(regions.value_type)
    return VERSION if nested and regions.value_type.get_field_index("order") >= 0 else 1


def upgraded(rows: _Rows) -> _Rows:
    """Rows of any version with the regions of this one; others are returned as they are.

    Regions of version 1 have no parents, quads, levels and cells; their order is that of the list.
    """
    if version_of(rows.schema) == VERSION:
        return rows
    at = rows.schema.get_field_index("regions")
    column = rows.column(at)
    chunks = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
    found = [_upgraded(chunk) for chunk in chunks]
    field = pa.field("regions", COLUMNS["regions"])
    whole = pa.chunked_array(found, field.type) if isinstance(rows, pa.Table) else found[0]
    return rows.set_column(at, field, whole)


def _columns(version: int) -> dict[str, pa.DataType]:
    return COLUMNS if version > 1 else {**COLUMNS, "regions": pa.list_(pa.struct(_REGION_1))}


def _upgraded(regions: pa.ListArray) -> pa.ListArray:
    flat = regions.flatten()
    lengths = pc.fill_null(pc.list_value_length(regions), 0).to_pylist()
    fields = {name: pa.nulls(len(flat), dtype) for name, dtype in _fields()}
    for name, _ in _REGION_1:
        fields[name] = pc.struct_field(flat, name)
    for old, new in ROLES_1.items():
        fields["role"] = pc.if_else(pc.equal(fields["role"], old), new, fields["role"])
    fields["order"] = pa.array([i for n in lengths for i in range(n)], pa.int32())
    struct = pa.StructArray.from_arrays(list(fields.values()), fields=list(REGION))
    offsets = pa.array(accumulate(lengths, initial=0), pa.int32())
    return pa.ListArray.from_arrays(offsets, struct, mask=regions.is_null())


def _fields() -> list[tuple[str, pa.DataType]]:
    return [(field.name, field.type) for field in REGION]
