"""The progress of a run: a live line on a terminal, otherwise plain lines at intervals."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from vary_data.base.notes import noted

if TYPE_CHECKING:
    from rich.live import Live

    from vary_data.dataset.rejection import Rejection
    from vary_data.engine.executors.progress import Progress
    from vary_data.engine.plan import RunPlan
    from vary_data.engine.shard import ShardReport

PLAIN_SECONDS = 10.0
WAIT_SECONDS = 0.5
FIRST_NOTE_SECONDS = 2.0
ESTIMATE_SECONDS = 5.0
"""Time after the first result from which on the remaining time is estimated. Before the first
result, workers start: that time says nothing about those to come."""


@contextlib.contextmanager
def waiting(text: str, quiet: bool = False) -> Iterator[None]:
    """Print on stderr what is waited for, if it takes longer than half a second.

    Notes of the work are printed at intervals.
    """
    timer = threading.Timer(WAIT_SECONDS, click.echo, (text,), {"err": True})
    timer.daemon = True
    due = time.monotonic() + FIRST_NOTE_SECONDS

    def show(said: str) -> None:
        nonlocal due
        if not quiet and time.monotonic() >= due:
            due = time.monotonic() + PLAIN_SECONDS
            click.echo(said, err=True)

    if not quiet:
        timer.start()
    try:
        with noted(show):
            yield
    finally:
        timer.cancel()


class Display:
    """Shows shards, samples, rejections by reason, speed and remaining time on stderr.

    `total` is the number of shards of this run; by default all of the plan.
    """

    def __init__(self, plan: RunPlan, quiet: bool = False, total: int | None = None) -> None:
        self.plan = plan
        self.total = len(plan.shards) if total is None else total
        self.quiet = quiet
        self.shards = self.samples = self.tasks = self.expected_tasks = 0
        self.missing: Sequence[int] = ()
        self.reasons: Counter[str] = Counter()
        self.redrawn = 0
        self.start = self.shown = time.monotonic()
        self.first_result: tuple[float, int] | None = None
        """The time of the first result, and the tasks that were done then."""
        self.live: Live | None = None

    def progress(self) -> Progress:
        from vary_data.engine.executors.progress import Progress

        return Progress(started=self._started, tasks=self._tasks, shard=self._shard)

    def __enter__(self) -> Display:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if self.live:
            self.live.update("")
            self.live.stop()
        if self.quiet:
            return
        name = self.plan.recipe.name
        if error is None and not self.missing and self.start != self.shown:
            click.echo(f"{name}: all {self.total} shards are already finished", err=True)
        elif error is None:
            click.echo(self._line("done"), err=True)
        elif isinstance(error, KeyboardInterrupt | SystemExit):
            kept = self.total - len(self.missing) + self.shards
            click.echo(
                f"{name}: stopped; {kept} of {self.total} shards are finished and kept, "
                "the same command continues from there",
                err=True,
            )

    def _started(self, plan: RunPlan, missing: Sequence[int]) -> None:
        self.missing = missing
        self.expected_tasks = sum(len(plan.shards[i].tasks) for i in missing)
        self.start = time.monotonic()
        if self.quiet or not missing:
            return
        if not sys.stderr.isatty():
            click.echo(
                f"{plan.recipe.name}: {self.expected_tasks:,} tasks in {len(missing):,} of "
                f"{self.total:,} shards",
                err=True,
            )
        else:
            from rich.console import Console
            from rich.live import Live

            # Workers need seconds to start: without a line, the command would seem to hang.
            self.live = Live(
                self._line("start"),
                console=Console(stderr=True),
                refresh_per_second=4,
                transient=True,
            )
            self.live.start(refresh=True)

    def _tasks(self, tasks: int, samples: int, rejections: Sequence[Rejection]) -> None:
        self.tasks += tasks
        self.first_result = self.first_result or (time.monotonic(), self.tasks)
        self.samples += samples
        self.reasons.update(r.reason for r in rejections if not r.retried)
        self.redrawn += sum(r.retried for r in rejections)
        self._show()

    def _shard(self, report: ShardReport) -> None:
        self.shards += 1
        self._show()

    def _show(self) -> None:
        now = time.monotonic()
        if self.quiet:
            return
        if self.live:
            if now - self.shown > 0.2:
                self.shown = now
                self.live.update(self._line("…"))
        elif now - self.shown > PLAIN_SECONDS:
            self.shown = now
            click.echo(self._line("…"), err=True)

    def _line(self, state: str) -> str:
        seconds = max(time.monotonic() - self.start, 1e-6)
        done = self.total - len(self.missing) + self.shards
        shards = f"{self.plan.recipe.name}: shards {done}/{self.total}"
        if state == "start":
            return f"{shards} · starting …"
        samples = "1 sample" if self.samples == 1 else f"{self.samples:,} samples"
        parts = [shards, samples, f"{self.samples / seconds:.1f}/s"]
        if self.reasons:
            reasons = ", ".join(f"{word} {n:,}" for word, n in self.reasons.most_common(4))
            parts.append(f"{self.reasons.total():,} rejected ({reasons})")
        if self.redrawn:
            parts.append(f"{self.redrawn:,} drawn again")
        if state == "done":
            parts.append(f"in {_clock(seconds)}")
        elif (left := self.seconds_left()) is not None:
            parts.append(f"{_clock(left)} left")
        return " · ".join(parts)

    def seconds_left(self) -> float | None:
        """The remaining time at the speed since the first result; None if it is too early."""
        if self.first_result is None:
            return None
        then, tasks = self.first_result
        seconds = time.monotonic() - then
        if seconds < ESTIMATE_SECONDS or self.tasks == tasks:
            return None
        return seconds / (self.tasks - tasks) * (self.expected_tasks - self.tasks)


def _clock(seconds: float) -> str:
    minutes, remainder = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{remainder:02d}" if hours else f"{minutes}:{remainder:02d}"
