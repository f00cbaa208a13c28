"""The fast checks of files: names, footers, schemas, row counts, temporary files."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from vary_data.base.errors import SourceError
from vary_data.base.json_lines import parse_json
from vary_data.base.remote_path import RemotePath
from vary_data.base.storage import Location, entries, parquet, relative
from vary_data.dataset.footers import footer
from vary_data.dataset.reader import SHARD_NAME
from vary_data.dataset.reports import UNSTABLE_KEY, read_report
from vary_data.dataset.schema import VERSION, arrow_schema, version_of
from vary_data.quality.validate.report import Problem

TEMPORARY = re.compile(r"\..*|.*\.(incomplete|tmp|partial)")
PARQUET_HEAD = b"PAR1"
FOOTER_KEYS = ("vary.plan_id", "vary.split", "vary.shard", "vary.version")


@dataclass(frozen=True, slots=True)
class ShardFile:
    """A shard with a readable footer; `name` is its path relative to the dataset."""

    path: Location
    name: str
    config: str
    split: str
    rows: int
    groups: int
    schema: int = VERSION
    """The version of its schema."""

    @property
    def remote(self) -> bool:
        return isinstance(self.path, RemotePath)


@dataclass(frozen=True, slots=True)
class Folder:
    """The folder of one configuration, and the root of the dataset."""

    path: Location
    root: Location

    @property
    def name(self) -> str:
        return self.path.name

    def relative(self, path: Location) -> str:
        """A path of the configuration relative to the dataset, for messages."""
        return relative(path, self.root)


def folders(out: Location) -> list[Folder]:
    """The configurations of a dataset, or `out` itself if it is a configuration.

    Raises:
        SourceError: there is none.
    """
    if _is_configuration(out):
        return [Folder(out, out)]
    if out.is_dir():
        found = [Folder(p, out) for p in entries(out) if _is_configuration(p)]
        if found:
            return found
    raise SourceError(f"{out} contains no dataset", "give the folder that was used for -o")


def check_folder(folder: Folder, shards: list[ShardFile]) -> Iterator[Problem]:
    """Check all files of a configuration; readable shards are added to `shards`."""
    plan = _json(folder.path / ".vary" / "plan.json")
    if plan is None:
        yield Problem("plan", "there is no readable plan", folder.relative(folder.path) + "/.vary")
    yield from _leftovers(folder)
    present: dict[str, dict[int, set[int]]] = {}
    for path in entries(folder.path / "data"):
        name = folder.relative(path)
        if TEMPORARY.fullmatch(path.name):
            continue
        match = SHARD_NAME.fullmatch(path.name)
        if not match:
            yield Problem("file-name", "this is not the name of a shard", name)
            continue
        split, index, count = match[1], int(match[2]), int(match[3])
        present.setdefault(split, {}).setdefault(count, set()).add(index)
        yield from _check_shard(folder, path, (split, index, count), plan, shards)
    yield from _check_numbers(folder, present, plan)


def _is_configuration(path: Location) -> bool:
    return path.is_dir() and ((path / "data").is_dir() or (path / ".vary").is_dir())


def _json(path: Location) -> dict[str, Any] | None:
    try:
        data = parse_json(path.read_bytes())
    except (OSError, ValueError):
        return None
    return data if isinstance(data, dict) else None


def _leftovers(folder: Folder) -> Iterator[Problem]:
    for path in entries(folder.path / "data", "**/*"):
        if TEMPORARY.fullmatch(path.name):
            yield Problem("temporary-file", "left by an interrupted run", folder.relative(path))
    for path in entries(folder.path / ".vary" / "incomplete"):
        yield Problem("temporary-file", "left by an interrupted run", folder.relative(path))


def _check_shard(
    folder: Folder,
    path: Location,
    place: tuple[str, int, int],
    plan: dict[str, Any] | None,
    shards: list[ShardFile],
) -> Iterator[Problem]:
    name = folder.relative(path)
    try:
        with parquet(path) as file:
            metadata, schema = file.metadata, file.schema_arrow
    except (OSError, pa.ArrowException) as error:
        yield Problem("unreadable", f"not a whole Parquet file: {_first_line(error)}", name)
        return
    damaged = list(_check_head(path, name))
    yield from damaged
    if damaged:
        return
    version = version_of(schema)
    wanted = arrow_schema(version)
    sizes = metadata.num_rows, metadata.num_row_groups
    shard = ShardFile(path, name, folder.name, place[0], *sizes, version)
    yield from _check_footer(name, schema.metadata or {}, place, plan)
    if schema.equals(wanted):
        shards.append(shard)
        if _huggingface(schema) != _huggingface(wanted):
            yield Problem("schema", "the `datasets` feature description differs", name)
    else:
        yield Problem("schema", _difference(schema), name)
    foot = footer(path)
    if not plan or foot.get("vary.plan_id") == plan.get("plan_id"):
        yield from _check_report(folder, path, shard, foot)


def _check_head(path: Location, name: str) -> Iterator[Problem]:
    """The first bytes; readers need only the footer, and do not notice that they are damaged."""
    try:
        with path.open("rb") as file:
            head = file.read(len(PARQUET_HEAD))
    except OSError as error:
        yield Problem("unreadable", _first_line(error), name)
        return
    if head != PARQUET_HEAD:
        yield Problem("unreadable", "the beginning of the file is damaged", name)


def _check_report(
    folder: Folder, path: Location, shard: ShardFile, foot: dict[str, str]
) -> Iterator[Problem]:
    place = folder.path / ".vary" / "shards" / f"{path.stem}.json"
    report = read_report(place, foot)
    stated = (report or _json(place) or {}).get("samples", shard.rows)
    if stated != shard.rows:
        yield Problem("rows", f"{shard.rows} rows, but {stated} in the report", shard.name)
    elif report is None:
        what = "the shard has no readable report, or one of another plan or run"
        yield Problem("report", what, shard.name)
    if UNSTABLE_KEY in foot:
        what = f"{foot[UNSTABLE_KEY]} rejections are due to the machine; run the same command again"
        yield Problem("unstable", what, shard.name)


def _check_footer(
    name: str, metadata: dict[bytes, bytes], place: tuple[str, int, int], plan: Any
) -> Iterator[Problem]:
    footer = {k.decode(errors="replace"): v.decode(errors="replace") for k, v in metadata.items()}
    missing = [key for key in FOOTER_KEYS if key not in footer]
    if missing:
        yield Problem("footer", f"the footer has no {', '.join(missing)}", name)
        return
    split, index, count = place
    if (footer["vary.split"], footer["vary.shard"]) != (split, f"{index}/{count}"):
        what = f"the footer is of {footer['vary.split']} {footer['vary.shard']}"
        yield Problem("footer", what, name)
    if plan and footer["vary.plan_id"] != plan.get("plan_id"):
        what = f"made by plan {footer['vary.plan_id']}, the folder's is {plan.get('plan_id')}"
        yield Problem("plan", what, name)


def _check_numbers(
    folder: Folder, present: dict[str, dict[int, set[int]]], plan: dict[str, Any] | None
) -> Iterator[Problem]:
    data = folder.relative(folder.path / "data")
    planned = (plan or {}).get("shards") or {}
    for split in sorted({*present, *planned}):
        counts = present.get(split, {})
        if len(counts) > 1:
            totals = " and ".join(f"of-{count:05d}" for count in sorted(counts))
            yield Problem("file-name", f"split {split} has files {totals}", data)
        count = int(planned.get(split, max(counts, default=0)))
        missing = sorted(set(range(count)) - counts.get(count, set()))
        if missing:
            listed = ", ".join(map(str, missing[:5])) + (", …" if len(missing) > 5 else "")
            what = f"split {split} lacks {len(missing)} of {count} shards: {listed}"
            yield Problem("missing-shard", what, data)


def _huggingface(schema: pa.Schema) -> Any:
    try:
        return json.loads((schema.metadata or {}).get(b"huggingface", b"null"))
    except ValueError:
        return None


def _difference(schema: pa.Schema) -> str:
    wanted = arrow_schema()
    missing = [name for name in wanted.names if name not in schema.names]
    extra = [name for name in schema.names if name not in wanted.names]
    if missing or extra:
        parts = [f"no column {name!r}" for name in missing]
        return "; ".join([*parts, *(f"unknown column {name!r}" for name in extra)])
    wrong = [n for n in wanted.names if not schema.field(n).equals(wanted.field(n))]
    if wrong:
        return "; ".join(
            f"column {n!r} is {schema.field(n).type}, not {wanted.field(n).type}" for n in wrong
        )
    return "the columns are in another order"


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
