"""The pages of a dataset that `latex` or `pages` made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from vary_data.base.errors import SourceError, UsageError
from vary_data.base.seed import stable_hash
from vary_data.dataset.reader import Dataset, DatasetConfig

KINDS = ("latex_page", "page")
"""Kinds of rows that are pages of documents, of `latex` and `pages`."""
FIRST_ROWS = 1000
"""Rows of a configuration among which there is a page, if it holds documents."""


@dataclass(frozen=True, slots=True)
class SourcePage:
    """A stored row: the folder of its configuration, its id and its document."""

    folder: str
    id: str
    doc_id: str
    has_latex: bool


def hold_documents(paths: Sequence[str]) -> bool:
    """Whether a corpus is a dataset of `latex` or `pages`.

    Raises:
        UsageError: it is one of several paths.
    """
    found = [path for path in paths if _configs(path)]
    if found and len(paths) > 1:
        raise UsageError(
            f"{found[0]} is a dataset of documents and cannot be a part of a corpus",
            "give it alone",
        )
    return bool(found)


def source_pages(path: str, lang: str) -> list[SourcePage]:
    """The pages in a language of a dataset of documents, in its order.

    Raises:
        SourceError: it has none.
    """
    columns = ["id", "doc_id", "kind", "lang"]
    pages = [
        SourcePage(str(config.path), row["id"], row["doc_id"], row["kind"] == "latex_page")
        for config in _configs(path)
        for row in config.rows(columns)
        if row["kind"] in KINDS and row["lang"] == lang
    ]
    if not pages:
        raise SourceError(f"{path} has no page in {lang}", "choose another --lang")
    return pages


def turns(pages: Sequence[SourcePage], seed: int, count: int) -> list[SourcePage]:
    """`count` pages: all of them in a shuffled order, as often as needed."""
    found: list[SourcePage] = []
    while len(found) < count:
        turn = len(found) // len(pages)
        ranked = sorted(pages, key=lambda page: stable_hash(seed, "documents", turn, page.id))
        found += ranked[: count - len(found)]
    return found


def _configs(path: str) -> list[DatasetConfig]:
    """The configurations of documents in a folder; none if it is a corpus of texts."""
    try:
        configs = Dataset.open(path).configs
    except SourceError:
        return []
    return [config for config in configs if _has_page(config)]


def _has_page(config: DatasetConfig) -> bool:
    return any(row["kind"] in KINDS for row in islice(config.rows(["kind"]), FIRST_ROWS))
