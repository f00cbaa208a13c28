"""What each block of a page is: title, heading, list item, caption, footnote, header, …

Decided by size and weight against the body, by place, and by how the text begins.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from renderers.pdf.blocks import Block
from renderers.pdf.characters import Line
from renderers.pdf.entries import LEADER
from renderers.pdf.labels import is_item
from renderers.pdf.leaders import of_indexes
from renderers.pdf.order import Order
from renderers.pdf.pieces import MARGIN_BAND, NUMBER_OF_PAGE, PAGE_NUMBER_BAND, usual_size
from renderers.pdf.rows import HAN_ONLY, TextRow
from renderers.pdf.table_columns import without_table_rows
from renderers.roles import (
    BULLETS,
    CAPTION,
    CODE,
    FOOTNOTE,
    LIST_ITEM,
    PAGE_FOOTER,
    PAGE_HEADER,
    PAGE_NUMBER,
    PARAGRAPH,
    SECTION_HEADER,
    TITLE,
)

LARGER = 1.12
"""Size of a heading in sizes of the body."""
TITLE_SIZE = 1.35
TITLE_BAND = 0.45
"""Share of the page's height at the top where a title stands."""
SMALLER = 0.93
"""Largest size of a footnote in sizes of the body."""
FOOTNOTE_BAND = 0.5
"""Share of the page's height from which footnotes stand."""
MAX_HEADING_ROWS = 3
MAX_HEADING = 160
"""Characters of a heading."""
MAX_FULL_STOP = 60
"""Characters of a numbered heading that ends with a full stop."""
MIN_CAPITALS = 5
"""Letters of a heading in capitals."""
MAX_CAPTION_ROWS = 8
MAX_HEADER = 60
"""Characters of a header that ends like a sentence."""
LIST_STEP_EM = 1.0
"""Indent of a nested list, in font sizes."""

_CAPTION = re.compile(
    r"(?:fig(?:ure|\.)|table|tab\.|listing|algorithm|scheme|plate)\s*[\dA-Z]*[\d.\-]*\d\s*(?:[:.—–|]|$|\s(?-i:[A-Z]))"
    r"|[图表]\s*\d+(?:[-.–]\d+)*(?=[\s:：.、]|$)",
    re.IGNORECASE,
)
_FOOTNOTE = re.compile(r"(?:\d{1,3}|[∗*†‡§¶‖]{1,3}|[①-⑳])\s*\S")
_NUMBERED = re.compile(
    r"(?P<number>\d{1,2}(?:\.\d{1,2}){0,4})\.?\s+[A-Z\u4e00-\u9fff“\"(]"
    r"|第[一二三四五六七八九十百\d]+[章节節部编篇]|[A-Z]\.\d+(?:\.\d+)*\s+[A-Z]"
    r"|(?:chapter|appendix|part)\s+[\dA-Z]+",
    re.IGNORECASE,
)
_BULLET = re.compile(rf"[{BULLETS}❖⋄]\s*\w")
_DASH = re.compile(r"[–-] ")
"""The dash before an item."""
_SENTENCE = re.compile(r"[.;,:。；，]$")


@dataclass(frozen=True, slots=True)
class PageFrame:
    """What the roles of a page's blocks are compared with. Sizes and heights in points."""

    body: float
    height: float
    header: frozenset[str]
    footer: frozenset[str]

    @classmethod
    def of(cls, order: Order, lines: Sequence[Line], height: float) -> PageFrame:
        """The frame of a page of this height, by its lines and their reading order."""
        return cls(
            usual_size(lines) if lines else 10.0,
            height,
            frozenset(lines[i].text for i in order.header),
            frozenset(lines[i].text for i in order.footer),
        )


def with_roles(blocks: Sequence[Block], frame: PageFrame) -> list[Block]:
    """The blocks of a page in reading order, each with its role."""
    indexes = of_indexes(blocks)
    found = _without_larger_text(
        [_with_role(block, frame, i in indexes) for i, block in enumerate(blocks)]
    )
    found = without_table_rows(found)
    found = _with_footnotes(found, frame)
    found = _with_set_off_headings(found)
    found = _without_lone_headings(found, frame)
    found = _without_authors(_with_title(found, frame))
    return _with_levels(_with_blank_code(found))


def _with_role(block: Block, frame: PageFrame, in_index: bool) -> Block:
    if block.table is not None:
        return block
    text = block.text
    _, top, _, bottom = block.box
    at_head = bottom < MARGIN_BAND * frame.height
    at_foot = top > (1 - MARGIN_BAND) * frame.height
    margin = (at_head and _of(block.rows, frame.header)) or (
        at_foot and _of(block.rows, frame.footer)
    )
    outside = at_head or top > (1 - PAGE_NUMBER_BAND) * frame.height
    if outside and len(block.rows) == 1 and NUMBER_OF_PAGE.fullmatch(text):
        return replace(block, role=PAGE_NUMBER)
    if at_head and block.size >= LARGER * frame.body and _is_heading(block, text, frame):
        margin = False  # a section begins at the head of the page
    if margin and not (len(text) > MAX_HEADER and _SENTENCE.search(text)):
        return replace(block, role=PAGE_HEADER if at_head else PAGE_FOOTER)
    if _CAPTION.match(text) and len(block.rows) <= MAX_CAPTION_ROWS:
        return replace(block, role=CAPTION)
    program = block.monospaced and not in_index and not _BULLET.match(text)
    if program and not _is_typewriter_heading(block, text, frame):
        return replace(block, role=CODE)
    if _is_heading(block, text, frame):
        return replace(block, role=SECTION_HEADER)
    if is_item(text):
        return replace(block, role=LIST_ITEM)
    return block


