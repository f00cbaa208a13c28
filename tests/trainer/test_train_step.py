"""One update of the weights: sums over passes, learning rate, and losses that are not finite."""

from __future__ import annotations

import dataclasses
import itertools

import pytest
import torch

from tests.trainer.small import IMAGE_PAD_ID, small_model
from trainer.data.batches import Batch, Collate
from trainer.data.samples import TrainingSample
from trainer.model import VaryImageProcessor
from trainer.settings import OptimSettings
from trainer.training.objective import Losses, Objective
from trainer.training.optimizer import build_optimizer
from trainer.training.step import StepPlan, update_weights
from trainer.training.world import World

ONE = World(0, 1, torch.device("cpu"))
PLAN = StepPlan("step 1", seed=(0, 0), learning_rate=0.01, clip=1.0)


def sample(answer: int) -> TrainingSample:
    ids = [5, *[IMAGE_PAD_ID] * 16, 6, *range(20, 20 + answer)]
    labels = [-100] * 18 + ids[18:]
    picture = torch.full((64, 64, 3), 16 * answer, dtype=torch.uint8)
    return TrainingSample(0, "s", "chart", ids, labels, picture)


def batch(*answers: int) -> Batch:
    blank = sample(1)
    return Collate(blank, "padded", 0)([sample(answer) for answer in answers])


def setup() -> tuple[Objective, torch.optim.Optimizer]:
    objective = Objective(small_model(), VaryImageProcessor(image_size=256), 256, "fp32")
    return objective, build_optimizer(objective.model.named_parameters(), OptimSettings())


def weights(objective: Objective) -> dict[str, torch.Tensor]:
    return {name: p.detach().clone() for name, p in objective.named_parameters()}


def test_passes_add_up_to_one_large_batch() -> None:
    seen: list[Losses] = []
    results = []
    for batches in ([batch(3, 9)], [batch(3), batch(9)]):
        objective, optimizer = setup()
        plan = dataclasses.replace(PLAN, passes=len(batches))
        update = update_weights(
            objective, (optimizer,), iter(batches), plan, ONE, lambda _, losses: seen.append(losses)
        )
        assert {group["lr"] for group in optimizer.param_groups} == {0.01}
        assert all(p.grad is None for p in objective.parameters())
        results.append((update.norm, objective.model.lm_head.weight.sum().item()))
    assert results[0] == pytest.approx(results[1], rel=1e-4)
    assert [losses.targets.tolist() for losses in seen] == [[3, 9], [3], [9]]


@pytest.mark.parametrize("quantity", ["loss", "gradient norm"])
def test_a_step_that_is_not_finite_leaves_the_weights(quantity: str) -> None:
    objective, optimizer = setup()
    if quantity == "loss":
        objective.model.model.projector.vocabulary.bias.data.fill_(torch.nan)
    else:
        objective.model.lm_head.weight.register_hook(lambda gradient: gradient * torch.inf)
    before, batches = weights(objective), itertools.repeat(batch(3))
    update = update_weights(objective, (optimizer,), batches, PLAN, ONE, lambda *_: None)
    assert update.problem in (f"the {quantity} is nan", f"the {quantity} is inf")
    assert not optimizer.state, "AdamW has not counted the step"
    assert all(p.grad is None for p in objective.parameters())
    for name, after in weights(objective).items():
        assert torch.equal(after.nan_to_num(), before[name].nan_to_num()), name
