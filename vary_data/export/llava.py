"""The format of LLaVA, Vary and GOT-OCR2: a JSON list and a folder of pictures."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from vary_data.export.pictures import exported_picture
from vary_data.sources.instructions.example import IMAGE_MARK

ROLES = {"user": "human", "assistant": "gpt", "system": "system"}


def write(rows: Iterable[Mapping[str, Any]], folder: Path) -> int:
    """Write `data.json` and `images/`, and return the number of rows.

    Between `<image>` and the text is a line break, as in LLaVA, also where the row has none.
    """
    images = folder / "images"
    images.mkdir(parents=True, exist_ok=True)
    count = 0
    temporary = folder / ".data.json.incomplete"
    with temporary.open("w", encoding="utf-8") as file:
        for row in rows:
            picture = exported_picture(count, row)
            (images / picture.file).write_bytes(picture.data)
            turns = [_turn(message) for message in row["messages"]]
            item = {"id": row["id"], "image": f"images/{picture.file}", "conversations": turns}
            file.write(",\n" if count else "[\n")
            file.write(json.dumps(item, ensure_ascii=False))
            count += 1
        file.write("\n]\n" if count else "[]\n")
    temporary.replace(folder / "data.json")
    return count


def _turn(message: Mapping[str, Any]) -> dict[str, str]:
    parts = [IMAGE_MARK if part["type"] == "image" else part["text"] for part in message["content"]]
    # A picture before or after the whole text is on a separate line.
    separate = len(parts) == 2 and not (parts[1].startswith("\n") or parts[0].endswith("\n"))
    text = ("\n" if separate else "").join(parts)
    return {"from": ROLES[message["role"]], "value": text}
