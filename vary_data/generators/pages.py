"""Pages of PDF files and e-books, in English and Chinese.

A task is a block of up to `PAGES_PER_TASK` pages of one document, fewer when the file is
heavy for its number of pages, so that one slow scan or map does not take many good pages
with it. Blocks of one document spread over workers; each worker keeps the last document
open. A page has `Options.page_timeout` seconds of its own, looked at whenever MuPDF returns;
a page that never returns ends with the task's deadline, in the pool.
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

from renderers.pdf.layout import REFLOWABLE, Layout, sample_layouts
from renderers.pdf.probe import count_pages
from vary_data.base.options import option
from vary_data.base.seed import TaskSeed, stable_hash
from vary_data.base.storage import Location, RemotePath, location
from vary_data.dataset.rejection import Rejection
from vary_data.engine.generator import Task
from vary_data.engine.sample import Outcome, Sample
from vary_data.generators import prompts
from vary_data.sources.cache import ChangedSource, Held, InputCache, hold_for_task
from vary_data.sources.pdfs import DocumentFile, find_documents

if TYPE_CHECKING:
    import pymupdf

    from renderers.pdf.page import DocumentPage
    from vary_data.engine.recipe import Recipe

RASTERIZER_NAMES = ("pymupdf", "pdf2image")

PAGES_PER_TASK = 16
BYTES_PER_TASK = 4_000_000
MAX_PAGES = 20_000
"""Pages of one document that are read at most; what lies beyond is one counted rejection."""
HELD_AT_ONCE = 64
"""Documents at URLs that are counted together."""
UNCOUNTED_PAGES = 200
"""The same for a document whose pages could not be counted beforehand."""
DAMAGED_IN_A_ROW = 5
"""Such a document is given up after this many unreadable pages in a row."""


@dataclass(frozen=True, slots=True)
class PageOptions:
    """Settings of the generator `pages`."""

    src: tuple[str, ...] = option((), role="path")
    """Folders (with their subfolders), files, patterns, or @FILE with one of them per line."""
    detect: bool = option(False, flags=())
    """Keep the pages of every known language, each with its own `lang`, not only the recipe's."""
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
    """End every row of the page with a line break, not only every paragraph."""
    page_timeout: float = option(10.0, above=0, unit="seconds")
    """Time limit per page."""
    license: str = option("unknown")
    """License to state for the documents."""


class Pages:
    """The kind `pages`."""

    name = "pages"
    label = "pages"
    Options = PageOptions

    def tasks(self, recipe: Recipe) -> Sequence[Task]:
        """Blocks of pages, by document in the order of the sources.

        Raises:
            UsageError: an option that makes no sense.
            SourceError: a source that does not exist or holds no document.
        """
        options: PageOptions = recipe.options
        tasks: list[Task] = []
        known: dict[str, int] = {}
        settings: list[_Setting] = []
        for file in find_documents(options.src):
            copies = known.setdefault(file.sha256, 0) if file.sha256 else 0
            if file.problem or copies:
                settings.append(_Setting(recipe.name, file, None, file.problem or "duplicate-file"))
            else:
                settings.extend(_settings(recipe, file, options))
            if file.sha256:
                known[file.sha256] += 1
        usable = [s for s in settings if not s.problem]
        counts = dict(zip(map(id, usable), _page_counts(usable), strict=True))
        for number, setting in enumerate(settings):
            if setting.problem:
                tasks.append(setting.rejected(number))
            else:
                tasks.extend(setting.blocks(counts[id(setting)], recipe.seed, options))
        return tasks

    def open(self, recipe: Recipe) -> PageTaskRunner:
        return PageTaskRunner(recipe)


def _page_counts(settings: Sequence[_Setting]) -> Iterator[int | None]:
    """How many pages each has; documents at URLs are held on this machine a few at a time."""
    processes = min(8, os.cpu_count() or 1)
    remote = any(isinstance(s.file.path, RemotePath) for s in settings)
    step = HELD_AT_ONCE if remote else max(1, len(settings))
    for start in range(0, len(settings), step):
        with ExitStack() as stack:
            items = []
            for setting in settings[start : start + step]:
                path = setting.file.path
                if isinstance(path, RemotePath):
                    held = InputCache.of_this_machine().hold(path, setting.file.sha256)
                    stack.callback(held.release)
                    path = held.path
                items.append((str(path), setting.layout))
            yield from count_pages(items, processes=processes)


