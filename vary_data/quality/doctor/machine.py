"""Cores, memory, disk, and how strongly foreign programs can be shut in."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from vary_data.quality.doctor.check import Check, answer

GROUP = "Machine"
LEAST_DISK = 1 << 30
LEAST_MEMORY_PER_CORE = 1 << 30
CGROUP = Path("/sys/fs/cgroup")


def machine(folder: Path) -> Iterator[Check]:
    """`folder` is where data would be written."""
    yield Check(GROUP, "Python", "ok", f"{platform.python_version()} at {sys.executable}")
    cores = available_cores()
    yield Check(GROUP, "cores", "ok", f"{cores:g}")
    yield _memory(cores)
    yield _disk(folder)
    yield Check(GROUP, "sandbox", "note", sandbox_level())


def available_cores() -> float:
    """What this process may use: its affinity, and a container's quota where there is one."""
    count = float(len(os.sched_getaffinity(0)))
    quota, _, period = _read(CGROUP / "cpu.max").partition(" ")
    if quota.isdigit() and period.strip().isdigit():
        return min(count, int(quota) / int(period))
    return count


def available_memory() -> int:
    """Bytes that are free for new processes here; 0 where the system does not tell."""
    fields = dict(line.split(":", 1) for line in _read(Path("/proc/meminfo")).splitlines())
    free = int(fields.get("MemAvailable", "0 kB").split()[0]) * 1024
    limit = _read(CGROUP / "memory.max").strip()
    used = _read(CGROUP / "memory.current").strip()
    if limit.isdigit() and used.isdigit():
        return min(free, max(0, int(limit) - int(used)))
    return free


def sandbox_level() -> str:
    """The strongest means of shutting in a program that an ordinary user has here."""
    inside = "in a container; " if _in_container() else ""
    if answer(["bwrap", "--version"]) and _works("bwrap", "--ro-bind", "/", "/", "--unshare-all"):
        return f"{inside}namespaces by bubblewrap, limits"
    if _works("unshare", "-Urn"):
        return f"{inside}namespaces by unshare (no network), limits"
    return f"{inside}limits on time, memory and files"


def _works(*prefix: str) -> bool:
    return answer([*prefix, "echo", "works"]) == "works"


def _in_container() -> bool:
    return any(Path(mark).exists() for mark in ("/.dockerenv", "/run/.containerenv"))


def _memory(cores: float) -> Check:
    free = available_memory()
    if not free:
        return Check(GROUP, "memory", "note", "this system does not tell")
    detail = f"{free / 2**30:.1f} GiB free"
    if free < cores * LEAST_MEMORY_PER_CORE:
        detail += f"; use fewer workers (-j {max(1, free // LEAST_MEMORY_PER_CORE)})"
        return Check(GROUP, "memory", "note", detail)
    return Check(GROUP, "memory", "ok", detail)


def _disk(folder: Path) -> Check:
    name = f"disk at {folder}"
    existing = folder.resolve()
    while not existing.exists():
        existing = existing.parent
    if not os.access(existing, os.W_OK):
        return Check(GROUP, name, "missing", "not writable", "all", fix="choose another with -o")
    free = shutil.disk_usage(existing).free
    detail = f"{free / 2**30:.1f} GiB free"
    if free < LEAST_DISK:
        return Check(GROUP, name, "missing", detail, "all", fix="free some space")
    return Check(GROUP, name, "ok", detail)


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""
