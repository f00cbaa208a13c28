"""New kinds of rows: described in the dataset, or unknown; both are read without the generator."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.faults.faulty import FaultyGenerator
from tests.tools.in_process import tasks_in_this_process, worker_processes  # noqa: F401
from vary_data.base.errors import UsageError
from vary_data.dataset.reader import Dataset
from vary_data.dataset.row_kinds import (
    BUILT_IN,
    EDIT_DISTANCE,
    FOOTER_KEY,
    RowKind,
    RowKinds,
    parse_row_kinds,
    row_kinds_of,
)
from vary_data.engine.executors import local
from vary_data.engine.plan import RunPlan
from vary_data.engine.recipe import Recipe
from vary_data.generators.mix import Mix, MixOptions
from vary_data.quality.validate import validate

RECEIPT = RowKind("receipt", "receipts", "Receipts are invented.", "page", True, True)


@dataclass(frozen=True)
class Described(FaultyGenerator):
    """Its rows are pages, but it describes receipts, too."""

    kinds: tuple[RowKind, ...] = (RECEIPT,)

    def row_kinds(self, recipe: Recipe) -> Sequence[RowKind]:
        return self.kinds


def load(name: str) -> Described:
    return Described()


def recipe(name: str = "receipts", count: int = 2) -> Recipe:
    return Recipe(FaultyGenerator.name, name, "en", FaultyGenerator.Options(num_samples=count))


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A dataset that describes the kind `receipt`."""
    plan = RunPlan.resolve(recipe(), Described())
    local.run(plan, tmp_path / "out", load, workers=1)
    return tmp_path / "out"


def shard(out: Path) -> Path:
    (path,) = out.glob("*/data/*.parquet")
    return path


def change_kind(out: Path, kind: str) -> None:
    path = shard(out)
    table = pq.read_table(path)
    column = table.schema.get_field_index("kind")
    table = table.set_column(column, table.schema.field(column), [[kind] * table.num_rows])
    pq.write_table(table, path, row_group_size=100)


def test_kinds_travel_with_plan_and_footer(out: Path) -> None:
    config = Dataset.open(out).configs[0]
    assert config.row_kinds.get("receipt") == RECEIPT
    assert row_kinds_of(shard(out)).get("receipt") == RECEIPT
    assert "receipt" in config.row_kinds


def test_description_does_not_change_the_plan(out: Path) -> None:
    plain = RunPlan.resolve(recipe(), FaultyGenerator())
    assert plain.plan_id == Dataset.open(out).configs[0].plan_id
    assert plain.row_kinds == ()


def test_an_unknown_kind_is_noted_and_a_described_one_is_not(out: Path) -> None:
    change_kind(out, "receipt")
    assert not [n for n in validate(out, deep=True, jobs=1, replays=0).notes if "kind" in n]
    change_kind(out, "invoice")
    report = validate(out, deep=True, jobs=1, replays=0)
    assert "value" not in report.counts
    note = "2 rows are of the kind 'invoice', which the dataset does not describe"
    assert note in report.notes


def test_a_mixture_describes_the_kinds_of_its_parts(out: Path, tmp_path: Path) -> None:
    description = tmp_path / "mix.yaml"
    description.write_text(f"datasets: [{{path: {out}, count: 2}}]")
    mixed = Recipe("mix", "mixed", "en", MixOptions(str(description)))
    assert RunPlan.resolve(mixed, Mix()).row_kinds == (RECEIPT,)


def test_kinds_of_other_versions_and_damaged_footers() -> None:
    newer = [{"name": "receipt", "label": "receipts", "later": 1}, "damaged", {"label": "none"}]
    assert parse_row_kinds(newer) == (RowKind("receipt", "receipts"),)
    assert parse_row_kinds(None) == ()
    assert RowKinds.of_footer({FOOTER_KEY: "{"}).get("receipt") == RowKind("receipt")
    assert RowKind("receipt").scoring == EDIT_DISTANCE
    assert RowKinds([RowKind("page", "other")]).get("page") == BUILT_IN["page"]


@pytest.mark.parametrize(
    "kinds",
    [(RowKind("page", "my pages"),), (RECEIPT, replace(RECEIPT, label="other"))],
    ids=["built in", "twice"],
)
def test_a_kind_has_one_description(kinds: tuple[RowKind, ...]) -> None:
    with pytest.raises(UsageError, match="two descriptions of the row kind"):
        RunPlan.resolve(recipe(), Described(kinds))


def test_recipes_of_version_0_1_0_are_read(out: Path) -> None:
    path = shard(out).parents[1] / ".vary" / "recipe.json"
    stored = json.loads(path.read_text())
    old = {("kind" if key == "generator" else key): value for key, value in stored.items()}
    path.write_text(json.dumps(old))
    config = Dataset.open(out).configs[0]
    assert config.recipe == stored
    assert list(config.recipe) == list(stored)


def test_unusable_values_of_a_foreign_dataset_are_skipped() -> None:
    entry = {"name": "receipt", "scoring": ["page"], "reading_order": "no", "label": 3}
    assert parse_row_kinds([entry]) == (RowKind("receipt"),)
