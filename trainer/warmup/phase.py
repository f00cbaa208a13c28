"""The grounded warm-up, as a phase of the training loop: crops that grow with the curriculum.

It has its own optimizers, curriculum and checkpoints, and leaves only the model's weights.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from trainer.data.batches import Batch
from trainer.data.catalog import has_split, open_catalog
from trainer.data.loader import open_loader
from trainer.model.vision import Offset
from trainer.training.checkpoint import save_model, write_checkpoint
from trainer.training.finite import LeftOutSteps
from trainer.training.objective import Losses, Objective
from trainer.training.parallel import unwrap, whole_state
from trainer.training.prepare import Setup
from trainer.training.run import Run
from trainer.training.step import StepPlan, Update
from trainer.warmup.characters import SCRIPTS
from trainer.warmup.checkpoint import Saved
from trainer.warmup.clock import FIT_EVERY, Clock
from trainer.warmup.head import CharacterHead
from trainer.warmup.order import CropOrder
from trainer.warmup.positions import middle_offset, random_offset
from trainer.warmup.samples import Crops, crop_collate, plan_crops, reading_ahead
from trainer.warmup.schedule import Curriculum
from trainer.warmup.validation import (
    Measurement,
    by_script,
    held_out_crops,
    held_out_samples,
    measure,
    text_accuracy,
)

EVENTS = ("warm-up", "warm-up crops", "warm-up valid")
"""The names of the warm-up's log lines."""
STEP_SUMS = 3 + 3 * len(SCRIPTS)
"""Losses and counts of a step: see `WarmUp.observe`."""


