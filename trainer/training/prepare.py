"""What comes before the first step: settings are checked, data, run folder and model opened."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError

from trainer.data.answer_noise import AnswerNoise
from trainer.data.catalog import TrainingSource, open_catalog
from trainer.data.degrading import open_degradation
from trainer.data.loader import ProcessShare
from trainer.data.order import SampleOrder
from trainer.data.samples import Encoding, Samples, TrainingSample
from trainer.errors import DataError, RunError, SettingsError
from trainer.model import VaryProcessor
from trainer.settings import Settings
from trainer.training.log import RunLog
from trainer.training.parallel import choose_method
from trainer.training.run import Run, open_run
from trainer.training.world import World
from trainer.weights import lora
from trainer.weights.assemble import Assembly, assemble, load_model
from trainer.weights.quantize import quantize_text

INSPECTED_ROWS = 64
"""The first rows of a dataset, which are checked before training."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What all phases of a run use. `checkpoint` is the newest one of the training, if any."""

    settings: Settings
    world: World
    run: Run
    log: RunLog
    catalog: tuple[TrainingSource, ...]
    assembly: Assembly
    checkpoint: Path | None

    @property
    def encoding(self) -> Encoding:
        return encoding(self.settings, self.assembly.processor)


def prepare(settings: Settings, out: Path, world: World) -> Setup:
    """Open the data and the run's folder, and build the model or load it from a checkpoint.

    Raises:
        TrainerError: Settings, data, weights or the folder are not fit for a run.
    """
    share_of(settings, world)
    check_size(settings, world.device)
    data = settings.data
    catalog = open_catalog(data.datasets, data.split, data.weights, data.targets)
    run, changes = Run(out), open_run(out, settings, catalog) if world.first else []
    world.barrier()
    log = RunLog(run, settings.log, world.first)
    for change in changes:
        log.say(f"{out}: {change}")
    checkpoint = run.newest_checkpoint()
    # with FSDP the first process's weights reach the others, which need only the shapes
    empty = choose_method(settings, world) == "fsdp" and not world.first
    if checkpoint is None:
        assembly = assemble(settings, catalog, empty)
        check_rows(settings, catalog, encoding(settings, assembly.processor))
    else:
        pure = settings.train.precision == "bf16-pure"
        saved = run.base if settings.train.lora.rank else checkpoint
        assembly = load_model(saved, "auto" if pure else torch.float32, empty)
    if settings.train.lora.rank:
        add_adapters(settings, run, assembly, checkpoint, world)
    for report in assembly.reports:
        log.say(report)
    return Setup(settings, world, run, log, catalog, assembly, checkpoint)


def add_adapters(
    settings: Settings, run: Run, assembly: Assembly, checkpoint: Path | None, world: World
) -> None:
    """Add adapters to the model, those of a checkpoint if there is one.

    Raises:
        RunError: The base model of a new run cannot be written.
        SettingsError: Packages are not installed, or 4 bits would be sharded.
    """
    if settings.train.lora.bits and choose_method(settings, world) == "fsdp":
        raise SettingsError("FSDP cannot divide weights of 4 bits", "set train.parallel=ddp")
    if checkpoint is None and world.first:
        try:
            assembly.model.save_pretrained(run.base)
            assembly.processor.save_pretrained(run.base)
        except (OSError, SafetensorError) as error:
            raise RunError(f"{run.base} cannot be written ({error})") from error
    if settings.train.lora.bits:
        quantize_text(assembly.model)
    lora.inject(assembly.model, settings.train.lora, run.base)
    if checkpoint is not None and assembly.model.device.type != "meta":
        lora.load_adapters(assembly.model, checkpoint / "model")


def encoding(settings: Settings, processor: VaryProcessor) -> Encoding:
    """How this run turns rows into samples."""
    noise = settings.data.answer_noise
    return Encoding(
        tokenizer=processor.tokenizer,
        conversation=processor.conversation,
        image_size=settings.model.image_size,
        max_length=settings.model.max_length,
        too_long=settings.data.too_long,
        augment_seed=settings.train.seed if settings.data.augment else None,
        degradation=open_degradation(
            settings.data.degrade, settings.data.degrade_strength, settings.train.seed
        ),
        answer_noise=(
            AnswerNoise(noise, settings.train.seed, processor.end_token_id) if noise else None
        ),
    )


def share_of(settings: Settings, world: World) -> ProcessShare:
    """This process's part of every global batch.

    Raises:
        SettingsError: The batch size cannot be divided among processes and micro-batches.
    """
    size, micro = settings.train.batch_size, settings.train.micro_batch
    by_step = settings.train.micro_tokens > 0
    unit = world.size * (1 if by_step else micro)
    if size % unit:
        per_process = math.gcd(size // world.size, micro) if size % world.size == 0 else 0
        smaller = f" or train.micro_batch={per_process}" if per_process and not by_step else ""
        passes = "" if by_step else f" x train.micro_batch {micro}"
        raise SettingsError(
            f"train.batch_size {size} is no multiple of {world.size} processes{passes}",
            f"set train.batch_size={max(1, round(size / unit)) * unit}{smaller}",
        )
    return ProcessShare(world.rank, world.size, size, micro, by_step)


def check_rows(
    settings: Settings, catalog: Sequence[TrainingSource], row_encoding: Encoding
) -> None:
    """Check that at least one of the first rows can be trained on.

    Raises:
        DataError: None of them can; the message counts the reasons.
    """
    data = settings.data
    order = SampleOrder(catalog, data.weights, settings.train.seed, data.shuffle_groups)
    samples = Samples(row_encoding, cache_bytes=0)
    reasons: Counter[str] = Counter()
    for ref in order.take(INSPECTED_ROWS):
        item = samples[ref]
        if isinstance(item, TrainingSample):
            return
        reasons[item.reason] += 1
    raise DataError(
        f"none of the first {INSPECTED_ROWS} rows can be trained on ({counted(reasons)})",
        "look at the data with `vary-data preview`"
        + (", or set data.too_long=cut" if reasons["too long"] else ""),
    )


def counted(reasons: Counter[str]) -> str:
    """Reasons with their counts as text, the most frequent first."""
    return ", ".join(f"{count} x {reason}" for reason, count in reasons.most_common())


def check_size(settings: Settings, device: torch.device) -> None:
    """Check that a model of the paper's size is not trained on a CPU by mistake.

    Raises:
        SettingsError: It would be, and `train.device` is `auto`.
    """
    width = settings.model.vision.get("hidden_size", 768)
    if device.type == "cpu" and settings.train.device == "auto" and width >= 512:
        needs = "language model weights and " if settings.stage != "tiny" else ""
        raise SettingsError(
            f"training Vary-{'tiny' if settings.stage == 'tiny' else 'base'} needs {needs}a GPU, "
            "and none is visible",
            "--preset toy trains a small one on a CPU in a few minutes; train.device=cpu insists",
        )