def _of(rows: Sequence[TextRow], texts: frozenset[str]) -> bool:
    """Whether a row has most of the pieces of the row at the head or foot of the page."""
    total = sum(map(len, texts))
    return any(2 * sum(len(t) for t in texts if t in row.text) > total for row in rows)


def _is_heading(block: Block, text: str, frame: PageFrame) -> bool:
    if len(block.rows) > MAX_HEADING_ROWS or len(text) > MAX_HEADING:
        return False
    if not any(map(str.isalpha, text)) or any(row.cells > 1 for row in block.rows):
        return False
    if LEADER.search(text) or _DASH.match(text):
        return False  # an entry of the contents, an item
    return block.size >= LARGER * frame.body or _is_bold_heading(block, text)


def _is_bold_heading(block: Block, text: str) -> bool:
    """Whether a short text is a heading by its weight, or by its number in capitals."""
    bold = all(row.bold for row in block.rows)
    if _NUMBERED.match(text) and (bold or text.isupper()):
        if not _SENTENCE.search(text):
            return True
        if text.endswith(".") and len(text) <= MAX_FULL_STOP and not is_item(text):
            return True
    if bold and text[-1] in ":：" and len(text) <= MAX_FULL_STOP:
        text = text[:-1]  # a label on a row of its own
    return bold and not _SENTENCE.search(text) and len(text) > 2 and not is_item(text)


def _without_larger_text(blocks: Sequence[Block]) -> list[Block]:
    """Blocks in the size of sentences, lists or long paragraphs are no headings by their size.

    Where a page has more text in small letters, such as listings and pictures of slides, its
    body is larger than most of its text.
    """
    sizes = {_size_step(block) for block in blocks if _is_text(block)}
    found = list(blocks)
    for i, block in enumerate(blocks):
        if block.role == SECTION_HEADER and _size_step(block) in sizes and not _is_marked(block):
            found[i] = replace(block, role=LIST_ITEM if is_item(block.text) else PARAGRAPH)
    return found


def _is_text(block: Block) -> bool:
    """Whether a block without marks of a heading is running text or an item of a list."""
    if block.role == PARAGRAPH:
        return len(block.rows) > MAX_HEADING_ROWS
    if block.role != SECTION_HEADER or _is_marked(block):
        return False
    text = block.text
    if text[-1] in "。；" or _BULLET.match(text):
        return True
    ends = ".;:" if is_item(text) or len(block.rows) > 1 else ".;"
    return text[-1] in ends and (len(text) > MAX_FULL_STOP or bool(HAN_ONLY.search(text)))


def _is_marked(block: Block) -> bool:
    """Whether a block is bold or numbered like a heading, not only larger."""
    numbered = _NUMBERED.match(block.text) and not _SENTENCE.search(block.text)
    return bool(numbered) or _is_bold_heading(block, block.text)


def _is_typewriter_heading(block: Block, text: str, frame: PageFrame) -> bool:
    """Whether a row in a typewriter font is clearly larger than the body: the name of a command
    above its description."""
    return block.size >= LARGER * frame.body and _is_heading(block, text, frame)


def _with_footnotes(blocks: Sequence[Block], frame: PageFrame) -> list[Block]:
    """Small blocks at the end of a column that begin with a mark, and those that continue them."""
    found = list(blocks)
    in_notes = False
    for i, block in enumerate(found):
        small = block.size <= SMALLER * frame.body
        text_block = block.role in (PARAGRAPH, LIST_ITEM)
        if text_block and small and block.box[1] > FOOTNOTE_BAND * frame.height:
            if _FOOTNOTE.match(block.text):
                found[i] = replace(block, role=FOOTNOTE)
                in_notes = True
            elif in_notes:
                found[i] = replace(block, role=FOOTNOTE)
        elif block.role not in (PAGE_NUMBER, PAGE_FOOTER):
            in_notes = False
    return found


def _with_set_off_headings(blocks: Sequence[Block]) -> list[Block]:
    """Single rows in italics, small capitals or capitals above a paragraph in other letters are
    headings."""
    found = list(blocks)
    for i, (block, below) in enumerate(pairwise(blocks)):
        if block.role != PARAGRAPH or below.role != PARAGRAPH or len(block.rows) > 1:
            continue
        row, text = block.rows[0], block.text
        if len(below.rows) < 2 or any(map(_is_set_off, below.rows[:2])):
            continue
        short = len(text) <= MAX_FULL_STOP and row.cells == 1 and text[0].isupper()
        if _is_set_off(row) and short and not _SENTENCE.search(text):
            found[i] = replace(block, role=SECTION_HEADER)
    return found


