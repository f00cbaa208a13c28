"""Batches for one process of a run, in the run's order, prepared in advance by worker processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import torch
from torch.utils.data import DataLoader

from trainer.data.batches import Batch, Collate
from trainer.data.catalog import TrainingSource
from trainer.data.order import Ref, SampleOrder
from trainer.data.samples import Encoding, Samples, TrainingSample
from trainer.model.configuration import image_tokens
from trainer.model.conversation import ChatTurn, encode
from trainer.model.loss import IGNORE
from trainer.settings import DataSettings

T = TypeVar("T")
B = TypeVar("B")


@dataclass(frozen=True, slots=True)
class ProcessShare:
    """This process's part of every global batch: the `rank`-th of `world` equal runs of samples,
    in passes of `micro_batch`; with `by_step`, all samples of a step in one list."""

    rank: int
    world: int
    batch_size: int
    micro_batch: int
    by_step: bool = False

    @property
    def passes(self) -> int:
        """Micro-batches of one step on this process."""
        return self.batch_size // self.world // self.micro_batch

    def micro_batches(self, batch: list[Ref]) -> Iterator[list[Ref]]:
        """This process's samples of a global batch, in its order.

        The batch is divided along its row groups, so that a process reads few of them.
        """
        size = self.batch_size // self.world
        start = self.rank * size
        if self.world > 1:
            batch = sorted(batch, key=_place)
        mine = sorted(batch[start : start + size], key=lambda ref: ref.n)
        at_once = size if self.by_step else self.micro_batch
        for i in range(0, size, at_once):
            yield mine[i : i + at_once]


def _place(ref: Ref) -> tuple[str, str, int, int]:
    """Sorts samples by row group."""
    return ref.configuration, str(ref.group.file), ref.group.index, ref.n


def plan(order: SampleOrder, share: ProcessShare, steps: int) -> Iterator[list[Ref]]:
    """The micro-batches of the next `steps` steps of `order`, or all samples of each step."""
    for _ in range(steps):
        yield from share.micro_batches(order.take(share.batch_size))


def held_out(
    catalog: Sequence[TrainingSource], samples: int, micro: int, rank: int, world: int
) -> Iterator[tuple[str, list[Ref]]]:
    """This process's micro-batches of about `samples` held-out rows, each with the name of its
    configuration.

    The rows are the same at every call, an equal number from each configuration. A micro-batch
    holds rows of one configuration, so that pictures can be exchanged within it. Every process
    has the same number of micro-batches; a configuration with fewer rows than processes is left
    out.
    """
    for configuration in catalog:
        rows = min(configuration.rows, max(1, samples // len(catalog)))
        size = min(micro, rows // world)
        steps = rows // (size * world) if size else 0
        order = SampleOrder([configuration], {}, 0, 0)
        for refs in plan(
            order, ProcessShare(rank, world, max(1, size * world), max(1, size)), steps
        ):
            yield configuration.name, refs


def open_loader(
    samples: Any,
    lists: Iterator[list[T]],
    collate: Callable[[Any], B],
    workers: int,
    prefetch: int = 2,
    pin: bool = False,
) -> Iterator[B]:
    """Batches in the order of `lists`, whatever the number of workers.

    Args:
        samples: A mapping from the entries of `lists` to what `collate` takes.
        lists: The entries of one batch after the other.
        collate: Makes a batch of a list of samples.
        workers: Processes that prepare batches; 0 prepares them in this process.
        prefetch: Batches that each worker prepares in advance.
        pin: Whether to copy batches to pinned memory, for GPUs.
    """
    options: dict[str, Any] = {"prefetch_factor": prefetch} if workers else {}
    loader: DataLoader[B] = DataLoader(
        samples,
        batch_sampler=_BatchSampler(lists),
        collate_fn=collate,
        num_workers=workers,
        pin_memory=pin,
        worker_init_fn=_limit_threads,
        **options,
    )
    return iter(loader)


def open_held_out(
    catalog: Sequence[TrainingSource],
    encoding: Encoding,
    data: DataSettings,
    sequences: str,
    samples: int,
    share: ProcessShare,
) -> Iterator[tuple[str, Batch]]:
    """The batches of `held_out`, without augmentation, each with its configuration's name."""
    lists = list(held_out(catalog, samples, share.micro_batch, share.rank, share.world))
    loader = open_loader(
        Samples(encoding.held_out(), data.cache_mb * 2**20),
        (refs for _, refs in lists),
        sample_collate(encoding, data, sequences),
        min(data.workers, len(lists)),
    )
    return zip((name for name, _ in lists), loader, strict=True)


def sample_collate(encoding: Encoding, data: DataSettings, sequences: str) -> Collate:
    """Batches of samples as the settings ask for; `sequences` is `padded` or `packed`."""
    return Collate(
        blank_sample(encoding),
        sequences,
        pad_id(encoding.tokenizer),
        data.pad_to_multiple,
        longest=encoding.max_length,
    )


def pad_id(tokenizer: Any) -> int:
    """The tokenizer's padding token, or 0 if it has none: padding has no labels."""
    return tokenizer.pad_token_id if tokenizer.pad_token_id is not None else 0


def blank_sample(encoding: Encoding) -> TrainingSample:
    """A white picture with an empty answer and no targets."""
    turns = [ChatTurn("user", "", images=1)]
    tokens = image_tokens(encoding.image_size)
    ids = encode(encoding.tokenizer, encoding.conversation, turns, tokens).ids
    white = torch.full((64, 64, 3), 255, dtype=torch.uint8)
    return TrainingSample(-1, "blank", "blank", ids, [IGNORE] * len(ids), white)


class _BatchSampler(Generic[T]):
    """DataLoader requires a batch sampler that it can iterate; an iterator of lists is enough."""

    def __init__(self, lists: Iterator[list[T]]) -> None:
        self._lists = lists

    def __iter__(self) -> Iterator[list[T]]:
        return self._lists


def _limit_threads(_: int) -> None:
    """Workers are processes already: more threads would compete for the same cores."""
    torch.set_num_threads(1)
