"""Collects records: parses and checks replies until there are enough records."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from vary_data.sources.llm.cache import Reply
from vary_data.sources.llm.prompt import request_body
from vary_data.sources.llm.topics import grid
from vary_data.sources.records.convert import record_content
from vary_data.sources.records.models import Record, RecordProblem, parse_record

PER_REQUEST = 5
MAX_RETRIES = 2
"""How often a request is repeated, for fewer records, after a truncated or invalid reply."""


@dataclass(slots=True)
class Collection:
    """Records in the order of their requests, and the reasons of rejected ones."""

    records: list[Record] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)


Ask = Callable[[Iterable[dict[str, Any]]], Iterator[Reply | None]]


def collect(
    wanted: int, lang: str, model: str, seed: int, ask: Ask, most_requests: int | None = None
) -> Collection:
    """Send requests until there are `wanted` good records.

    The records depend only on the replies, not on the order of their arrival. `most_requests`
    limits the requests if replies are bad (default: four times the necessary number).
    """
    found = Collection()
    seen: set[tuple[str, str]] = set()
    limit = most_requests or 4 * -(-wanted // PER_REQUEST) + 4
    number = 0
    while len(found.records) < wanted and number < limit:
        missing = -(-(wanted - len(found.records)) // PER_REQUEST)
        numbers = range(number, min(limit, number + missing))
        number = numbers.stop
        for record in _round(numbers, lang, model, seed, ask, found.refused):
            key = ("".join(record.title.split()).casefold(), record.chart_type)
            reason = _problem(record, lang) or ("repeated-title" if key in seen else "")
            if reason:
                found.refused[reason] += 1
            elif len(found.records) < wanted:
                seen.add(key)
                found.records.append(record)
    return found


def _problem(record: Record, lang: str) -> str:
    """The reason why a record cannot become content; empty when nothing is wrong."""
    try:
        record_content(record, lang)
    except RecordProblem as problem:
        return problem.reason
    return ""


def _round(
    numbers: range, lang: str, model: str, seed: int, ask: Ask, refused: Counter[str]
) -> Iterator[Record]:
    """The records of some requests in order; failed requests are repeated for fewer records."""
    parsed: dict[int, list[Record]] = {}
    open_ = list(numbers)
    for attempt in range(MAX_RETRIES + 1):
        count = max(1, PER_REQUEST - 2 * attempt)
        bodies = [
            request_body(n, grid(lang).topic(n, seed), lang, model, count, attempt) for n in open_
        ]
        failed = []
        for n, reply in zip(open_, ask(bodies), strict=True):
            records, reason = parse(reply)
            if reason:
                refused[reason] += 1
                failed.append(n)
            else:
                parsed[n] = records
                refused["malformed-record"] += reply_count(reply) - len(records)
        open_ = failed
        if not open_:
            break
    refused += Counter()  # drops zero counts
    for n in numbers:
        yield from parsed.get(n, [])


def parse(reply: Reply | None) -> tuple[list[Record], str]:
    """The well-formed records of a reply, and the reason if there are none."""
    if reply is None:
        return [], "no-answer"
    if reply.finish in ("refusal", "content_filter"):
        return [], "refusal"
    if reply.finish == "length":
        return [], "cut-off"
    records = []
    try:
        items = json.loads(reply.content)["records"]
        for item in items:
            try:
                records.append(parse_record(item))
            except RecordProblem:
                continue
    except (ValueError, KeyError, TypeError):
        return [], "not-json"
    return records, "" if records else "malformed-record"


def reply_count(reply: Reply | None) -> int:
    """The number of records of a readable reply, well-formed or not."""
    return len(json.loads(reply.content)["records"]) if reply else 0
