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
from vary_data.base.errors import SourceError, UsageError
from vary_data.base.options import with_role
from vary_data.base.seed import TaskSeed, stable_hash
from vary_data.base.storage import URL
from vary_data.dataset.row_kinds import RowKind, check_row_kinds, plain_row_kinds
from vary_data.engine.choice import chosen_tasks
from vary_data.engine.computed import periodic_splits
from vary_data.engine.generator import (
    ChoosesDocuments,
    ComputedTasks,
    Generator,
    Task,
    row_kinds,
)
from vary_data.engine.recipe import Recipe

MAX_SHARDS = 99_999
"""Of a split: names of files have five digits."""


@dataclass(frozen=True, slots=True)
class ShardSpec:
    """Shard `index` of `count` in a split, and the positions of its tasks in the plan."""

    split: str
    index: int
    count: int
    tasks: Sequence[int]

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
            UsageError: the plan has too many shards.
        """
        tasks = generator.tasks(recipe)
        if not (isinstance(tasks, ComputedTasks) or isinstance(generator, ChoosesDocuments)):
            tasks = chosen_tasks(tasks, recipe)
        if not len(tasks):
            raise SourceError(f"{recipe.name}: there is nothing to do, the sources are empty")
        pieces: dict[str, Sequence[Sequence[int]]]
        if isinstance(tasks, ComputedTasks):
            size = recipe.samples_per_shard
            pieces = {
                split: _equal_pieces(positions, size, recipe)
                for split, positions in periodic_splits(len(tasks), recipe.splits).items()
            }
            listing, stores = tasks.digest, False
        else:
            pieces, listing, stores = _listed_pieces(tasks, recipe)
        shards = tuple(
            ShardSpec(split, index, len(parts), part)
            for split, parts in pieces.items()
            for index, part in enumerate(parts)
        )
        kinds = check_row_kinds(row_kinds(generator, recipe))
        return cls(recipe, tasks, shards, plan_id(recipe, listing), kinds, stores)

    @property
    def expected_samples(self) -> int:
        """The sum of the tasks' weights."""
        if isinstance(self.tasks, ComputedTasks):
            return len(self.tasks)
        return sum(task.weight for task in self.tasks)

    def tasks_of(self, shard: ShardSpec) -> Iterator[tuple[Task, TaskSeed]]:
        """The tasks of a shard with their seeds, in the order of its rows."""
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
            "expected_samples": self.expected_samples,
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


def names_url(task: Task) -> bool:
    """Whether a task names a file at a URL."""
    return any(isinstance(v, str) and URL.match(v) is not None for v in task.params.values())


def _listed_pieces(
    tasks: Sequence[Task], recipe: Recipe
) -> tuple[dict[str, Sequence[Sequence[int]]], str, bool]:
    """The tasks of each shard by split, a hash of all tasks, and whether one names a URL."""
    members: dict[str, array[int]] = {name: array("Q") for name in recipe.splits}
    weights = array("Q")
    stores = False
    listing = hashlib.blake2b(digest_size=16)
    for position, task in enumerate(tasks):
        members[split_of(task.doc_id, recipe)].append(position)
        weights.append(task.weight)
        stores = stores or names_url(task)
        listing.update(_canonical([task.key, task.doc_id, task.weight, dict(task.params)]))
    pieces: dict[str, Sequence[Sequence[int]]] = {
        split: _weighted_pieces(positions, weights, recipe.samples_per_shard)
        for split, positions in members.items()
    }
    return pieces, listing.hexdigest(), stores


def _weighted_pieces(
    positions: array[int], weights: array[int], samples_per_shard: int
) -> list[array[int]]:
    """Pieces of about `samples_per_shard` expected samples."""
    pieces: list[array[int]] = []
    filled = samples_per_shard
    for position in positions:
        if filled >= samples_per_shard:
            pieces.append(array("Q"))
            filled = 0
        pieces[-1].append(position)
        filled += weights[position]
    return pieces


def _equal_pieces(positions: Sequence[int], size: int, recipe: Recipe) -> list[Sequence[int]]:
    """Pieces of `size` positions.

    Raises:
        UsageError: there are too many.
    """
    if len(positions) > size * MAX_SHARDS:
        needed = -(-len(positions) // MAX_SHARDS)
        raise UsageError(
            f"{recipe.name}: {len(positions):,} samples are more than {MAX_SHARDS:,} shards of "
            f"{size:,}",
            f"use --samples-per-shard {needed} or more",
        )
    return [positions[start : start + size] for start in range(0, len(positions), size)]


def _canonical(data: Any) -> bytes:
    # Keys keep their order, because the order of the splits determines the split of a document.
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
