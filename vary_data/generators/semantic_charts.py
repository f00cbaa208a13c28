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
from renderers.charts.spec import ChartSpec
from vary_data.base.errors import UsageError
from vary_data.base.options import option
from vary_data.base.seed import TaskSeed
from vary_data.dataset.languages import language_name
from vary_data.dataset.rejection import Rejection
from vary_data.dataset.schema import LANGUAGES
from vary_data.engine.generator import Task
from vary_data.engine.recipe import Recipe
from vary_data.engine.sample import Outcome
from vary_data.generators.chart_drawing import (
    BACKENDS,
    Origin,
    backend_types,
    draw,
    drawn_types,
    open_backends,
)
from vary_data.sources.builtin.records import builtin_content
from vary_data.sources.cache import local_only
from vary_data.sources.charts.content import ChartContent, to_spec, wants_labels
from vary_data.sources.corpus import chart_languages
from vary_data.sources.records.content import content_of
from vary_data.sources.records.files import RecordSource, read_records
from vary_data.sources.records.models import RecordProblem
from vary_data.sources.user_fonts import NO_FONTS, UserFonts, load_user_fonts

MAX_DETAIL = 160
"""Characters of what is wrong with a record."""
MAX_SAMPLES = 5_000_000
"""Tasks are listed, which takes 3 GB for so many."""
WITH_LABELS = 0.6
"""Share of charts with printed values where the type allows both."""

BUILTIN = "built-in records"


@dataclass(frozen=True, slots=True)
class SemanticOptions:
    """Settings of the generator `semantic-charts`."""

    num_samples: int = option(
        1000, range=(1, MAX_SAMPLES), role="count", flags=("-n", "--num-samples")
    )
    """Number of charts."""
    styles_per_record: int = option(4, range=(1, None))
    """Charts drawn of each record."""
    backend: str = option("both", choices=(*BACKENDS, "both"))
    """Library that draws; with `both` they alternate."""
    records: str = option("", role="path", unset="made by the built-in generator")
    """Records and tables to draw: a JSONL, JSON or CSV file, or a folder of them."""
    fonts: str = option("", role="path", metavar="FOLDER", unset="the installed ones of a list")
    """Fonts of one's own: a folder of .ttf, .otf and .ttc files, used in place of others."""
    source: str = option(BUILTIN, flags=())
    """Source to state for the records."""
    license: str = option("CC0-1.0", flags=())
    """License to state for the records."""

    @property
    def backends(self) -> tuple[str, ...]:
        return tuple(BACKENDS) if self.backend == "both" else (self.backend,)


