"""The warm-up's own loop: before the paper's training, on the same model.

It has its own optimizer, curriculum and checkpoints (RUN/warm-up/checkpoints), and leaves nothing
behind but the model's weights.
"""

from __future__ import annotations

import math
import shutil
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from trainer.data.batches import Batch
from trainer.data.catalog import Configuration, has_split, open_catalog
from trainer.data.order import SampleOrder
from trainer.data.samples import Encoding
from trainer.errors import DataError, RunError, SettingsError
from trainer.model import VaryProcessor
from trainer.model.configuration import IMAGE_STRIDE, image_tokens
from trainer.model.vision import Offset
from trainer.settings import OptimSettings, Settings
from trainer.train import checkpoint, parallel
from trainer.train.compilation import compile_blocks
from trainer.train.failures import explained
from trainer.train.log import RunLog
from trainer.train.objective import Losses, Objective
from trainer.train.optimizer import build_optimizer, finish_gradients, set_learning_rate
from trainer.train.run import Run
from trainer.train.seeds import seed_pass
from trainer.train.speed import memory_gib
from trainer.train.world import World
from trainer.warmup import muon
from trainer.warmup.characters import SCRIPTS, by_frequency, count_characters
from trainer.warmup.head import CharacterHead
from trainer.warmup.samples import (
    CollateGrounded,
    CropRef,
    Crops,
    crops_of_step,
    open_crops,
    plan_crops,
)
from trainer.warmup.schedule import Curriculum
from trainer.warmup.validation import Measure, held_out_crops, held_out_samples, measure
from trainer.weights.assemble import Assembly, load_model

EVENTS = ("warm-up", "warm-up crops", "warm-up valid")
LOWER = "lower warm_up.batch_sizes or warm_up.lengths, and choose another --out"


@dataclass
class WarmUp:
    """Everything that a step of the warm-up touches."""

    settings: Settings
    world: World
    run: Run
    log: RunLog
    processor: VaryProcessor
    encoding: Encoding
    parallel: nn.Module
    optimizer: torch.optim.Optimizer
    curriculum: Curriculum
    characters: list[str]
    order: SampleOrder
    step: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    window: list[Tensor] = field(default_factory=list)
    images: int = 0
    started: float = field(default_factory=time.perf_counter)

    @property
    def objective(self) -> Objective:
        return parallel.unwrap(self.parallel)

    @property
    def head(self) -> CharacterHead:
        assert self.objective.grounding is not None
        return self.objective.grounding


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
        if settings.warm_up.mode == "grounded":
            raise DataError("the data has no words in its regions", "use --warm-up none")
        log.say("warm-up: none, the data has no words in its regions")
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


def open_warm_up(
    assembly: Assembly,
    settings: Settings,
    catalog: Sequence[Configuration],
    encoding: Encoding,
    run: Run,
    log: RunLog,
    world: World,
    characters: list[str],
) -> WarmUp:
    """A new warm-up, or the interrupted one of this run."""
    how, inner = settings.warm_up, Run(run.folder / "warm-up")
    if how.sizes[-1] != settings.model.image_size:
        raise SettingsError(
            f"warm_up.sizes ends at {how.sizes[-1]}, model.image_size is "
            f"{settings.model.image_size}",
            "the last stage shows whole samples at the model's size",
        )
    if any(size % world.size for size in how.batch_sizes):
        raise SettingsError(
            f"warm_up.batch_sizes {list(how.batch_sizes)} must be multiples of {world.size}"
        )
    last = next(reversed(inner.checkpoints()), None)
    saved: dict[str, Any] = {} if last is None else _read(last / "state" / "warm-up.pt")
    if last is not None:
        assembly = load_model(last, torch.float32)
        encoding = replace(encoding, tokenizer=assembly.processor.tokenizer)
        characters = saved["characters"]
    curriculum = (
        Curriculum.restore(how, saved["curriculum"])
        if saved
        else Curriculum.begin(how, len(characters))
    )
    channels = assembly.model.config.vision_config.output_channels
    torch.manual_seed(settings.train.seed)
    head = CharacterHead(
        channels,
        assembly.model.config.text_config.hidden_size,
        characters,
        curriculum.active,
        how.background,
        (how.places[0], how.places[1]),
        how.token_weight,
        how.text_places,
    )
    objective = Objective(
        assembly.model,
        assembly.processor.image_processor,
        how.sizes[0],
        "fp32" if settings.train.precision == "fp32" else "bf16",
        head,
    )
    objective.train().to(world.device)
    if settings.train.compile:  # pictures are of one size at a time, answers of any length
        compile_blocks(assembly.model.model.vision_tower.blocks, dynamic=False)
    optimizer: torch.optim.Optimizer
    if how.optimizer == "muon":
        optimizer = muon.build(assembly.model, _optim(settings), how.momentum)
    else:
        optimizer = build_optimizer(assembly.model, _optim(settings))
    optimizer.add_param_group(
        {"params": list(head.parameters()), "part": "head", "scale": 1.0, "weight_decay": 0.0}
    )
    if saved:
        head.load_state_dict(saved["head"])
        optimizer.load_state_dict(saved["optimizer"])
        log.say(f"warm-up: going on after step {saved['step']}")
    step = int(saved.get("step", 0))
    log.forget_after(step, 0, EVENTS)
    placed = parallel.replicate(objective, world) if world.size > 1 else objective
    return WarmUp(
        settings=settings,
        world=world,
        run=inner,
        log=log,
        processor=assembly.processor,
        encoding=encoding,
        parallel=placed,
        optimizer=optimizer,
        curriculum=curriculum,
        characters=characters,
        order=SampleOrder(
            catalog,
            settings.data.weights,
            settings.train.seed,
            settings.data.shuffle_groups,
            saved.get("counts"),
        ),
        step=step,
        skipped=Counter(saved.get("skipped", {}) if world.first else {}),
        window=saved.get("window", []),
    )


