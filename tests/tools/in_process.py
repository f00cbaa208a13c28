"""Runs tasks in the process of the test instead of in worker processes.

A worker takes two seconds to start, and hundreds of tests make small datasets. What is special
about workers (isolation, deadlines, crashes, their number) has tests in `tests/faults`, and
`tests/golden` makes each kind in them. A folder whose tests are about content imports the two
fixtures in its `conftest.py` (or a module imports them); a test that needs workers has the mark
`worker_processes`.
"""

from __future__ import annotations

import io
import pickle
import signal
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import Any

import click
import pytest

from renderers.pdf.probe import CountRequest, count_here, count_pages
from vary_data.base.commands import run
from vary_data.base.errors import VaryError
from vary_data.cli import group
from vary_data.engine.executors import local
from vary_data.engine.failure import JobFailure
from vary_data.engine.pool import JobFunction, SupervisedPool
from vary_data.engine.scratch import Scratch
from vary_data.engine.worker import run_job
from vary_data.generators import page_tasks
from vary_data.quality import replay
from vary_data.quality.validate import run as validation

USERS = (local, replay, validation)
"""The modules that open pools."""


class InProcess:
    """Has the interface of `SupervisedPool`; jobs and results are pickled as there."""

    def __init__(self, opener: Callable[[], JobFunction], *_: Any, **__: Any) -> None:
        self._opener = pickle.dumps(opener)
        self._function: JobFunction | None = None
        self._scratch: Scratch | None = None

    def __enter__(self) -> InProcess:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        if self._function is not None:
            self._function.close()
            self._function = None
        if self._scratch is not None:
            self._scratch.close()
            self._scratch = None

    @property
    def scratch(self) -> Scratch:
        if self._scratch is None:
            self._scratch = Scratch.create()
        return self._scratch

    def run(
        self, jobs: Iterable[Any], patience: Callable[[Any], float] = lambda job: 1.0
    ) -> Iterator[bytes | JobFailure]:
        for job in jobs:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # a worker prints them to its log
                kind, content = self._result(pickle.loads(pickle.dumps(job)))
            if kind == "broken":
                raise VaryError(f"a tool of the test died: {content}")
            yield content if kind == "done" else JobFailure(*content)

    def _result(self, job: Any) -> tuple[str, Any]:
        if self._function is None:
            self._function = pickle.loads(self._opener)()
        return run_job(self._function, job)


def count_in_process(items: Sequence[CountRequest], *_: Any, **__: Any) -> list[int | None]:
    """Has the interface of `count_pages`."""
    return [count_here(item) for item in items]


@contextmanager
def pools(kind: type) -> Iterator[None]:
    """All pools are of this kind; pages are counted in this process if it is `InProcess`."""
    with pytest.MonkeyPatch.context() as patch:
        for module in USERS:
            patch.setattr(module, "SupervisedPool", kind)
        count = count_in_process if kind is InProcess else count_pages
        patch.setattr(page_tasks, "count_pages", count)
        yield


def run_command(*arguments: Any, **environment: str | None) -> subprocess.CompletedProcess[str]:
    """Run `vary-data` in this process, which has imported it; a variable that is None is unset."""
    return run_line(group, "vary-data", *arguments, **environment)


def run_line(
    command: click.Group, name: str, *arguments: Any, **environment: str | None
) -> subprocess.CompletedProcess[str]:
    """The same with either command."""
    out, err = io.StringIO(), io.StringIO()
    line = [name, *map(str, arguments)]
    terminate = signal.getsignal(signal.SIGTERM)
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "argv", line)
        for name, value in environment.items():
            if value is None:
                patch.delenv(name, raising=False)
            else:
                patch.setenv(name, value)
        try:
            run(command, name)
        except SystemExit as end:
            code = end.code
        finally:
            signal.signal(signal.SIGTERM, terminate)
    status = code if isinstance(code, int) else 0
    return subprocess.CompletedProcess(line, status, out.getvalue(), err.getvalue())


@pytest.fixture(scope="module", autouse=True)
def tasks_in_this_process() -> Iterator[None]:
    with pools(InProcess):
        yield


@pytest.fixture(autouse=True)
def worker_processes(request: pytest.FixtureRequest) -> Iterator[None]:
    if request.node.get_closest_marker("worker_processes"):
        with pools(SupervisedPool):
            yield
    else:
        yield
