"""What happens to a run: signals to its processes, full disks, deleted files, doubled members."""

from __future__ import annotations

import contextlib
import errno
import os
import random
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

WORKER = "vary_data.engine.worker"
TOOLS = {
    "chromium": ("chromium", "chrome", "headless_shell"),
    "driver": ("node",),
    "tex": ("pdftex", "pdflatex"),
    "poppler": ("pdftoppm", "pdfinfo"),
    "figures": ("renderers.figures.process",),
    "counter": ("renderers.pdf.probe",),
}
"""Programs that workers and commands start: words of their command lines."""
TOOLS_OF_KINDS = {
    "echarts": ("chromium", "driver"),
    "web-pages": ("chromium", "driver"),
    "latex": ("tex", "figures"),
    "pages": ("counter",),
    "poppler": ("poppler", "counter"),
    "several": ("counter",),
}
STOPPED_SECONDS = 40.0
"""For which a process is stopped: longer than deadlines of tasks, shorter than that of a start."""
DISK_MIB = 48
"""Size of a disk that will be full: more than a round needs."""


@dataclass(frozen=True, slots=True)
class Disturbance:
    """An event during a run: its name and the share of the undisturbed time at which it happens."""

    name: str
    moment: float


@dataclass(frozen=True, slots=True)
class RoundPlan:
    """What a round does: workers, events in the order of time, and members that share shards."""

    workers: int
    events: tuple[Disturbance, ...]
    members: int = 1

    def has(self, *names: str) -> bool:
        return any(event.name in names for event in self.events)


def plan_of(rng: random.Random, kind: str, several: bool, disks: bool) -> RoundPlan:
    """The plan of a round; `disks`: file systems can be mounted, so that they can be full."""
    tools = TOOLS_OF_KINDS.get(kind, ())
    names = [
        *("kill-worker", "kill-worker", "stop-worker", "kill-child", "freeze", "freeze-command"),
        *("kill-command", "end-command", "double", "delete-shard", "few-handles"),
        *(["full-disk", "full-tmp", "full-tmp-passes"] if disks else []),
        *(f"{action}-{tool}" for tool in tools for action in ("kill", "kill", "stop")),
    ]
    count = rng.choice((1, 1, 2, 3))
    chosen = [Disturbance(rng.choice(names), rng.uniform(0.0, 0.9)) for _ in range(count)]
    members = 3 if several and rng.random() < 0.2 else 1
    ordered = tuple(sorted(chosen, key=lambda event: event.moment))
    return RoundPlan(rng.choice((1, 2)), ordered, members)


@dataclass(slots=True)
class Disks:
    """Small file systems for the output and for temporary files of a round, which can be filled."""

    mounted: list[Path] = field(default_factory=list)

    def mount(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        line = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MIB}m,mode=1777", "chaos", str(folder)]
        subprocess.run(line, check=True)
        self.mounted.append(folder)

    def close(self) -> None:
        while self.mounted:
            subprocess.run(["umount", "-l", str(self.mounted.pop())], check=False)

    @staticmethod
    def possible() -> bool:
        return os.geteuid() == 0


def fill(folder: Path) -> None:
    """Take all space of a file system."""
    with (folder / "ballast").open("ab", buffering=0) as file:
        for size in (1 << 20, 4096, 1):
            try:
                while True:
                    file.write(bytes(size))
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise


def empty(folder: Path) -> None:
    (folder / "ballast").unlink(missing_ok=True)


def is_tool(process: psutil.Process, tool: str) -> bool:
    words = process.cmdline()
    names = TOOLS[tool]
    return any(word in names or Path(word).name in names for word in words[:6])


def _descendants(process: psutil.Process, children_of_workers: bool) -> list[psutil.Process]:
    """The workers below a command (on Ray, they are below its raylet), or their children."""
    below = process.children(recursive=True)
    workers = [p for p in below if _has_word(p, WORKER)]
    if not children_of_workers:
        return workers
    return [child for worker in workers for child in worker.children(recursive=True)]


