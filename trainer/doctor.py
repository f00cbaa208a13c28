"""Check that training works: overfit a few samples, and test that the loss depends on the picture.

Without the picture a model can memorize 16 answers, but not which of them is right: that costs
ln 16 = 2.8 nats per answer for any model. A lower cost, and a rise by more than that with the
picture of another sample, require that the model uses the picture.
"""

from __future__ import annotations

import itertools
import math
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import torch

from trainer.data.batches import Batch, Collate
from trainer.data.catalog import open_catalog
from trainer.data.loader import blank_sample, pad_id
from trainer.data.order import SampleOrder
from trainer.data.samples import Encoding, RejectedRow, Samples, TrainingSample
from trainer.errors import DataError
from trainer.model import VaryProcessor
from trainer.model.loss import IGNORE
from trainer.settings import Settings
from trainer.training import prepare
from trainer.training.evaluate import evaluate
from trainer.training.failures import explained
from trainer.training.finite import LeftOutSteps
from trainer.training.objective import Objective
from trainer.training.optimizer import build_optimizer
from trainer.training.parallel import distribute_model
from trainer.training.prepare import INSPECTED_ROWS, counted
from trainer.training.step import StepPlan, update_weights
from trainer.training.world import World, open_world
from trainer.weights.assemble import assemble

SAMPLES = 16
MAX_ANSWER_TOKENS = 64
"""Answers are overfitted up to this length: their beginnings distinguish the pictures."""
WARM_UP_STEPS = 10
MEASURE_EVERY = 25
MEMORY_ADVICE = "lower model.image_size, or use a smaller recipe"

Report = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Check:
    """The result of one check."""

    name: str
    passed: bool
    finding: str


@dataclass(frozen=True, slots=True)
class Fit:
    """The loss per answer [nats] after `step` steps, and how much higher it is with the picture
    of another sample."""

    step: int
    cost: float
    gain: float


def examine(settings: Settings, steps: int, report: Report) -> list[Check]:
    """Overfit up to 16 samples with different answers, for at most `steps` steps.

    The loss must fall almost to the cost of distinguishing the answers without the picture: the
    texts can be learned. With the picture an answer must cost less than that, and with the picture
    of another sample more than that in addition: the model uses the picture.

    Raises:
        DataError: Fewer than two of the first rows have different answers.
    """
    data = settings.data
    catalog = open_catalog(data.datasets, data.split, data.weights, data.targets)
    with (
        open_world(settings.train.device) as world,
        explained(lambda: "the overfitting", MEMORY_ADVICE),
    ):
        prepare.check_size(settings, world.device)
        assembly = assemble(settings, catalog)
        encoding = prepare.encoding(settings, assembly.processor)
        order = SampleOrder(catalog, settings.data.weights, settings.train.seed, 0)
        # wrong tokens of an answer would tell which one it is before its own tokens do
        found, skipped = _read_samples(replace(encoding, answer_noise=None), order)
        checks = [_check_rows(skipped), *_check_tokens(found, assembly.processor)]
        samples = _different_answers(found)
        if len(samples) < 2:
            raise DataError(
                f"the first {INSPECTED_ROWS} rows have {len(samples)} different answers to train "
                "on",
                counted(skipped) or "all of them begin the same",
            )
        objective = distribute_model(assembly, settings, world)
        assert isinstance(objective, Objective)
        blank, pad = blank_sample(encoding), pad_id(encoding.tokenizer)
        batch = Collate(blank, settings.data.sequences, pad)(samples)
        before = _measure(objective, batch, world, 0)
        after = _overfit(objective, batch, settings, world, steps, before, report)
    return [*checks, *_verdicts(before, after, len(samples))]


def _read_samples(
    encoding: Encoding, order: SampleOrder
) -> tuple[list[TrainingSample], Counter[str]]:
    """Samples with a picture among the first rows, and the other rows by reason."""
    found: list[TrainingSample] = []
    skipped: Counter[str] = Counter()
    samples = Samples(encoding, cache_bytes=256 * 2**20)
    for ref in order.take(INSPECTED_ROWS):
        item = samples[ref]
        if isinstance(item, RejectedRow):
            skipped[item.reason] += 1
        elif item.image is not None:
            found.append(item)
    return found, skipped


