"""Weights & Biases: one run per run folder, on one step axis over all phases."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from trainer.errors import RunError, SettingsError

AXIS = "global_step"


class WandbRun:
    """The W&B run of a folder; its id is in RUN/wandb-id, so that a restart continues it.

    Values are logged against `global_step` instead of W&B's own step counter, which drops values
    of steps that a resumed run repeats.
    """

    def __init__(self, folder: Path, project: str) -> None:
        try:
            wandb: Any = import_module("wandb")
        except ImportError:
            raise SettingsError(
                "log.wandb is set, but wandb is not installed", "pip install wandb"
            ) from None
        self._run = wandb.init(
            project=project,
            name=folder.name,
            dir=str(folder),
            id=_stored_id(folder / "wandb-id"),
            resume="allow",
        )
        self._run.define_metric(AXIS)
        self._run.define_metric("*", step_metric=AXIS)

    def log(self, values: Mapping[str, float], global_step: int) -> None:
        self._run.log({**values, AXIS: global_step})

    def close(self) -> None:
        self._run.finish()


def _stored_id(file: Path) -> str:
    """The id in a file, which is written if it does not exist."""
    try:
        if not file.exists():
            file.write_text(uuid.uuid4().hex[:12], encoding="utf-8")
        return file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise RunError(f"{file} cannot be used ({error.strerror})") from error
