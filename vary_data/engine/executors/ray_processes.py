"""Processes that Ray started on this machine, which it may leave behind if it is interrupted."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from vary_data.engine.process_tree import processes_below


@contextlib.contextmanager
def ended_if_interrupted(ray: Any) -> Iterator[None]:
    """Context in which Ctrl-C and SIGTERM end what Ray has started for this process.

    A signal within `ray.init` or `ray.shutdown` leaves the two agents of Ray's node manager: they
    live until they miss it, up to a minute (Ray 2.60). All others end with the driver.
    """
    try:
        yield
    except (KeyboardInterrupt, SystemExit):
        # A handle for each before the first one is killed: then the others may lose their parent.
        for process in list(_agents(Path(ray.__file__).parent)):
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(process, signal.SIGKILL)
            os.close(process)
        raise


def _agents(package: Path) -> Iterator[int]:
    """Handles of Ray's agents below this process; a handle never names another process later."""
    for pid in processes_below(os.getpid()):
        with contextlib.suppress(OSError):
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
            program = command.split(b"\0--")[0]  # until an agent has set its name
            starting = os.fsencode(package) in program and b"agent" in program
            if command.startswith(b"ray::") or starting:
                yield os.pidfd_open(pid)
