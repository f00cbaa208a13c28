"""`web-pages`: pages of many genres, composed from a seed and laid out in Chromium."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import compress
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
from vary_data.generators.web_documents import DocumentReader, StoredContent, document_tasks
from vary_data.sources.prose.built_in import ProseCorpus
from vary_data.sources.prose.prose import load_prose
from vary_data.sources.user_fonts import UserFonts, load_user_fonts
from vary_data.sources.web_pages.contents.filling import CONTENTS, Contents, open_photos
from vary_data.sources.web_pages.contents.needs import check_installed
from vary_data.sources.web_pages.documents.rows import hold_documents
from vary_data.sources.web_pages.genres import GENRES, genres_of
from vary_data.sources.web_pages.scramble import TEXTS

if TYPE_CHECKING:
    import numpy as np

    from renderers.web.renderer import RenderedPage, WebRenderer
    from vary_data.sources.web_pages.page import ComposedPage

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
    """Texts for sentences: .txt, .jsonl, a folder, or a local dataset; or a dataset of
    latex or pages, whose documents are set again."""
    fonts: str = option("", role="path", metavar="FOLDER", unset="the installed ones of a list")
    """Fonts of one's own: a folder of .ttf, .otf and .ttc files, used in place of others."""
    drawn_as: str = option("screenshot", choices=("screenshot", "pdf"), flags=("--as",))
    """How pages become pictures: a screenshot, or the browser's PDF drawn by MuPDF."""
    content: tuple[str, ...] = option((), choices=CONTENTS, unset="drawings, simple formulas")
    """Content of other kinds: charts, formulas by KaTeX, molecules by RDKit."""
    coco: str = option("", role="path", unset="drawings")
    """Photographs for figures: a COCO root, a folder or archive of pictures, or a local dataset."""
    coco_split: str | None = option(
        None, unset="train2017 or train, or all pictures of another folder"
    )
    """Folder and annotations of a COCO root, or split of a local dataset."""
    photo_license: str = option("", unset="unknown")
    """License to state for photographs without one in the annotations."""


