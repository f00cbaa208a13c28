"""The training loop, from settings to a trained model.

Read from the top: `train` opens a run and trains its phases one after the other, the grounded
warm-up (trainer/warmup/phase.py) if the run has one, then the paper's training
(trainer/training/paper.py). `run_phase` is the loop itself; a step of it is `update_weights`
(trainer/training/step.py).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import torch
from torch import nn

from trainer.data.batches import Batch
from trainer.errors import SettingsError
from trainer.settings import Settings
from trainer.training.failures import explained
from trainer.training.finite import LeftOutSteps
from trainer.training.objective import Losses
from trainer.training.paper import open_training
from trainer.training.parallel import unwrap
from trainer.training.prepare import Setup, prepare
from trainer.training.profile import ProfileWindow
from trainer.training.speed import Speed
from trainer.training.step import StepPlan, Update, update_weights
from trainer.training.world import World, open_world
from trainer.warmup.checkpoint import delete_warmup_checkpoints
from trainer.warmup.opening import open_warm_up, should_warm_up
from trainer.weights.assemble import Assembly

START_ADVICE = "set train.precision=bf16-pure, or use more GPUs with train.parallel=fsdp"


def train(settings: Settings, out: Path) -> None:
    """Train as `settings` say, and write everything to the folder `out`.

    Called again, it resumes where it stopped.

    Raises:
        TrainerError: With one clear line, for everything that can be expected to go wrong.
    """
    with open_world(settings.train.device) as world:
        train_in_world(settings, out, world)


def train_in_world(settings: Settings, out: Path, world: World) -> None:
    """As `train`, in processes that exist. All collective operations finish here."""
    wants_warm_up = should_warm_up(settings)
    with explained(lambda: "the start", START_ADVICE):
        setup = prepare(settings, out, world)
    try:
        warmed = warm_up(setup) if wants_warm_up and setup.checkpoint is None else None
        if warmed is not None:
            setup = dataclasses.replace(setup, assembly=warmed)
        elif settings.train.steps == 0 and setup.checkpoint is None:
            raise SettingsError(
                "train.steps is 0, and there is no warm-up: nothing would be trained",
                "set train.steps, or --warm-up grounded for Vary-tiny",
            )
        with explained(lambda: "the start", START_ADVICE):
            training = open_training(setup)
        if warmed is not None:  # the run can restart from the warm-up's result
            training.save()
            delete_warmup_checkpoints(setup.run)
        run_phase(training)
    finally:
        setup.log.close()
    world.barrier()


def warm_up(setup: Setup) -> Assembly | None:
    """The model after the grounded warm-up, or None if the data has no words for one."""
    with explained(lambda: "the start", START_ADVICE):
        phase = open_warm_up(setup)
    if phase is None:
        return None
    run_phase(phase)
    return phase.setup.assembly


def run_phase(phase: Phase) -> None:
    """Train until the phase is finished; log, validate and save on the way when it is due.

    The last step is always logged, validated and saved.
    """
    settings, world, log = phase.setup.settings, phase.setup.world, phase.setup.log
    speed = Speed(unwrap(phase.parallel), settings, world)
    gain: float | None = None
    window = settings.train.profile if phase.event == "train" else ()
    trace = ProfileWindow(window, phase.setup.run.folder, world.rank, log)
    with explained(lambda: phase.step_name, phase.memory_advice):
        batches = speed.counting(phase.batches())
        while not phase.finished(phase.step):
            trace.before(phase.step + 1)
            plan = phase.plan_step()
            update = update_weights(
                phase.parallel, phase.optimizers, batches, plan, world, phase.observe
            )
            if note := phase.left_out.observe(update.problem, plan.name, plan.advice):
                log.say(note)
            step = phase.step + 1
            trace.after(step)
            final = phase.finished(step)
            if _due(step, settings.log.gain_every, final):
                gain = phase.measure_gain(update.batch)
            phase.complete_step(update)
            if final or _due(step, settings.log.every):
                values = phase.log_values(update, gain) | speed.read()
                log.write(phase.event, step, phase.steps, values)
                gain = None
            if _due(step, settings.evaluation.every, final):
                for event, values in phase.validate():
                    log.write(event, step, phase.steps, values)
                final = phase.finished(step)
                speed.restart()
            # after a step without an update the last weights may be its cause
            saves = _due(step, settings.checkpoint.every) and not phase.left_out.in_a_row
            if final or saves:
                phase.save()
                speed.restart()


def _due(step: int, every: int, final: bool = False) -> bool:
    """Whether something is due that happens every so many steps, and never if that is 0."""
    return every > 0 and (final or step % every == 0)


class Phase(Protocol):
    """A part of a run with its own batches, learning rates and checkpoints.

    `step` counts finished steps, `steps` is the most there can be. `event` is the name of its log
    lines, `memory_advice` what to lower when the device's memory is full. `left_out` counts steps
    without an update.
    """

    step: int
    left_out: LeftOutSteps

    @property
    def setup(self) -> Setup: ...

    @property
    def parallel(self) -> nn.Module:
        """The objective, as it is spread over the processes."""
        ...

    @property
    def optimizers(self) -> Sequence[torch.optim.Optimizer]: ...

    @property
    def steps(self) -> int: ...

    @property
    def event(self) -> str: ...

    @property
    def memory_advice(self) -> str: ...

    @property
    def step_name(self) -> str:
        """The next step, for messages."""

    def finished(self, step: int) -> bool:
        """Whether the phase is over after `step` steps."""

    def batches(self) -> Iterator[Batch]:
        """The batches of this process, from the next step on."""

    def plan_step(self) -> StepPlan:
        """Prepare the next step."""

    def observe(self, batch: Batch, losses: Losses) -> None:
        """Count a pass of the step."""

    def measure_gain(self, batch: Batch) -> float | None:
        """The vision gain on the step's last micro-batch."""

    def complete_step(self, update: Update) -> None:
        """Advance to the next step, after the update of the weights."""

    def log_values(self, update: Update, gain: float | None) -> dict[str, Any]:
        """What to log of the steps since the last call; `gain` if it was measured."""

    def validate(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Names and values of log lines about held-out data."""

    def save(self) -> None:
        """Write a checkpoint."""
