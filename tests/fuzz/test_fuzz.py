"""Fuzzing of the project's own parsers.

    make test ARGS="-m fuzz"                                   # 20 seconds for each parser
    VARY_FUZZ_SECONDS=70 make test ARGS="-m fuzz"              # more than 30 minutes for all

An input that breaks a parser is written to `tests/fuzz/corpus/<parser>/`; the fast test runs every
file there, so that it stays fixed.
"""

from __future__ import annotations

import hashlib
import math
import os
import random
import signal
import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.fuzz.mutate import mutated, quarter_of, repeated
from tests.fuzz.targets import TARGETS, Target

CORPUS = Path(__file__).parent / "corpus"
HANG_SECONDS = 10.0
"""Processor time that no input may take."""
REPETITIONS = 4000
"""Of a piece, to measure growth."""
MAX_RATIO = 11.0
"""Of the times of an input and its quarter: about 4 for linear growth, 16 for quadratic. With a
half, 2 and 4, a pause of the garbage collector looked like growth."""
NOTICEABLE_SECONDS = 0.5
"""Shorter times are noise."""


class Hang(BaseException):
    """Not an `Exception`, so that no parser catches it."""


@contextmanager
def limited() -> Iterator[None]:
    def ring(*_: object) -> None:
        raise Hang(f"more than {HANG_SECONDS:g} s")

    before = signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, HANG_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def corpus(name: str) -> list[bytes]:
    return [path.read_bytes() for path in sorted((CORPUS / name).iterdir())]


def run(target: Target, data: bytes) -> float:
    """Seconds of processor time."""
    started = time.process_time()
    with limited(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of odd escape sequences in a dict
        target(data)
    return time.process_time() - started


@pytest.mark.parametrize("name", TARGETS)
def test_the_corpus(name: str) -> None:
    assert len(corpus(name)) >= 2
    for data in corpus(name):
        assert not growth(TARGETS[name], data, quarter_of(data))


@pytest.mark.fuzz
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("name", TARGETS)
def test_mutations(name: str) -> None:
    """No crash, no hang, and no growth of time that is faster than that of the input."""
    seconds = float(os.environ.get("VARY_FUZZ_SECONDS", "20"))
    seed = os.environ.get("VARY_FUZZ_SEED", "1")
    target, entries = TARGETS[name], corpus(name)
    end = time.process_time() + seconds
    number = 0
    while time.process_time() < end:
        number += 1
        rng = random.Random(f"{seed}-{name}-{number}")
        data = mutated(rng, entries)
        try:
            run(target, data)
            if number % 20 == 0:
                form = repeated(rng, entries)
                data = form(REPETITIONS)
                if growth(target, data, form(REPETITIONS // 4)):  # once, memory and caches do that
                    assert not growth(target, form(REPETITIONS * 4), data)
        except (Exception, Hang) as error:
            path = CORPUS / name / f"found-{hashlib.sha256(data).hexdigest()[:12]}"
            path.write_bytes(data)
            raise AssertionError(f"{path} breaks the parser: {error!r}") from error
    print(f"{name}: {number:,} inputs", file=sys.stderr)


def growth(target: Target, data: bytes, quarter: bytes) -> str:
    """What is wrong with the time of an input against that of one a quarter as long, or nothing."""
    seconds, shorter = run(target, data), math.inf
    for _ in range(3):  # the least of some times: the first has imports, a busy machine doubles it
        if seconds < NOTICEABLE_SECONDS:
            return ""
        shorter = min(shorter, run(target, quarter))
        if seconds < shorter * MAX_RATIO:
            return ""
        seconds = min(seconds, run(target, data))
    if seconds < NOTICEABLE_SECONDS:
        return ""
    return f"{len(data)} bytes take {seconds:.2f} s, {len(quarter)} take {shorter:.2f} s"
