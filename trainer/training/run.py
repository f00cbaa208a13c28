"""The folder of a run: its settings, log, list of skipped rows and checkpoints.

    RUN/settings.yaml          the settings of the run
    RUN/data.json              fingerprints of its data
    RUN/log.jsonl              one line per logged step or evaluation
    RUN/skipped.jsonl          rows that could not be trained on
    RUN/tensorboard/
    RUN/best/model/            the model of the best evaluation, with evaluation.best
    RUN/profile/               traces of steps, with train.profile
    RUN/wandb-id               the id of its W&B run, if there is one
    RUN/checkpoints/step-00001000/model/    a complete model: from_pretrained reads it
    RUN/checkpoints/step-00001000/ema/      with train.ema, the model with averaged weights
    RUN/checkpoints/step-00001000/state/    what else is needed to resume
    RUN/warm-up/checkpoints/                those of the warm-up, until it is finished
    RUN/base/                  the model that adapters (train.lora) belong to; checkpoints then have
                               only the adapters and the projector

A checkpoint is complete if and only if its folder has its final name.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trainer.data.catalog import TrainingSource
from trainer.data.fingerprint import fingerprints
from trainer.errors import RunError
from trainer.settings import Settings
from trainer.training.resume import check_data, check_settings, record


@dataclass(frozen=True, slots=True)
class Run:
    """The paths in a run's folder."""

    folder: Path

    @property
    def log(self) -> Path:
        return self.folder / "log.jsonl"

    @property
    def skipped(self) -> Path:
        return self.folder / "skipped.jsonl"

    @property
    def best(self) -> Path:
        """The folder of the best model, as `evaluation.best` measures it."""
        return self.folder / "best"

    @property
    def base(self) -> Path:
        return self.folder / "base"

    def checkpoints(self) -> list[Path]:
        """Finished checkpoints, oldest first."""
        return sorted((self.folder / "checkpoints").glob("step-*"))

    def newest_checkpoint(self) -> Path | None:
        """The last finished checkpoint, if there is one."""
        return next(reversed(self.checkpoints()), None)

    def begin(self, step: int) -> Path:
        """Create an empty folder to write a checkpoint to."""
        folder = self.unfinished(step)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder

    def publish(self, step: int, keep: int) -> Path:
        """Sync a written checkpoint to disk, give it its final name, and delete all but the last
        `keep`."""
        unfinished, final = self.unfinished(step), self._final(step)
        _sync(unfinished)
        if final.exists():
            shutil.rmtree(final)
        unfinished.rename(final)
        for old in self.checkpoints()[: -max(1, keep)]:
            shutil.rmtree(old, ignore_errors=True)
        return final

    def abandon(self, step: int) -> None:
        """Delete a checkpoint that could not be finished."""
        shutil.rmtree(self.unfinished(step), ignore_errors=True)

    def _final(self, step: int) -> Path:
        return self.folder / "checkpoints" / f"step-{step:08d}"

    def unfinished(self, step: int) -> Path:
        """The folder of a checkpoint while it is written."""
        return self.folder / "checkpoints" / f".step-{step:08d}.tmp"


def open_run(folder: Path, settings: Settings, catalog: Sequence[TrainingSource]) -> list[str]:
    """Start a run in a new folder, or open an existing one to resume it.

    Returns:
        Lines about settings that change what follows in a resumed run.

    Raises:
        RunError: The folder cannot be used, or holds a run with other settings or data.
    """
    changes: list[str] = []
    data = fingerprints(catalog)
    if folder.exists() and not folder.is_dir():
        raise RunError(f"{folder} is a file", "name a folder with --out")
    if (folder / "settings.yaml").exists():
        changes = check_settings(folder, settings)
        check_data(folder, data)
    elif folder.exists() and any(folder.iterdir()):
        raise RunError(f"{folder} is not empty and holds no run", "choose another --out")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        record(folder, settings, data)
    except OSError as error:
        raise RunError(f"{folder} cannot be written ({error.strerror})") from error
    return changes


def model_folder(path: Path) -> Path:
    """The model in a run (in its newest checkpoint), in a checkpoint, or in a model folder.

    Raises:
        RunError: There is none.
    """
    checkpoints = Run(path).checkpoints()
    for candidate in (path, path / "model", *(c / "model" for c in reversed(checkpoints))):
        if any((candidate / name).exists() for name in ("config.json", "adapter_config.json")):
            return candidate
    raise RunError(
        f"{path} holds no model", "give a run, a checkpoint or a folder saved by save_pretrained"
    )


def read_lines(file: Path, **fields: type | tuple[type, ...]) -> list[dict[str, Any]]:
    """The objects of a JSONL file; an incomplete last line is left out.

    `fields` are the types of fields that every line has.

    Raises:
        RunError: The file cannot be read, or a line is something else. Going on would drop the
            lines after it when the file is written again.
    """
    try:
        data = file.read_bytes() if file.exists() else b""
    except OSError as error:
        raise RunError(f"{file} cannot be read ({error.strerror})") from error
    lines = []
    # Only a line feed ends a line: a skipped row may have U+2028 in its id.
    for number, text in enumerate(data.split(b"\n")[:-1], 1):
        try:
            line = json.loads(text)
        except (ValueError, RecursionError):
            line = None
        if not isinstance(line, dict) or not all(
            isinstance(line.get(name), kind) for name, kind in fields.items()
        ):
            raise RunError(
                f"{file}, line {number} is damaged: {text[:60].decode(errors='replace')!r}",
                "delete this line to go on",
            )
        lines.append(line)
    return lines


def read_log(run: Run) -> list[dict[str, Any]]:
    """The lines of a run's log.

    Raises:
        RunError: as `read_lines`.
    """
    return read_lines(run.log, event=str, step=int)


def rewrite_lines(file: Path, lines: Iterable[dict[str, Any]]) -> None:
    """Replace a JSONL file at once."""
    temporary = file.with_suffix(".tmp")
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(file)


def _sync(folder: Path) -> None:
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            descriptor = os.open(file, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
