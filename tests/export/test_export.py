"""Exports as users make them, and as other libraries read them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from renderers.picture import pixel_hash
from tests.tools.written_rows import write_rows
from vary_data.cli import group
from vary_data.dataset.reader import Dataset
from vary_data.export.llava import conversation
from vary_data.export.run import CONTROL
from vary_data.export.webdataset import json_facts

SPLITS = {"train": 0.6, "validation": 0.2, "test": 0.2}
ROWS = [{"text": f"Page {number}: the ferry leaves at {number}:15."} for number in range(40)]


def run(*words: Any) -> Result:
    return CliRunner().invoke(group, [*map(str, words)])


def said(result: Result) -> str:
    """What the user sees; the runner keeps errors that the command's frame prints."""
    return f"{result.output}{result.exception or ''}"


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export") / "out"
    write_rows(folder, "pages-en", ROWS, splits=SPLITS, samples_per_shard=5)
    return folder


def texts(out: Path, split: str | None = None) -> list[str]:
    return [row["text"] for row in Dataset.open(out).config("pages-en").rows(split=split)]


def spoken(row: dict[str, Any]) -> tuple[Any, ...]:
    """The conversation, without the line break after the picture that LLaVA's files have, and the
    pixels: the importer encodes pictures again."""
    messages = json.loads(json.dumps(row["messages"]))
    for part in (part for message in messages for part in message["content"]):
        part["text"] = part["text"] and part["text"].removeprefix("\n")
    return (messages, row["text"], pixel_hash(row["image"]["bytes"]))


@pytest.mark.parametrize("form", ["llava", "trl", "webdataset"])
def test_splits_stay_apart(out: Path, tmp_path: Path, form: str) -> None:
    done = run("export", out, "--format", form, "--to", tmp_path / "to", "--json")
    assert done.exit_code == 0, done.output
    result = json.loads(done.stdout)
    assert result["rows"] == {split: len(texts(out, split)) for split in SPLITS}
    assert all(result["rows"].values())
    assert result["left_out"] == result["missing_shards"] == {}
    for split in SPLITS:
        assert read(tmp_path / "to", form, split, tmp_path / "cache") == texts(out, split)


def read(folder: Path, form: str, split: str, cache: Path) -> list[str]:
    """The texts of a split, as a consumer of the format reads them."""
    if form == "llava":
        items = json.loads((folder / f"{split}.json").read_text())
        for item in items:
            assert (folder / item["image"]).stat().st_size
        return [item["conversations"][1]["value"] for item in items]
    from datasets import load_dataset

    if form == "trl":
        data = load_dataset(str(folder), split=split, cache_dir=str(cache))
        assert data[0]["images"][0].size == (32, 24)
        return [row["messages"][1]["content"][0]["text"] for row in data]
    files = str(folder / f"{split}-*.tar")
    data = load_dataset("webdataset", data_files={split: files}, split=split, cache_dir=str(cache))
    assert data[0]["png"].size == (32, 24)
    return list(data["txt"])


def test_llava_comes_back_the_same(out: Path, tmp_path: Path) -> None:
    assert run("export", out, "--format", "llava", "--to", tmp_path / "llava").exit_code == 0
    for split in SPLITS:
        source = tmp_path / "llava" / f"{split}.json"
        back = run("import", "llava", "--src", source, "-o", tmp_path / split, "-j", 1)
        assert back.exit_code == 0, back.output
        rows = list(Dataset.open(out).config("pages-en").rows(split=split))
        again = list(Dataset.open(tmp_path / split).config("llava-en").rows())
        assert [spoken(row) for row in again] == [spoken(row) for row in rows]
    refused = run("export", out, "--format", "llava", "--to", tmp_path / "llava")
    assert refused.exit_code == 1
    assert "is not an empty folder" in said(refused)


def test_llama_factory_finds_the_splits(out: Path, tmp_path: Path) -> None:
    run("export", out, "--format", "llava", "--to", tmp_path / "to")
    info = json.loads((tmp_path / "to" / "dataset_info.json").read_text())
    assert list(info) == ["vary_train", "vary_validation", "vary_test"]
    for entry in info.values():
        item = json.loads((tmp_path / "to" / entry["file_name"]).read_text())[0]
        assert set(entry["columns"].values()) <= set(item)


