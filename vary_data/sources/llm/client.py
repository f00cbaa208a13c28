"""Sends requests to an OpenAI-compatible server, many at a time, each of them once."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from vary_data.base.errors import UsageError, VaryError
from vary_data.base.json_lines import parse_json
from vary_data.sources.llm.cache import Cache, Reply, fingerprint
from vary_data.sources.llm.connection import check_connection, server_url
from vary_data.sources.llm.cost import Price, estimate_tokens

T = TypeVar("T")

MALFORMED = "malformed"
MAX_TOKENS = 10_000_000
"""A server that states more tokens for one request is wrong."""
WAIT_SECONDS = 5.0
"""So often it is said what is waited for."""
MAX_FAILURES_IN_A_ROW = 10
"""After this many requests without a reply the run stops: the server is down, not busy."""


@dataclass(frozen=True, slots=True)
class Server:
    """The address and settings of a server.

    The client library repeats requests after 408, 409, 429 and 5xx replies, with exponential
    pauses or those of `Retry-After`.
    """

    model: str
    base_url: str | None = None
    api_key: str | None = None
    concurrency: int = 16
    retries: int = 6
    timeout: float = 120.0


@dataclass(slots=True)
class Usage:
    """Numbers of requests, cached replies and tokens, and the cost in US dollars."""

    requests: int = 0
    cached: int = 0
    unanswered: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    dollars: float = 0.0

    def add(self, reply: Reply, price: Price | None) -> None:
        """Count a reply of the server; without a price it costs nothing."""
        self.requests += 1
        self.prompt_tokens += reply.prompt_tokens
        self.completion_tokens += reply.completion_tokens
        if price:
            self.dollars += price.of(reply.prompt_tokens, reply.completion_tokens, reply.batch)


class CostLimit(VaryError):
    """The next request could exceed `--max-cost`; all replies so far are kept."""


def ask_all(
    bodies: Iterable[dict[str, Any]],
    server: Server,
    cache: Cache,
    usage: Usage,
    price: Price | None = None,
    max_cost: float | None = None,
    report: Callable[[str], None] = lambda line: None,
) -> Iterator[Reply | None]:
    """Replies in the order of the requests; None for a request without a reply.

    Bodies are read in rounds of four times the concurrency, so that the caller can stop an
    endless stream of them. `report` gets a line that tells what is waited for, every five seconds.

    Raises:
        CostLimit: `max_cost` dollars could be exceeded.
        UsageError: the server rejects the key or does not have the model.
        VaryError: the server cannot be reached.
    """
    stream = iter(bodies)
    checked = False
    while round_ := list(islice(stream, server.concurrency * 4)):
        if not checked and any(fingerprint(body) not in cache.replies for body in round_):
            check_connection(server.base_url)
            checked = True
        asker = _Asker(server, cache, usage, price, max_cost, report)
        yield from asyncio.run(asker.ask(round_))


@dataclass(slots=True)
class _Asker:
    server: Server
    cache: Cache
    usage: Usage
    price: Price | None
    max_cost: float | None
    report: Callable[[str], None]
    failures: int = 0
    waiting: int = 0
    trouble: str = ""
    """The last reply or error that makes the client library repeat a request."""
    reserved: float = 0.0
    closed: bool = False

    async def ask(self, bodies: list[dict[str, Any]]) -> list[Reply | None]:
        import openai

        gate = asyncio.Semaphore(self.server.concurrency)
        async with openai.AsyncOpenAI(
            api_key=self.server.api_key or "none",
            base_url=self.server.base_url,
            max_retries=self.server.retries,
            timeout=self.server.timeout,
            http_client=openai.DefaultAsyncHttpxClient(event_hooks={"response": [self._note]}),
        ) as client:
            said = asyncio.create_task(self._say())
            tasks = [asyncio.create_task(self._one(client, gate, body)) for body in bodies]
            try:
                return list(await asyncio.gather(*tasks))
            except Exception:
                # Sent requests are paid for: stop sending, but wait for their replies.
                self.closed = True
                await asyncio.gather(*tasks, return_exceptions=True)
                raise
            finally:
                said.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await said

    async def _note(self, response: Any) -> None:
        """Called by the client library for every reply, also those after which it tries again."""
        self.trouble = "" if response.status_code < 400 else f"last reply: {response.status_code}"

    async def _say(self) -> None:
        """Tell every few seconds what is waited for."""
        start = time.monotonic()
        while True:
            await asyncio.sleep(WAIT_SECONDS)
            parts = [
                f"{self.usage.requests:,} requests answered",
                f"waiting for {self.waiting:,} from {server_url(self.server.base_url)}",
                *filter(None, [self.trouble]),
                f"{time.monotonic() - start:.0f} s",
            ]
            self.report(" · ".join(parts))

    async def _one(
        self, client: Any, gate: asyncio.Semaphore, body: dict[str, Any]
    ) -> Reply | None:
        import openai

        key = fingerprint(body)
        known = self.cache.replies.get(key)
        if known:
            self.usage.cached += 1
            return known
        async with gate:
            if self.closed:
                return None
            expected = self._reserve(body)
            self.waiting += 1
            try:
                # The unparsed reply: the client library fails on what is not in its form.
                raw = await client.chat.completions.with_raw_response.create(**body)
            except (openai.AuthenticationError, openai.PermissionDeniedError) as error:
                raise UsageError(
                    f"the server rejects the key: {_short(error)}", "set OPENAI_API_KEY"
                ) from error
            except (openai.NotFoundError, openai.BadRequestError) as error:
                raise UsageError(
                    f"the server rejects the request: {_short(error)}", "check --model, --base-url"
                ) from error
            except openai.APIError as error:
                self._unanswered(error)
                return None
            finally:
                self.waiting -= 1
                self.reserved -= expected
            reply = reply_from(key, raw.content)
            if reply is None:
                self._unanswered(ValueError(f"its reply is no JSON: {raw.content[:80]!r}"))
                return None
            self.failures = 0
            self.cache.add(reply)
            self.usage.add(reply, self.price)
            return reply

    def _reserve(self, body: dict[str, Any]) -> float:
        """Reserve the highest cost of this request.

        Raises:
            CostLimit: the limit could be exceeded.
        """
        if self.price is None:
            return 0.0
        prompt, _ = estimate_tokens(body, 0)
        worst = self.price.of(prompt, int(body["max_tokens"]))
        spent = self.usage.dollars + self.reserved + worst
        if self.max_cost is not None and spent > self.max_cost:
            raise CostLimit(
                f"stopped at ${self.usage.dollars:.2f}: the next request could exceed "
                f"--max-cost {self.max_cost:g}",
                "replies so far are kept; run again with a higher limit to continue",
            )
        self.reserved += worst
        return worst

    def _unanswered(self, error: Exception) -> None:
        self.failures += 1
        self.usage.unanswered += 1
        if self.failures >= MAX_FAILURES_IN_A_ROW:
            raise VaryError(
                f"the server does not answer: {_short(error)}",
                "replies so far are kept; run the same command again later",
            ) from error


def reply_from(key: str, body: bytes) -> Reply | None:
    """The reply in the body of a response; None if it is not from a language model at all, such
    as the page of a proxy."""
    try:
        return reply_of(key, parse_json(body))
    except ValueError:
        # JSON that cannot be stored was paid for: it counts, once.
        return Reply(key, "", MALFORMED) if body.lstrip().startswith(b"{") else None


def reply_of(key: str, completion: Any, batch: bool = False) -> Reply:
    """The reply of a chat completion object, which may have any form."""
    choices = _member(completion, "choices", list) or [None]
    message = _member(choices[0], "message", dict)
    usage = _member(completion, "usage", dict)
    refusal = _member(message, "refusal", str)
    content = _member(message, "content", str)
    finish = "refusal" if refusal else _member(choices[0], "finish_reason", str)
    return Reply(
        fingerprint=key,
        content=content or refusal or "",
        finish=(finish or "none") if message is not None else MALFORMED,
        model=_member(completion, "model", str) or "",
        prompt_tokens=_count(usage, "prompt_tokens"),
        completion_tokens=_count(usage, "completion_tokens"),
        batch=batch,
    )


def _member(value: Any, name: str, kind: type[T]) -> T | None:
    """A member of an object; None if it is missing or of another kind."""
    member = value.get(name) if isinstance(value, dict) else None
    return member if isinstance(member, kind) else None


def _count(usage: Any, name: str) -> int:
    count = _member(usage, name, int) or 0
    return count if 0 < count <= MAX_TOKENS else 0


def _short(error: Exception) -> str:
    """The error on one line, with its cause: the client library only says `Connection error.`"""
    cause = f" {error.__cause__}" if error.__cause__ else ""
    return " ".join(f"{error}{cause}".split())[:200]
