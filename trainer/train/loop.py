"""The training loop, from settings to a trained model.

Read `train` first: it sets the stage and hands over to `_steps`, which is the loop itself.
"""

from __future__ import annotations

import dataclasses
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import nn

from trainer.data.batches import PACKED, Batch, Collate
from trainer.data.catalog import Configuration, has_split, open_catalog
from trainer.data.loader import Share, blank_sample, open_loader, plan
from trainer.data.order import SampleOrder
from trainer.data.samples import Encoding, Skipped
from trainer.errors import OutOfMemory, RunError, SettingsError
from trainer.model import VaryProcessor
from trainer.settings import Settings
from trainer.train import checkpoint, parallel
from trainer.train.compilation import compile_blocks
from trainer.train.evaluate import Tally, evaluate
from trainer.train.log import RunLog
from trainer.train.objective import Objective
from trainer.train.optimizer import (
    build_optimizer,
    finish_gradients,
    freeze,
    learning_rate,
    set_learning_rate,
)
from trainer.train.run import Run, open_run
from trainer.train.seeds import seed_pass
from trainer.train.speed import Speed
from trainer.train.world import World, open_world
from trainer.warmup import loop as warmup
from trainer.weights.assemble import Assembly, assemble, load_model


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
    catalog: tuple[Configuration, ...]
    order: SampleOrder
    share: Share
    steps: int
    step: int = 0
    tally: Tally = field(default_factory=Tally)
    skipped: list[Skipped] = field(default_factory=list)
    cut: int = 0
    left_out: LeftOut = field(default_factory=LeftOut)

    @property
    def objective(self) -> Objective:
        return parallel.unwrap(self.parallel)


def train(settings: Settings, out: Path) -> None:
    """Train as `settings` say and leave everything in the folder `out`.

    Run again, it goes on where it stopped. Raises `TrainerError` with one clear line.
    """
    with open_world(settings.train.device) as world:
        _train(settings, out, world)


def _train(settings: Settings, out: Path, world: World) -> None:
    """Nothing that communicates may outlive this call: the processes part after it."""
    training = prepare(settings, out, world)
    try:
        _steps(training)
    except torch.OutOfMemoryError as error:
        raise OutOfMemory(
            f"the device's memory is full at step {training.step + 1}",
            "lower train.micro_batch, set train.activation_checkpointing=true, or lower "
            "model.max_length",
        ) from error
    except RuntimeError as error:
        if "DataLoader worker" not in str(error):
            raise
        raise RunError(
            f"a data worker died at step {training.step + 1} ({str(error).splitlines()[0]})",
            "run the same command again; if memory was short, lower data.workers or data.cache_mb",
        ) from error
    finally:
        training.log.close()
    world.barrier()


def prepare(settings: Settings, out: Path, world: World) -> Training:
    """Open the data and the run's folder, build or restore the model, and place it."""
    share = _share(settings, world)
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
    grounded = warmup.wanted(settings) and last is None
    if grounded and kind == "fsdp":
        raise SettingsError("the grounded warm-up runs with DDP", "set train.parallel=ddp")
    if last is None:
        assembly = assemble(settings, catalog, empty)
        progress = checkpoint.Progress()
    else:
        assembly = load_model(last, "auto" if pure else torch.float32, empty)
        progress = checkpoint.read_progress(last)
    for report in assembly.reports:
        log.say(report)
    log.forget_after(progress.step, sum(progress.counts.values()))
    if grounded:
        how = encoding(settings, assembly.processor)
        warmed = warmup.warm_up(assembly, settings, catalog, how, run, log, world)
        grounded, assembly = warmed is not None, warmed or assembly
    placed = place(assembly, settings, world)
    optimizer = build_optimizer(parallel.unwrap(placed).model, settings.optim)
    if last is not None:
        checkpoint.restore_optimizer(last, placed, optimizer, world)
        log.say(f"{run.folder}: going on after step {progress.step}")
    if grounded:  # the warm-up's result is where the run can start again
        keep = settings.checkpoint.keep
        checkpoint.save(run, world, placed, optimizer, assembly.processor, progress, keep)
        warmup.forget(run)
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


def total_steps(settings: Settings, catalog: tuple[Configuration, ...]) -> int:
    """Optimizer steps of the whole run."""
    if settings.train.steps is not None:
        return settings.train.steps
    rows = sum(configuration.rows for configuration in catalog)
    return max(1, math.ceil(settings.train.epochs * rows / settings.train.batch_size))


def _steps(training: Training) -> None:
    """Train until the last step, with everything that happens on the way."""
    settings, world = training.settings, training.world
    batches = _batches(training)
    speed = Speed(training.objective.model.config, settings, world)
    gain: float | None = None
    while training.step < training.steps:
        loss, norm, last = _one_step(training, batches, speed)
        training.step += 1
        step, final = training.step, training.step == training.steps
        if not math.isfinite(loss):
            raise RunError(
                f"the loss is {loss} at step {step}",
                "lower optim.lr or set train.precision=fp32; earlier checkpoints are intact",
            )
        if _due(step, settings.log.gain_every) or (final and settings.log.gain_every):
            gain = evaluate(training.parallel, [last], world).gain
        if final or _due(step, settings.log.every):
            _log_step(training, norm, gain, speed)
            gain = None
        if _due(step, settings.evaluation.every) or (final and settings.evaluation.every):
            _validate(training)
            speed.restart()
        if final or _due(step, settings.checkpoint.every):
            _save(training)
            speed.restart()


