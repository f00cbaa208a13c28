"""webdataset tars: `<key>.<format>`, `<key>.txt` (the truth), `<key>.json` (everything else)."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from pathlib import Path
from typing import Any

from vary_data.dataset.region_tree import corners
from vary_data.export.format import ExportedRow, ExportFormat

ROWS_PER_TAR = 10_000


def write_split(split: str, rows: Iterable[ExportedRow], folder: Path) -> None:
    """Write `<split>-00000.tar`, `<split>-00001.tar`, …

    Members have no time stamp and no owner, so equal rows give equal files.
    """
    for number, part in enumerate(_parts(iter(rows))):
        with tarfile.open(folder / f"{split}-{number:05d}.tar", "w") as archive:
            for item in part:
                name = item.picture.name
                facts = json.dumps(json_facts(item.row), ensure_ascii=False)
                _add(archive, item.picture.file, item.picture.data)
                _add(archive, f"{name}.txt", item.row["text"].encode())
                _add(archive, f"{name}.json", facts.encode())


def json_facts(row: Mapping[str, Any]) -> dict[str, Any]:
    """All columns but picture and text.

    The seed is a string of digits: it is a number up to 2^64, and readers of JSON have 63 bits.
    Fields of regions have a value in every row, since readers infer types from the first ones:
    `quad` the corners, numbers -1 and `header` false where the dataset has null.
    """
    facts = {name: value for name, value in row.items() if name not in ("image", "text")}
    if "regions" in facts:
        facts["regions"] = [_without_nulls(region) for region in facts["regions"]]
    return {**facts, "seed": str(row["seed"])}


def _without_nulls(region: Mapping[str, Any]) -> dict[str, Any]:
    filled = {name: -1 if value is None else value for name, value in region.items()}
    return {**filled, "quad": corners(region), "header": bool(region["header"])}


def _parts(rows: Iterator[ExportedRow]) -> Iterator[Iterator[ExportedRow]]:
    for first in rows:
        yield chain([first], islice(rows, ROWS_PER_TAR - 1))


def _add(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(data)
    archive.addfile(info, io.BytesIO(data))


FORMAT = ExportFormat(write_split, plain_conversations=False)
