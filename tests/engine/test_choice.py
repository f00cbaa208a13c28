"""A part of the sources: `-n`, `--scale`, and plans of computed tasks."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from renderers.latex.renderer import LatexRenderer
from tests.faults.faulty import GENERATOR, Options
from tests.tools.plain_pdfs import write_pdfs
from vary_data.api import make_recipe
from vary_data.base.errors import UsageError
from vary_data.cli import group
from vary_data.engine.choice import chosen_names, chosen_tasks
from vary_data.engine.computed import PERIOD, PeriodicPositions, periodic_splits
from vary_data.engine.generator import ComputedTasks, Task
from vary_data.engine.plan import MAX_SHARDS, RunPlan
from vary_data.engine.recipe import Recipe
from vary_data.generators.chart_drawing import backend_types
from vary_data.generators.page_tasks import page_tasks
from vary_data.generators.render_charts import RenderCharts
from vary_data.sources.charts.type_mix import weight

TASKS = [Task(f"t{d}-{i}", f"document {d}", 3) for d in range(20) for i in range(4)]


def recipe(**changes: Any) -> Recipe:
    return Recipe(GENERATOR, "part", "en", Options(), **changes)


def test_all_without_a_choice() -> None:
    assert chosen_tasks(TASKS, recipe()) is TASKS


@pytest.mark.parametrize("fraction", [0.1, 0.5, 0.001])
def test_a_fraction_is_one_of_documents(fraction: float) -> None:
    chosen = chosen_tasks(TASKS, recipe(fraction=fraction))
    documents = {task.doc_id for task in chosen}
    assert len(documents) == max(1, round(20 * fraction))
    assert list(chosen) == [task for task in TASKS if task.doc_id in documents]


def test_a_larger_choice_holds_the_smaller_one() -> None:
    previous: set[str] = set()
    for samples in (1, 3, 10, 40, 500):
        chosen = chosen_tasks(TASKS, recipe(max_samples=samples))
        assert sum(task.weight for task in chosen) == min(240, -(-samples // 3) * 3)
        assert previous <= {task.key for task in chosen}
        previous = {task.key for task in chosen}
    other = chosen_names(map(str, range(100)), recipe(seed=1, fraction=0.1))
    assert other != chosen_names(map(str, range(100)), recipe(fraction=0.1))


def test_scaling_counts_or_documents() -> None:
    charts = make_recipe("render-charts", num_samples=1000)
    assert charts.scaled(0.01).options.num_samples == 10
    assert charts.limited(30).options.num_samples == 30
    pages = make_recipe("pages", src=["x"])
    assert pages.scaled(0.01).fraction == 0.01
    assert pages.scaled(3).fraction == 1
    assert pages.limited(30).max_samples == 30


def test_pages_open_only_the_chosen_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from vary_data.sources import pdfs

    pages = {f"{i:02}.pdf": [f"Document {i} has one page of text."] for i in range(40)}
    write_pdfs(tmp_path, pages)
    opened: list[str] = []
    original = pdfs._fingerprint
    monkeypatch.setattr(
        pdfs, "_fingerprint", lambda file: opened.append(file.name) or original(file)
    )
    made = make_recipe("pages", src=[tmp_path])
    few = page_tasks(replace(made, max_samples=5))
    assert sum(task.weight for task in few) == 5
    assert len(opened) == 16
    opened.clear()
    tenth = page_tasks(replace(made, fraction=0.1))
    assert sorted(opened) == [task.params["name"] for task in tenth]
    assert len(tenth) == 4
    assert {task.params["name"] for task in tenth} <= {task.params["name"] for task in few}


@given(
    count=st.integers(0, 5 * PERIOD),
    offsets=st.sets(st.integers(0, PERIOD - 1), min_size=1, max_size=50),
)
def test_positions_are_computed_like_listed(count: int, offsets: set[int]) -> None:
    positions = PeriodicPositions.below(tuple(sorted(offsets)), count)
    assert list(positions) == [i for i in range(count) if i % PERIOD in offsets]
    assert list(positions[3:9]) == list(positions)[3:9]


def test_periodic_splits_are_a_partition_with_exact_shares() -> None:
    splits = periodic_splits(2 * PERIOD, {"train": 0.9, "validation": 0.07, "test": 0.03})
    assert [len(positions) for positions in splits.values()] == [18_000, 1_400, 600]
    assert sorted(i for positions in splits.values() for i in positions) == [*range(2 * PERIOD)]
    # what a position belongs to does not depend on how many there are
    small = periodic_splits(100, {"train": 0.9, "validation": 0.07, "test": 0.03})
    for name, positions in small.items():
        assert list(positions) == [i for i in splits[name] if i < 100]


def test_a_billion_charts_are_planned_without_listing_them() -> None:
    made = make_recipe("render-charts", num_samples=10**9, samples_per_shard=20_000)
    plan = RunPlan.resolve(made, RenderCharts())
    assert isinstance(plan.tasks, ComputedTasks)
    assert len(plan.shards) == 50_000
    last, _ = list(plan.part(49_999).tasks_of(plan.part(49_999).shards[0]))[-1]
    assert last.key == "charts-en-999999999"
    assert plan.to_dict()["expected_samples"] == 10**9


def test_too_many_shards_are_refused() -> None:
    made = make_recipe("render-charts", num_samples=10**9)
    with pytest.raises(UsageError, match="--samples-per-shard 10001"):
        RunPlan.resolve(made, RenderCharts())
    fits = make_recipe("render-charts", num_samples=10**9, samples_per_shard=10_001)
    assert len(RunPlan.resolve(fits, RenderCharts()).shards) <= MAX_SHARDS


def types(count: int, **options: Any) -> list[tuple[str, str]]:
    made = make_recipe("render-charts", num_samples=count, **options)
    return [(t.params["backend"], t.params["type"]) for t in RenderCharts().tasks(made)]


def test_types_of_small_runs_are_drawn_evenly() -> None:
    drawn = types(12, backend="both")
    assert len({name for _, name in drawn}) >= 10
    assert {backend for backend, _ in drawn} == {"matplotlib", "pyecharts"}
    assert types(12, backend="both", seed=1) != drawn
    assert types(500, backend="both")[:12] == drawn


def test_every_round_has_all_types_by_their_weights() -> None:
    kinds = set(backend_types("matplotlib"))
    size = sum(map(weight, kinds))
    drawn = [type_ for _, type_ in types(2 * size)]
    for part in (drawn[:size], drawn[size:]):
        assert Counter(part) == {type_: weight(type_) for type_ in kinds}
    assert drawn[:size] != drawn[size:]
    frequent = [place for place, type_ in enumerate(drawn[:size]) if type_ == "bar"]
    gaps = [after - before for before, after in itertools.pairwise(frequent)]
    assert min(gaps) >= size / weight("bar") / 2, "they are spread over the round"


@pytest.mark.parametrize("name", ["demo", "vary-tiny"])
def test_a_packaged_recipe_is_planned_in_a_fresh_folder(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # On a new machine TeX takes minutes to measure the templates; the plan does not depend on it.
    monkeypatch.setattr(LatexRenderer, "coverage", lambda self, template: None)
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(
        group, ["run", name, "--dry-run", "--scale", "0.01", "-o", str(tmp_path / "new")]
    )
    assert done.exit_code == 0, done.exception
    assert "pages" in done.output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("os:system", "is no generator"),
        ("nowhere:Thing", "cannot be loaded"),
        ("os:Nothing", "cannot be loaded"),
        (":x", "unknown generator"),
    ],
)
def test_what_is_no_generator(name: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        make_recipe(name)


def test_a_split_alone_is_a_known_one() -> None:
    assert make_recipe("render-charts").splits == {"train": 1.0}
    done = CliRunner().invoke(group, ["render-charts", "--splits", "trian", "--dry-run"])
    assert "did you mean 'train'" in f"{done.output}{done.exception}"
    named = CliRunner().invoke(group, ["render-charts", "--splits", "hard=1", "--dry-run"])
    assert "1 of hard" in named.output


def test_a_pattern_that_the_shell_expanded(tmp_path: Path) -> None:
    write_pdfs(tmp_path, {f"{i}.pdf": [f"Document {i} has one page."] for i in range(3)})
    files = [str(tmp_path / f"{i}.pdf") for i in range(3)]
    done = CliRunner().invoke(group, ["pages", "--src", *files, "--dry-run", "-n", "2"])
    assert "about 2 samples" in done.output, done.exception
    whole = CliRunner().invoke(group, ["pages", "--src", *files, "--dry-run"])
    assert "about 3 samples" in whole.output
    alone = CliRunner().invoke(group, ["pages", files[0], "--dry-run"])
    assert "name paths with --src" in f"{alone.output}{alone.exception}"
