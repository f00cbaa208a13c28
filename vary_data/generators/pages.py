"""The generator `pages`: pages of PDF files and e-books, in English and Chinese.

A task is a block of up to `PAGES_PER_TASK` pages of one document, fewer if the file has many
bytes per page, so that a slow scan or map affects few good pages. The blocks of a document are
spread over the workers; each worker keeps the last document open. A page has a deadline of
`Options.page_timeout` seconds, which is checked whenever MuPDF returns; if MuPDF never returns,
the pool ends the task at the task's deadline.
"""

from __future__ import annotations

import gc
import hashlib
import os
import re
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from renderers.pdf.layout import REFLOWABLE, BookLayout, sample_book_layouts
from renderers.pdf.probe import count_pages
from vary_data.base.options import option
from vary_data.base.seed import TaskSeed, stable_hash
from vary_data.base.storage import Location, RemotePath, location
from vary_data.dataset.rejection import Rejection
from vary_data.engine.generator import Task
from vary_data.engine.sample import Outcome, Sample
from vary_data.generators import prompts
from vary_data.sources.cache import ChangedSource, HeldFile, InputCache, hold_for_task
from vary_data.sources.pdfs import DocumentFile, find_documents

if TYPE_CHECKING:
    import pymupdf

    from renderers.pdf.page import DocumentPage
    from vary_data.engine.recipe import Recipe

FORMATS = ("plain", "markdown")
RASTERIZER_NAMES = ("pymupdf", "pdf2image")

PAGES_PER_TASK = 16
BYTES_PER_TASK = 4_000_000
MAX_PAGES = 20_000
"""Page limit of a document; all pages beyond it are one counted rejection."""
MAX_HELD_DOCUMENTS = 64
"""Documents at URLs whose pages are counted together."""
MAX_UNCOUNTED_PAGES = 200
"""Page limit of a document whose pages could not be counted before the run."""
MAX_DAMAGED_IN_A_ROW = 5
"""Reading such a document stops after this many unreadable pages in a row."""


@dataclass(frozen=True, slots=True)
class PageOptions:
    """Settings of the generator `pages`."""

    src: tuple[str, ...] = option((), role="path")
    """Folders (with their subfolders), files, patterns, or @FILE with one of them per line."""
    detect: bool = option(False, flags=())
    """Keep the pages of every known language, each with its own `lang`, not only the recipe's."""
    format: str = option("plain", choices=FORMATS)
    """Plain text, one line for each paragraph; or Markdown with headings, lists and tables."""
    rasterizer: str = option("pymupdf", choices=RASTERIZER_NAMES)
    """Library that draws the pages."""
    long_side: int = option(1280, range=(64, 8192), unit="pixels")
    """Longer side of the image."""
    dpi: int | None = option(None, range=(36, 600))
    """Resolution, in place of the longer side."""
    max_pages_per_doc: int | None = option(None, range=(1, None), unset="all")
    """A seeded choice of this many pages of each document."""
    layouts: int = option(2, range=(1, 50))
    """Layouts (page and font sizes) in which each e-book is typeset."""
    keep_rows: bool = option(False)
    """End every row of the page with a line break, not only every paragraph; of plain text."""
    page_timeout: float = option(10.0, above=0, unit="seconds")
    """Time limit per page."""
    license: str = option("unknown")
    """License to state for the documents."""


class Pages:
    """The generator `pages`."""

    name = "pages"
    label = "pages"
    Options = PageOptions

    def tasks(self, recipe: Recipe) -> Sequence[Task]:
        """Blocks of pages, by document in the order of the sources.

        Raises:
            UsageError: an option is invalid.
            SourceError: a source does not exist or has no document.
        """
        options: PageOptions = recipe.options
        tasks: list[Task] = []
        known: dict[str, int] = {}
        layouts: list[DocumentLayout] = []
        for file in find_documents(options.src):
            copies = known.setdefault(file.sha256, 0) if file.sha256 else 0
            if file.problem or copies:
                layouts.append(
                    DocumentLayout(recipe.name, file, None, file.problem or "duplicate-file")
                )
            else:
                layouts.extend(_document_layouts(recipe, file, options))
            if file.sha256:
                known[file.sha256] += 1
        usable = [s for s in layouts if not s.problem]
        counts = dict(zip(map(id, usable), _page_counts(usable), strict=True))
        for number, layout in enumerate(layouts):
            if layout.problem:
                tasks.append(layout.rejected(number))
            else:
                tasks.extend(layout.blocks(counts[id(layout)], recipe.seed, options))
        return tasks

    def open(self, recipe: Recipe) -> PageTaskRunner:
        return PageTaskRunner(recipe)


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
                items.append((str(path), layout.layout))
            yield from count_pages(items, processes=processes)