def _one_step(
    training: Training, batches: Iterator[Batch], speed: Speed
) -> tuple[float, float, Batch]:
    """One update of the weights. Returns loss, gradient norm and the last micro-batch.

    Gradients are those of the *sum* of all losses, divided at the end by the target tokens of the
    global batch: a token counts the same in a short and in a long batch, on every process.
    """
    settings, world, share = training.settings, training.world, training.share
    rate = learning_rate(settings.optim, training.step, training.steps)
    set_learning_rate(training.optimizer, rate)
    sums = torch.zeros(2, dtype=torch.float64, device=world.device)
    for i in range(share.passes):
        batch = next(batches)
        speed.count(batch)
        training.skipped += batch.skipped
        training.cut += batch.cut
        batch = batch.to(world.device)
        seed_pass(settings.train.seed, training.step, world.rank, i)
        with parallel.accumulate(training.parallel, last=i == share.passes - 1):
            losses = training.parallel(batch)
            losses.total.backward()
        training.tally.add(batch, losses)
        sums += torch.stack([losses.by_sample.sum(), losses.targets.sum()])
    loss, targets = world.sum(sums).tolist()
    # DDP and FSDP have averaged over the processes: `size` undoes that.
    factor = world.size / max(1.0, targets)
    norm = finish_gradients(training.objective.parameters(), factor, settings.optim.clip)
    training.optimizer.step()
    training.optimizer.zero_grad(set_to_none=True)
    training.order.take(share.batch_size)
    return loss / max(1.0, targets), norm, batch


def _batches(training: Training) -> Iterator[Batch]:
    """Batches from where the run stands. Workers read ahead in an order of their own, so that
    `training.order` says what has been trained on, not what has been read."""
    data = training.settings.data
    ahead = training.order.copy()
    return open_loader(
        plan(ahead, training.share, training.steps - training.step),
        training.encoding,
        _collate(training),
        data.workers,
        data.cache_mb,
        data.prefetch,
        pin=training.world.device.type == "cuda",
    )


def _collate(training: Training) -> Collate:
    data, tokenizer = training.settings.data, training.processor.tokenizer
    pad = tokenizer.pad_token_id if tokenizer.pad_token_id is not None else 0
    blank = blank_sample(training.encoding)
    return Collate(blank, data.sequences, pad, data.pad_to_multiple)


def _log_step(training: Training, norm: float, gain: float | None, speed: Speed) -> None:
    settings = training.settings
    tally, left_out = _gather(training)
    training.tally = Tally()
    values = {
        "loss": tally.mean,
        "gain": gain,
        "lr": learning_rate(settings.optim, training.step - 1, training.steps),
        "grad_norm": norm,
        "samples": training.order.position,
        "skipped": left_out.reasons.total(),
        "reasons": dict(sorted(left_out.reasons.items())),
        "cut": left_out.cut,
        "kinds": tally.kinds(),
        **speed.read(),
    }
    training.log.write("train", training.step, training.steps, values)


def _gather(training: Training) -> tuple[Tally, LeftOut]:
    """Bring together what the processes have counted; the first one then holds the tally."""
    tally = training.tally.merged(training.world)
    training.tally = tally if training.world.first else Tally()
    notes = training.world.gather((training.skipped, training.cut))
    training.skipped, training.cut = [], 0
    for skipped, cut in notes:
        training.left_out.reasons.update(row.reason for row in skipped)
        training.left_out.cut += cut
        training.log.list_skipped([dataclasses.asdict(row) for row in skipped])
    return tally, training.left_out


def _validate(training: Training) -> None:
    """Loss and vision gain on the first samples of the validation split, if there is one."""
    settings, world = training.settings, training.world
    data, share = settings.data, training.share
    if not has_split(data.datasets, data.validation):
        return
    catalog = open_catalog(data.datasets, data.validation)
    rows = min(settings.evaluation.samples, sum(c.rows for c in catalog))
    micro = min(share.micro_batch, rows // world.size)
    steps = rows // (micro * world.size) if micro else 0
    if not steps:
        return
    batches = open_loader(
        plan(
            SampleOrder(catalog, {}, 0, 0),
            Share(world.rank, world.size, micro * world.size, micro),
            steps,
        ),
        dataclasses.replace(training.encoding, augment_seed=None),
        _collate(training),
        min(data.workers, steps),
        data.cache_mb,
    )
    result = evaluate(training.parallel, batches, world)
    values = {"loss": result.loss, "gain": result.gain, "kinds": result.kinds}
    training.log.write("valid", training.step, training.steps, values)


def _save(training: Training) -> None:
    tally, left_out = _gather(training)
    checkpoint.save(
        training.run,
        training.world,
        training.parallel,
        training.optimizer,
        training.processor,
        checkpoint.Progress(
            training.step, training.order.counts, dict(left_out.reasons), left_out.cut, tally
        ),
        training.settings.checkpoint.keep,
    )


def _share(settings: Settings, world: World) -> Share:
    size, micro = settings.train.batch_size, settings.train.micro_batch
    if size % (world.size * micro):
        raise SettingsError(
            f"train.batch_size {size} is no multiple of {world.size} processes x "
            f"train.micro_batch {micro}",
            "change one of them",
        )
    return Share(world.rank, world.size, size, micro)


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


def _due(step: int, every: int) -> bool:
    return every > 0 and step % every == 0
