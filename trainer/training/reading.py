"""Scores of answers that the model generates while it is trained."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch import nn

from trainer.data.catalog import TrainingSource
from trainer.data.rows import RowReader
from trainer.evaluation.example import Example, examples_of
from trainer.evaluation.generate import answer_each
from trainer.evaluation.scoring import Scored, score
from trainer.evaluation.tasks import TASKS
from trainer.prediction import Reader
from trainer.training.evaluate import inference
from trainer.training.parallel import unwrap
from trainer.training.prepare import Setup


def read_held_out(
    setup: Setup, parallel: nn.Module, catalog: Sequence[TrainingSource]
) -> dict[str, Any]:
    """Generate answers to a fixed sample of held-out rows, shared by all processes, and score them.

    A collective operation. Returns the number of samples, the mean NED, the share of answers that
    are exactly right, and the shown metrics of each kind.
    """
    options, world = setup.settings.evaluation, setup.world
    examples = list(_sample(catalog, options.read))
    share = examples[world.rank :: world.size]
    processor = setup.assembly.processor
    reader = Reader(unwrap(parallel).model, processor, options.max_new_tokens)
    rows = RowReader(("image",), cache_bytes=2**26)
    precision = setup.settings.train.precision
    size = setup.settings.train.micro_batch
    with (
        inference(parallel),
        torch.autocast(world.device.type, torch.bfloat16, enabled=precision == "bf16"),
    ):
        answers = {new.id: new.answer for new in answer_each(reader, rows, share, size)}
    for part in world.gather(answers):
        answers.update(part)
    return _summary(score(examples, answers))


def _sample(catalog: Sequence[TrainingSource], count: int) -> Iterator[Example]:
    """About `count` rows, an equal number of each configuration, spread over its files."""
    for source in catalog:
        wanted = min(source.rows, max(1, count // len(catalog)))
        chosen = {i * source.rows // wanted for i in range(wanted)}
        for number, example in enumerate(examples_of([source])):
            if number in chosen:
                yield example


def _summary(scored: Sequence[Scored]) -> dict[str, Any]:
    exact = [s.answer.strip() == s.example.truth.strip() for s in scored]
    kinds: dict[str, dict[str, float]] = {}
    for kind in sorted({s.example.kind for s in scored}):
        members = [s for s in scored if s.example.kind == kind]
        shown = TASKS[members[0].example.scoring].shown
        found = {name: _mean(members, name) for name in shown}
        kinds[kind] = {name: value for name, value in found.items() if value is not None}
    return {
        "samples": len(scored),
        "ned": _mean(scored, "ned"),
        "exact": sum(exact) / max(1, len(exact)),
        "kinds": kinds,
    }


def _mean(scored: Sequence[Scored], metric: str) -> float | None:
    """The mean over the samples that have a metric, with its weights."""
    found = [s.scores[metric] for s in scored if metric in s.scores]
    weight = sum(value.weight for value in found)
    return sum(value.value * value.weight for value in found) / weight if weight else None
