"""Divides the samples of a step into forward passes by their tokens.

A fixed number of samples in a pass has as many tokens as chance gives it: short passes leave the
device idle, and long ones decide how much memory is needed. Here the samples of a step are read
first, and put together by length: padded, samples of like lengths, so that little is padded;
packed, so that all passes have about as many tokens.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from trainer.data.batches import PACKED, Batch, Collate
from trainer.data.samples import RejectedRow, TrainingSample

PASS_COST = 1 / 16
"""What a pass costs beside its tokens, as a share of a full one: a few samples that are much
shorter than others are padded rather than given a pass."""


@dataclass(frozen=True, slots=True)
class StepBatches:
    """The micro-batches of one step on one process, that with the most samples last."""

    batches: list[Batch]

    def pin_memory(self) -> StepBatches:
        """A copy in page-locked memory; data loaders call it by this name."""
        return StepBatches([batch.pin_memory() for batch in self.batches])


@dataclass(frozen=True, slots=True)
class StepCollate:
    """Makes the micro-batches of a step: as `collate` does, with up to `tokens` tokens (padding
    included) and `samples` samples each. A sample with more tokens is alone."""

    collate: Collate
    tokens: int
    samples: int

    def __call__(self, items: Sequence[TrainingSample | RejectedRow]) -> StepBatches:
        samples = [item for item in items if isinstance(item, TrainingSample)]
        rejected = [item for item in items if isinstance(item, RejectedRow)]
        lengths = [len(sample.ids) for sample in samples]
        if self.collate.sequences == PACKED:
            parts = balanced(lengths, self.tokens, self.samples)
        else:
            multiple = self.collate.pad_to_multiple
            parts = alike(lengths, self.tokens, self.samples, multiple)
        parts.sort(key=len)  # the vision gain is measured on the last one
        lists: list[list[TrainingSample | RejectedRow]] = [
            [samples[i] for i in sorted(part)] for part in parts
        ] or [[]]
        lists[0] += rejected
        return StepBatches([self.collate(part) for part in lists])


def filled(step: StepBatches, passes: int, collate: Collate) -> Iterator[Batch]:
    """The batches of a step, after empty ones where other processes have more."""
    for _ in range(passes - len(step.batches)):
        yield collate([])
    yield from step.batches


def alike(lengths: Sequence[int], tokens: int, samples: int, multiple: int = 1) -> list[list[int]]:
    """Groups of samples of like lengths, whose padded rows have up to `tokens` tokens together:
    those with the least padding, where each group counts as `PASS_COST` of a full one.

    Args:
        lengths: Of the samples.
        tokens: The most tokens of a group; a longer sample is alone.
        samples: The most samples of a group.
        multiple: Rows are padded to a multiple of it.

    Returns:
        The indices of the samples of each group.
    """
    order = _longest_first(lengths)
    widths = [lengths[i] + -lengths[i] % multiple for i in order]
    best, first = (
        [0.0],
        [0],
    )  # of the longest samples: the least cost, and where the last group starts
    for end in range(1, len(order) + 1):
        costs = {}
        for start in range(end - 1, max(-1, end - 1 - samples), -1):
            size = widths[start] * (end - start)
            if size > tokens and end - start > 1:
                break
            costs[start] = best[start] + size + tokens * PASS_COST
        chosen = min(costs, key=lambda start: (costs[start], start))
        best.append(costs[chosen])
        first.append(chosen)
    groups, end = [], len(order)
    while end:
        groups.append(order[first[end] : end])
        end = first[end]
    return groups[::-1]


def balanced(lengths: Sequence[int], tokens: int, samples: int) -> list[list[int]]:
    """As few groups as first-fit decreasing finds, with about as many tokens each.

    The arguments and the result are those of `alike`, without padding.
    """
    groups = _first_fit(lengths, tokens, samples)
    even: list[list[int]] = [[] for _ in groups]
    sums = [0] * len(even)
    for index in _longest_first(lengths):
        open_groups = [g for g in range(len(even)) if len(even[g]) < samples]
        chosen = min(open_groups, key=lambda g: (sums[g], g))
        if even[chosen] and sums[chosen] + lengths[index] > tokens:
            return groups
        even[chosen].append(index)
        sums[chosen] += lengths[index]
    return even


def _first_fit(lengths: Sequence[int], tokens: int, samples: int) -> list[list[int]]:
    groups: list[list[int]] = []
    sums: list[int] = []
    for index in _longest_first(lengths):
        for number, group in enumerate(groups):
            if len(group) < samples and sums[number] + lengths[index] <= tokens:
                group.append(index)
                sums[number] += lengths[index]
                break
        else:
            groups.append([index])
            sums.append(lengths[index])
    return groups


def _longest_first(lengths: Sequence[int]) -> list[int]:
    return sorted(range(len(lengths)), key=lambda i: (-lengths[i], i))
