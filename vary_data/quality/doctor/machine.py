"""Checks cores, memory and disk, and which sandboxing is available."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from vary_data.base import cores
from vary_data.quality.doctor.check import MachineCheck, answer

GROUP = "Machine"
MIN_DISK_BYTES = 1 << 30
MIN_BYTES_PER_CORE = 1 << 30
CGROUP = Path("/sys/fs/cgroup")


def machine(folder: Path) -> Iterator[MachineCheck]:
    """`folder` is where data would be written."""
    yield MachineCheck(GROUP, "Python", "ok", f"{platform.python_version()} at {sys.executable}")
    cores = available_cores()
    yield MachineCheck(GROUP, "cores", "ok", f"{cores:g}")
    yield _memory(cores)
    yield _disk(folder)
    yield MachineCheck(GROUP, "sandbox", "note", sandbox_level())


def available_cores() -> float:
    """The cores that this process may use, by its affinity and a container's quota."""
    count = float(cores.available_cores())
    quota, _, period = _read(CGROUP / "cpu.max").partition(" ")
    if quota.isdigit() and period.strip().isdigit():
        return min(count, int(quota) / int(period))
    return count


def available_memory() -> int:
    """Bytes available for new processes; 0 if the system does not report them."""
    fields = dict(line.split(":", 1) for line in _read(Path("/proc/meminfo")).splitlines())
    free = int(fields.get("MemAvailable", "0 kB").split()[0]) * 1024
    limit = _read(CGROUP / "memory.max").strip()
    used = _read(CGROUP / "memory.current").strip()
    if limit.isdigit() and used.isdigit():
        return min(free, max(0, int(limit) - int(used)))
    return free


def sandbox_level() -> str:
    """The strongest sandbox that an ordinary user can use on this machine."""
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


def _memory(cores: float) -> MachineCheck:
    free = available_memory()
    if not free:
        return MachineCheck(GROUP, "memory", "note", "not reported by this system")
    detail = f"{free / 2**30:.1f} GiB free"
    if free < cores * MIN_BYTES_PER_CORE:
        detail += f"; use fewer workers (-j {max(1, free // MIN_BYTES_PER_CORE)})"
        return MachineCheck(GROUP, "memory", "note", detail)
    return MachineCheck(GROUP, "memory", "ok", detail)


def _disk(folder: Path) -> MachineCheck:
    name = f"disk at {folder}"
    existing = folder.resolve()
    while not existing.exists():
        existing = existing.parent
    if not os.access(existing, os.W_OK):
        return MachineCheck(
            GROUP, name, "missing", "not writable", "all", fix="choose another with -o"
        )
    free = shutil.disk_usage(existing).free
    detail = f"{free / 2**30:.1f} GiB free"
    if free < MIN_DISK_BYTES:
        return MachineCheck(GROUP, name, "missing", detail, "all", fix="free some space")
    return MachineCheck(GROUP, name, "ok", detail)


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""
