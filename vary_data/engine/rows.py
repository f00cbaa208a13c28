"""Converts samples to Arrow rows, in the workers, so that the writing process only concatenates."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from vary_data.dataset.schema import COLUMNS, arrow_schema
from vary_data.engine.sample import Sample, Turn

SCHEMA = arrow_schema()


def to_batch(samples: Sequence[Sample]) -> pa.RecordBatch:
    """One row per sample, in the columns of `vary_data.dataset.schema`."""
    rows = [_row(sample) for sample in samples]
    arrays = []
    for name, dtype in COLUMNS.items():
        if name == "regions":
            arrays.append(_regions(samples))
        else:
            arrays.append(pa.array([row[name] for row in rows], type=dtype))
    return pa.RecordBatch.from_arrays(arrays, schema=SCHEMA)


def serialize(batch: pa.RecordBatch) -> bytes:
    """Arrow IPC bytes of a batch, without its schema."""
    return batch.serialize().to_pybytes()  # type: ignore[no-any-return]


def deserialize(data: bytes) -> pa.RecordBatch:
    return pa.ipc.read_record_batch(pa.py_buffer(data), SCHEMA)


def _row(sample: Sample) -> dict[str, Any]:
    return {
        "id": sample.id,
        "image": {"bytes": sample.image, "path": f"{sample.id}.{sample.image_format}"},
        "text": sample.text,
        "messages": [_message(turn) for turn in _turns(sample)],
        "kind": sample.kind,
        "format": sample.format,
        "lang": sample.lang,
        "doc_id": sample.doc_id,
        "source": sample.source,
        "license": sample.license,
        "renderer": sample.renderer,
        "template": sample.template,
        "width": sample.width,
        "height": sample.height,
        "seed": sample.seed,
        "attempt": sample.attempt,
        "meta": json.dumps(dict(sample.meta), ensure_ascii=False, sort_keys=True),
    }


def _turns(sample: Sample) -> tuple[Turn, ...]:
    if sample.turns:
        return sample.turns
    return (Turn("user", sample.prompt, image=True), Turn("assistant", sample.text))


def _message(turn: Turn) -> dict[str, Any]:
    """A turn in the format of TRL: an image part has no text."""
    if not turn.image:
        return {"role": turn.role, "content": [{"type": "text", "text": turn.text}]}
    before, after = turn.text[: turn.image_at], turn.text[turn.image_at :]
    content = [{"type": "text", "text": before}] if before else []
    content.append({"type": "image", "text": None})  # type: ignore[dict-item]
    if after:
        content.append({"type": "text", "text": after})
    return {"role": turn.role, "content": content}


def _regions(samples: Sequence[Sample]) -> pa.Array:
    """The nested column from flat lists: a page has a thousand words, and dicts would be slow."""
    offsets = [0]
    coordinates: list[float] = []
    texts: list[str] = []
    roles: list[str] = []
    for sample in samples:
        for region in sample.regions:
            coordinates.extend(region.bbox)
            texts.append(region.text)
            roles.append(region.role)
        offsets.append(len(texts))
    boxes = pa.ListArray.from_arrays(
        pa.array(range(0, len(coordinates) + 1, 4), pa.int32()),
        pa.array(coordinates, pa.float32()),
    )
    struct = pa.StructArray.from_arrays(
        [boxes, pa.array(texts, pa.string()), pa.array(roles, pa.string())],
        fields=list(COLUMNS["regions"].value_type),
    )
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), struct)
