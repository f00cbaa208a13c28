"""All that the warm-up keeps between steps: how it begins, goes on, and is written down."""

from __future__ import annotations

import shutil
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from trainer.data.batches import PACKED
from trainer.data.catalog import TrainingSource
from trainer.data.samples import Encoding
from trainer.errors import RunError, SettingsError
from trainer.model import VaryProcessor
from trainer.settings import OptimSettings, Settings
from trainer.training import checkpoint, parallel
from trainer.training.compilation import compile_blocks
from trainer.training.log import RunLog
from trainer.training.objective import Objective
from trainer.training.optimizer import build_optimizer, freeze, parameter_groups
from trainer.training.run import Run
from trainer.training.world import World
from trainer.warmup.head import CharacterHead
from trainer.warmup.muon import Muon, hidden_matrices, maps_in_one
from trainer.warmup.order import CropOrder
from trainer.warmup.schedule import Curriculum
from trainer.weights.assemble import Assembly, load_model

EVENTS = ("warm-up", "warm-up crops", "warm-up valid")
"""What the log's lines of the warm-up are called."""


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
    optimizers: tuple[torch.optim.Optimizer, ...]
    curriculum: Curriculum
    characters: list[str]
    order: CropOrder
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


def open_warm_up(
    assembly: Assembly,
    settings: Settings,
    catalog: Sequence[TrainingSource],
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
    counts = saved.get("counts", ({}, {}))
    if isinstance(counts, dict):  # one order for all stages
        counts = (counts, counts)
    order = CropOrder(catalog, settings, counts)
    if last is not None:
        assembly = load_model(last, torch.float32)
        encoding = replace(encoding, tokenizer=assembly.processor.tokenizer)
        characters = saved["characters"]
    curriculum = (
        Curriculum.restore(how, saved["curriculum"])
        if saved
        else Curriculum.begin(how, len(characters))
    )
    torch.manual_seed(settings.train.seed)
    head = CharacterHead(
        channels=assembly.model.config.vision_config.output_channels,
        token_channels=assembly.model.config.text_config.hidden_size,
        characters=characters,
        active=curriculum.active,
        background=how.background,
        places=how.grid,
        token_weight=how.token_weight,
        most=how.text_places,
    )
    freeze(assembly.model, settings.train.freeze)
    if settings.data.sequences == PACKED:
        assembly.model.pack_sequences()
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
    optimizers = _optimizers(assembly.model, head, settings)
    if saved:
        head.load_state_dict(saved["head"])
        for optimizer, kept in zip(optimizers, saved["optimizers"], strict=True):
            optimizer.load_state_dict(kept)
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
        optimizers=optimizers,
        curriculum=curriculum,
        characters=characters,
        order=order,
        step=step,
        skipped=Counter(saved.get("skipped", {}) if world.first else {}),
        window=saved.get("window", []),
    )


def _optimizers(
    model: nn.Module, head: CharacterHead, settings: Settings
) -> tuple[torch.optim.Optimizer, ...]:
    """AdamW, or Muon for the blocks' matrices and AdamW for the rest; the head is AdamW's."""
    how = settings.warm_up
    shared = OptimSettings(
        lr=how.lr, lr_scale=how.lr_scale, weight_decay=how.weight_decay, betas=how.betas
    )
    named = dict(model.named_parameters())
    hidden = hidden_matrices(named) if how.optimizer == "muon" else {}
    others = {name: p for name, p in named.items() if name not in hidden}
    adamw = build_optimizer(others.items(), shared)
    adamw.add_param_group(
        {"params": list(head.parameters()), "part": "head", "scale": 1.0, "weight_decay": 0.0}
    )
    groups = [
        group | {"maps": maps}
        for maps in (1, 3)
        for group in parameter_groups(
            ((n, p) for n, p in hidden.items() if maps_in_one(n) == maps), shared
        )
    ]
    return (adamw, Muon(groups, how.lr, how.momentum)) if groups else (adamw,)


def save(state: WarmUp) -> None:
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
                "optimizers": [optimizer.state_dict() for optimizer in state.optimizers],
                "counts": state.order.counts,
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
