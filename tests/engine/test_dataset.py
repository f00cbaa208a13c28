"""What other programs see of a dataset."""

from __future__ import annotations

import json
import math
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from renderers.picture import Cell, Region, encode, pixel_hash
from tests.faults.faulty import make_here
from tests.tools.in_process import run_command
from vary_data.base.errors import SourceError
from vary_data.base.seed import stable_hash
from vary_data.dataset.reader import Dataset
from vary_data.dataset.schema import COLUMNS, REGION, arrow_schema
from vary_data.engine.rows import deserialize, region_of, serialize, to_batch
from vary_data.engine.sample import Sample, Turn


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dataset") / "out"
    splits = {"train": 0.7, "test": 0.3}
    make_here(folder, options={"num_samples": 30, "faults": ("4:reject",)}, splits=splits)
    make_here(folder, name="second-en", options={"num_samples": 5})
    return folder


def test_load_dataset_gives_typed_columns(out: Path, tmp_path: Path) -> None:
    from datasets import Image, load_dataset

    data = load_dataset(str(out), "faulty-en", cache_dir=str(tmp_path))
    assert set(data) == {"train", "test"}
    assert data["train"].num_rows + data["test"].num_rows == 29
    assert isinstance(data["train"].features["image"], Image)
    row = data["train"][0]
    assert row["image"].size == (32, 24)
    whole = {"bbox": [0, 0, 32, 24], "text": row["text"], "role": "line", "order": 0}
    assert row["regions"] == [{**dict.fromkeys(REGION.names), **whole}]
    assert row["messages"] == [
        {
            "role": "user",
            "content": [{"type": "image", "text": None}, {"type": "text", "text": "Read it."}],
        },
        {"role": "assistant", "content": [{"type": "text", "text": row["text"]}]},
    ]


def test_streaming_and_the_second_configuration(out: Path) -> None:
    from datasets import load_dataset

    stream = load_dataset(str(out), "second-en", split="train", streaming=True)
    assert [row["id"] for row in stream] == [f"second-en-{i:05d}" for i in range(5)]


def test_the_schema_is_what_datasets_would_write() -> None:
    from datasets import Features

    described = Features.from_arrow_schema(arrow_schema())
    assert described.arrow_schema.equals(arrow_schema())
    assert list(described) == list(COLUMNS)


def test_parquet_layout(out: Path) -> None:
    (shard, *_) = sorted((out / "faulty-en/data").glob("*.parquet"))
    file = pq.ParquetFile(shard)
    columns = {
        file.metadata.row_group(0).column(i).path_in_schema: file.metadata.row_group(0).column(i)
        for i in range(file.metadata.row_group(0).num_columns)
    }
    assert columns["image.bytes"].compression == "UNCOMPRESSED"
    assert not columns["image.bytes"].has_dictionary_page
    assert columns["text"].compression == "ZSTD"
    assert columns["kind"].has_dictionary_page
    assert file.schema_arrow.metadata[b"vary.shard"].startswith(b"0/")


def test_reading_back(out: Path) -> None:
    config = Dataset.open(out).config("faulty-en")
    assert config.splits == ("train", "test")
    row = config.find("faulty-en-00007")
    assert row is not None
    assert row["id"] == "faulty-en-00007"
    assert config.find("faulty-en-00004") is None
    assert [r.key for r in config.rejections()] == ["faulty-en-00004"]
    assert Dataset.open(out / "second-en").configs[0].name == "second-en"
    with pytest.raises(SourceError, match="no configuration 'secnd-en'; did you mean 'second-en'"):
        Dataset.open(out).config("secnd-en")
    with pytest.raises(SourceError, match="is not a folder"):
        Dataset.open(out / "nothing")
    with pytest.raises(SourceError, match="holds no dataset"):
        Dataset.open(out / "faulty-en" / "data")


def test_the_card_lists_every_configuration(out: Path) -> None:
    from huggingface_hub import DatasetCard

    card = DatasetCard((out / "README.md").read_text())
    assert [c["config_name"] for c in card.data.configs] == ["faulty-en", "second-en"]
    assert "| faulty-en |" in card.text


REGIONS = (
    Region(
        (0.5, 1.0, 2.25, 3.0), "字", "word", parent=2, order=2, quad=(0.5, 3, 0.5, 1, 2, 1, 2, 3)
    ),
    Region((0, 0, 9, 9), "x", "list_item", level=2, order=0, continues=3),
    Region((0, 0, 9, 9), "", "cell", order=1, cell=Cell(0, 1, 2, 3, header=True)),
    Region((0, 0, 9, 9), "y", "list_item", level=2, order=3),
)


