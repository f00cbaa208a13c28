"""A run's folder: its settings, log, list of skipped rows and checkpoints.

    RUN/settings.yaml          what was asked for
    RUN/log.jsonl              one line per logged step or evaluation
    RUN/skipped.jsonl          rows that could not be trained on
    RUN/tensorboard/
    RUN/checkpoints/step-00001000/model/    a complete model: from_pretrained reads it
    RUN/checkpoints/step-00001000/state/    the rest that resuming needs

A checkpoint exists exactly if its folder has its final name.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from trainer.errors import RunError
from trainer.settings import Settings, read_recipe, to_yaml

FREE_TO_CHANGE = ("log", "checkpoint", "evaluation", "data.workers", "data.prefetch",
                  "data.cache_mb", "train.compile", "train.activation_checkpointing",
                  "train.device", "train.parallel", "train.micro_batch")  # fmt: skip
"""Settings that may differ when a run goes on: they do not change what it computes."""


@dataclass(frozen=True, slots=True)
class Run:
    folder: Path

    @property
    def log(self) -> Path:
        return self.folder / "log.jsonl"

    @property
    def skipped(self) -> Path:
        return self.folder / "skipped.jsonl"

    def checkpoints(self) -> list[Path]:
        """Finished checkpoints, oldest first."""
        return sorted((self.folder / "checkpoints").glob("step-*"))

    def begin(self, step: int) -> Path:
        """An empty folder for a checkpoint to be written to."""
        folder = self.unfinished(step)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder

    def publish(self, step: int, keep: int) -> Path:
        """Give a written checkpoint its name, on disk first, and drop all but the last `keep`."""
        unfinished, final = self.unfinished(step), self._final(step)
        _sync(unfinished)
        if final.exists():
            shutil.rmtree(final)
        unfinished.rename(final)
        for old in self.checkpoints()[: -max(1, keep)]:
            shutil.rmtree(old, ignore_errors=True)
        return final

    def abandon(self, step: int) -> None:
        """Remove what could not be finished."""
        shutil.rmtree(self.unfinished(step), ignore_errors=True)

    def _final(self, step: int) -> Path:
        return self.folder / "checkpoints" / f"step-{step:08d}"

    def unfinished(self, step: int) -> Path:
        """Where a checkpoint is written before it gets its name."""
        return self.folder / "checkpoints" / f".step-{step:08d}.tmp"


def open_run(folder: Path, settings: Settings) -> Run:
    """Start a run, or go on with the one that is there.

    Raises `RunError` where the folder holds a run with settings that compute something else.
    """
    file = folder / "settings.yaml"
    if folder.exists() and not folder.is_dir():
        raise RunError(f"{folder} is a file", "name a folder with --out")
    if file.exists():
        there = _flat(read_recipe(file))
        wanted = _flat(yaml.safe_load(to_yaml(settings)))
        changed = [
            key
            for key in sorted({*there, *wanted})
            if there.get(key) != wanted.get(key)
            and not any(key == f or key.startswith(f"{f}.") for f in FREE_TO_CHANGE)
        ]
        if changed:
            key = changed[0]
            raise RunError(
                f"{folder} holds a run with other settings ({key}: {there.get(key)!r}, "
                f"now {wanted.get(key)!r}{', …' if len(changed) > 1 else ''})",
                "choose another --out",
            )
    elif folder.exists() and any(folder.iterdir()):
        raise RunError(f"{folder} is not empty and holds no run", "choose another --out")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file.write_text(to_yaml(settings), encoding="utf-8")
    except OSError as error:
        raise RunError(f"{folder} cannot be written ({error.strerror})") from error
    return Run(folder)


def model_folder(path: Path) -> Path:
    """The model inside a run (its newest checkpoint), a checkpoint, or a model folder."""
    checkpoints = Run(path).checkpoints()
    for candidate in (path, path / "model", *(c / "model" for c in reversed(checkpoints))):
        if (candidate / "config.json").exists():
            return candidate
    raise RunError(
        f"{path} holds no model", "give a run, a checkpoint or a folder saved by save_pretrained"
    )


def read_lines(file: Path) -> list[dict[str, Any]]:
    """The objects of a JSONL file; a torn last line is left out."""
    lines = []
    for line in file.read_text(encoding="utf-8").splitlines() if file.exists() else ():
        try:
            lines.append(json.loads(line))
        except ValueError:
            break
    return lines


def rewrite_lines(file: Path, lines: Iterable[dict[str, Any]]) -> None:
    temporary = file.with_suffix(".tmp")
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(file)


def _flat(tree: Any, prefix: str = "") -> dict[str, Any]:
    if not isinstance(tree, dict):
        return {prefix.rstrip("."): tree}
    leaves: dict[str, Any] = {}
    for key, value in tree.items():
        leaves.update(_flat(value, f"{prefix}{key}."))
    return leaves


def _sync(folder: Path) -> None:
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            descriptor = os.open(file, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
