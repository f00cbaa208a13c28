"""Loss, vision gain and dense accuracy on samples that are not trained on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from trainer.data.batches import PADDED, Batch, Collate
from trainer.data.catalog import TrainingSource
from trainer.data.loader import blank_sample, held_out, open_loader
from trainer.model.vision import Offset
from trainer.training.evaluate import inference
from trainer.training.world import World
from trainer.warmup.characters import SCRIPTS
from trainer.warmup.order import CropRef
from trainer.warmup.samples import CollateGrounded, Crops
from trainer.warmup.schedule import Phase

if TYPE_CHECKING:
    from trainer.warmup.state import WarmUp

HELD_OUT = 2**31
"""A step that no warm-up reaches: held-out crops are the same every time."""

Named = tuple[str, Batch]
"""A batch and the name of the configuration that all of it is from."""


@dataclass(frozen=True, slots=True)
class Measure:
    """`loss` is None where nothing was measured. `gain` is the vision gain per target token, None
    where no batch held two pictures; `gains` is the same by configuration. `right`, `token_right`
    and `seen` count places by script, `characters` how many different ones were there."""

    loss: float | None
    gain: float | None
    gains: dict[str, float]
    right: Tensor
    token_right: Tensor
    seen: Tensor
    characters: int


def measure(
    parallel: nn.Module,
    batches: Iterable[Named],
    names: Sequence[str],
    world: World,
    position_offset: Offset | None = None,
) -> Measure:
    """As `trainer.training.evaluate.evaluate`, by configuration (`names` has all of them), and with
    the dense accuracy where characters are known."""
    device = world.device
    losses = torch.zeros(2, dtype=torch.float64, device=device)
    pairs = torch.zeros(len(names), 2, dtype=torch.float64, device=device)  # gain, targets
    cells = torch.zeros(3, len(SCRIPTS), dtype=torch.float64, device=device)
    different: set[int] = set()
    # what is measured now and then is not worth a compilation of its own
    with inference(parallel), torch.compiler.set_stance("force_eager"):
        for name, batch in batches:
            batch = batch.to(device)
            true = parallel(batch, position_offset=position_offset)
            targets = true.targets.sum()
            losses += torch.stack([true.by_sample.sum(), targets])
            if true.dense is not None:
                dense = true.dense
                cells += torch.stack([dense.right, dense.token_right, dense.seen])
                assert batch.characters is not None
                different |= set(torch.unique(batch.characters).tolist())
            if min(len(batch.images), len(batch.kinds)) > 1:
                blind = parallel(batch, position_offset=position_offset, shuffled=True)
                gain = blind.by_sample.sum() - true.by_sample.sum()
                pairs[names.index(name)] += torch.stack([gain, targets])
    losses, pairs, cells = (world.sum(x).cpu() for x in (losses, pairs, cells))
    for other in world.gather(different):
        different |= other
    gain, targets = pairs.sum(0).tolist()
    return Measure(
        loss=float(losses[0] / losses[1]) if losses[1] else None,
        gain=gain / targets if targets else None,
        gains={n: float(g / t) for n, (g, t) in zip(names, pairs, strict=True) if t},
        right=cells[0],
        token_right=cells[1],
        seen=cells[2],
        characters=sum(code > 0 for code in different),
    )


def held_out_crops(
    state: WarmUp,
    catalog: Sequence[TrainingSource],
    phase: Phase,
    count: int,
    micro: int,
    collate: CollateGrounded,
) -> Iterator[Named]:
    """Crops of the held-out rows as this phase shows them, one of each row."""
    settings, world = state.settings, state.world
    crops = Crops(state.encoding, settings.warm_up, settings.train.seed)
    batches = held_out(catalog, count, micro, world.rank, world.size)
    for i, (name, refs) in enumerate(batches):
        yield name, collate([crops[CropRef(HELD_OUT + i, j, r, phase)] for j, r in enumerate(refs)])


def held_out_samples(
    state: WarmUp, catalog: Sequence[TrainingSource], count: int, micro: int
) -> Iterator[Named]:
    """Whole held-out samples, as the paper's training sees them."""
    data, tokenizer, world = state.settings.data, state.processor.tokenizer, state.world
    pad = tokenizer.pad_token_id if tokenizer.pad_token_id is not None else 0
    encoding = replace(state.encoding, augment_seed=None)
    collate = Collate(blank_sample(encoding), PADDED, pad, data.pad_to_multiple)
    batches = list(held_out(catalog, count, micro, world.rank, world.size))
    refs, workers = (refs for _, refs in batches), min(data.workers, len(batches))
    loader = open_loader(refs, encoding, collate, workers, data.cache_mb)
    return zip((name for name, _ in batches), loader, strict=True)
