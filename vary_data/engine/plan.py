"""A recipe resolved against its sources: the tasks, divided into splits and shards.

A plan is a pure function of the recipe and the sources. Every process that resolves the same
recipe gets the same plan, so the number of a shard identifies it.
"""

from __future__ import annotations

import hashlib
import json
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from vary_data import __version__
from vary_data.base.errors import SourceError
from vary_data.base.options import with_role
from vary_data.base.seed import TaskSeed, stable_hash
from vary_data.base.storage import URL
from vary_data.dataset.row_kinds import RowKind, check_row_kinds, plain_row_kinds
from vary_data.engine.generator import Generator, Task, row_kinds
from vary_data.engine.recipe import Recipe


@dataclass(frozen=True, slots=True)
class ShardSpec:
    """Shard `index` of `count` in a split, and the positions of its tasks in the plan."""

    split: str
    index: int
    count: int
    tasks: array[int]

    @property
    def file_name(self) -> str:
        return f"{self.split}-{self.index:05d}-of-{self.count:05d}.parquet"


@dataclass(frozen=True, slots=True)
class RunPlan:
    """All tasks of a run and their shards; equal `plan_id`s mean equal datasets."""

    recipe: Recipe
    tasks: Sequence[Task]
    shards: tuple[ShardSpec, ...]
    plan_id: str
    row_kinds: tuple[RowKind, ...] = ()
    """Kinds of its rows that are not built in. They describe rows and do not change `plan_id`."""
    stores: bool = False
    """Whether tasks name files at URLs, so that workers need the credentials of stores."""

    @classmethod
    def resolve(cls, recipe: Recipe, generator: Generator) -> RunPlan:
        """List the generator's tasks, assign splits by document, and divide them into shards.

        Raises:
            SourceError: the recipe's sources give no task.
        """
        tasks = generator.tasks(recipe)
        if not tasks:
            raise SourceError(f"{recipe.name}: there is nothing to do, the sources are empty")
        members: dict[str, array[int]] = {name: array("Q") for name in recipe.splits}
        weights = array("Q")
        stores = False
        listing = hashlib.blake2b(digest_size=16)
        for position, task in enumerate(tasks):
            members[split_of(task.doc_id, recipe)].append(position)
            weights.append(task.weight)
            stores = stores or any(map(_is_url, task.params.values()))
            listing.update(_canonical([task.key, task.doc_id, task.weight, dict(task.params)]))
        shards = tuple(
            shard
            for split, positions in members.items()
            for shard in _split_into_shards(split, positions, weights, recipe.samples_per_shard)
        )
        kinds = check_row_kinds(row_kinds(generator, recipe))
        return cls(recipe, tasks, shards, plan_id(recipe, listing.hexdigest()), kinds, stores)

    def tasks_of(self, shard: ShardSpec) -> Iterator[tuple[Task, TaskSeed]]:
        for position in shard.tasks:
            task = self.tasks[position]
            yield task, TaskSeed.of(self.recipe.seed, self.recipe.generator, task.key)

    def part(self, number: int) -> RunPlan:
        """A plan of one shard with only its tasks, small enough to send to another node."""
        shard = self.shards[number]
        tasks = [self.tasks[position] for position in shard.tasks]
        positions = array("Q", range(len(tasks)))
        single = ShardSpec(shard.split, shard.index, shard.count, positions)
        return RunPlan(self.recipe, tasks, (single,), self.plan_id, self.row_kinds, self.stores)

    def to_dict(self) -> dict[str, Any]:
        """The content of `plan.json`, for users and for resuming."""
        counts = dict.fromkeys(self.recipe.splits, 0)
        for shard in self.shards:
            counts[shard.split] += 1
        return {
            "plan_id": self.plan_id,
            "version": __version__,
            "tasks": len(self.tasks),
            "expected_samples": sum(task.weight for task in self.tasks),
            "shards": counts,
            "row_kinds": plain_row_kinds(self.row_kinds),
            "path_options": list(with_role(type(self.recipe.options), "path")),
        }


def plan_id(recipe: Recipe, listing: str) -> str:
    """A hash of everything that determines the content: recipe, tasks, version of the engine."""
    return hashlib.blake2b(
        _canonical([recipe.to_dict(), listing, __version__]), digest_size=16
    ).hexdigest()


def split_of(doc_id: str, recipe: Recipe) -> str:
    """The split of a document.

    The recipe's seed has no influence, so that a document is in the same split in every
    configuration with the same shares.
    """
    position = stable_hash("split", doc_id) / 2**64
    end = 0.0
    for name, share in recipe.splits.items():
        end += share
        if position < end:
            return name
    return name


def _is_url(value: object) -> bool:
    return isinstance(value, str) and URL.match(value) is not None


def _split_into_shards(
    split: str, positions: array[int], weights: array[int], samples_per_shard: int
) -> list[ShardSpec]:
    """Divide a split's tasks into shards of about `samples_per_shard` expected samples."""
    pieces: list[array[int]] = []
    filled = samples_per_shard
    for position in positions:
        if filled >= samples_per_shard:
            pieces.append(array("Q"))
            filled = 0
        pieces[-1].append(position)
        filled += weights[position]
    return [ShardSpec(split, i, len(pieces), piece) for i, piece in enumerate(pieces)]


def _canonical(data: Any) -> bytes:
    # Keys keep their order, because the order of the splits determines the split of a document.
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
