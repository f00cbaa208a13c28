"""Why a job has no result, and whether its content or its environment is to blame.

`content`: the input itself. Another run would fail the same way, so the rejection is final.
`environment`: this machine at this moment: a process killed from outside, a deadline that passed
while nothing was computed, a tool that died, a full disk. Another run may succeed, so the next one
tries these tasks again.
"""

from __future__ import annotations

import errno
import signal
from dataclasses import dataclass

from vary_data.dataset.rejection import Cause

KILLING_SIGNALS = frozenset((signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT))
"""Signals that processes get from outside: from the kernel's out-of-memory killer, from an
operator. A parser that crashes dies of others."""
BUSY_SHARE = 0.5
"""A task that computed for this share of its deadline was slow; otherwise it was kept waiting."""
ENVIRONMENT_ERRORS = {
    errno.ENOSPC: "the disk of temporary files is full: free some space or set TMPDIR",
    errno.EDQUOT: "the quota of temporary files is used up: free some space or set TMPDIR",
    errno.EROFS: "temporary files cannot be written: set TMPDIR",
    errno.EMFILE: "too many open files: raise the limit with `ulimit -n 4096`",
    errno.ENFILE: "this machine has too many open files",
    errno.ENOMEM: "this machine has no memory left: use fewer workers (-j)",
    errno.EAGAIN: "no further process can be started: raise `ulimit -u` or use fewer workers (-j)",
    errno.EIO: "a disk of this machine fails",
}
"""Errors of the operating system that say nothing about the input, and what to do."""


@dataclass(frozen=True, slots=True)
class JobFailure:
    """Why a job has no result: `timeout`, `crash`, `memory`, `broken`, or the name of an
    exception."""

    reason: str
    detail: str
    cause: Cause = "content"


def crashed(status: int | None, detail: str) -> JobFailure:
    """The failure of a job whose worker ended with `status` (None: it is not known)."""
    killed = status is not None and -status in KILLING_SIGNALS
    return JobFailure("crash", detail, "environment" if killed else "content")


def timed_out(seconds: float, computed: float) -> JobFailure:
    """The failure of a job without a result after `seconds`, of which it computed for some."""
    cause: Cause = "content" if computed >= BUSY_SHARE * seconds else "environment"
    detail = f"no answer within {seconds:g} s, of which it computed for {computed:.1f} s"
    return JobFailure("timeout", detail, cause)


def environment_error(error: BaseException) -> str:
    """What to do about an error of the machine; empty for an error of the input."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, MemoryError):
            return ENVIRONMENT_ERRORS[errno.ENOMEM]
        if isinstance(seen, OSError) and seen.errno in ENVIRONMENT_ERRORS:
            return ENVIRONMENT_ERRORS[seen.errno]
        seen = seen.__cause__ or seen.__context__
    return ""
