"""Everything before the first step: data, the run's folder, the model on its devices."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import nn

from trainer.data.batches import PACKED
from trainer.data.catalog import TrainingSource, open_catalog
from trainer.data.loader import Share
from trainer.data.order import SampleOrder
from trainer.data.samples import Encoding, RejectedRow, Sample, Samples
from trainer.errors import DataError, SettingsError
from trainer.model import VaryProcessor
from trainer.settings import Settings
from trainer.training import checkpoint, parallel
from trainer.training.compilation import compile_blocks
from trainer.training.evaluate import Tally
from trainer.training.log import RunLog
from trainer.training.objective import Objective
from trainer.training.optimizer import build_optimizer, freeze
from trainer.training.run import Run, open_run
from trainer.training.world import World
from trainer.warmup.loop import wanted, warm_up
from trainer.warmup.state import forget
from trainer.weights.assemble import Assembly, assemble, load_model

LOOKED_AT = 64


@dataclass
class LeftOut:
    """What the whole run, on all processes, could not train on so far."""

    reasons: Counter[str] = field(default_factory=Counter)
    cut: int = 0


@dataclass
class Training:
    """Everything that a step touches."""

    settings: Settings
    world: World
    run: Run
    log: RunLog
    processor: VaryProcessor
    parallel: nn.Module
    optimizer: torch.optim.Optimizer
    encoding: Encoding
    catalog: tuple[TrainingSource, ...]
    order: SampleOrder
    share: Share
    steps: int
    step: int = 0
    tally: Tally = field(default_factory=Tally)
    skipped: list[RejectedRow] = field(default_factory=list)
    cut: int = 0
    left_out: LeftOut = field(default_factory=LeftOut)

    @property
    def objective(self) -> Objective:
        return parallel.unwrap(self.parallel)


def prepare(settings: Settings, out: Path, world: World) -> Training:
    """Open the data and the run's folder, build or restore the model, and place it."""
    share = share_of(settings, world)
    check_size(settings, world.device)
    data = settings.data
    catalog = open_catalog(data.datasets, data.split, data.weights)
    run = open_run(out, settings) if world.first else Run(out)
    world.barrier()
    log = RunLog(run, settings.log, world.first)
    last = next(reversed(run.checkpoints()), None)
    pure = settings.train.precision == "bf16-pure"
    kind = parallel.choose(settings.train.parallel, settings.stage, world)
    empty = kind == "fsdp" and not world.first  # the first process's weights reach the others
    grounded = wanted(settings) and last is None
    if grounded and kind == "fsdp":
        raise SettingsError("the grounded warm-up runs with DDP", "set train.parallel=ddp")
    if last is None:
        assembly = assemble(settings, catalog, empty)
        progress = checkpoint.Progress()
        check_rows(settings, catalog, encoding(settings, assembly.processor))
    else:
        assembly = load_model(last, "auto" if pure else torch.float32, empty)
        progress = checkpoint.read_progress(last)
    for report in assembly.reports:
        log.say(report)
    log.forget_after(progress.step, sum(progress.counts.values()))
    if grounded:
        how = encoding(settings, assembly.processor)
        warmed = warm_up(assembly, settings, catalog, how, run, log, world)
        grounded, assembly = warmed is not None, warmed or assembly
    placed = place(assembly, settings, world)
    optimizer = build_optimizer(parallel.unwrap(placed).model.named_parameters(), settings.optim)
    if last is not None:
        checkpoint.restore_optimizer(last, placed, optimizer, world)
        log.say(f"{run.folder}: going on after step {progress.step}")
    if grounded:  # the warm-up's result is where the run can start again
        keep = settings.checkpoint.keep
        checkpoint.save(run, world, placed, optimizer, assembly.processor, progress, keep)
        forget(run)
    order = SampleOrder(
        catalog, data.weights, settings.train.seed, data.shuffle_groups, progress.counts
    )
    return Training(
        settings=settings,
        world=world,
        run=run,
        log=log,
        processor=assembly.processor,
        parallel=placed,
        optimizer=optimizer,
        encoding=encoding(settings, assembly.processor),
        catalog=catalog,
        order=order,
        share=share,
        steps=total_steps(settings, catalog),
        step=progress.step,
        tally=progress.tally if world.first else Tally(),
        left_out=LeftOut(Counter(progress.skipped), progress.cut),
    )


