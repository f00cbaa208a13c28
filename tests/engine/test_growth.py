"""A configuration grows: the same command with a larger size keeps the rows that are there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from click.testing import CliRunner

from tests.faults import faulty
from tests.tools.in_process import tasks_in_this_process, worker_processes  # noqa: F401
from tests.tools.plain_pdfs import write_pdfs
from vary_data import generate, make_recipe, open_dataset, validate
from vary_data.base.errors import OutputError, PlanMismatch, UsageError, VaryError
from vary_data.base.options import option
from vary_data.cli import group
from vary_data.dataset.reader import Dataset
from vary_data.engine import growth, shard
from vary_data.engine.generator import Task
from vary_data.engine.plan import RunPlan
from vary_data.engine.recipe import Recipe
from vary_data.engine.shard import ShardWork
from vary_data.engine.writer import ShardWriter

GENERATOR = f"{__name__}:Growing"


@dataclass(frozen=True)
class Options(faulty.Options):
    num_samples: int = option(20, role="count")
    first: str = ""


class Growing(faulty.FaultyGenerator):
    """`faulty` with a size. With `first`, the tasks that a larger plan adds are its first ones."""

    name = GENERATOR
    Options = Options

    def tasks(self, recipe: Recipe) -> Sequence[Task]:
        tasks = super().tasks(recipe)
        return tasks[::-1] if recipe.options.first else tasks


def grow(out: Path, count: int, **changes: Any) -> int:
    """Make a configuration with so many tasks; the number of tasks that were run."""
    run: list[str] = []
    jobs_of = ShardWork.jobs

    def jobs(work: ShardWork, plan: RunPlan) -> Iterator[Any]:
        for job in jobs_of(work, plan):
            run.append(job[0].key)
            yield job

    settings = {"samples_per_shard": 7, "splits": {"train": 0.7, "test": 0.3}, **changes}
    with mock.patch.object(ShardWork, "jobs", jobs):
        generate(GENERATOR, out, workers=1, num_samples=count, **settings)
    return len(run)


def files(out: Path, config: str = "faulty-en") -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((out / config / "data").iterdir())}


@pytest.mark.parametrize(("small", "large"), [(12, 14), (20, 60), (3, 100)])
def test_shards_are_those_of_a_fresh_run(tmp_path: Path, small: int, large: int) -> None:
    faults = ("2:reject", "5:several", "9:retried", "13:reject")
    assert grow(tmp_path / "out", small, faults=faults) == small
    assert grow(tmp_path / "out", large, faults=faults) == large - small
    grow(tmp_path / "fresh", large, faults=faults)
    assert files(tmp_path / "out") == files(tmp_path / "fresh")
    assert validate(tmp_path / "out").clean
    stems = [path.stem for path in (tmp_path / "out/faulty-en/.vary/shards").iterdir()]
    assert sorted(stems) == [Path(name).stem for name in files(tmp_path / "fresh")]
    assert grow(tmp_path / "out", large, faults=faults) == 0


def test_rows_in_another_order(tmp_path: Path) -> None:
    grow(tmp_path / "out", 20, first="new")
    grow(tmp_path / "out", 45, first="new")
    grow(tmp_path / "fresh", 45, first="new")
    assert files(tmp_path / "out") == files(tmp_path / "fresh")


def test_a_growth_that_was_killed_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed while rows are taken over, then grown further than was asked at first."""
    grow(tmp_path / "out", 30)
    commit = shard.commit
    left = [2]

    def killed(*arguments: Any) -> None:
        if not left[0]:
            raise OutputError("killed")
        left[0] -= 1
        commit(*arguments)

    monkeypatch.setattr(growth, "commit", killed)
    with pytest.raises(OutputError, match="killed"):
        grow(tmp_path / "out", 40)
    assert not all(shard.finished for shard in Dataset.open(tmp_path / "out").configs[0].shards)
    monkeypatch.setattr(growth, "commit", commit)
    assert grow(tmp_path / "out", 60) <= 60 - 30 + 7, "few tasks are run again"
    grow(tmp_path / "fresh", 60)
    assert files(tmp_path / "out") == files(tmp_path / "fresh")
    assert "before" not in open_dataset(tmp_path / "out").configs[0].plan


