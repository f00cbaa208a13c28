"""Against a server that fails in every way, through the real client."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from tests.tools.openai_server import FAULTS, State, serve
from vary_data.base.errors import UsageError, VaryError
from vary_data.sources.llm import client as client_module
from vary_data.sources.llm.batch import ask_batch
from vary_data.sources.llm.cache import Cache, Reply, fingerprint
from vary_data.sources.llm.client import CostLimit, Server, Usage, ask_all
from vary_data.sources.llm.collect import Collection, collect
from vary_data.sources.llm.connection import check_connection
from vary_data.sources.llm.cost import Price, estimate_tokens, price_of
from vary_data.sources.llm.prompt import request_body
from vary_data.sources.llm.replies import without_fence
from vary_data.sources.llm.topics import grid
from vary_data.sources.records.convert import record_content

PRICE = Price(2.5, 10.0)
NOBODY = "http://127.0.0.1:9/v1"


@pytest.fixture(autouse=True)
def _soon_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client waits a second before it repeats a request whose connection was lost."""
    monkeypatch.setattr("openai._base_client.INITIAL_RETRY_DELAY", 0.01)


def gather(
    state: State, path: Path, wanted: int = 40, lang: str = "en", **settings: Any
) -> tuple[Collection, Usage]:
    usage = Usage()
    server = Server("gpt-4o", base_url=state.base_url, api_key="key", concurrency=8, retries=4)
    with Cache(path) as cache:
        ask = lambda bodies: ask_all(bodies, server, cache, usage, PRICE, **settings)  # noqa: E731
        return collect(wanted, lang, "gpt-4o", 0, ask), usage


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_grid_has_thousands_of_cells_and_does_not_repeat(lang: str) -> None:
    cells = grid(lang)
    assert len(cells) > 40_000
    topics = [cells.topic(i, seed=0) for i in range(3000)]
    assert len({(t.subject, t.region, t.period) for t in topics}) == 3000
    assert len({t.field for t in topics[:200]}) == 25
    assert topics[:50] != [cells.topic(i, seed=1) for i in range(50)]


def test_good_answers_become_records(tmp_path: Path) -> None:
    with serve() as state:
        found, usage = gather(state, tmp_path / "cache.jsonl")
    assert len(found.records) == 40
    assert all(record_content(record, "en").title == record.title for record in found.records)
    assert usage.requests == len(state.answered) == 8
    assert usage.dollars == pytest.approx(8 * (400 * 2.5 + 900 * 10) / 1e6)


def test_five_hundred_records_in_spite_of_every_fault(tmp_path: Path) -> None:
    with serve(faults=FAULTS) as state:
        found, usage = gather(state, tmp_path / "cache.jsonl", wanted=500, lang="zh")
        assert max(state.answered.values()) == 1, "an answer was paid for twice"
        assert usage.requests == state.answered.total()
    assert len(found.records) == 500
    assert {"cut-off", "not-json", "refusal", "malformed-record"} <= set(found.refused)


def test_the_records_do_not_depend_on_timing(tmp_path: Path) -> None:
    with serve(faults=FAULTS) as state:
        first, _ = gather(state, tmp_path / "one.jsonl")
        second, _ = gather(state, tmp_path / "two.jsonl")
    assert first == second


def test_a_second_run_asks_nothing(tmp_path: Path) -> None:
    with serve(faults=("cut-off", "refusal")) as state:
        first, _ = gather(state, tmp_path / "cache.jsonl")
        asked = state.answered.total()
        second, usage = gather(state, tmp_path / "cache.jsonl")
        assert state.answered.total() == asked
    assert second == first
    assert usage.requests == 0
    assert usage.dollars == 0


CHILD = """
import sys
from pathlib import Path
from tests.sources.llm.test_llm import gather
from tests.tools.openai_server import State
gather(State(base_url=sys.argv[1]), Path(sys.argv[2]), wanted=300)
"""


def test_killed_and_resumed_without_a_repeated_call(tmp_path: Path) -> None:
    cache = tmp_path / "cache.jsonl"
    with serve(faults=("slow",), share=1) as state:
        process = subprocess.Popen(
            [sys.executable, "-c", CHILD, state.base_url, str(cache)],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        deadline = time.monotonic() + 200
        while not cache.exists() or cache.read_bytes().count(b"\n") < 10:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.wait()
        time.sleep(0.5)
        with cache.open("ab") as file:
            file.write(b'{"fingerprint": "half a line')
        stored = len(
            {json.loads(line)["fingerprint"] for line in cache.read_text().splitlines()[:-1]}
        )
        found, usage = gather(state, cache, wanted=300)
        again = Counter(state.answered.values())
    assert len(found.records) == 300
    assert usage.cached == stored
    # Only what was in flight when the process was killed was asked again.
    assert set(again) <= {1, 2}
    assert again[2] <= 8


def test_the_cost_cap_stops_before_it_is_exceeded(tmp_path: Path) -> None:
    with serve() as state:
        with pytest.raises(CostLimit, match=r"could exceed --max-cost 0\.1"):
            gather(state, tmp_path / "cache.jsonl", wanted=500, max_cost=0.1)
        spent = state.answered.total() * PRICE.of(400, 900)
        assert 0 < spent <= 0.1
        with Cache(tmp_path / "cache.jsonl") as cache:
            assert len(cache.replies) == state.answered.total()


def test_a_wrong_key_and_a_dead_server_say_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, "MAX_FAILURES_IN_A_ROW", 3)
    with serve(key="another") as state, pytest.raises(UsageError, match="rejects the key"):
        gather(state, tmp_path / "cache.jsonl")
    monkeypatch.setattr(client_module, "check_connection", lambda base_url: None)
    with (
        Cache(tmp_path / "cache.jsonl") as cache,
        pytest.raises(VaryError, match=r"does not answer: Connection error\. All conn"),
    ):
        list(ask_all(some_bodies(5), Server("m", NOBODY, retries=0), cache, Usage()))


