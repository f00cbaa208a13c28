"""What a Ray cluster costs against the local executor at equal cores.

    python benchmarks/executors.py [--cores 2] [-n 8000] [--kind render-charts] [--set KEY=VALUE …]

Both make the same shards in one go of this script. The local executor runs one worker per core;
Ray runs a head that only schedules and one node with that many CPUs. Starting the cluster does
not count, starting the workers of either does. The datasets must come out the same:
ids, texts and pixels.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import zip_longest
from pathlib import Path
from typing import Any

from renderers.picture import pixel_hash
from vary_data import generators
from vary_data.cli.generate import expand
from vary_data.dataset.reader import Dataset
from vary_data.engine.executors import local, ray
from vary_data.engine.plan import RunPlan


@contextmanager
def cluster(cores: int) -> Iterator[None]:
    """A connection to a cluster with this many CPUs on one node of its own."""
    import ray as client
    from ray.cluster_utils import Cluster

    quiet: dict[str, Any] = {"include_dashboard": False, "object_store_memory": 100 << 20}
    started = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, **quiet})
    started.add_node(num_cpus=cores, object_store_memory=100 << 20)
    client.init(address=started.address, log_to_driver=False, logging_level="ERROR")
    try:
        yield
    finally:
        client.shutdown()
        started.shutdown()


def rows(out: Path) -> Iterator[tuple[str, str, str]]:
    for row in Dataset.open(out).configs[0].rows(("id", "text", "image")):
        yield row["id"], row["text"], pixel_hash(row["image"]["bytes"])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--kind", default="render-charts")
    parser.add_argument("--lang", default="en")
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("-n", type=int, default=8000)
    parser.add_argument("--samples-per-shard", type=int, default=250)
    parser.add_argument("--set", action="append", default=[], help="options.KEY=VALUE")
    arguments = parser.parse_args()
    options: dict[str, Any] = {"num_samples": arguments.n}
    options.update(item.removeprefix("options.").split("=", 1) for item in arguments.set)
    data = {"generator": arguments.kind, "lang": arguments.lang, "options": options}
    (recipe,) = expand({**data, "samples_per_shard": arguments.samples_per_shard})
    plan = RunPlan.resolve(recipe, generators.load(recipe.generator))
    with tempfile.TemporaryDirectory() as folder:
        here, there = Path(folder) / "local", Path(folder) / "ray"
        start = time.monotonic()
        local.run(plan, here, generators.load, arguments.cores)
        alone = time.monotonic() - start
        with cluster(arguments.cores):
            start = time.monotonic()
            ray.run(plan, there, generators.load)
            spread = time.monotonic() - start
        pairs = zip_longest(rows(here), rows(there))
        same = "the same rows" if all(a == b for a, b in pairs) else "DIFFERENT ROWS"
    print(f"{arguments.n} tasks, {len(plan.shards)} shards, {arguments.cores} cores, {same}")
    print(f"local   {arguments.n / alone:8.2f} tasks/s")
    print(f"ray     {arguments.n / spread:8.2f} tasks/s   ratio {alone / spread:.3f}")


if __name__ == "__main__":
    main()
