"""Runs that make a share of a plan each: Slurm arrays, several machines with one folder."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from renderers.picture import pixel_hash
from tests.faults.faulty import GENERATOR, TIMEOUT, FaultyGenerator, Options
from tests.tools.in_process import tasks_in_this_process, worker_processes  # noqa: F401
from vary_data import generators
from vary_data.base.errors import OutputError, UsageError
from vary_data.dataset.reader import Dataset
from vary_data.engine.executors import local
from vary_data.engine.executors.folder import locked, prepared
from vary_data.engine.output import WHOLE, ConfigWriter, Share
from vary_data.engine.plan import RunPlan
from vary_data.engine.recipe import Recipe
from vary_data.engine.writer import ShardWriter

ROOT = Path(__file__).resolve().parents[2]


def plan_of(samples: int = 30) -> RunPlan:
    options = Options(num_samples=samples, faults=("5:reject",))
    recipe = Recipe(GENERATOR, "faulty-en", "en", options, samples_per_shard=4, timeout=TIMEOUT)
    return RunPlan.resolve(recipe, FaultyGenerator())


def content(out: Path) -> list[tuple[str, str, str]]:
    rows = Dataset.open(out).config("faulty-en").rows()
    return [(row["id"], row["text"], pixel_hash(row["image"]["bytes"])) for row in rows]


@given(st.integers(1, 50), st.integers(0, 500))
def test_every_shard_belongs_to_one_share(count: int, number: int) -> None:
    assert sum(number in Share(index, count) for index in range(count)) == 1


@pytest.mark.parametrize("text", ["", "3", "a/b", "-1/4", "1/0", "1/4/2", "0.5/2"])
def test_what_is_no_share(text: str) -> None:
    with pytest.raises(UsageError, match="is not I/N"):
        Share.parse(text)


def test_shares_are_counted_from_zero() -> None:
    assert Share.parse("3/4") == Share(3, 4)
    assert Share.parse("0/1") == WHOLE
    with pytest.raises(UsageError, match=r"no part 4 of 4; .* --array=0-3"):
        Share.parse("4/4")


def test_three_shares_give_what_one_run_gives(tmp_path: Path) -> None:
    plan = plan_of()
    local.run(plan, tmp_path / "whole", generators.load, 1)
    for index in (2, 0):
        reports = local.run(plan, tmp_path / "parts", generators.load, 1, share=Share(index, 3))
        assert all(report.index % 3 == index for report in reports)
        assert not (tmp_path / "parts" / "README.md").exists()
    local.run(plan, tmp_path / "parts", generators.load, 1, share=Share(1, 3))
    assert content(tmp_path / "parts") == content(tmp_path / "whole")
    cards = [(tmp_path / name / "README.md").read_text("utf-8") for name in ("parts", "whole")]
    assert cards[0].replace("parts", "whole") == cards[1]
    assert not local.run(plan, tmp_path / "parts", generators.load, 1)


def test_more_shares_than_shards(tmp_path: Path) -> None:
    assert local.run(plan_of(4), tmp_path, generators.load, 1, share=Share(3, 5)) == []
    assert len(local.run(plan_of(4), tmp_path, generators.load, 1, share=Share(0, 5))) == 1
    assert Dataset.open(tmp_path).config("faulty-en").shards[0].finished


def test_shares_run_together_and_a_whole_run_alone(tmp_path: Path) -> None:
    plan = plan_of()
    with prepared(plan, tmp_path, generators.load, share=Share(0, 2)):
        with prepared(plan, tmp_path, generators.load, share=Share(1, 2)):
            pass
        with pytest.raises(OutputError, match="another run is writing"):
            local.run(plan, tmp_path, generators.load, 1)
    with (
        locked(ConfigWriter(tmp_path / "faulty-en")),
        pytest.raises(OutputError, match="another run is writing"),
    ):
        local.run(plan, tmp_path, generators.load, 1, share=Share(0, 2))


def test_a_share_leaves_alone_what_another_is_writing(tmp_path: Path) -> None:
    plan = plan_of()
    target = ConfigWriter(tmp_path / "faulty-en")
    own, foreign = plan.shards[0], plan.shards[1]
    left = target.temporary(own, "dead-host-1")
    left.parent.mkdir(parents=True)
    left.write_bytes(b"half a shard")
    temporary = target.temporary(foreign, "other-host-2")
    with ShardWriter(target.shard(foreign), temporary, {}):
        local.run(plan, tmp_path, generators.load, 1, share=Share(0, 2))
        assert temporary.exists()
        assert not left.exists()


def test_overwrite_is_not_for_shares(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="would delete what the other parts make"):
        local.run(plan_of(), tmp_path, generators.load, 1, overwrite=True, share=Share(0, 2))


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A shell in which `vary-data` is the command of this tree."""
    folder = tmp_path / "bin"
    folder.mkdir()
    command = folder / "vary-data"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m vary_data "$@"\n')
    command.chmod(0o755)
    path = f"{folder}:{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)}


def recipe_file(folder: Path) -> Path:
    file = folder / "recipe.yaml"
    data: dict[str, Any] = {"generator": GENERATOR, "name": "faulty-en", "samples_per_shard": 4}
    data["options"] = {"num_samples": 30, "faults": ["5:reject"]}
    data["timeout"] = TIMEOUT
    file.write_text(yaml.safe_dump(data), "utf-8")
    return file


def test_the_slurm_script_of_the_docs(tmp_path: Path, environment: dict[str, str]) -> None:
    script = ROOT / "docs" / "scaling" / "slurm-array.sh"
    recipe, out = recipe_file(tmp_path), tmp_path / "out"
    members = [
        subprocess.Popen(
            ["bash", str(script), str(recipe), str(out), "-q", "--json"],
            env={
                **environment,
                "SLURM_ARRAY_TASK_ID": str(member),
                "SLURM_ARRAY_TASK_COUNT": "2",
                "SLURM_CPUS_PER_TASK": "1",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for member in range(2)
    ]
    ends = [member.communicate(timeout=250) for member in members]
    assert [member.returncode for member in members] == [0, 0], ends
    said = [json.loads(stdout)["configurations"][0] for stdout, _ in ends]
    assert [(one["shards"], one["samples"]) for one in said] == [(4, 16), (4, 13)]
    local.run(plan_of(), tmp_path / "whole", generators.load, 1)
    assert content(out) == content(tmp_path / "whole")
    assert "| 29 | 8 of 8 |" in (out / "README.md").read_text("utf-8")


def test_the_array_of_the_script_is_counted_from_zero() -> None:
    script = (ROOT / "docs" / "scaling" / "slurm-array.sh").read_text("utf-8")
    assert re.search(r"^#SBATCH --array=0-\d+$", script, re.MULTILINE)


def test_finish_says_what_is_missing(tmp_path: Path, environment: dict[str, str]) -> None:
    local.run(plan_of(), tmp_path / "out", generators.load, 1, share=Share(0, 2))
    command = ["vary-data", "finish", str(tmp_path / "out")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stdout == "faulty-en: 4 of 8 shards are missing: 1, 3, 5, 7\n"
    assert "| 4 of 8 |" in (tmp_path / "out" / "README.md").read_text("utf-8")