@dataclass(frozen=True, slots=True)
class DocumentLayout:
    """A document in one layout (None for fixed pages), or the reason why it is unusable."""

    recipe: str
    file: DocumentFile
    layout: tuple[int, int, int] | None = None
    problem: str = ""

    @property
    def document(self) -> str:
        layout = "-{}x{}-{}pt".format(*self.layout) if self.layout else ""
        return f"{self.file.sha256[:16]}{layout}"

    def rejected(self, number: int) -> Task:
        params = {"name": self.file.name, "problem": self.problem, "detail": self.file.detail}
        path = stable_hash(str(self.file.path), number)
        key = f"{self.recipe}-file-{path:016x}"
        return Task(key, self.file.sha256 or f"file-{path:016x}", 1, params)

    def blocks(self, count: int | None, seed: int, options: PageOptions) -> Iterator[Task]:
        params = {"path": str(self.file.path), "name": self.file.name, "layout": self.layout}
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


class PageTaskRunner:
    """Reads pages; keeps the last document open, since the tasks of a document are consecutive."""

    def __init__(self, recipe: Recipe) -> None:
        from renderers.pdf.document import silence
        from renderers.pdf.page import PageReader
        from renderers.pdf.raster import RASTERIZERS, RasterScale

        options: PageOptions = recipe.options
        silence()
        gc.freeze()  # imported objects stay, so the collector need not search them again
        self.recipe = recipe
        self.options = options
        self.reader = PageReader(
            scale=RasterScale(options.long_side, options.dpi),
            rasterizer=RASTERIZERS[options.rasterizer],
            languages=("en", "zh") if options.detect else (recipe.lang,),
            keep_rows=options.keep_rows,
            markdown=options.format == "markdown",
        )
        self.opened: tuple[Location, BookLayout | None] | None = None
        self.held: HeldFile | None = None
        self.document: pymupdf.Document | None = None
        self.language: Callable[[], str | None] | None = None

    def run(self, task: Task, seed: TaskSeed) -> Iterator[Outcome]:
        from vary_data.dataset.rejection import Rejected

        params = task.params
        name = params["name"]
        if params.get("problem"):
            detail = f"{name}: {params['detail']}" if params["detail"] else name
            yield Rejection(task.key, params["problem"], detail)
            return
        layout = BookLayout(*params["layout"]) if params["layout"] else None
        try:
            document = self._open(location(params["path"]), task.doc_id, layout)
        except Rejected as error:
            where = str(self.held.path if self.held else params["path"])
            yield Rejection(task.key, error.reason, f"{name}: {error.detail.replace(where, name)}")
            return
        pages = params["pages"]
        beyond = params.get("beyond", 0)
        if pages is None:
            pages = range(min(document.page_count, MAX_UNCOUNTED_PAGES))
            beyond = document.page_count - len(pages)
        if beyond:
            detail = f"{name}: {beyond} more pages are not read"
            yield Rejection(f"{task.key}#beyond", "too-many-pages", detail)
        yield from self._pages(task, seed, document, pages)

    def close(self) -> None:
        if self.document is not None:
            self.document.close()
            self.document = self.opened = self.language = None
        if self.held is not None:
            self.held.release()
            self.held = None

    def _pages(
        self, task: Task, seed: TaskSeed, document: pymupdf.Document, pages: Sequence[int]
    ) -> Iterator[Outcome]:
        seen: dict[bytes, int] = {}
        damaged = 0
        for index in pages:
            outcome = self._page(task, seed, document, index, seen)
            yield outcome
            reason = outcome.reason if isinstance(outcome, Rejection) else ""
            damaged = damaged + 1 if reason == "damaged" else 0
            if damaged == MAX_DAMAGED_IN_A_ROW and task.params["pages"] is None:
                detail = f"{task.params['name']}: not read after page {index + 1}"
                yield Rejection(f"{task.key}#rest", "damaged", detail)
                return

    def _page(
        self,
        task: Task,
        seed: TaskSeed,
        document: pymupdf.Document,
        index: int,
        seen: dict[bytes, int],
    ) -> Outcome:
        from vary_data.dataset.rejection import Rejected

        key = f"{task.key}#p{index + 1}"
        where = f"{task.params['name']}, page {index + 1}"
        try:
            with _page_deadline(self.options.page_timeout):
                page = self.reader.read(document, index, self.language)
        except Rejected as error:
            return Rejection(key, error.reason, f"{where}: {error.detail}")
        except _PageDeadline:
            limit = f"took more than {self.options.page_timeout:g} s"
            return Rejection(key, "page-timeout", f"{where}: {limit}")
        first = seen.setdefault(fingerprint(page.text), index)
        if first != index:
            return Rejection(key, "duplicate-text", f"{where}: the same text as page {first + 1}")
        return self._sample(task, seed, key, index, page)

    def _sample(
        self, task: Task, seed: TaskSeed, key: str, index: int, page: DocumentPage
    ) -> Sample:
        from renderers.picture import encode

        layout = task.params["layout"]
        rng = seed.generator(stream=f"p{index}")
        meta: dict[str, Any] = {
            "page": index + 1,
            "flows": page.flows,
            "order_agreement": round(page.order_agreement, 3),
            "drawn_ink": round(page.ink.drawn_ink, 3),
        }
        if layout:
            meta["layout"] = dict(zip(("width", "height", "font_size"), layout, strict=True))
        return Sample(
            id=key,
            image=encode(page.picture.pixels, self.recipe.image_format),  # type: ignore[arg-type]
            image_format=self.recipe.image_format,  # type: ignore[arg-type]
            width=page.picture.width,
            height=page.picture.height,
            text=page.text,
            prompt=prompts.pick(rng, self.options.format, page.lang),
            kind="page",
            format=self.options.format,
            lang=page.lang,
            doc_id=task.doc_id,
            source=task.params["name"],
            license=self.options.license,
            renderer=self.options.rasterizer,
            template="{}x{}-{}pt".format(*layout) if layout else "",
            seed=seed.value,
            regions=page.picture.regions,
            meta=meta,
        )

    def _open(self, path: Location, sha256: str, layout: BookLayout | None) -> pymupdf.Document:
        from renderers.pdf.document import open_document
        from renderers.pdf.language import document_language
        from vary_data.dataset.rejection import Rejected

        if self.document is None or self.opened != (path, layout):
            self.close()
            if isinstance(path, RemotePath):
                try:
                    self.held = hold_for_task(path, sha256)
                except (FileNotFoundError, ChangedSource) as error:
                    raise Rejected("changed-file", str(error)) from error
            self.document = open_document(self.held.path if self.held else Path(str(path)), layout)
            self.opened = (path, layout)
            self.language = cache(partial(document_language, self.document))
        return self.document


