"""The Batch API: half the price, replies within a day. Submits, polls and collects, resumable.

Every submitted batch is recorded in a file before waiting for it. After a killed run the next
run finds it there, so nothing is submitted twice.
"""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vary_data.base.errors import UsageError, VaryError
from vary_data.base.json_lines import json_lines, read_json_lines
from vary_data.sources.llm.cache import Cache, Reply, fingerprint
from vary_data.sources.llm.client import CostLimit, Server, Usage, reply_of
from vary_data.sources.llm.connection import check_connection
from vary_data.sources.llm.cost import Price, estimate_tokens

MAX_BATCH_REQUESTS = 50_000
FINAL_STATUSES = ("completed", "failed", "expired", "cancelled")


@dataclass(slots=True)
class Batches:
    """The record of batches, a JSONL file next to the cache.

    `{batch, fingerprints}` is added on submission, `{batch, collected: true}` when the replies are
    in the cache.
    """

    path: Path

    def open_ones(self) -> dict[str, list[str]]:
        """The ids of uncollected batches, with the fingerprints of their requests."""
        notes: dict[str, list[str]] = {}
        if self.path.exists():
            for line in read_json_lines(self.path):
                note = line.value  # None for the last line of a killed run
                if not isinstance(note, dict) or not isinstance(note.get("batch"), str):
                    continue
                if note.get("collected"):
                    notes.pop(note["batch"], None)
                elif isinstance(keys := note.get("fingerprints"), list):
                    notes[note["batch"]] = [str(key) for key in keys]
        return notes

    def note(self, batch: str, **facts: Any) -> None:
        """Append a line to the record; `facts` are its keys in addition to `batch`."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"batch": batch, **facts}) + "\n")


def ask_batch(
    bodies: Iterable[dict[str, Any]],
    server: Server,
    cache: Cache,
    usage: Usage,
    price: Price | None = None,
    max_cost: float | None = None,
    poll_seconds: float = 30.0,
    report: Callable[[str], None] = lambda line: None,
) -> Iterator[Reply | None]:
    """Replies in the order of the requests; None for a request without a reply.

    Raises:
        CostLimit: the missing replies could cost more than `max_cost` dollars.
        UsageError: the server rejects the key.
        VaryError: the server rejects the batch or cannot be reached.
    """
    import openai

    wanted = {fingerprint(body): body for body in bodies}
    usage.cached += sum(key in cache.replies for key in wanted)
    batches = Batches(cache.path.with_suffix(".batches.jsonl"))
    if batches.open_ones() or any(key not in cache.replies for key in wanted):
        check_connection(server.base_url)
    try:
        with openai.OpenAI(
            api_key=server.api_key or "none",
            base_url=server.base_url,
            max_retries=server.retries,
            timeout=server.timeout,
        ) as client:
            pending = batches.open_ones()
            under_way = {key for keys in pending.values() for key in keys}
            missing = [k for k in wanted if k not in cache.replies and k not in under_way]
            _check_cost([wanted[key] for key in missing], usage, price, max_cost)
            for start in range(0, len(missing), MAX_BATCH_REQUESTS):
                keys = missing[start : start + MAX_BATCH_REQUESTS]
                pending[_submit(client, keys, wanted, batches)] = keys
            for batch in pending:
                report(f"batch {batch}: {len(pending[batch])} requests")
                _collect(client, batch, cache, usage, price, poll_seconds, report)
                batches.note(batch, collected=True)
    except (openai.AuthenticationError, openai.PermissionDeniedError) as error:
        raise UsageError(f"the server rejects the key: {error}", "set OPENAI_API_KEY") from error
    except openai.APIError as error:
        raise VaryError(
            f"the batch could not be made or read: {' '.join(str(error).split())[:200]}",
            "run the same command again to continue",
        ) from error
    for key in wanted:
        yield cache.replies.get(key)


def _submit(client: Any, keys: list[str], wanted: dict[str, Any], batches: Batches) -> str:
    lines = [
        json.dumps(
            {
                "custom_id": key,
                "method": "POST",
                "url": "/v1/chat/completions",
                "body": wanted[key],
            },
            ensure_ascii=False,
        )
        for key in keys
    ]
    content = io.BytesIO("\n".join(lines).encode())
    file = client.files.create(file=("requests.jsonl", content), purpose="batch")
    batch = client.batches.create(
        input_file_id=file.id, endpoint="/v1/chat/completions", completion_window="24h"
    )
    batches.note(batch.id, fingerprints=keys)
    return str(batch.id)


def _collect(
    client: Any,
    batch_id: str,
    cache: Cache,
    usage: Usage,
    price: Price | None,
    poll_seconds: float,
    report: Callable[[str], None],
) -> None:
    """Wait for the end of a batch and add its replies to the cache."""
    while True:
        batch = client.batches.retrieve(batch_id)
        if batch.status in FINAL_STATUSES:
            break
        report(f"batch {batch_id}: {batch.status}")
        time.sleep(poll_seconds)
    if batch.status == "failed":
        problems = (batch.errors.data if batch.errors else None) or []
        report(f"batch {batch_id} failed: {'; '.join(str(p.message) for p in problems[:3])}")
    if not batch.output_file_id:
        return
    for line in json_lines(client.files.content(batch.output_file_id).content.split(b"\n")):
        item = line.value if isinstance(line.value, dict) else {}
        key, response = item.get("custom_id"), item.get("response")
        if not isinstance(key, str) or not isinstance(response, dict):
            continue
        if response.get("status_code") == 200 and key not in cache.replies:
            reply = reply_of(key, response.get("body"), batch=True)
            cache.add(reply)
            usage.add(reply, price)


def _check_cost(
    bodies: list[dict[str, Any]], usage: Usage, price: Price | None, max_cost: float | None
) -> None:
    if price is None or max_cost is None:
        return
    worst = sum(
        price.of(estimate_tokens(body, 0)[0], int(body["max_tokens"]), batch=True)
        for body in bodies
    )
    if usage.dollars + worst > max_cost:
        raise CostLimit(
            f"{len(bodies)} requests could cost ${worst:.2f}, more than --max-cost {max_cost:g}",
            "nothing was submitted; ask for less or raise the limit",
        )
