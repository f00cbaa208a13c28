"""`web-pages`: pages of many genres, composed from a seed and laid out in Chromium."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from renderers.picture import ImageFormat, encode
from renderers.rejected import Rejected
from vary_data.base.errors import ToolMissing, UsageError, WorkerBroken, nearest
from vary_data.base.options import option
from vary_data.base.seed import TaskSeed, stable_hash
from vary_data.dataset.languages import languages
from vary_data.dataset.rejection import Rejection
from vary_data.engine.generator import Task
from vary_data.engine.recipe import Recipe
from vary_data.engine.sample import Outcome, Sample
from vary_data.generators import prompts
from vary_data.generators.turn_tasks import Turn, TurnTasks, corpus_tasks, problem_facts
from vary_data.sources.prose.built_in import ProseCorpus
from vary_data.sources.prose.prose import load_prose
from vary_data.sources.user_fonts import UserFonts, load_user_fonts
from vary_data.sources.web_pages.genres import GENRES, genres_of
from vary_data.sources.web_pages.scramble import TEXTS

if TYPE_CHECKING:
    from renderers.web.renderer import RenderedPage, WebRenderer

ATTEMPTS = 4
MAX_SAMPLES = 10**9
KIND = "web_page"


@dataclass(frozen=True, slots=True)
class Options:
    """Settings of the generator `web-pages`."""

    num_samples: int = option(
        1000, range=(1, MAX_SAMPLES), role="count", flags=("-n", "--num-samples")
    )
    """Number of pages."""
    genres: tuple[str, ...] | None = option(
        None, choices=tuple(GENRES), unset="all of the language"
    )
    """Kinds of pages, e.g. newspaper,invoice."""
    text: str = option("natural", choices=TEXTS)
    """Sentences; or words in random order, random letters in the shapes of words, rare characters;
    mixed takes turns."""
    format: str = option("markdown", choices=("markdown", "plain"))
    """Markdown with headings, lists and tables; or plain text, a line for each block."""
    long_side: int = option(1280, range=(640, 4096), unit="pixels")
    """Longer side of the sheet. A sheet that is as long as its content may be shorter."""
    corpus: tuple[str, ...] = option((), role="path", unset="built in")
    """Texts for sentences: .txt, .jsonl, a folder, or a local dataset."""
    fonts: str = option("", role="path", metavar="FOLDER", unset="the installed ones of a list")
    """Fonts of one's own: a folder of .ttf, .otf and .ttc files, used in place of others."""


class PageTasks(TurnTasks):
    """One task for each page; genres take turns by their shares. After the pages come the parts of
    a corpus and the files of fonts that cannot be used."""

    def __init__(
        self, recipe: Recipe, genres: Sequence[str], corpus: ProseCorpus, fonts: UserFonts
    ) -> None:
        turns = [(f"{genre}/{n}",) for genre in genres for n in range(GENRES[genre].share)]
        problems = [*corpus_tasks(recipe.name, corpus.left_out), *fonts.tasks(recipe.name)]
        super().__init__(recipe, recipe.options.num_samples, turns, "genre", problems)
        self._corpus = corpus.digest
        self._fonts = fonts.digest

    @property
    def digest(self) -> str:
        """A hash of all that the tasks depend on, as hexadecimal digits."""
        turns = [turn for (turn,) in self._turns]
        parts = [self._name, self._seed, self._count, turns, self._corpus, self._fonts]
        parts += problem_facts(self._problems)
        return f"{stable_hash('web-pages', json.dumps(parts), bits=128):032x}"

    def params(self, turn: Turn) -> dict[str, Any]:
        """Genre, and what of the user's the page depends on."""
        params = {"genre": turn[0].partition("/")[0], "corpus": self._corpus}
        if self._fonts:
            params["fonts"] = self._fonts
        return params


