"""The paper's training, as a phase of the training loop: samples with their own answers."""

from __future__ import annotations

import dataclasses
import math
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import nn

from trainer.data.batches import Batch, Collate
from trainer.data.budget import StepBatches, StepCollate, filled
from trainer.data.catalog import TrainingSource, has_split, open_catalog
from trainer.data.loader import ProcessShare, open_held_out, plan, sample_collate
from trainer.data.order import SampleOrder
from trainer.data.readers import open_readers
from trainer.data.samples import RejectedRow, Samples
from trainer.errors import SettingsError
from trainer.settings import Settings
from trainer.training import checkpoint
from trainer.training.average import WeightAverage
from trainer.training.best import Best
from trainer.training.checkpoint import save_best
from trainer.training.evaluate import Tally, evaluate
from trainer.training.finite import LeftOutSteps
from trainer.training.objective import Losses
from trainer.training.optimizer import build_optimizer, learning_rate
from trainer.training.parallel import choose_method, distribute_model, unwrap
from trainer.training.prepare import Setup, share_of
from trainer.training.reading import read_held_out
from trainer.training.restore import restore_optimizer
from trainer.training.step import StepPlan, Update


@dataclass
class SkippedRows:
    """Rows that were left out, by reason, and samples that were cut: of the whole run, on all
    processes."""

    reasons: Counter[str] = field(default_factory=Counter)
    cut: int = 0


@dataclass
class PaperTraining:
    """The state of the training; see `trainer.training.loop.Phase` for its methods.

    `order` is the position in the data: the samples that have been trained on. `tally`, `skipped`
    and `cut` are what this process has counted since it was last summed up; `skipped_rows` is the
    sum.
    """

    setup: Setup
    share: ProcessShare
    parallel: nn.Module
    optimizer: torch.optim.Optimizer
    order: SampleOrder
    steps: int
    step: int
    tally: Tally
    skipped_rows: SkippedRows
    left_out: LeftOutSteps
    best: Best
    average: WeightAverage | None = None
    skipped: list[RejectedRow] = field(default_factory=list)
    cut: int = 0
    last_step: Tally = field(default_factory=Tally)
    """The losses of the step that is being computed."""
    steps_read: Iterator[StepBatches] | None = None
    pending: deque[Batch] = field(default_factory=deque)
    """With train.micro_tokens, the steps that are read ahead, and the batches of the next one."""

    event = "train"
    memory_advice = (
        "lower train.micro_batch (or train.micro_tokens, if it is set) or set "
        "train.activation_checkpointing=true; in another --out, "
        "model.max_length can be lowered as well"
    )

    @property
    def optimizers(self) -> Sequence[torch.optim.Optimizer]:
        return (self.optimizer,)

    @property
    def step_name(self) -> str:
        return f"step {self.step + 1}"

    def finished(self, step: int) -> bool:
        return step >= self.steps or self.best.stops

    def batches(self) -> Iterator[Batch]:
        settings = self.setup.settings
        # Workers read ahead in a copy: `order` advances with what has been trained on.
        lists = plan(self.order.copy(), self.share, self.steps - self.step)
        samples = Samples(self.setup.encoding, settings.data.cache_mb * 2**20)
        pin = self.setup.world.device.type == "cuda"
        workers, prefetch = settings.data.workers, settings.data.prefetch
        if not settings.train.micro_tokens:
            return open_readers(samples, lists, self.collate, workers, prefetch, pin)
        collate = StepCollate(self.collate, settings.train.micro_tokens, settings.train.micro_batch)
        self.steps_read = open_readers(samples, lists, collate, workers, 1, pin)
        return iter(self.pending.popleft, None)

    @property
    def collate(self) -> Collate:
        """Makes a batch of samples."""
        data = self.setup.settings.data
        return sample_collate(self.setup.encoding, data, data.sequences)

    def plan_step(self) -> StepPlan:
        settings = self.setup.settings
        passes = self.share.passes
        if self.steps_read is not None:
            step = next(self.steps_read)
            passes = self.setup.world.largest(len(step.batches))
            self.pending.extend(filled(step, passes, self.collate))
        return StepPlan(
            name=self.step_name,
            seed=(settings.train.seed, self.step),
            learning_rate=learning_rate(settings.optim, self.step, self.steps),
            clip=settings.optim.clip,
            passes=passes,
            advice="lower optim.lr or set train.precision=fp32; earlier checkpoints are intact",
        )

    def observe(self, batch: Batch, losses: Losses) -> None:
        self.skipped += batch.skipped
        self.cut += batch.cut
        self.last_step.add(batch, losses)

    def measure_gain(self, batch: Batch) -> float | None:
        return evaluate(self.parallel, [batch], self.setup.world).gain

    def complete_step(self, update: Update) -> None:
        if update.problem is None:
            self.tally.pending += self.last_step.pending
            if self.average is not None:
                updates = self.step - self.left_out.total
                self.average.update(unwrap(self.parallel), updates)
        self.last_step = Tally()
        self.order.take(self.share.batch_size)
        self.step += 1

    def log_values(self, update: Update, gain: float | None) -> dict[str, Any]:
        tally = self._sum_up()
        self.tally = Tally()
        return {
            "loss": tally.mean if tally.targets else None,
            "gain": gain,
            "lr": learning_rate(self.setup.settings.optim, self.step - 1, self.steps),
            "grad_norm": update.norm if update.problem is None else None,
            "left_out": self.left_out.total,
            "samples": self.order.position,
            "skipped": self.skipped_rows.reasons.total(),
            "reasons": dict(sorted(self.skipped_rows.reasons.items())),
            "cut": self.skipped_rows.cut,
            "kinds": tally.kinds(),
        }

    def validate(self) -> Iterator[tuple[str, dict[str, Any]]]:
        data = self.setup.settings.data
        if not has_split(data.datasets, data.validation):
            return
        catalog = open_catalog(data.datasets, data.validation, form=data.targets)
        with self._averaged():
            yield from self._validate(catalog)

    def _averaged(self) -> AbstractContextManager[None]:
        """A block with the averaged weights, if there are any."""
        if self.average is None:
            return nullcontext()
        return self.average.applied(unwrap(self.parallel))

    def _validate(self, catalog: Sequence[TrainingSource]) -> Iterator[tuple[str, dict[str, Any]]]:
        settings, world = self.setup.settings, self.setup.world
        data = settings.data
        held_out = open_held_out(
            catalog,
            self.setup.encoding,
            data,
            data.sequences,
            settings.evaluation.samples,
            self.share,
        )
        result = evaluate(self.parallel, (batch for _, batch in held_out), world)
        measured: dict[str, Any] = {}
        if result.kinds:
            measured["loss"] = result.loss
            yield "valid", {"loss": result.loss, "gain": result.gain, "kinds": result.kinds}
        if settings.evaluation.read:
            scores = read_held_out(self.setup, self.parallel, catalog)
            measured |= scores
            yield "read", scores
        self._keep_best(measured)

    def save(self) -> None:
        tally = self._sum_up()
        checkpoint.save_training(
            self.setup.run,
            self.setup.world,
            self.parallel,
            self.optimizer,
            self.setup.assembly.processor,
            checkpoint.TrainingProgress(
                self.step,
                self.order.counts,
                dict(self.skipped_rows.reasons),
                self.skipped_rows.cut,
                tally,
                self.left_out.total,
                self.best.state(),
            ),
            self.setup.settings.checkpoint.keep,
            self.average,
        )

    def _keep_best(self, measured: dict[str, Any]) -> None:
        setup, best = self.setup, self.best
        if best.observe(self.step, measured):
            save_best(setup.run, setup.world, self.parallel, setup.assembly.processor)
        if best.stops:
            setup.log.say(
                f"{best.measure} has not been better than {best.value:.4f} since step {best.step}: "
                "the training ends"
            )

    def _sum_up(self) -> Tally:
        """The counts of all processes; afterwards the first process holds the tally, the others
        an empty one."""
        world = self.setup.world
        tally = self.tally.merged(world)
        self.tally = tally if world.first else Tally()
        counts = world.gather((self.skipped, self.cut))
        self.skipped, self.cut = [], 0
        for skipped, cut in counts:
            self.skipped_rows.reasons.update(row.reason for row in skipped)
            self.skipped_rows.cut += cut
            self.setup.log.list_skipped([dataclasses.asdict(row) for row in skipped])
        return tally


