"""Opening a finished or unfinished dataset."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pyarrow as pa

from vary_data.base.errors import SourceError, nearest
from vary_data.base.json_lines import parse_json
from vary_data.base.remote_path import RemotePath
from vary_data.base.storage import Location, each, entries, location, parquet, parquet_metadata
from vary_data.dataset.footers import footers
from vary_data.dataset.keep_list import FILE as KEEP_LIST
from vary_data.dataset.keep_list import KeepList, read_keep_list
from vary_data.dataset.rejection import Rejection
from vary_data.dataset.reports import UNSTABLE_KEY, read_report
from vary_data.dataset.row_kinds import RowKinds, parse_row_kinds
from vary_data.dataset.schema import VERSION, VERSION_KEY, upgraded

SPLIT_NAME = re.compile(r"[a-z][a-z0-9_]*")
PLAN_HINT = "run the command that made the dataset again: it writes this file"
SHARD_NAME = re.compile(r"(?P<split>[a-z][a-z0-9_]*)-(?P<index>\d{5})-of-(?P<count>\d{5})\.parquet")


@dataclass(frozen=True, slots=True)
class Shard:
    """A shard of the plan; it is `finished` if its footer carries the plan's id."""

    path: Location
    split: str
    index: int
    count: int
    finished: bool
    footer: Mapping[str, str] = field(default_factory=dict)
    """The engine's key-values of its footer."""

    @property
    def unstable(self) -> int:
        """Rejections because of the machine, not of the input: the next run tries them again."""
        return _number(self.footer.get(UNSTABLE_KEY, ""), 0)


@dataclass(frozen=True)
class DatasetConfig:
    """One configuration of a dataset, on disk or at a URL."""

    path: Location

    @property
    def name(self) -> str:
        return self.path.name

    @cached_property
    def recipe(self) -> dict[str, Any]:
        """The plain data of the recipe, with today's names of its keys.

        Raises:
            SourceError: the file is damaged, or not one of vary-data.
        """
        return current_keys(self._engine_file("recipe.json"))

    @cached_property
    def plan(self) -> dict[str, Any]:
        """plan_id, version, number of tasks, shards by split, versions of the renderers.

        Raises:
            SourceError: the file is damaged, or not one of vary-data.
        """
        plan = self._engine_file("plan.json")
        shards = plan.get("shards")
        if not (
            isinstance(plan.get("plan_id"), str)
            and isinstance(shards, dict)
            and all(SPLIT_NAME.fullmatch(name) for name in shards)
            and all(isinstance(n, int) and 0 <= n < 100_000 for n in shards.values())
        ):
            raise SourceError(f"{self.path / '.vary/plan.json'} is not a plan", PLAN_HINT)
        return plan

    @property
    def plan_id(self) -> str:
        return str(self.plan["plan_id"])

    @cached_property
    def row_kinds(self) -> RowKinds:
        """The built-in kinds of rows, and those that the configuration describes."""
        return RowKinds(parse_row_kinds(self.plan.get("row_kinds")))

    @property
    def splits(self) -> tuple[str, ...]:
        """Those that have shards, in the order of the plan."""
        return tuple(split for split, count in self.plan["shards"].items() if count)

    @cached_property
    def shards(self) -> tuple[Shard, ...]:
        """The shards of the plan in order, whether they exist yet or not."""
        expected = [
            (split, index, count)
            for split, count in self.plan["shards"].items()
            for index in range(count)
        ]
        paths = [
            self.path / "data" / f"{split}-{index:05d}-of-{count:05d}.parquet"
            for split, index, count in expected
        ]
        return tuple(
            Shard(path, *place, foot.get("vary.plan_id") == self.plan_id, foot)
            for path, place, foot in zip(paths, expected, footers(paths), strict=True)
        )

    def missing_shards(self, splits: Collection[str] | None = None) -> list[Shard]:
        """Shards, of these splits only, that are not there, damaged, or have tasks to try again."""
        return [
            shard
            for shard in self.shards
            if (splits is None or shard.split in splits) and (not shard.finished or shard.unstable)
        ]

    @property
    def schema(self) -> int:
        """The oldest version of the schema among its finished shards."""
        versions = (_number(s.footer.get(VERSION_KEY, ""), 1) for s in self.shards if s.finished)
        return min(versions, default=VERSION)

    def reports(self) -> Iterator[dict[str, Any]]:
        """The reports of finished shards, as plain data; damaged ones are left out."""
        folder = self.path / ".vary" / "shards"
        finished = [shard for shard in self.shards if shard.finished]
        remote = isinstance(folder, RemotePath)

        def report_of(shard: Shard) -> dict[str, Any] | None:
            return read_report(folder / f"{shard.path.stem}.json", shard.footer)

        yield from filter(None, each(report_of, finished, remote))

    def rejections(self) -> Iterator[Rejection]:
        """Those of finished shards, in the order of the shards."""
        for report in self.reports():
            for item in report["rejections"]:
                yield Rejection(**item)

    @cached_property
    def keep_list(self) -> KeepList:
        """The rows that readers skip. A folder without a plan has no id to compare."""
        path = self.path / ".vary" / KEEP_LIST
        if not path.exists():
            return KeepList()
        has_plan = (path.parent / "plan.json").exists()
        return read_keep_list(path, self.plan_id if has_plan else None)

    def rows(
        self, columns: Sequence[str] | None = None, split: str | None = None
    ) -> Iterator[dict[str, Any]]:
        """Every kept row of every finished shard (of one split) in order, a few at a time."""
        for shard in self.shards:
            if shard.finished and split in (None, shard.split):
                for batch in self.batches(shard, columns):
                    yield from batch.to_pylist()

    def batches(
        self, shard: Shard, columns: Sequence[str] | None = None, size: int = 64
    ) -> Iterator[pa.RecordBatch]:
        """The kept rows of a finished shard in order, up to `size` at a time."""
        names = list(columns) if columns is not None else None
        first = 0
        with parquet(shard.path) as file:
            for batch in file.iter_batches(size, columns=names):
                yield upgraded(self.keep_list.filter(shard.path.name, first, batch))
                first += batch.num_rows

    def count(self, shard: Shard) -> int:
        """Kept rows of a finished shard; only its footer is read."""
        rows = int(parquet_metadata(shard.path).num_rows)
        return rows - len(self.keep_list.dropped_rows(shard.path.name))

    def find(self, sample_id: str) -> dict[str, Any] | None:
        """The row of this id, kept or not; only the ids of other rows are read."""
        for shard in self.shards:
            if not shard.finished:
                continue
            with parquet(shard.path) as file:
                for group in range(file.num_row_groups):
                    ids = file.read_row_group(group, columns=["id"]).column("id").to_pylist()
                    if sample_id in ids:
                        table = file.read_row_group(group).slice(ids.index(sample_id), 1)
                        return dict(upgraded(table).to_pylist()[0])
        return None

    def _engine_file(self, name: str) -> dict[str, Any]:
        path = self.path / ".vary" / name
        try:
            data = parse_json(path.read_bytes())
        except (OSError, ValueError) as error:
            raise SourceError(f"cannot read {path}: {error}", PLAN_HINT) from error
        if not isinstance(data, dict):
            raise SourceError(f"{path} is not a file of vary-data", PLAN_HINT)
        return data