def place(assembly: Assembly, settings: Settings, world: World) -> nn.Module:
    """Freeze, compile and distribute the model."""
    how, model = settings.train, assembly.model
    freeze(model, how.freeze)
    if settings.data.sequences == PACKED:
        model.pack_sequences()
    if how.precision == "bf16-pure":
        model.to(torch.bfloat16)
    if how.activation_checkpointing:
        parallel.checkpoint_activations(model)
    objective = Objective(
        model, assembly.processor.image_processor, settings.model.image_size, how.precision
    )
    objective.train()
    kind = parallel.choose(how.parallel, settings.stage, world)
    if kind == "fsdp":
        objective = parallel.shard(objective, world, how.precision != "fp32")
    else:
        objective.to(world.device)
    if how.compile:
        compile_blocks([*model.model.vision_tower.blocks, *parallel.decoder_layers(model)])
    return parallel.replicate(objective, world) if kind == "ddp" else objective


def encoding(settings: Settings, processor: VaryProcessor) -> Encoding:
    """How this run turns rows into samples."""
    return Encoding(
        tokenizer=processor.tokenizer,
        conversation=processor.conversation,
        image_size=settings.model.image_size,
        max_length=settings.model.max_length,
        too_long=settings.data.too_long,
        augment_seed=settings.train.seed if settings.data.augment else None,
    )


def total_steps(settings: Settings, catalog: tuple[TrainingSource, ...]) -> int:
    """Optimizer steps of the whole run."""
    if settings.train.steps is not None:
        return settings.train.steps
    rows = sum(configuration.rows for configuration in catalog)
    return max(1, math.ceil(settings.train.epochs * rows / settings.train.batch_size))


def share_of(settings: Settings, world: World) -> Share:
    """This process's part of every global batch."""
    size, micro = settings.train.batch_size, settings.train.micro_batch
    if size % (world.size * micro):
        raise SettingsError(
            f"train.batch_size {size} is no multiple of {world.size} processes x "
            f"train.micro_batch {micro}",
            "change one of them",
        )
    return Share(world.rank, world.size, size, micro)


def check_rows(settings: Settings, catalog: Sequence[TrainingSource], how: Encoding) -> None:
    """Refuse data of which the first rows are all of no use; one good row is enough."""
    data = settings.data
    order = SampleOrder(catalog, data.weights, settings.train.seed, data.shuffle_groups)
    reader = Samples(how, cache_bytes=0)
    reasons: Counter[str] = Counter()
    for ref in order.take(LOOKED_AT):
        item = reader[ref]
        if isinstance(item, Sample):
            return
        reasons[item.reason] += 1
    counted = ", ".join(f"{count} x {reason}" for reason, count in reasons.most_common())
    raise DataError(
        f"none of the first {LOOKED_AT} rows can be trained on ({counted})",
        "look at the data with `vary-data preview`"
        + (", or set data.too_long=cut" if reasons["too long"] else ""),
    )


def check_size(settings: Settings, device: torch.device) -> None:
    """Refuse to train a model of the paper's size on a CPU unless told to."""
    width = settings.model.vision.get("hidden_size", 768)
    if device.type == "cpu" and settings.train.device == "auto" and width >= 512:
        needs = "language model weights and " if settings.stage != "tiny" else ""
        raise SettingsError(
            f"training Vary-{'tiny' if settings.stage == 'tiny' else 'base'} needs {needs}a GPU, "
            "and none is visible",
            "--preset toy trains a small one on a CPU in some minutes; train.device=cpu insists",
        )