class PageTasks(TurnTasks):
    """One task for each page; genres take turns by their shares. After the pages come the parts of
    a corpus and the files of fonts that cannot be used."""

    def __init__(
        self,
        recipe: Recipe,
        genres: Sequence[str],
        corpus: ProseCorpus,
        fonts: UserFonts,
        photos: str = "",
    ) -> None:
        turns = [(f"{genre}/{n}",) for genre in genres for n in range(GENRES[genre].share)]
        problems = [*corpus_tasks(recipe.name, corpus.left_out), *fonts.tasks(recipe.name)]
        super().__init__(recipe, recipe.options.num_samples, turns, "genre", problems)
        self._corpus = corpus.digest
        self._fonts = fonts.digest
        self._photos = photos

    @property
    def digest(self) -> str:
        """A hash of all that the tasks depend on, as hexadecimal digits."""
        turns = [turn for (turn,) in self._turns]
        parts = [self._name, self._seed, self._count, turns, self._corpus, self._fonts]
        parts += [*problem_facts(self._problems), self._photos]
        return f"{stable_hash('web-pages', json.dumps(parts), bits=128):032x}"

    def params(self, turn: Turn) -> dict[str, Any]:
        """Genre, and what of the user's the page depends on."""
        params = {"genre": turn[0].partition("/")[0], "corpus": self._corpus}
        if self._fonts:
            params["fonts"] = self._fonts
        if self._photos:
            params["photos"] = self._photos
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
            UsageError: a genre or the content does not exist in the language.
            SourceError: the corpus, the photographs or the fonts cannot be used.
            ToolMissing: what the content needs is not installed.
        """
        options: Options = recipe.options
        check_installed(options.content, recipe.lang)
        fonts = load_user_fonts(recipe.lang, options.fonts)
        photos = open_photos(options.coco, options.coco_split, options.photo_license)
        digest = photos.digest if photos else ""
        if hold_documents(options.corpus):
            params = {"photos": digest, "fonts": fonts.digest}
            made = document_tasks(recipe, {name: key for name, key in params.items() if key})
            return [*made, *fonts.tasks(recipe.name)]
        known = genres_of(recipe.lang)
        for name in options.genres or ():
            if name not in known:
                what = f"there are no {name} pages in --lang {recipe.lang}"
                raise UsageError(what, nearest(name, known) or f"known: {', '.join(known)}")
        turns = [name for name in known if not options.genres or name in options.genres]
        corpus = load_prose(recipe.lang, options.corpus, fonts.families)
        return PageTasks(recipe, turns, corpus, fonts, digest)

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
        from renderers.web.katex import has_katex
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
        documents = hold_documents(options.corpus)
        paths = () if documents else options.corpus
        self._corpus = load_prose(recipe.lang, paths, self._fonts.families)
        self._photos = open_photos(options.coco, options.coco_split, options.photo_license)
        self._contents = Contents(options.content, recipe.lang, self._fonts.families, self._photos)
        try:
            self._renderer: WebRenderer = WebRenderer(
                options.long_side,
                (recipe.lang, "en"),
                fonts=self._fonts.families,
                markdown=options.format == "markdown",
                katex="formulas" in options.content or (documents and has_katex()),
                as_pdf=options.drawn_as == "pdf",
            )
        except ToolNotFound as error:
            raise ToolMissing(error.message, error.hint) from error
        self._documents = DocumentReader(self._renderer.printable if has_katex() else None)

    def run(self, task: Task, seed: TaskSeed) -> Iterator[Outcome]:
        """Up to `ATTEMPTS` pages until one passes its audit, with a rejection for each other."""
        from renderers.tool_errors import BackendDied

        if "problem" in task.params:
            yield Rejection(task.key, task.params["problem"], task.params["detail"])
            return
        if changed := self._fonts.changed(task):
            yield changed
            return
        genre = task.params["genre"]
        stored: StoredContent | None = None
        for attempt in range(ATTEMPTS):
            rng = seed.generator(attempt)
            try:
                if "row" in task.params and stored is None:
                    stored = self._documents.read(task)
                made = self._compose(genre, stored, rng)
                filled = self._contents.fill(
                    made.page,
                    partial(self._renderer.figure_sizes, style=made.style),
                    seed.generator(attempt, "content"),
                    keep_formulas=stored is not None,
                )
                page = self._renderer.render(filled.page, made.style)
            except Rejected as rejected:
                retried = attempt + 1 < ATTEMPTS
                detail = f"{genre}: {rejected.detail}"
                yield Rejection(task.key, rejected.reason, detail, attempt, retried)
                continue
            except BackendDied as error:
                raise WorkerBroken(error.message, error.hint) from error
            contents = list(compress(filled.contents, page.shown))
            meta = {**made.meta, "content": contents} if contents else made.meta
            if stored is not None:
                left_out = dict(sorted(stored.setting.left_out.items()))
                meta = {**meta, "document": {"row": task.params["row"], "left_out": left_out}}
            yield self._sample(task, seed, attempt, meta, page, stored or self._corpus)
            return

    def _compose(
        self, genre: str, stored: StoredContent | None, rng: np.random.Generator
    ) -> ComposedPage:
        """A page of a genre, with the blocks of a document if there is one."""
        from vary_data.sources.web_pages.page import compose_page

        options: Options = self._recipe.options
        return compose_page(
            genre,
            self._corpus,
            options.text,
            options.long_side,
            self._families,
            rng,
            stored.setting if stored is not None else None,
        )

    def close(self) -> None:
        self._renderer.close()
        if self._photos:
            self._photos.close()

    def _sample(
        self,
        task: Task,
        seed: TaskSeed,
        attempt: int,
        meta: dict[str, Any],
        page: RenderedPage,
        origin: StoredContent | ProseCorpus,
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
            source=origin.source,
            license=_license(origin.license, meta.get("content", ())),
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


def _license(text: str, contents: Sequence[Mapping[str, str]]) -> str:
    """The license of the text, and those of the photographs on the page."""
    photos = dict.fromkeys(facts["license"] for facts in contents if "license" in facts)
    return "; ".join((text, *(f"photograph: {name}" for name in photos)))
