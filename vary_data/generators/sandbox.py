"""Run an untrusted program: with limits, a deadline, and its own process group and folder.

`wrap` is for programs that a library starts: with the same limits, but in the process group of the
worker, whose end or deadline ends them."""

from __future__ import annotations

import contextlib
import errno
import os
import select
import shlex
import shutil
import signal
import stat
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from renderers.program import WAITING, ProcessResult
from vary_data.base.errors import WorkerBroken
from vary_data.engine.failure import BUSY_SHARE, ENVIRONMENT_ERRORS, KILLING_SIGNALS

GRACE_SECONDS = 5
"""Between the warning signal of the limit on processor time and the end."""
MIN_FREE_BYTES = 256 << 10
"""With less space left, files that a program wrote may be cut off: TeX does not notice that."""
LOOK_SECONDS = 0.1
"""Between two looks at the space that the files of a program take."""
_LEAST_BYTES = 4096
"""What a file counts at least, so that the number of files is limited, too."""


@dataclass(frozen=True, slots=True)
class ProcessLimits:
    """Limits of one program: address space and files in MiB, processor time in seconds.

    `disk_mib` is for all files of the folder together. No limit of the kernel says that, so that a
    program can pass it by what it writes in `LOOK_SECONDS`.
    """

    memory_mib: int = 2048
    file_mib: int = 128
    disk_mib: int = 256
    cpu_seconds: int = 60
    open_files: int = 256


_LIMITED = (
    "ulimit -c 0; ulimit -t {cpu_end}; ulimit -S -t {cpu_seconds};"
    " ulimit -n {open_files}; ulimit -f {blocks};"
    " ulimit -v {kib} 2>/dev/null"
)
"""A shell sets the limits: safe with threads, unlike code between fork and exec. macOS has no
limit on address space, hence the suppressed error."""

_WRAPPER = """#!/bin/sh
cd {folder} || exit
{limits}
printf '%s ' {name} >> {ends}
{command} "$@"
status=$?
echo $status >> {ends}
exit $status
"""
_ENDS = "ends"
"""File with a line for each start of a wrapped program: its name and, at its end, its status."""
_NOT_STARTED = (126, 127)
"""Statuses of a command that the shell or `env` cannot start."""


