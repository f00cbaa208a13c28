"""A mixture: how many samples of which dataset.

A description is a YAML file; the generator `mix` makes rows of it, and a trainer reads it.

    seed: 0
    datasets:
    - {path: out, config: charts-zh, split: train, rows: 1000, count: 2500}

`count` samples are taken of `rows` rows: whole passes, and a seeded choice for the rest. With
`to: html`, their targets are written in that form (docs/targets.md), with one of `prompts` if
given.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import yaml

from vary_data.base.errors import SourceError, UsageError, nearest
from vary_data.base.seed import stable_hash
from vary_data.base.storage import URL, Location, location
from vary_data.dataset.reader import Dataset, DatasetConfig

MAX_SAMPLES = 10**12
"""Of one part; their numbers are 64 bits wide."""
KEYS = ("datasets", "samples", "temperature", "seed")
PART_KEYS = ("path", "config", "split", "weight", "count", "rows", "to", "prompts")


@dataclass(frozen=True, slots=True)
class Part:
    """`count` samples out of `rows` of one split of one configuration."""

    path: str
    config: str
    split: str
    rows: int
    count: int
    to: str = ""
    """The form of their targets; empty: as they are stored."""
    prompts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mixture:
    """The datasets that are mixed, with their weights or counts, and the seed of the choice."""

    parts: tuple[Part, ...]
    seed: int = 0

    def to_yaml(self) -> str:
        parts = [
            {k: v for k, v in asdict(part).items() if v not in ("", ())} for part in self.parts
        ]
        for part in parts:
            if "prompts" in part:
                part["prompts"] = list(part["prompts"])
        data = {"seed": self.seed, "datasets": parts}
        return yaml.safe_dump(data, sort_keys=False, allow_unicode=True)

    def times(self, part: Part) -> npt.NDArray[np.int64]:
        """How often each row of a part is taken: int64 [rows], with the sum `count`.

        Whole passes over the part; the rest are the first rows of a permutation by Philox with a
        128-bit key, BLAKE2b over ("mix", seed, config, split).
        """
        passes, rest = divmod(part.count, part.rows)
        key = stable_hash("mix", self.seed, part.config, part.split, bits=128)
        order = np.random.Generator(np.random.Philox(key=key)).permutation(part.rows)
        times = np.full(part.rows, passes, np.int64)
        times[order[:rest]] += 1
        return times

    def picks(self, part: Part) -> list[tuple[int, int]]:
        """(row, pass) of every sample taken of a part, in the order of the rows."""
        times = self.times(part).tolist()
        return [(row, turn) for row, count in enumerate(times) for turn in range(count)]


def resolve(data: Mapping[str, Any], base: Location = Path()) -> Mixture:
    """A mixture from its description.

    Each part has a `count`, or a share of `samples` by `weight`; without weights, shares go by
    size to the power 1/`temperature`: 1 is proportional, larger is more even. Without `samples`,
    as many are taken as keep the shares without repeating a row. Without `config`, each
    configuration of a folder is one part; `split` is `train` by default.

    Raises:
        UsageError: an unknown key, or a number that is not valid.
        SourceError: a dataset or split does not exist.
    """
    for key in data:
        if key not in KEYS:
            raise UsageError(f"unknown key {key!r} in the mixture", nearest(key, KEYS))
    entries = data.get("datasets")
    if not isinstance(entries, list) or not entries:
        raise UsageError("the mixture has no `datasets`", "list at least one {path: …}")
    temperature = _number(data.get("temperature", 1.0), "temperature")
    sources = [source for entry in entries for source in _sources(entry, base)]
    shares = [_share(source, temperature) for source in sources]
    shared = [i for i, source in enumerate(sources) if source.count is None]
    total = sum(shares[i] for i in shared)
    if "samples" in data:
        fixed = sum(source.count or 0 for source in sources)
        samples = _number(data["samples"], "samples") - fixed
        if samples < len(shared):
            raise UsageError(f"samples: {data['samples']} leaves nothing for some datasets")
    else:
        samples = min((sources[i].rows * total / shares[i] for i in shared), default=0.0)
    parts = []
    for source, share in zip(sources, shares, strict=True):
        count = source.count
        if count is None:
            count = max(1, round(_possible(samples * share / total)))
        places = (source.path, source.config, source.split, source.rows, count)
        parts.append(Part(*places, source.to, source.prompts))
    return Mixture(tuple(parts), _seed(data.get("seed", 0)))


def rows_of(configuration: DatasetConfig, split: str) -> int:
    """Kept rows of a split; only footers are read.

    Raises:
        SourceError: the split does not exist or is not finished.
    """
    shards = [shard for shard in configuration.shards if shard.split == split]
    if not shards or not all(shard.finished for shard in shards):
        raise SourceError(
            f"{configuration.path} has no finished split {split!r}",
            f"it has: {', '.join(configuration.splits)}",
        )
    return sum(configuration.count(shard) for shard in shards)


@dataclass(frozen=True, slots=True)
class _Source:
    """A part before shares are counts; `weight` or `count` is None if it is not given."""

    path: str
    config: str
    split: str
    rows: int
    weight: float | None
    count: int | None
    to: str
    prompts: tuple[str, ...]


def _sources(entry: Any, base: Location) -> list[_Source]:
    if isinstance(entry, str):
        entry = {"path": entry}
    if not isinstance(entry, Mapping) or "path" not in entry:
        raise UsageError(f"a dataset of the mixture has no `path`: {entry!r}")
    for key in entry:
        if key not in PART_KEYS:
            raise UsageError(f"unknown key {key!r} in a dataset", nearest(key, PART_KEYS))
    weight = _number(entry["weight"], "weight") if "weight" in entry else None
    count = int(_possible(_number(entry["count"], "count"))) if "count" in entry else None
    split = str(entry.get("split", "train"))
    target = (str(entry.get("to", "")), prompt_texts(entry.get("prompts")))
    dataset = Dataset.open(_below(base, str(entry["path"])))
    names = [str(entry["config"])] if "config" in entry else [c.name for c in dataset.configs]
    # The configurations of a folder share its weight.
    config_weight = weight / len(names) if weight is not None else None
    sources = []
    for name in names:
        rows = rows_of(dataset.config(name), split)
        if rows:
            path = str(dataset.path)
            sources.append(_Source(path, name, split, rows, config_weight, count, *target))
    if not sources:
        raise SourceError(f"{entry['path']} has no rows in split {split!r}")
    return sources


def prompt_texts(value: Any) -> tuple[str, ...]:
    """The prompts of a description.

    Raises:
        UsageError: they are not a list of texts.
    """
    prompts = value if isinstance(value, list) else [] if value is None else [value]
    for prompt in prompts:
        if not isinstance(prompt, str) or not prompt.strip():
            raise UsageError(f"prompts: {prompt!r} is no text", "write a list of texts")
    return tuple(prompts)


def _below(base: Location, path: str) -> Location:
    """A path of the description, relative to its folder; URLs are absolute."""
    return location(path) if URL.match(path) else base / path


def _share(source: _Source, temperature: float) -> float:
    """The weight of a part, or that of its size.

    Raises:
        UsageError: the temperature is too low for floats.
    """
    if source.weight is not None:
        return source.weight
    try:
        return float(source.rows ** (1 / temperature))
    except OverflowError:
        raise UsageError(f"temperature {temperature:g} of the mixture is too low") from None


def _possible(count: float) -> float:
    """A number of samples, not yet a whole one.

    Raises:
        UsageError: it is not finite, or larger than `MAX_SAMPLES`.
    """
    if not count <= MAX_SAMPLES:
        raise UsageError(
            f"a dataset of the mixture would have {count:g} samples",
            f"at most {MAX_SAMPLES:,}: see its count, or the weights and samples",
        )
    return count


def _number(value: Any, name: str) -> float:
    plain = isinstance(value, int | float) and not isinstance(value, bool)
    try:
        number = float(value) if plain else math.nan
    except OverflowError:
        number = math.inf
    if not 0 < number < math.inf:
        raise UsageError(f"{name} of the mixture must be a number above 0, not {value!r}")
    return number


def _seed(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise UsageError(f"seed of the mixture must be a whole number, not {value!r}")
    return value


def describe(mixture: Mixture) -> Sequence[str]:
    """One line per part, for the terminal."""
    total = sum(part.count for part in mixture.parts)
    return [
        f"{part.config}{part.to and f' as {part.to}'} ({part.split}): "
        f"{part.count:,} of {part.rows:,} rows, "
        f"{part.count / total:.1%}, {part.count / part.rows:.2f} passes"
        for part in mixture.parts
    ]
