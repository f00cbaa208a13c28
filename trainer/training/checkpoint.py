"""Writing checkpoints, whole or not at all; `trainer.training.restore` reads the optimizer.

Random generators have no state to save: every pass is seeded from (seed, step, rank, pass).
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from torch import Tensor, nn
from torch.distributed.checkpoint import state_dict_saver
from torch.distributed.checkpoint.api import CheckpointException
from torch.distributed.checkpoint.state_dict import get_optimizer_state_dict
from torch.distributed.fsdp import FSDPModule

from trainer.errors import RunError
from trainer.model import VaryProcessor
from trainer.training.average import SHARDS as AVERAGE_SHARDS
from trainer.training.average import WHOLE as AVERAGE
from trainer.training.average import WeightAverage
from trainer.training.evaluate import Tally
from trainer.training.finite import check_finite
from trainer.training.objective import Objective
from trainer.training.parallel import unwrap, whole_state
from trainer.training.restore import SHARDS, WHOLE
from trainer.training.run import Run
from trainer.training.world import World
from trainer.weights.lora import has_adapters, save_adapters
from trainer.weights.standalone import add_code

WRITE_ERRORS = (OSError, RuntimeError, SafetensorError, CheckpointException)
"""What the system, torch and safetensors raise when a disk is full or a folder is read-only."""


@dataclass(frozen=True, slots=True)
class TrainingProgress:
    """The state of the training: finished steps, samples handed out by configuration, rows left
    out by reason, samples cut, losses since the last logged step, steps without an update, and
    the state of `Best`."""

    step: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    skipped: Mapping[str, int] = field(default_factory=dict)
    cut: int = 0
    tally: Tally = field(default_factory=Tally)
    left_out: int = 0
    best: Mapping[str, Any] = field(default_factory=dict)


def save_training(
    run: Run,
    world: World,
    parallel: nn.Module,
    optimizer: torch.optim.Optimizer,
    processor: VaryProcessor,
    progress: TrainingProgress,
    keep: int,
    average: WeightAverage | None = None,
) -> None:
    """Write a checkpoint of the training, with an average of its weights if there is one.

    Raises:
        RunError: On every process, if any of them cannot write, or the weights are not finite.
    """
    objective = unwrap(parallel)
    sharded = isinstance(objective, FSDPModule)
    tensors = whole_state(objective, world)
    check_finite(tensors, progress.step, world)
    models = {"model": tensors}
    if average is not None:
        with average.applied(objective):
            models["ema"] = whole_state(objective, world, copy=True)

    def write_files(folder: Path) -> None:
        for name, state in models.items():
            save_model(folder / name, objective, processor, state)
            if not has_adapters(objective.model):
                add_code(folder / name)
        (folder / "state").mkdir()
        text = json.dumps(asdict(progress), indent=1)
        (folder / "state" / "progress.json").write_text(text, encoding="utf-8")
        if not sharded:
            torch.save(optimizer.state_dict(), folder / WHOLE)
            if average is not None:
                torch.save(average.tensors, folder / AVERAGE)

    def write_shards(folder: Path) -> None:
        parts = {"optimizer": get_optimizer_state_dict(objective.model, optimizer)}
        state_dict_saver.save(parts, checkpoint_id=folder / SHARDS)
        if average is not None:
            averages = {"average": average.tensors}
            state_dict_saver.save(averages, checkpoint_id=folder / AVERAGE_SHARDS)

    shards = write_shards if sharded else None
    write_checkpoint(run, world, progress.step, keep, write_files, shards)


def save_best(run: Run, world: World, parallel: nn.Module, processor: VaryProcessor) -> None:
    """Replace the model in RUN/best; all processes take part.

    Raises:
        RunError: On every process, if it cannot be written.
    """
    objective = unwrap(parallel)
    tensors = whole_state(objective, world)
    unfinished = run.folder / ".best.tmp"
    reason = ""
    if world.first:
        try:
            shutil.rmtree(unfinished, ignore_errors=True)
            save_model(unfinished / "model", objective, processor, tensors)
            if not has_adapters(objective.model):
                add_code(unfinished / "model")
            shutil.rmtree(run.best, ignore_errors=True)
            unfinished.rename(run.best)
        except WRITE_ERRORS as error:
            reason = _reason(error, run)
    if found := next((text for text in world.gather(reason) if text), None):
        raise RunError(f"{run.best} cannot be written ({found})", "free some space")


def save_model(
    folder: Path, objective: Objective, processor: VaryProcessor, tensors: dict[str, Tensor]
) -> None:
    """A folder that `from_pretrained` reads; of a model with adapters only these, for PEFT."""
    if has_adapters(objective.model):
        save_adapters(objective.model, tensors, folder)
        return
    objective.model.save_pretrained(folder, state_dict=tensors)
    processor.save_pretrained(folder)


def write_checkpoint(
    run: Run,
    world: World,
    step: int,
    keep: int,
    write_files: Callable[[Path], None],
    write_shards: Callable[[Path], None] | None = None,
) -> None:
    """Write a checkpoint that appears whole or not at all; all processes take part.

    Args:
        run: Where checkpoints are written.
        world: The processes.
        step: Finished steps, which name the checkpoint.
        keep: How many checkpoints to keep.
        write_files: Called on the first process, with the folder to write into.
        write_shards: Called on every process afterwards, for collective operations.

    Raises:
        RunError: On every process, if any of them cannot write.
    """
    folder = run.unfinished(step)

    def begin() -> None:
        run.begin(step)
        write_files(folder)

    _attempt(begin if world.first else None, run, world, step)
    if write_shards is not None:
        _attempt(lambda: write_shards(folder), run, world, step)
    _attempt((lambda: run.publish(step, keep)) if world.first else None, run, world, step)


def _attempt(action: Callable[[], object] | None, run: Run, world: World, step: int) -> None:
    """Do a part of the writing, and continue on all processes or fail on all of them."""
    error: BaseException | None = None
    try:
        if action is not None:
            action()
    except WRITE_ERRORS as caught:
        error = caught
    reasons = [r for r in world.gather(_reason(error, run)) if r]
    if not reasons:
        return
    if world.first:
        run.abandon(step)
    raise RunError(
        f"the checkpoint of step {step} could not be written to {run.folder} ({reasons[0]})",
        "free some space and run the same command again; earlier checkpoints are intact",
    ) from error


def _reason(error: BaseException | None, run: Run) -> str:
    """Why writing failed. torch names a line of its own source when a disk is full."""
    if error is None:
        return ""
    with suppress(OSError):
        if shutil.disk_usage(run.folder).free < 2**20:
            return "no space left on the disk"
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def read_progress(checkpoint: Path) -> TrainingProgress:
    """The progress that `save_training` wrote.

    Raises:
        RunError: The file is missing or damaged.
    """
    file = checkpoint / "state" / "progress.json"
    try:
        values = json.loads(file.read_text(encoding="utf-8"))
        return TrainingProgress(**(values | {"tally": Tally(**values["tally"])}))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RunError(f"{checkpoint} cannot be resumed from ({file.name} is damaged)") from error