def _steps(state: WarmUp) -> None:
    every = state.settings.log
    batches = _batches(state)
    gain: float | None = None
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
        if step % every.every == 0:
            _log(state, norm, gain)
            gain = None
        final = state.curriculum.finished(step)
        if final or _due(step, state.settings.evaluation.every):
            validate(state)
        if final or _due(step, state.settings.checkpoint.every):
            _save(state)


def _one_step(state: WarmUp, batches: Iterator[Batch]) -> tuple[Losses, float, Batch]:
    """One update of the weights on one batch per process."""
    how, world = state.settings.warm_up, state.world
    phase = state.curriculum.at(state.step)
    state.objective.image_size = how.sizes[phase.stage]
    state.head.active = state.curriculum.active
    state.head.weight = state.curriculum.dense_weight(state.step)
    set_learning_rate(state.optimizer, state.curriculum.learning_rate(state.step))
    batch = next(batches)
    state.skipped.update(row.reason for row in batch.skipped)
    state.images += len(batch.images)
    batch = batch.to(world.device)
    seed_pass(state.settings.train.seed, state.step, world.rank, 0)
    losses = state.parallel(batch, position_offset=_offset(state, state.step))
    losses.total.backward()
    targets = float(world.sum(losses.targets.sum()[None]))
    norm = finish_gradients(state.objective.parameters(), world.size / max(1.0, targets), how.clip)
    state.optimizer.step()
    state.optimizer.zero_grad(set_to_none=True)
    crops_of_step(state.order, how, phase, state.step)
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
        losses.dense.loss.detach()[None] / state.world.size,
    ]
    sums = state.world.sum(torch.cat(parts)).cpu()
    state.window.append(sums)
    right, places, _ = sums[2:-1].view(3, len(SCRIPTS))
    seen = float(places.sum())
    accuracy = float(right.sum()) / seen if seen else None
    loss = float(sums[0] / sums[1].clamp(min=1))
    state.curriculum.observe(state.step - 1, loss, accuracy, state.head.known)


def _log(state: WarmUp, norm: float, gain: float | None) -> None:
    sums = torch.stack(state.window).sum(0)
    count, state.window = len(state.window), []
    right, seen, token_right = sums[2:-1].view(3, len(SCRIPTS))
    phase = state.curriculum.at(state.step - 1)
    skipped = sum((Counter(c) for c in state.world.gather(dict(state.skipped))), Counter())
    seconds = time.perf_counter() - state.started
    images = float(state.world.sum(torch.tensor([state.images], device=state.world.device)))
    values = {
        "loss": float(sums[0] / sums[1].clamp(min=1)),
        "gain": gain,
        "dense_loss": float(sums[-1]) / count,
        "dense_accuracy": by_script(right, seen),
        "token_accuracy": by_script(token_right, seen),
        "dense_weight": state.head.weight,
        "lr": state.curriculum.learning_rate(state.step - 1),
        "characters": state.head.active,
        "stage": phase.stage,
        "size": state.settings.warm_up.sizes[phase.stage],
        "length": phase.length,
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
    return CollateGrounded(
        state.encoding, pad, state.settings.data.pad_to_multiple, (how.places[0], how.places[1])
    )


def _optim(settings: Settings) -> OptimSettings:
    how = settings.warm_up
    return OptimSettings(
        lr=how.lr, lr_scale=how.lr_scale, weight_decay=how.weight_decay, betas=how.betas
    )


def _save(state: WarmUp) -> None:
    """Write a checkpoint of the warm-up; it appears whole or not at all."""
    skipped = sum((Counter(c) for c in state.world.gather(dict(state.skipped))), Counter())
    state.skipped = skipped if state.world.first else Counter()
    if not state.world.first:
        return
    try:
        folder = state.run.begin(state.step)
        weights = parallel.whole_state(state.objective)
        state.objective.model.save_pretrained(folder / "model", state_dict=weights)
        state.processor.save_pretrained(folder / "model")
        (folder / "state").mkdir()
        torch.save(
            {
                "step": state.step,
                "characters": state.characters,
                "curriculum": state.curriculum.state(),
                "head": state.head.state_dict(),
                "optimizer": state.optimizer.state_dict(),
                "counts": dict(state.order.counts),
                "skipped": dict(skipped),
                "window": state.window,
            },
            folder / "state" / "warm-up.pt",
        )
        state.run.publish(state.step, keep=1)
    except checkpoint.WRITING as error:
        state.run.abandon(state.step)
        raise RunError(
            f"the warm-up's checkpoint of step {state.step} could not be written ({error})",
            "free some space and run the same command again",
        ) from error


def forget(run: Run) -> None:
    """Remove the warm-up's own checkpoints, once the run has one with its result."""
    shutil.rmtree(run.folder / "warm-up", ignore_errors=True)


def _read(file: Path) -> dict[str, Any]:
    try:
        saved: dict[str, Any] = torch.load(file, map_location="cpu", weights_only=True)
    except Exception as error:  # a damaged file can raise anything
        raise RunError(f"{file} is damaged", "start anew in another folder") from error
    return saved


def _due(step: int, every: int) -> bool:
    return every > 0 and step % every == 0
