"""Saving and restoring a run to the bit.

Random numbers need no state of their own: every pass is seeded from (seed, step, rank, pass).
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

import torch
from safetensors import SafetensorError
from torch import nn
from torch.distributed.checkpoint import state_dict_loader, state_dict_saver
from torch.distributed.checkpoint.api import CheckpointException
from torch.distributed.checkpoint.state_dict import (
    get_optimizer_state_dict,
    set_optimizer_state_dict,
)
from torch.distributed.fsdp import FSDPModule

from trainer.errors import RunError
from trainer.model import VaryProcessor
from trainer.training.evaluate import Tally
from trainer.training.parallel import unwrap, whole_state
from trainer.training.run import Run
from trainer.training.world import World
from trainer.weights.standalone import add_code

WRITING = (OSError, RuntimeError, SafetensorError)
"""What the system, torch and safetensors raise when a disk is full or a folder is read-only."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: finished steps, samples handed out by configuration, rows left out by
    reason, samples cut, and the losses since the last logged step."""

    step: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    skipped: Mapping[str, int] = field(default_factory=dict)
    cut: int = 0
    tally: Tally = field(default_factory=Tally)


def save(
    run: Run,
    world: World,
    parallel: nn.Module,
    optimizer: torch.optim.Optimizer,
    processor: VaryProcessor,
    progress: Progress,
    keep: int,
) -> None:
    """Write a checkpoint; it appears whole or not at all.

    Raises `RunError` on every process where any of them cannot write.
    """
    objective = unwrap(parallel)
    state = whole_state(objective)
    error: BaseException | None = None
    folder = run.unfinished(progress.step)
    try:
        if world.first:
            run.begin(progress.step)
            objective.model.save_pretrained(folder / "model", state_dict=state)
            processor.save_pretrained(folder / "model")
            add_code(folder / "model")
            (folder / "state").mkdir()
            text = json.dumps(asdict(progress), indent=1)
            (folder / "state" / "progress.json").write_text(text, encoding="utf-8")
            if not isinstance(objective, FSDPModule):
                torch.save(optimizer.state_dict(), folder / "state" / "optimizer.pt")
    except WRITING as caught:
        error = caught
    _agree(run, world, progress.step, error)
    if isinstance(objective, FSDPModule):
        try:
            parts = {"optimizer": get_optimizer_state_dict(objective.model, optimizer)}
            state_dict_saver.save(parts, checkpoint_id=folder / "state" / "optimizer")
        except (*WRITING, CheckpointException) as caught:  # raised on every process
            error = caught
        _agree(run, world, progress.step, error)
    try:
        if world.first:
            run.publish(progress.step, keep)
    except OSError as caught:
        error = caught
    _agree(run, world, progress.step, error)


def _agree(run: Run, world: World, step: int, error: BaseException | None) -> None:
    """Go on together, or give up together."""
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
    """Why writing failed. torch names a position in its own source where a disk is full."""
    if error is None:
        return ""
    with suppress(OSError):
        if shutil.disk_usage(run.folder).free < 2**20:
            return "no space left on the disk"
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def read_progress(checkpoint: Path) -> Progress:
    file = checkpoint / "state" / "progress.json"
    try:
        values = json.loads(file.read_text(encoding="utf-8"))
        return Progress(**(values | {"tally": Tally(**values["tally"])}))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RunError(f"{checkpoint} cannot be resumed from ({file.name} is damaged)") from error


def restore_optimizer(
    checkpoint: Path, parallel: nn.Module, optimizer: torch.optim.Optimizer, world: World
) -> None:
    """Put the optimizer back where the checkpoint left it."""
    objective = unwrap(parallel)
    try:
        if isinstance(objective, FSDPModule):
            parts = {"optimizer": get_optimizer_state_dict(objective.model, optimizer)}
            state_dict_loader.load(parts, checkpoint_id=checkpoint / "state" / "optimizer")
            set_optimizer_state_dict(objective.model, optimizer, parts["optimizer"])
            return
        file = checkpoint / "state" / "optimizer.pt"
        optimizer.load_state_dict(torch.load(file, map_location=world.device, weights_only=True))
    except Exception as error:  # a damaged file can raise anything
        reason = (str(error).strip() or type(error).__name__).splitlines()[0].split(". ")[0]
        raise RunError(
            f"{checkpoint} cannot be resumed from ({reason})",
            "resume with the same parallel setting, or start anew from its model",
        ) from error
