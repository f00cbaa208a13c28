"""The number of threads is the fastest one, tried again from time to time."""

from __future__ import annotations

import pytest
import torch

from trainer.generation.threads import KEPT, TRIED, Threads


def test_the_fastest_number_is_used() -> None:
    threads = Threads(6)
    tried = []
    for step in range(4 * TRIED):
        number = threads.next()
        tried.append(number)
        slow = step % TRIED == 0  # the first step with a number is always slow
        threads.took(number, 9.0 if slow else {1: 3.0, 2: 1.0, 4: 2.0, 6: 4.0}[number])
    assert tried == sorted([1, 2, 4, 6] * TRIED)
    for _ in range(KEPT - 4 * TRIED):
        assert threads.next() == 2
        threads.took(2, 100.0)
    assert threads.next() == 1  # all are tried again


def test_one_thread_has_no_choice() -> None:
    threads = Threads(1)
    for _ in range(2 * KEPT):
        assert threads.next() == 1
        threads.took(1, 1.0)


def test_the_number_holds_for_a_step_only() -> None:
    before = torch.get_num_threads()
    threads = Threads(before + 1)
    for _ in range(TRIED):
        with threads.step():
            assert torch.get_num_threads() == 1
    with pytest.raises(ValueError, match="inside"), threads.step():
        raise ValueError("inside")
    assert torch.get_num_threads() == before
