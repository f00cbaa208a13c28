"""Loss, vision gain and dense accuracy on samples that are not trained on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from trainer.data.batches import PADDED, Batch, Collate
from trainer.data.catalog import Configuration
from trainer.data.loader import Share, blank_sample, open_loader, plan
from trainer.data.order import Ref, SampleOrder
from trainer.train.evaluate import inference
from trainer.train.world import World
from trainer.warmup.characters import SCRIPTS
from trainer.warmup.samples import CollateGrounded, CropRef, Crops
from trainer.warmup.schedule import Phase

if TYPE_CHECKING:
    from trainer.warmup.loop import WarmUp

HELD_OUT = 2**31
"""A step that no warm-up reaches: held-out crops are the same every time."""


@dataclass(frozen=True, slots=True)
class Measure:
    """`gain` is None where no batch held two pictures; `right` and `seen` count cells by script,
    `characters` how many different ones were there."""

    loss: float
    gain: float | None
    right: Tensor
    seen: Tensor
    characters: int


def measure(parallel: nn.Module, batches: Iterable[Batch], world: World) -> Measure:
    """As `trainer.train.evaluate.evaluate`, with the dense accuracy where cells are known."""
    sums = torch.zeros(5, dtype=torch.float64, device=world.device)
    cells = torch.zeros(2, len(SCRIPTS), dtype=torch.float64, device=world.device)
    different: set[int] = set()
    # what is measured now and then is not worth a compilation of its own
    with inference(parallel), torch.compiler.set_stance("force_eager"):
        for batch in batches:
            batch = batch.to(world.device)
            true = parallel(batch)
            sums[:2] += torch.stack([true.by_sample.sum(), true.targets.sum()])
            if true.dense is not None:
                cells += torch.stack([true.dense.right, true.dense.seen])
                assert batch.characters is not None
                different |= set(batch.characters.flatten().tolist())
            if len(batch.images) > 1:
                blind = parallel(batch, shuffled=True)
                sums[2] += blind.by_sample.sum()
                sums[3:] += torch.stack([true.by_sample.sum(), true.targets.sum()])
    sums, cells = world.sum(sums).cpu(), world.sum(cells).cpu()
    for other in world.gather(different):
        different |= other
    gain = float((sums[2] - sums[3]) / sums[4]) if sums[4] else None
    return Measure(
        float(sums[0] / sums[1].clamp(min=1)),
        gain,
        cells[0],
        cells[1],
        sum(code > 0 for code in different),
    )


def held_out_crops(
    state: WarmUp,
    catalog: Sequence[Configuration],
    phase: Phase,
    count: int,
    micro: int,
    collate: CollateGrounded,
) -> Iterator[Batch]:
    """Crops of the held-out rows as this phase shows them, one of each row."""
    settings = state.settings
    crops = Crops(state.encoding, settings.warm_up, settings.train.seed)
    for i, refs in enumerate(_refs(catalog, state.world, count, micro)):
        items = [crops[CropRef(HELD_OUT + i, j, ref, phase)] for j, ref in enumerate(refs)]
        batch, pixels = collate(items)
        yield replace(batch, images=list(pixels.unbind(0)))


def held_out_samples(
    state: WarmUp, catalog: Sequence[Configuration], count: int, micro: int
) -> Iterator[Batch]:
    """Whole held-out samples, as the paper's training sees them."""
    data, tokenizer = state.settings.data, state.processor.tokenizer
    pad = tokenizer.pad_token_id if tokenizer.pad_token_id is not None else 0
    encoding = replace(state.encoding, augment_seed=None)
    collate = Collate(blank_sample(encoding), PADDED, pad, data.pad_to_multiple)
    refs = list(_refs(catalog, state.world, count, micro))
    workers = min(data.workers, len(refs))
    return open_loader(iter(refs), encoding, collate, workers, data.cache_mb)


def _refs(
    catalog: Sequence[Configuration], world: World, count: int, micro: int
) -> Iterator[list[Ref]]:
    """This process's rows, in micro-batches; every process has the same number of them."""
    rows = min(count, sum(configuration.rows for configuration in catalog))
    micro = min(micro, rows // world.size)
    steps = rows // (micro * world.size) if micro else 0
    share = Share(world.rank, world.size, micro * world.size, max(1, micro))
    yield from plan(SampleOrder(catalog, {}, 0, 0), share, steps)
