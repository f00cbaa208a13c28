"""How much two workers gain over one, and whether a worker's memory stays flat.

    python benchmarks/workers.py [--kind render-charts] [-n 600] [--set KEY=VALUE …]

Both runs draw the same samples in one go of this script; the ratio of their speeds is what
counts. The resident memory of each worker is sampled over the longer run and shown at its start
(after a tenth of the tasks) and end.
"""

from __future__ import annotations

import argparse
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import psutil

from vary_data import generators
from vary_data.cli.generate import expand
from vary_data.engine.executors import local
from vary_data.engine.executors.progress import Progress
from vary_data.engine.plan import RunPlan


class Memory(threading.Thread):
    """Samples the workers' resident memory, children (a browser) included, in MiB."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.samples: list[tuple[float, float]] = []
        self.running = True

    def run(self) -> None:
        while self.running:
            time.sleep(0.5)
            try:
                held = sum(p.memory_info().rss for p in psutil.Process().children(recursive=True))
            except psutil.NoSuchProcess:
                continue
            self.samples.append((time.monotonic(), held / 2**20))


def timed(plan: RunPlan, workers: int) -> tuple[float, Memory]:
    """Seconds between the first and the last task, so that start-up does not count."""
    times: list[float] = []
    memory = Memory()
    memory.start()
    progress = Progress(tasks=lambda *_: times.append(time.monotonic()))
    with tempfile.TemporaryDirectory() as folder:
        local.run(plan, Path(folder), generators.load, workers, progress=progress)
    memory.running = False
    skip = len(times) // 10
    memory.samples = [(t - times[skip], m) for t, m in memory.samples if t > times[skip]]
    return (len(times) - 1 - skip) / (times[-1] - times[skip]), memory


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--kind", default="render-charts")
    parser.add_argument("--lang", default="en")
    parser.add_argument("-n", type=int, default=600)
    parser.add_argument("--set", action="append", default=[], help="options.KEY=VALUE")
    arguments = parser.parse_args()
    options: dict[str, Any] = {"num_samples": arguments.n}
    options.update(item.removeprefix("options.").split("=", 1) for item in arguments.set)
    data = {"generator": arguments.kind, "lang": arguments.lang, "options": options}
    (recipe,) = expand({**data, "samples_per_shard": 100_000})
    plan = RunPlan.resolve(recipe, generators.load(recipe.generator))
    one, memory = timed(plan, 1)
    two, _ = timed(plan, 2)
    print(f"one worker    {one:8.2f} tasks/s")
    print(f"two workers   {two:8.2f} tasks/s   ratio {two / one:.2f}")
    half = len(memory.samples) // 10 + 1
    start = sum(m for _, m in memory.samples[:half]) / half
    end = sum(m for _, m in memory.samples[-half:]) / half
    print(
        f"memory of one worker and its children: {start:.0f} MiB at the start, {end:.0f} at the end"
    )


if __name__ == "__main__":
    main()