@dataclass
class WarmUp:
    """The state of the warm-up; see `trainer.training.loop.Phase` for its methods.

    `order` is the position in the data. `skipped` counts rows left out, by reason; `window` holds
    the sums of each step, over all processes, since the last logged one.
    """

    setup: Setup
    run: Run
    parallel: nn.Module
    optimizers: Sequence[torch.optim.Optimizer]
    curriculum: Curriculum
    characters: list[str]
    order: CropOrder
    step: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    window: list[Tensor] = field(default_factory=list)
    sums: Tensor = field(default_factory=lambda: torch.zeros(0))
    """Losses and counts of the last step, on this process."""
    clock: Clock = field(default_factory=Clock)
    left_out: LeftOutSteps = field(default_factory=lambda: LeftOutSteps(limit=1))

    event = EVENTS[0]
    memory_advice = "lower warm_up.batch_sizes or warm_up.lengths, and choose another --out"

    @property
    def steps(self) -> int:
        return sum(self.setup.settings.warm_up.steps)

    @property
    def step_name(self) -> str:
        return f"step {self.step + 1} of the warm-up"

    @property
    def objective(self) -> Objective:
        """The objective itself, without what spreads it over processes."""
        return unwrap(self.parallel)

    @property
    def head(self) -> CharacterHead:
        """The head that learns which character is at each place."""
        assert self.objective.grounding is not None
        return self.objective.grounding

    def finished(self, step: int) -> bool:
        return self.curriculum.finished(step)

    def batches(self) -> Iterator[Batch]:
        settings, world = self.setup.settings, self.setup.world
        # Workers read ahead in a copy: `order` advances with what has been trained on.
        lists = plan_crops(self.order.copy(), self.curriculum, self.step, world.rank, world.size)
        workers, prefetch = reading_ahead(settings.data.workers, settings.warm_up.lag)
        return open_loader(
            Crops(self.setup.encoding, settings.warm_up, settings.train.seed),
            lists,
            crop_collate(self.setup.encoding, settings),
            workers,
            prefetch,
            pin=world.device.type == "cuda",
        )

    def plan_step(self) -> StepPlan:
        settings = self.setup.settings
        level = self.curriculum.at(self.step)
        self.objective.image_size = settings.warm_up.sizes[level.stage]
        self.head.active = self.curriculum.active
        self.head.weight = self.curriculum.dense_weight(self.step)
        return StepPlan(
            name=self.step_name,
            seed=(settings.train.seed, self.step),
            learning_rate=self.curriculum.learning_rate(self.step),
            clip=settings.warm_up.clip,
            position_offset=self._random_offset(),
            advice="lower warm_up.lr or set train.precision=fp32",
        )

    def observe(self, batch: Batch, losses: Losses) -> None:
        assert losses.dense is not None
        targets = losses.targets.sum()
        self.skipped.update(row.reason for row in batch.skipped)
        self.sums = torch.cat(
            [
                torch.stack([losses.by_sample.sum(), targets]),
                losses.dense.right,
                losses.dense.seen,
                losses.dense.token_right,
                losses.dense.loss.detach()[None] * targets,  # scaled as in the objective
            ]
        )

    def measure_gain(self, batch: Batch) -> float | None:
        world, offset = self.setup.world, self._random_offset()
        gain = measure(self.parallel, [("", batch)], [""], world, offset).gain
        self.curriculum.gain = gain
        return gain

    def complete_step(self, update: Update) -> None:
        """Advance, and let the curriculum decide what follows."""
        self.order.take(self.step, self.curriculum.at(self.step))
        sums = self.setup.world.sum(self.sums).cpu()
        if update.problem is not None:
            sums = torch.zeros_like(sums)
        self.window.append(sums)
        right, seen, _ = _by_script(sums)
        loss = float(sums[0] / sums[1]) if sums[1] else None
        self.curriculum.observe(self.step, loss, text_accuracy(right, seen), self.head.known)
        self.step += 1
        minutes = self.setup.settings.warm_up.minutes
        if minutes is not None and self.step % FIT_EVERY == 0:
            self._fit_last_stage(60 * minutes)

    def log_values(self, update: Update, gain: float | None) -> dict[str, Any]:
        sums = torch.stack(self.window).sum(0)
        self.window = []
        right, seen, token_right = _by_script(sums)
        level = self.curriculum.at(self.step - 1)
        skipped = self._all_skipped()
        return {
            "loss": float(sums[0] / sums[1]) if sums[1] else None,
            "gain": gain,
            "dense_loss": float(sums[-1] / sums[1].clamp(min=1)),
            "dense_accuracy": by_script(right, seen),
            "token_accuracy": by_script(token_right, seen),
            "dense_weight": self.head.weight,
            "lr": self.curriculum.learning_rate(self.step - 1),
            "characters": self.head.active,
            "stage": level.stage,
            "size": self.setup.settings.warm_up.sizes[level.stage],
            "length": level.length,
            "last_steps": self.curriculum.steps_of_last_stage,
            "grad_norm": update.norm if update.problem is None else None,
            "left_out": self.left_out.total,
            "samples": self.order.position,
            "skipped": skipped.total(),
            "reasons": dict(sorted(skipped.items())),
        }

    def validate(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Held-out crops as the warm-up shows them, and whole held-out samples."""
        settings = self.setup.settings
        data = settings.data
        if not has_split(data.datasets, data.validation):
            return
        catalog = open_catalog(data.datasets, data.validation, form=data.targets)
        level = self.curriculum.at(max(0, self.step - 1))
        crops = held_out_crops(self.setup, catalog, level)
        samples = held_out_samples(self.setup, catalog)
        names = [configuration.name for configuration in catalog]
        for event, batches, size in (
            (EVENTS[1], crops, settings.warm_up.sizes[level.stage]),
            (EVENTS[2], samples, settings.model.image_size),
        ):
            result = self._measure_at(size, batches, names)
            if result.loss is not None:
                yield event, result.log_values() | {"size": size}

    def save(self) -> None:
        skipped = self._all_skipped()
        self.skipped = skipped if self.setup.world.first else Counter()
        saved = Saved(
            step=self.step,
            characters=self.characters,
            curriculum=self.curriculum.state(),
            head=self.head.state_dict(),
            optimizers=[optimizer.state_dict() for optimizer in self.optimizers],
            counts=self.order.counts,
            skipped=dict(skipped),
            window=self.window,
        )
        tensors = whole_state(self.objective, self.setup.world)

        def write_files(folder: Path) -> None:
            processor = self.setup.assembly.processor
            save_model(folder / "model", self.objective, processor, tensors)
            saved.write(folder)

        write_checkpoint(self.run, self.setup.world, self.step, 1, write_files)

    def _fit_last_stage(self, limit: float) -> None:
        """Give the last stage the steps that fit into `limit` seconds for the warm-up.

        The first steps of a stage do not count: they are slow because the model is compiled.
        """
        seconds, pace = self.clock.read(self.setup.world)
        earlier = self.curriculum.at(max(0, self.step - 2 * FIT_EVERY))
        if earlier.stage == self.curriculum.last_stage:
            self.curriculum.fit(self.step, limit - seconds, pace)

    def _all_skipped(self) -> Counter[str]:
        """The rows left out on all processes."""
        return sum((Counter(c) for c in self.setup.world.gather(dict(self.skipped))), Counter())

    def _measure_at(
        self, size: int, batches: Iterator[tuple[str, Batch]], names: Sequence[str]
    ) -> Measurement:
        """Measure on pictures of `size` pixels, in the middle of the whole picture."""
        before, self.objective.image_size = self.objective.image_size, size
        offset = middle_offset(
            self.objective.model.config, size, self.setup.settings.model.image_size
        )
        result = measure(self.parallel, batches, names, self.setup.world, offset)
        self.objective.image_size = before
        return result

    def _random_offset(self) -> Offset:
        settings, config = self.setup.settings, self.objective.model.config
        whole = settings.model.image_size
        seed = settings.train.seed
        return random_offset(config, self.objective.image_size, whole, seed, self.step)


def _by_script(sums: Tensor) -> Tensor:
    """Places named right from the map, places with text, places named right from the tokens: each
    [scripts], out of the sums of a step."""
    return sums[2:-1].view(3, len(SCRIPTS))