def test_rows_survive_the_trip_from_worker_to_writer() -> None:
    sample = Sample(
        id="a", image=b"\x89PNG", image_format="png", width=2, height=1, text="图 1\n\\(x\\)",
        prompt="", kind="vqa", format="answer", lang="zh", doc_id="d", source="s",
        license="MIT", renderer="r", template="t", seed=2**64 - 1, attempt=2,
        regions=REGIONS,
        turns=(
            Turn("user", "一?", image=True),
            Turn("assistant", "1"),
            Turn("user", "二?"),
            Turn("assistant", "2"),
        ),
        meta={"b": [1, 2], "a": "字"},
    )  # fmt: skip
    (row,) = deserialize(serialize(to_batch([sample]))).to_pylist()
    assert row["seed"] == 2**64 - 1
    assert row["image"] == {"bytes": b"\x89PNG", "path": "a.png"}
    assert tuple(map(region_of, row["regions"])) == REGIONS
    assert [m["role"] for m in row["messages"]] == ["user", "assistant"] * 2
    assert json.loads(row["meta"]) == {"b": [1, 2], "a": "字"}


def test_pixel_hash_does_not_depend_on_the_encoding() -> None:
    import numpy as np

    pixels = np.arange(48, dtype=np.uint8).reshape(4, 4, 3)
    assert pixel_hash(encode(pixels)) == pixel_hash(encode(pixels, "png"))
    changed = pixels.copy()
    changed[0, 0, 0] += 1
    assert pixel_hash(encode(pixels)) != pixel_hash(encode(changed))
    assert pixel_hash(encode(pixels[:, :, 0])) != pixel_hash(encode(pixels))


def test_hash_parts_do_not_run_together() -> None:
    assert stable_hash("ab", "c") != stable_hash("a", "bc")
    # A change of this value changes every dataset ever made.
    assert stable_hash("split", "document-1") == 1561832992527507165


def run(*arguments: Any) -> subprocess.CompletedProcess[str]:
    return run_command(*arguments)


def test_help_takes_less_than_half_a_second_of_processor_time() -> None:
    best = math.inf
    for _ in range(3):
        start = processor_time_of_children()
        result = subprocess.run(
            [sys.executable, "-m", "vary_data", "--help"], capture_output=True, text=True
        )
        best = min(best, processor_time_of_children() - start)
    assert result.returncode == 0
    assert "render-charts" in result.stdout
    assert best < 0.5


def processor_time_of_children() -> float:
    """Seconds; unlike elapsed time, they hardly depend on the load of the machine."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def test_status(out: Path) -> None:
    result = run("status", out)
    assert "second-en: complete, 1 of 1 shards, 5 samples" in result.stdout
    facts = json.loads(run("status", out, "--json").stdout)
    assert facts[0]["rejected"] == {"too-plain": 1}


RECIPE = """
output: {out}
defaults: {{generator: "tests.faults.faulty:FaultyGenerator", samples_per_shard: 4}}
configurations:
  - {{lang: en, name: one, options: {{num_samples: 6}}}}
  - {{lang: both, name: two, options: {{num_samples: 3}}}}