def _has_word(process: psutil.Process, word: str) -> bool:
    with contextlib.suppress(psutil.Error):
        return word in process.cmdline()
    return False


@dataclass(frozen=True, slots=True)
class Scene:
    """What an event can act on."""

    rng: random.Random
    process: psutil.Process
    out: Path
    temporary: Path


Action = Callable[[Scene], bool]
"""Returns whether anything happened."""


def _signal(number: int, children: bool = False) -> Action:
    def act(scene: Scene) -> bool:
        found = _descendants(scene.process, children)
        if found:
            _send(scene.rng.choice(found), number)
        return bool(found)

    return act


def _send(process: psutil.Process, number: int) -> None:
    process.send_signal(number)
    if number == signal.SIGSTOP:
        later = threading.Timer(STOPPED_SECONDS, _continue, (process,))
        later.daemon = True
        later.start()


def _continue(process: psutil.Process) -> None:
    with contextlib.suppress(psutil.Error):
        process.send_signal(signal.SIGCONT)


def _signal_tool(number: int, tool: str) -> Action:
    """Wait for a program, which may run only for moments, and send it a signal."""

    def act(scene: Scene) -> bool:
        for _ in range(400):
            if not scene.process.is_running() or scene.process.status() == psutil.STATUS_ZOMBIE:
                return False
            for process in scene.process.children(recursive=True):
                with contextlib.suppress(psutil.Error):
                    if is_tool(process, tool):
                        _send(process, number)
                        return True
            time.sleep(0.005)
        return False

    return act


def _freeze(members: Callable[[psutil.Process], Sequence[psutil.Process]]) -> Action:
    def act(scene: Scene) -> bool:
        frozen = members(scene.process)
        for number in (signal.SIGSTOP, signal.SIGCONT):
            for member in frozen:
                with contextlib.suppress(psutil.Error):
                    member.send_signal(number)
            if number == signal.SIGSTOP:
                time.sleep(scene.rng.uniform(0.5, 4.0))
        return True

    return act


def _delete_shard(scene: Scene) -> bool:
    shards = sorted(scene.out.glob("*/data/*.parquet"))
    if shards:
        scene.rng.choice(shards).unlink()
    return bool(shards)


def _to_command(number: int) -> Action:
    def act(scene: Scene) -> bool:
        scene.process.send_signal(number)
        return True

    return act


def _full(place: Callable[[Scene], Path], passes: bool = False) -> Action:
    def act(scene: Scene) -> bool:
        folder = place(scene)
        fill(folder)
        if passes:
            time.sleep(scene.rng.uniform(0.3, 2.0))
            empty(folder)
        return True

    return act


ACTIONS: dict[str, Action] = {
    "kill-worker": _signal(signal.SIGKILL),
    "stop-worker": _signal(signal.SIGSTOP),
    "kill-child": _signal(signal.SIGKILL, children=True),
    "freeze": _freeze(lambda process: [process, *process.children(recursive=True)]),
    "freeze-command": _freeze(lambda process: [process]),
    "kill-command": _to_command(signal.SIGKILL),
    "end-command": _to_command(signal.SIGTERM),
    "delete-shard": _delete_shard,
    "few-handles": lambda scene: False,  # from the start
    "full-disk": _full(lambda scene: scene.out.parent),
    "full-tmp": _full(lambda scene: scene.temporary),
    "full-tmp-passes": _full(lambda scene: scene.temporary, passes=True),
    **{f"kill-{tool}": _signal_tool(signal.SIGKILL, tool) for tool in TOOLS},
    **{f"stop-{tool}": _signal_tool(signal.SIGSTOP, tool) for tool in TOOLS},
}


def left_behind(variable: str, mark: str) -> Iterator[psutil.Process]:
    """The processes whose environment has the mark of a round."""
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.environ().get(variable) == mark:
                yield process
