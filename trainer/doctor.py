"""Does training work here? Overfits a few samples and looks whether the model looks.

A model that does not look at the picture can learn 16 answers by heart, but not which of them is
asked for: each costs it ln 16 = 2.8 nats, whatever it does. Getting below that, and paying more
than that for a neighbour's picture, needs eyes.
"""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import torch

from trainer.data.batches import Batch, Collate
from trainer.data.catalog import open_catalog
from trainer.data.loader import blank_sample
from trainer.data.order import SampleOrder
from trainer.data.samples import Encoding, RejectedRow, Sample, Samples
from trainer.errors import DataError
from trainer.model import VaryProcessor
from trainer.model.loss import IGNORE
from trainer.settings import Settings
from trainer.training import prepare
from trainer.training.evaluate import evaluate
from trainer.training.failures import explained
from trainer.training.objective import Objective
from trainer.training.optimizer import build_optimizer, finish_gradients, set_learning_rate
from trainer.training.world import World, open_world
from trainer.weights.assemble import assemble

SAMPLES = 16
LOOKED_AT = 64
ANSWER = 64
"""Answers are overfitted up to this many tokens: what tells pictures apart comes first."""
WARM_UP = 10
EVERY = 25
LOWER = "lower model.image_size, or use a smaller recipe"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    passed: bool
    finding: str


@dataclass(frozen=True, slots=True)
class Fit:
    """Nats that an answer costs with its own picture, and how many more with a neighbour's."""

    step: int
    cost: float
    gain: float


def examine(settings: Settings, steps: int, say: Callable[[str], None]) -> list[Check]:
    """Overfit up to 16 samples with different answers, for at most `steps` steps.

    The loss must fall nearly to what telling the samples apart without looking costs: the texts can
    be learned. With the picture an answer must cost less than that, and with a neighbour's picture
    more than that more: the model looks.
    """
    catalog = open_catalog(settings.data.datasets, settings.data.split, settings.data.weights)
    with open_world(settings.train.device) as world, explained(lambda: "the overfitting", LOWER):
        prepare.check_size(settings, world.device)
        assembly = assemble(settings, catalog)
        encoding = prepare.encoding(settings, assembly.processor)
        order = SampleOrder(catalog, settings.data.weights, settings.train.seed, 0)
        found, skipped = _samples(encoding, order)
        checks = [_rows(skipped, len(found)), *_round_trips(found, assembly.processor)]
        samples = _different(found)
        if len(samples) < 2:
            reasons = ", ".join(f"{count} x {reason}" for reason, count in skipped.most_common())
            raise DataError(
                f"the first {LOOKED_AT} rows have {len(samples)} different answers to train on",
                reasons or "all of them begin the same",
            )
        objective = prepare.place(assembly, settings, world)
        assert isinstance(objective, Objective)
        blank = blank_sample(encoding)
        pad = assembly.processor.tokenizer.pad_token_id or 0
        batch = Collate(blank, settings.data.sequences, pad)(samples)
        before = _measure(objective, batch, world, 0)
        after = _overfit(objective, batch, settings, world, steps, before, say)
    return [*checks, *_verdicts(before, after, len(samples))]


def _samples(encoding: Encoding, order: SampleOrder) -> tuple[list[Sample], Counter[str]]:
    found: list[Sample] = []
    skipped: Counter[str] = Counter()
    reader = Samples(encoding, cache_bytes=256 * 2**20)
    for ref in order.take(LOOKED_AT):
        item = reader[ref]
        if isinstance(item, RejectedRow):
            skipped[item.reason] += 1
        elif item.image is not None:
            found.append(item)
    return found, skipped


def _different(samples: list[Sample]) -> list[Sample]:
    """The first samples whose answers begin differently, cut to their beginnings."""
    chosen: dict[tuple[int, ...], Sample] = {}
    for sample in samples:
        targets = [i for i, label in enumerate(sample.labels) if label != IGNORE]
        end = targets[min(ANSWER, len(targets)) - 1] + 1
        short = replace(sample, ids=sample.ids[:end], labels=sample.labels[:end])
        answer = tuple(label for label in short.labels if label != IGNORE)
        chosen.setdefault(answer, short)
    return list(chosen.values())[:SAMPLES]


def _overfit(
    objective: Objective,
    batch: Batch,
    settings: Settings,
    world: World,
    steps: int,
    before: Fit,
    say: Callable[[str], None],
) -> Fit:
    """Train on one batch until everything is as it should be, or for `steps` steps."""
    count = len(batch.kinds)
    batch = batch.to(world.device)
    fit = before
    began = time.perf_counter()
    for step in _train(objective, batch, settings, steps):
        if step == 3:
            minutes = (time.perf_counter() - began) / step * steps / 60
            say(f"overfitting {count} samples for {steps} steps, at most {minutes:.1f} minutes")
        if step % EVERY == 0 or step == steps:
            fit = _measure(objective, batch, world, step)
            say(f"step {step}/{steps}  nats per answer {fit.cost:.1f}, {fit.gain:.1f} more with "
                "another picture")  # fmt: skip
            if all(check.passed for check in _verdicts(before, fit, count)):
                break
    return fit


def _train(objective: Objective, batch: Batch, settings: Settings, steps: int) -> Iterator[int]:
    optimizer = build_optimizer(objective.model.named_parameters(), settings.optim)
    for step in range(1, steps + 1):
        set_learning_rate(optimizer, settings.optim.lr * min(1.0, step / WARM_UP))
        losses = objective(batch)
        losses.total.backward()
        targets = float(losses.targets.sum())
        finish_gradients(objective.parameters(), 1 / targets, settings.optim.clip)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        yield step


@torch.no_grad()
def _measure(objective: Objective, batch: Batch, world: World, step: int) -> Fit:
    result = evaluate(objective, [batch], world)
    tokens = batch.targets / len(batch.kinds)
    return Fit(step, result.loss * tokens, (result.gain or 0.0) * tokens)


def _rows(skipped: Counter[str], found: int) -> Check:
    reasons = ", ".join(f"{count} x {reason}" for reason, count in skipped.most_common())
    finding = f"{skipped.total()} of {LOOKED_AT} left out" + (f" ({reasons})" if reasons else "")
    return Check("rows can be trained on", skipped.total() * 10 <= LOOKED_AT, finding)


def _round_trips(samples: list[Sample], processor: VaryProcessor) -> Iterator[Check]:
    tokens = [sum(label != IGNORE for label in s.labels) for s in samples]
    if tokens:
        middle = sorted(tokens)[len(tokens) // 2]
        cut = sum(sample.cut for sample in samples)
        finding = f"{min(tokens)} to {max(tokens)} tokens, {middle} in the middle; {cut} cut"
        yield Check("answers fit", cut * 4 <= len(samples), finding)
    unknown = processor.tokenizer.unk_token_id
    if unknown is not None:
        count = sum(s.labels.count(unknown) for s in samples)
        yield Check("the tokenizer knows the text", count == 0, f"{count} unknown tokens")


def _verdicts(before: Fit, after: Fit, count: int) -> list[Check]:
    blind = math.log(count)
    learned = after.cost < blind + (before.cost - blind) / 5
    return [
        Check("the loss falls", learned,
              f"an answer costs {after.cost:.1f} nats after {after.step} steps, {before.cost:.1f} "
              "before"),
        Check("the model looks at the picture", after.cost < blind < after.gain,
              f"{after.gain:.1f} nats more with another picture; without looking, {count} answers "
              f"cost {blind:.1f} each to tell apart"),
    ]  # fmt: skip
