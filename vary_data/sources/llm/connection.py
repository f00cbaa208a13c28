"""Checks that a server accepts connections, before the first request.

The client library repeats a refused request for minutes without a message.
"""

from __future__ import annotations

import os
import socket
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from vary_data.base.errors import UsageError, VaryError

DEFAULT_URL = "https://api.openai.com/v1"
CONNECT_SECONDS = 10.0
PORTS = {"http": 80, "https": 443}


def server_url(base_url: str | None) -> str:
    """The address that the client library will use."""
    return base_url or os.environ.get("OPENAI_BASE_URL") or DEFAULT_URL


def check_connection(base_url: str | None) -> None:
    """Check quickly that a server listens. Behind a proxy only the form of the URL is checked.

    Raises:
        UsageError: the URL is no address of a server.
        VaryError: no server accepts connections there.
    """
    url = server_url(base_url)
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or PORTS.get(parts.scheme)
    except ValueError:
        host = port = None
    if parts.scheme not in PORTS or not host or not port:
        raise UsageError(
            f"{url!r} is no address of a server", "for example --base-url http://localhost:8000/v1"
        )
    if parts.scheme in getproxies() and not proxy_bypass(host):
        return
    try:
        socket.create_connection((host, port), CONNECT_SECONDS).close()
    except OSError as error:
        raise VaryError(
            f"no server answers at {url}: {error.strerror or error}",
            "check --base-url and that the server runs; --provider builtin needs none",
        ) from error