def _different_answers(samples: list[TrainingSample]) -> list[TrainingSample]:
    """The first samples whose answers begin differently, cut to their beginnings."""
    chosen: dict[tuple[int, ...], TrainingSample] = {}
    for sample in samples:
        targets = [i for i, label in enumerate(sample.labels) if label != IGNORE]
        end = targets[min(MAX_ANSWER_TOKENS, len(targets)) - 1] + 1
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
    report: Report,
) -> Fit:
    """Train on one batch until all checks pass, or for `steps` steps."""
    count = len(batch.kinds)
    batch = batch.to(world.device)
    fit = before
    start = time.perf_counter()
    for step in _train(objective, batch, settings, world, steps):
        if step == 3:
            minutes = (time.perf_counter() - start) / step * steps / 60
            report(f"overfitting {count} samples for {steps} steps, at most {minutes:.1f} minutes")
        if step % MEASURE_EVERY == 0 or step == steps:
            fit = _measure(objective, batch, world, step)
            report(f"step {step}/{steps}  nats per answer {fit.cost:.1f}, {fit.gain:.1f} more with "
                   "another picture")  # fmt: skip
            if all(check.passed for check in _verdicts(before, fit, count)):
                break
    return fit


def _train(
    objective: Objective, batch: Batch, settings: Settings, world: World, steps: int
) -> Iterator[int]:
    """Update the weights on the same batch, and give the number of each finished step."""
    optimizer = build_optimizer(objective.model.named_parameters(), settings.optim)
    batches = itertools.repeat(batch)
    for step in range(1, steps + 1):
        plan = StepPlan(
            name=f"step {step} of the overfitting",
            seed=(settings.train.seed, step - 1),
            learning_rate=settings.optim.lr * min(1.0, step / WARM_UP_STEPS),
            clip=settings.optim.clip,
        )
        update = update_weights(objective, (optimizer,), batches, plan, world, lambda *_: None)
        LeftOutSteps(limit=1).observe(update.problem, plan.name, plan.advice)
        yield step


@torch.no_grad()
def _measure(objective: Objective, batch: Batch, world: World, step: int) -> Fit:
    result = evaluate(objective, [batch], world)
    tokens = batch.targets / len(batch.kinds)
    return Fit(step, result.loss * tokens, (result.gain or 0.0) * tokens)


def _check_rows(skipped: Counter[str]) -> Check:
    reasons = f" ({counted(skipped)})" if skipped else ""
    finding = f"{skipped.total()} of {INSPECTED_ROWS} left out{reasons}"
    return Check("rows can be trained on", skipped.total() * 10 <= INSPECTED_ROWS, finding)


def _check_tokens(samples: list[TrainingSample], processor: VaryProcessor) -> Iterator[Check]:
    """Whether answers fit into samples, and have only tokens that the tokenizer knows."""
    tokens = [sum(label != IGNORE for label in s.labels) for s in samples]
    if tokens:
        median = sorted(tokens)[len(tokens) // 2]
        cut = sum(sample.cut for sample in samples)
        finding = f"{min(tokens)} to {max(tokens)} tokens, median {median}; {cut} cut"
        yield Check("answers fit", cut * 4 <= len(samples), finding)
    unknown = processor.tokenizer.unk_token_id
    if unknown is not None:
        count = sum(s.labels.count(unknown) for s in samples)
        yield Check("the tokenizer covers the text", count == 0, f"{count} unknown tokens")


def _verdicts(before: Fit, after: Fit, count: int) -> list[Check]:
    blind = math.log(count)  # without the picture, an answer is one of `count`
    learned = after.cost < blind + (before.cost - blind) / 5
    return [
        Check("the loss falls", learned,
              f"an answer costs {after.cost:.1f} nats after {after.step} steps, {before.cost:.1f} "
              "before"),
        Check("the model uses the picture", after.cost < blind < after.gain,
              f"{after.gain:.1f} nats more with another picture; without it, {count} answers "
              f"cost {blind:.1f} each to distinguish"),
    ]  # fmt: skip
