"""What is generated from next: prepared on demand, or by threads beside the GPU's work."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from threading import Thread
from typing import Generic, Protocol, TypeVar

import torch

WORKERS = 4
"""Threads that resize pictures and put them on a GPU."""
AHEAD = 32
"""Pictures that they prepare in advance."""

S = TypeVar("S")
T = TypeVar("T")


class Feed(Protocol[T]):
    """Prepared items, in order."""

    def take(self, count: int, wait: bool) -> list[T]:
        """Up to `count` items; fewer if there are no more, or if they are not ready and `wait` is
        false."""
        ...

    def close(self) -> None:
        """Prepare nothing more."""
        ...


def open_feed(items: Iterable[S], prepare: Callable[[S], T], device: torch.device) -> Feed[T]:
    """A feed of items that are prepared for a device; for a GPU, by threads."""
    if device.type != "cuda":
        return DirectFeed(items, prepare)
    stream = torch.cuda.Stream(device)  # type: ignore[no-untyped-call]

    def prepare_beside(item: S) -> T:
        with torch.cuda.stream(stream):
            prepared = prepare(item)
            stream.synchronize()
        return prepared

    return ThreadedFeed(items, prepare_beside, WORKERS, AHEAD)


class DirectFeed(Generic[S, T]):
    """Prepares items when they are taken."""

    def __init__(self, items: Iterable[S], prepare: Callable[[S], T]) -> None:
        self._items: Iterator[T] = map(prepare, items)

    def take(self, count: int, wait: bool) -> list[T]:
        """Prepares up to `count` items now, whatever `wait` is."""
        return list(islice(self._items, count))

    def close(self) -> None:
        self._items = iter(())


class ThreadedFeed(Generic[S, T]):
    """One thread goes through the items, `workers` prepare them, at most `ahead` in advance."""

    def __init__(
        self, items: Iterable[S], prepare: Callable[[S], T], workers: int, ahead: int
    ) -> None:
        self._ended = self._closed = False
        self._prepared: queue.Queue[Future[T] | None] = queue.Queue(ahead)
        self._next: Future[T] | None = None
        self._pool = ThreadPoolExecutor(workers)
        self._thread = Thread(target=self._pull, args=(items, prepare), daemon=True)
        self._thread.start()

    def take(self, count: int, wait: bool) -> list[T]:
        taken: list[T] = []
        while len(taken) < count and not self._ended:
            try:
                future = self._next or self._prepared.get(block=wait)
            except queue.Empty:
                break
            if future is None:
                self._ended = True
            elif wait or future.done():
                self._next = None
                taken.append(future.result())
            else:
                self._next = future
                break
        return taken

    def close(self) -> None:
        """Waits until the threads have ended; items that are prepared are lost."""
        self._ended = self._closed = True
        while self._thread.is_alive():
            try:
                self._prepared.get(timeout=0.05)
            except queue.Empty:
                continue
        self._pool.shutdown(cancel_futures=True)

    def _pull(self, items: Iterable[S], prepare: Callable[[S], T]) -> None:
        try:
            for item in items:
                if self._closed:
                    return
                self._prepared.put(self._pool.submit(prepare, item))
        except BaseException as error:  # raised where the item would have been taken
            failed: Future[T] = Future()
            failed.set_exception(error)
            self._prepared.put(failed)
        self._prepared.put(None)
