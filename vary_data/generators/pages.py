"""The generator `pages`: pages of PDF files and e-books, in English and Chinese.

A task is a block of pages of one document (`generators.page_tasks`), fewer if the file has many
bytes per page, so that a slow scan or map affects few good pages. The blocks of a document are
spread over the workers; each worker keeps the last document open. A page has a deadline of
`Options.page_timeout` seconds, which is checked whenever MuPDF returns; if MuPDF never returns,
the pool ends the task at the task's deadline.
"""

from __future__ import annotations

import gc
import hashlib
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from renderers.pdf.layout import BookLayout
from vary_data.base.errors import ToolMissing
from vary_data.base.options import option
from vary_data.base.remote_path import RemotePath
from vary_data.base.seed import TaskSeed
from vary_data.base.storage import Location, location
from vary_data.dataset.rejection import Rejection
from vary_data.engine.generator import Task
from vary_data.engine.sample import Outcome, Sample
from vary_data.generators import prompts
from vary_data.generators.page_deadline import PageDeadline, page_deadline
from vary_data.generators.page_tasks import page_tasks
from vary_data.sources.cache import ChangedSource, HeldFile, hold_for_task

if TYPE_CHECKING:
    import pymupdf

    from renderers.pdf.font_truth import FontTruth
    from renderers.pdf.page import DocumentPage
    from renderers.pdf.raster import Rasterizer
    from vary_data.engine.recipe import Recipe

FORMATS = ("plain", "markdown")
RASTERIZER_NAMES = ("pymupdf", "pdf2image")

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
    """Layouts (page sizes, font sizes and styles) in which each e-book is typeset."""
    keep_rows: bool = option(False)
    """End every row of the page with a line break, not only every paragraph; of plain text."""
    dehyphenate: bool = option(False)
    """Join words that are broken at the ends of rows; compounds keep their hyphen. Rows that are
    kept end as on the picture."""
    drop_leaders: bool = option(False)
    """Leave the dots before page numbers out of text and regions. Programs keep theirs."""
    page_timeout: float = option(10.0, above=0, unit="seconds")
    """Time limit per page."""
    license: str = option("unknown")
    """License to state for the documents."""


class Pages:
    """The generator `pages`."""

    name = "pages"
    label = "pages"
    Options = PageOptions

    chooses_documents = True

    def tasks(self, recipe: Recipe) -> Sequence[Task]:
        """Blocks of pages, by document in the order of the sources.

        For a part of the sources, only the chosen files are opened.

        Raises:
            UsageError: an option is invalid.
            SourceError: a source does not exist or has no document.
        """
        return page_tasks(recipe)

    def open(self, recipe: Recipe) -> PageTaskRunner:
        return PageTaskRunner(recipe)


class PageTaskRunner:
    """Reads pages; keeps the last document open, since the tasks of a document are consecutive."""

    def __init__(self, recipe: Recipe) -> None:
        from renderers.pdf.start import import_pymupdf

        import_pymupdf()  # before all that import it
        from renderers.pdf.document import silence
        from renderers.pdf.page import PageReader
        from renderers.pdf.raster import RasterScale

        options: PageOptions = recipe.options
        silence()
        gc.freeze()  # imported objects stay, so the collector need not search them again
        self.recipe = recipe
        self.options = options
        self.reader = PageReader(
            scale=RasterScale(options.long_side, options.dpi),
            rasterizer=_rasterizer(options.rasterizer, options.page_timeout),
            languages=("en", "zh") if options.detect else (recipe.lang,),
            keep_rows=options.keep_rows,
            dehyphenate=options.dehyphenate,
            drop_leaders=options.drop_leaders,
            markdown=options.format == "markdown",
        )
        self.opened: tuple[Location, BookLayout | None] | None = None
        self.held: HeldFile | None = None
        self.document: pymupdf.Document | None = None
        self.was_repaired = False
        self.language: Callable[[], str | None] | None = None
        self.fonts: FontTruth | None = None

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
            self.document = self.opened = self.language = self.fonts = None
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
            with page_deadline(self.options.page_timeout):
                page = self.reader.read(document, index, self.language, self.fonts)
        except Rejected as error:
            return Rejection(key, error.reason, f"{where}: {error.detail}")
        except PageDeadline:
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
            meta["layout"] = asdict(BookLayout(*layout))
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
            template=BookLayout(*layout).name if layout else "",
            seed=seed.value,
            regions=page.picture.regions,
            meta=meta,
        )

    def _open(self, path: Location, sha256: str, layout: BookLayout | None) -> pymupdf.Document:
        from renderers.pdf.document import open_document
        from renderers.pdf.font_truth import FontTruth
        from renderers.pdf.language import document_language
        from vary_data.dataset.rejection import Rejected

        # MuPDF repairs a damaged file when it comes to the damage, after which pages may have other
        # content: what a task reads must not depend on the tasks before it.
        repaired = self.document is not None and self.document.is_repaired != self.was_repaired
        if self.document is None or self.opened != (path, layout) or repaired:
            self.close()
            if isinstance(path, RemotePath):
                try:
                    self.held = hold_for_task(path, sha256)
                except (FileNotFoundError, ChangedSource) as error:
                    raise Rejected("changed-file", str(error)) from error
            self.document = open_document(self.held.path if self.held else Path(str(path)), layout)
            self.opened = (path, layout)
            self.was_repaired = self.document.is_repaired
            self.language = cache(partial(document_language, self.document))
            self.fonts = FontTruth(self.document)
        return self.document


def _rasterizer(name: str, seconds: float) -> Rasterizer:
    """The rasterizer of this name; poppler's programs may compute for `seconds` per page.

    Raises:
        ToolMissing: poppler is not installed.
    """
    from renderers.pdf.raster import MAX_SIDE, POPPLER, MuPdf, Poppler
    from vary_data.generators import sandbox

    if name == "pymupdf":
        return MuPdf()
    for program in POPPLER:
        if shutil.which(program) is None:
            raise ToolMissing(f"{program} was not found", "apt-get install poppler-utils")
    # The picture is a file of three bytes for each pixel.
    limits = sandbox.ProcessLimits(
        file_mib=3 * MAX_SIDE * MAX_SIDE // 2**20 + 1, cpu_seconds=int(seconds) + 1
    )
    return Poppler(partial(sandbox.wrap, limits=limits), seconds)


_PAGE_NUMBER = re.compile(r"^[\W\d]*$|^[ivxlcIVXLC]{1,6}$", re.MULTILINE)
_NOT_TEXT = re.compile(r"\W+")


def fingerprint(text: str) -> bytes:
    """A hash of the text without page numbers, case, spaces and punctuation."""
    plain = _NOT_TEXT.sub("", _PAGE_NUMBER.sub("", text)).casefold()
    return hashlib.sha256((plain or text).encode()).digest()