def some_bodies(count: int) -> list[dict[str, Any]]:
    return [request_body(i, grid("en").topic(i, 0), "en", "m", 5, 0) for i in range(count)]


@pytest.mark.parametrize("ask", [ask_all, ask_batch])
def test_where_nobody_listens_nothing_is_sent(
    tmp_path: Path, ask: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for client in ("OpenAI", "AsyncOpenAI"):  # they try for minutes
        monkeypatch.setattr(f"openai.{client}", None)
    with (
        Cache(tmp_path / "cache.jsonl") as cache,
        pytest.raises(VaryError, match=f"no server answers at {NOBODY}: Connection refused"),
    ):
        list(ask(some_bodies(5), Server("m", NOBODY), cache, Usage()))


@pytest.mark.parametrize("url", ["localhost:8000", "file:///etc/passwd", "http://", "http://x:y"])
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(UsageError, match="is no address of a server"):
        check_connection(url)


def test_cached_answers_need_no_server(tmp_path: Path) -> None:
    with serve() as state:
        first, _ = gather(state, tmp_path / "cache.jsonl")
    again, usage = gather(state, tmp_path / "cache.jsonl")
    assert again == first
    assert usage.requests == 0


def test_a_wait_says_what_it_waits_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "WAIT_SECONDS", 0.01)
    lines: list[str] = []
    with serve(faults=("429", "slow"), share=1) as state:
        gather(state, tmp_path / "cache.jsonl", report=lines.append)
    assert any(f"waiting for 8 from {state.base_url}" in line for line in lines)
    assert any("last reply: 429" in line for line in lines)


def test_answers_in_a_fence_are_read(tmp_path: Path) -> None:
    with serve() as state:
        plain, _ = gather(state, tmp_path / "plain.jsonl")
    with serve(fenced=True) as state:
        fenced, _ = gather(state, tmp_path / "fenced.jsonl")
    assert fenced == plain


@pytest.mark.parametrize(
    "text", ['{"a": "``` x ```"}', '```{"a": 1}```', '```\n{"a": 1}\n```', '```json\n{"a": 1}']
)
def test_fences(text: str) -> None:
    assert "a" in json.loads(without_fence(text))


def test_batches_cost_half_and_resume(tmp_path: Path) -> None:
    usage = Usage()
    with serve(faults=("500", "cut-off"), share=2) as state, Cache(tmp_path / "c.jsonl") as cache:
        server = Server("gpt-4o", base_url=state.base_url, api_key="key")
        ask = lambda bodies: ask_batch(  # noqa: E731
            list(bodies), server, cache, usage, PRICE, poll_seconds=0.01
        )
        found = collect(60, "en", "gpt-4o", 0, ask)
        assert len(found.records) == 60
        assert max(state.answered.values()) == 1
        assert usage.dollars == pytest.approx(usage.requests * PRICE.of(400, 900) / 2)
        assert found.refused["no-answer"] > 0


def test_a_submitted_batch_is_found_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from vary_data.sources.llm import batch

    bodies = [request_body(i, grid("en").topic(i, 0), "en", "gpt-4o", 5, 0) for i in range(4)]
    with serve() as state, Cache(tmp_path / "c.jsonl") as cache:
        server = Server("gpt-4o", base_url=state.base_url, api_key="key")

        def killed(*_: Any) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(batch, "_collect", killed)
            with pytest.raises(KeyboardInterrupt):
                list(ask_batch(bodies, server, cache, Usage()))
        assert len(state.batches) == 1
        replies = list(ask_batch(bodies, server, cache, Usage(), poll_seconds=0.01))
        assert len(state.batches) == 1
        assert all(reply and reply.finish == "stop" for reply in replies)


def test_the_estimate_is_near(tmp_path: Path) -> None:
    body = request_body(0, grid("en").topic(0, 0), "en", "gpt-4o", 5, 0)
    prompt, completion = estimate_tokens(body, 5)
    assert 500 < prompt < 1300
    assert completion == 1300
    assert price_of("gpt-4o-mini-2024-07-18") == Price(0.15, 0.60)
    assert price_of("some-local-model") is None
    assert price_of("x", (1.0, 2.0)) == Price(1.0, 2.0)


def test_bodies_are_read_only_as_far_as_needed(tmp_path: Path) -> None:
    read = []

    def endless() -> Any:
        number = 0
        while True:
            read.append(number)
            yield request_body(number, grid("en").topic(number, 0), "en", "m", 5, 0)
            number += 1

    with serve() as state, Cache(tmp_path / "c.jsonl") as cache:
        server = Server("m", base_url=state.base_url, concurrency=2)
        assert len(list(islice(ask_all(endless(), server, cache, Usage()), 5))) == 5
    assert len(read) == 8


def test_the_fingerprint_covers_all_that_is_sent() -> None:
    body = request_body(0, grid("en").topic(0, 0), "en", "m", 5, 0)
    assert fingerprint(body) == fingerprint(json.loads(json.dumps(body)))
    assert fingerprint(body) != fingerprint({**body, "temperature": 0.5})
    assert Reply("f", "c", "stop").batch is False
