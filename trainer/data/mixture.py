"""Mixtures: how many samples of which dataset, as `vary-data mix --describe` writes it down.

    seed: 0
    datasets:
    - {path: out, config: charts-zh, split: train, rows: 1000, count: 2500}

The rule is that of `vary_data.dataset.mixture`, so that training on a description is training on
the rows that `vary-data mix` would copy: whole passes over the part, and for the rest the first
rows of a permutation drawn by Philox with a key of 128 bits, BLAKE2b over ("mix", seed, config,
split).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from trainer.errors import DataError, nearest


@dataclass(frozen=True, slots=True)
class Part:
    """`count` samples out of the `rows` of one split of one configuration."""

    path: str
    config: str
    split: str
    rows: int
    count: int

    def times(self, seed: int) -> np.ndarray:
        """How often each row is taken: int64 [rows], `count` in sum."""
        whole, rest = divmod(self.count, self.rows)
        generator = np.random.Generator(np.random.Philox(key=self._key(seed)))
        times = np.full(self.rows, whole)
        times[generator.permutation(self.rows)[:rest]] += 1
        return times

    def _key(self, seed: int) -> int:
        digest = hashlib.blake2b(digest_size=16)
        for item in ("mix", str(seed), self.config, self.split):
            digest.update(len(item.encode()).to_bytes(4, "big") + item.encode())
        return int.from_bytes(digest.digest(), "big")


@dataclass(frozen=True, slots=True)
class Mixture:
    """A description; paths are relative to `file`."""

    file: Path
    seed: int
    parts: tuple[Part, ...]

    def folder(self, part: Part) -> Path:
        """The folder of a part's configuration; raises `DataError` where there is none."""
        dataset = self.file.parent / Path(part.path).expanduser()
        if not dataset.is_dir():
            raise DataError(f"{self.file}: {dataset} is no dataset folder")
        folder = dataset / part.config
        if not folder.is_dir():
            there = [path.parent.name for path in dataset.glob("*/data")]
            raise DataError(
                f"{self.file}: {dataset} has no configuration {part.config!r}",
                nearest(part.config, there),
            )
        return folder


def read_mixture(file: Path) -> Mixture:
    """A description with all of its numbers.

    Raises `DataError` where it is none, or where shares have not been turned into counts.
    """
    try:
        tree = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        reason = " ".join(str(error).split())
        raise DataError(f"{file} cannot be read as a mixture ({reason})") from error
    if not isinstance(tree, Mapping) or not isinstance(tree.get("datasets"), list):
        raise DataError(f"{file} is no mixture", "expected what `vary-data mix --describe` writes")
    parts = tuple(_part(file, entry) for entry in tree["datasets"])
    seed = tree.get("seed", 0)
    if not isinstance(seed, int) or isinstance(seed, bool):
        raise DataError(f"{file}: seed is {seed!r}", "expected a whole number")
    if not parts:
        raise DataError(f"{file} names no datasets")
    return Mixture(file, seed, parts)


def _part(file: Path, entry: Any) -> Part:
    names = [field.name for field in fields(Part)]
    if not isinstance(entry, Mapping):
        raise DataError(f"{file}: {entry!r} is no part of a mixture", f"it has {', '.join(names)}")
    missing = [name for name in names if name not in entry]
    if missing:
        raise DataError(
            f"{file}: a dataset has no {' and no '.join(missing)}",
            f"`vary-data mix {file} --describe -o resolved.yaml` counts what shares come to",
        )
    values = dict(_checked(file, entry, names))
    if values["rows"] < 1 or values["count"] < 0:
        raise DataError(f"{file}: {values['count']} samples of {values['rows']} rows")
    return Part(**values)


def _checked(file: Path, entry: Mapping[str, Any], names: list[str]) -> Iterator[tuple[str, Any]]:
    for name in names:
        expected = int if name in ("rows", "count") else str
        if not isinstance(entry[name], expected) or isinstance(entry[name], bool):
            kind = "a whole number" if expected is int else "a text"
            raise DataError(f"{file}: {name} is {entry[name]!r}", f"expected {kind}")
        yield name, entry[name]
