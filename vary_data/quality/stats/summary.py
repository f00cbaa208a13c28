"""The numbers about a dataset, as values."""

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
    """`counts[i]` values lie in [`edges[i]`, `edges[i + 1]`)."""

    edges: tuple[float, ...]
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Distribution:
    """How whole numbers (characters, pixels) are spread."""

    count: int
    least: int
    median: float
    mean: float
    p95: float
    most: int
    histogram: Histogram

    @classmethod
    def of(cls, values: npt.NDArray[Any]) -> Distribution:
        """Of a non-empty array, in at most `BINS` bins of a round width."""
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
class Reason:
    """A reason for rejections: `lost` tasks' samples that are not there, `retried` attempts that
    were drawn again, and how many different tasks it touched.

    `details` are the most frequent particulars, such as the names of unknown commands.
    """

    reason: str
    lost: int
    retried: int
    tasks: int
    details: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Characters:
    """Different characters in all truths. `common_han` counts those of the 3,755 most common
    (GB 2312, level 1)."""

    han: int
    common_han: int
    latin: int
    other: int


@dataclass(frozen=True, slots=True)
class Duplicates:
    """Rows whose truth is that of an earlier row, and the ids of the largest groups."""

    rows: int
    groups: int
    largest: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Speed:
    """How fast a configuration was made, all workers together; `seconds` adds up its shards."""

    samples: int
    tasks: int
    failed_tasks: int
    seconds: float

    @property
    def per_second(self) -> float:
        return self.samples / self.seconds if self.seconds else 0.0


@dataclass(frozen=True, slots=True)
class Stats:
    """`counts` maps a property (`kind`, `lang`, …) to its values and their numbers of rows.
    `left_out` rows are passed over by a keep-list; nothing else here counts them, but for
    `bytes`, what was rejected, and speed."""

    name: str
    samples: int
    left_out: int
    documents: int
    bytes: int
    counts: Mapping[str, Mapping[str, int]]
    text_length: Mapping[str, Distribution]
    width: Distribution | None
    height: Distribution | None
    sizes: int
    characters: Characters
    duplicates: Duplicates
    rejections: tuple[Reason, ...]
    speed: Mapping[str, Speed]

    def to_dict(self) -> dict[str, Any]:
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
