"""Row groups of finished and unfinished datasets, and of plain Parquet files."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from vary_data.base.errors import SourceError
from vary_data.dataset.reader import Dataset, DatasetConfig
from vary_data.dataset.row_groups import row_groups, split_configs, split_files
from vary_data.dataset.schema import COLUMNS, arrow_schema


def write(folder: Path, *sizes: int) -> DatasetConfig:
    """A configuration whose plan has a shard of each size, in row groups of two rows."""
    data = folder / "charts-en" / "data"
    data.mkdir(parents=True)
    (data.parent / ".vary").mkdir()
    plan = {"plan_id": "p", "shards": {"train": len(sizes)}}
    (data.parent / ".vary" / "plan.json").write_text(json.dumps(plan))
    metadata = arrow_schema().metadata | {b"vary.plan_id": b"p"}
    for shard, size in enumerate(sizes):
        columns = {name: pa.nulls(size, dtype) for name, dtype in COLUMNS.items()}
        columns["id"] = pa.array([f"{shard}-{row}" for row in range(size)])
        file = data / f"train-{shard:05d}-of-{len(sizes):05d}.parquet"
        table = pa.table(columns).replace_schema_metadata(metadata)
        pq.write_table(table, file, row_group_size=2)
    return DatasetConfig(data.parent)


def ids(files: list[Path]) -> list[str]:
    found: list[str] = []
    for group in row_groups(files):
        table = pq.ParquetFile(group.file).read_row_group(group.index, columns=["id"])
        found += group.select(table)["id"].to_pylist()
    return found


def test_row_groups_have_the_rows_of_the_reader(tmp_path: Path) -> None:
    write(tmp_path, 3, 4)
    (config,) = split_configs(tmp_path, "train")
    assert config.name == "charts-en"
    rows = [row["id"] for row in Dataset.open(tmp_path).config("charts-en").rows(["id"], "train")]
    assert rows == ["0-0", "0-1", "0-2", "1-0", "1-1", "1-2", "1-3"]
    assert ids(split_files(config, "train")) == rows
    sizes = [group.rows for group in row_groups(split_files(config, "train"))]
    assert sizes == [2, 1, 2, 2]


def test_an_unfinished_dataset_has_the_shards_that_exist(tmp_path: Path) -> None:
    config = write(tmp_path, 3, 4)
    split_files(config, "train")[0].unlink()
    assert [shard.finished for shard in config.shards] == [False, True]
    assert ids(split_files(config, "train")) == ["1-0", "1-1", "1-2", "1-3"]


def test_plain_files_need_no_plan(tmp_path: Path) -> None:
    (file,) = split_files(write(tmp_path / "made", 3), "train")
    plain = tmp_path / "plain"
    plain.mkdir()
    (plain / "train-0.parquet").write_bytes(file.read_bytes())
    (config,) = split_configs(plain, "train")
    assert (config.name, ids(split_files(config, "train"))) == ("plain", ["0-0", "0-1", "0-2"])
    assert split_configs(plain, "validation") == []


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "train-0.parquet").write_bytes(b"PAR1 torn")
    with pytest.raises(SourceError, match=r"train-0\.parquet cannot be read as Parquet"):
        row_groups([tmp_path / "train-0.parquet"])
