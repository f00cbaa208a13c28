"""A small dataset, made once by the real engine, that tests copy and spoil."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from vary_data import generators
from vary_data.engine.executors.local import run
from vary_data.engine.plan import RunPlan
from vary_data.engine.recipe import Recipe

CHARTS, PAGES = "toys-en", "sheets-en"


def make(out: Path, **fields: Any) -> None:
    """Run one recipe to its end."""
    generator = generators.load(fields["generator"])
    recipe = Recipe.from_dict(fields, generator.Options)
    run(RunPlan.resolve(recipe, generator), out, generators.load, workers=1)


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository of two configurations: 20 charts in two splits, 8 pages in one."""
    out = tmp_path_factory.mktemp("quality") / "out"
    make(
        out,
        generator="quality_kinds:ToyCharts",
        name=CHARTS,
        lang="en",
        options={"n": 25},
        splits={"train": 0.7, "validation": 0.3},
        samples_per_shard=8,
    )
    make(
        out,
        generator="quality_kinds:ToyPages",
        name=PAGES,
        lang="en",
        options={"n": 4},
        image_format="jpeg",
    )
    return out


@pytest.fixture
def out(pristine: Path, tmp_path: Path) -> Path:
    """A copy of the repository that a test may spoil."""
    return Path(shutil.copytree(pristine, tmp_path / "out"))


Edit = Callable[[list[dict[str, Any]]], list[dict[str, Any]] | None]


def rewrite(path: Path, edit: Edit) -> None:
    """Change the rows of a shard and keep its footer."""
    table = pq.read_table(path)
    rows = table.to_pylist()
    rows = edit(rows) or rows
    pq.write_table(pa.Table.from_pylist(rows, schema=table.schema), path, row_group_size=4)
