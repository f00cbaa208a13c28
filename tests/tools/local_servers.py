"""Ports of servers that tests start on this machine."""

from __future__ import annotations

import contextlib
import random
import socket
import subprocess
import time

START_SECONDS = 250.0


def free_port() -> int:
    """A port that the system gives to no connection in the seconds until a server listens there."""
    while True:
        port = random.SystemRandom().randrange(20_000, 32_000)  # others begin at 32,768 or above
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise AssertionError("the server has not started")
