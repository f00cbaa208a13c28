from __future__ import annotations

import json
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.faults.faulty import make_here
from tests.tools.in_process import run_command
from vary_data.base.errors import SourceError, UsageError
from vary_data.dataset.mixture import Mixture, Part, resolve
from vary_data.dataset.reader import Dataset
from vary_data.engine.recipe import Recipe
from vary_data.generators.mix import Mix

INF = float("inf")


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mixture") / "out"
    make_here(folder, name="large-en", options={"num_samples": 40})
    make_here(folder, name="small-en", options={"num_samples": 10})
    return folder


def counts(out: Path, **data: Any) -> dict[str, int]:
    data.setdefault("datasets", [{"path": str(out)}])
    return {part.config: part.count for part in resolve(data).parts}


def part(out: Path, config: str, **facts: Any) -> dict[str, Any]:
    return {"path": str(out), "config": config, **facts}


def test_shares_and_counts(out: Path) -> None:
    assert counts(out) == {"large-en": 40, "small-en": 10}
    assert counts(out, samples=25) == {"large-en": 20, "small-en": 5}
    assert counts(out, samples=30, temperature=2.0) == {"large-en": 20, "small-en": 10}
    even = [part(out, "large-en", weight=1), part(out, "small-en", weight=1)]
    assert counts(out, datasets=even) == {"large-en": 10, "small-en": 10}
    assert counts(out, datasets=even, samples=60) == {"large-en": 30, "small-en": 30}
    fixed = [part(out, "large-en"), part(out, "small-en", count=25)]
    assert counts(out, datasets=fixed, samples=35) == {"large-en": 10, "small-en": 25}


def test_picks_are_whole_passes_and_a_seeded_rest() -> None:
    mixture = Mixture((), seed=3)
    picks = mixture.picks(Part("p", "c", "train", rows=10, count=24))
    assert len(picks) == 24
    times = Counter(row for row, _ in picks)
    assert sorted(times.values()) == [2] * 6 + [3] * 4
    assert picks == mixture.picks(Part("p", "c", "train", rows=10, count=24))
    assert picks != Mixture((), seed=4).picks(Part("p", "c", "train", rows=10, count=24))
    few = {row for row, _ in mixture.picks(Part("p", "c", "train", rows=10, count=3))}
    more = {row for row, _ in mixture.picks(Part("p", "c", "train", rows=10, count=4))}
    assert few < more


def test_a_description_resolves_to_itself(out: Path) -> None:
    first = resolve({"datasets": [{"path": str(out)}], "samples": 70, "seed": 5})
    assert resolve(yaml.safe_load(first.to_yaml())) == first


@pytest.mark.parametrize(
    ("data", "error", "message"),
    [
        ({"datasets": []}, UsageError, "no `datasets`"),
        ({"dataset": []}, UsageError, "did you mean 'datasets'?"),
        ({"datasets": [{"config": "x"}]}, UsageError, "has no `path`"),
        ({"datasets": [{"path": "OUT", "wight": 1}]}, UsageError, "did you mean 'weight'?"),
        ({"datasets": [{"path": "OUT", "weight": 0}]}, UsageError, "weight of the mixture must be"),
        ({"datasets": [{"path": "OUT", "split": "test"}]}, SourceError, "no finished split 'test'"),
        ({"datasets": [{"path": "nowhere"}]}, SourceError, "is not a folder"),
        (
            {"datasets": [{"path": "OUT", "count": 10**400}]},
            UsageError,
            "count of the mixture must",
        ),
        ({"datasets": [{"path": "OUT", "weight": INF}]}, UsageError, "weight of the mixture must"),
        ({"datasets": [{"path": "OUT", "count": 1e300}]}, UsageError, "would have 1e+300 samples"),
        ({"datasets": ["OUT"], "samples": INF}, UsageError, "samples of the mixture must be"),
        ({"datasets": ["OUT"], "samples": 1e300}, UsageError, "at most 1,000,000,000,000"),
        (
            {"datasets": ["OUT"], "temperature": 1e-300},
            UsageError,
            "1e-300 of the mixture is too low",
        ),
        ({"datasets": ["OUT"], "seed": "a"}, UsageError, "seed of the mixture must be a whole"),
        ({"datasets": [{"path": "OUT", "weight": 1e308}, "OUT"]}, UsageError, "would have"),
    ],
)
def test_mistakes(out: Path, data: Any, error: type[Exception], message: str) -> None:
    filled = json.loads(json.dumps(data).replace("OUT", str(out)))
    with pytest.raises(error) as raised:
        resolve(filled)
    assert message in str(raised.value)


def run(*arguments: Any) -> subprocess.CompletedProcess[str]:
    return run_command(*arguments)


def test_a_dataset_is_not_mixed_into_itself(out: Path) -> None:
    done = run("mix", out, "-n", 5, "-o", out)
    assert done.returncode == 2
    assert "is one of the mixed datasets" in done.stderr
    assert not (out / "mix").exists()


def test_mixing_copies_rows_as_they_are(out: Path, tmp_path: Path) -> None:
    made = run("mix", out, "--samples", 60, "-o", tmp_path / "mixed", "--name", "m")
    assert made.returncode == 0, made.stderr
    assert "large-en (train): 48 of 40 rows, 80.0%, 1.20 passes" in made.stderr
    rows = list(Dataset.open(tmp_path / "mixed").config("m").rows())
    assert len(rows) == len({row["id"] for row in rows}) == 60
    originals = {r["id"]: r for c in Dataset.open(out).configs for r in c.rows()}
    for row in rows:
        origin = originals[json.loads(row["meta"])["origin"]]
        kept = ("text", "messages", "regions", "doc_id", "seed", "kind")
        assert {name: row[name] for name in kept} == {name: origin[name] for name in kept}
        assert row["image"]["bytes"] == origin["image"]["bytes"]


def test_folders_made_alike_keep_their_ids_apart(out: Path, tmp_path: Path) -> None:
    make_here(tmp_path / "other", name="small-en", options={"num_samples": 10})
    parts = [part(out, "small-en"), part(tmp_path / "other", "small-en")]
    description = tmp_path / "mixture.yaml"
    description.write_text(yaml.safe_dump({"datasets": parts}))
    recipe = Recipe.from_dict(
        {"generator": "mix", "name": "mix", "lang": "en", "options": {"mixture": str(description)}},
        Mix.Options,
    )
    keys = [task.key for task in Mix().tasks(recipe)]
    assert len(keys) == len(set(keys)) == 20


def test_describing_writes_one_file(out: Path, tmp_path: Path) -> None:
    made = run("mix", out, "--weights", "1", "--describe", "-o", tmp_path / "mix.yaml")
    assert made.returncode == 0, made.stderr
    data = yaml.safe_load((tmp_path / "mix.yaml").read_text())
    assert [(d["config"], d["rows"]) for d in data["datasets"]] == [
        ("large-en", 40),
        ("small-en", 10),
    ]
    wrong = run("mix", out, "--weights", "1,2", "--describe", "-o", tmp_path / "mix.yaml")
    assert wrong.returncode == 2
    assert "2 weights for 1 folders" in wrong.stderr
