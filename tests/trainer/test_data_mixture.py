"""Training on a mixture's description is training on the rows that `vary-data mix` would copy."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import yaml

from tests.faults.faulty import make_here
from tests.tools.in_process import InProcess, pools, run_command
from tests.trainer.drawn_charts import charts, write
from trainer.data.catalog import TrainingSource, has_split, open_catalog
from trainer.data.order import SampleOrder
from trainer.errors import DataError
from vary_data.base.errors import SourceError
from vary_data.dataset.mixture_file import read_mixture


def ids(catalog: tuple[TrainingSource, ...], epochs: int = 1, mixed: int = 2) -> list[str]:
    """Ids of the samples in the order of training, epoch after epoch."""
    order = SampleOrder(catalog, {}, 1, mixed)
    refs = order.take(epochs * sum(c.rows for c in catalog))
    return [pq.ParquetFile(r.group.file).read_row_group(r.group.index)["id"][r.row].as_py()
            for r in refs]  # fmt: skip


def command(*arguments: Any) -> None:
    with pools(InProcess):
        run_command(*arguments).check_returncode()


def test_the_rows_are_those_that_mix_would_write(tmp_path: Path) -> None:
    make_here(tmp_path / "out", name="large-en", options={"num_samples": 40})
    make_here(tmp_path / "out", name="small-en", options={"num_samples": 10})
    parts = [{"path": "out", "config": "large-en", "count": 30},
             {"path": "out", "config": "small-en", "count": 25}]  # fmt: skip
    (tmp_path / "shares.yaml").write_text(yaml.safe_dump({"seed": 5, "datasets": parts}))
    described = tmp_path / "described" / "mix.yaml"
    command("mix", tmp_path / "shares.yaml", "--describe", "-o", described)
    command("mix", described, "-o", tmp_path / "mixed")
    written = Counter(
        json.loads(meta)["origin"]
        for file in (tmp_path / "mixed" / "mix" / "data").glob("*.parquet")
        for meta in pq.read_table(file, columns=["meta"])["meta"].to_pylist()
    )
    catalog = open_catalog([str(described)], "train")
    assert [(c.name, c.rows) for c in catalog] == [("large-en", 30), ("small-en", 25)]
    trained = ids(catalog, epochs=2)
    assert Counter(trained[:55]) == Counter(trained[55:]) == written
    assert sorted(written.values()) == [1] * 30 + [2] * 5 + [3] * 5
    assert trained[:55] != trained[55:]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    write(tmp_path / "a", "charts", charts(20), shards=2)
    write(tmp_path / "a", "charts", charts(4, prefix="v"), split="validation")
    write(tmp_path / "b", "charts", charts(6, prefix="o"))
    write(tmp_path / "b", "pages", charts(5, prefix="p"), split="validation")
    return tmp_path


def part(path: str, config: str = "charts", **fields: Any) -> dict[str, Any]:
    return {"path": path, "config": config, "split": "train", "rows": 20, "count": 5, **fields}


def describe(folder: Path, *parts: Any, **fields: Any) -> str:
    file = folder / "mix.yaml"
    file.write_text(yaml.safe_dump({"seed": 0, "datasets": list(parts), **fields}))
    return str(file)


def test_parts_of_one_name_and_folders_beside_a_mixture(data: Path) -> None:
    both = describe(data, part("a"), part("b", rows=6, count=9))
    (catalog,) = open_catalog([both], "train")
    assert catalog.rows == 14
    seen = Counter(name[0] for name in ids((catalog,), mixed=0))
    assert seen == {"c": 5, "o": 9}
    (catalog,) = open_catalog([both, str(data / "a")], "train")
    assert catalog.rows == 14 + 20


def test_validation_is_the_configurations_own(data: Path) -> None:
    mixed = describe(data, part("a"))
    assert has_split([mixed], "validation")
    (catalog,) = open_catalog([mixed], "validation")
    assert sorted(ids((catalog,))) == ["v0", "v1", "v2", "v3"]
    # what is trained on does not validate
    alone = part("b", "pages", split="validation", rows=5)
    assert not has_split([describe(data, alone)], "validation")
    assert [c.rows for c in open_catalog([describe(data, alone)], "train")] == [5]


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ([part("c")], "c is not a dataset folder"),
        ([part("a", "chart")], "has no configuration 'chart'; did you mean 'charts'?"),
        ([part("a", rows=21)], "has 20 rows in split 'train', 21 when it was described; describe"),
        ([part("a", split="test")], "has 0 rows in split 'test', 20 when it was described"),
        ([part("a", count="many")], "count is 'many'; expected a whole number"),
        ([{"path": "a", "weight": 2}], "a dataset has no config and no split and no rows and no"),
        (["a"], "'a' is not a part of a mixture"),
        ([], "names no datasets"),
    ],
)
def test_mistakes_are_one_line(data: Path, parts: list[Any], message: str) -> None:
    with pytest.raises(SourceError) as error:
        open_catalog([describe(data, *parts)], "train")
    assert message in str(error.value)
    assert "mix.yaml" in str(error.value)
    assert "\n" not in str(error.value)


def test_other_files_are_refused_as_mixtures(data: Path) -> None:
    with pytest.raises(DataError, match=r"nothing\.yaml does not exist; `vary-data mix --describe"):
        open_catalog([str(data / "nothing.yaml")], "train")
    with pytest.raises(DataError, match=r"defines its own shares; leave out data\.weights"):
        open_catalog([describe(data, part("a"))], "train", {"charts": 1.0})
    recipe = data / "recipe.yaml"
    recipe.write_text("stage: tiny\n")
    with pytest.raises(SourceError, match="is not a mixture; expected what `vary-data mix"):
        open_catalog([str(recipe)], "train")
    recipe.write_text("stage: [tiny\n")
    with pytest.raises(SourceError, match="cannot be read as a mixture"):
        read_mixture(recipe)
    (data / "mix.txt").touch()
    with pytest.raises(DataError, match=r"mix\.txt is not a dataset folder"):
        open_catalog([str(data / "mix.txt")], "train")
