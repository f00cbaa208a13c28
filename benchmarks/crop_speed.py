"""How many crops of the warm-up a processor core cuts per second, in each stage.

    python -m benchmarks.crop_speed DATASET [--batches 4] [--profile]

Opens the data as `vary-train tiny` does and makes whole batches as a worker of its loader does:
rows read and decoded, windows chosen and resized, cells and token ids. Prints crops per second of
processor time and a hash of the pictures and cells; a change that only makes crops faster leaves
the hash as it is. A run's first stages need some 2,000 crops a second and GPU.
"""

from __future__ import annotations

import argparse
import cProfile
import hashlib
import pstats
import tempfile
import time
from pathlib import Path

import torch

from trainer.settings.recipe import load_settings
from trainer.training.prepare import Setup, prepare
from trainer.training.world import World
from trainer.warmup.order import CropOrder
from trainer.warmup.samples import Crops, crop_collate
from trainer.warmup.schedule import Level

RECIPE = Path(__file__).parents[1] / "trainer/recipes/tiny-random.yaml"
SETTINGS = ("model.text.num_hidden_layers=1", "model.tokenizer_size=4096", "train.device=cpu",
            "train.precision=fp32")  # fmt: skip
"""The model is built, for its processor, but not asked."""
LENGTHS = (4, 60, 1700)
"""Tokens of an answer: at the start of the first stage, within the second, in most of the last."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dataset")
    parser.add_argument("--batches", type=int, default=4, help="in each stage")
    parser.add_argument("--profile", action="store_true", help="print where the time goes")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    settings = load_settings(RECIPE, [f'data.datasets=["{arguments.dataset}"]', *SETTINGS])
    with tempfile.TemporaryDirectory() as folder:
        setup = prepare(settings, Path(folder) / "run", World(0, 1, torch.device("cpu")))
        for stage, length in enumerate(LENGTHS):
            level = Level(stage=stage, length=length, start=0)
            profile = cProfile.Profile() if arguments.profile else None
            print(measured(setup, level, arguments.batches, profile), flush=True)
            if profile is not None:
                pstats.Stats(profile).sort_stats("tottime").print_stats(20)


def measured(setup: Setup, level: Level, batches: int, profile: cProfile.Profile | None) -> str:
    """A line with the speed and the hash of `batches` batches of a stage."""
    settings = setup.settings
    order = CropOrder(setup.catalog, settings)
    crops = Crops(setup.encoding, settings.warm_up, settings.train.seed)
    collate = crop_collate(setup.encoding, settings)
    seconds, count, digest = 0.0, 0, hashlib.sha256()
    for step in range(batches):
        refs = order.take(step, level)
        if profile is not None:
            profile.enable()
        started = time.process_time()
        batch = collate([crops[ref] for ref in refs])
        seconds += time.process_time() - started
        if profile is not None:
            profile.disable()
        count += len(refs)
        for tensor in (batch.images, batch.characters):
            assert isinstance(tensor, torch.Tensor)
            digest.update(tensor.numpy().tobytes())
    size = settings.warm_up.sizes[level.stage]
    speed = f"{count / seconds:.1f} a second of processor time"
    return f"{size} pixels: {count} crops, {speed}, hash {digest.hexdigest()[:12]}"


if __name__ == "__main__":
    main()
