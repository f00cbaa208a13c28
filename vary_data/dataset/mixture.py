"""A mixture: how much of which dataset, decided once and written down.

A description is a YAML file; the kind `mix` makes rows of it.

    seed: 0
    datasets:
    - {path: out, config: charts-zh, split: train, rows: 1000, count: 2500}

`count` is how many samples are taken of `rows`: whole passes, and a seeded choice for the rest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from vary_data.base.errors import SourceError, UsageError, nearest
from vary_data.base.seed import stable_hash
from vary_data.base.storage import URL, Location, location
from vary_data.dataset.reader import Dataset, DatasetConfig

KEYS = ("datasets", "samples", "temperature", "seed")
PART_KEYS = ("path", "config", "split", "weight", "count", "rows")


@dataclass(frozen=True, slots=True)
class Part:
    """`count` samples out of `rows` of one split of one configuration."""

    path: str
    config: str
    split: str
    rows: int
    count: int


@dataclass(frozen=True, slots=True)
class Mixture:
    parts: tuple[Part, ...]
    seed: int = 0

    def to_yaml(self) -> str:
        data = {"seed": self.seed, "datasets": [asdict(part) for part in self.parts]}
        return yaml.safe_dump(data, sort_keys=False, allow_unicode=True)

    def picks(self, part: Part) -> list[tuple[int, int]]:
        """(row, pass) of every sample taken of a part, in the order of the rows."""
        whole, rest = divmod(part.count, part.rows)
        key = stable_hash("mix", self.seed, part.config, part.split, bits=128)
        order = np.random.Generator(np.random.Philox(key=key)).permutation(part.rows)
        chosen = set(order[:rest].tolist())
        return [(row, turn) for row in range(part.rows) for turn in range(whole + (row in chosen))]


def resolve(data: Mapping[str, Any], base: Location = Path()) -> Mixture:
    """A mixture from its description.

    Each part has a `count`, or a share of `samples` by `weight`; without weights, shares go by
    size to the power 1/`temperature`: 1 is proportional, larger is more even. Without `samples`,
    as much is taken as keeps the shares and repeats nothing. Without `config` every
    configuration of a folder is a part of its own; `split` is `train` unless given.

    Raises:
        UsageError: an unknown key, or numbers that make no sense.
        SourceError: a dataset or split is not there.
    """
    for key in data:
        if key not in KEYS:
            raise UsageError(f"unknown key {key!r} in the mixture", nearest(key, KEYS))
    entries = data.get("datasets")
    if not isinstance(entries, list) or not entries:
        raise UsageError("the mixture has no `datasets`", "list at least one {path: …}")
    temperature = _number(data.get("temperature", 1.0), "temperature")
    sized = [item for entry in entries for item in _sized(entry, base)]
    shares = [
        weight if weight is not None else rows ** (1 / temperature)
        for _, _, _, rows, weight, _ in sized
    ]
    free = [i for i, item in enumerate(sized) if item[5] is None]
    total = sum(shares[i] for i in free)
    if "samples" in data:
        fixed = sum(item[5] or 0 for item in sized)
        samples = _number(data["samples"], "samples") - fixed
        if samples < len(free):
            raise UsageError(f"samples: {data['samples']} leaves nothing for some datasets")
    else:
        samples = min((sized[i][3] * total / shares[i] for i in free), default=0.0)
    parts = []
    for i, (path, config, split, rows, _, count) in enumerate(sized):
        taken = count if count is not None else max(1, round(samples * shares[i] / total))
        parts.append(Part(path, config, split, rows, taken))
    return Mixture(tuple(parts), int(data.get("seed", 0)))


def rows_of(configuration: DatasetConfig, split: str) -> int:
    """How many rows a split has, those left out by a keep-list aside; only footers are read."""
    shards = [shard for shard in configuration.shards if shard.split == split]
    if not shards or not all(shard.finished for shard in shards):
        raise SourceError(
            f"{configuration.path} has no finished split {split!r}",
            f"it has: {', '.join(configuration.splits)}",
        )
    return sum(configuration.count(shard) for shard in shards)


_Sized = tuple[str, str, str, int, float | None, int | None]


def _sized(entry: Any, base: Location) -> list[_Sized]:
    if isinstance(entry, str):
        entry = {"path": entry}
    if not isinstance(entry, Mapping) or "path" not in entry:
        raise UsageError(f"a dataset of the mixture has no `path`: {entry!r}")
    for key in entry:
        if key not in PART_KEYS:
            raise UsageError(f"unknown key {key!r} in a dataset", nearest(key, PART_KEYS))
    weight = _number(entry["weight"], "weight") if "weight" in entry else None
    count = int(_number(entry["count"], "count")) if "count" in entry else None
    split = str(entry.get("split", "train"))
    dataset = Dataset.open(_below(base, str(entry["path"])))
    names = [str(entry["config"])] if "config" in entry else [c.name for c in dataset.configs]
    sized: list[_Sized] = []
    for name in names:
        rows = rows_of(dataset.config(name), split)
        if rows:
            # A folder's weight is shared by its configurations.
            own = weight / len(names) if weight is not None else None
            sized.append((str(dataset.path), name, split, rows, own, count))
    if not sized:
        raise SourceError(f"{entry['path']} has no rows in split {split!r}")
    return sized


def _below(base: Location, path: str) -> Location:
    """A path of the description, relative to its folder; URLs stand for themselves."""
    return location(path) if URL.match(path) else base / path


def _number(value: Any, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
        raise UsageError(f"{name} of the mixture must be a number above 0, not {value!r}")
    return float(value)


def describe(mixture: Mixture) -> Sequence[str]:
    """A line per part, for people."""
    total = sum(part.count for part in mixture.parts)
    return [
        f"{part.config} ({part.split}): {part.count:,} of {part.rows:,} rows, "
        f"{part.count / total:.1%}, {part.count / part.rows:.2f} passes"
        for part in mixture.parts
    ]
