"""Footers of shards of others have any bytes; what they state is checked, not believed."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from vary_data.dataset.reader import Dataset, DatasetConfig
from vary_data.engine.provenance import made_with, version_notes


def dataset(folder: Path, metadata: dict[bytes, bytes], **plan: object) -> DatasetConfig:
    """A configuration with one finished shard of one row."""
    path = folder / "out" / "a-en"
    (path / ".vary").mkdir(parents=True)
    (path / "data").mkdir()
    facts = {"plan_id": "p", "shards": {"train": 1}, **plan}
    (path / ".vary" / "plan.json").write_text(json.dumps(facts))
    rows = pa.table({"id": ["a"]}).replace_schema_metadata({b"vary.plan_id": b"p", **metadata})
    pq.write_table(rows, path / "data" / "train-00000-of-00001.parquet")
    return Dataset.open(folder / "out").config("a-en")


@pytest.mark.parametrize(
    "value", [b"", b"\xff\xfe", b"9" * 5000, b"[" * 100_000, b"-1", b"{}", b"[1]", b"\xc2\xb2"]
)
def test_a_footer_of_any_bytes(tmp_path: Path, value: bytes) -> None:
    keys = (b"vary.schema", b"vary.unstable", b"vary.made_with", b"vary.made_with_before")
    config = dataset(tmp_path, dict.fromkeys(keys, value))
    (shard,) = config.shards
    assert shard.finished
    assert (config.schema, shard.unstable, config.missing_shards()) == (1, 0, [])
    assert made_with(config) == {"": ["train-00000"]}
    assert version_notes(config) == []
    assert list(config.reports()) == []


@pytest.mark.parametrize("versions", [None, "1", [1], {"a": 1, "b": "1.0"}])
def test_versions_of_a_plan(tmp_path: Path, versions: object) -> None:
    config = dataset(tmp_path, {}, versions=versions)
    shown = "b 1.0" if isinstance(versions, dict) else ""
    assert made_with(config) == {shown: ["train-00000"]}
