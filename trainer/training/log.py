"""The log of a run: console lines, JSONL, TensorBoard, and W&B on request."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from trainer.errors import RunError
from trainer.settings import LogSettings
from trainer.training.run import Run, read_lines, read_log, rewrite_lines
from trainer.training.wandb import WandbRun

CONSOLE_COLUMNS = (
    ("loss", "loss", ".4f"),
    ("gain", "gain", ".3f"),
    ("ned", "NED", ".3f"),
    ("exact", "exact", ".1%"),
    ("dense_loss", "dense loss", ".3f"),
    ("size", "size", "d"),
    ("length", "length", "d"),
    ("characters", "characters", "d"),
    ("lr", "lr", ".2e"),
    ("grad_norm", "norm", ".2f"),
    ("images_per_s", "img/s", ".1f"),
    ("tokens_per_s", "tok/s", ".0f"),
    ("peak_share", "of peak", ".1%"),
    ("memory_gib", "GiB", ".1f"),
    ("skipped", "skipped", "d"),
)


WARM_UP = "warm-up"
"""The start of the names of the warm-up's events."""


class RunLog:
    """Written by the first process only. A line is a mapping of names to numbers, with nested
    mappings for what is counted by kind, reason or script. TensorBoard and W&B have one step axis
    over all phases: the steps of the warm-up, then those of the training."""

    def __init__(self, run: Run, settings: LogSettings, active: bool) -> None:
        self._run = run
        self._active = active
        lines = read_log(run) if active else []
        # of the interrupted run that is resumed
        self._seconds_before = max((line.get("seconds", 0.0) for line in lines), default=0.0)
        self._opened = time.perf_counter()
        self._board = _tensorboard(run.folder) if active and settings.tensorboard else None
        self._wandb = WandbRun(run.folder, settings.wandb) if active and settings.wandb else None
        warm_up = (line["step"] for line in lines if line["event"].startswith(WARM_UP))
        self._warm_up_steps = max(warm_up, default=0)

    def discard_after(
        self, step: int, samples: int, events: Collection[str] = ("train", "valid")
    ) -> None:
        """Drop what an interrupted run wrote about steps that will be repeated: lines of `events`
        after `step`, and skipped rows after `samples`."""
        if self._active:
            lines = [
                line
                for line in read_log(self._run)
                if line["step"] <= step or line["event"] not in events
            ]
            rewrite_lines(self._run.log, lines)
            skipped = [row for row in read_lines(self._run.skipped, n=int) if row["n"] < samples]
            rewrite_lines(self._run.skipped, skipped)

    def say(self, text: str) -> None:
        """Print a line on stderr, in the first process."""
        if self._active:
            print(text, file=sys.stderr, flush=True)

    def write(self, event: str, step: int, steps: int, values: Mapping[str, Any]) -> None:
        """Write the values of a step to log.jsonl, stderr, TensorBoard and W&B.

        `steps` is the most there can be. Values that are None are left out, but for log.jsonl.

        Raises:
            RunError: log.jsonl cannot be written.
        """
        if not self._active:
            return
        seconds = round(self._seconds_before + time.perf_counter() - self._opened, 2)
        self._append(self._run.log, {"event": event, "step": step, "seconds": seconds, **values})
        shown = [f"{n} {values[k]:{f}}" for k, n, f in CONSOLE_COLUMNS if values.get(k) is not None]
        if "dense_accuracy" in values:
            shown += [f"{k} {v:.2f}" for k, v in values["dense_accuracy"].items()]
        self.say(f"{event:>5} {step}/{steps}  " + "  ".join(shown))
        in_warm_up = event.startswith(WARM_UP)
        if in_warm_up:
            self._warm_up_steps = max(step, self._warm_up_steps)
        global_step = step if in_warm_up else self._warm_up_steps + step
        numbers = _flatten({k: v for k, v in values.items() if v is not None})
        if self._board is not None:
            for name, value in numbers.items():
                self._board.add_scalar(f"{event}/{name}", value, global_step)
        if self._wandb is not None:
            self._wandb.log({f"{event}/{k}": v for k, v in numbers.items()}, global_step)

    def list_skipped(self, rows: list[dict[str, Any]]) -> None:
        """Append rows to the list of skipped rows."""
        for row in rows if self._active else ():
            self._append(self._run.skipped, row)

    def close(self) -> None:
        if self._board is not None:
            self._board.close()
        if self._wandb is not None:
            self._wandb.close()

    def _append(self, file: Path, line: Mapping[str, Any]) -> None:
        try:
            with file.open("a", encoding="utf-8") as out:
                out.write(json.dumps(line, ensure_ascii=False) + "\n")
        except OSError as error:
            raise RunError(f"{file} cannot be written ({error.strerror})") from error


def _flatten(values: Mapping[str, Any], prefix: str = "") -> dict[str, float]:
    numbers: dict[str, float] = {}
    for key, value in values.items():
        if isinstance(value, Mapping):
            numbers.update(_flatten(value, f"{prefix}{key}/"))
        else:
            numbers[f"{prefix}{key}"] = float(value)
    return numbers


def _tensorboard(folder: Path) -> Any:
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError:
        return None
    return SummaryWriter(str(folder / "tensorboard"))
