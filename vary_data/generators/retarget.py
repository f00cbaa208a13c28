"""The generator `retarget`: the rows of a configuration with their targets in another form."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vary_data.base.errors import UsageError
from vary_data.base.options import option
from vary_data.base.seed import TaskSeed, stable_hash
from vary_data.base.storage import location
from vary_data.dataset.rejection import Rejected, Rejection
from vary_data.engine.generator import Task
from vary_data.engine.sample import Outcome, Sample
from vary_data.generators.mix import MixTaskRunner, copied, described_kinds
from vary_data.targets.registry import NAMES, check_form
from vary_data.targets.target import META_KEY, row_kinds, target_meta, targets

if TYPE_CHECKING:
    from vary_data.dataset.row_kinds import RowKind
    from vary_data.engine.recipe import Recipe


@dataclass(frozen=True, slots=True)
class RetargetOptions:
    """Settings of the generator `retarget`."""

    source: str = option("", role="path", flags=())
    """Folder of the configuration whose rows are copied."""
    to: str = option("html", choices=NAMES, flags=())
    """Form of the targets."""
    questions: int = option(1, range=(1, 20), flags=())
    """Questions about each picture, with the form `questions`; each is a row."""
    prompts: tuple[str, ...] = option((), flags=())
    """Prompts, instead of those of the form."""


class Retarget:
    """The generator `retarget`: one task per row."""

    name = "retarget"
    label = "retarget"
    Options = RetargetOptions

    def tasks(self, recipe: Recipe) -> Sequence[Task]:
        """A task per row; rows keep their document, so that splits never share one.

        Raises:
            UsageError: no configuration was given.
            SourceError: it cannot be read.
        """
        from vary_data.dataset.reader import DatasetConfig

        if not recipe.options.source:
            raise UsageError("no dataset was given", "use `vary-data retarget DATASET --to FORM`")
        folder = location(recipe.options.source)
        rows = DatasetConfig(folder).rows(["id", "doc_id"])
        return [
            Task(
                f"{recipe.name}-{stable_hash(row['id']):016x}",
                row["doc_id"],
                1,
                {"folder": str(folder), "id": row["id"], "turn": 0},
            )
            for row in rows
        ]

    def row_kinds(self, recipe: Recipe) -> Sequence[RowKind]:
        """The kinds of the targets, and those that the source describes."""
        described = described_kinds([location(recipe.options.source)])
        return [*described, *row_kinds(recipe.options.to)]

    def open(self, recipe: Recipe) -> RetargetTaskRunner:
        check_form(recipe.options.to)
        return RetargetTaskRunner(recipe)


class RetargetTaskRunner(MixTaskRunner):
    """Copies rows with other targets; rows that have none are rejections."""

    def run(self, task: Task, seed: TaskSeed) -> Iterator[Outcome]:
        row = self.row(task)
        options = self.recipe.options
        prompts, count = options.prompts, options.questions
        yield from retargeted(row, task.key, options.to, self.recipe.seed, prompts, count)


def retargeted(
    row: dict[str, Any], key: str, form: str, seed: int, prompts: Sequence[str], count: int = 1
) -> Iterator[Outcome]:
    """The samples of a row with its targets in a form, or the rejection."""
    from vary_data.targets.read import target_format

    try:
        found = targets(row, form, seed, prompts, count)
    except Rejected as error:
        yield Rejection(key, error.reason, error.detail)
        return
    for target in found:
        columns = copied(row)
        meta = {**json.loads(row["meta"]), "origin": row["id"], META_KEY: target_meta(row, target)}
        changed = {
            "text": target.text,
            "kind": target.kind,
            "format": target_format(form),
            "prompt": target.prompt,
            "meta": meta,
            "turns": (),
        }
        name = f"{key}#{target.part}" if len(found) > 1 else key
        yield Sample(**{**columns, "id": name, **changed})
