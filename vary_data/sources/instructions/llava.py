"""Reads conversations in the format of LLaVA, and in two formats derived from it.

`{"id", "image", "conversations": [{"from": "human", "value": "<image>\\n…"}, …]}` (LLaVA 80k and
665k; Vary and GOT-OCR2 without `id`), `{"image", "question", "caption"}` (Vary-tiny-600k), and
`{"messages": [{"role", "content"}], "images": […]}` (similar to ShareGPT).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from vary_data.base.errors import SourceError, UsageError
from vary_data.dataset.rejection import Rejected
from vary_data.sources.coco import PictureRef
from vary_data.sources.instructions.example import (
    IMAGE_MARK,
    InstructionExample,
    checked,
    conversation,
    load_rows,
    picture_file,
    question,
)
from vary_data.sources.instructions.tables import GROUP, PICTURE, hub_tables, table_rows

ROLES = {"human": "user", "user": "user", "gpt": "assistant", "assistant": "assistant"}


def read(source: Path, images: Path | None, split: str) -> Iterator[InstructionExample]:
    """Every row of a JSON or JSONL file, or of Parquet tables of the Hub.

    Picture paths of a JSON file are relative to `images`, by default to the folder of the file.

    Raises:
        SourceError: the file cannot be read.
        UsageError: `images` for a table, which has its pictures.
    """
    tables = hub_tables(source, split)
    if tables:
        if images:
            raise UsageError("--images is not needed", f"{tables[0].name} has the pictures")
        return checked(table_rows(tables, grouped=True), _of_table)
    if source.is_dir():
        raise SourceError(
            f"no {split}-*.parquet in {source}", "name a JSON file, or a folder of the Hub"
        )
    folder = images or source.parent
    rows = ((str(line.number - 1), line) for line in load_rows(source))
    return checked(rows, lambda key, row: _of_file(key, row, folder))


def _of_file(key: str, row: Any, folder: Path) -> InstructionExample:
    names = row.get("images") if "messages" in row else row.get("image")
    if names is None and "conversations" in row:
        raise Rejected("text-only")
    if isinstance(names, list):
        if len(names) > 1:
            raise Rejected("several-images")
        names = names[0] if names else None
    return _example(key, row, picture_file(folder, names), str(names))


def _of_table(key: str, row: Any) -> InstructionExample:
    if row.get(PICTURE) is None:
        raise Rejected("text-only")
    return _example(key, row, row[PICTURE], row[GROUP])


def _example(key: str, row: Any, picture: PictureRef, group: str) -> InstructionExample:
    if "messages" in row:
        turns = conversation([(_role(m["role"]), _text(m["content"])) for m in row["messages"]])
    elif "conversations" in row:
        turns = conversation([(_role(t["from"]), t["value"]) for t in row["conversations"]])
    else:
        turns = question(row["question"], row["caption"])
        if not row["question"].strip() or not row["caption"].strip():
            raise Rejected("empty-turn")
    facts = (("row", str(row["id"])),) if row.get("id") is not None else ()
    return InstructionExample(key, picture, turns, group=group, facts=facts)


def _text(content: Any) -> Any:
    """The content of a message; parts of it, as TRL writes them, are put together."""
    if not isinstance(content, list):
        return content
    return "".join(IMAGE_MARK if part["type"] == "image" else part["text"] for part in content)


def _role(name: str) -> str:
    if name == "system":
        return name
    if name not in ROLES:
        raise Rejected("unknown-role", str(name)[:40])
    return ROLES[name]
