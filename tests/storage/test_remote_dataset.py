"""A dataset at a URL is the one that a local run makes, whatever the store does meanwhile."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from renderers.picture import pixel_hash
from tests.faults.faulty import GENERATOR, TIMEOUT, FaultyGenerator, Options, let_continue
from tests.tools.faulty_store import Store
from tests.tools.in_process import InProcess, pools
from vary_data import generators
from vary_data.base import remote_path
from vary_data.base.errors import OutputError, PlanMismatch, SourceError
from vary_data.base.storage import entries, location
from vary_data.cli import group
from vary_data.dataset.reader import Dataset
from vary_data.engine.executors import local
from vary_data.engine.plan import RunPlan
from vary_data.engine.recipe import Recipe
from vary_data.quality.validate import validate

ROOT = Path(__file__).resolve().parents[2]
FAULTS = ("2:segfault", "4:reject", "8:raise", "11:retried", "14:several")


def make(out: str | Path, **options: Any) -> RunPlan:
    values = {"num_samples": 40, "faults": FAULTS, **options}
    recipe = Recipe(
        GENERATOR, "faulty-en", "en", Options(**values), samples_per_shard=7, timeout=TIMEOUT
    )
    plan = RunPlan.resolve(recipe, FaultyGenerator())
    local.run(plan, location(str(out)), generators.load, 1)
    return plan


def make_here(out: str | Path, **options: Any) -> RunPlan:
    """The same without workers, and without the fault that ends one."""
    with pools(InProcess):
        return make(out, faults=FAULTS[1:], **options)


def content(out: str | Path) -> list[tuple[Any, ...]]:
    config = Dataset.open(str(out)).config("faulty-en")
    rows = config.rows()
    found = [(r["id"], r["text"], str(r["regions"]), pixel_hash(r["image"]["bytes"])) for r in rows]
    return [*found, *((r.key, r.reason, r.attempt) for r in config.rejections())]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote_path, "RETRY_PAUSES", (0.0, 0.0, 0.0, 0.0))


@pytest.mark.usefixtures("quick")
def test_a_failing_store_changes_nothing(tmp_path: Path, bucket: str, s3_server: Store) -> None:
    s3_server.faults.clear()
    s3_server.every = 5
    make(f"{bucket}/out")
    assert s3_server.faults.total() > 5
    s3_server.every = 0
    assert content(f"{bucket}/out") == content(make_local(tmp_path))
    card = (location(bucket) / "out" / "README.md").read_text()
    assert card == (tmp_path / "out" / "README.md").read_text("utf-8")
    assert not validate(location(f"{bucket}/out"), deep=True, jobs=1, replays=1).problems


def make_local(tmp_path: Path) -> Path:
    make(tmp_path / "out")
    return tmp_path / "out"


@pytest.mark.usefixtures("quick")
def test_what_is_there_is_not_made_again(bucket: str, s3_server: Store) -> None:
    make_here(f"{bucket}/out")
    files = entries(location(f"{bucket}/out/faulty-en/data"))
    kept = {file: file.version() for file in files if file != files[2]}  # type: ignore[union-attr]
    files[2].unlink()
    before = s3_server.requests["PUT"]
    plan = make_here(f"{bucket}/out")
    # one shard, its report, the card
    assert s3_server.requests["PUT"] - before == 3
    assert {file: file.version() for file in kept} == kept  # type: ignore[union-attr]
    assert len(files) == len(plan.shards)
    with pytest.raises(PlanMismatch, match=r"options.num_samples: 40 there, 41 now"):
        make_here(f"{bucket}/out", num_samples=41)


@pytest.mark.usefixtures("quick")
def test_a_store_that_refuses_is_one_line(bucket: str, s3_server: Store) -> None:
    s3_server.refuse_writes = True
    with pytest.raises(
        OutputError, match=rf"cannot write {bucket}/out/faulty-en/.vary/(plan|recipe)"
    ):
        make(f"{bucket}/out")


QUICK = f"""
import sys
from vary_data.base import remote_path
from vary_data.cli import main
sys.path[0] = {str(ROOT)!r}
remote_path.RETRY_PAUSES = (0.0, 0.0, 0.0, 0.0)
main()
"""
"""`python -m vary_data` that does not wait before it repeats a request. Workers find the tests, but
not by the current folder."""


def test_a_killed_run_resumes(tmp_path: Path, bucket: str, s3_server: Store) -> None:
    recipe = tmp_path / "recipe.yaml"
    data = {
        "generator": GENERATOR,
        "name": "faulty-en",
        "samples_per_shard": 7,
        "timeout": TIMEOUT,
        "options": {
            "num_samples": 40,
            "faults": [*FAULTS, "30:wait"],
            "state": str(tmp_path),
        },
    }
    recipe.write_text(yaml.safe_dump(data), "utf-8")
    command = [sys.executable, "-c", QUICK, "run", str(recipe), "-o", f"{bucket}/out"]
    s3_server.every = 7
    said = tmp_path / "said"
    with said.open("w") as file:
        process = subprocess.Popen([*command, "-j", "1"], cwd=ROOT, stderr=file)
    folder = location(f"{bucket}/out/faulty-en/data")
    deadline = time.monotonic() + 200
    while not entries(folder):
        assert process.poll() is None, said.read_text()
        assert time.monotonic() < deadline
        time.sleep(0.1)
    process.kill()
    process.wait()
    there = {str(file): file.version() for file in entries(folder)}  # type: ignore[union-attr]
    assert 1 <= len(there) <= 4
    let_continue(tmp_path, 30)
    done = subprocess.run([*command, "-j", "1"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    s3_server.every = 0
    assert {name: location(name).version() for name in there} == there  # type: ignore[union-attr]
    make(tmp_path / "out")
    assert content(f"{bucket}/out") == content(tmp_path / "out")


@pytest.mark.usefixtures("quick")
def test_every_command_reads_urls(tmp_path: Path, bucket: str) -> None:
    out = f"{bucket}/out"
    make_here(out)

    def run(*words: str) -> str:
        done = CliRunner().invoke(group, list(words))
        assert done.exit_code == 0, (done.output, done.exception)
        return done.stdout

    (status,) = json.loads(run("status", out, "--json"))
    assert (status["finished"], status["samples"]) == (6, 40)
    assert run("finish", out) == "faulty-en: complete, 6 shards\n"
    assert json.loads(run("stats", out, "--json"))["samples"] == 40
    assert "clean" in run("validate", out)
    run("preview", out, "-n", "3", "-o", str(tmp_path / "page.html"))
    assert "faulty-en" in (tmp_path / "page.html").read_text("utf-8")
    run("preview", out, "-n", "3")
    assert (location(out) / "preview.html").exists()
    run("export", out, "--format", "llava", "--to", str(tmp_path / "llava"))
    run("mix", out, "--samples", "10", "-o", f"{bucket}/mixed", "-j", "1", "-q")
    assert len(list(Dataset.open(f"{bucket}/mixed").config("mix").rows(["id"]))) == 10
    sample = next(Dataset.open(out).config("faulty-en").rows(["id"]))["id"]
    assert run("replay", out, sample).count("same") == 3


@pytest.mark.usefixtures("quick")
def test_nothing_is_left_on_this_disk(
    bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    killed = tmp_path / "vary-data-of-a-killed-run"
    killed.mkdir()
    for name in ("owner", "train-00000-of-00001.parquet.half"):
        (killed / name).touch()
    make(f"{bucket}/out")
    assert list(tmp_path.iterdir()) == []


def test_packaged_inputs_of_a_run_to_a_url_lie_in_the_cache(
    tmp_path: Path, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    recipe = tmp_path / "recipe.yaml"
    entry = {"generator": "negatives", "lang": "en", "options": {"coco": "{coco}", "n": 3}}
    data = {"variables": {"coco": "{demo}/pictures"}, "configurations": [entry]}
    recipe.write_text(yaml.safe_dump(data), "utf-8")
    words = ["run", str(recipe), "-o", f"{bucket}/out", "-j", "1", "-q"]
    done = CliRunner().invoke(group, words)
    assert done.exit_code == 0, (done.output, done.exception)
    assert len(list(Dataset.open(f"{bucket}/out").configs[0].rows(["id"]))) == 3
    assert (tmp_path / "cache" / "vary-data" / "demo-inputs" / "pictures").is_dir()
    assert not (tmp_path / "s3:").exists()


@pytest.mark.usefixtures("quick")
def test_a_store_that_is_away_is_one_line(bucket: str, s3_server: Store) -> None:
    make_here(f"{bucket}/out")
    s3_server.every = 1
    with pytest.raises(SourceError, match=f"cannot read {bucket}/out: "):
        Dataset.open(f"{bucket}/out")
    with pytest.raises(OutputError, match=f"cannot read {bucket}/out: "):
        make_here(f"{bucket}/out")
