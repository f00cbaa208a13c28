"""The generator `select`: copies chosen samples of other datasets into a new configuration."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from vary_data.base.errors import SourceError, UsageError
from vary_data.base.options import option
from vary_data.dataset.languages import languages
from vary_data.engine.generator import Task
from vary_data.generators.mix import MixTaskRunner, described_kinds

if TYPE_CHECKING:
    from vary_data.dataset.row_kinds import RowKind
    from vary_data.engine.recipe import Recipe


@dataclass(frozen=True, slots=True)
class SelectOptions:
    """Settings of the generator `select`."""

    selection: str = option("", role="path", flags=())
    """A JSON list of {folder, id, doc_id}; folders of configurations are relative to it."""


class Select:
    """The generator `select`: one task per sample, in the order of the selection."""

    name = "select"
    label = "select"
    Options = SelectOptions
    languages = tuple(languages())

    def tasks(self, recipe: Recipe) -> Sequence[Task]:
        """A task per sample, named after the copied sample.

        Raises:
            UsageError: no selection was given.
            SourceError: the selection cannot be read.
        """
        if not recipe.options.selection:
            raise UsageError("no selection was given", "use --set options.selection=FILE.json")
        path = Path(recipe.options.selection)
        try:
            entries = json.loads(path.read_text(encoding="utf-8"))
            return [
                Task(
                    str(entry["id"]).replace("#", "-"),
                    str(entry["doc_id"]),
                    1,
                    {"folder": str(path.parent / entry["folder"]), "id": str(entry["id"])},
                )
                for entry in entries
            ]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise SourceError(f"{path} is not a selection of samples ({error})") from error

    def row_kinds(self, recipe: Recipe) -> Sequence[RowKind]:
        """The kinds that the copied datasets describe."""
        return described_kinds(Path(task.params["folder"]) for task in self.tasks(recipe))

    def open(self, recipe: Recipe) -> MixTaskRunner:
        return MixTaskRunner(recipe)
