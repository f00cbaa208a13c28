"""Prompts are prepared in order, by threads or on demand."""

from __future__ import annotations

import time
from collections.abc import Iterator
from threading import Event, current_thread, main_thread

import pytest

from trainer.generation.feed import DirectFeed, ThreadedFeed


def all_of(feed: ThreadedFeed[int, int] | DirectFeed[int, int]) -> list[int]:
    found: list[int] = []
    while some := feed.take(3, wait=True):
        found += some
    return found


def slow_first(item: int) -> int:
    assert current_thread() is not main_thread()
    time.sleep(0.05 if item % 4 == 0 else 0)
    return item * item


def test_items_keep_their_order() -> None:
    expected = [k * k for k in range(20)]
    assert all_of(DirectFeed(range(20), lambda k: k * k)) == expected
    feed = ThreadedFeed(range(20), slow_first, workers=3, ahead=5)
    assert all_of(feed) == expected
    assert feed.take(1, wait=True) == []
    feed.close()


def test_what_is_not_ready_is_not_waited_for() -> None:
    ready = Event()

    def prepare(item: int) -> int:
        assert ready.wait(200)
        return item * item

    feed = ThreadedFeed(range(4), prepare, workers=1, ahead=4)
    assert feed.take(1, wait=False) == []
    ready.set()
    assert feed.take(1, wait=True) == [0]
    assert [*feed.take(9, wait=True)] == [1, 4, 9]
    feed.close()


def test_errors_come_where_the_item_would_have_come() -> None:
    def items() -> Iterator[int]:
        yield from (1, 2)
        raise OSError("no more")

    feed = ThreadedFeed(items(), slow_first, workers=1, ahead=4)
    assert feed.take(2, wait=True) == [1, 4]
    with pytest.raises(OSError, match="no more"):
        feed.take(1, wait=True)
    feed.close()
    failing = ThreadedFeed([0], lambda item: 1 // item, workers=1, ahead=4)
    with pytest.raises(ZeroDivisionError):
        failing.take(1, wait=True)
    failing.close()


def test_a_closed_feed_takes_no_more_items() -> None:
    taken = []

    def items() -> Iterator[int]:
        for item in range(1000):
            taken.append(item)
            yield item

    feed = ThreadedFeed(items(), lambda item: item, workers=2, ahead=4)
    assert feed.take(2, wait=True) == [0, 1]
    feed.close()
    count = len(taken)
    assert count < 20
    time.sleep(0.05)
    assert len(taken) == count
    assert feed.take(1, wait=True) == []
