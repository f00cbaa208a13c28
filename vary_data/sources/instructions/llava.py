"""Reads conversations in the format of LLaVA, and in two formats derived from it.

`{"id", "image", "conversations": [{"from": "human", "value": "<image>\\n…"}, …]}` (LLaVA 80k and
665k; Vary and GOT-OCR2 without `id`), `{"image", "question", "caption"}` (Vary-tiny-600k), and
`{"messages": [{"role", "content"}], "images": […]}` (similar to ShareGPT).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from vary_data.dataset.rejection import Rejected
from vary_data.sources.instructions.example import (
    InstructionExample,
    checked,
    conversation,
    load_rows,
    picture_file,
    question,
)

ROLES = {"human": "user", "user": "user", "gpt": "assistant", "assistant": "assistant"}


def read(file: Path, images: Path) -> Iterator[InstructionExample]:
    """Every row of a JSON or JSONL file; picture paths are relative to `images`.

    Raises:
        SourceError: the file cannot be read.
    """
    rows = ((str(line.number - 1), line) for line in load_rows(file))
    return checked(rows, lambda key, row: _example(key, row, images))


def _example(key: str, row: Any, images: Path) -> InstructionExample:
    name, pairs = _fields(row)
    picture = picture_file(images, name)
    if pairs is None:
        turns = question(row["question"], row["caption"])
        if not row["question"].strip() or not row["caption"].strip():
            raise Rejected("empty-turn")
    else:
        turns = conversation(pairs)
    facts = (("row", str(row["id"])),) if "id" in row else ()
    return InstructionExample(key, picture, turns, group=str(name), facts=facts)


def _fields(row: Any) -> tuple[Any, list[tuple[str, Any]] | None]:
    """The picture's name and the (role, text) pairs (None for question and caption)."""
    if "messages" in row:
        images = row.get("images") or [None]
        if len(images) != 1:
            raise Rejected("several-images")
        return images[0], [(_role(m["role"]), m["content"]) for m in row["messages"]]
    if "conversations" in row:
        if "image" not in row:
            raise Rejected("text-only")
        return row["image"], [(_role(t["from"]), t["value"]) for t in row["conversations"]]
    return row["image"], None


def _role(name: str) -> str:
    if name == "system":
        return name
    if name not in ROLES:
        raise Rejected("unknown-role", str(name)[:40])
    return ROLES[name]