@dataclass(frozen=True, slots=True)
class _Setting:
    """A document in one layout (None for pages of a fixed size), or what is wrong with it."""

    recipe: str
    file: DocumentFile
    layout: tuple[int, int, int] | None = None
    problem: str = ""

    @property
    def document(self) -> str:
        set_as = "-{}x{}-{}pt".format(*self.layout) if self.layout else ""
        return f"{self.file.sha256[:16]}{set_as}"

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
    """Reads pages; keeps the last document open, since tasks of one document come in a row."""

    def __init__(self, recipe: Recipe) -> None:
        from renderers.pdf.document import silence
        from renderers.pdf.page import PageReader
        from renderers.pdf.raster import RASTERIZERS, Scale

        options: PageOptions = recipe.options
        silence()
        gc.freeze()  # what is imported by now stays: the collector need not look at it again
        self.recipe = recipe
        self.options = options
        self.reader = PageReader(
            scale=Scale(options.long_side, options.dpi),
            rasterizer=RASTERIZERS[options.rasterizer],
            languages=("en", "zh") if options.detect else (recipe.lang,),
            keep_rows=options.keep_rows,
        )
        self.opened: tuple[Location, Layout | None] | None = None
        self.held: Held | None = None
        self.document: pymupdf.Document | None = None
        self.language: Callable[[], str | None] | None = None

    def run(self, task: Task, seed: TaskSeed) -> Iterator[Outcome]:
        from renderers.pdf.document import Unusable

        params = task.params
        name = params["name"]
        if params.get("problem"):
            detail = f"{name}: {params['detail']}" if params["detail"] else name
            yield Rejection(task.key, params["problem"], detail)
            return
        layout = Layout(*params["layout"]) if params["layout"] else None
        try:
            document = self._open(location(params["path"]), task.doc_id, layout)
        except Unusable as error:
            where = str(self.held.path if self.held else params["path"])
            yield Rejection(task.key, error.reason, f"{name}: {error.detail.replace(where, name)}")
            return
        pages = params["pages"]
        beyond = params.get("beyond", 0)
        if pages is None:
            pages = range(min(document.page_count, UNCOUNTED_PAGES))
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
            if damaged == DAMAGED_IN_A_ROW and task.params["pages"] is None:
                detail = f"{task.params['name']}: given up after page {index + 1}"
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
        from renderers.pdf.document import Unusable

        key = f"{task.key}#p{index + 1}"
        where = f"{task.params['name']}, page {index + 1}"
        try:
            with _deadline(self.options.page_timeout):
                page = self.reader.read(document, index, self.language)
        except Unusable as error:
            return Rejection(key, error.reason, f"{where}: {error.detail}")
        except _Late:
            limit = f"took more than {self.options.page_timeout:g} s"
            return Rejection(key, "page-timeout", f"{where}: {limit}")
        first = seen.setdefault(fingerprint(page.text), index)
        if first != index:
            return Rejection(key, "duplicate-text", f"{where}: says what page {first + 1} says")
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
            prompt=prompts.pick(rng, "plain", page.lang),
            kind="page",
            format="plain",
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

    def _open(self, path: Location, sha256: str, layout: Layout | None) -> pymupdf.Document:
        from renderers.pdf.document import Unusable, open_document
        from renderers.pdf.language import document_language

        if self.document is None or self.opened != (path, layout):
            self.close()
            if isinstance(path, RemotePath):
                try:
                    self.held = hold_for_task(path, sha256)
                except (FileNotFoundError, ChangedSource) as error:
                    raise Unusable("changed-file", str(error)) from error
            self.document = open_document(self.held.path if self.held else Path(str(path)), layout)
            self.opened = (path, layout)
            self.language = cache(partial(document_language, self.document))
        return self.document


_PAGE_NUMBER = re.compile(r"^[\W\d]*$|^[ivxlcIVXLC]{1,6}$", re.MULTILINE)
_NOT_TEXT = re.compile(r"\W+")


def fingerprint(text: str) -> bytes:
    """A hash of the text that page numbers, case, spaces and punctuation do not change."""
    plain = _NOT_TEXT.sub("", _PAGE_NUMBER.sub("", text)).casefold()
    return hashlib.sha256((plain or text).encode()).digest()


class _Late(BaseException):
    """A page's time is over. Not an `Exception`, so that nothing on the way swallows it."""


@contextmanager
def _deadline(seconds: float) -> Iterator[None]:
    """Raise `_Late` inside the block after `seconds`, in the main thread of a worker."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(signal_number: int, frame: FrameType | None) -> None:
        raise _Late

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _settings(recipe: Recipe, file: DocumentFile, options: PageOptions) -> Iterator[_Setting]:
    if file.path.suffix.lower() not in REFLOWABLE:
        yield _Setting(recipe.name, file)
        return
    rng = TaskSeed.of(recipe.seed, "pages", file.sha256).generator(stream="layout")
    for layout in sample_layouts(rng, options.layouts):
        yield _Setting(recipe.name, file, (layout.width, layout.height, layout.font_size))
