"""LaTeX documents, typeset again in the project's templates, as pages with Mathpix Markdown.

A task is one document in one template. Templates are drawn without repetition from those of the
document's language that suit it, so that pages are even over templates, from a random stream per
document, so that adding a document changes no other.
"""

from __future__ import annotations

import dataclasses
import gc
import itertools
import math
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vary_data.base.errors import SourceError, ToolMissing, UsageError, WorkerBroken, nearest
from vary_data.base.notes import note
from vary_data.base.options import option
from vary_data.base.remote_path import RemotePath
from vary_data.base.seed import TaskSeed
from vary_data.base.storage import location
from vary_data.dataset.rejection import Rejected, Rejection
from vary_data.engine.generator import Task
from vary_data.engine.sample import Outcome
from vary_data.generators.latex_documents import source_documents
from vary_data.generators.latex_samples import PageSampleBuilder, dropped_from
from vary_data.sources.cache import ChangedSource, hold_for_task

if TYPE_CHECKING:
    from renderers.figures.image import FigureImage
    from renderers.latex.blocks import Document
    from renderers.latex.renderer import LatexRenderer
    from renderers.latex.template import Template
    from vary_data.engine.recipe import Recipe
    from vary_data.sources.arxiv import Extraction, Part
    from vary_data.sources.arxiv.figures import Convert

CROPS = ("tables", "formulas")
_FIGURE_SHARE = 80
"""Percent of a page's long side that a figure has pixels for: as wide as the text of a page."""
PAGES_PER_DOCUMENT = 10
"""Estimated pages per document; the real number is known only after TeX ran."""


@dataclass(frozen=True, slots=True)
class LatexOptions:
    """Settings of the generator `latex`."""

    src: tuple[str, ...] = option((), role="path")
    """Folders of sources as arXiv distributes them, archives, or single .tex files."""
    detect: bool = option(False, flags=())
    """Typeset documents of every known language, each with its own `lang`, not only the
    recipe's."""
    templates: tuple[str, ...] = option((), unset="all of the language")
    """Names of templates, e.g. article,review."""
    templates_per_doc: int = option(1, range=(1, 1000))
    """Templates in which each document is typeset."""
    long_side: int = option(1280, range=(64, 8192), unit="pixels")
    """Longer side of the image of a page."""
    crops: tuple[str, ...] = option((), choices=CROPS, unset="none")
    """Make an extra sample of each table or formula."""
    no_figures: bool = option(False)
    """Keep only the captions of figures, not their pictures."""
    figure_marks: bool = option(False)
    """Write `![](figure)` in the Markdown where a figure is."""
    license: str = option("unknown")
    """License to state for the documents. When unknown, a Creative Commons license that a source
    names is stated for its pages."""


class Latex:
    """The generator `latex`."""

    name = "latex"
    label = "latex"
    Options = LatexOptions
    chooses_documents = True

    def tasks(self, recipe: Recipe) -> Sequence[Task]:
        """Every document in each of its templates. For a part of the sources, archives are chosen
        before they are unpacked, and the documents come in the order of choice.

        Creates formats, fonts and glyph tables of the templates first, once per machine, so that
        no worker with a deadline has to.

        Raises:
            UsageError: an invalid option, or an unknown template.
            SourceError: a source that does not exist or holds no document.
            ToolMissing: no TeX, or a template chosen by name lacks a font.
        """
        options: LatexOptions = recipe.options
        templates = _usable(_renderer(recipe), recipe)
        tasks: list[Task] = []
        known: set[str] = set()
        missing = math.inf if recipe.max_samples is None else recipe.max_samples
        for place, sha256, document in source_documents(recipe):
            params: dict[str, Any] = {
                "path": str(place),
                "name": document.name,
                "part": dataclasses.asdict(document.part),
                "templates": templates,
            }
            if sha256:
                params["sha256"] = sha256
            problem, detail = document.problem, document.detail
            if document.key in known and not problem:
                problem, detail = "duplicate-document", "its text is that of an earlier document"
            if problem:
                params.update(problem=problem, detail=detail)
            known.add(document.key)
            for k in range(1 if problem else options.templates_per_doc):
                key = f"{recipe.name}-{document.key[:16]}-{k}"
                part = {**params, "slot": k}
                tasks.append(Task(key, document.doc_id, PAGES_PER_DOCUMENT, part))
                missing -= 0 if problem else PAGES_PER_DOCUMENT
                if missing <= 0:  # before another archive is unpacked
                    return _unique(tasks)
        if not tasks:
            raise SourceError("no LaTeX document was found", "give folders or archives to --src")
        return _unique(tasks)

    def open(self, recipe: Recipe) -> LatexTaskRunner:
        return LatexTaskRunner(recipe)