def open_training(setup: Setup) -> PaperTraining:
    """A new training, or the interrupted one of this run.

    Raises:
        TrainerError: The checkpoint is damaged, or the settings leave nothing to train.
    """
    settings, world, saved = setup.settings, setup.world, setup.checkpoint
    if settings.evaluation.read and choose_method(settings, world) == "fsdp":
        raise SettingsError(
            "evaluation.read needs a whole model on every device, and FSDP has parts",
            "score checkpoints with vary-train evaluate, or set train.parallel=ddp",
        )
    progress = checkpoint.TrainingProgress() if saved is None else checkpoint.read_progress(saved)
    setup.log.discard_after(progress.step, sum(progress.counts.values()))
    parallel = distribute_model(setup.assembly, settings, world)
    optimizer = build_optimizer(unwrap(parallel).model.named_parameters(), settings.optim)
    average = None
    if settings.train.ema:
        average = WeightAverage(unwrap(parallel), settings.train.ema)
    if saved is not None:
        restore_optimizer(saved, parallel, optimizer, world)
        if average is not None:
            average.restore(saved)
        setup.log.say(f"{setup.run.folder}: resumed after step {progress.step}")
    data = settings.data
    order = SampleOrder(
        setup.catalog, data.weights, settings.train.seed, data.shuffle_groups, progress.counts
    )
    return PaperTraining(
        setup=setup,
        share=share_of(settings, world),
        parallel=parallel,
        optimizer=optimizer,
        order=order,
        steps=total_steps(settings, setup.catalog),
        step=progress.step,
        tally=progress.tally if world.first else Tally(),
        skipped_rows=SkippedRows(Counter(progress.skipped), progress.cut),
        left_out=LeftOutSteps(settings.train.nonfinite_limit, progress.left_out),
        best=Best(settings.evaluation.best, settings.evaluation.patience, **progress.best),
        average=average,
    )


def total_steps(settings: Settings, catalog: Sequence[TrainingSource]) -> int:
    """Optimizer steps of the whole training."""
    if settings.train.steps is not None:
        return settings.train.steps
    rows = sum(configuration.rows for configuration in catalog)
    return max(1, math.ceil(settings.train.epochs * rows / settings.train.batch_size))
