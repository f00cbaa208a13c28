"""What is published, and how an upload ends well or with one line."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import yaml
from PIL import Image

from tests.faults.faulty import make_here
from tests.tools.hub_server import Hub, card_errors, serve
from tests.tools.written_rows import write_rows
from vary_data.base.errors import SourceError, UsageError
from vary_data.cli.generate import expand
from vary_data.dataset.reader import Dataset
from vary_data.engine.plan import RunPlan
from vary_data.engine.recipe_file import read
from vary_data.hub.stage import stage
from vary_data.hub.upload import check_name

REPO = "lab/pages"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two configurations of nine and two shards; the second has a text twice."""
    folder = tmp_path_factory.mktemp("push") / "private-folder"
    make_here(folder, name="small", options={"num_samples": 60})
    texts = ("one | two", "one | two", "three", "four")
    facts = {"license": "CC-BY-4.0", "source": "a|b.pdf"}
    write_rows(folder, "pages", [{"text": t, **facts} for t in texts], samples_per_shard=2)
    subprocess.run(
        [sys.executable, "-m", "vary_data", "dedup", str(folder)], check=True, capture_output=True
    )
    (folder / ".sources").mkdir()
    (folder / ".sources" / "secret.txt").write_text("secret")
    return folder


@pytest.fixture
def out(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "private-folder"))


@pytest.fixture
def hub() -> Iterator[Hub]:
    with serve() as running:
        yield running


def push(
    out: Path, url: str, *arguments: str, token: str = "writer", xet: bool = False
) -> subprocess.CompletedProcess[str]:
    env = {k: v for k, v in os.environ.items() if not k.startswith(("HF_", "HUGGING"))}
    env.update(HF_ENDPOINT=url, HF_HOME=str(out / ".hf"), HF_HUB_DISABLE_PROGRESS_BARS="1")
    env.update({"HF_TOKEN": token} if token else {}, HF_HUB_DISABLE_XET="0" if xet else "1")
    line = [sys.executable, "-m", "vary_data", "push", str(out), REPO, *arguments]
    return subprocess.run(line, capture_output=True, text=True, env=env, timeout=120)


def front(card: str) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(card.split("---\n")[1])
    return data


def texts(folder: Path) -> list[str]:
    tables = [pq.read_table(path, columns=["text"]) for path in sorted(folder.glob("data/*"))]
    return [text for table in tables for text in table["text"].to_pylist()]


def test_the_stage_holds_what_is_published_and_nothing_else(out: Path) -> None:
    staged = stage(Dataset.open(out), REPO, "https://hub")
    names = [f"pages/data/train-0000{i}-of-00002.parquet" for i in range(2)]
    names += [f"small/data/train-0000{i}-of-00009.parquet" for i in range(9)]
    others = ["README.md", "croissant.json", "recipe.yaml", "samples.png", "sources.tsv"]
    assert list(staged.files) == sorted([*others, *names])
    there = [p for p in staged.folder.glob("**/*") if p.is_file()]
    assert len(there) == len(staged.files)
    for name in others[:3] + others[4:]:
        text = (staged.folder / name).read_text()
        assert str(out) not in text
        assert "private-folder" not in text
    assert texts(staged.folder / "pages") == ["one | two", "three", "four"]
    assert len(texts(staged.folder / "small")) == 60
    with Image.open(io.BytesIO((staged.folder / "samples.png").read_bytes())) as sheet:
        assert sheet.size == (1340, 1008)
    again = stage(Dataset.open(out), REPO, "https://hub", names=["small"])
    assert not (again.folder / "pages").exists()
    assert [f for f in again.files if f.startswith("pages")] == []


