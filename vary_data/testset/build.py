"""Draws pools of candidates, larger ones while samples are missing, and makes the test set."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from vary_data import generators
from vary_data.base.errors import PlanMismatch, SourceError
from vary_data.dataset.reader import Dataset, DatasetConfig, find_configs
from vary_data.engine.generator import Task
from vary_data.engine.recipe import Recipe
from vary_data.engine.writer import write_text
from vary_data.quality.progress import ProgressCallback
from vary_data.testset.choice import Candidate, choose
from vary_data.testset.excluded import Excluded
from vary_data.testset.pools import FOLDER, Pool, pools
from vary_data.testset.request import CHARTS, PART_LABELS, SPLIT, BuildRequest

COLUMNS = ("id", "doc_id", "lang", "format", "text", "source", "license", "meta")

RunRecipe = Callable[[Recipe, Path], None]
"""Makes the missing shards of a recipe in a folder."""


@dataclass(frozen=True, slots=True)
class BuildResult:
    """`chosen` samples and `wanted` numbers of each configuration.

    `documents` and `samples` are the numbers that were excluded because of other datasets.
    """

    chosen: Mapping[str, Sequence[Candidate]]
    wanted: Mapping[str, int]
    documents: int
    samples: int
    exclude: tuple[Dataset, ...] = ()

    def missing(self) -> str:
        """A message about the configurations with too few samples; empty if there are none."""
        short = [
            f"{len(self.chosen[part]):,} of {count:,} {PART_LABELS[part]}"
            for part, count in self.wanted.items()
            if len(self.chosen[part]) < count
        ]
        return ", ".join(short)


@dataclass(slots=True)
class _DrawnPool:
    """A pool and the candidates that were drawn from it so far."""

    pool: Pool
    size: int = -1
    candidates: list[Candidate] = field(default_factory=list)
    complete: bool = False


def survey(request: BuildRequest) -> Iterator[str]:
    """A line per pool about its documents, without drawing anything."""
    excluded = _excluded(request, lambda done, total: None)
    for pool in pools(request, excluded.known):
        parts = ", ".join(PART_LABELS[part] for part in pool.parts)
        if pool.documents is None:
            yield f"{parts}: {request.charts} of each type"
            continue
        found = pool.documents.held_out + pool.documents.excluded
        yield (
            f"{parts}: {pool.wanted:,} wanted, {found:,} documents found, "
            f"{pool.documents.excluded:,} of them in a dataset to exclude"
        )


def build(
    request: BuildRequest,
    output: Path,
    run: RunRecipe,
    allow_fewer: bool = False,
    progress: ProgressCallback = lambda done, total: None,
) -> BuildResult:
    """Make the test set in `output` with `run`.

    Raises:
        SourceError: the sources do not give enough samples, without `allow_fewer`.
        PlanMismatch: the folder contains another test set.
        UsageError: as in any run.
        OutputError: as in any run.
    """
    _check_output(output, request)
    excluded = _excluded(request, progress)
    drawn = [_DrawnPool(pool) for pool in pools(request, excluded.known)]
    folder = output / FOLDER
    for drawn_pool in drawn:
        _draw(drawn_pool, request, folder, run)
    while True:
        result = _choose(drawn, excluded, request)
        short = [d for d in drawn if not d.complete and _is_short(d.pool, result)]
        if not short:
            break
        for drawn_pool in short:
            _draw(drawn_pool, request, folder, run)
    if missing := result.missing():
        left_out = (
            f" ({result.documents:,} documents and {result.samples:,} samples are in a dataset "
            "to exclude)"
        )
        message = f"the sources give {missing}{left_out if result.exclude else ''}"
        if not allow_fewer or not any(result.chosen.values()):
            raise SourceError(message, "give more documents, or use --allow-fewer")
    for part, chosen in result.chosen.items():
        if chosen:
            run(_selection(part, chosen, request, folder), output)
    return result


def _check_output(output: Path, request: BuildRequest) -> None:
    """Check that the folder has no configurations of another test set.

    Raises:
        PlanMismatch: it has; the manifest would not list them.
    """
    existing = [config.name for config in find_configs(output)]
    others = sorted(set(existing) & set(PART_LABELS) - set(request.parts()))
    if others:
        raise PlanMismatch(
            f"{output} contains {', '.join(others)} of a test set, which is not requested now",
            "choose another folder with -o, or delete it",
        )


def _excluded(request: BuildRequest, progress: ProgressCallback) -> Excluded:
    datasets = [Dataset.open(path) for path in request.exclude]
    return Excluded(datasets, request.max_overlap, progress)


def _draw(drawn: _DrawnPool, request: BuildRequest, folder: Path, run: RunRecipe) -> None:
    """Draw the next size of a pool; it is complete if a larger size has no more candidates."""
    if drawn.pool.documents is not None and not drawn.pool.documents.paths:
        drawn.complete = True
        return
    drawn.size += 1
    recipe = drawn.pool.recipe(request, drawn.size)
    if drawn.size and _tasks(recipe) == _tasks(drawn.pool.recipe(request, drawn.size - 1)):
        drawn.complete = True
        return
    run(recipe, folder)
    rows = DatasetConfig(folder / recipe.name).rows(COLUMNS)
    before = len(drawn.candidates)
    drawn.candidates = [Candidate.of(recipe.name, row) for row in rows]
    drawn.complete = drawn.size > 0 and len(drawn.candidates) <= before


def _tasks(recipe: Recipe) -> list[Task]:
    return list(generators.load(recipe.generator).tasks(recipe))


def _choose(drawn: Sequence[_DrawnPool], excluded: Excluded, request: BuildRequest) -> BuildResult:
    everything = [candidate for pool in drawn for candidate in pool.candidates]
    blocked = excluded.blocked(everything)
    chosen: dict[str, list[Candidate]] = {}
    wanted = dict(request.wanted())
    for drawn_pool in drawn:
        left = [c for c in drawn_pool.candidates if c.id not in blocked]
        for part in drawn_pool.pool.parts:
            taken = [c for other in chosen.values() for c in other]
            chosen[part] = choose(part, left, taken, request)
            if part in CHARTS:
                types = {c.chart_type for c in drawn_pool.candidates}
                wanted[part] = request.charts * len(types)
    documents = sum(d.pool.documents.excluded for d in drawn if d.pool.documents)
    return BuildResult(chosen, wanted, documents, len(blocked), tuple(excluded.datasets))


def _is_short(pool: Pool, result: BuildResult) -> bool:
    return any(len(result.chosen[part]) < result.wanted[part] for part in pool.parts)


def _selection(
    part: str, chosen: Sequence[Candidate], request: BuildRequest, folder: Path
) -> Recipe:
    """Write the list of chosen samples, and return the recipe that copies them."""
    path = folder / f"{part}.json"
    entries = [{"folder": c.folder, "id": c.id, "doc_id": c.doc_id} for c in chosen]
    write_text(path, json.dumps(entries, ensure_ascii=False, indent=0) + "\n")
    data = {
        "generator": "select",
        "name": part,
        "lang": "zh" if part.endswith("-zh") else "en",
        "options": {"selection": str(path)},
        "seed": request.seed,
        "splits": {SPLIT: 1.0},
    }
    return Recipe.from_dict(data, generators.load("select").Options)
