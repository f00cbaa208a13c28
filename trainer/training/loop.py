"""The training loop, from settings to a trained model.

Read `train` first: it prepares the run (trainer/training/prepare.py) and calls `_steps`, the loop.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator
from pathlib import Path

import torch

from trainer.data.batches import Batch, Collate
from trainer.data.catalog import has_split, open_catalog
from trainer.data.loader import blank_sample, held_out, open_loader, plan
from trainer.errors import RunError
from trainer.settings import Settings
from trainer.training import checkpoint, parallel
from trainer.training.evaluate import Tally, evaluate
from trainer.training.failures import explained
from trainer.training.optimizer import finish_gradients, learning_rate, set_learning_rate
from trainer.training.prepare import LeftOut, Training, prepare
from trainer.training.seeds import seed_pass
from trainer.training.speed import Speed
from trainer.training.world import World, open_world

LOWER = (
    "lower train.micro_batch, set train.activation_checkpointing=true, or lower model.max_length"
)

FIT = "set train.precision=bf16-pure, or use more GPUs with train.parallel=fsdp"


def train(settings: Settings, out: Path) -> None:
    """Train as `settings` say and leave everything in the folder `out`.

    Run again, it goes on where it stopped. Raises `TrainerError` with one clear line.
    """
    with open_world(settings.train.device) as world:
        _train(settings, out, world)


def _train(settings: Settings, out: Path, world: World) -> None:
    """Nothing that communicates may outlive this call: the processes part after it."""
    with explained(lambda: "the start", FIT):
        training = prepare(settings, out, world)
    try:
        with explained(lambda: f"step {training.step + 1}", LOWER):
            _steps(training)
    finally:
        training.log.close()
    world.barrier()


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
    samples, micro = settings.evaluation.samples, share.micro_batch
    refs = [refs for _, refs in held_out(catalog, samples, micro, world.rank, world.size)]
    if not refs:
        return
    batches = open_loader(
        iter(refs),
        dataclasses.replace(training.encoding, augment_seed=None),
        _collate(training),
        min(data.workers, len(refs)),
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


def _due(step: int, every: int) -> bool:
    return every > 0 and step % every == 0
