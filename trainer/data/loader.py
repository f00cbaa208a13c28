"""Batches for one process of a run, in the run's order, made ahead by worker processes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch.utils.data import DataLoader

from trainer.data.batches import Batch, Collate
from trainer.data.catalog import TrainingSource
from trainer.data.order import Ref, SampleOrder
from trainer.data.samples import Encoding, Sample, Samples
from trainer.model.configuration import image_tokens
from trainer.model.conversation import Turn, encode
from trainer.model.loss import IGNORE


@dataclass(frozen=True, slots=True)
class Share:
    """This process's part of every global batch: the `rank`-th of `world` equal runs of samples,
    in passes of `micro_batch`."""

    rank: int
    world: int
    batch_size: int
    micro_batch: int

    @property
    def passes(self) -> int:
        """Micro-batches of one step on this process."""
        return self.batch_size // self.world // self.micro_batch

    def micro_batches(self, batch: list[Ref]) -> Iterator[list[Ref]]:
        own = self.batch_size // self.world
        start = self.rank * own
        for i in range(start, start + own, self.micro_batch):
            yield batch[i : min(i + self.micro_batch, start + own)]


def plan(order: SampleOrder, share: Share, steps: int) -> Iterator[list[Ref]]:
    """The micro-batches of `steps` steps from where `order` stands."""
    for _ in range(steps):
        yield from share.micro_batches(order.take(share.batch_size))


def held_out(
    catalog: Sequence[TrainingSource], samples: int, micro: int, rank: int, world: int
) -> Iterator[tuple[str, list[Ref]]]:
    """This process's micro-batches of some `samples` rows, the same every time and as many of each
    configuration, with the configuration's name. A micro-batch holds rows of one configuration, so
    that pictures can be exchanged within it; every process has the same number of them, and a
    configuration with fewer rows than processes is left out."""
    for configuration in catalog:
        rows = min(configuration.rows, max(1, samples // len(catalog)))
        size = min(micro, rows // world)
        steps = rows // (size * world) if size else 0
        order = SampleOrder([configuration], {}, 0, 0)
        for refs in plan(order, Share(rank, world, max(1, size * world), max(1, size)), steps):
            yield configuration.name, refs


def open_loader(
    micro_batches: Iterator[list[Ref]],
    encoding: Encoding,
    collate: Collate,
    workers: int,
    cache_mb: int,
    prefetch: int = 2,
    pin: bool = False,
) -> Iterator[Batch]:
    """Batches in the order of `micro_batches`, whatever the number of workers."""
    options: dict[str, Any] = {"prefetch_factor": prefetch} if workers else {}
    samples: Any = Samples(encoding, cache_mb * 2**20)
    loader: DataLoader[Batch] = DataLoader(
        samples,
        batch_sampler=_Lists(micro_batches),
        collate_fn=collate,
        num_workers=workers,
        pin_memory=pin,
        worker_init_fn=_one_thread,
        **options,
    )
    return iter(loader)


def blank_sample(encoding: Encoding) -> Sample:
    """A white picture with an empty answer and no targets."""
    turns = [Turn("user", "", images=1)]
    tokens = image_tokens(encoding.image_size)
    ids = encode(encoding.tokenizer, encoding.conversation, turns, tokens).ids
    white = torch.full((64, 64, 3), 255, dtype=torch.uint8)
    return Sample(-1, "blank", "blank", ids, [IGNORE] * len(ids), white)


class _Lists:
    """DataLoader wants a batch sampler that it can iterate."""

    def __init__(self, lists: Iterator[list[Ref]]) -> None:
        self._lists = lists

    def __iter__(self) -> Iterator[list[Ref]]:
        return self._lists


def _one_thread(_: int) -> None:
    torch.set_num_threads(1)
