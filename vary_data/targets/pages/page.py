"""A page as a value: its blocks in reading order, from the regions of a row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from renderers.roles import BULLETS, CELL, LINE, TAG
from vary_data.dataset.languages import languages
from vary_data.dataset.region_tree import blocks, children, corners
from vary_data.dataset.rejection import Rejected
from vary_data.targets.regions import sound_regions
from vary_data.targets.tables.row_table import table_at
from vary_data.targets.tables.table import Table

FURNITURE = frozenset({"page_header", "page_footer", "page_number", "line_number"})
"""Roles that are no part of the text."""
SHAPES = frozenset({"figure", "chart"})
"""Roles that show a picture."""

_BROKEN = re.compile(r"(?<!\w)(\w+)[-\u00ad‐] (\w+)")
_LABEL = re.compile(
    rf"^(?:(?P<bullet>[{BULLETS}✓✔*∗·–❖→-])|(?P<number>[(（]?[0-9]{{1,3}}[.)）、](?!\d)))\s*"
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line or the number of a formula: its text and corners."""

    text: str
    corners: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A block; `box` is in pixels, `corners` are clockwise from the top left of the text.

    `parent` and `continues` are indices of blocks of the page: the table or figure of a caption,
    and the first part of a paragraph that a column breaks.
    """

    role: str
    text: str
    box: tuple[float, float, float, float]
    corners: tuple[float, ...]
    level: int = 0
    table: Table | None = None
    parent: int | None = None
    continues: int | None = None
    lines: tuple[Line, ...] = ()
    tags: tuple[Line, ...] = ()

    @property
    def is_ordered(self) -> bool:
        """Whether a list item has a number."""
        match = _LABEL.match(self.text)
        return bool(match and match["number"])

    @property
    def item_text(self) -> str:
        """The text of a list item without its bullet or number."""
        return _LABEL.sub("", self.text)


@dataclass(frozen=True, slots=True)
class Page:
    """`text` and `format` are the ground truth of the row."""

    width: int
    height: int
    lang: str
    text: str
    format: str
    blocks: tuple[Block, ...]

    def flow(self) -> Iterator[Block]:
        """The blocks of the text, without page headers and the like; a paragraph that a column
        breaks is one block, with the box of its first part."""
        continued: dict[int, list[Block]] = {}
        for block in self.blocks:
            if block.continues is not None:
                continued.setdefault(self._first(block), []).append(block)
        for index, block in enumerate(self.blocks):
            if block.role in FURNITURE or block.continues is not None:
                continue
            parts = [block, *continued.get(index, ())]
            text = _joined([part.text for part in parts], self.text)
            yield _with_text(block, text) if len(parts) > 1 else block

    def parent(self, block: Block) -> Block | None:
        """The table, figure or program of a caption."""
        return None if block.parent is None else self.blocks[block.parent]

    def _first(self, block: Block) -> int:
        """The index of the first part of a broken paragraph."""
        index = block.continues
        assert index is not None
        while (before := self.blocks[index].continues) is not None:
            index = before
        return index


def page_of(row: Mapping[str, Any]) -> Page:
    """The page of a row of pages.

    Raises:
        Rejected: `no-blocks` if its blocks are not known, as in datasets of version 0.2 and before;
            `regions` if their tree is damaged.
    """
    regions = sound_regions(row)
    chosen = blocks(regions)
    if not any(regions[i]["role"] not in SHAPES for i in chosen):
        raise Rejected("no-blocks", "the blocks of the page are not known")
    below = children(regions)
    places = {index: place for place, index in enumerate(chosen)}
    text = row["text"] or ""
    return Page(
        int(row["width"]),
        int(row["height"]),
        row["lang"] if row["lang"] in languages() else "en",
        text,
        row["format"],
        tuple(_block(regions, index, below[index], places, text) for index in chosen),
    )


def _block(
    regions: Sequence[Mapping[str, Any]],
    index: int,
    below: Sequence[int],
    places: Mapping[int, int],
    truth: str,
) -> Block:
    region = regions[index]
    x0, y0, x1, y1 = region["bbox"]
    parts = [regions[i] for i in below]
    has_cells = region["role"] == "table" and any(part["role"] == CELL for part in parts)
    text = region["text"] or ""
    return Block(
        region["role"],
        text if region["role"] in ("table", "code", "formula") else unbroken(text, truth),
        (x0, y0, x1, y1),
        tuple(corners(region)),
        region.get("level") or 0,
        table_at(regions, index) if has_cells else None,
        places.get(region["parent"]) if region["parent"] is not None else None,
        places.get(region["continues"]) if region.get("continues") is not None else None,
        tuple(_line(part) for part in parts if part["role"] == LINE),
        tuple(_line(part) for part in parts if part["role"] == TAG),
    )


def _line(region: Mapping[str, Any]) -> Line:
    return Line(region["text"] or "", tuple(corners(region)))


def unbroken(text: str, truth: str) -> str:
    """A text without the hyphens of line breaks, which the ground truth does not have.

    `ta- bles` is `tables` if the ground truth has that word, and `well-known` if it has this.
    """

    def join(match: re.Match[str]) -> str:
        for joined in (match[1] + match[2], f"{match[1]}-{match[2]}"):
            if joined in truth:
                return joined
        return match[0]

    return _BROKEN.sub(join, " ".join(text.split()))


def _joined(texts: Sequence[str], truth: str) -> str:
    wide = any("\u3400" <= text[-1:] <= "\u9fff" for text in texts[:-1])
    return unbroken(("" if wide else " ").join(texts), truth)


def _with_text(block: Block, text: str) -> Block:
    return replace(block, text=text)