def run(
    command: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    seconds: float,
    limits: ProcessLimits = ProcessLimits(),
) -> ProcessResult:
    """Run `command` in `folder` with exactly this environment and no input.

    `seconds` is a limit on processor time. The program leads a process group; at the deadline, or
    when its files take too much space, the whole group is killed. On Linux it is also killed when
    the worker that started it ends. Its output is discarded.

    Raises:
        WorkerBroken: the program was killed from outside, stopped, or had no space for its files;
            its input is not to blame.
    """
    cpu_seconds = min(limits.cpu_seconds, int(seconds) + 1)
    script = f'{_limited(limits, cpu_seconds)}; exec "$@"'
    process = subprocess.Popen(
        [*_dies_with_parent(), "/bin/sh", "-c", script, "sh", *command],
        cwd=folder,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    timed_out = too_large = False
    try:
        too_large = not _wait(process, folder, seconds * WAITING, limits.disk_mib << 20)
        if too_large:
            _kill_group(process)
        code = process.wait()
        timed_out = code in (-signal.SIGXCPU, 128 + signal.SIGXCPU)
        too_large = too_large or code in (-signal.SIGXFSZ, 128 + signal.SIGXFSZ)
    except subprocess.TimeoutExpired:
        code, timed_out = -signal.SIGKILL, True
        if (computed := _computed(process.pid)) < BUSY_SHARE * min(seconds, cpu_seconds):
            raise WorkerBroken(
                f"{Path(command[0]).name} was stopped, or waited: it computed for {computed:.1f} s "
                f"in {seconds * WAITING:g} s"
            ) from None
    finally:
        _kill_group(process)
    if too_large:  # a disk that this program filled is not to blame
        return ProcessResult(code, timed_out, too_large)
    if not timed_out:
        _check_not_killed(command[0], code)
    _check_space(folder)
    return ProcessResult(code, timed_out)


def wrap(
    programs: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    seconds: float,
    limits: ProcessLimits = ProcessLimits(),
) -> Callable[[], ProcessResult]:
    """See `renderers.program.Wrapper`; `seconds` is a limit on processor time of each program.

    The result is the end of the last program; `timed_out` and `too_large` hold if any program
    exceeded the limit. The files are limited one by one, not together: `disk_mib` does not count.

    Raises:
        WorkerBroken: the folder does not allow programs. The returned function raises it if a
            program was killed from outside, stopped, not started, or had no space for its files.
    """
    cpu_seconds = min(limits.cpu_seconds, int(seconds) + 1)
    # `env` also removes what the library adds, for example to the search path of libraries.
    variables = [f"{name}={value}" for name, value in environment.items()]
    for name in programs:
        script = folder / name
        text = _WRAPPER.format(
            folder=shlex.quote(str(folder)),
            limits=_limited(limits, cpu_seconds),
            name=shlex.quote(name),
            ends=_ENDS,
            command=shlex.join([*_dies_with_parent(), "env", "-i", *variables, name]),
        )
        script.write_text(text)
        script.chmod(0o700)
        if not os.access(script, os.X_OK):
            raise WorkerBroken(f"{folder} does not allow programs (noexec): set TMPDIR")
    return partial(_ends, folder)


def _ends(folder: Path) -> ProcessResult:
    """How the wrapped programs ended.

    Raises:
        WorkerBroken: see `wrap`.
    """
    _check_space(folder)
    path = folder / _ENDS
    if not path.exists():
        raise WorkerBroken("no program was started")
    code, timed_out, too_large = 0, False, False
    for line in path.read_text().splitlines():
        name, _, status = line.partition(" ")
        if not status:
            raise WorkerBroken(f"{name} was killed or stopped, or waited")
        code = int(status)
        if code in _NOT_STARTED:
            raise WorkerBroken(f"{name} could not be started (status {code})")
        if code > 128:
            code = 128 - code  # a signal, as `Popen` says it
        _check_not_killed(name, code)
        timed_out = timed_out or code == -signal.SIGXCPU
        too_large = too_large or code == -signal.SIGXFSZ
    return ProcessResult(code, timed_out, too_large)


def _limited(limits: ProcessLimits, cpu_seconds: int) -> str:
    """Shell commands that set the limits."""
    return _LIMITED.format(
        cpu_seconds=cpu_seconds,
        cpu_end=cpu_seconds + GRACE_SECONDS,
        open_files=limits.open_files,
        blocks=limits.file_mib * 2048,  # of 512 bytes
        kib=limits.memory_mib * 1024,
    )


def _check_not_killed(program: str, code: int) -> None:
    if -code in KILLING_SIGNALS:
        raise WorkerBroken(f"{Path(program).name} died of {signal.Signals(-code).name}")


def _check_space(folder: Path) -> None:
    space = os.statvfs(folder)
    if space.f_bavail * space.f_frsize < MIN_FREE_BYTES:
        raise WorkerBroken(ENVIRONMENT_ERRORS[errno.ENOSPC])


def _computed(pid: int) -> float:
    """Processor time of a running program in seconds; infinite if /proc does not have it."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return float("inf")
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def _wait(process: subprocess.Popen[bytes], folder: Path, seconds: float, most: int) -> bool:
    """Wait for the end of the process; False: its files took too many bytes, it may still run.

    Raises:
        subprocess.TimeoutExpired: the process still runs after `seconds`.
    """
    end = time.monotonic() + seconds
    while True:
        ended = _ended(process, min(LOOK_SECONDS, max(0.0, end - time.monotonic())))
        if _stored(process.pid, folder) > most:
            return False
        if ended:
            return True
        if time.monotonic() >= end:
            raise subprocess.TimeoutExpired(process.args, seconds)


def _ended(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Whether the process ends within this time, without the polling of `Popen.wait`."""
    if not hasattr(os, "pidfd_open"):
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
        return process.poll() is not None
    handle = os.pidfd_open(process.pid)
    try:
        return bool(select.select([handle], [], [], seconds)[0])
    finally:
        os.close(handle)


def _stored(pid: int, folder: Path) -> int:
    """Bytes on the disk of the files in a folder, and of removed ones that the process has open."""
    total = 0
    folders = [str(folder)]
    while folders:
        with contextlib.suppress(OSError), os.scandir(folders.pop()) as entries:
            for entry in entries:
                with contextlib.suppress(OSError):  # removed meanwhile
                    total += _size(entry.stat(follow_symlinks=False))
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.path)
    with contextlib.suppress(OSError), os.scandir(f"/proc/{pid}/fd") as entries:
        for entry in entries:
            with contextlib.suppress(OSError):
                found = entry.stat()
                total += _size(found) if found.st_nlink == 0 and stat.S_ISREG(found.st_mode) else 0
    return total


def _size(found: os.stat_result) -> int:
    return max(_LEAST_BYTES, found.st_blocks * 512)


def _dies_with_parent() -> tuple[str, ...]:
    setpriv = shutil.which("setpriv")
    return (setpriv, "--pdeathsig", "KILL") if setpriv else ()


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill the process group, also after a normal end: no child may outlive the program."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
