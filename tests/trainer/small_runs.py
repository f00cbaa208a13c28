"""Settings, data and results of the small runs that tests of the training share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from torch import Tensor

from tests.trainer.drawn_charts import charts, row, write
from tests.trainer.small import CLIP, TEXT, VISION
from trainer.settings import Settings, settings_from
from trainer.training.run import Run, read_lines
from trainer.weights.assemble import load_model

SMALL_WARM_UP: dict[str, Any] = {
    "mode": "grounded",
    "sizes": [128, 256],
    "batch_sizes": [4, 4],
    "steps": [5, 3],
    "glyph_low": [16, 1],
    "glyph_high": [32, 16],
    "lengths": [4, 16],
    "first_length": 2,
    "first_characters": 3,
    "fewest": 1,
    "lag": 2,
    "patience": 1,
    "loss_below": [100.0, 100.0],
    "fade": 1.0,
    "gain_above": -100.0,
    "accuracy_above": -1.0,
    "warmup": 2,
}


def tree(data: Path, stage: str = "tiny", **train_fields: Any) -> dict[str, Any]:
    """The settings of a run of six steps, as a recipe file has them."""
    base = stage != "tiny"
    return {
        "stage": stage,
        "model": {
            "conversation": "qwen" if base else "opt",
            "tokenizer": "bytes",
            "tokenizer_size": 300,
            "image_size": 256,
            "max_length": 512,
            "vision": VISION,
            "clip": CLIP if base else {},
            "text": TEXT["qwen2" if base else "opt"],
        },
        "data": {
            "datasets": [str(data)],
            "workers": 0,
            "sequences": "packed" if base else "padded",
        },
        "train": {"batch_size": 8, "micro_batch": 4, "steps": 6, "precision": "fp32",
                  "device": "cpu", "freeze": ["vision", "compressor", "clip"] if base else []}
        | train_fields,
        "optim": {"lr": 3e-3, "warmup": 2},
        "evaluation": {"every": 3, "samples": 8},
        "checkpoint": {"every": 2, "keep": 2},
        "log": {"every": 1, "gain_every": 2, "tensorboard": False},
    }  # fmt: skip


def warm_up_settings(data: Path, workers: int = 0, **fields: Any) -> Settings:
    """A warm-up of eight steps, then two of training."""
    values = tree(data, steps=2) | {"warm_up": SMALL_WARM_UP | fields}
    values["log"] = {"every": 1, "gain_every": 1, "tensorboard": False}
    values["data"] |= {"workers": workers, "answer_noise": 0.3}
    return settings_from(values)


def write_held_out(folder: Path) -> Path:
    """Charts, and others that are not trained on."""
    write(folder, "charts", charts(20))
    return write(folder, "charts", charts(8, seed=9, prefix="v"), split="validation")


def write_uneven(folder: Path) -> Path:
    """Charts of which two in three have long answers, and one that is broken."""
    rows = [row(r["id"], r["text"] * (30 if i % 3 else 1)) for i, r in enumerate(charts(40))]
    return write(folder, "charts", [*rows, row("broken", "1", image=None)], group=6)


def write_digits(folder: Path) -> Path:
    """Pictures of two digits, with the box that PIL's default face gives them."""
    for split, count, seed in (("train", 24, 0), ("validation", 8, 9)):
        rows = charts(count, seed=seed, prefix=split)
        for chart in rows:
            box = [6.0, 10.0, 36.0, 30.0]
            chart["regions"] = [{"bbox": box, "text": chart["text"], "role": "word"}]
        write(folder, "charts", rows, split=split)
    return folder


def losses(out: Path) -> list[float]:
    """The losses in the log of a run."""
    return [line["loss"] for line in read_lines(Run(out).log) if line["event"] == "train"]


def log_of(out: Path) -> list[dict[str, Any]]:
    """The log without what depends on the machine."""
    clocks = ("seconds", "images_per_s", "tokens_per_s", "tflops", "memory_gib", "peak_share")
    lines = read_lines(Run(out).log)
    return [{k: v for k, v in line.items() if k not in clocks} for line in lines]


def weights(folder: Path) -> dict[str, Tensor]:
    """The weights of a saved model."""
    return dict(load_model(folder).model.state_dict())
