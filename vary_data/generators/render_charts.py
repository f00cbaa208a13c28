"""`render-charts`: random charts with their exact data."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as np

from renderers.charts.backend import ChartBackend
from renderers.charts.catalog import CATALOG
from renderers.charts.look_data import read_look
from renderers.charts.look_names import FREE, LOOKS
from renderers.charts.panels.spec import PanelSpec
from renderers.charts.spec import ChartSpec
from vary_data.base.errors import UsageError
from vary_data.base.options import option
from vary_data.base.seed import TaskSeed, stable_hash
from vary_data.dataset.rejection import Rejection
from vary_data.engine.generator import Task
from vary_data.engine.recipe import Recipe
from vary_data.engine.sample import Outcome
from vary_data.generators.chart_drawing import (
    BACKENDS,
    Origin,
    backend_types,
    draw,
    open_backends,
)
from vary_data.generators.turn_tasks import Turn, TurnTasks, corpus_tasks, problem_facts
from vary_data.sources.charts.annotations import annotated
from vary_data.sources.charts.difficulty import LEVELS, level, types_of
from vary_data.sources.charts.panels import random_figure
from vary_data.sources.charts.random_content import random_spec
from vary_data.sources.charts.type_mix import weight
from vary_data.sources.corpus import Corpus, LeftOut, chart_languages, load_corpus
from vary_data.sources.user_fonts import NO_FONTS, UserFonts, load_user_fonts

MIN_SIDE, MAX_SIDE = 240, 4096
"""Of a picture, in pixels."""
MAX_SAMPLES = 10**9
ANNOTATED_ATTEMPTS = 2


def parse_size(size: str | None) -> tuple[int, int] | None:
    """`800x600` as numbers.

    Raises:
        UsageError: it is no such pair, or a side is not between 240 and 4096 pixels.
    """
    if size is None:
        return None
    match = re.fullmatch(r"(\d{2,5})x(\d{2,5})", size)
    if match is None:
        raise UsageError(f"{size!r} is not a size", "for example 800x600")
    width, height = int(match[1]), int(match[2])
    if not all(MIN_SIDE <= side <= MAX_SIDE for side in (width, height)):
        raise UsageError(
            f"size {size} is out of range", f"each side must be {MIN_SIDE} to {MAX_SIDE} pixels"
        )
    return width, height


@dataclass(frozen=True, slots=True)
class Options:
    """Settings of the generator `render-charts`."""

    num_samples: int = option(
        1000, range=(1, MAX_SAMPLES), role="count", flags=("-n", "--num-samples")
    )
    """Number of charts."""
    backend: str = option("matplotlib", choices=(*BACKENDS, "both"))
    """Library that draws; with `both` they alternate."""
    types: tuple[str, ...] | None = option(
        None, choices=tuple(CATALOG), unset="all that the backend draws"
    )
    """Chart types, e.g. bar,pie."""
    size: str | None = option(None, metavar="WIDTHxHEIGHT", unset="varied", check=parse_size)
    """Size of the images in pixels, e.g. 800x600."""
    looks: tuple[str, ...] | None = option(
        None, choices=(FREE, *LOOKS), unset="any look for 40 % of the charts"
    )
    """Styles after programs and publications; `free` is none of them."""
    annotations: float = option(0.35, range=(0, 1), metavar="SHARE")
    """Share of charts with thresholds, events, callouts and other notes."""
    difficulty: str | None = option(None, choices=LEVELS, unset="all levels")
    """How much there is to read: number of values, printed or not, and panels (docs/charts.md)."""
    panels: float = option(0.1, range=(0, 1), metavar="SHARE")
    """Share of pictures with two to nine charts; none with --size."""
    corpus: tuple[str, ...] = option((), role="path", unset="built in")
    """Texts for names and titles: .txt, .jsonl, a folder, or a local dataset."""
    fonts: str = option("", role="path", metavar="FOLDER", unset="the installed ones of a list")
    """Fonts of one's own: a folder of .ttf, .otf and .ttc files, used in place of others."""

    @property
    def backends(self) -> tuple[str, ...]:
        return tuple(BACKENDS) if self.backend == "both" else (self.backend,)


class ChartTasks(TurnTasks):
    """One task for each chart; backends and types take turns, frequent types several in each round
    (the last part of a turn counts them). After the charts come the parts of a corpus and the files
    of fonts that cannot be used.

    The turns of a type are spread evenly over the round, so that a small run repeats few types.
    """

    def __init__(
        self,
        recipe: Recipe,
        turns: Sequence[Turn],
        corpus: str = "",
        left_out: Sequence[LeftOut] = (),
        fonts: UserFonts = NO_FONTS,
    ) -> None:
        problems = [*corpus_tasks(recipe.name, left_out), *fonts.tasks(recipe.name)]
        super().__init__(recipe, recipe.options.num_samples, turns, "turn", problems)
        of_type: dict[str, list[Turn]] = {}
        for turn in sorted(turns, key=lambda turn: (int(turn[2]), turn[0])):
            of_type.setdefault(turn[1], []).append(turn)
        self._places = {
            turn: (place, len(same)) for same in of_type.values() for place, turn in enumerate(same)
        }
        self._corpus = corpus
        self._fonts = fonts.digest

    @property
    def digest(self) -> str:
        """A hash of all that the tasks depend on, as hexadecimal digits."""
        parts = [self._name, self._seed, self._count, self._turns, self._corpus]
        text = json.dumps([*parts, problem_facts(self._problems), self._fonts], ensure_ascii=False)
        return f"{stable_hash('charts', text, bits=128):032x}"

    def rank(self, number: int, turn: Turn) -> float:
        """A share of the round; random are the type's first place, and which turn has it."""
        place, count = self._places[turn]
        first, start = (
            stable_hash(self._seed, purpose, number, turn[1]) for purpose in ("turn", "first")
        )
        return ((place + first) % count + start / 2**64) / count

    def params(self, turn: Turn) -> dict[str, Any]:
        """Backend, type, and what of the user's the chart depends on."""
        backend, type_, _ = turn
        params = {"backend": backend, "type": type_}
        if self._corpus:
            params["corpus"] = self._corpus
        if self._fonts:
            params["fonts"] = self._fonts
        return params


