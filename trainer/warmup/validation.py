"""Loss, vision gain and dense accuracy on samples that are not trained on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from trainer.data.batches import PADDED, Batch
from trainer.data.catalog import TrainingSource
from trainer.data.loader import held_out, open_held_out
from trainer.model.vision import Offset
from trainer.training.evaluate import inference
from trainer.training.prepare import Setup, share_of
from trainer.training.world import World
from trainer.warmup.characters import SCRIPTS
from trainer.warmup.order import CropRef
from trainer.warmup.samples import Crops, crop_collate
from trainer.warmup.schedule import Level

HELD_OUT_STEP = 2**31
"""A step that no warm-up reaches: held-out crops are drawn as of this step, the same every time."""

NamedBatch = tuple[str, Batch]
"""The name of a configuration, and a batch of its rows."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """What was measured on held-out data.

    `loss` is None if there were no target tokens. `gain` is the vision gain per target token, None
    if no batch had two pictures; `gains` is the same by configuration. `right`, `token_right` and
    `seen` [scripts] count places named right from the map and from the tokens, and places with
    text; `characters` is the number of different characters.
    """

    loss: float | None
    gain: float | None
    gains: dict[str, float]
    right: Tensor
    token_right: Tensor
    seen: Tensor
    characters: int

    def log_values(self) -> dict[str, Any]:
        """What is logged of it."""
        values: dict[str, Any] = {"loss": self.loss, "gain": self.gain, "gains": self.gains}
        if self.seen.sum():
            values["dense_accuracy"] = by_script(self.right, self.seen)
            values["token_accuracy"] = by_script(self.token_right, self.seen)
            values["characters_seen"] = self.characters
        return values


def measure(
    parallel: nn.Module,
    batches: Iterable[NamedBatch],
    names: Sequence[str],
    world: World,
    position_offset: Offset | None = None,
) -> Measurement:
    """Loss and vision gain as in `trainer.training.evaluate`, the gain also for each of the
    configurations `names`, and the dense accuracy where characters are known."""
    device = world.device
    losses = torch.zeros(2, dtype=torch.float64, device=device)
    pairs = torch.zeros(len(names), 2, dtype=torch.float64, device=device)  # gain, targets
    cells = torch.zeros(3, len(SCRIPTS), dtype=torch.float64, device=device)
    codes: set[int] = set()
    # measured too rarely to be worth a separate compilation
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
                codes |= set(torch.unique(batch.characters).tolist())
            if min(len(batch.images), len(batch.kinds)) > 1:
                blind = parallel(batch, position_offset=position_offset, shuffled=True)
                gain = blind.by_sample.sum() - true.by_sample.sum()
                pairs[names.index(name)] += torch.stack([gain, targets])
    losses, pairs, cells = (world.sum(x).cpu() for x in (losses, pairs, cells))
    for gathered in world.gather(codes):
        codes |= gathered
    gain, targets = pairs.sum(0).tolist()
    return Measurement(
        loss=float(losses[0] / losses[1]) if losses[1] else None,
        gain=gain / targets if targets else None,
        gains={n: float(g / t) for n, (g, t) in zip(names, pairs, strict=True) if t},
        right=cells[0],
        token_right=cells[1],
        seen=cells[2],
        characters=sum(code > 0 for code in codes),
    )


def text_accuracy(right: Tensor, seen: Tensor) -> float | None:
    """The share of places with text that were named right, of counts [scripts]."""
    text = float(seen.sum())
    return float(right.sum()) / text if text else None


def by_script(right: Tensor, seen: Tensor) -> dict[str, float]:
    """The same in all and by script."""
    text = text_accuracy(right, seen)
    values = {} if text is None else {"all": text}
    for name, good, count in zip(SCRIPTS, right.tolist(), seen.tolist(), strict=True):
        if count:
            values[name] = good / count
    return values


def held_out_crops(
    setup: Setup, catalog: Sequence[TrainingSource], level: Level
) -> Iterator[NamedBatch]:
    """A crop of each held-out row, as the warm-up shows them at a level."""
    settings, world = setup.settings, setup.world
    crops = Crops(setup.encoding.held_out(), settings.warm_up, settings.train.seed)
    collate = crop_collate(setup.encoding, settings)
    count, micro = settings.evaluation.samples, settings.train.micro_batch
    for i, (name, refs) in enumerate(held_out(catalog, count, micro, world.rank, world.size)):
        crop_refs = [CropRef(HELD_OUT_STEP + i, j, ref, level) for j, ref in enumerate(refs)]
        yield name, collate([crops[crop_ref] for crop_ref in crop_refs])


def held_out_samples(setup: Setup, catalog: Sequence[TrainingSource]) -> Iterator[NamedBatch]:
    """Whole held-out samples, as the paper's training has them."""
    settings = setup.settings
    share, samples = share_of(settings, setup.world), settings.evaluation.samples
    return open_held_out(catalog, setup.encoding, settings.data, PADDED, samples, share)
