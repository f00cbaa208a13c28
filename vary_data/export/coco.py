"""The object detection format of COCO: blocks of the layout with the categories of DocLayNet.

`<split>.json` has `images`, `annotations` and `categories`, as pycocotools reads them; the pictures
are in `images/`. A block has its upright box, and its corners as a polygon. `text`, `role` and
`order` (of reading) are further keys, which COCO's own do not use.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO

from renderers.roles import BLOCKS
from vary_data.dataset.region_tree import blocks, corners
from vary_data.export.format import ExportedRow, ExportFormat

CATEGORIES = tuple(
    sorted({block.doclaynet for block in BLOCKS.values() if block.doclaynet is not None})
)
"""DocLayNet's 11 categories in its order, which is alphabetical; ids begin at 1."""


def write_split(split: str, rows: Iterable[ExportedRow], folder: Path) -> None:
    """Write `<split>.json`, and the pictures into `images/`."""
    images = folder / "images"
    images.mkdir(exist_ok=True)
    # Annotations follow all images in the file, and would not fit into memory.
    with (folder / f"{split}.json").open("w", encoding="utf-8") as file:
        with tempfile.TemporaryFile("w+", encoding="utf-8", dir=folder) as later:
            count, separator = 0, ""
            file.write('{"images": [')
            for number, item in enumerate(rows, start=1):
                (images / item.picture.file).write_bytes(item.picture.data)
                file.write(separator)
                _write(file, _image(number, item))
                separator = ",\n"
                for annotation in layout_annotations(item):
                    count += 1
                    later.write(",\n" if count > 1 else "")
                    _write(later, {"id": count, "image_id": number, **annotation})
            file.write('],\n"annotations": [')
            later.seek(0)
            file.writelines(later)
        categories = [{"id": i, "name": name} for i, name in enumerate(CATEGORIES, start=1)]
        file.write(f'],\n"categories": {json.dumps(categories)}}}\n')


def layout_annotations(item: ExportedRow) -> Iterator[dict[str, Any]]:
    """The blocks of a row that DocLayNet has a category for, as far as they are on the picture."""
    regions = item.row["regions"]
    limits = (item.row["width"], item.row["height"])
    for index in blocks(regions):
        region = regions[index]
        category = BLOCKS[region["role"]].doclaynet
        if category is None:
            continue
        # Trainers refuse a picture with a box that exceeds it, by half a pixel, too.
        x0, y0, x1, y1 = _clipped(region["bbox"], limits)
        if x0 >= x1 or y0 >= y1:
            continue
        polygon = _clipped(corners(region), limits)
        yield {
            "category_id": CATEGORIES.index(category) + 1,
            "bbox": [x0, y0, x1 - x0, y1 - y0],
            "area": area(polygon),
            "segmentation": [polygon],
            "iscrowd": 0,
            "text": region["text"],
            "role": region["role"],
            "order": region["order"],
        }


def _clipped(places: Sequence[float], limits: tuple[int, int]) -> list[float]:
    """Places `x, y, x, y, …` moved into the picture."""
    return [min(max(value, 0.0), limits[i % 2]) for i, value in enumerate(places)]


def area(polygon: list[float]) -> float:
    """The area of a polygon `x, y, x, y, …` without crossing edges."""
    xs, ys = polygon[::2], polygon[1::2]
    following = zip(xs, ys, xs[1:] + xs[:1], ys[1:] + ys[:1], strict=True)
    return abs(sum(x0 * y1 - x1 * y0 for x0, y0, x1, y1 in following)) / 2


def _image(number: int, item: ExportedRow) -> dict[str, Any]:
    row = item.row
    size = {"width": row["width"], "height": row["height"]}
    return {"id": number, "file_name": f"images/{item.picture.file}", **size, "row_id": row["id"]}


def _write(file: TextIO, value: dict[str, Any]) -> None:
    json.dump(value, file, ensure_ascii=False)


FORMAT = ExportFormat(write_split, plain_conversations=False, layout=True)
