"""One update of the weights, the same for every phase of a run and for the doctor."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from trainer.data.batches import Batch
from trainer.model.vision import Offset
from trainer.training.objective import Losses
from trainer.training.optimizer import finish_gradients, set_learning_rate
from trainer.training.parallel import accumulate, unwrap
from trainer.training.world import World


@dataclass(frozen=True, slots=True)
class StepPlan:
    """What an update depends on besides model, optimizers and batches.

    `name` is what messages call the step. `seed` is the run's seed and the number of finished
    steps. `passes` micro-batches are summed up. `position_offset` [patches] is the position of
    the pictures in a larger one. `advice` is for steps that are not finite.
    """

    name: str
    seed: tuple[int, int]
    learning_rate: float
    clip: float
    passes: int = 1
    position_offset: Offset | None = None
    advice: str = "lower optim.lr or set train.precision=fp32"


@dataclass(frozen=True, slots=True)
class Update:
    """The result of an update: the norm of the gradients before clipping, and the last
    micro-batch, on the device.

    `problem` is the quantity that was not finite, if one was: the weights were then left as they
    are.
    """

    norm: float
    batch: Batch
    problem: str | None = None


def update_weights(
    model: nn.Module,
    optimizers: Sequence[torch.optim.Optimizer],
    batches: Iterator[Batch],
    plan: StepPlan,
    world: World,
    observe: Callable[[Batch, Losses], None],
) -> Update:
    """Update the weights once, from `plan.passes` micro-batches of every process.

    Gradients are those of the *sum* of all losses, divided at the end by the target tokens of the
    global batch: a token counts the same in a short and in a long batch, on every process.
    `observe` is called after each pass. All processes leave out the same updates.
    """
    for optimizer in optimizers:
        set_learning_rate(optimizer, plan.learning_rate)
    sums = torch.zeros(2, dtype=torch.float64, device=world.device)
    for i in range(plan.passes):
        batch = next(batches).to(world.device)
        seed_pass(*plan.seed, world.rank, i)
        with accumulate(model, last=i == plan.passes - 1):
            losses = model(batch, position_offset=plan.position_offset)
            losses.total.backward()
        observe(batch, losses)
        sums += torch.stack([losses.by_sample.sum(), losses.targets.sum()])
    loss, targets = world.sum(sums).tolist()
    # DDP and FSDP have averaged over the processes: `size` reverts that.
    factor = world.size / max(1.0, targets)
    norm = finish_gradients(unwrap(model).parameters(), factor, plan.clip)
    quantities = (("loss", loss), ("gradient norm", norm))
    problems = [f"the {name} is {value}" for name, value in quantities if not math.isfinite(value)]
    for optimizer in optimizers:
        if not problems:
            optimizer.step()
        optimizer.zero_grad(set_to_none=True)
    return Update(norm, batch, problems[0] if problems else None)


def seed_pass(*key: int) -> None:
    """Seed torch from (run's seed, step, rank, pass) alone, so that dropout is the same after a
    restart."""
    torch.manual_seed(int(np.random.SeedSequence(key).generate_state(1, np.uint64)[0] >> 1))