_PAGE_NUMBER = re.compile(r"^[\W\d]*$|^[ivxlcIVXLC]{1,6}$", re.MULTILINE)
_NOT_TEXT = re.compile(r"\W+")


def fingerprint(text: str) -> bytes:
    """A hash of the text without page numbers, case, spaces and punctuation."""
    plain = _NOT_TEXT.sub("", _PAGE_NUMBER.sub("", text)).casefold()
    return hashlib.sha256((plain or text).encode()).digest()


class _PageDeadline(BaseException):
    """The deadline of a page. Not an `Exception`, so that `except Exception` does not catch it."""


@contextmanager
def _page_deadline(seconds: float) -> Iterator[None]:
    """Raise `_PageDeadline` inside the block after `seconds` of processor time, in the main thread
    of a worker: a page is not to blame for the time in which the machine did something else."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(signal_number: int, frame: FrameType | None) -> None:
        raise _PageDeadline

    before = signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _document_layouts(
    recipe: Recipe, file: DocumentFile, options: PageOptions
) -> Iterator[DocumentLayout]:
    if file.path.suffix.lower() not in REFLOWABLE:
        yield DocumentLayout(recipe.name, file)
        return
    rng = TaskSeed.of(recipe.seed, "pages", file.sha256).generator(stream="layout")
    for layout in sample_book_layouts(rng, options.layouts):
        yield DocumentLayout(recipe.name, file, (layout.width, layout.height, layout.font_size))
