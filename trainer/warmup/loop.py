"""The warm-up's own loop: before the paper's training, on the same model.

It has its own optimizers, curriculum and checkpoints (RUN/warm-up/checkpoints), and leaves nothing
behind but the model's weights.
"""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from trainer.data.batches import Batch
from trainer.data.catalog import Configuration, has_split, open_catalog
from trainer.data.samples import Encoding
from trainer.errors import DataError, RunError, SettingsError
from trainer.model.configuration import IMAGE_STRIDE, image_tokens
from trainer.model.vision import Offset
from trainer.settings import Settings
from trainer.train.failures import explained
from trainer.train.log import RunLog
from trainer.train.objective import Losses
from trainer.train.optimizer import finish_gradients, set_learning_rate
from trainer.train.run import Run
from trainer.train.seeds import seed_pass
from trainer.train.speed import memory_gib
from trainer.train.world import World
from trainer.warmup.characters import SCRIPTS, by_frequency, count_characters
from trainer.warmup.order import CropRef
from trainer.warmup.samples import CollateGrounded, Crops, open_crops, plan_crops
from trainer.warmup.state import EVENTS, WarmUp, open_warm_up, save
from trainer.warmup.validation import Measure, held_out_crops, held_out_samples, measure
from trainer.weights.assemble import Assembly

FIT_EVERY = 100
"""Steps after which those of the last stage are counted anew."""
LOWER = "lower warm_up.batch_sizes or warm_up.lengths, and choose another --out"


def wanted(settings: Settings) -> bool:
    """Whether a run starts with the warm-up."""
    mode, weights = settings.warm_up.mode, settings.model.weights
    if mode == "grounded" and settings.stage != "tiny":
        raise SettingsError("the grounded warm-up is for Vary-tiny", "use --warm-up none")
    if settings.stage != "tiny" or mode == "none":
        return False
    if {"vision", "compressor"} & set(settings.train.freeze):
        if mode == "grounded":
            raise SettingsError("the grounded warm-up trains the tower that train.freeze freezes")
        return False
    return mode == "grounded" or not (weights.vision or weights.vary)


def warm_up(
    assembly: Assembly,
    settings: Settings,
    catalog: Sequence[Configuration],
    encoding: Encoding,
    run: Run,
    log: RunLog,
    world: World,
) -> Assembly | None:
    """Train `assembly`'s model until the curriculum is through, and return it.

    Goes on where an interrupted warm-up stopped. Where the data has no words, `grounded` raises
    `DataError`, and `auto` gives None: there was no warm-up.
    """
    counts = count_characters(catalog)
    characters = by_frequency(counts, settings.warm_up.fewest)
    if not characters:
        reason = "the data has no words in its regions"
        if counts:
            reason = f"no character occurs {settings.warm_up.fewest} times in the data's words"
        if settings.warm_up.mode == "grounded":
            lower = " or lower warm_up.fewest" if counts else ""
            raise DataError(reason, f"use --warm-up none{lower}")
        log.say(f"warm-up: none, {reason}")
        return None
    state = open_warm_up(assembly, settings, catalog, encoding, run, log, world, characters)
    how = settings.warm_up
    if state.step == 0:
        log.say(
            f"warm-up: {len(characters)} characters, the first {state.curriculum.active} at once; "
            f"pictures of {', '.join(map(str, how.sizes))} pixels"
        )
    with explained(lambda: f"step {state.step + 1} of the warm-up", LOWER):
        _steps(state)
    model = state.objective.model
    return replace(assembly, model=model, processor=state.processor)


def _steps(state: WarmUp) -> None:
    every = state.settings.log
    batches = _batches(state)
    gain: float | None = None
    began = mark = time.perf_counter()
    pace: float | None = None  # seconds of a step, the last ones weigh more
    while not state.curriculum.finished(state.step):
        losses, norm, batch = _one_step(state, batches)
        if not math.isfinite(norm):
            raise RunError(
                f"the gradients are {norm} at step {state.step} of the warm-up",
                "lower warm_up.lr or set train.precision=fp32",
            )
        step = state.step
        if every.gain_every and step % every.gain_every == 0:
            offset = _offset(state, step - 1)
            gain = measure(state.parallel, [("", batch)], [""], state.world, offset).gain
            state.curriculum.gain = gain
        _learn_curriculum(state, losses)
        if step % FIT_EVERY == 0 and state.settings.warm_up.minutes is not None:
            now = time.perf_counter()
            pace = (pace or (now - mark) / FIT_EVERY) / 2 + (now - mark) / FIT_EVERY / 2
            mark = now
            _fit_last_stage(state, now - began, pace)
        if step % every.every == 0:
            _log(state, norm, gain)
            gain = None
        final = state.curriculum.finished(step)
        if final or _due(step, state.settings.evaluation.every):
            validate(state)
        if final or _due(step, state.settings.checkpoint.every):
            save(state)