class SemanticCharts:
    """The generator `semantic-charts`."""

    name = "semantic-charts"
    label = "semantic-charts"
    languages = chart_languages()
    Options = SemanticOptions

    def tasks(self, recipe: Recipe) -> Sequence[Task]:
        """One task per record and style; all styles of a record fall into one split.

        Raises:
            UsageError: the built-in generator has no words of the language.
            SourceError: the file of records cannot be read or holds none, or the fonts cannot be
                used.
        """
        options: SemanticOptions = recipe.options
        if not options.records and recipe.lang not in LANGUAGES:
            raise UsageError(
                f"the built-in generator writes no records in {language_name(recipe.lang)}",
                "use --provider openai with a language model, or --records with your own",
            )
        fonts = load_user_fonts(recipe.lang, options.fonts)
        planned = {"fonts": fonts.digest} if fonts.digest else {}
        styles = min(options.styles_per_record, options.num_samples)
        needed = -(-options.num_samples // styles)
        if options.records:
            records = read_records(Path(local_only(options.records, "records")))[:needed]
            sources: list[dict[str, Any]] = [_params(record) for record in records]
        else:
            sources = [{"number": number} for number in range(needed)]
        tasks = [
            Task(
                key=f"{recipe.name}-{number:07d}-{style}",
                doc_id=_doc_id(recipe, source),
                params={**source, **planned, "style": style},
            )
            for number, source in enumerate(sources)
            for style in range(styles)
        ]
        return tasks[: options.num_samples] + fonts.tasks(recipe.name)

    def open(self, recipe: Recipe) -> SemanticTaskRunner:
        options: SemanticOptions = recipe.options
        fonts = load_user_fonts(recipe.lang, options.fonts)
        backends = open_backends(options.backends, recipe.lang, fonts=fonts.families)
        return SemanticTaskRunner(recipe, backends, fonts)


class SemanticTaskRunner:
    """Holds the backends open."""

    def __init__(
        self, recipe: Recipe, backends: dict[str, ChartBackend], fonts: UserFonts = NO_FONTS
    ) -> None:
        self._recipe = recipe
        self._fonts = fonts
        self._backends = backends
        self._types = {name: set(backend_types(name)) for name in backends}

    def run(self, task: Task, seed: TaskSeed) -> Iterator[Outcome]:
        if "problem" in task.params:
            return iter([Rejection(task.key, task.params["problem"], task.params["detail"])])
        if changed := self._fonts.changed(task):
            return iter([changed])
        try:
            content = self._content(task, seed)
        except RecordProblem as problem:
            place = task.params.get("place", "")
            detail = ": ".join(filter(None, (place, problem.detail)))
            return iter([Rejection(task.key, problem.reason, detail[:MAX_DETAIL])])
        choice = seed.generator(stream="type")
        chart_type = self._pick_type(content, int(task.params["style"]), choice)
        able_backends = [name for name, types in self._types.items() if chart_type in types]
        if not able_backends:
            return iter([Rejection(task.key, "no-backend", chart_type)])
        backend = self._backends[able_backends[int(choice.integers(len(able_backends)))]]

        def spec_of(rng: np.random.Generator) -> ChartSpec:
            labels = wants_labels(content.data, chart_type, WITH_LABELS, rng)
            return to_spec(content, chart_type, labels=labels)

        options: SemanticOptions = self._recipe.options
        facts = {"topic": content.topic}
        origin = Origin("semantic_chart", options.source, options.license, facts)
        return draw(self._recipe, task, seed, backend, spec_of, origin)

    def close(self) -> None:
        for backend in self._backends.values():
            backend.close()

    def _content(self, task: Task, seed: TaskSeed) -> ChartContent:
        """The content of a task; the styles of one record may print its numbers differently."""
        lang, params = self._recipe.lang, task.params
        notation = seed.generator(stream="notation")
        if "reason" in params:
            raise RecordProblem(params["reason"], params["detail"])
        if "record" in params:
            return content_of(params["record"], lang, notation)
        number = int(params["number"])
        record_seed = TaskSeed.of(self._recipe.seed, "builtin-record", f"{lang}-{number}")
        types = drawn_types(self._types)
        return builtin_content(number, lang, record_seed.generator(), notation, types)

    def _pick_type(self, content: ChartContent, style: int, rng: np.random.Generator) -> str:
        """The content's own type first, then others that show it as well."""
        drawn = set().union(*self._types.values())
        fitting = [name for name in content.types if name in drawn]
        if not fitting:
            return content.types[0]
        return fitting[0] if style == 0 else fitting[int(rng.integers(len(fitting)))]


def _params(source: RecordSource) -> dict[str, Any]:
    """What a task needs of a record: its data, or why there are none."""
    if source.reason:
        return {"place": source.place, "reason": source.reason, "detail": source.detail}
    return {"place": source.place, "record": source.value}


def _doc_id(recipe: Recipe, source: dict[str, Any]) -> str:
    if "number" in source:
        return f"record:{recipe.lang}-{recipe.seed}-{source['number']}"
    text = json.dumps(source.get("record", source["place"]), ensure_ascii=False, sort_keys=True)
    return f"record:{hashlib.blake2b(text.encode(), digest_size=12).hexdigest()}"
