"""Runs all checks concurrently, since most wait for other programs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from vary_data.quality.doctor.check import MachineCheck
from vary_data.quality.doctor.fonts import fonts
from vary_data.quality.doctor.machine import machine
from vary_data.quality.doctor.packages import packages
from vary_data.quality.doctor.tex import tex
from vary_data.quality.doctor.tools import browser, ghostscript, katex, poppler

Examination = Callable[[], Iterable[MachineCheck]]


def examine(folder: Path) -> tuple[MachineCheck, ...]:
    """All checks of this machine; `folder` is where data would be written."""
    examinations: tuple[Examination, ...] = (
        partial(machine, folder),
        packages,
        fonts,
        browser,
        katex,
        poppler,
        ghostscript,
        tex,
    )
    with ThreadPoolExecutor(len(examinations)) as pool:
        results = list(pool.map(lambda examination: list(examination()), examinations))
    return tuple(check for checks in results for check in checks)


def install_commands(checks: Iterable[MachineCheck]) -> Iterator[str]:
    """The commands that install what is `missing`; `absent` dependencies are not included."""
    missing = [check for check in checks if check.state == "missing"]
    debian = dict.fromkeys(name for check in missing for name in check.packages)
    if debian:
        yield f"apt-get install -y --no-install-recommends {' '.join(debian)}"
    yield from dict.fromkeys(check.fix for check in missing if check.fix)
