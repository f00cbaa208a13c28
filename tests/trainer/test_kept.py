"""Rows that a keep-list leaves out are not trained on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from trainer.data.catalog import open_catalog
from trainer.data.order import SampleOrder
from trainer.data.rows import RowReader
from vary_data.base.errors import SourceError
from vary_data.dataset.row_groups import RowGroup
from vary_data.dataset.schema import COLUMNS

SHARD = "train-00000-of-00001.parquet"


def write(folder: Path, rows: int = 10, group: int = 4) -> Path:
    """A configuration of numbered rows in groups of four."""
    columns = {name: pa.nulls(rows, kind) for name, kind in COLUMNS.items()}
    columns["id"] = pa.array([str(i) for i in range(rows)])
    path = folder / "pages-en" / "data" / SHARD
    path.parent.mkdir(parents=True)
    pq.write_table(pa.table(columns), path, row_group_size=group)
    return path


def leave_out(shard: Path, rows: int, *left_out: int, **changes: Any) -> None:
    shards = {shard.name: {"rows": rows, "left_out": left_out}}
    listed = {"plan_id": "p", "made_by": "dedup", "shards": shards, **changes}
    path = shard.parent.parent / ".vary" / "keep.json"
    path.parent.mkdir()
    path.write_text(json.dumps(listed))


def ids(groups: tuple[RowGroup, ...]) -> list[str]:
    reader = RowReader(["id"], 1 << 20)
    return [reader.row(group, i)["id"] for group in groups for i in range(group.rows)]


def test_left_out_rows_are_passed_over(tmp_path: Path) -> None:
    leave_out(write(tmp_path), 10, 1, 4, 5, 6, 7)
    (configuration,) = open_catalog([str(tmp_path)], "train")
    assert [group.rows for group in configuration.groups] == [3, 0, 2]
    assert ids(configuration.groups) == ["0", "2", "3", "8", "9"]
    epoch = SampleOrder([configuration], {}, seed=0, shuffle_groups=2).take(5)
    reader = RowReader(["id"], 1 << 20)
    assert sorted(reader.row(ref.group, ref.row)["id"] for ref in epoch) == list("02389")


def test_without_a_list_every_row_is_there(tmp_path: Path) -> None:
    write(tmp_path)
    (configuration,) = open_catalog([str(tmp_path)], "train")
    assert ids(configuration.groups) == [str(i) for i in range(10)]
    assert all(group.kept is None for group in configuration.groups)


def test_a_list_of_other_data_is_refused(tmp_path: Path) -> None:
    leave_out(write(tmp_path), 11, 1)
    with pytest.raises(SourceError, match="made for 11 rows, but it has 10"):
        open_catalog([str(tmp_path)], "train")


def test_a_list_of_another_plan_is_refused(tmp_path: Path) -> None:
    shard = write(tmp_path)
    leave_out(shard, 10, 1)
    plan = shard.parent.parent / ".vary" / "plan.json"
    plan.write_text('{"plan_id": "q", "shards": {"train": 1}}')
    with pytest.raises(SourceError, match="made for other data"):
        open_catalog([str(tmp_path)], "train")
    plan.write_text('{"plan_id": "p", "shards": {"train": 1}}')
    assert [source.rows for source in open_catalog([str(tmp_path)], "train")] == [9]


def test_a_damaged_list_is_refused(tmp_path: Path) -> None:
    leave_out(write(tmp_path), 10, 1, shards=3)
    with pytest.raises(SourceError, match="is not a keep-list"):
        open_catalog([str(tmp_path)], "train")
