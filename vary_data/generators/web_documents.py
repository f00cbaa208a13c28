"""Pages of stored documents as content of browser pages, for the generator `web-pages`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vary_data.base.errors import UsageError
from vary_data.base.seed import stable_hash
from vary_data.dataset.rejection import Rejected
from vary_data.engine.generator import Task
from vary_data.generators.stored_rows import StoredRows
from vary_data.sources.web_pages.contents.needs import check_installed
from vary_data.sources.web_pages.documents.blocks import Printable, Setting, set_again
from vary_data.sources.web_pages.documents.compose import GENRES
from vary_data.sources.web_pages.documents.rows import source_pages, turns
from vary_data.targets.pages.page import page_of
from vary_data.targets.target import original

if TYPE_CHECKING:
    from vary_data.engine.recipe import Recipe


def document_tasks(recipe: Recipe, params: Mapping[str, Any]) -> list[Task]:
    """One task for each page, with the document of its source, which decides the split.

    All pages of the source come in a shuffled order, then again with other looks. `params` are
    what every page depends on besides.

    Raises:
        UsageError: a genre is none that documents can be set as.
        ToolMissing: formulas need KaTeX, which is not installed.
        SourceError: the dataset has no page in the language.
    """
    genres = recipe.options.genres or GENRES
    for name in genres:
        if name not in GENRES:
            raise UsageError(f"documents cannot be {name} pages", f"possible: {', '.join(GENRES)}")
    pages = source_pages(recipe.options.corpus[0], recipe.lang)
    if any(page.has_latex for page in pages):
        check_installed(["formulas"], recipe.lang)
    tasks = []
    for index, page in enumerate(turns(pages, recipe.seed, recipe.options.num_samples)):
        key = f"{recipe.name}-{index:07d}"
        genre = genres[stable_hash(recipe.seed, "genre", key) % len(genres)]
        row = {"genre": genre, "folder": page.folder, "row": page.id}
        tasks.append(Task(key, page.doc_id, 1, {**row, **params}))
    return tasks


@dataclass(frozen=True, slots=True)
class StoredContent:
    """The blocks of a stored page, and where they come from."""

    setting: Setting
    source: str
    license: str


class DocumentReader:
    """Reads stored pages; `printable` says which formulas can be drawn, None if none can."""

    def __init__(self, printable: Printable | None) -> None:
        self._rows = StoredRows()
        self._printable = printable

    def read(self, task: Task) -> StoredContent:
        """The content of a task's page.

        Raises:
            Rejected: its regions cannot be relied on, or nothing of it can be set (`no-blocks`).
        """
        row = original(self._rows.row(str(task.params["folder"]), str(task.params["row"])))
        setting = set_again(page_of(row), self._printable)
        if not setting.blocks:
            raise Rejected("no-blocks", "no block of the page can be set again")
        return StoredContent(setting, row["source"], row["license"])
