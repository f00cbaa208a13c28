"""Row groups of finished and unfinished datasets, and of plain Parquet files."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.faults.test_engine_faults import make
from vary_data.base.errors import SourceError
from vary_data.dataset.reader import Dataset
from vary_data.dataset.row_groups import row_groups, split_configs, split_files


def ids(files: list[Path]) -> list[str]:
    found: list[str] = []
    for group in row_groups(files):
        table = pq.ParquetFile(group.file).read_row_group(group.index, columns=["id"])
        found += group.select(table)["id"].to_pylist()
    return found


def test_row_groups_have_the_rows_of_the_reader(tmp_path: Path) -> None:
    make(tmp_path, name="charts-en", options={"num_samples": 10}, shard_size=4)
    (config,) = split_configs(tmp_path, "train")
    assert config.name == "charts-en"
    rows = [row["id"] for row in Dataset.open(tmp_path).config("charts-en").rows(["id"], "train")]
    assert len(rows) == 10
    assert ids(split_files(config, "train")) == rows


def test_an_unfinished_dataset_has_the_shards_that_exist(tmp_path: Path) -> None:
    make(tmp_path, name="charts-en", options={"num_samples": 10}, shard_size=4)
    config = Dataset.open(tmp_path).config("charts-en")
    rows = [row["id"] for row in config.rows(["id"])]
    first = split_files(config, "train")[0]
    dropped = pq.read_metadata(first).num_rows
    first.unlink()
    assert ids(split_files(config, "train")) == rows[dropped:]


def test_plain_files_need_no_plan(tmp_path: Path) -> None:
    make(tmp_path / "made", name="charts-en", options={"num_samples": 3})
    (file,) = split_files(Dataset.open(tmp_path / "made").config("charts-en"), "train")
    plain = tmp_path / "plain"
    plain.mkdir()
    (plain / "train-0.parquet").write_bytes(file.read_bytes())
    (config,) = split_configs(plain, "train")
    assert (config.name, ids(split_files(config, "train"))) == ("plain", ids([file]))
    assert split_configs(plain, "validation") == []


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "train-0.parquet").write_bytes(b"PAR1 torn")
    with pytest.raises(SourceError, match=r"train-0\.parquet cannot be read as Parquet"):
        row_groups([tmp_path / "train-0.parquet"])
