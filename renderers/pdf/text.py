"""Builds the text of a page from its characters: rows, paragraphs, tables, words.

The text follows the picture. A hyphen at the end of a row is kept, because the picture shows
it, and the next row follows it without a space; Latin rows are joined by one space, Chinese
rows by nothing. Each paragraph is one line of text; headings, headers, footnotes, captions and
table rows are separate paragraphs.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from renderers.pdf.blocks import Block
from renderers.pdf.characters import Line
from renderers.pdf.continuity import NO_JOINS, Joins, joins
from renderers.pdf.drop_caps import with_drop_caps
from renderers.pdf.gutters import is_running
from renderers.pdf.hyphens import with_broken_words
from renderers.pdf.labels import are_fields
from renderers.pdf.line_numbers import line_numbers, put_back
from renderers.pdf.listings import MAX_STEP_EM, with_listings
from renderers.pdf.margin import margin_notes, note_position
from renderers.pdf.order import agreement, grouped_rows, reading_order
from renderers.pdf.paragraphs import SIZE_CHANGE, split_paragraphs
from renderers.pdf.roles import PageFrame, with_roles
from renderers.pdf.rows import TextRow, rotated_row, text_row
from renderers.pdf.table_columns import with_unruled_tables
from renderers.pdf.tables import RuledTable, ruled_tables
from renderers.pdf.vertical import vertical_columns, vertical_paragraphs
from renderers.picture import Box
from renderers.roles import MARGIN_NOTE

_LINE_NUMBER = re.compile(r"^\d{1,4} | \d{1,4}$")


@dataclass(frozen=True, slots=True)
class PageText:
    """The text of a page in reading order.

    `text` has one line per paragraph; `blocks` holds the rows of each. `order_agreement`
    (0 to 1) is the agreement of reading order and drawing order; `flows` is the number of single
    columns and margin notes of the page; `doubts` counts gutters that no evidence settles;
    `continuity` says how well the rows of the paragraphs continue each other.
    """

    text: str
    blocks: tuple[Block, ...]
    flows: int
    order_agreement: float
    doubts: int = 0
    continuity: Joins = NO_JOINS

    @property
    def paragraphs(self) -> tuple[tuple[TextRow, ...], ...]:
        """The rows of each block."""
        return tuple(block.rows for block in self.blocks)

    @property
    def rows(self) -> list[TextRow]:
        """The rows of all blocks, in reading order."""
        return [row for block in self.blocks for row in block.rows]

    @property
    def running_rows(self) -> list[str]:
        """The rows of running text: those that `continuity` judges."""
        blocks = [block for block in self.blocks if not block.table]
        rows = [row for block in blocks for row in block.rows if not row.monospaced]
        return [row.text for row in rows if is_running(row.text)]


def page_text(
    lines: Sequence[Line],
    page_height: float,
    *,
    keep_rows: bool = False,
    dehyphenate: bool = False,
    rules: Sequence[Box] = (),
) -> PageText:
    """Order the lines for reading and join them; with `keep_rows` every row is a line of text.

    Letter-spaced words are joined in the lines already (`with_joined_letters`). With `dehyphenate`
    the parts of words that are broken at the ends of rows are joined, too.

    `rules` are the boxes of drawings in points, among them the rules of tables. A margin note
    follows the paragraph next to it. Lines that are not horizontal (a stamp in the margin) come
    last, each as a paragraph.

    Raises:
        Rejected: `vertical-text`.
    """
    columns = vertical_columns(lines)
    if columns is not None:
        return _vertical_page(columns, keep_rows=keep_rows)
    horizontal = with_drop_caps([line for line in lines if line.horizontal])
    horizontal, tables = ruled_tables(horizontal, rules)
    notes, horizontal, tables = _without_notes(horizontal, tables)
    numbers = line_numbers(horizontal)
    order = reading_order(horizontal, page_height, aside=list(numbers))
    flows = put_back(numbers, order.flows)
    blocks = [b for flow in flows for b in _blocks(horizontal, flow, tables, numbers)]
    blocks = with_roles(blocks, PageFrame.of(order, horizontal, page_height))
    if notes:
        blocks = _with_notes(blocks, notes)
    if dehyphenate:
        blocks = with_broken_words(blocks)
    blocks.extend(Block((rotated_row(line),)) for line in lines if not line.horizontal)
    count = len(flows) + len(notes)
    return PageText(
        joined(blocks, keep_rows=keep_rows),
        tuple(blocks),
        count,
        agreement(order.flows, sum(len(table.lines) - 1 for table in tables.values())),
        order.doubts,
        _continuity(blocks, numbered=bool(numbers)),
    )


def _without_notes(
    lines: Sequence[Line], tables: Mapping[int, RuledTable]
) -> tuple[list[list[Line]], list[Line], dict[int, RuledTable]]:
    """The lines of each margin note, the other lines, and the tables by index of these.

    Tables come first: the first cells of one at the page's left edge look like notes. Each is a
    line that a note may stand beside.
    """
    found = [note for note in margin_notes(lines) if tables.keys().isdisjoint(note)]
    notes = [[lines[i] for i in note] for note in found]
    in_notes = {id(line) for note in notes for line in note}
    kept = [(i, line) for i, line in enumerate(lines) if id(line) not in in_notes]
    moved = {new: tables[old] for new, (old, _) in enumerate(kept) if old in tables}
    return notes, [line for _, line in kept], moved


def _continuity(blocks: Sequence[Block], *, numbered: bool) -> Joins:
    """How well the rows of the paragraphs continue each other, without their line numbers.

    Only rows of running text count: many listings are set in a proportional font.
    """
    pairs = [
        (a.text, b.text)
        for block in blocks
        if not block.table
        for a, b in pairwise(block.rows)
        if not (a.monospaced or b.monospaced)
    ]
    if numbered:
        pairs = [(_LINE_NUMBER.sub("", a), _LINE_NUMBER.sub("", b)) for a, b in pairs]
    return joins((a, b) for a, b in pairs if is_running(a))


def joined(blocks: Sequence[Block], *, keep_rows: bool) -> str:
    """The blocks as text: a line for each paragraph or, with `keep_rows`, for each row."""
    if keep_rows:
        return "\n".join(row.text for block in blocks for row in block.rows)
    return "\n".join(line for block in blocks for line in block.lines)


def _vertical_page(lines: Sequence[Line], *, keep_rows: bool) -> PageText:
    columns = [line for line in lines if not line.horizontal]
    rest = [line for line in lines if line.horizontal]
    rows = [rotated_row(line, upright=True) for line in columns]
    blocks = [Block(tuple(rows[i] for i in part)) for part in vertical_paragraphs(columns)]
    blocks += [Block((text_row([line]),)) for line in rest]
    evidence = joins((a.text, b.text) for block in blocks for a, b in pairwise(block.rows))
    text = joined(blocks, keep_rows=keep_rows)
    return PageText(text, tuple(blocks), 1, 1.0, 0, evidence)


def _blocks(
    lines: Sequence[Line],
    flow: Sequence[int],
    tables: dict[int, RuledTable],
    numbers: Collection[int],
) -> list[Block]:
    """The blocks of a flow; a table stands in the flow as one piece."""
    aside = {id(lines[i]) for i in numbers}
    found: list[Block] = []
    part: list[TextRow] = []
    numbered: dict[int, TextRow] = {}

    def close() -> None:
        rows = with_listings(part, numbered)
        for before, row in zip(part, rows, strict=True):
            if row is not before and id(before) in numbered:
                numbered[id(row)] = replace(numbered[id(before)], monospaced=True)
        for paragraph in split_paragraphs(rows):
            found.append(Block(tuple(numbered.get(id(row), row) for row in paragraph)))
        part.clear()
        numbered.clear()  # later rows may get the identities of these

    beside: list[RuledTable] = []  # to the right of the rows that follow
    for index in grouped_rows(lines, flow):
        pieces = [lines[i] for i in index if i not in tables]
        row = _bare_row(pieces, aside)
        if row is not None and row.text:
            done = [t for t in beside if t.block.box[3] < row.baseline]
            if done and not _goes_on(part, row):
                close()
                found += [table.block for table in done]
                beside = [table for table in beside if table not in done]
            has_number = any(id(piece) in aside for piece in pieces)
            if part and _changes_to_code(part[-1], id(part[-1]) in numbered, row, has_number):
                close()
            part.append(row)
            if has_number:
                # The number may be longer than the row, and in another font.
                with_number = text_row(pieces, aside)
                numbered[id(row)] = replace(with_number, size=row.size, monospaced=row.monospaced)
        for i in index:
            if i not in tables:
                continue
            if part and tables[i].block.box[0] > part[-1].box[2]:
                beside.append(tables[i])
            else:
                close()
                found.append(tables[i].block)
    close()
    found += [table.block for table in beside]
    return with_unruled_tables(found)


def _changes_to_code(before: TextRow, numbered: bool, row: TextRow, has_number: bool) -> bool:
    """Whether a listing with numbered rows begins or ends between two rows."""
    return numbered is not has_number and before.monospaced is not row.monospaced


def _goes_on(part: Sequence[TextRow], row: TextRow) -> bool:
    """Whether a row is the next one of a listing."""
    both = bool(part) and part[-1].monospaced and row.monospaced
    return both and row.baseline - part[-1].baseline < MAX_STEP_EM * row.size


def _bare_row(pieces: Sequence[Line], numbers: Collection[int]) -> TextRow | None:
    """A row without its line number: the number is no word of a paragraph.

    A number alone is an empty row of a listing.
    """
    bare = [piece for piece in pieces if id(piece) not in numbers]
    if bare:
        return text_row(bare)
    return replace(text_row(pieces), monospaced=True) if pieces else None


def _with_notes(blocks: Sequence[Block], notes: Sequence[Sequence[Line]]) -> list[Block]:
    """The blocks with the rows of each note inserted where it is read."""
    boxes = [[row.box for row in block.rows] for block in blocks]
    before: list[list[Block]] = [[] for _ in range(len(blocks) + 1)]
    for note in notes:
        before[note_position(note[0].box, boxes)].extend(_note_blocks(note))
    found = list(before[0])
    for block, following in zip(blocks, before[1:], strict=True):
        found += (block, *following)
    return found


def _note_blocks(lines: Sequence[Line]) -> list[Block]:
    """The rows of a note as one paragraph: they are too short to detect the end of a paragraph.

    A change of size ends a paragraph, and each row of a typewriter font and each field
    (`New: 2021-09-24`) is one, as in the body.
    """
    blocks: list[Block] = []
    for index in grouped_rows(lines, range(len(lines))):
        row = text_row([lines[i] for i in index])
        before = blocks[-1].rows[-1] if blocks else row
        smaller, larger = sorted((before.size, row.size))
        starts_new = before.monospaced or row.monospaced or larger > SIZE_CHANGE * smaller
        starts_new = starts_new or are_fields(before, row)
        if blocks and not starts_new:
            blocks[-1] = replace(blocks[-1], rows=(*blocks[-1].rows, row))
        else:
            blocks.append(Block((row,), MARGIN_NOTE))
    return blocks
