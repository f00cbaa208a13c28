"""Does training work here? Overfits a few samples and looks whether the model looks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from trainer.data.batches import Batch, Collate
from trainer.data.catalog import open_catalog
from trainer.data.loader import blank_sample
from trainer.data.order import SampleOrder
from trainer.data.samples import Encoding, Sample, Samples, Skipped
from trainer.errors import DataError
from trainer.model import VaryProcessor
from trainer.model.loss import IGNORE
from trainer.settings import Settings
from trainer.train import prepare
from trainer.train.evaluate import evaluate
from trainer.train.objective import Objective
from trainer.train.optimizer import build_optimizer, finish_gradients, set_learning_rate
from trainer.train.world import World, open_world
from trainer.weights.assemble import assemble

SAMPLES = 16
LOOKED_AT = 64
WARM_UP = 10


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    passed: bool
    finding: str


def examine(settings: Settings, steps: int, say: Callable[[str], None]) -> list[Check]:
    """Overfit 16 samples for `steps` steps.

    The loss must fall below a fifth of where it began, and shown another sample's picture the
    model must do clearly worse (a vision gain above 0.3 nats): otherwise it learned the text by
    heart without looking.
    """
    settings = replace(
        settings, train=replace(settings.train, batch_size=SAMPLES, micro_batch=SAMPLES)
    )
    catalog = open_catalog(settings.data.datasets, settings.data.split, settings.data.weights)
    with open_world(settings.train.device) as world:
        prepare.check_size(settings, world.device)
        assembly = assemble(settings, catalog)
        encoding = prepare.encoding(settings, assembly.processor)
        order = SampleOrder(catalog, settings.data.weights, settings.train.seed, 0)
        samples, skipped = _samples(encoding, order)
        checks = [_rows(skipped, len(samples)), *_round_trips(samples, assembly.processor)]
        if len(samples) < 2:
            raise DataError(
                f"only {len(samples)} of the first {LOOKED_AT} rows can be trained on",
                ", ".join(f"{count} x {reason}" for reason, count in skipped.most_common()),
            )
        objective = prepare.place(assembly, settings, world)
        assert isinstance(objective, Objective)
        blank = blank_sample(encoding)
        pad = assembly.processor.tokenizer.pad_token_id or 0
        batch = Collate(blank, settings.data.sequences, pad)(samples[:SAMPLES])
        before = evaluate(objective, [batch], world)
        for step in _overfit(objective, batch.to(world.device), settings, world, steps):
            if step % 25 == 0 or step == steps:
                now = evaluate(objective, [batch], world)
                say(f"step {step}/{steps}  loss {now.loss:.3f}  gain {now.gain or 0:.3f}")
        after = evaluate(objective, [batch], world)
    return [*checks, *_verdicts(before.loss, after.loss, after.gain or 0.0)]


def _samples(encoding: Encoding, order: SampleOrder) -> tuple[list[Sample], Counter[str]]:
    found: list[Sample] = []
    skipped: Counter[str] = Counter()
    reader = Samples(encoding, cache_bytes=256 * 2**20)
    for ref in order.take(LOOKED_AT):
        item = reader[ref]
        if isinstance(item, Skipped):
            skipped[item.reason] += 1
        elif item.image is not None:
            found.append(item)
    return found, skipped


def _overfit(
    objective: Objective, batch: Batch, settings: Settings, world: World, steps: int
) -> Iterator[int]:
    optimizer = build_optimizer(objective.model, settings.optim)
    for step in range(1, steps + 1):
        set_learning_rate(optimizer, settings.optim.lr * min(1.0, step / WARM_UP))
        losses = objective(batch)
        losses.total.backward()
        targets = float(losses.targets.sum())
        finish_gradients(objective.parameters(), 1 / targets, settings.optim.clip)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        yield step


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


def _verdicts(before: float, after: float, gain: float) -> list[Check]:
    learned = after < before / 5
    looked = gain > 0.3
    return [
        Check("the loss falls", learned, f"from {before:.2f} to {after:.2f}"),
        Check("the model looks at the picture", looked, f"vision gain {gain:.2f}"),
    ]