def test_it_does_not_shrink_or_change(tmp_path: Path) -> None:
    grow(tmp_path, 20)
    before = files(tmp_path)
    with pytest.raises(PlanMismatch, match="num_samples: 20 there, 12 now"):
        grow(tmp_path, 12)
    with pytest.raises(PlanMismatch, match="seed: 0 there, 1 now"):
        grow(tmp_path, 40, seed=1)
    assert files(tmp_path) == before


def test_parts_of_a_run_do_not_grow(tmp_path: Path) -> None:
    runner = CliRunner()
    command = ["render-charts", "--types", "bar", "-o", str(tmp_path), "-j", "1", "-q"]
    assert runner.invoke(group, [*command, "-n", "2"]).exit_code == 0
    part = runner.invoke(group, [*command, "-n", "4", "--shards", "0/2"])
    assert isinstance(part.exception, UsageError)
    assert "without --shards" in str(part.exception)


def test_charts_and_records_grow(tmp_path: Path) -> None:
    for generator in ("render-charts", "semantic-charts"):
        for out, counts in (("out", (3, 6)), ("fresh", (6,))):
            for count in counts:
                generate(
                    generator,
                    tmp_path / out,
                    workers=1,
                    num_samples=count,
                    backend="matplotlib",
                    splits={"train": 0.5, "validation": 0.5},
                )
    for name in ("charts-en", "semantic-charts-en"):
        assert files(tmp_path / "out", name) == files(tmp_path / "fresh", name)


def test_pages_grow_to_all(tmp_path: Path) -> None:
    """A choice of documents is in the order of choice, all documents are in that of the sources."""
    text = "This line is one of many on a page about the growth of data sets in folders."
    write_pdfs(tmp_path, {f"{i}.pdf": [f"Document {i}. {text}"] * 3 for i in range(4)})
    runner = CliRunner()
    for out, sizes in (("out", (["-n", "4"], ["-n", "7"], [])), ("fresh", ([],))):
        for size in sizes:
            command = ["pages", "--src", str(tmp_path), "-o", str(tmp_path / out), "-j", "1", "-q"]
            done = runner.invoke(group, [*command, *size])
            assert done.exit_code == 0, (done.output, done.exception)
    assert files(tmp_path / "out", "pages") == files(tmp_path / "fresh", "pages")


def test_a_run_without_rows_does_not_occupy_its_name(tmp_path: Path) -> None:
    def run(**changes: Any) -> None:
        generate(GENERATOR, tmp_path, workers=1, num_samples=2, **changes)

    run(faults=("0:reject", "1:reject"))
    run(seed=4)
    assert [row["id"] for row in open_dataset(tmp_path).config("faulty-en").rows()] == [
        "faulty-en-00000",
        "faulty-en-00001",
    ]
    with pytest.raises(VaryError, match="another recipe"):
        run(seed=5)


def test_a_run_leaves_none_of_its_own_temporary_files(tmp_path: Path) -> None:
    """A signal between the creation of a file and its context leaves it to the end of the run."""
    writer = ShardWriter.__enter__
    with (
        mock.patch.object(ShardWriter, "__enter__", side_effect=KeyboardInterrupt),
        pytest.raises(KeyboardInterrupt),
    ):
        grow(tmp_path, 2)
    assert ShardWriter.__enter__ is writer
    assert list((tmp_path / "faulty-en/.vary/incomplete").iterdir()) == []


def test_the_size_of_a_recipe() -> None:
    charts = make_recipe("render-charts", num_samples=10)
    assert charts.extends(make_recipe("render-charts", num_samples=9).to_dict())
    for other in (
        make_recipe("render-charts", num_samples=10),
        make_recipe("render-charts", num_samples=11),
        make_recipe("render-charts", num_samples=9, seed=1),
        make_recipe("render-charts", num_samples=9, backend="both"),
    ):
        assert not charts.extends(other.to_dict())
    pages = make_recipe("pages", src=["x"])
    assert pages.extends(pages.limited(5).to_dict())
    assert pages.extends(pages.scaled(0.1).to_dict())
    assert not pages.limited(5).extends(pages.to_dict())
    for damaged in ({}, {"options": 3}, {"options": {"num_samples": "x"}}):
        assert not charts.extends(damaged)
