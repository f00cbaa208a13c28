"""Loss and vision gain on samples that are not trained on."""

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
    """Sums of losses and target tokens, over all and by kind of data.

    What is added stays on the device until somebody asks: adding waits for nothing.
    """

    loss: float = 0.0
    targets: float = 0.0
    by_kind: dict[str, list[float]] = field(default_factory=dict)
    pending: list[Pending] = field(default_factory=list)

    def add(self, batch: Batch, losses: Losses) -> None:
        self.pending.append((batch.kinds, losses.by_sample, losses.targets))

    def settled(self) -> Tally:
        """This tally with everything counted."""
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
        for other in world.gather(self.settled()):
            total.loss += other.loss
            total.targets += other.targets
            for kind, values in other.by_kind.items():
                entry = total.by_kind.setdefault(kind, [0.0, 0.0, 0])
                for i, value in enumerate(values):
                    entry[i] += value
        return total

    @property
    def mean(self) -> float:
        return self.loss / max(1.0, self.targets)

    def kinds(self) -> dict[str, dict[str, float]]:
        """Samples and mean loss by kind."""
        return {
            kind: {"samples": n, "loss": loss / max(1.0, targets)}
            for kind, (loss, targets, n) in sorted(self.by_kind.items())
        }


@dataclass(frozen=True, slots=True)
class Evaluation:
    """`gain` is None where no batch held two pictures."""

    loss: float
    gain: float | None
    kinds: dict[str, dict[str, float]]


@contextmanager
def inference(module: nn.Module) -> Iterator[None]:
    """No dropout and no gradients, for the time of the block."""
    was_training = module.training
    module.eval()
    try:
        with torch.no_grad():
            yield
    finally:
        module.train(was_training)


def evaluate(parallel: nn.Module, batches: Iterable[Batch], world: World) -> Evaluation:
    """Mean loss per target token, and the vision gain: how much it rises when every sample is
    shown the picture of another of its kind. Near zero means that the model does not look.

    All processes take part, with the same number of batches each.
    """
    true, seen, blind = Tally(), Tally(), Tally()
    with inference(parallel):
        for batch in batches:
            batch = batch.to(world.device)
            losses = parallel(batch)
            shuffled = parallel(batch, shuffled=True)
            true.add(batch, losses)
            if min(len(batch.images), len(batch.kinds)) > 1:
                seen.add(batch, losses)
                blind.add(batch, shuffled)
    true, seen, blind = (tally.merged(world) for tally in (true, seen, blind))
    gain = blind.mean - seen.mean if seen.targets else None
    return Evaluation(true.mean, gain, true.kinds())
