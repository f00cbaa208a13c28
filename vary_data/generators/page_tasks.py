"""The tasks of the generator `pages`: blocks of pages, or the files that cannot be used."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import astuple, dataclass, replace
from typing import TYPE_CHECKING, Any

from renderers.pdf.layout import REFLOWABLE, BookLayout, sample_book_layouts
from renderers.pdf.probe import CountingFailed, count_pages
from vary_data.base.errors import VaryError
from vary_data.base.remote_path import RemotePath
from vary_data.base.seed import TaskSeed, stable_hash
from vary_data.engine.choice import chosen_names
from vary_data.engine.generator import Task
from vary_data.sources.cache import InputCache
from vary_data.sources.pdfs import DocumentFile, ListedFile, fingerprints, list_documents

if TYPE_CHECKING:
    from vary_data.engine.recipe import Recipe
    from vary_data.generators.pages import PageOptions

PAGES_PER_TASK = 16
BYTES_PER_TASK = 4_000_000
MAX_PAGES = 20_000
"""Page limit of a document; all pages beyond it are one counted rejection."""
MAX_HELD_DOCUMENTS = 64
"""Documents at URLs whose pages are counted together."""
FIRST_FILES = 16
"""Files that are opened first for a choice; twice as many each time until their pages suffice."""


def page_tasks(recipe: Recipe) -> list[Task]:
    """All tasks in the order of the sources, or those of the recipe's part of them.

    For a part, only the chosen files are opened; with `max_samples` they are in order of choice.

    Raises:
        UsageError: there is no source.
        SourceError: a source does not exist or has no document.
    """
    listed = list_documents(recipe.options.src)
    if recipe.max_samples is None and recipe.fraction >= 1:
        return _tasks(fingerprints(listed), recipe)
    by_name = _named(listed)
    names = chosen_names(by_name, recipe)
    if recipe.max_samples is None:
        chosen = set(names)
        files = [file for name, file in by_name.items() if name in chosen]
        return _tasks(fingerprints(files), recipe)
    count = FIRST_FILES
    while True:
        tasks = _tasks(fingerprints([by_name[name] for name in names[:count]]), recipe)
        if count >= len(names) or sum(task.weight for task in tasks) >= recipe.max_samples:
            return first_pages(tasks, recipe.max_samples)
        count *= 2


def first_pages(tasks: Sequence[Task], pages: int) -> list[Task]:
    """Tasks until they have this many pages; the last one may lose some."""
    kept: list[Task] = []
    for task in tasks:
        if pages <= 0:
            break
        if task.weight > pages:
            part = {**task.params, "pages": task.params["pages"][:pages]}
            task = replace(task, weight=pages, params=part)
        kept.append(task)
        pages -= task.weight
    return kept


def _named(files: Sequence[ListedFile]) -> dict[str, ListedFile]:
    """Files by the names that decide a choice; paths would make it differ between machines."""
    named: dict[str, ListedFile] = {}
    for file in files:
        name, copies = file.name, 1
        while name in named:
            copies += 1
            name = f"{file.name}#{copies}"
        named[name] = file
    return named


def _tasks(files: Sequence[DocumentFile], recipe: Recipe) -> list[Task]:
    """The tasks of these files, in their order."""
    tasks: list[Task] = []
    known: dict[str, int] = {}
    layouts: list[DocumentLayout] = []
    for file in files:
        copies = known.setdefault(file.sha256, 0) if file.sha256 else 0
        if file.problem or copies:
            problem = file.problem or "duplicate-file"
            layouts.append(DocumentLayout(recipe.name, file, None, problem))
        else:
            layouts.extend(_document_layouts(recipe, file, recipe.options))
        if file.sha256:
            known[file.sha256] += 1
    usable = [s for s in layouts if not s.problem]
    counts = dict(zip(map(id, usable), _page_counts(usable), strict=True))
    for number, layout in enumerate(layouts):
        if layout.problem:
            tasks.append(layout.rejected(number))
        else:
            tasks.extend(layout.blocks(counts[id(layout)], recipe.seed, recipe.options))
    return tasks


def _page_counts(layouts: Sequence[DocumentLayout]) -> Iterator[int | None]:
    """The number of pages of each; few documents at URLs are on this machine at a time."""
    processes = min(8, os.cpu_count() or 1)
    remote = any(isinstance(s.file.path, RemotePath) for s in layouts)
    step = MAX_HELD_DOCUMENTS if remote else max(1, len(layouts))
    for start in range(0, len(layouts), step):
        with ExitStack() as stack:
            items = []
            for layout in layouts[start : start + step]:
                path = layout.file.path
                if isinstance(path, RemotePath):
                    held = InputCache.of_this_machine().hold(path, layout.file.sha256)
                    stack.callback(held.release)
                    path = held.path
                items.append((str(path), layout.values))
            try:
                yield from count_pages(items, processes=processes)
            except CountingFailed as error:
                raise VaryError(str(error), "run the same command again") from error


@dataclass(frozen=True, slots=True)
class DocumentLayout:
    """A document in one layout (None for fixed pages), or the reason why it is unusable."""

    recipe: str
    file: DocumentFile
    layout: BookLayout | None = None
    problem: str = ""

    @property
    def document(self) -> str:
        """A name by the file's content and the layout, for keys of tasks."""
        layout = f"-{self.layout.name}" if self.layout else ""
        return f"{self.file.sha256[:16]}{layout}"

    @property
    def values(self) -> tuple[Any, ...] | None:
        """The values of the layout, as JSON has them."""
        return astuple(self.layout) if self.layout else None

    def rejected(self, number: int) -> Task:
        """The task that rejects the document as `problem`; `number` distinguishes equal paths."""
        params = {"name": self.file.name, "problem": self.problem, "detail": self.file.detail}
        path = stable_hash(str(self.file.path), number)
        key = f"{self.recipe}-file-{path:016x}"
        return Task(key, self.file.sha256 or f"file-{path:016x}", 1, params)

    def blocks(self, count: int | None, seed: int, options: PageOptions) -> Iterator[Task]:
        """The tasks of a document of `count` pages, in the order of the pages.

        Each has some of the pages, or of a seeded choice of them if the options limit their
        number. If they could not be counted (None), one task reads all of them.
        """
        params = {"path": str(self.file.path), "name": self.file.name, "layout": self.values}
        if count is None:
            key = f"{self.recipe}-{self.document}-0"
            yield Task(key, self.file.sha256, 1, {**params, "pages": None})
            return
        pages = list(range(min(count, MAX_PAGES)))
        if options.max_pages_per_doc is not None and options.max_pages_per_doc < len(pages):
            rng = TaskSeed.of(seed, "pages", self.document).generator(stream="choice")
            picked = rng.choice(len(pages), options.max_pages_per_doc, replace=False)
            pages = sorted(int(i) for i in picked)
        block = max(1, min(PAGES_PER_TASK, BYTES_PER_TASK * count // self.file.size))
        beyond = max(0, count - MAX_PAGES)
        for start in range(0, len(pages), block):
            part = pages[start : start + block]
            key = f"{self.recipe}-{self.document}-{start // block}"
            extra = {"beyond": beyond} if beyond and not start else {}
            yield Task(key, self.file.sha256, len(part), {**params, "pages": part, **extra})


def _document_layouts(
    recipe: Recipe, file: DocumentFile, options: PageOptions
) -> Iterator[DocumentLayout]:
    if file.path.suffix.lower() not in REFLOWABLE:
        yield DocumentLayout(recipe.name, file)
        return
    from renderers.fonts import families

    rng = TaskSeed.of(recipe.seed, "pages", file.sha256).generator(stream="layout")
    chinese = tuple(family.name for family in families("zh"))
    for layout in sample_book_layouts(rng, options.layouts, chinese):
        yield DocumentLayout(recipe.name, file, layout)