class RenderCharts:
    """The generator `render-charts`."""

    name = "render-charts"
    label = "charts"
    languages = chart_languages()
    Options = Options

    def tasks(self, recipe: Recipe) -> Sequence[Task]:
        """One task for each chart.

        Raises:
            UsageError: no chosen backend draws one of the types.
            SourceError: the corpus or the fonts cannot be used.
        """
        options: Options = recipe.options
        wanted_types = options.types
        turns = [
            (backend, name, str(number))
            for backend in options.backends
            for name in backend_types(backend)
            if not wanted_types or name in wanted_types
            for number in range(1 if wanted_types else weight(name))
        ]
        drawn = {t for _, t, _ in turns}
        for name in options.types or ():
            if name not in drawn:
                others = " or ".join(b for b in BACKENDS if name in backend_types(b))
                raise UsageError(
                    f"{options.backend} does not draw {name!r}",
                    f"use --backend {others}",
                )
        by_hand = [n for n in options.looks or () if n != FREE and read_look(n).trim.jitter]
        if by_hand and tuple(by_hand) == options.looks and "matplotlib" not in options.backends:
            raise UsageError(
                f"{options.backend} has no look {', '.join(by_hand)}", "use --backend matplotlib"
            )
        if options.difficulty:
            able = types_of(options.difficulty)
            turns = [turn for turn in turns if turn[1] in able]
            if not turns:
                raise UsageError(
                    f"no {options.difficulty} chart of the types {', '.join(sorted(drawn))}",
                    "other --types, or another --difficulty",
                )
        # A user's files are read here already: what is wrong with them shows before any work, and
        # their digest is part of the plan.
        fonts = load_user_fonts(recipe.lang, options.fonts)
        if not options.corpus:
            return ChartTasks(recipe, turns, fonts=fonts)
        corpus = load_corpus(recipe.lang, options.corpus, fonts.families)
        return ChartTasks(recipe, turns, corpus.digest, corpus.left_out, fonts)

    def open(self, recipe: Recipe) -> ChartTaskRunner:
        options: Options = recipe.options
        fonts = load_user_fonts(recipe.lang, options.fonts)
        corpus = load_corpus(recipe.lang, options.corpus, fonts.families)
        size = parse_size(options.size)
        backends = open_backends(options.backends, recipe.lang, size, options.looks, fonts.families)
        return ChartTaskRunner(recipe, corpus, backends, fonts)


class ChartTaskRunner:
    """Holds the backends and the words open."""

    def __init__(
        self,
        recipe: Recipe,
        corpus: Corpus,
        backends: dict[str, ChartBackend],
        fonts: UserFonts = NO_FONTS,
    ) -> None:
        self._recipe = recipe
        self._fonts = fonts
        self._corpus = corpus
        self._backends = backends

    def run(self, task: Task, seed: TaskSeed) -> Iterator[Outcome]:
        if "problem" in task.params:
            return iter([Rejection(task.key, task.params["problem"], task.params["detail"])])
        if changed := self._fonts.changed(task):
            return iter([changed])
        backend = self._backends[task.params["backend"]]
        origin = Origin("chart", self._corpus.source, self._corpus.license, {})
        return draw(
            self._recipe,
            task,
            seed,
            backend,
            self._specs(task, backend),
            origin,
        )

    def _specs(
        self, task: Task, backend: ChartBackend
    ) -> Callable[[np.random.Generator], ChartSpec | PanelSpec]:
        """A function that gives the content of each further attempt to draw a task."""
        options: Options = self._recipe.options
        attempts = count()
        type_ = task.params["type"]
        figures = backend.figures and not options.size and options.difficulty in (None, "hard")

        def spec(rng: np.random.Generator) -> ChartSpec | PanelSpec:
            early = next(attempts) < ANNOTATED_ATTEMPTS
            if figures and rng.random() < options.panels and early:
                # With `both`, a type that is asked for may be drawn by the other backend alone.
                wanted_types = options.types or sorted(backend.types)
                types = tuple(name for name in wanted_types if name in backend.types)
                known = backend.forms, backend.annotations, options.annotations
                figure = random_figure(type_, types, self._corpus, rng, *known)
                if figure is not None and self._has_level(figure):
                    return figure
            made = random_spec(
                type_,
                self._recipe.lang,
                self._corpus,
                rng,
                backend.forms,
                options.difficulty,
            )
            wanted = rng.random() < options.annotations
            # What two attempts could not draw with annotations or panels is drawn without them.
            if wanted and backend.annotations and early:
                return annotated(made, backend.annotations, self._corpus, rng)
            return made

        return spec

    def _has_level(self, figure: PanelSpec) -> bool:
        wanted = self._recipe.options.difficulty
        return wanted is None or level(*(panel.spec for panel in figure.panels)) == wanted

    def close(self) -> None:
        for backend in self._backends.values():
            backend.close()
