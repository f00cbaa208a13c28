"""A trace of a few steps, for Perfetto or chrome://tracing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch.profiler import ProfilerActivity, profile

from trainer.training.log import RunLog


class ProfileWindow:
    """Records the steps `first` to `last` of this process to RUN/profile.

    Args:
        window: The first and the last step, counted from 1; empty records nothing.
        folder: The folder of the run.
        rank: The process, which names the file.
        log: Where the file is announced.
    """

    def __init__(self, window: tuple[int, ...], folder: Path, rank: int, log: RunLog) -> None:
        self._window = window
        self._file = folder / "profile" / f"process-{rank}.json.gz"
        self._log = log
        self._profile: Any = None

    def before(self, step: int) -> None:
        """Called before each step with its number."""
        if self._window and step == self._window[0]:
            activities = [ProfilerActivity.CPU]
            if torch.cuda.is_available():
                activities.append(ProfilerActivity.CUDA)
            self._profile = profile(activities=activities)
            self._profile.start()

    def after(self, step: int) -> None:
        """Called after each step with its number."""
        if self._profile is None or step < self._window[1]:
            return
        self._profile.stop()
        self._file.parent.mkdir(exist_ok=True)
        self._profile.export_chrome_trace(str(self._file))
        self._profile = None
        self._log.say(f"profile of steps {self._window[0]} to {step}: {self._file}")