def _one_step(state: WarmUp, batches: Iterator[Batch]) -> tuple[Losses, float, Batch]:
    """One update of the weights on one batch per process."""
    how, world = state.settings.warm_up, state.world
    phase = state.curriculum.at(state.step)
    state.objective.image_size = how.sizes[phase.stage]
    state.head.active = state.curriculum.active
    state.head.weight = state.curriculum.dense_weight(state.step)
    rate = state.curriculum.learning_rate(state.step)
    for optimizer in state.optimizers:
        set_learning_rate(optimizer, rate)
    batch = next(batches)
    state.skipped.update(row.reason for row in batch.skipped)
    state.images += len(batch.kinds)
    batch = batch.to(world.device)
    seed_pass(state.settings.train.seed, state.step, world.rank, 0)
    losses = state.parallel(batch, position_offset=_offset(state, state.step))
    losses.total.backward()
    targets = float(world.sum(losses.targets.sum()[None]))
    norm = finish_gradients(state.objective.parameters(), world.size / max(1.0, targets), how.clip)
    for optimizer in state.optimizers:
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
    state.order.take(state.step, phase)
    state.step += 1
    return losses, norm, batch


def _offset(state: WarmUp, step: int) -> Offset:
    """Where in the whole picture, in patches, the pictures of a step lie: elsewhere every time."""
    patches, room = _room(state)
    key = torch.Generator().manual_seed(state.settings.train.seed * 1_000_003 + step)
    top, left = torch.randint(0, room, (2,), generator=key).tolist()
    return top * patches, left * patches


def _room(state: WarmUp) -> tuple[int, int]:
    """Patches of a token's side, and the token rows at which a picture of this size can begin."""
    vision = state.objective.model.config.vision_config
    tokens = math.isqrt(image_tokens(state.objective.image_size))
    whole = math.isqrt(image_tokens(vision.image_size))
    return IMAGE_STRIDE // vision.patch_size, whole - tokens + 1


def _learn_curriculum(state: WarmUp, losses: Losses) -> None:
    """Sum up the step over all processes, and let the curriculum decide."""
    assert losses.dense is not None
    parts = [
        torch.stack([losses.by_sample.sum(), losses.targets.sum()]),
        losses.dense.right,
        losses.dense.seen,
        losses.dense.token_right,
        losses.dense.loss.detach()[None] * losses.targets.sum(),  # as it is minimised
    ]
    sums = state.world.sum(torch.cat(parts)).cpu()
    state.window.append(sums)
    right, places, _ = sums[2:-1].view(3, len(SCRIPTS))
    seen = float(places.sum())
    accuracy = float(right.sum()) / seen if seen else None
    loss = float(sums[0] / sums[1]) if sums[1] else None
    state.curriculum.observe(state.step - 1, loss, accuracy, state.head.known)


def _fit_last_stage(state: WarmUp, seconds: float, seconds_a_step: float) -> None:
    """End in time; the first process's clock counts. The first steps of a stage, in which it is
    compiled, say nothing."""
    curriculum, minutes = state.curriculum, state.settings.warm_up.minutes
    assert minutes is not None
    phase = curriculum.at(max(0, state.step - 2 * FIT_EVERY))
    clock = torch.tensor([seconds, seconds_a_step], device=state.world.device)
    seconds, pace = state.world.sum(
        clock if state.world.first else torch.zeros_like(clock)
    ).tolist()
    if phase.stage == curriculum.last_stage:
        curriculum.fit(state.step, 60 * minutes - seconds, pace)


