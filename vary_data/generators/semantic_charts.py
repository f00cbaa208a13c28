"""`semantic-charts`: charts whose words and numbers belong together."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from renderers.charts.backend import ChartBackend
from renderers.charts.catalog import CATALOG
from renderers.charts.spec import ChartSpec
from vary_data.base.errors import SourceError
from vary_data.base.json_lines import read_json_lines
from vary_data.base.options import option
from vary_data.base.seed import TaskSeed
from vary_data.dataset.rejection import Rejection
from vary_data.engine.generator import Task
from vary_data.engine.recipe import Recipe
from vary_data.engine.sample import Outcome
from vary_data.generators.chart_drawing import BACKENDS, Origin, backend_types, draw, open_backends
from vary_data.sources.builtin.records import builtin_record
from vary_data.sources.cache import local_only
from vary_data.sources.files import named_file
from vary_data.sources.records import ChartRecord, fitting_types, problem, to_spec

MAX_DETAIL = 80
"""Characters of a record that a rejection quotes."""
WITH_LABELS = 0.6
"""Share of charts with printed values where the type allows both."""
MAX_BROKEN_LINE = 200
"""Characters that are kept of a line that is no JSON."""

BUILTIN = "built-in records"


@dataclass(frozen=True, slots=True)
class SemanticOptions:
    """Settings of the generator `semantic-charts`."""

    num_samples: int = option(1000, range=(1, None), role="count", flags=("-n", "--num-samples"))
    """Number of charts."""
    styles_per_record: int = option(4, range=(1, None))
    """Charts drawn of each record."""
    backend: str = option("both", choices=(*BACKENDS, "both"))
    """Library that draws; with `both` they alternate."""
    records: str = option("", role="path", unset="made by the built-in generator")
    """JSONL file of records to draw."""
    source: str = option(BUILTIN, flags=())
    """Source to state for the records."""
    license: str = option("CC0-1.0", flags=())
    """License to state for the records."""

    @property
    def backends(self) -> tuple[str, ...]:
        return tuple(BACKENDS) if self.backend == "both" else (self.backend,)


class SemanticCharts:
    name = "semantic-charts"
    label = "semantic-charts"
    Options = SemanticOptions

    def tasks(self, recipe: Recipe) -> Sequence[Task]:
        """One task per record and style; all styles of a record fall into one split.

        Raises:
            SourceError: the file of records cannot be read or holds none.
        """
        options: SemanticOptions = recipe.options
        needed = -(-options.num_samples // options.styles_per_record)
        if options.records:
            records = read_records(Path(local_only(options.records, "records")))[:needed]
            sources: list[dict[str, Any]] = [{"record": record} for record in records]
        else:
            sources = [{"number": number} for number in range(needed)]
        tasks = [
            Task(
                key=f"{recipe.name}-{number:07d}-{style}",
                doc_id=_doc_id(recipe, source),
                params={**source, "style": style},
            )
            for number, source in enumerate(sources)
            for style in range(options.styles_per_record)
        ]
        return tasks[: options.num_samples]

    def open(self, recipe: Recipe) -> SemanticTaskRunner:
        return SemanticTaskRunner(recipe, open_backends(recipe.options.backends, recipe.lang))


class SemanticTaskRunner:
    """Holds the backends open."""

    def __init__(self, recipe: Recipe, backends: dict[str, ChartBackend]) -> None:
        self._recipe = recipe
        self._backends = backends
        self._types = {name: set(backend_types(name)) for name in backends}

    def run(self, task: Task, seed: TaskSeed) -> Iterator[Outcome]:
        lang = self._recipe.lang
        record = self._record(task)
        reason = problem(record, lang) if record else "malformed-record"
        if record is None or reason:
            title = (
                record.title[:MAX_DETAIL] if record else str(task.params.get("record"))[:MAX_DETAIL]
            )
            return iter([Rejection(task.key, reason, title)])
        choice = seed.generator(stream="type")
        chart_type = self._pick_type(record, int(task.params["style"]), choice)
        able_backends = [name for name, types in self._types.items() if chart_type in types]
        backend = self._backends[able_backends[int(choice.integers(len(able_backends)))]]

        def spec_of(rng: np.random.Generator) -> ChartSpec:
            label_rule = CATALOG[chart_type].labeled
            labels = label_rule == "always" or (
                label_rule == "either" and rng.random() < WITH_LABELS
            )
            return to_spec(record, lang, chart_type, labels)

        options: SemanticOptions = self._recipe.options
        facts = {"topic": record.topic}
        origin = Origin("semantic_chart", options.source, options.license, facts)
        return draw(self._recipe, task, seed, backend, spec_of, origin)

    def close(self) -> None:
        for backend in self._backends.values():
            backend.close()

    def _record(self, task: Task) -> ChartRecord | None:
        if "record" in task.params:
            try:
                return ChartRecord.model_validate(task.params["record"])
            except ValueError:
                return None
        number = int(task.params["number"])
        seed = TaskSeed.of(self._recipe.seed, "builtin-record", f"{self._recipe.lang}-{number}")
        return builtin_record(number, self._recipe.lang, seed.generator())

    def _pick_type(self, record: ChartRecord, style: int, rng: np.random.Generator) -> str:
        """The record's own type first, then others that show it as well."""
        drawn = set().union(*self._types.values())
        fitting = [name for name in fitting_types(record) if name in drawn]
        if not fitting:
            return record.chart_type
        return fitting[0] if style == 0 else fitting[int(rng.integers(len(fitting)))]


def read_records(path: Path) -> list[Any]:
    """The records of a JSONL file, as plain data; lines that are no JSON stay as text.

    Raises:
        SourceError: the file cannot be read, or holds nothing.
    """
    try:
        lines = list(read_json_lines(named_file(path)))
    except OSError as error:
        raise SourceError(f"cannot read {path}: {error}", "expected JSONL of records") from error
    records = [line.text[:MAX_BROKEN_LINE] if line.problem else line.value for line in lines]
    if not records:
        raise SourceError(f"{path} holds no record", "expected one JSON object per line")
    return records


def _doc_id(recipe: Recipe, source: dict[str, Any]) -> str:
    if "number" in source:
        return f"record:{recipe.lang}-{recipe.seed}-{source['number']}"
    text = json.dumps(source["record"], ensure_ascii=False, sort_keys=True)
    return f"record:{hashlib.blake2b(text.encode(), digest_size=12).hexdigest()}"
