"""The generator `mix`: copies the samples of a mixture, unchanged except for their ids."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vary_data.base.errors import UsageError
from vary_data.base.options import option
from vary_data.base.seed import TaskSeed, stable_hash
from vary_data.base.storage import Location, location
from vary_data.dataset.languages import languages
from vary_data.dataset.rejection import Rejected, Rejection
from vary_data.engine.generator import Task
from vary_data.engine.rows import region_of
from vary_data.engine.sample import Outcome, Sample, Turn
from vary_data.generators.stored_rows import StoredRows

if TYPE_CHECKING:
    from vary_data.dataset.mixture import Mixture
    from vary_data.dataset.row_kinds import RowKind
    from vary_data.engine.recipe import Recipe

FORMATS = ("png", "jpeg", "jpg", "webp")
"""Suffixes of the pictures of rows."""


@dataclass(frozen=True, slots=True)
class MixOptions:
    """Settings of the generator `mix`."""

    mixture: str = option("", role="path", flags=())
    """Description of the mixture (YAML)."""


class Mix:
    """The generator `mix`: one task per sample, in an order shuffled by the seed."""

    name = "mix"
    label = "mix"
    Options = MixOptions
    languages = tuple(languages())

    def tasks(self, recipe: Recipe) -> Sequence[Task]:
        """A task per sample; samples keep their document, so that splits never share one.

        Raises:
            UsageError: the mixture description is missing or invalid.
            SourceError: a dataset of the mixture cannot be read.
        """
        from vary_data.dataset.reader import DatasetConfig

        mixture = _mixture(recipe)
        tasks = []
        before: Counter[str] = Counter()
        for part in mixture.parts:
            # Datasets of the same recipe have the same ids: a number makes later ones different.
            prefix = (part.config, before[part.config]) if before[part.config] else (part.config,)
            before[part.config] += 1
            folder = location(part.path) / part.config
            columns = ["id", "doc_id"]
            rows = list(DatasetConfig(folder).rows(columns, part.split))
            for row, turn in mixture.picks(part):
                origin = rows[row]["id"]
                params: dict[str, Any] = {"folder": str(folder), "id": origin, "turn": turn}
                if part.to:
                    params |= {"to": part.to, "prompts": list(part.prompts), "seed": mixture.seed}
                key = f"{recipe.name}-{stable_hash(*prefix, origin, turn):016x}"
                tasks.append(Task(key, rows[row]["doc_id"], 1, params))
        return sorted(tasks, key=lambda task: stable_hash(recipe.seed, "order", task.key))

    def row_kinds(self, recipe: Recipe) -> Sequence[RowKind]:
        """The kinds that the copied datasets describe."""
        from vary_data.targets.target import row_kinds

        parts = _mixture(recipe).parts
        described = described_kinds(location(part.path) / part.config for part in parts)
        forms = dict.fromkeys(part.to for part in parts if part.to)
        return [*described, *(kind for form in forms for kind in row_kinds(form))]

    def open(self, recipe: Recipe) -> MixTaskRunner:
        return MixTaskRunner(recipe)


def described_kinds(folders: Iterable[Location]) -> list[RowKind]:
    """The row kinds that the configurations in these folders describe."""
    from vary_data.dataset.reader import DatasetConfig

    configs = map(DatasetConfig, dict.fromkeys(folders))
    return [kind for config in configs for kind in config.row_kinds.described]


def _mixture(recipe: Recipe) -> Mixture:
    from vary_data.dataset.mixture import resolve
    from vary_data.engine.recipe import load_yaml
    from vary_data.targets.registry import check_form

    if not recipe.options.mixture:
        raise UsageError("no mixture was given", "use --mixture with a description")
    path = location(recipe.options.mixture)
    mixture = resolve(load_yaml(str(path)), path.parent)
    for part in mixture.parts:
        if part.to:
            check_form(part.to)
    return mixture


class MixTaskRunner:
    """Copies samples."""

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe
        self.rows = StoredRows()

    def run(self, task: Task, seed: TaskSeed) -> Iterator[Outcome]:
        row = self.row(task)
        if form := task.params.get("to"):
            from vary_data.generators.retarget import retargeted

            prompts = tuple(task.params.get("prompts", ()))
            yield from retargeted(row, task.key, str(form), int(task.params["seed"]), prompts)
        else:
            try:
                yield Sample(**copied(row), id=task.key)
            except Rejected as error:
                yield Rejection(task.key, error.reason, error.detail)

    def close(self) -> None:
        pass

    def row(self, task: Task) -> dict[str, Any]:
        """The stored row of a task."""
        return self.rows.row(str(task.params["folder"]), str(task.params["id"]))


def copied(row: dict[str, Any]) -> dict[str, Any]:
    """The fields of a sample that a stored row gives, all but its id.

    Raises:
        Rejected: `no-image`: the row names a picture, but does not have one.
    """
    data, name = row["image"]["bytes"], row["image"]["path"]
    image_format = str(name).rpartition(".")[2]
    if not data or image_format not in FORMATS:
        raise Rejected("no-image", f"{len(data or b'')} bytes of the format {image_format[:40]!r}")
    names = ("text", "kind", "format", "lang", "doc_id", "source", "license", "renderer")
    return {
        **{name: row[name] for name in (*names, "template", "width", "height")},
        "image": data,
        "image_format": image_format,
        "prompt": "",
        "seed": row["seed"],
        "attempt": row["attempt"],
        "regions": tuple(map(region_of, row["regions"])),
        "turns": tuple(_turn(message) for message in row["messages"]),
        "meta": {**json.loads(row["meta"]), "origin": row["id"]},
    }


def _turn(message: dict[str, Any]) -> Turn:
    """The turn of a stored message."""
    text, place = "", None
    for part in message["content"]:
        if part["type"] == "image":
            place = len(text)
        else:
            text += part["text"]
    return Turn(message["role"], text, image=place is not None, image_at=place or 0)
