"""Rows of schema 1 are read as rows of this schema, alone and mixed; helpers read stored trees."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from tests.tools.toy_datasets import PAGES, write_toy_dataset
from vary_data.cli import group
from vary_data.dataset.reader import Dataset
from vary_data.dataset.region_tree import blocks, cells, children, corners, reading_order
from vary_data.dataset.schema import REGION, VERSION, arrow_schema, upgraded, version_of
from vary_data.quality.validate import validate

OLD = pa.schema([arrow_schema(1).field("regions")])


def old_rows(*regions: list[tuple[str, str]] | None) -> pa.Table:
    rows = [
        None if row is None else [{"bbox": [0, 0, 9, 9], "text": t, "role": r} for t, r in row]
        for row in regions
    ]
    return pa.table({"regions": rows}, schema=OLD)


def test_old_regions_have_todays_fields_and_names() -> None:
    table = old_rows([("A", "heading"), ("a", "line")], [], None, [("1", "page-number")])
    found = upgraded(table)
    assert found.schema.field("regions").equals(arrow_schema().field("regions"))
    first, empty, missing, last = found.column("regions").to_pylist()
    assert (empty, missing) == ([], None)
    assert [(r["text"], r["role"], r["order"]) for r in first] == [
        ("A", "section_header", 0),
        ("a", "line", 1),
    ]
    assert (last[0]["role"], last[0]["order"], last[0]["bbox"]) == ("page_number", 0, [0, 0, 9, 9])
    none = set(REGION.names) - {"bbox", "text", "role", "order"}
    assert all(region[name] is None for region in (*first, *last) for name in none)


def test_a_part_of_a_table_and_of_a_batch() -> None:
    table = old_rows([("a", "line")], [("b", "header"), ("c", "line")], [("d", "line")])
    (row,) = upgraded(table.slice(1, 1)).to_pylist()
    assert [(r["text"], r["role"], r["order"]) for r in row["regions"]] == [
        ("b", "page_header", 0),
        ("c", "line", 1),
    ]
    (batch,) = table.to_batches()
    assert upgraded(batch.slice(2)).to_pylist()[0]["regions"][0]["text"] == "d"


def test_current_rows_and_other_columns_are_left_alone() -> None:
    table = pa.table({"id": ["a"]})
    assert upgraded(table) is table
    current = arrow_schema().empty_table()
    assert upgraded(current) is current
    assert (version_of(current.schema), version_of(OLD)) == (VERSION, 1)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The same dataset twice, once as version 0.2 wrote it."""
    folder = tmp_path_factory.mktemp("both")
    new, old = folder / "new", folder / "old"
    for out in (new, old):
        write_toy_dataset(out)
    for shard in old.glob("*/data/*.parquet"):
        rows = pq.read_table(shard)
        regions = [
            [{name: region[name] for name in ("bbox", "text", "role")} for region in row]
            for row in rows.column("regions").to_pylist()
        ]
        at = rows.schema.get_field_index("regions")
        metadata = {k: v for k, v in rows.schema.metadata.items() if k != b"vary.schema"}
        metadata[b"huggingface"] = arrow_schema(1).metadata[b"huggingface"]
        field = arrow_schema(1).field("regions")
        rows = rows.set_column(at, field, pa.array(regions, field.type))
        pq.write_table(rows.replace_schema_metadata(metadata), shard, write_page_index=True)
    return new, old


def texts(row: dict[str, Any]) -> list[tuple[str, int]]:
    return [(region["text"], region["order"]) for region in row["regions"]]


def test_old_folders_are_read_and_checked(both: tuple[Path, Path]) -> None:
    new, old = (Dataset.open(out).config(PAGES) for out in both)
    assert (new.schema, old.schema) == (VERSION, 1)
    assert [texts(row) for row in new.rows()] == [texts(row) for row in old.rows()]
    assert {len(region) for row in old.rows() for region in row["regions"]} == {len(REGION)}
    report = validate(both[1], deep=True, jobs=1)
    assert not [p for p in report.problems if p.check in ("schema", "tree", "order", "region")]
    assert report.notes[0] == f"{report.files} files have schema 1: their regions are no tree"


def test_old_and_new_rows_mix(both: tuple[Path, Path], tmp_path: Path) -> None:
    sources = [str(out / PAGES) for out in both]
    result = CliRunner().invoke(group, ["mix", *sources, "-o", str(tmp_path / "out"), "-j", "1"])
    assert result.exit_code == 0, result.output
    assert result.stderr.count(f"note: {PAGES}: schema 1, regions have no tree") == 1
    mixed = Dataset.open(tmp_path / "out")
    assert mixed.configs[0].schema == VERSION
    counts = [sum(1 for _ in Dataset.open(out).config(PAGES).rows()) for out in both]
    assert sum(1 for _ in mixed.configs[0].rows()) == sum(counts)
    assert not validate(tmp_path / "out", deep=True, jobs=1, replays=0).problems


def stored(role: str, order: int, parent: int | None = None, **values: Any) -> dict[str, Any]:
    whole = {"bbox": [0.0, 1.0, 4.0, 3.0], "text": "", "role": role, "order": order}
    return {**dict.fromkeys(REGION.names), **whole, "parent": parent, **values}


def test_helpers_read_a_tree() -> None:
    regions = [
        stored("table", 3),
        stored("cell", 5, 0, row=0, column=1, rowspan=1, colspan=1, header=False),
        stored("cell", 4, 0, row=0, column=0, rowspan=1, colspan=1, header=False),
        stored("chart", 0),
        stored("title", 1, 3, quad=[0.0, 3.0, 0.0, 1.0, 4.0, 1.0, 4.0, 3.0]),
        stored("word", 2, 4),
    ]
    assert reading_order(regions) == [3, 4, 5, 0, 2, 1]
    assert children(regions) == [[2, 1], [], [], [4], [5], []]
    assert blocks(regions) == [3, 0]
    assert [cell["column"] for cell in cells(regions, 0)] == [0, 1]
    assert corners(regions[0]) == [0, 1, 4, 1, 4, 3, 0, 3]
    assert corners(regions[4])[:2] == [0, 3]