def _log(state: WarmUp, norm: float, gain: float | None) -> None:
    sums = torch.stack(state.window).sum(0)
    state.window = []
    right, seen, token_right = sums[2:-1].view(3, len(SCRIPTS))
    phase = state.curriculum.at(state.step - 1)
    skipped = sum((Counter(c) for c in state.world.gather(dict(state.skipped))), Counter())
    seconds = time.perf_counter() - state.started
    images = float(state.world.sum(torch.tensor([state.images], device=state.world.device)))
    values = {
        "loss": float(sums[0] / sums[1].clamp(min=1)),
        "gain": gain,
        "dense_loss": float(sums[-1] / sums[1].clamp(min=1)),
        "dense_accuracy": by_script(right, seen),
        "token_accuracy": by_script(token_right, seen),
        "dense_weight": state.head.weight,
        "lr": state.curriculum.learning_rate(state.step - 1),
        "characters": state.head.active,
        "stage": phase.stage,
        "size": state.settings.warm_up.sizes[phase.stage],
        "length": phase.length,
        "last_steps": state.curriculum.steps_of_last,
        "grad_norm": norm,
        "samples": state.order.position,
        "skipped": skipped.total(),
        "reasons": dict(sorted(skipped.items())),
        "images_per_s": images / seconds,
        "memory_gib": memory_gib(state.world.device),
    }
    state.images, state.started = 0, time.perf_counter()
    state.log.write("warm-up", state.step, sum(state.settings.warm_up.steps), values)


def by_script(right: Tensor, seen: Tensor) -> dict[str, float]:
    """Share of cells with text whose character was named, for scripts that there are."""
    values = {"all": float(right.sum() / seen.sum())} if seen.sum() else {}
    for name, good, count in zip(SCRIPTS, right.tolist(), seen.tolist(), strict=True):
        if count:
            values[name] = good / count
    return values


def validate(state: WarmUp) -> None:
    """Held-out crops as the warm-up sees them, and whole held-out samples with their answers."""
    data, how = state.settings.data, state.settings.evaluation
    if not has_split(data.datasets, data.validation):
        return
    began = time.perf_counter()
    catalog = open_catalog(data.datasets, data.validation)
    phase = state.curriculum.at(max(0, state.step - 1))
    size, micro = state.settings.warm_up.sizes[phase.stage], state.settings.train.micro_batch
    collate = _collate(state)
    for event, batches, pixels in (
        (EVENTS[1], held_out_crops(state, catalog, phase, how.samples, micro, collate), size),
        (EVENTS[2], held_out_samples(state, catalog, how.samples, micro),
         state.settings.model.image_size),
    ):  # fmt: skip
        before, state.objective.image_size = state.objective.image_size, pixels
        patches, room = _room(state)
        offset = (room // 2 * patches, room // 2 * patches)
        names = [configuration.name for configuration in catalog]
        result: Measure = measure(state.parallel, batches, names, state.world, offset)
        state.objective.image_size = before
        if result.loss is None:
            continue
        values: dict[str, Any] = {
            "loss": result.loss, "gain": result.gain, "gains": result.gains, "size": pixels
        }  # fmt: skip
        if result.seen.sum():
            values["dense_accuracy"] = by_script(result.right, result.seen)
            values["token_accuracy"] = by_script(result.token_right, result.seen)
            values["characters_seen"] = result.characters
        state.log.write(event, state.step, sum(state.settings.warm_up.steps), values)
    state.started += time.perf_counter() - began


def _batches(state: WarmUp) -> Iterator[Batch]:
    """Batches from where the warm-up stands, read ahead in an order of their own."""
    how, world = state.settings.warm_up, state.world

    def share(refs: list[CropRef]) -> list[CropRef]:
        own = len(refs) // world.size
        return refs[world.rank * own : (world.rank + 1) * own]

    return open_crops(
        plan_crops(state.order.copy(), state.curriculum, state.step, share),
        Crops(state.encoding, how, state.settings.train.seed),
        _collate(state),
        state.settings.data.workers,
        how.lag,
        pin=world.device.type == "cuda",
    )


def _collate(state: WarmUp) -> CollateGrounded:
    tokenizer = state.processor.tokenizer
    pad = tokenizer.pad_token_id if tokenizer.pad_token_id is not None else 0
    how = state.settings.warm_up
    data = state.settings.data
    return CollateGrounded(state.encoding, pad, data.pad_to_multiple, how.grid, data.sequences)


def _due(step: int, every: int) -> bool:
    return every > 0 and step % every == 0
