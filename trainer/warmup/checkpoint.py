"""The warm-up's own checkpoints, in RUN/warm-up/checkpoints until the warm-up is finished."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from trainer.errors import RunError
from trainer.training.run import Run

FILE = Path("state", "warm-up.pt")


@dataclass(frozen=True, slots=True)
class Saved:
    """The state of a warm-up besides its model, as `torch.save` writes it.

    `curriculum`, `head` and `optimizers` are state dicts, `counts` the state of `CropOrder`,
    `skipped` the rows left out by reason, and `window` the sums of each step since the last
    logged one.
    """

    step: int
    characters: list[str]
    curriculum: Mapping[str, Any]
    head: Mapping[str, Any]
    optimizers: Sequence[Mapping[str, Any]]
    counts: Sequence[Mapping[str, int]]
    skipped: Mapping[str, int] = field(default_factory=dict)
    window: Sequence[Tensor] = ()

    def write(self, folder: Path) -> None:
        """Write the state next to the model in a checkpoint's folder."""
        (folder / FILE).parent.mkdir()
        torch.save({f.name: getattr(self, f.name) for f in fields(self)}, folder / FILE)


def warmup_run(run: Run) -> Run:
    """Where the warm-up of a run keeps its checkpoints."""
    return Run(run.folder / "warm-up")


def read_saved(checkpoint: Path) -> Saved:
    """The state in a checkpoint of the warm-up.

    Raises:
        RunError: The file is damaged.
    """
    file = checkpoint / FILE
    try:
        values: dict[str, Any] = torch.load(file, map_location="cpu", weights_only=True)
        if isinstance(values["counts"], dict):  # of versions with one order for all stages
            values["counts"] = [values["counts"], values["counts"]]
        return Saved(**values)
    except Exception as error:  # a damaged file can raise anything
        raise RunError(f"{file} is damaged", "start a new run in another folder") from error


def delete_warmup_checkpoints(run: Run) -> None:
    """Delete the warm-up's checkpoints, once the run has a checkpoint with its result."""
    shutil.rmtree(warmup_run(run).folder, ignore_errors=True)
