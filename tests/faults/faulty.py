"""A generator of small pictures that crashes, hangs or fails on chosen tasks."""

from __future__ import annotations

import ctypes
import math
import os
import signal
import subprocess
import time
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from renderers.picture import Region, encode, pixel_hash
from vary_data import generators
from vary_data.base.errors import ToolMissing, WorkerBroken
from vary_data.base.seed import TaskSeed
from vary_data.dataset.reader import Dataset
from vary_data.dataset.rejection import Rejection
from vary_data.engine import pool
from vary_data.engine.executors import local
from vary_data.engine.generator import Task
from vary_data.engine.plan import RunPlan
from vary_data.engine.recipe import Recipe
from vary_data.engine.sample import Outcome, Sample

if TYPE_CHECKING:  # every worker imports this module, and would need a third longer to start
    import pytest

GENERATOR = "tests.faults.faulty:FaultyGenerator"
TIMEOUT = 60.0
"""Deadline of tasks that do not hang; long enough for a machine under heavy load."""


@dataclass(frozen=True)
class Options:
    """`faults` are `index:fault` pairs; `state` is the folder of files that faults use.

    `once-…` faults record there that they happened, `hang` records that it started, `until-…`
    faults happen until there is the file of `let_continue`, and `wait` waits for it.
    """

    num_samples: int = 20
    faults: tuple[str, ...] = ()
    state: str = ""
    pause: float = 0.0


class FaultyGenerator:
    name = GENERATOR
    label = "faulty"
    Options = Options

    def tasks(self, recipe: Recipe) -> Sequence[Task]:
        faults = dict(item.split(":") for item in recipe.options.faults)
        return [
            Task(
                key=f"{recipe.name}-{i:05d}",
                doc_id=f"document-{i // 3}",
                params={"fault": faults.get(str(i), "")},
            )
            for i in range(recipe.options.num_samples)
        ]

    def open(self, recipe: Recipe) -> TaskRunner:
        if recipe.options.state == "no-tool":
            raise ToolMissing("the tool is not installed", "apt-get install tool")
        return TaskRunner(recipe)


class TaskRunner:
    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe

    def run(self, task: Task, seed: TaskSeed) -> Iterable[Outcome]:
        time.sleep(self.recipe.options.pause)
        fault = str(task.params["fault"])
        if fault:
            self._fault(fault, task)
        if fault == "reject":
            return [Rejection(task.key, "too-plain", "for a test")]
        if fault == "retried":
            return [Rejection(task.key, "overlap", attempt=0, retried=True), self._draw(task, seed)]
        if fault == "several":
            return [self._draw(task, seed, f"#{part}") for part in range(3)]
        return [self._draw(task, seed)]

    def _fault(self, fault: str, task: Task) -> None:
        if fault.startswith("until-"):
            if _continue_file(Path(self.recipe.options.state), task.key).exists():
                return
            fault = fault.removeprefix("until-")
        if fault.startswith("once-"):
            mark = Path(self.recipe.options.state) / task.key
            if mark.exists():
                return
            mark.touch()
            fault = fault.removeprefix("once-")
        if fault == "raise":
            raise RuntimeError("this task is bad\nin two lines")
        if fault == "crash":
            os.kill(os.getpid(), signal.SIGKILL)
        if fault == "segfault":
            ctypes.string_at(0)
        if fault == "hang":
            child = subprocess.Popen(["sleep", "987"])
            if self.recipe.options.state:
                (Path(self.recipe.options.state) / f"hang-{uuid.uuid4().hex}").touch()
            child.wait()
        if fault == "wait":
            while not _continue_file(Path(self.recipe.options.state), task.key).exists():
                time.sleep(0.01)
        if fault == "broken":
            raise WorkerBroken("the browser died")
        if fault == "wrong-id":
            task = Task("another-task", task.doc_id)

    def _draw(self, task: Task, seed: TaskSeed, part: str = "") -> Sample:
        rng = seed.generator(stream=part)
        pixels = rng.integers(0, 256, (24, 32, 3), dtype=np.uint8)
        text = f"sample {int(rng.integers(10**9))}"
        return Sample(
            id=task.key + part,
            image=encode(pixels),
            image_format="png",
            width=32,
            height=24,
            text=text,
            prompt="Read it.",
            kind="page",
            format="plain",
            lang=self.recipe.lang,
            doc_id=task.doc_id,
            source="test",
            license="CC0-1.0",
            renderer="test",
            template="",
            seed=seed.value,
            regions=(Region((0.0, 0.0, 32.0, 24.0), text, "line"),),
        )

    def close(self) -> None:
        pass


def recipe(name: str = "faulty-en", **changes: Any) -> Recipe:
    options = Options(**changes.pop("options", {}))
    settings = {"samples_per_shard": 7, "timeout": TIMEOUT, **changes}
    return Recipe(generator=GENERATOR, name=name, lang="en", options=options, **settings)


def make(out: Path, workers: int = 2, **changes: Any) -> list[Any]:
    """Run a recipe of `FaultyGenerator` completely; the reports of its shards."""
    plan = RunPlan.resolve(recipe(**changes), FaultyGenerator())
    return local.run(plan, out, generators.load, workers)


def make_here(out: Path, **changes: Any) -> list[Any]:
    """`make` without workers, which take a second to start: for tests that are not about them."""
    from tests.tools.in_process import InProcess, pools  # not for workers: it imports pytest

    with pools(InProcess):
        return make(out, workers=1, **changes)


def content(out: Path, name: str = "faulty-en") -> list[tuple[Any, ...]]:
    """What must be equal in equal datasets: ids, texts, regions, pixels, in order."""
    rows = Dataset.open(out).config(name).rows()
    return [(r["id"], r["text"], str(r["regions"]), pixel_hash(r["image"]["bytes"])) for r in rows]


def let_continue(state: Path, index: int, name: str = "faulty-en") -> None:
    """End the `wait` or `until-…` of task `index`."""
    _continue_file(state, f"{name}-{index:05d}").touch()


def _continue_file(state: Path, key: str) -> Path:
    return state / f"continue-{key}"


def expire_deadlines_of_hanging_tasks(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a task's deadline pass as soon as the task hangs, however long the deadline is.

    The clock of the pool jumps beyond the longest deadline for each `hang` that has started. Use
    one worker: the jump expires all deadlines.
    """

    class Clock:
        def monotonic(self) -> float:
            return time.monotonic() + (3 * TIMEOUT) * len(list(state.glob("hang-*")))

    monkeypatch.setattr(pool, "time", Clock())
    # The pool must not take the jump for a time in which it was stopped itself.
    monkeypatch.setattr(pool, "STOPPED_SECONDS", math.inf)
