"""Whatever a server sends ends as records or as a counted refusal, also from the cache."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from vary_data.sources.llm.cache import Cache, Reply
from vary_data.sources.llm.client import Server, Usage, ask_all, reply_from
from vary_data.sources.llm.collect import parse


def envelope(content: Any, **changes: Any) -> bytes:
    choice = {"message": {"role": "assistant", "content": content}, "finish_reason": "stop"}
    return json.dumps({"choices": [choice], "usage": {"prompt_tokens": 3}, **changes}).encode()


BODIES = {
    "deep answer": (envelope('{"records": ' + "[" * 5000 + "]" * 5000 + "}"), "not-json"),
    "deep envelope": (b'{"choices": ' + b"[" * 100_000, "malformed-reply"),
    "surrogate": (envelope(None).replace(b"null", rb'"\ud800"'), "malformed-reply"),
    "surrogate inside": (envelope('{"records": ["\\ud800"]}'), "not-json"),
    "no choices": (b'{"object": "chat.completion"}', "malformed-reply"),
    "choices is an object": (envelope("", choices={"0": 1}), "malformed-reply"),
    "choices is a text": (envelope("", choices="abc"), "malformed-reply"),
    "choice is a list": (envelope("", choices=[[1]]), "malformed-reply"),
    "message is a number": (envelope("", choices=[{"message": 5}]), "malformed-reply"),
    "content is a list": (envelope([{"type": "text"}]), "not-json"),
    "content is a number": (envelope(7), "not-json"),
    "usage is infinite": (envelope("", usage={"prompt_tokens": float("inf")}), "malformed-reply"),
    "usage is a text": (envelope("", usage="much"), "not-json"),
    "usage is negative": (envelope("x", usage={"prompt_tokens": -5}), "not-json"),
    "records is an object": (envelope('{"records": {"a": 1}}'), "not-json"),
    "records is a number": (envelope('{"records": 5}'), "not-json"),
    "records is a text": (envelope('{"records": "abc"}'), "not-json"),
    "the answer is a list": (envelope("[1, 2]"), "not-json"),
    "the answer is null": (envelope("null"), "not-json"),
    "not a number": (envelope('{"records": [NaN]}'), "not-json"),
    "a huge number": (envelope('{"records": [' + "9" * 9999 + "]}"), "not-json"),
    "odd records": (envelope('{"records": [1, null, [], {"title": 3}]}'), "malformed-record"),
    "no records": (envelope('{"records": []}'), "malformed-record"),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_reply_of_any_form_is_counted(tmp_path: Path, name: str) -> None:
    body, reason = BODIES[name]
    reply = reply_from("key", body)
    assert reply is not None
    assert parse(reply)[2] == reason
    path = tmp_path / "answers.jsonl"
    with Cache(path) as cache:
        cache.add(reply)
    with Cache(path) as cache:
        assert cache.replies == {"key": reply}


@pytest.mark.parametrize("body", [b"<html>Please log in</html>", b"", b"null", b"\xff\xfe", b"{"])
def test_what_is_no_reply_of_a_model(body: bytes) -> None:
    reply = reply_from("key", body)
    assert reply is None or parse(reply)[2] == "malformed-reply"


def test_damaged_lines_of_the_cache_are_skipped(tmp_path: Path) -> None:
    good = Reply("good", "a\u2028b\u0085c", "stop")
    path = tmp_path / "answers.jsonl"
    with Cache(path) as cache:
        cache.add(good)
    lines = [
        "5",
        "[]",
        "null",
        '{"fingerprint": ["x"], "content": "", "finish": ""}',
        '{"fingerprint": "x", "content": 5, "finish": "stop"}',
        '{"fingerprint": "x", "content": "", "finish": "", "prompt_tokens": "many"}',
        '{"fingerprint": "x", "other": 1}',
        "[" * 100_000,
        '{"fingerprint": "cut',
    ]
    path.write_bytes(path.read_bytes() + "\n".join(lines).encode())
    with Cache(path) as cache:
        assert cache.replies == {"good": good}


@pytest.fixture
def base_url() -> Iterator[str]:
    """A server whose first reply is a page of a proxy, and whose others are degenerate."""
    bodies = iter([b"<html>log in</html>", *(body for body, _ in BODIES.values())])

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            body = next(bodies)
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    thread.join()
    server.server_close()


def test_degenerate_replies_do_not_stop_a_run(tmp_path: Path, base_url: str) -> None:
    count = len(BODIES) + 1
    requests = [{"model": "m", "messages": [], "seed": i} for i in range(count)]
    usage = Usage()
    server = Server("m", base_url, "key", concurrency=1, retries=0)
    with Cache(tmp_path / "answers.jsonl") as cache:
        replies = list(ask_all(requests, server, cache, usage))
        assert replies[0] is None
        assert [parse(reply)[2] for reply in replies[1:]] == [why for _, why in BODIES.values()]
        assert (usage.requests, usage.unanswered) == (count - 1, 1)
        # Nothing that was paid for is asked again; the server would have no reply left.
        assert list(ask_all(requests[1:], server, cache, usage)) == replies[1:]
