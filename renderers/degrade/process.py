"""Settings of a process that degrades many pictures."""

from __future__ import annotations

import ctypes

import cv2

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
"""Parameters of glibc's `mallopt`."""
KEPT_BYTES = 256 << 20
LARGEST_KEPT_BYTES = 64 << 20
"""Arrays of this size go back to the system at once: a picture of 2,300 x 2,300 pixels has less."""


def prepare_process() -> None:
    """One thread, as there is a worker for each core, and freed memory that is used again.

    Else glibc gives the memory of each array back to the system, and the next array costs a page
    fault for every 4 KiB: a third of the time that a photograph takes. Other C libraries keep
    their defaults.
    """
    cv2.setNumThreads(1)
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return
    mallopt(M_MMAP_THRESHOLD, LARGEST_KEPT_BYTES)
    mallopt(M_TRIM_THRESHOLD, KEPT_BYTES)
