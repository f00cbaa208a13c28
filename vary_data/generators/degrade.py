"""The generator `degrade`: scans and photographs of the samples of another dataset."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from renderers.degrade.step import no_back
from vary_data.base.errors import SourceError, UsageError
from vary_data.base.options import option
from vary_data.base.seed import TaskSeed, stable_hash
from vary_data.base.storage import location
from vary_data.dataset.languages import languages
from vary_data.dataset.rejection import Rejected, Rejection
from vary_data.engine.generator import Task, TaskRunner
from vary_data.engine.sample import Outcome, Sample
from vary_data.generators.degradation import Degradation
from vary_data.generators.degrading import Degrader, DegradingTaskRunner, Picture
from vary_data.generators.mix import MixTaskRunner, described_kinds
from vary_data.targets.regions import sound_regions

if TYPE_CHECKING:
    from vary_data.dataset.reader import DatasetConfig
    from vary_data.dataset.row_kinds import RowKind
    from vary_data.engine.recipe import Recipe


@dataclass(frozen=True, slots=True)
class DegradeOptions:
    """Settings of the generator `degrade`."""

    dataset: str = option("", role="path", argument=True, metavar="DATASET")
    """Folder of a dataset, or of one of its configurations."""
    split: str = option("train", flags=("--split",))
    """Split of the dataset."""
    profile: str = option("mix", metavar="NAME|FILE")
    """scan, fax, copy, photo, screen, old-print, jpeg, mix, or a YAML file."""
    strength: float = option(0.6, range=(0, 1))
    """How strong the steps are: 0 is none, 1 the ranges of the profile."""
    per_sample: int = option(1, range=(1, 1000))
    """Pictures of each sample, each degraded in another way."""
    share: float = option(1.0, range=(0, 1))
    """Share of the pictures that is degraded; the others are copied."""
    backgrounds: str = option("", role="path", unset="procedural")
    """Folder of photographs to put pages on."""


class Degrade:
    """The generator `degrade`: a task per picture, in the order of the dataset."""

    name = "degrade"
    label = "degraded"
    Options = DegradeOptions
    languages = tuple(languages())

    def tasks(self, recipe: Recipe) -> Sequence[Task]:
        """A task per picture; samples keep their document, so that splits never share one.

        Raises:
            UsageError: no dataset was given, or the profile has an error.
            SourceError: the dataset, the profile or the backgrounds cannot be read.
        """
        config = _source(recipe)
        options: DegradeOptions = recipe.options
        # The content of files is a part of the plan, so that a changed file is another dataset.
        digest = _degradation(options).resolved().digest()
        folder = str(config.path)
        rows = list(config.rows(["id", "doc_id"], options.split))
        return [
            Task(
                f"{recipe.name}-{stable_hash(row['id'], turn):016x}",
                row["doc_id"],
                1,
                {
                    "folder": folder,
                    "id": row["id"],
                    "turn": turn,
                    "profile": digest,
                    "back": rows[_back(position, turn, len(rows))]["id"],
                },
            )
            for position, row in enumerate(rows)
            for turn in range(options.per_sample)
        ]

    def row_kinds(self, recipe: Recipe) -> Sequence[RowKind]:
        """The kinds that the copied dataset describes."""
        return described_kinds([_source(recipe).path])

    def open(self, recipe: Recipe) -> TaskRunner:
        degrader = Degrader(_degradation(recipe.options), recipe.image_format)
        copies = CopyTaskRunner(recipe)
        return DegradingTaskRunner(copies, degrader, copies.back)

    def around(self, runner: TaskRunner, recipe: Recipe) -> TaskRunner:
        """A runner that degrades what another generator makes, by `recipe.degrade`."""
        degradation = Degradation.from_plain(recipe.degrade or {}, "degrade")
        return DegradingTaskRunner(runner, Degrader(degradation, recipe.image_format))


class CopyTaskRunner:
    """Copies samples, with the task's seed: a sample is drawn again from its own seed."""

    def __init__(self, recipe: Recipe) -> None:
        self._copies = MixTaskRunner(recipe)

    def run(self, task: Task, seed: TaskSeed) -> Iterator[Outcome]:
        try:
            sound_regions(self._copies.row(task))
        except Rejected as error:
            yield Rejection(task.key, error.reason, error.detail)
            return
        for copy in self._copies.run(task, seed):
            if isinstance(copy, Sample):
                meta = {**copy.meta, "origin_seed": copy.seed}
                yield replace(copy, seed=seed.value, meta=meta)
            else:
                yield copy

    def back(self, task: Task) -> Picture:
        """The picture of the row on the other side of the task's sheet."""
        folder, back = str(task.params["folder"]), str(task.params["back"])
        if back == task.params["id"]:
            return no_back
        return lambda: self._copies.rows.image(folder, back)

    def close(self) -> None:
        self._copies.close()


def _back(position: int, turn: int, rows: int) -> int:
    """The row on the other side of a row's sheet: the next one, as in a book, for further pictures
    of a sample the ones after that; after the last row comes the first."""
    return (position + 1 + turn % max(1, rows - 1)) % rows


def _degradation(options: DegradeOptions) -> Degradation:
    return Degradation(options.profile, options.strength, options.share, options.backgrounds)


def _source(recipe: Recipe) -> DatasetConfig:
    """The configuration whose samples are degraded."""
    from vary_data.dataset.reader import Dataset

    options: DegradeOptions = recipe.options
    if not options.dataset:
        raise UsageError("no dataset was given", "name the folder of one")
    configs = Dataset.open(location(options.dataset)).configs
    if len(configs) != 1:
        names = ", ".join(config.name for config in configs)
        raise SourceError(
            f"{options.dataset} has {len(configs)} configurations",
            f"name the folder of one: {names}",
        )
    return configs[0]
