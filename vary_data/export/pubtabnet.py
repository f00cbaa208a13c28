"""The format of PubTabNet: pictures of tables, with their structure in HTML and a box per cell.

Every table of a row whose cells are known is cut out. `<split>.jsonl` has a line for each:
`filename`, `split`, `imgid`, and `html` with `structure` (tokens, in which `<td>` and `</td>` stand
next to each other) and `cells` (tokens of their text by character, and the box in pixels of those
that have a text). The pictures are in `<split>/`.
"""

from __future__ import annotations

import io
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from PIL import Image

from renderers.roles import CELL, TABLE
from vary_data.dataset.region_tree import blocks, cells
from vary_data.dataset.rejection import Rejected
from vary_data.export.format import ExportedRow, ExportFormat
from vary_data.targets.tables.row_table import table_at

SPLIT_NAMES = {"validation": "val"}
"""Splits as PubTabNet calls them."""
MARGIN = 4
"""Pixels around a table."""


def write_split(split: str, rows: Iterable[ExportedRow], folder: Path) -> None:
    """Write `<split>.jsonl`, and the pictures of tables into `<split>/`."""
    name = SPLIT_NAMES.get(split, split)
    (folder / name).mkdir()
    count = 0
    with (folder / f"{name}.jsonl").open("w", encoding="utf-8") as file:
        for item in rows:
            for number, (picture, html) in enumerate(tables(item)):
                file_name = f"{item.picture.name}-{number}.png"
                (folder / name / file_name).write_bytes(picture)
                entry = {"filename": file_name, "split": name, "imgid": count, "html": html}
                file.write(json.dumps(entry, ensure_ascii=False) + "\n")
                count += 1


def refuses(row: Mapping[str, Any]) -> str:
    """`no-table` if no table with known cells is there, `cells` if those of one do not tile it,
    `outside` if one is not on the picture."""
    regions = row["regions"]
    found = 0
    for index in blocks(regions):
        if regions[index]["role"] != TABLE or not any(
            region["parent"] == index and region["role"] == CELL for region in regions
        ):
            continue
        found += 1
        try:
            table_at(regions, index)
        except Rejected as rejected:
            return rejected.reason
        x0, y0, x1, y1 = regions[index]["bbox"]
        if not (max(x0, 0) < min(x1, row["width"]) and max(y0, 0) < min(y1, row["height"])):
            return "outside"
    return "" if found else "no-table"


def tables(item: ExportedRow) -> Iterator[tuple[bytes, dict[str, Any]]]:
    """The picture and the annotation of each table with known cells."""
    regions = item.row["regions"]
    found = [i for i in blocks(regions) if regions[i]["role"] == TABLE and cells(regions, i)]
    if not found:
        return
    with Image.open(io.BytesIO(item.picture.data)) as whole:
        for index in found:
            x0, y0, x1, y1 = regions[index]["bbox"]
            left, top = max(0, math.floor(x0) - MARGIN), max(0, math.floor(y0) - MARGIN)
            right = min(whole.width, math.ceil(x1) + MARGIN)
            bottom = min(whole.height, math.ceil(y1) + MARGIN)
            buffer = io.BytesIO()
            whole.crop((left, top, right, bottom)).convert("RGB").save(buffer, "PNG")
            yield buffer.getvalue(), annotation(cells(regions, index), left, top)


def annotation(found: Sequence[Mapping[str, Any]], left: int, top: int) -> dict[str, Any]:
    """What PubTabNet calls `html`, of cells by row and column; `left`, `top` are those of the
    table's picture."""
    rows: list[list[Mapping[str, Any]]] = [
        [] for _ in range(max(cell["row"] + cell["rowspan"] for cell in found))
    ]  # a row whose cells all begin above it stays empty
    for cell in found:
        rows[cell["row"]].append(cell)
    heads = 0
    while heads < len(rows) and all(cell["header"] for cell in rows[heads]):
        heads += 1
    tokens = ["<thead>", *_rows(rows[:heads]), "</thead>"] if heads else []
    tokens += ["<tbody>", *_rows(rows[heads:]), "</tbody>"]
    described: list[dict[str, Any]] = []
    for cell in found:
        entry: dict[str, Any] = {"tokens": list(cell["text"])}
        if cell["text"]:
            x0, y0, x1, y1 = cell["bbox"]
            entry["bbox"] = [x0 - left, y0 - top, x1 - left, y1 - top]
        described.append(entry)
    return {"structure": {"tokens": tokens}, "cells": described}


def _rows(rows: Iterable[Sequence[Mapping[str, Any]]]) -> Iterator[str]:
    for row in rows:
        yield "<tr>"
        for cell in row:
            spans = [f' {name}="{cell[name]}"' for name in ("rowspan", "colspan") if cell[name] > 1]
            yield from ("<td", *spans, ">", "</td>") if spans else ("<td>", "</td>")
        yield "</tr>"


FORMAT = ExportFormat(write_split, plain_conversations=False, layout=True, refuses=refuses)
