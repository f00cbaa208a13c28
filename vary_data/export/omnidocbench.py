"""The format of OmniDocBench: a JSON list per split with an entry for each page, and its pictures.

The entries are those of the target form of this name; rows that are no pages are left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from vary_data.dataset.rejection import Rejected
from vary_data.export.format import ExportedRow, ExportFormat
from vary_data.targets.target import target_text

FORM = "omnidocbench"


def write_split(split: str, rows: Iterable[ExportedRow], folder: Path) -> None:
    """Write `<split>.json`, and the pictures into `images/`."""
    images = folder / "images"
    images.mkdir(exist_ok=True)
    with (folder / f"{split}.json").open("w", encoding="utf-8") as file:
        separator = "[\n"
        for item in rows:
            (images / item.picture.file).write_bytes(item.picture.data)
            entry = json.loads(target_text(item.row, FORM)[1])
            entry["page_info"]["image_path"] = item.picture.file
            file.write(separator + json.dumps(entry, ensure_ascii=False))
            separator = ",\n"
        file.write("[]\n" if separator == "[\n" else "\n]\n")


def refuses(row: Mapping[str, Any]) -> str:
    """The reason of the form; `no-such-form` for rows that are no pages."""
    try:
        target_text(row, FORM)
    except Rejected as rejected:
        return rejected.reason
    return ""


FORMAT = ExportFormat(write_split, plain_conversations=False, refuses=refuses)