def _is_set_off(row: TextRow) -> bool:
    capitals = sum(map(str.isupper, row.text))
    in_capitals = capitals >= MIN_CAPITALS and capitals == sum(map(str.isalpha, row.text))
    return row.italic or row.small_caps or in_capitals


def _without_lone_headings(blocks: Sequence[Block], frame: PageFrame) -> list[Block]:
    """Many bold blocks of the body's size without a number are bold text, not headings."""
    bold = {
        i
        for i, b in enumerate(blocks)
        if b.role == SECTION_HEADER
        and b.size < LARGER * frame.body
        and not (_NUMBERED.match(b.text) and b.rows[0].bold)
    }
    others = sum(b.role in (PARAGRAPH, LIST_ITEM) for b in blocks)
    if len(bold) <= max(3, others):
        return list(blocks)
    return [replace(b, role=PARAGRAPH) if i in bold else b for i, b in enumerate(blocks)]


def _with_title(blocks: Sequence[Block], frame: PageFrame) -> list[Block]:
    """The largest heading as the title, if it is the first and larger than all others."""
    headings = [i for i, block in enumerate(blocks) if block.role == SECTION_HEADER]
    if not headings:
        return list(blocks)
    first = blocks[headings[0]]
    others = [blocks[i].size for i in headings[1:]]
    is_first = all(b.role in (PAGE_HEADER, PAGE_NUMBER) for b in blocks[: headings[0]])
    if (
        is_first
        and first.size >= TITLE_SIZE * frame.body
        and first.box[1] < TITLE_BAND * frame.height
        and not _NUMBERED.match(first.text)
        and all(first.size > 1.05 * size for size in others)
    ):
        return [replace(b, role=TITLE) if b is first else b for b in blocks]
    return list(blocks)


def _without_authors(blocks: Sequence[Block]) -> list[Block]:
    """What follows a title and is neither bold nor numbered is its authors and date.

    Names beside each other are cells, not headings; they have the size of the other authors.
    """
    found = list(blocks)
    start = next((i for i, b in enumerate(found) if b.role == TITLE), len(found))
    for i in range(start + 1, len(found)):
        block = found[i]
        bold = any(row.bold for row in block.rows)
        if block.role == PARAGRAPH and any(row.cells > 1 for row in block.rows):
            continue
        if block.role != SECTION_HEADER or bold or _NUMBERED.match(block.text):
            break
        found[i] = replace(block, role=PARAGRAPH)
    return found


def _with_blank_code(blocks: Sequence[Block]) -> list[Block]:
    """The number of an empty row of a listing belongs to the listing."""
    found = list(blocks)
    for i in range(1, len(found) - 1):
        around = found[i - 1].role == CODE and found[i + 1].role == CODE
        if around and found[i].text.isdigit():
            found[i] = replace(found[i], role=CODE)
    return found


def _with_levels(blocks: Sequence[Block]) -> list[Block]:
    """Levels of headings: by size, then by the depth of their numbers; of list items by indent."""
    has_title = any(block.role == TITLE for block in blocks)
    depths = _depths(blocks)
    sizes = sorted(depths, reverse=True)
    found: list[Block] = []
    indents: list[float] = []
    for block in blocks:
        if block.role == TITLE:
            found.append(replace(block, level=1))
        elif block.role == SECTION_HEADER:
            step, depth = _size_step(block), _depth(block)
            level = 1 + has_title + sizes.index(step)
            if depth and len(depths[step] - {0}) > 1:
                level += depth - 1
            found.append(replace(block, level=min(6, level)))
        elif block.role == LIST_ITEM:
            left = block.rows[0].start
            while indents and left < indents[-1] - LIST_STEP_EM * block.size:
                indents.pop()
            if not indents or left > indents[-1] + LIST_STEP_EM * block.size:
                indents.append(left)
            found.append(replace(block, level=len(indents) - 1))
        else:
            if block.role == PARAGRAPH and not (indents and block.rows[0].start > indents[0]):
                indents = []
            found.append(block)
    return found


def _size_step(block: Block) -> int:
    """Font sizes that look equal have the same step."""
    return round(2 * block.size)


def _depth(block: Block) -> int:
    """How many parts the number of a heading has: 2 of `3.1`, 0 without one."""
    match = _NUMBERED.match(block.text)
    return match["number"].count(".") + 1 if match and match["number"] else 0


def _depths(blocks: Sequence[Block]) -> dict[int, set[int]]:
    """The depths of the numbers of headings, by the step of their size."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    for block in blocks:
        if block.role == SECTION_HEADER:
            found[_size_step(block)].add(_depth(block))
    return found
