"""Trains several runs one after the other in a few processes, which start only once.

`python -m tests.trainer.processes RUNS N`; RUNS is a JSON list of recipes and folders.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from trainer.errors import TrainerError
from trainer.launch import is_launched, launch
from trainer.settings import Settings, load_settings, to_yaml

Runs = Sequence[tuple[Settings, Path]]


def train_together(runs: Runs, processes: int = 2) -> str:
    """Train each run in `processes` processes, and give what they wrote to the error output."""
    recipes = []
    for i, (settings, out) in enumerate(runs):
        recipe = out.with_name(f"{out.name}.{i}.yaml")
        recipe.write_text(to_yaml(settings))
        recipes.append((str(recipe), str(out)))
    listed = runs[0][1].with_name("runs.json")
    listed.write_text(json.dumps(recipes))
    done = subprocess.run(
        [sys.executable, "-m", "tests.trainer.processes", str(listed), str(processes)],
        env=os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(Path.cwd())},
        capture_output=True,
        text=True,
        timeout=1400,
    )
    assert done.returncode == 0, done.stderr[-6000:]
    return done.stderr


def main() -> None:
    import torch

    from trainer.training.loop import train_in_world
    from trainer.training.world import open_world

    torch.set_num_threads(1)
    with open_world("cpu") as world:
        for recipe, out in json.loads(Path(sys.argv[1]).read_text()):
            try:
                train_in_world(load_settings(Path(recipe)), Path(out), world)
            except TrainerError as error:
                print(f"error: {error}", file=sys.stderr)


if __name__ == "__main__":
    if is_launched():
        main()
    else:
        sys.exit(launch(["-m", "tests.trainer.processes", sys.argv[1]], int(sys.argv[2])))