def current_keys(recipe: dict[str, Any]) -> dict[str, Any]:
    """A stored recipe with today's keys: version 0.1.0 wrote `kind` for `generator`."""
    return {("generator" if key == "kind" else key): value for key, value in recipe.items()}


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset repository: its configurations by name."""

    path: Location
    configs: tuple[DatasetConfig, ...]

    @classmethod
    def open(cls, path: str | Location) -> Dataset:
        """Open a repository folder, or the folder of one of its configurations.

        Raises:
            SourceError: it is not a dataset made by vary-data, or cannot be read.
        """
        root = location(path)
        try:
            return cls._opened(root)
        except OSError as error:
            raise SourceError(f"cannot read {root}: {error.strerror or error}") from error

    @classmethod
    def _opened(cls, root: Location) -> Dataset:
        if not root.is_dir():
            raise SourceError(f"{root} is not a folder", "name the folder given to -o")
        if (root / ".vary" / "plan.json").exists():
            return cls(root.parent, (DatasetConfig(root),))
        found = tuple(find_configs(root))
        if not found:
            raise SourceError(
                f"{root} holds no dataset", "make one with, e.g., `vary-data render-charts`"
            )
        return cls(root, found)

    def config(self, name: str) -> DatasetConfig:
        """The configuration of this name.

        Raises:
            SourceError: there is none.
        """
        for configuration in self.configs:
            if configuration.name == name:
                return configuration
        raise SourceError(
            f"{self.path} has no configuration {name!r}",
            nearest(name, [c.name for c in self.configs]),
        )


def find_configs(root: Location) -> Iterator[DatasetConfig]:
    """Every configuration in an output folder, by name."""
    for folder in entries(root):
        if (folder / ".vary" / "plan.json").exists():
            yield DatasetConfig(folder)


def _number(text: str, default: int) -> int:
    """A number of a footer; `default` if it is none."""
    return int(text) if text.isdecimal() and len(text) < 10 else default
