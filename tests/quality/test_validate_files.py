"""The fast checks, each with a fault planted into a good dataset."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.tools.toy_datasets import CHARTS, PAGES, rewrite
from vary_data.base.errors import SourceError
from vary_data.quality.validate import ValidationReport, validate

TRAIN = f"{CHARTS}/data/train-00000-of-00002.parquet"
SECOND = f"{CHARTS}/data/train-00001-of-00002.parquet"


def found(report: ValidationReport) -> dict[str, list[str]]:
    """The places of problems, by check."""
    places: dict[str, list[str]] = {}
    for problem in report.problems:
        places.setdefault(problem.check, []).append(problem.file)
    return places


def footer(path: Path, **changes: str | None) -> None:
    table = pq.read_table(path)
    metadata = {**table.schema.metadata}
    for key, value in changes.items():
        name = f"vary.{key}".encode()
        if value is None:
            del metadata[name]
        else:
            metadata[name] = value.encode()
    pq.write_table(table.replace_schema_metadata(metadata), path)


def test_a_good_dataset_is_clean(pristine: Path) -> None:
    report = validate(pristine)
    assert report.clean
    assert report.problems == ()
    assert (report.configurations, report.rows) == (2, 28)


def test_one_configuration_alone(pristine: Path) -> None:
    report = validate(pristine / PAGES)
    assert report.clean
    assert (report.configurations, report.files, report.rows) == (1, 1, 8)


def test_no_dataset_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="contains no dataset"):
        validate(tmp_path)


def test_a_missing_shard(out: Path) -> None:
    (out / SECOND).unlink()
    report = validate(out)
    assert list(report.counts) == ["missing-shard"]
    assert "split train lacks 1 of 2 shards: 1" in report.problems[0].what


def test_shards_of_two_totals(out: Path) -> None:
    shutil.copy(out / TRAIN, out / TRAIN.replace("of-00002", "of-00003"))
    places = found(validate(out))
    assert places["file-name"] == [f"{CHARTS}/data"]
    assert places["footer"] == [TRAIN.replace("of-00002", "of-00003")]


def test_a_file_that_is_no_shard(out: Path) -> None:
    (out / CHARTS / "data" / "notes.txt").write_text("hello")
    assert found(validate(out)) == {"file-name": [f"{CHARTS}/data/notes.txt"]}


def test_temporary_files(out: Path) -> None:
    incomplete = out / CHARTS / ".vary" / "incomplete"
    incomplete.mkdir(exist_ok=True)
    (incomplete / "train-00000-of-00002.parquet.host-17").write_bytes(b"PAR1")
    (out / PAGES / "data" / ".train-00000.parquet.incomplete").write_bytes(b"PAR1")
    report = validate(out)
    assert report.counts == {"temporary-file": 2}


def test_a_shard_of_another_plan(out: Path) -> None:
    footer(out / TRAIN, plan_id="0" * 32)
    report = validate(out)
    assert report.counts == {"plan": 1}
    assert report.problems[0].file == TRAIN
    assert "made by plan 000" in report.problems[0].what


def test_a_shard_in_anothers_place(out: Path) -> None:
    (out / TRAIN).rename(out / "kept")
    (out / SECOND).rename(out / TRAIN)
    (out / "kept").rename(out / SECOND)
    assert found(validate(out))["footer"] == [TRAIN, SECOND]


def test_a_footer_without_our_keys(out: Path) -> None:
    footer(out / TRAIN, version=None, shard=None)
    report = validate(out)
    assert report.counts == {"footer": 1}
    assert report.problems[0].what == "the footer has no vary.shard, vary.version"


def test_a_torn_file(out: Path) -> None:
    data = (out / TRAIN).read_bytes()
    (out / TRAIN).write_bytes(data[: len(data) // 2])
    assert found(validate(out)) == {"unreadable": [TRAIN]}


def test_another_schema(out: Path) -> None:
    table = pq.read_table(out / TRAIN)
    width = table.schema.get_field_index("width")
    table = table.set_column(width, "width", table["width"].cast(pa.int64()))
    pq.write_table(table.drop_columns(["template"]), out / TRAIN)
    footer(out / SECOND, version="0.1.0")
    report = validate(out)
    assert found(report)["schema"] == [TRAIN]
    assert report.problems[0].what == "no column 'template'"


def test_rows_that_the_report_does_not_know(out: Path) -> None:
    path = out / CHARTS / ".vary" / "shards" / "train-00000-of-00002.json"
    facts = json.loads(path.read_text())
    path.write_text(json.dumps({**facts, "samples": facts["samples"] + 1}))
    (out / PAGES / ".vary" / "shards" / "train-00000-of-00001.json").write_text("{")
    assert validate(out).counts == {"report": 1, "rows": 1}


def test_a_row_twice(out: Path) -> None:
    rewrite(out / TRAIN, lambda rows: [*rows, rows[2]])
    report = validate(out)
    assert report.counts == {"duplicate-id": 1, "rows": 1}
    duplicate = next(p for p in report.problems if p.check == "duplicate-id")
    rows = pq.read_table(out / TRAIN).to_pylist()
    assert duplicate.row == len(rows) - 1
    assert duplicate.id == rows[2]["id"]
    assert duplicate.what == f"the id is also that of {TRAIN} row 2"


def test_a_document_in_two_splits(out: Path) -> None:
    stolen = pq.read_table(out / TRAIN).to_pylist()[0]
    shard = next((out / CHARTS / "data").glob("validation-00000-*"))

    def leak(rows: list[dict[str, object]]) -> None:
        rows[1]["doc_id"] = stolen["doc_id"]

    rewrite(shard, leak)
    report = validate(out)
    assert report.counts == {"split-leak": 1}
    assert report.problems[0].row == 1
    assert report.problems[0].what == f"document {stolen['doc_id']!r} is also in split train"


def test_a_document_in_different_splits_of_two_configurations_is_a_note(out: Path) -> None:
    document = pq.read_table(out / PAGES / "data" / "train-00000-of-00001.parquet")["doc_id"][0]
    shard = next((out / CHARTS / "data").glob("validation-00000-*"))

    def share(rows: list[dict[str, object]]) -> None:
        rows[0]["doc_id"] = document.as_py()

    rewrite(shard, share)
    report = validate(out)
    assert report.clean
    assert report.notes == (
        "one document is in different splits of different configurations: "
        "'book-000' in train of sheets-en, validation of toys-en",
    )


def test_the_list_is_bounded_and_the_counts_are_not(out: Path) -> None:
    rewrite(out / TRAIN, lambda rows: rows * 2)
    count = pq.read_metadata(out / TRAIN).num_rows // 2
    report = validate(out, limit=3)
    assert report.counts["duplicate-id"] == count
    assert sum(p.check == "duplicate-id" for p in report.problems) == 3
