"""The format of ms-swift: a line of JSON for each row, with `messages`, `images` and `objects`.

A picture is `<image>` in the text of its turn. A row with several blocks has a second line: the
question where its blocks are. In the answer, `<ref-object>` and `<bbox>` stand for the next of
`objects`, a category of DocLayNet and a box in pixels, which ms-swift writes as the trained model
expects them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from vary_data.export.coco import CATEGORIES, layout_annotations
from vary_data.export.format import ExportedRow, ExportFormat
from vary_data.export.llava import joined_text

QUESTIONS = {
    "en": "Locate the blocks of this page in reading order: {names}.",
    "zh": "按阅读顺序找出这一页的各个版面块：{names}。",
}
OBJECT = '\t{"bbox_2d": <bbox>, "label": "<ref-object>"}'


def write_split(split: str, rows: Iterable[ExportedRow], folder: Path) -> None:
    """Write `<split>.jsonl`, and the pictures into `images/`."""
    images = folder / "images"
    images.mkdir(exist_ok=True)
    with (folder / f"{split}.jsonl").open("w", encoding="utf-8") as file:
        for item in rows:
            (images / item.picture.file).write_bytes(item.picture.data)
            paths = [f"images/{item.picture.file}"]
            for entry in entries(item):
                file.write(json.dumps({**entry, "images": paths}, ensure_ascii=False) + "\n")


def entries(item: ExportedRow) -> Iterator[dict[str, Any]]:
    """The row's own conversation, and the question about its blocks if it has several."""
    yield {
        "messages": [
            {"role": message["role"], "content": joined_text(message)}
            for message in item.row["messages"]
        ]
    }
    found = list(layout_annotations(item))
    if len(found) > 1:  # a chart is the whole picture
        yield _located(item.row["lang"], found)


def _located(lang: str, found: list[dict[str, Any]]) -> dict[str, Any]:
    question = QUESTIONS.get(lang, QUESTIONS["en"]).format(names=", ".join(CATEGORIES))
    answer = "[\n" + ",\n".join([OBJECT] * len(found)) + "\n]"
    boxes = [_corners(one["bbox"]) for one in found]
    return {
        "messages": [
            {"role": "user", "content": f"<image>\n{question}"},
            {"role": "assistant", "content": answer},
        ],
        "objects": {
            "ref": [CATEGORIES[one["category_id"] - 1] for one in found],
            "bbox": boxes,
            "bbox_type": "real",
        },
    }


def _corners(box: Iterable[float]) -> list[float]:
    x, y, wide, high = box
    return [x, y, x + wide, y + high]


FORMAT = ExportFormat(write_split, plain_conversations=True, layout=True)
