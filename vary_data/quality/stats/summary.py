"""The statistics of a dataset as values."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

BINS = 30


@dataclass(frozen=True, slots=True)
class Histogram:
    """`counts[i]` values are in [`edges[i]`, `edges[i + 1]`)."""

    edges: tuple[float, ...]
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Distribution:
    """The distribution of integers (characters, pixels)."""

    count: int
    least: int
    median: float
    mean: float
    p95: float
    most: int
    histogram: Histogram

    @classmethod
    def of(cls, values: npt.NDArray[Any]) -> Distribution:
        """The distribution of a non-empty array, in at most `BINS` bins of a round width."""
        least, most = int(values.min()), int(values.max())
        step = max(1, round_step((most - least + 1) / BINS))
        first = least // step * step
        edges = np.arange(first, most + step + 1, step)
        counts, _ = np.histogram(values, edges)
        return cls(
            count=len(values),
            least=least,
            median=float(np.median(values)),
            mean=round(float(values.mean()), 2),
            p95=float(np.percentile(values, 95)),
            most=most,
            histogram=Histogram(tuple(edges.tolist()), tuple(counts.tolist())),
        )


@dataclass(frozen=True, slots=True)
class RejectionCount:
    """The rejections with one reason.

    `lost` gave no sample, `retried` were drawn again with another attempt; `tasks` is the number
    of different tasks. `details` are the most frequent ones, such as the names of unknown
    commands.
    """

    reason: str
    lost: int
    retried: int
    tasks: int
    details: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Characters:
    """Numbers of different characters in all texts; `common_han` are in GB 2312 level 1, the
    3,755 most common ones."""

    han: int
    common_han: int
    latin: int
    other: int


@dataclass(frozen=True, slots=True)
class Duplicates:
    """Rows with the text of an earlier row, and the ids of the largest groups of equal rows."""

    rows: int
    groups: int
    largest: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class GenerationSpeed:
    """The speed of all workers together; `seconds` is the sum over the shards."""

    samples: int
    tasks: int
    failed_tasks: int
    seconds: float

    @property
    def per_second(self) -> float:
        """Samples per second; 0 if no time was measured."""
        return self.samples / self.seconds if self.seconds else 0.0


@dataclass(frozen=True, slots=True)
class Stats:
    """`counts` maps a property (`kind`, `lang`, …) to its values and their numbers of rows.

    `left_out` rows are excluded by a keep-list; only `bytes`, `rejections` and `speed` include
    them. `missing_shards` counts the shards of each configuration that are missing, damaged or
    unfinished: nothing else includes them.
    """

    name: str
    samples: int
    left_out: int
    missing_shards: Mapping[str, int]
    documents: int
    bytes: int
    counts: Mapping[str, Mapping[str, int]]
    text_length: Mapping[str, Distribution]
    width: Distribution | None
    height: Distribution | None
    sizes: int
    characters: Characters
    duplicates: Duplicates
    rejections: tuple[RejectionCount, ...]
    speed: Mapping[str, GenerationSpeed]

    def to_dict(self) -> dict[str, Any]:
        """All fields as plain data, with the samples per second of each configuration."""
        plain = asdict(self)
        for name, speed in self.speed.items():
            plain["speed"][name]["per_second"] = round(speed.per_second, 3)
        return plain


def round_step(least: float) -> int:
    """The smallest of 1, 2, 5, 10, 20, 50, … that is at least `least`."""
    if least <= 1:
        return 1
    power = 10 ** math.floor(math.log10(least))
    return next(int(f * power) for f in (1, 2, 5, 10) if f * power >= least)