def test_the_card_says_what_how_whose_and_what_not(out: Path) -> None:
    from huggingface_hub import DatasetCard

    card = stage(Dataset.open(out), REPO, "https://hub", about="Read *me* first.").card.read_text()
    assert card_errors(card) == []
    data = DatasetCard(card).data.to_dict()
    assert data["license"] == ["cc-by-4.0", "cc0-1.0"]
    assert (data["language"], data["size_categories"]) == (["en"], ["n<1K"])
    assert data["configs"][0] == {
        "config_name": "pages",
        "data_files": [{"split": "train", "path": "pages/data/train-*.parquet"}],
    }
    examples = [i["splits"][0]["num_examples"] for i in front(card)["dataset_info"]]
    assert examples == [3, 60]
    for line in (
        "Read *me* first.",
        'rows = load_dataset("lab/pages", "pages", split="train")',
        "| pages | train 3 | page | en | test | 0 |",
        "1 duplicates were left out.",
        "vary-data run recipe.yaml -o pages",
        "Duplicates were found by `vary-data dedup --threshold 0.8`.",
        "| CC0-1.0 | 60 |",
        "| pages | a\\|b.pdf | CC-BY-4.0 | 3 |",
        "## Limitations",
    ):
        assert line in card
    table = (out / ".push" / "sources.tsv").read_text().splitlines()
    assert table[1:] == ["small\ttest\tCC0-1.0\t60", "pages\ta|b.pdf\tCC-BY-4.0\t3"]


