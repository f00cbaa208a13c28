"""Training data on the hub and in stores: rows are fetched when they are needed."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem

from tests.tools.hub_server import COMMIT, Hub, serve
from tests.trainer.drawn_charts import charts, write
from tests.trainer.small_runs import losses, tree
from trainer.data.catalog import _newest_commit, has_split, open_catalog
from trainer.data.fingerprint import fingerprints
from trainer.data.rows import RowReader
from trainer.errors import DataError
from trainer.settings import settings_from
from trainer.training.loop import train
from vary_data.base import remote_path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    rows = charts(40)
    noise = random.Random(0)
    for chosen in rows:  # larger than a footer; decoders pass over what follows a PNG
        chosen["image"]["bytes"] += noise.randbytes(40_000)
    write(folder, "charts", rows, group=4, shards=2)
    return write(folder, "charts", charts(8, seed=9, prefix="v"), split="validation")


@pytest.fixture
def hub(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    from huggingface_hub import HfFileSystem, constants, hf_api, hf_file_system

    with serve(exists=True) as hub:
        for file in folder.rglob("*.parquet"):
            hub.files[file.relative_to(folder).as_posix()] = file.read_bytes()
        monkeypatch.setattr(constants, "ENDPOINT", hub.url)
        monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
        monkeypatch.setattr(hf_api.api, "endpoint", hub.url)
        template = hub.url + "/{repo_id}/resolve/{revision}/{filename}"
        for module in (constants, hf_api, hf_file_system):
            monkeypatch.setattr(module, "HUGGINGFACE_CO_URL_TEMPLATE", template, raising=False)
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        monkeypatch.setenv("HF_TOKEN", "reader")
        HfFileSystem.clear_instance_cache()
        _newest_commit.cache_clear()
        yield hub
        HfFileSystem.clear_instance_cache()
        _newest_commit.cache_clear()


def rows(catalog: Any) -> list[dict[str, Any]]:
    reader = RowReader(("id", "text"), 2**20)
    return [
        reader.row(group, i)
        for source in catalog
        for group in source.groups
        for i in range(group.rows)
    ]


def test_a_hub_dataset_is_not_downloaded_first(hub: Hub, folder: Path) -> None:
    catalog = open_catalog(["org/name"], "train")
    assert [(source.name, source.rows) for source in catalog] == [("charts", 40)]
    assert f"@{COMMIT}/" in str(catalog[0].groups[0].file)
    opened = sum(hub.sent.values())
    names = [name for name in hub.files if "train-" in name]
    assert opened <= len(names) * 2**16, "footers only"
    RowReader(("image",), 2**20).row(catalog[0].groups[0], 0)
    fetched = sum(hub.sent.values()) - opened
    assert 0 < fetched < len(hub.files[names[0]]) / 2, "one of five row groups"


def test_its_rows_and_fingerprints_are_those_of_the_folder(hub: Hub, folder: Path) -> None:
    remote, local = (open_catalog([source], "train") for source in ("org/name", str(folder)))
    assert rows(remote) == rows(local)
    assert fingerprints(remote) == fingerprints(local)
    assert has_split(["org/name"], "validation")
    assert not has_split(["org/name"], "test")


def test_a_missing_hub_dataset_is_one_line(hub: Hub) -> None:
    hub.exists = False
    with pytest.raises(DataError, match="org/name is not a local folder and cannot be read from"):
        open_catalog(["org/name"], "train")


@pytest.fixture
def store(folder: Path) -> Iterator[str]:
    memory = fsspec.filesystem("memory")
    memory.put(str(folder), "/data", recursive=True)
    yield "memory://data"
    memory.rm("/data", recursive=True)


def test_a_run_reads_from_a_store_what_it_reads_from_a_folder(
    store: str, folder: Path, tmp_path: Path
) -> None:
    chosen = settings_from(tree(folder, steps=3))
    train(chosen, tmp_path / "local")
    data = dataclasses.replace(chosen.data, datasets=(store,))
    train(dataclasses.replace(chosen, data=data), tmp_path / "store")
    assert losses(tmp_path / "store") == losses(tmp_path / "local")


def test_a_store_that_does_not_answer_stops_the_run(
    store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalog = open_catalog([store], "train")
    monkeypatch.setattr(remote_path, "RETRY_PAUSES", (0.0, 0.0))
    attempts = []

    def refuse(self: MemoryFileSystem, path: str, *_: Any, **__: Any) -> None:
        attempts.append(path)
        raise OSError("connection reset")

    monkeypatch.setattr(MemoryFileSystem, "open", refuse)
    with pytest.raises(DataError, match=r"cannot be fetched \(connection reset\)"):
        RowReader(("id",), 2**20).row(catalog[0].groups[0], 0)
    assert len(attempts) == 3
