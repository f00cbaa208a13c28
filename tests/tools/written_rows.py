"""A generator of samples with texts from a list: datasets for tests that choose the texts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from renderers.picture import Region, encode
from tests.tools.in_process import InProcess, pools
from vary_data import generators
from vary_data.base.seed import TaskSeed
from vary_data.dataset.schema import REGION
from vary_data.engine.executors import local
from vary_data.engine.generator import Task
from vary_data.engine.plan import RunPlan
from vary_data.engine.recipe import Recipe
from vary_data.engine.rows import region_of
from vary_data.engine.sample import Outcome, Sample

GENERATOR = "tests.tools.written_rows:WrittenRows"
EMPTY: dict[str, Any] = {field.name: None for field in REGION}
DEFAULTS = {"format": "plain", "kind": "page", "lang": "en", "license": "CC0-1.0", "source": "t"}


@dataclass(frozen=True, slots=True)
class Options:
    rows: str = "[]"
    """JSON: a list of {text, doc, regions as stored, shade or pixels, and any of `DEFAULTS`}."""


class WrittenRows:
    name = GENERATOR
    label = "written"
    Options = Options

    def tasks(self, recipe: Recipe) -> Sequence[Task]:
        rows = json.loads(recipe.options.rows)
        return [
            Task(f"{recipe.name}-{i:04d}", str(row.get("doc", i)), 1, {**DEFAULTS, **row})
            for i, row in enumerate(rows)
        ]

    def open(self, recipe: Recipe) -> TaskRunner:
        return TaskRunner()


class TaskRunner:
    def run(self, task: Task, seed: TaskSeed) -> Iterable[Outcome]:
        row = task.params
        shade = int(row.get("shade", seed.generator().integers(256)))
        pixels = np.array(row.get("pixels", np.full((24, 32, 3), shade)), np.uint8)
        yield Sample(
            id=task.key,
            image=encode(pixels),
            image_format="png",
            width=pixels.shape[1],
            height=pixels.shape[0],
            prompt=row.get("prompt", "Read it."),
            doc_id=task.doc_id,
            renderer="test",
            template="",
            seed=seed.value,
            regions=_regions(row),
            meta=row.get("meta", {}),
            **{name: row[name] for name in ("text", *DEFAULTS)},
        )

    def close(self) -> None:
        pass


def _regions(row: Mapping[str, Any]) -> tuple[Region, ...]:
    """The row's own, whose missing fields are null, or a line with its text."""
    if "regions" not in row:
        return (Region((0.0, 0.0, 32.0, 24.0), row["text"], "line"),)
    return tuple(region_of({**EMPTY, **region}) for region in row["regions"])


def write_rows(out: Path, name: str, rows: Sequence[dict[str, Any]], **changes: Any) -> None:
    """Make a configuration of `out` with these rows."""
    settings = {"lang": "en", "splits": {"train": 1.0}, **changes}
    recipe = Recipe(generator=GENERATOR, name=name, options=Options(json.dumps(rows)), **settings)
    with pools(InProcess):
        local.run(RunPlan.resolve(recipe, WrittenRows()), out, generators.load, workers=1)
