"""Rewards for reinforcement learning, with the signature of TRL's `GRPOTrainer`.

    from trl import GRPOTrainer
    from trainer.rewards import edit_reward, unit_test_reward

    GRPOTrainer(..., reward_funcs=[unit_test_reward("unit-tests"), edit_reward])

A reward gets the completions of a batch and the columns of its rows as lists, and returns a number
from 0 to 1 for each. A completion is a string, or a list of messages of which the last counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from trainer.evaluation.metrics.edits import ned
from trainer.evaluation.unit_tests import open_unit_tests
from vary_data.unit_tests.run import score

Completion = str | Sequence[Mapping[str, Any]]
Reward = Callable[..., list[float]]


def unit_test_reward(folder: str | Path) -> Reward:
    """The reward of a folder that `vary-data unit-tests` wrote: the mean over types of the share of
    a row's tests that the completion passes.

    A completion that fails the type `baseline` (empty, or a loop) gets 0, although what must be
    absent is absent from it.

    The rows need the column `id`, as exports in TRL's format have it.

    Raises:
        DataError: the folder has no unit tests.
    """
    tests = open_unit_tests(Path(folder))

    def reward(completions: Sequence[Completion], *, id: Sequence[str], **_: Any) -> list[float]:
        """Raises KeyError for a row without tests."""
        found = []
        for row, completion in zip(id, completions, strict=True):
            counts = score(tests[row], text_of(completion))
            shares = [passed / of for passed, of in counts.values()]
            fails = counts.get("baseline", (1, 1))[0] == 0
            found.append(0.0 if fails else sum(shares) / len(shares))
        return found

    reward.__name__ = "unit_tests"  # under which TRL logs it
    return reward


def edit_reward(completions: Sequence[Completion], *, text: Sequence[str], **_: Any) -> list[float]:
    """1 minus the normalized edit distance to the column `text`, the truth."""
    return [
        1.0 - ned(truth, text_of(completion))
        for truth, completion in zip(text, completions, strict=True)
    ]


def text_of(completion: Completion) -> str:
    """The text of a completion; of messages, that of the last one."""
    if isinstance(completion, str):
        return completion
    content = completion[-1]["content"]
    if isinstance(content, str):
        return content
    return "".join(part.get("text") or "" for part in content)
