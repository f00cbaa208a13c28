"""The format of LLaVA, Vary and GOT-OCR2: a JSON list per split and a folder of pictures."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from vary_data.export.format import ExportedRow, ExportFormat
from vary_data.sources.instructions.example import IMAGE_MARK

ROLES = {"user": "human", "assistant": "gpt"}


def write_split(split: str, rows: Iterable[ExportedRow], folder: Path) -> None:
    """Write `<split>.json`, and the pictures into `images/`.

    Between `<image>` and the text is a line break, as in LLaVA, also where the row has none.
    """
    images = folder / "images"
    images.mkdir(exist_ok=True)
    count = 0
    with (folder / f"{split}.json").open("w", encoding="utf-8") as file:
        for item in rows:
            (images / item.picture.file).write_bytes(item.picture.data)
            turns = conversation(item.row["messages"])
            entry = {
                "id": item.row["id"],
                "image": f"images/{item.picture.file}",
                "conversations": turns,
            }
            file.write(",\n" if count else "[\n")
            file.write(json.dumps(entry, ensure_ascii=False))
            count += 1
        file.write("\n]\n" if count else "[]\n")


def describe_for_llama_factory(folder: Path, counts: Mapping[str, int]) -> None:
    """Write `dataset_info.json`, by which LLaMA-Factory finds the splits: `vary_train`, …"""
    columns = {"messages": "conversations", "images": "image"}
    info = {
        f"vary_{split}": {
            "file_name": f"{split}.json",
            "formatting": "sharegpt",
            "columns": columns,
        }
        for split in counts
    }
    text = json.dumps(info, indent=2) + "\n"
    (folder / "dataset_info.json").write_text(text, encoding="utf-8")


def conversation(messages: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """The turns as LLaVA reads them.

    LLaVA has no role for system prompts and fails on one. The text of a system prompt is therefore
    written before that of the next question.
    """
    turns = []
    system = ""
    for message in messages:
        text = joined_text(message)
        if message["role"] == "system":
            system += f"{text}\n"
            continue
        if message["role"] == "user":
            mark = f"{IMAGE_MARK}\n" if system and text.startswith(f"{IMAGE_MARK}\n") else ""
            text, system = mark + system + text.removeprefix(mark), ""
        turns.append({"from": ROLES[message["role"]], "value": text})
    return turns


def joined_text(message: Mapping[str, Any]) -> str:
    """The text of a turn with `<image>` where its picture is."""
    parts = [IMAGE_MARK if part["type"] == "image" else part["text"] for part in message["content"]]
    # A picture before or after the whole text is on a separate line.
    separate = len(parts) == 2 and not (parts[1].startswith("\n") or parts[0].endswith("\n"))
    return ("\n" if separate else "").join(parts)


FORMAT = ExportFormat(write_split, plain_conversations=True, finish=describe_for_llama_factory)
