"""Collects records: parses and checks replies until there are enough records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from vary_data.sources.llm.cache import Reply
from vary_data.sources.llm.prompt import TYPES, request_body
from vary_data.sources.llm.replies import reply_value
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
    wanted: int,
    lang: str,
    model: str,
    seed: int,
    ask: Ask,
    most_requests: int | None = None,
    types: Sequence[str] = TYPES,
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
        for record in _round(numbers, lang, model, seed, ask, found.refused, types):
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
    numbers: range,
    lang: str,
    model: str,
    seed: int,
    ask: Ask,
    refused: Counter[str],
    types: Sequence[str],
) -> Iterator[Record]:
    """The records of some requests in order; failed requests are repeated for fewer records."""
    parsed: dict[int, list[Record]] = {}
    open_ = list(numbers)
    for attempt in range(MAX_RETRIES + 1):
        count = max(1, PER_REQUEST - 2 * attempt)
        bodies = [
            request_body(n, grid(lang).topic(n, seed), lang, model, count, attempt, types)
            for n in open_
        ]
        failed = []
        for n, reply in zip(open_, ask(bodies), strict=True):
            records, malformed, reason = parse(reply)
            if reason:
                refused[reason] += 1
                failed.append(n)
            else:
                parsed[n] = records
                refused["malformed-record"] += malformed
        open_ = failed
        if not open_:
            break
    refused += Counter()  # drops zero counts
    for n in numbers:
        yield from parsed.get(n, [])


def parse(reply: Reply | None) -> tuple[list[Record], int, str]:
    """The well-formed records of a reply, the number of others, and the reason if there is no
    well-formed one."""
    value, reason = reply_value(reply)
    if reason:
        return [], 0, reason
    items = value.get("records") if isinstance(value, dict) else None
    if not isinstance(items, list):
        return [], 0, "not-json"
    records = []
    for item in items:
        try:
            records.append(parse_record(item))
        except RecordProblem:
            continue
    return records, len(items) - len(records), "" if records else "malformed-record"
