"""A kind that draws small pictures and does, on chosen tasks, what must never stop a run."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from renderers.picture import Region, encode
from vary_data.base.errors import ToolMissing, WorkerBroken
from vary_data.base.seed import TaskSeed
from vary_data.dataset.rejection import Rejection
from vary_data.engine.generator import Task
from vary_data.engine.recipe import Recipe
from vary_data.engine.sample import Outcome, Sample

GENERATOR = "tests.faults.faulty:FaultyGenerator"


@dataclass(frozen=True)
class Options:
    """`faults` are `index:what` pairs; `state` is a folder for what must happen only once."""

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
            child.wait()
        if fault == "broken":
            raise WorkerBroken("the browser died")
        if fault == "wrong-id":
            task = Task("somebody-else", task.doc_id)

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