class WebPages:
    """The generator `web-pages`."""

    name = "web-pages"
    label = "web-pages"
    Options = Options
    languages = tuple(languages())

    def tasks(self, recipe: Recipe) -> Sequence[Task]:
        """One task for each page.

        Raises:
            UsageError: a genre does not exist in the language.
            SourceError: the corpus or the fonts cannot be used.
        """
        options: Options = recipe.options
        known = genres_of(recipe.lang)
        for name in options.genres or ():
            if name not in known:
                what = f"there are no {name} pages in --lang {recipe.lang}"
                raise UsageError(what, nearest(name, known) or f"known: {', '.join(known)}")
        turns = [name for name in known if not options.genres or name in options.genres]
        fonts = load_user_fonts(recipe.lang, options.fonts)
        corpus = load_prose(recipe.lang, options.corpus, fonts.families)
        return PageTasks(recipe, turns, corpus, fonts)

    def open(self, recipe: Recipe) -> PageTaskRunner:
        return PageTaskRunner(recipe)


class PageTaskRunner:
    """Holds the browser and the words open.

    Raises:
        ToolMissing: Chromium or the fonts of the language are not installed.
    """

    def __init__(self, recipe: Recipe) -> None:
        from renderers.fonts import families, packages
        from renderers.tool_errors import ToolNotFound
        from renderers.web.renderer import WebRenderer

        options: Options = recipe.options
        self._fonts = load_user_fonts(recipe.lang, options.fonts)
        self._families = self._fonts.families or families(recipe.lang)
        if not self._families:
            raise ToolMissing(
                f"none of the fonts for --lang {recipe.lang} is installed",
                f"install {packages(recipe.lang)[0]}; `vary-data doctor` lists all of them",
            )
        self._recipe = recipe
        self._corpus = load_prose(recipe.lang, options.corpus, self._fonts.families)
        try:
            self._renderer: WebRenderer = WebRenderer(
                options.long_side,
                (recipe.lang, "en"),
                fonts=self._fonts.families,
                markdown=options.format == "markdown",
            )
        except ToolNotFound as error:
            raise ToolMissing(error.message, error.hint) from error

    def run(self, task: Task, seed: TaskSeed) -> Iterator[Outcome]:
        """Up to `ATTEMPTS` pages until one passes its audit, with a rejection for each other."""
        from renderers.tool_errors import BackendDied
        from vary_data.sources.web_pages.page import compose_page

        if "problem" in task.params:
            yield Rejection(task.key, task.params["problem"], task.params["detail"])
            return
        if changed := self._fonts.changed(task):
            yield changed
            return
        options: Options = self._recipe.options
        genre = task.params["genre"]
        for attempt in range(ATTEMPTS):
            rng = seed.generator(attempt)
            try:
                made = compose_page(
                    genre, self._corpus, options.text, options.long_side, self._families, rng
                )
                page = self._renderer.render(made.page, made.style)
            except Rejected as rejected:
                retried = attempt + 1 < ATTEMPTS
                detail = f"{genre}: {rejected.detail}"
                yield Rejection(task.key, rejected.reason, detail, attempt, retried)
                continue
            except BackendDied as error:
                raise WorkerBroken(error.message, error.hint) from error
            yield self._sample(task, seed, attempt, made.meta, page)
            return

    def close(self) -> None:
        self._renderer.close()

    def _sample(
        self, task: Task, seed: TaskSeed, attempt: int, meta: dict[str, Any], page: RenderedPage
    ) -> Sample:
        recipe = self._recipe
        image_format = cast(ImageFormat, recipe.image_format)
        format_: str = recipe.options.format
        return Sample(
            id=task.key,
            image=encode(page.picture.pixels, image_format),
            image_format=image_format,
            width=page.picture.width,
            height=page.picture.height,
            text=page.text,
            prompt=prompts.pick(seed.generator(attempt, "prompt"), format_, recipe.lang),
            kind=KIND,
            format=format_,
            lang=recipe.lang,
            doc_id=task.doc_id,
            source=self._corpus.source,
            license=self._corpus.license,
            renderer=self._renderer.name,
            template=meta["look"],
            seed=seed.value,
            attempt=attempt,
            regions=page.picture.regions,
            meta={
                **meta,
                "size": round(page.size, 2),
                "repairs": list(page.repairs),
                "text_ink": round(page.text_ink, 3),
            },
        )