class LatexTaskRunner:
    """Typesets documents; keeps the last one, since the tasks of a document are in a row."""

    def __init__(self, recipe: Recipe) -> None:
        self.renderer = _renderer(recipe)  # before the imports below, which import PyMuPDF whole
        from renderers.figures.converter import FigureConverter
        from renderers.latex import template
        from vary_data.generators import sandbox

        gc.freeze()  # imported objects stay: the collector need not scan them again
        self.recipe = recipe
        self.options: LatexOptions = recipe.options
        self.templates = template.load()
        self._last: tuple[tuple[str, Part], Extraction] | None = None
        side = max(self.options.long_side * _FIGURE_SHARE // 100, 64)
        self._figures = FigureConverter(side, sandbox.run)

    def close(self) -> None:
        self._last = None
        self._figures.close()

    def run(self, task: Task, seed: TaskSeed) -> Iterator[Outcome]:
        from vary_data.sources.arxiv import DocumentRejected

        name = task.params["name"]
        if problem := task.params.get("problem"):
            yield Rejection(task.key, problem, f"{name}: {task.params['detail']}")
            return
        try:
            extraction = self._read(task)
        except DocumentRejected as error:
            yield Rejection(task.key, error.reason, f"{name}: {error.message}")
            return
        if task.params["slot"] == 0:
            for i, lost in enumerate(extraction.rejected):
                detail = f"{name}: {lost.kind}: {lost.detail}"
                yield Rejection(f"{task.key}#source{i}", lost.reason, detail)
        template = self._template(task, extraction.document)
        if template is None:
            yield Rejection(
                task.key, "no-template", f"{name}: no template is left for its language and style"
            )
            return
        try:
            yield from self._pages(task, seed, extraction, template, name)
        except Rejected as error:
            yield Rejection(task.key, error.reason, f"{name}: {error.detail}")

    def _read(self, task: Task) -> Extraction:
        from vary_data.sources.arxiv import DocumentRejected, Part

        path = task.params["path"]
        part = task.params["part"]
        part = Part(part["member"], part["main"], tuple(part["files"]))
        if self._last is None or self._last[0] != (path, part):
            lang = None if self.options.detect else self.recipe.lang
            convert = self._picture if not self.options.no_figures else None
            place = location(path)
            if isinstance(place, RemotePath):
                try:
                    held = hold_for_task(place, task.params["sha256"])
                except (FileNotFoundError, ChangedSource) as error:
                    raise DocumentRejected(str(error), reason="changed-file") from error
                self._last = (
                    (path, part),
                    self._document(held.path, lang, part, convert),
                )
                held.release()
            else:
                self._last = ((path, part), self._document(place, lang, part, convert))
        return self._last[1]

    def _document(
        self, path: Path, lang: str | None, part: Part, convert: Convert | None
    ) -> Extraction:
        from vary_data.sources.arxiv import read_document

        clock = lambda: self._figures.computed  # noqa: E731
        return read_document(path, lang, part=part, convert=convert, clock=clock)

    def _picture(self, data: bytes) -> FigureImage:
        """The picture of a figure's file; see `FigureConverter.convert`."""
        from renderers.figures.converter import ConverterBroken

        try:
            return self._figures.convert(data)
        except ConverterBroken as error:
            raise WorkerBroken(str(error)) from error

    def _template(self, task: Task, document: Document) -> Template | None:
        """The template of a task's slot; templates chosen by name are for every document."""
        from renderers.latex import choice

        usable = [self.templates[name] for name in task.params["templates"]]
        usable = [template for template in usable if template.lang == document.lang]
        if self.options.templates:
            usable = [dataclasses.replace(template, suits={}) for template in usable]
        rng = TaskSeed.of(self.recipe.seed, "latex", task.doc_id).generator(stream="templates")
        order = choice.in_order(
            document, usable, rng, lambda t: self.renderer.printable_share(document, t)
        )
        found = next(itertools.islice(order, task.params["slot"], None), None)
        return found and self.templates[found.name]

    def _pages(
        self, task: Task, seed: TaskSeed, extraction: Extraction, template: Template, name: str
    ) -> Iterator[Outcome]:
        from renderers.latex import crops, style
        from renderers.latex.pages import VerifiedPage

        page_style = style.sample(template, seed.generator(stream="style"))
        wanted = frozenset(crops.ROLES[c] for c in self.options.crops)
        document = extraction.document
        results = self.renderer.pages(
            document, template, page_style, self.options.long_side, self.options.figure_marks
        )
        license = self.options.license
        if license == "unknown":
            license = extraction.license or license
        losses = [
            (one.place, f"{one.kind}: {one.reason}")
            for one in extraction.rejected
            if one.kind not in ("input", "macro")
        ]
        page_end = (0, 0)  # number of the last page, and the first place after it
        for result in results:
            where = f"{name} in {template.name}"
            if not isinstance(result, VerifiedPage):
                part = f"{result.part[0]}{result.number}"
                detail = f"{where}: {result.detail}"
                yield Rejection(f"{task.key}#{part}", result.reason, detail)
                if result.part == "block":
                    losses.append((result.number, f"block: {result.reason}"))
                continue
            part = f"p{result.number}"
            rng = seed.generator(stream=part)
            builder = PageSampleBuilder(
                self.recipe,
                task,
                seed,
                document.lang,
                template,
                page_style,
                result,
                rng,
                name,
                license,
                dropped_from(result, losses, page_end),
            )
            page_end = (result.number, max(result.places, default=-1) + 2)
            yield builder.sample(part, result.picture, result.markdown, "latex_page")
            for crop in crops.crop_regions(result, wanted, rng):
                yield builder.sample(
                    f"{part}-{crop.role}{crop.number}", crop.picture, crop.markdown, crop.role
                )


def _renderer(recipe: Recipe) -> LatexRenderer:
    from renderers.pdf.start import import_pymupdf

    import_pymupdf()
    from renderers.latex.engine import TexEngine
    from renderers.latex.renderer import LatexRenderer
    from vary_data.generators import sandbox

    return LatexRenderer(TexEngine(sandbox.run, cache_folder(), seconds=recipe.timeout))


def cache_folder() -> Path:
    """The cache of formats, fonts and glyph tables, below `XDG_CACHE_HOME` if set."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "vary-data" / "latex"


def _usable(renderer: LatexRenderer, recipe: Recipe) -> list[str]:
    """Names of the templates that this machine can typeset, in the order of the manifest."""
    from renderers.latex import template
    from renderers.latex.engine import EngineMissing, FormatFailed

    options: LatexOptions = recipe.options
    known = template.load()
    for name in options.templates:
        if name not in known:
            raise UsageError(f"unknown template {name!r}", nearest(name, known))
    chosen = {
        name: candidate
        for name, candidate in known.items()
        if (not options.templates or name in options.templates)
        and (options.detect or candidate.lang == recipe.lang)
    }
    usable: list[str] = []
    lacking = ""
    for number, (name, candidate) in enumerate(chosen.items(), start=1):
        note(
            f"{recipe.name}: making TeX ready for template {number} of {len(chosen)} "
            "(once on this machine) …"
        )
        try:
            renderer.coverage(candidate)
        except (EngineMissing, FormatFailed) as error:
            lacking = str(error)
            if name in options.templates:
                raise ToolMissing(lacking, "`vary-data doctor` shows what to install") from error
        else:
            usable.append(name)
    if not usable:
        why = lacking or f"none of the chosen templates is for {recipe.lang!r}"
        raise ToolMissing(f"no template can be used: {why}", "install TeX Live, or name others")
    return usable


def _unique(tasks: list[Task]) -> list[Task]:
    """Tasks with unique keys: copies of a document get a number."""
    seen: dict[str, int] = {}
    unique = []
    for task in tasks:
        count = seen[task.key] = seen.get(task.key, 0) + 1
        unique.append(
            dataclasses.replace(task, key=f"{task.key}-again{count}") if count > 1 else task
        )
    return unique
