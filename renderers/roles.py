"""The roles of regions: a closed set of blocks, the parts of blocks, and the parts of charts.

Blocks map to the categories of layout data sets: DocLayNet (arXiv 2206.01062, 11 classes),
PubLayNet (arXiv 1908.07836, 5 classes), OmniDocBench (arXiv 2412.07626, `category_type`) and
DocTags (docling-core, values of `DocItemLabel`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

WORD = "word"
"""Latin words, or a run of equally wide Chinese characters.

Only horizontal text has words: each character of a word is at an equal (Chinese) or nearly equal
(Latin) share of its box, which is what a trainer needs to place it.
"""
LINE, CELL, TAG, INLINE_FORMULA = "line", "cell", "tag", "inline_formula"
PARTS = frozenset({WORD, LINE, CELL, TAG, INLINE_FORMULA})
"""Roles inside blocks; `tag` is the number of an equation."""

TITLE, SECTION_HEADER, PARAGRAPH, LIST_ITEM = "title", "section_header", "paragraph", "list_item"
ABSTRACT, AUTHOR, AFFILIATION, DATE = "abstract", "author", "affiliation", "date"
KEYWORDS, REFERENCE = "keywords", "reference"
TABLE, FIGURE, CHART, FORMULA = "table", "figure", "chart", "formula"
CODE, ALGORITHM, CAPTION, FOOTNOTE = "code", "algorithm", "caption", "footnote"
PAGE_HEADER, PAGE_FOOTER, PAGE_NUMBER = "page_header", "page_footer", "page_number"
LINE_NUMBER, MARGIN_NOTE = "line_number", "margin_note"
FORM, KEY, VALUE = "form", "key", "value"
CHECKED, UNCHECKED = "checkbox_selected", "checkbox_unselected"
BULLETS = "•●▪■□❏❑❒➢➤◦‣⁃"
"""Signs that begin a list item wherever a text is read; each reader knows further ones."""

MARK, PLOT, LEGEND, ANNOTATION = "mark", "plot", "legend", "annotation"
CHART_PARTS = frozenset(
    {
        *(TITLE, "subtitle", "source", "x_title", "y_title", "y2_title", LEGEND),
        *("x_tick", "y_tick", "y2_tick", "category", "value", "label", "note"),
        *(PLOT, MARK, ANNOTATION),
    }
)
"""Roles below a chart, where `title` and `value` are no blocks. An `annotation` is the shape of
one: a line, a shaded range, an arrow; its text is a `note`."""

SHAPES = frozenset({MARK, PLOT, ANNOTATION, CHART, FIGURE, FORM})
"""Roles without printed text of their own: a text, if any, names what they show."""


@dataclass(frozen=True, slots=True)
class Block:
    """The categories of a block role; None if the data set has no such category."""

    doclaynet: str | None
    publaynet: str | None
    omnidocbench: str | None
    doctags: str | None


_TEXT = Block("Text", "text", "text_block", "text")

BLOCKS: Mapping[str, Block] = MappingProxyType(
    {
        TITLE: Block("Title", "title", "title", "title"),
        SECTION_HEADER: Block("Section-header", "title", "title", "section_header"),
        PARAGRAPH: _TEXT,
        ABSTRACT: _TEXT,
        AUTHOR: _TEXT,
        AFFILIATION: _TEXT,
        DATE: _TEXT,
        KEYWORDS: _TEXT,
        LIST_ITEM: Block("List-item", "list", "text_block", "list_item"),
        REFERENCE: Block("List-item", "list", "reference", "reference"),
        TABLE: Block("Table", "table", "table", "table"),
        FIGURE: Block("Picture", "figure", "figure", "picture"),
        CHART: Block("Picture", "figure", "figure", "chart"),
        FORMULA: Block("Formula", "text", "equation_isolated", "formula"),
        CODE: Block("Text", "text", "code_txt", "code"),
        ALGORITHM: Block("Text", "text", "code_txt", "code"),
        CAPTION: Block("Caption", "text", "figure_caption", "caption"),
        FOOTNOTE: Block("Footnote", "text", "page_footnote", "footnote"),
        PAGE_HEADER: Block("Page-header", None, "header", "page_header"),
        PAGE_FOOTER: Block("Page-footer", None, "footer", "page_footer"),
        PAGE_NUMBER: Block("Page-footer", None, "page_number", "page_footer"),
        LINE_NUMBER: Block(None, None, "abandon", None),
        MARGIN_NOTE: _TEXT,
        FORM: Block(None, None, None, "form"),
        KEY: _TEXT,
        VALUE: _TEXT,
        CHECKED: Block("Text", "text", "text_block", CHECKED),
        UNCHECKED: Block("Text", "text", "text_block", UNCHECKED),
    }
)
"""Block roles. In PubLayNet, a `list` is one object around adjacent items."""

ROLES = frozenset({*BLOCKS, *PARTS, *CHART_PARTS})
"""Every role of a region."""

_BELOW = {
    CAPTION: {
        **dict.fromkeys((FIGURE, CHART), "figure_caption"),
        TABLE: "table_caption",
        **dict.fromkeys((CODE, ALGORITHM), "code_txt_caption"),
    },
    FOOTNOTE: {**dict.fromkeys((FIGURE, CHART), "figure_footnote"), TABLE: "table_footnote"},
}


def omnidocbench(role: str, parent: str | None = None) -> str | None:
    """The `category_type` of a block; captions and footnotes are told apart by their parent's
    role."""
    below = _BELOW.get(role, {}).get(parent or "")
    return below or BLOCKS[role].omnidocbench
