"""Draws pools of candidates, larger ones while something is missing, and makes the test set."""

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
from vary_data.testset.choice import Candidate, choose
from vary_data.testset.excluded import Excluded
from vary_data.testset.pools import FOLDER, Pool, pools
from vary_data.testset.request import CHARTS, SAYS, SPLIT, Request

COLUMNS = ("id", "doc_id", "lang", "format", "text", "source", "license", "meta")

Runner = Callable[[Recipe, Path], None]
"""Makes what is missing of a recipe in a folder."""
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Result:
    """`chosen` by configuration, in order; `wanted` how many were asked for. `documents` and
    `samples` count what was left out for the datasets to exclude."""

    chosen: Mapping[str, Sequence[Candidate]]
    wanted: Mapping[str, int]
    documents: int
    samples: int
    exclude: tuple[Dataset, ...] = ()

    def missing(self) -> str:
        """In words, what there is too little of; empty when nothing."""
        short = [
            f"{len(self.chosen[part]):,} of {count:,} {SAYS[part]}"
            for part, count in self.wanted.items()
            if len(self.chosen[part]) < count
        ]
        return ", ".join(short)


@dataclass(slots=True)
class _Drawn:
    """A pool as far as it was drawn."""

    pool: Pool
    size: int = -1
    candidates: list[Candidate] = field(default_factory=list)
    complete: bool = False


def survey(request: Request) -> Iterator[str]:
    """A line per pool that says what there is, without drawing anything."""
    excluded = _excluded(request, lambda done, total: None)
    for pool in pools(request, excluded.known):
        parts = ", ".join(SAYS[part] for part in pool.parts)
        if pool.documents is None:
            yield f"{parts}: {request.charts} of each type"
            continue
        found = pool.documents.held_out + pool.documents.excluded
        yield (
            f"{parts}: {pool.wanted:,} wanted, {found:,} documents found, "
            f"{pool.documents.excluded:,} of them in a dataset to exclude"
        )


def build(
    request: Request,
    output: Path,
    run: Runner,
    allow_fewer: bool = False,
    progress: Progress = lambda done, total: None,
) -> Result:
    """Make the test set in `output` with `run`.

    Raises:
        SourceError: the sources do not give enough, and `allow_fewer` is not set.
        PlanMismatch: the folder holds another test set.
        UsageError, OutputError: as any run.
    """
    _check_output(output, request)
    excluded = _excluded(request, progress)
    drawn = [_Drawn(pool) for pool in pools(request, excluded.known)]
    folder = output / FOLDER
    for one in drawn:
        _draw(one, request, folder, run)
    while True:
        result = _choose(drawn, excluded, request)
        short = [d for d in drawn if not d.complete and _is_short(d.pool, result)]
        if not short:
            break
        for one in short:
            _draw(one, request, folder, run)
    if missing := result.missing():
        left_out = (
            f" ({result.documents:,} documents and {result.samples:,} samples are in a dataset "
            "to exclude)"
        )
        message = f"the sources give {missing}{left_out if result.exclude else ''}"
        if not allow_fewer or not any(result.chosen.values()):
            raise SourceError(message, "name more documents, or --allow-fewer for what there is")
    for part, chosen in result.chosen.items():
        if chosen:
            run(_selection(part, chosen, request, folder), output)
    return result


def _check_output(output: Path, request: Request) -> None:
    """A manifest lists all of a test set, so nothing of an earlier one may stay beside it."""
    there = [config.name for config in find_configs(output)]
    others = sorted(set(there) & set(SAYS) - set(request.parts()))
    if others:
        raise PlanMismatch(
            f"{output} holds {', '.join(others)} of a test set, which is not asked for now",
            "choose another folder with -o, or delete it",
        )


def _excluded(request: Request, progress: Progress) -> Excluded:
    datasets = [Dataset.open(path) for path in request.exclude]
    return Excluded(datasets, request.max_overlap, progress)


def _draw(drawn: _Drawn, request: Request, folder: Path, run: Runner) -> None:
    """Draw the next size of a pool; it is complete when there is nothing more to draw."""
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


def _choose(drawn: Sequence[_Drawn], excluded: Excluded, request: Request) -> Result:
    everything = [candidate for one in drawn for candidate in one.candidates]
    blocked = excluded.blocked(everything)
    chosen: dict[str, list[Candidate]] = {}
    wanted = dict(request.wanted())
    for one in drawn:
        left = [c for c in one.candidates if c.id not in blocked]
        for part in one.pool.parts:
            taken = [c for other in chosen.values() for c in other]
            chosen[part] = choose(part, left, taken, request)
            if part in CHARTS:
                types = {c.chart_type for c in one.candidates}
                wanted[part] = request.charts * len(types)
    documents = sum(one.pool.documents.excluded for one in drawn if one.pool.documents)
    return Result(chosen, wanted, documents, len(blocked), tuple(excluded.datasets))


def _is_short(pool: Pool, result: Result) -> bool:
    return any(len(result.chosen[part]) < result.wanted[part] for part in pool.parts)


def _selection(part: str, chosen: Sequence[Candidate], request: Request, folder: Path) -> Recipe:
    """Write down what was chosen; the recipe that copies it."""
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