def test_an_unknown_split(out: Path, tmp_path: Path) -> None:
    done = run("export", out, "--format", "trl", "--to", tmp_path / "to", "--split", "valid")
    assert done.exit_code == 1
    assert "no configuration has a split 'valid'" in said(done)
    assert "validation" in said(done)
    assert not (tmp_path / "to").exists()


def test_an_unfinished_dataset_is_refused(tmp_path: Path) -> None:
    write_rows(tmp_path / "out", "pages-en", ROWS, splits=SPLITS, samples_per_shard=5)
    shards = Dataset.open(tmp_path / "out").config("pages-en").shards
    Path(str(shards[1].path)).unlink()
    refused = run("export", tmp_path / "out", "--format", "llava", "--to", tmp_path / "to")
    assert refused.exit_code == 1
    assert f"pages-en: 1 of {len(shards)} shards are missing, damaged or unfinished" in said(
        refused
    )
    assert not (tmp_path / "to").exists()
    partial = run(
        *("export", tmp_path / "out", "--format", "llava", "--to", tmp_path / "to"),
        "--allow-partial",
    )
    assert partial.exit_code == 0
    assert "pages-en: 1 shards are missing" in said(partial)
    other = run(
        *("export", tmp_path / "out", "--format", "llava", "--to", tmp_path / "test"),
        *("--split", "test"),
    )
    assert other.exit_code == 0, "the missing shard is of another split"


def test_a_damaged_shard_leaves_no_folder(tmp_path: Path) -> None:
    write_rows(tmp_path / "out", "pages-en", ROWS)
    path = Path(str(Dataset.open(tmp_path / "out").config("pages-en").shards[0].path))
    data = bytearray(path.read_bytes())
    data[4:2000] = bytes(1996)  # the pages of the first columns; the footer stays
    path.write_bytes(data)
    done = run("export", tmp_path / "out", "--format", "trl", "--to", tmp_path / "to")
    assert done.exit_code == 1
    assert "is damaged" in said(done)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out"]


@pytest.mark.parametrize(("form", "kept"), [("llava", 1), ("trl", 1), ("webdataset", 3)])
def test_control_strings_in_a_truth(tmp_path: Path, form: str, kept: int) -> None:
    rows = [
        {"text": "The mark <image> stands for a picture."},
        {"text": "Turns end at <|im_end|> in ChatML."},
        {"text": "a < b, c > d, <b>bold</b>, |x|"},
    ]
    write_rows(tmp_path / "out", "pages-en", rows)
    done = run("export", tmp_path / "out", "--format", form, "--to", tmp_path / "to", "--json")
    result = json.loads(done.stdout)
    assert result["rows"] == {"train": kept}
    assert result["left_out"] == ({"control-token": 2} if kept == 1 else {})


def test_nothing_left_is_an_error(tmp_path: Path) -> None:
    write_rows(tmp_path / "out", "pages-en", [{"text": "</s>"}])
    done = run("export", tmp_path / "out", "--format", "llava", "--to", tmp_path / "to")
    assert done.exit_code == 1
    assert "left out: control-token 1" in said(done)
    assert not (tmp_path / "to").exists()


@pytest.mark.parametrize("text", ["<|im_start|>", "<|eot_id|>", "<|vision_start|>", "<imgpad>"])
def test_what_is_a_control_string(text: str) -> None:
    assert CONTROL.search(f"a{text}b")


@pytest.mark.parametrize("text", ["<|", "x<|y and z|>", "<Image>", "[inst]", "a<s b"])
def test_what_is_none(text: str) -> None:
    assert not CONTROL.search(text)


def text_part(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text}


def test_a_system_prompt_goes_into_the_first_question() -> None:
    picture = {"type": "image", "text": None}
    messages = [
        {"role": "system", "content": [text_part("Answer briefly.")]},
        {"role": "user", "content": [picture, text_part("What is it?")]},
        {"role": "assistant", "content": [text_part("A chart.")]},
    ]
    # LLaVA's loader looks the roles of turns up in a table of these two.
    assert conversation(messages) == [
        {"from": "human", "value": "<image>\nAnswer briefly.\nWhat is it?"},
        {"from": "gpt", "value": "A chart."},
    ]


def test_large_seeds_are_digits() -> None:
    row = {"image": None, "text": "", "id": "a", "seed": 2**64 - 1}
    assert json_facts(row) == {"id": "a", "seed": "18446744073709551615"}