def test_the_clients_own_validator_accepts_the_card(
    out: Path, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`DatasetCard.validate` asks the Hub, here the test server with its rules."""
    from huggingface_hub import DatasetCard, constants

    monkeypatch.setattr(constants, "ENDPOINT", hub.url)
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    card = stage(Dataset.open(out), REPO, hub.url).card.read_text()
    DatasetCard(card).validate()
    assert hub.requests["POST /api/validate-yaml"] == 1
    with pytest.raises(ValueError, match="license unknown-name"):
        DatasetCard(card.replace("- cc-by-4.0", "- unknown-name")).validate()


def test_the_recipe_on_the_card_makes_the_same_plans(out: Path) -> None:
    from vary_data import generators

    stage(Dataset.open(out), REPO, "https://hub")
    entries = read(str(out / ".push" / "recipe.yaml")).entries
    plans = [
        RunPlan.resolve(r, generators.load(r.generator)) for entry in entries for r in expand(entry)
    ]
    assert {p.recipe.name: p.plan_id for p in plans} == {
        c.name: c.plan_id for c in Dataset.open(out).configs
    }


def test_published_folders_load(out: Path, tmp_path: Path) -> None:
    from datasets import load_dataset

    staged = stage(Dataset.open(out), REPO, "https://hub")
    rows = load_dataset(
        str(staged.folder), "pages", split="train", cache_dir=str(tmp_path / "cache")
    )
    assert rows["text"][:] == ["one | two", "three", "four"]
    assert rows[0]["image"].size == (32, 24)


def test_a_push_is_resumed_where_it_stopped(out: Path, hub: Hub) -> None:
    sent: list[str] = []

    def third_object_fails(method: str, path: str) -> int | None:
        if method == "PUT":
            sent.append(path)
            return 403 if len(sent) == 3 else None
        return None

    hub.refuse = third_object_fails
    stopped = push(out, hub.url)
    assert stopped.returncode == 1, stopped.stderr
    assert "error: the Hub's storage rejected a file with 403" in stopped.stderr
    assert "run the same command again to continue" in stopped.stderr
    assert "Traceback" not in stopped.stderr
    assert hub.commits == []
    there = set(hub.objects)
    assert there
    hub.refuse = lambda method, path: None
    hub.requests.clear()
    done = push(out, hub.url)
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{hub.url}/datasets/{REPO}\n"
    assert not there & {name.rpartition("/")[2] for name in hub.requests if name.startswith("PUT")}
    assert set(hub.files) == set(stage(Dataset.open(out), REPO, hub.url).files)
    assert len(hub.commits) == 1
    assert push(out, hub.url).returncode == 0
    assert len(hub.commits) == 1  # nothing has changed
    assert not hub.private


def test_the_streamed_upload_of_many_commits_is_resumed(tmp_path: Path, hub: Hub) -> None:
    """With hf_xet, as users have it: 250 files a commit at first. File contents go by the commit
    here, since Xet's own storage protocol is not spoken by the server."""
    out = tmp_path / "out"
    write_rows(out, "many", [{"text": str(i)} for i in range(300)], samples_per_shard=1)
    hub.lfs = False
    hub.refuse = lambda m, path: 403 if "/commit/" in path and hub.commits else None
    stopped = push(out, hub.url, xet=True)
    assert stopped.returncode == 1, stopped.stderr
    assert "error: the token may not write" in stopped.stderr
    first = set(hub.commits[0])
    assert len(first) == 250
    hub.refuse = lambda method, path: None
    done = push(out, hub.url, xet=True)
    assert done.returncode == 0, done.stderr
    assert not first & {name for commit in hub.commits[1:] for name in commit}
    assert len(hub.files) == 5 + 300


def test_shards_of_an_earlier_upload_do_not_stay(out: Path, hub: Hub) -> None:
    hub.exists = True
    old = {"pages/data/train-00000-of-00007.parquet": b"old", "notes.txt": b"kept"}
    hub.files.update(old)
    assert push(out, hub.url).returncode == 0
    assert set(old) & set(hub.files) == {"notes.txt"}


def test_private_stays_private(out: Path, hub: Hub) -> None:
    assert push(out, hub.url, "--private", "--name", "pages").returncode == 0
    assert hub.private
    assert not [name for name in hub.files if name.startswith("small/")]
    hub.private = False
    refused = push(out, hub.url, "--private")
    assert refused.returncode == 1
    assert "lab/pages exists already and is public" in refused.stderr


def test_a_dry_run_sends_nothing(out: Path, hub: Hub) -> None:
    done = push(out, hub.url, "--dry-run", token="")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(out / ".push" / "README.md")
    assert "pages: 3 in train, 1 duplicates left out" in done.stderr
    assert "11 shards, " in done.stderr
    assert not hub.requests


@pytest.mark.parametrize(
    ("token", "said"),
    [
        ("", "error: no Hugging Face token was found\n  log in with `hf auth login`"),
        ("stranger", "error: the Hub does not accept the token\n  log in"),
        ("reader", "error: the token may not write to lab/pages\n  it needs permission to write"),
    ],
)
def test_tokens_without_rights(out: Path, hub: Hub, token: str, said: str) -> None:
    refused = push(out, hub.url, token=token)
    assert refused.returncode == 1
    assert said in refused.stderr
    assert "Traceback" not in refused.stderr


def test_no_network_is_one_line(out: Path) -> None:
    refused = push(out, "http://127.0.0.1:9")
    assert refused.returncode == 1
    assert "error: cannot reach http://127.0.0.1:9: " in refused.stderr
    assert "run the same command again to continue" in refused.stderr


def test_a_card_that_the_hub_refuses_stops_before_anything_is_sent(out: Path, hub: Hub) -> None:
    hub.refuses_card = "license: none of ours"
    refused = push(out, hub.url)
    assert refused.returncode == 1
    assert "error: the Hub does not accept the card: - license: none of ours" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not hub.objects


def test_names_and_unfinished_data(out: Path) -> None:
    for name in ("pages", "a/b/c", "lab/", "lab/a--b", "lab/ü", "-lab/x"):
        with pytest.raises(UsageError, match="is not a valid name of a repository"):
            check_name(name)
    check_name("lab-1/my.data_set-2")
    next((out / "small" / "data").glob("*")).unlink()
    with pytest.raises(SourceError, match="small is not finished: 8 of 9 shards"):
        stage(Dataset.open(out), REPO, "https://hub")


def test_the_croissant_description_names_every_column_and_split(out: Path) -> None:
    stage(Dataset.open(out), REPO, "https://hub")
    described = json.loads((out / ".push" / "croissant.json").read_text())
    assert described["conformsTo"] == "http://mlcommons.org/croissant/1.1"
    assert described["url"] == "https://hub/datasets/lab/pages"
    records = {record["name"]: record for record in described["recordSet"]}
    assert records["small_splits"]["data"] == [{"small_splits/split_name": "train"}]
    fields = {field["name"]: field for field in records["small"]["field"]}
    assert {"split", "id", "image", "text", "regions", "seed", "meta"} <= set(fields)
    assert fields["regions"]["isArray"]
    ids = [record["@id"] for record in described["recordSet"]]
    ids += [field["@id"] for record in described["recordSet"] for field in record["field"]]
    assert len(ids) == len(set(ids))
