"""Converts samples to Arrow rows, in the workers, so that the writing process only concatenates.

Signs with one glyph are one character in every kind: here, because a picture keeps what its content
has, and only its row says what a reader sees.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import accumulate, chain
from operator import attrgetter
from typing import Any

import pyarrow as pa

from renderers.picture import Cell, Region
from renderers.twins import usual_signs
from vary_data.dataset.schema import COLUMNS, REGION, arrow_schema
from vary_data.engine.sample import Sample, Turn

SCHEMA = arrow_schema()
_ORIGIN = "origin"
"""The key, in `meta` and in what it holds of another row's, of an id, which stays as it is."""
_PLAIN = ("role", "parent", "level", "continues")
_CELL = ("row", "column", "rowspan", "colspan", "header")


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
    """The rows that a worker sent, in the schema of the dataset."""
    return pa.ipc.read_record_batch(pa.py_buffer(data), SCHEMA)


def region_of(stored: Mapping[str, Any]) -> Region:
    """A stored region of this schema as the value that it was made from."""
    quad = stored["quad"]
    return Region(
        tuple(stored["bbox"]),
        stored["text"],
        cell=None if stored["row"] is None else Cell(*(stored[name] for name in _CELL)),
        quad=None if quad is None else tuple(quad),
        order=stored["order"],
        **{name: stored[name] for name in _PLAIN},
    )


def _row(sample: Sample) -> dict[str, Any]:
    return {
        "id": sample.id,
        "image": {"bytes": sample.image, "path": f"{sample.id}.{sample.image_format}"},
        "text": usual_signs(sample.text),
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
        "meta": _meta(sample.meta),
    }


def _meta(meta: Mapping[str, Any]) -> str:
    """The names in it are those of the text: `meta.values` has the keys of a chart's dict."""
    text = _json(meta)
    return text if usual_signs(text) == text else _json(_usual(json.loads(text)))


def _usual(value: Any) -> Any:
    """A value of JSON with the usual signs in its strings."""
    if isinstance(value, dict):
        return {
            usual_signs(key): part if key == _ORIGIN else _usual(part)
            for key, part in value.items()
        }
    if isinstance(value, list):
        return [_usual(part) for part in value]
    return usual_signs(value) if isinstance(value, str) else value


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _turns(sample: Sample) -> tuple[Turn, ...]:
    if sample.turns:
        return sample.turns
    return (Turn("user", sample.prompt, image=True), Turn("assistant", sample.text))


def _message(turn: Turn) -> dict[str, Any]:
    """A turn in the format of TRL: an image part has no text."""
    text = usual_signs(turn.text)
    if not turn.image:
        return {"role": turn.role, "content": [{"type": "text", "text": text}]}
    before, after = text[: turn.image_at], text[turn.image_at :]
    content = [{"type": "text", "text": before}] if before else []
    content.append({"type": "image", "text": None})  # type: ignore[dict-item]
    if after:
        content.append({"type": "text", "text": after})
    return {"role": turn.role, "content": content}


def _regions(samples: Sequence[Sample]) -> pa.Array:
    """The nested column from flat lists: a page has a thousand words, and dicts would be slow."""
    regions = [region for sample in samples for region in sample.regions]
    sizes = [len(sample.regions) for sample in samples]
    order = [place for sample in samples for place in _order(sample.regions)]
    cells = [region.cell for region in regions]
    columns = {
        "bbox": _numbers([region.bbox for region in regions], 4),
        "quad": _numbers([region.quad for region in regions], 8),
        "order": pa.array(order, pa.int32()),
    }
    # regions that others made may have no text
    texts = [region.text and usual_signs(region.text) for region in regions]
    columns["text"] = pa.array(texts, pa.string())
    for name in _PLAIN:
        columns[name] = pa.array(map(attrgetter(name), regions), REGION.field(name).type)
    for name in _CELL:
        values = [None if cell is None else getattr(cell, name) for cell in cells]
        columns[name] = pa.array(values, REGION.field(name).type)
    struct = pa.StructArray.from_arrays([columns[f.name] for f in REGION], fields=list(REGION))
    return pa.ListArray.from_arrays(pa.array(accumulate(sizes, initial=0), pa.int32()), struct)


def _order(regions: Sequence[Region]) -> Sequence[int]:
    """The places of regions in reading order: those of the list, if they have none."""
    given = [region.order for region in regions if region.order is not None]
    return given if given else range(len(regions))


def _numbers(values: Sequence[Sequence[float] | None], size: int) -> pa.ListArray:
    """Lists of `size` numbers, or null."""
    given = [value for value in values if value is not None]
    flat = pa.array(chain.from_iterable(given), pa.float32())
    if len(given) == len(values):
        return pa.ListArray.from_arrays(pa.array(range(0, len(flat) + 1, size), pa.int32()), flat)
    missing = [value is None for value in values]
    lengths = (0 if null else size for null in missing)
    offsets = pa.array(accumulate(lengths, initial=0), pa.int32())
    return pa.ListArray.from_arrays(offsets, flat, mask=pa.array(missing))
