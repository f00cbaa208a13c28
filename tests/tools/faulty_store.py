"""moto's S3 server behind a layer that fails every n-th request, in the ways that S3 does.

with serve() as store:
    os.environ.update(store.environment)
    fsspec.filesystem("s3").mkdir("data")
    store.every = 5
"""

from __future__ import annotations

import contextlib
import itertools
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

FAULTS = ("503 SlowDown", "500 InternalError", "lost-answer", "cut-off")
"""`lost-answer`: the request is served, but the response is an error.
`cut-off`: the connection ends in the middle of the body."""

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass
class Store:
    """The requests to the store, and the faults of its responses."""

    inner: Application
    every: int = 0
    """One request in so many fails; 0 for none."""
    refuse_writes: bool = False
    environment: dict[str, str] = field(default_factory=dict)
    faults: Counter[str] = field(default_factory=Counter)
    requests: Counter[str] = field(default_factory=Counter)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    _lock: Any = field(default_factory=threading.Lock)

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        with self._lock:
            number = next(self._numbers)
            method = str(environ["REQUEST_METHOD"])
            self.requests[method] += 1
        if self.refuse_writes and method in ("PUT", "POST"):
            return _error(start, "403 Forbidden", "AccessDenied")
        if not self.every or number % self.every:
            return self.inner(environ, start)
        fault = FAULTS[number // self.every % len(FAULTS)]
        self.faults[fault] += 1
        if fault == "lost-answer":
            b"".join(self.inner(environ, lambda *_, **__: None))
            return _error(start, "500 Internal Server Error", "InternalError")
        if fault == "cut-off":
            return self._cut_off(environ, start)
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        status, code = fault.split()
        return _error(start, f"{status} {code}", code)

    def _cut_off(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        answer: list[tuple[Any, ...]] = []
        body = b"".join(self.inner(environ, lambda *words: answer.append(words)))
        if not body or environ["REQUEST_METHOD"] == "HEAD":
            return _error(start, "503 Slow Down", "SlowDown")
        start(*answer[0])
        return [body[: len(body) // 2]]


def _error(start: Callable[..., Any], status: str, code: str) -> list[bytes]:
    body = f"<Error><Code>{code}</Code><Message>for a test</Message></Error>".encode()
    headers = [("Content-Type", "application/xml"), ("Content-Length", str(len(body)))]
    start(status, headers)
    return [body]


class _Quiet(WSGIRequestHandler):
    def log(self, *_: Any) -> None:
        pass


@contextlib.contextmanager
def serve() -> Iterator[Store]:
    """A store without buckets, on a free port of this machine."""
    store = Store(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", 0, store, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    store.environment = {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    try:
        yield store
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
