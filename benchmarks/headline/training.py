"""The training, and the answers of its model."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from benchmarks.headline.data import DATA, shares
from benchmarks.headline.options import LATEX, RunOptions
from benchmarks.headline.stages import PYTHON, Command, Stage
from trainer.settings import load_settings

BATCHES = (160, 56, 16)
"""Pictures of a step in the stages of the warm-up, for one GPU."""
STEPS = (1200, 700, 2600)
"""At most, of the stages; the last one has as many as fit into the time. On one GPU, whole pictures
teach characters faster than the second stage after these (experiment 22)."""
WHOLE_MINUTES = 22
"""Shorter trainings have as much fewer steps before the last stage: else nothing is left for it."""
LEARNING_RATES = {0: 3e-3, 1: 6e-4, 2: 8e-4, 4: 1e-3}
"""By the number of GPUs: a larger batch takes a larger rate."""
LAST_STAGE = ("warm_up.sizes=[1024]", "warm_up.glyph_low=[8]", "warm_up.glyph_high=[28]",
              "warm_up.loss_below=[2.5]", "warm_up.first_length=1700", "warm_up.lengths=[1700]",
              "warm_up.steps=[2600]", "warm_up.grown_by=[]")  # fmt: skip
"""Of the warm-up, for a model that reads already."""
ANSWER_NOISE = 0.05
"""The share of wrong tokens in what is read of an answer (experiment 20)."""


def training_stage(options: RunOptions) -> Stage:
    """The warm-up, which is the whole training; its last stage if the model of the run `after` is
    trained on."""
    data = [options.out / "data", options.out / "valid"]
    data += [options.folder / LATEX] * options.latex
    folders = [word for folder in data for word in ("-d", str(folder))]
    settings = training_settings(options)
    run = ("-o", str(options.out / "run"))
    return Stage("train", [(*grounded(options), *folders, *run, *settings)])


def compiling_stage(options: RunOptions) -> Stage:
    """Two steps of each stage of the training on a few charts, while the GPUs have nothing else to
    do: the training finds what is compiled in the compiler's cache.

    On all GPUs of the training, because what is compiled for one is not found for another.
    """
    data, run = (options.out / "compiling" / name for name in ("data", "run"))
    draw = (*DATA, "render-charts", "--backend", "matplotlib", "--lang", options.langs[-1],
            "-n", "48", "-j", "2", "-o", str(data))  # fmt: skip
    whole = replace(options, minutes=WHOLE_MINUTES)
    settings = (*model_settings(whole), *without_shares(options.settings))
    stages = len(load_settings(options.recipe, settings).warm_up.sizes)
    short = (
        f"warm_up.steps={[2] * stages}",
        "warm_up.lag=1",
        "train.steps=0",
        "evaluation.every=0",
        "data.workers=2",
    )
    folders = ("-d", str(data), "-o", str(run))
    train = (*grounded(options), *folders, *settings, *short)
    return Stage("compiling", [draw, train], optional=True)


def grounded(options: RunOptions) -> Command:
    """What both have in common."""
    launch: Command = (PYTHON, "-m", "trainer")
    if options.gpus > 1:
        launch = (PYTHON, "-m", "torch.distributed.run", "--nproc-per-node", str(options.gpus),
                  "-m", "trainer")  # fmt: skip
    return (*launch, "tiny", "--recipe", str(options.recipe), "--warm-up", "grounded")


def without_shares(settings: Command) -> Command:
    """Shares are of configurations that only the training has."""
    groups = ("data.weights.", "warm_up.weights.")
    return tuple(word for word in settings if not word.startswith(groups))


def training_settings(options: RunOptions) -> Command:
    """What differs from the recipe; the settings of the options replace what is here."""
    mixture = [
        f"{group}.weights.{name}={share}"
        for group, chosen in zip(("data", "warm_up"), shares(options), strict=True)
        for name, share in chosen.items()
    ]
    return (*model_settings(options), *mixture, *options.settings)


def model_settings(options: RunOptions) -> Command:
    """Those without the mixture; without GPUs only the weights to start from."""
    gpus, after = options.gpus, options.after
    start = (f"model.weights.vary={after}",) if after else ()
    if not gpus:
        return start
    batches = [size * gpus for size in BATCHES]
    share = min(1.0, options.minutes / WHOLE_MINUTES)
    crops = [max(1, round(steps * share)) for steps in STEPS[:-1]]
    stages: Command = (
        f"warm_up.batch_sizes={batches}",
        f"warm_up.steps={[*crops, STEPS[-1]]}",
        "warm_up.lengths=[48,240,1700]",
    )
    if after:
        stages = (f"warm_up.batch_sizes={batches[-1:]}", *LAST_STAGE)
    return (
        f"model.tokenizer_size={8192 if 'zh' in options.langs else 4096}",
        f"train.batch_size={batches[-1]}",
        *stages,
        f"warm_up.minutes={options.minutes}",
        f"warm_up.lr={LEARNING_RATES[gpus]}",
        f"data.answer_noise={ANSWER_NOISE}",
        "evaluation.every=700",
        "evaluation.samples=128",
        "train.compile=true",
        "train.steps=0",
        *start,
    )


def reading_stages(options: RunOptions) -> list[Stage]:
    """Answers to real pages, foreign charts, held-out rows, and the pairs; a GPU each, in turns."""
    folder, out = options.folder, options.out

    def read(
        number: int, name: str, *sources: Path, split: str = "validation", **counts: int
    ) -> Stage:
        command = [PYTHON, "benchmarks/reading.py", str(out / "run"), *map(str, sources)]
        for kind in ("pages", "charts", "crops"):
            full = counts.get(kind, 0)
            command += [f"--{kind}", str(min(full, max(2, round(full * options.scale * 10))))]
        command += ["--split", split, "--out", str(out / "answers" / name)]
        gpu = number % options.gpus if options.gpus else None
        return Stage(f"read-{name}", [tuple(command)], gpu)

    stages = [
        read(0, "real", folder / "test", split="test", pages=128),
        read(1, "own", out / "data", out / "valid", pages=64, charts=96, crops=64),
        read(2, "foreign", folder / "foreign", split="test", charts=40),
        read(3, "gap", out / "gap", pages=220),
    ]
    if options.latex:
        stages.append(read(4, LATEX, folder / LATEX, split="test", pages=96))
    return stages
