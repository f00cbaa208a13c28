"""Kinds that are not built in: metrics by the dataset's description, else edit distance."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.trainer.drawn_charts import row, write
from trainer.evaluation.example import open_examples
from trainer.evaluation.scoring import groups, notes, score
from trainer.evaluation.summary import tables
from vary_data.dataset.row_kinds import FOOTER_KEY


@pytest.fixture
def test_set(tmp_path: Path) -> Path:
    """Rows of a described kind, of one with unknown metrics, and of one without description."""
    rows = [row(kind, "ab cd", kind=kind) for kind in ("receipt", "melody", "invoice", "page")]
    write(tmp_path / "set", "new", rows, split="test")
    (shard,) = (tmp_path / "set").glob("*/data/*.parquet")
    table = pq.read_table(shard)
    kinds = [{"name": "receipt", "scoring": "page"}, {"name": "melody", "scoring": "by ear"}]
    metadata = {**(table.schema.metadata or {}), FOOTER_KEY: json.dumps(kinds)}
    pq.write_table(table.replace_schema_metadata(metadata), shard)
    return tmp_path / "set"


def test_metrics_of_new_kinds(test_set: Path) -> None:
    examples = open_examples([str(test_set)])
    assert {example.kind: example.scoring for example in examples} == {
        "receipt": "page",
        "melody": "edit_distance",
        "invoice": "edit_distance",
        "page": "page",
    }
    assert list(notes(examples)) == [
        "rows of the kind 'invoice' are scored by edit distance",
        "rows of the kind 'melody' are scored by edit distance",
    ]
    scored = score(examples, dict.fromkeys(("receipt", "melody", "invoice", "page"), "ab"))
    found = groups(scored, draws=10)
    assert [group.kind for group in found] == ["page", "invoice", "melody", "receipt"]
    assert {group.kind: group.metrics["ned"].mean for group in found} == dict.fromkeys(
        ("page", "invoice", "melody", "receipt"), 0.6
    )
    assert found[3].metrics["recall"].mean == 0.5
    assert "invoice  subset  n  documents  ned    cer" in tables(found)
