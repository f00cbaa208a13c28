"""Row kinds: the values of the column `kind`, with what readers of a dataset need to know of them.

Whoever makes rows of a new kind describes it by a `RowKind`. The description is written to the
footer of every shard and to plan.json, so that no reader has to import the generator. Readers
accept a kind without a description; it then has the defaults of `RowKind`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any

from vary_data.base.errors import UsageError
from vary_data.base.storage import Location
from vary_data.dataset.footers import footer

FOOTER_KEY = "vary.row_kinds"
EDIT_DISTANCE = "edit_distance"


@dataclass(frozen=True, slots=True)
class RowKind:
    """What readers of a dataset need to know of rows of one kind."""

    name: str
    """The value of the column `kind`."""
    label: str = ""
    """What the rows are, for the card of a dataset: a plural, e.g. `pages with their text`."""
    limitation: str = ""
    """A sentence for the section on limitations of the card; empty for none."""
    scoring: str = EDIT_DISTANCE
    """Metrics by which answers are scored: a name in docs/evaluation.md. A name that the
    evaluation does not have is replaced by `edit_distance`."""
    reading_order: bool | None = None
    """Whether the regions of a row are listed in reading order, as those of pages are. If not,
    words are read row by row, as those of charts are. None decides for each row: its regions are
    in reading order if all of them are lines and words."""
    original: bool = False
    """Whether the content was made for the dataset, not taken from existing documents."""


_UNCHECKED = "Captions, questions and answers are those of their source, unchecked."

BUILT_IN: Mapping[str, RowKind] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            RowKind(
                "chart",
                "random charts with their data as a Python dict",
                "Charts show random numbers under random names: they teach reading, and nothing "
                "about the world. Where no values are printed, the truth is only as precise as "
                "the axis.",
                scoring="chart",
                reading_order=False,
                original=True,
            ),
            RowKind(
                "semantic_chart",
                "charts with coherent content with their data as a Python dict",
                "The numbers of charts are invented, however plausible their topics are.",
                scoring="chart",
                reading_order=False,
                original=True,
            ),
            RowKind(
                "page",
                "pages of documents with their text",
                "The text of a page is that of its file, checked against the ink, not proof-read. "
                "Documents may name people; nothing was removed from them.",
                scoring="page",
                reading_order=True,
            ),
            RowKind(
                "latex_page",
                "LaTeX documents set again, with Mathpix Markdown",
                "LaTeX pages are set in our templates, without their figures; what does not fit "
                "the supported blocks exactly was left out before setting.",
                scoring="markdown",
                reading_order=True,
            ),
            RowKind(
                "web_page",
                "pages of many genres laid out in a browser, with their text",
                "Sentences, names and numbers of browser pages are made by a grammar: they teach "
                "reading and layout, and nothing about the world.",
                scoring="markdown",
                reading_order=True,
                original=True,
            ),
            RowKind("table", "single tables with LaTeX", scoring="table", reading_order=True),
            RowKind("formula", "single formulas with LaTeX", scoring="formula", reading_order=True),
            RowKind(
                "negative",
                "natural pictures with nothing to read",
                "Negatives were not searched for text in the background.",
                scoring="nothing_to_read",
                reading_order=True,
            ),
            RowKind(
                "caption",
                "pictures with captions",
                _UNCHECKED,
                scoring="description",
                reading_order=True,
            ),
            RowKind(
                "vqa",
                "questions about pictures",
                _UNCHECKED,
                scoring="short_answer",
                reading_order=True,
            ),
            RowKind(
                "conversation",
                "conversations about pictures",
                _UNCHECKED,
                scoring="description",
                reading_order=True,
            ),
        )
    }
)
"""The kinds of this package, which every reader has without a description in the dataset."""


class RowKinds:
    """The built-in kinds and those that a dataset describes."""

    def __init__(self, described: Iterable[RowKind] = ()) -> None:
        self.described = tuple(described)
        self._kinds = {**{kind.name: kind for kind in self.described}, **BUILT_IN}

    @classmethod
    def of_footer(cls, key_values: Mapping[str, str]) -> RowKinds:
        """The kinds that the footer of a shard describes."""
        try:
            return cls(parse_row_kinds(json.loads(key_values.get(FOOTER_KEY, "[]"))))
        except ValueError:
            return cls()

    def __contains__(self, name: object) -> bool:
        return name in self._kinds

    def get(self, name: str) -> RowKind:
        """The kind of this name; one with all defaults if it is not described."""
        return self._kinds.get(name) or RowKind(name)


BUILT_IN_KINDS = RowKinds()


def row_kinds_of(shard: Location) -> RowKinds:
    """The kinds in a Parquet file: built-in ones, and those that its footer describes."""
    return RowKinds.of_footer(footer(shard))


def parse_row_kinds(data: Any) -> tuple[RowKind, ...]:
    """Row kinds from plain data; entries, keys and values that are not understood are skipped.

    Datasets outlive versions of this package, so a newer one may have described more.
    """
    entries = data if isinstance(data, list) else []
    return tuple(
        RowKind(**{key: value for key, value in entry.items() if _is_valid(key, value)})
        for entry in entries
        if isinstance(entry, dict) and isinstance(entry.get("name"), str) and entry["name"]
    )


def _is_valid(key: str, value: Any) -> bool:
    if key in ("reading_order", "original"):
        return isinstance(value, bool)
    return key in ("name", "label", "limitation", "scoring") and isinstance(value, str)


def plain_row_kinds(kinds: Sequence[RowKind]) -> list[dict[str, Any]]:
    """Row kinds as plain data, as plan.json and footers hold them."""
    return [asdict(kind) for kind in kinds]


def check_row_kinds(kinds: Sequence[RowKind]) -> tuple[RowKind, ...]:
    """The kinds that a dataset has to describe: those that are not built in.

    Raises:
        UsageError: two descriptions of one kind, or one that differs from a built-in kind.
    """
    known = dict(BUILT_IN)
    described = []
    for kind in kinds:
        if known.setdefault(kind.name, kind) != kind:
            raise UsageError(
                f"two descriptions of the row kind {kind.name!r}", "give the new one another name"
            )
        if kind.name not in BUILT_IN and kind not in described:
            described.append(kind)
    return tuple(described)