"""


def test_run_makes_every_configuration_and_resumes(tmp_path: Path) -> None:
    file = tmp_path / "recipe.yaml"
    file.write_text(RECIPE.format(out=tmp_path / "out"))
    planned = run("run", file, "--dry-run")
    assert "one: 6 tasks, about 6 samples, shards: 2 of train" in planned.stdout
    assert not (tmp_path / "out").exists()
    made = run("run", file, "--json")
    assert made.returncode == 0, made.stderr
    result = json.loads(made.stdout)
    assert {c["name"]: c["samples"] for c in result["configurations"]} == {
        "one": 6,
        "two-en": 3,
        "two-zh": 3,
    }
    again = run("run", file)
    assert again.stdout.strip() == str(tmp_path / "out")
    assert "one: all 2 shards are already finished" in again.stderr


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ("- 1", 2, "must hold a mapping"),
        ("a: [", 2, "is not YAML"),
        (
            "generator: render-chart",
            2,
            "unknown generator 'render-chart'; did you mean 'render-charts'?",
        ),
        ("kind: pages", 2, "the recipe key 'kind' is now 'generator'"),
        ("configuratons: []\nconfigurations: []", 2, "did you mean 'configurations'?"),
        (
            "generator: 'tests.faults.faulty:FaultyGenerator'\noptions: {num: 1}",
            2,
            "unknown key options.num",
        ),
        (
            "generator: 'tests.faults.faulty:FaultyGenerator'\noptions: {num_samples: 0}",
            1,
            "nothing to do",
        ),
    ],
)
def test_mistakes_in_a_recipe_file(tmp_path: Path, text: str, code: int, message: str) -> None:
    file = tmp_path / "recipe.yaml"
    file.write_text(text)
    result = run("run", file, "-o", tmp_path / "out")
    assert result.returncode == code
    assert message in result.stderr.replace("\n  ", "; ")
    assert "Traceback" not in result.stderr


def test_usage_errors() -> None:
    result = run("statu")
    assert result.returncode == 2
    assert "did you mean 'status'?" in result.stderr
    assert run("run", "no-such-file.yaml").returncode == 1


def test_too_many_rejections(tmp_path: Path) -> None:
    file = tmp_path / "recipe.yaml"
    file.write_text(
        "generator: 'tests.faults.faulty:FaultyGenerator'\nname: x\n"
        "options: {num_samples: 4, faults: ['0:reject', '1:reject']}"
    )
    result = run("run", file, "-o", tmp_path / "out", "--max-reject-rate", "0.4")
    assert result.returncode == 3
    assert "2 of 4 were rejected (50.0%)" in result.stderr
    assert run("run", file, "-o", tmp_path / "out").returncode == 0


def test_ctrl_c_keeps_finished_shards(tmp_path: Path) -> None:
    import signal

    file = tmp_path / "recipe.yaml"
    file.write_text(
        "generator: 'tests.faults.faulty:FaultyGenerator'\nname: x\nsamples_per_shard: 5\n"
        f"options: {{num_samples: 100, faults: ['50:wait'], state: '{tmp_path}'}}"
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "vary_data", "run", str(file), "-o", str(tmp_path / "out")],
        stderr=subprocess.PIPE,
        text=True,
        # A test run in the background ignores Ctrl-C, and its children would inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    deadline = time.monotonic() + 200
    while not list(tmp_path.glob("out/x/data/*.parquet")):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate()
    assert process.returncode == 130
    assert "are finished and kept" in errors
    assert len(list(Dataset.open(tmp_path / "out").config("x").rows(["id"]))) >= 5
    assert not list(tmp_path.glob("out/x/.vary/incomplete/*"))


def test_ctrl_c_keeps_finished_tasks_of_an_unfinished_shard(tmp_path: Path) -> None:
    import signal

    def recipe(name: str, faults: str) -> Path:
        file = tmp_path / f"{name}.yaml"
        file.write_text(
            "generator: 'tests.faults.faulty:FaultyGenerator'\nname: x\n"
            f"options: {{num_samples: 60, faults: [{faults}], state: '{tmp_path}'}}"
        )
        return file

    file = recipe("stopped", "'7:reject', '30:once-hang', '31:once-hang'")
    line = [sys.executable, "-m", "vary_data", "run", file, "-o", tmp_path / "out", "-j", "2"]
    process = subprocess.Popen(
        [*map(str, line)],
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    deadline = time.monotonic() + 200
    while not all((tmp_path / f"x-{i:05d}").exists() for i in (30, 31)):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    time.sleep(0.5)  # both workers hang; the parent writes what they sent before
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate()
    assert process.returncode == 130, errors
    stopped = Dataset.open(tmp_path / "out").config("x")
    kept = [row["id"] for row in stopped.rows(["id"])]
    assert kept == [f"x-{i:05d}" for i in range(30) if i != 7][: len(kept)]
    assert kept
    status = run("status", tmp_path / "out")
    assert "unfinished" in status.stdout
    refused = run("export", tmp_path / "out", "--format", "trl", "--to", tmp_path / "to")
    assert refused.returncode == 1
    assert "1 of 1 shards are missing, damaged or unfinished" in refused.stderr

    again = run("run", file, "-o", tmp_path / "out", "-j", "2")
    assert again.returncode == 0, again.stderr
    done = Dataset.open(tmp_path / "out").config("x")
    assert [row["id"] for row in done.rows(["id"])] == [f"x-{i:05d}" for i in range(60) if i != 7]
    assert [rejection.reason for rejection in done.rejections()] == ["too-plain"]
