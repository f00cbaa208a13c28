"""webdataset tars: `<key>.<format>`, `<key>.txt` (the truth), `<key>.json` (everything else)."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from vary_data.export.pictures import exported_picture

ROWS_PER_SHARD = 10_000


def write(rows: Iterable[Mapping[str, Any]], folder: Path) -> int:
    """Write `00000.tar`, `00001.tar`, …, and return the number of rows.

    Members have no time stamp and no owner, so equal rows give equal files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    archive: tarfile.TarFile | None = None
    for row in rows:
        if count % ROWS_PER_SHARD == 0:
            if archive:
                archive.close()
            archive = tarfile.open(folder / f"{count // ROWS_PER_SHARD:05d}.tar", "w")  # noqa: SIM115
        assert archive is not None
        picture = exported_picture(count, row)
        facts = {name: value for name, value in row.items() if name not in ("image", "text")}
        _add(archive, picture.file, picture.data)
        _add(archive, f"{picture.name}.txt", row["text"].encode())
        _add(archive, f"{picture.name}.json", json.dumps(facts, ensure_ascii=False).encode())
        count += 1
    if archive:
        archive.close()
    return count


def _add(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(data)
    archive.addfile(info, io.BytesIO(data))
