"""Loss and vision gain on held-out samples."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from trainer.data.batches import Batch
from trainer.training.objective import Losses
from trainer.training.world import World

Pending = tuple[list[str], Tensor, Tensor]


@dataclass
class Tally:
    """Sums of losses and target tokens, in total and by kind of row.

    Added losses stay on the device until they are read, so that adding waits for nothing.
    """

    loss: float = 0.0
    targets: float = 0.0
    by_kind: dict[str, list[float]] = field(default_factory=dict)
    pending: list[Pending] = field(default_factory=list)

    def add(self, batch: Batch, losses: Losses) -> None:
        """Add the losses of a batch, without waiting for the device."""
        self.pending.append((batch.kinds, losses.by_sample, losses.targets))

    def settled(self) -> Tally:
        """This tally, with the pending losses counted."""
        for kinds, by_sample, targets in self.pending:
            for kind, loss, count in zip(kinds, by_sample.tolist(), targets.tolist(), strict=True):
                self.loss += loss
                self.targets += count
                entry = self.by_kind.setdefault(kind, [0.0, 0.0, 0])
                entry[0] += loss
                entry[1] += count
                entry[2] += 1
        self.pending = []
        return self

    def merged(self, world: World) -> Tally:
        """The tally of all processes together."""
        total = Tally()
        for tally in world.gather(self.settled()):
            total.loss += tally.loss
            total.targets += tally.targets
            for kind, values in tally.by_kind.items():
                entry = total.by_kind.setdefault(kind, [0.0, 0.0, 0])
                for i, value in enumerate(values):
                    entry[i] += value
        return total

    @property
    def mean(self) -> float:
        """The mean loss per target token."""
        return self.loss / max(1.0, self.targets)

    def kinds(self) -> dict[str, dict[str, float]]:
        """Samples and mean loss by kind."""
        return {
            kind: {"samples": n, "loss": loss / max(1.0, targets)}
            for kind, (loss, targets, n) in sorted(self.by_kind.items())
        }


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Mean loss per target token, vision gain, and samples and loss by kind; `gain` is None if no
    batch had two pictures."""

    loss: float
    gain: float | None
    kinds: dict[str, dict[str, float]]


@contextmanager
def inference(module: nn.Module) -> Iterator[None]:
    """A block without dropout and gradients."""
    was_training = module.training
    module.eval()
    try:
        with torch.no_grad():
            yield
    finally:
        module.train(was_training)


def evaluate(parallel: nn.Module, batches: Iterable[Batch], world: World) -> Evaluation:
    """Mean loss per target token, and the vision gain: how much the loss rises when every sample
    has the picture of another sample of its kind. Near zero, the model does not use the picture.

    A collective operation, with the same number of batches on every process.
    """
    total, paired, exchanged = Tally(), Tally(), Tally()
    with inference(parallel):
        for batch in batches:
            batch = batch.to(world.device)
            losses = parallel(batch)
            shuffled = parallel(batch, shuffled=True)
            total.add(batch, losses)
            if min(len(batch.images), len(batch.kinds)) > 1:
                paired.add(batch, losses)
                exchanged.add(batch, shuffled)
    total, paired, exchanged = (tally.merged(world) for tally in (total, paired, exchanged))
    gain = exchanged.mean - paired.mean if paired.targets else None
    return Evaluation(total.mean, gain, total.kinds())
