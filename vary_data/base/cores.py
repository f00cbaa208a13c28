"""The number of cores of this process."""

from __future__ import annotations

import os


def available_cores() -> int:
    """Cores that this process may use; without affinity (macOS), those of the machine."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
