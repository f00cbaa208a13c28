from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.faults.faulty import GENERATOR, FaultyGenerator, Options
from vary_data.base.errors import SourceError
from vary_data.base.seed import TaskSeed
from vary_data.engine.plan import RunPlan, split_of
from vary_data.engine.recipe import Recipe


def plan(num_samples: int = 50, **changes: Any) -> RunPlan:
    recipe = Recipe(GENERATOR, "plan", "en", Options(num_samples=num_samples), **changes)
    return RunPlan.resolve(recipe, FaultyGenerator())


@given(
    tasks=st.integers(1, 200),
    per_shard=st.integers(1, 60),
    share=st.floats(0.05, 0.95),
)
def test_every_task_is_in_one_shard_and_documents_stay_together(
    tasks: int, per_shard: int, share: float
) -> None:
    made = plan(tasks, samples_per_shard=per_shard, splits={"train": share, "test": 1 - share})
    positions = [position for shard in made.shards for position in shard.tasks]
    assert sorted(positions) == list(range(tasks))
    split_of_document: dict[str, str] = {}
    for shard in made.shards:
        assert 1 <= len(shard.tasks) <= per_shard
        for task, _ in made.tasks_of(shard):
            assert split_of_document.setdefault(task.doc_id, shard.split) == shard.split
    for split in {shard.split for shard in made.shards}:
        own = [shard for shard in made.shards if shard.split == split]
        assert [(s.index, s.count) for s in own] == [(i, len(own)) for i in range(len(own))]


def test_file_names_are_those_of_hugging_face() -> None:
    assert [shard.file_name for shard in plan(5, samples_per_shard=2).shards] == [
        "train-00000-of-00003.parquet",
        "train-00001-of-00003.parquet",
        "train-00002-of-00003.parquet",
    ]


def test_shares_are_kept_roughly() -> None:
    recipe = Recipe(GENERATOR, "x", "en", Options(), splits={"train": 0.9, "test": 0.1})
    splits = [split_of(f"document {i}", recipe) for i in range(5000)]
    assert 400 < splits.count("test") < 600


def test_the_plan_id_names_the_content() -> None:
    assert plan().plan_id == plan().plan_id
    others = [
        plan(51),
        plan(seed=1),
        plan(samples_per_shard=9),
        plan(image_format="webp"),
        plan(splits={"train": 0.5, "test": 0.5}),
    ]
    assert len({plan().plan_id, *(other.plan_id for other in others)}) == 6


def test_nothing_to_do_is_an_error() -> None:
    with pytest.raises(SourceError, match="nothing to do"):
        plan(0)


def test_a_sample_does_not_change_because_others_are_added() -> None:
    small = {task.key: seed for s in plan(5).shards for task, seed in plan(5).tasks_of(s)}
    large = {task.key: seed for s in plan(9).shards for task, seed in plan(9).tasks_of(s)}
    assert small.items() <= large.items()


def test_streams_are_independent_and_repeatable() -> None:
    seed = TaskSeed.of(0, "kind", "key")
    first = seed.generator().integers(0, 2**62, 4).tolist()
    assert first == seed.generator().integers(0, 2**62, 4).tolist()
    others = [
        seed.generator(attempt=1),
        seed.generator(stream="style"),
        TaskSeed.of(1, "kind", "key").generator(),
        TaskSeed.of(0, "kind", "key2").generator(),
    ]
    assert all(other.integers(0, 2**62, 4).tolist() != first for other in others)
