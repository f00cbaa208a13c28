"""The leaders of a page: its blocks without them, and those that are an index by them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, groupby

from renderers.leaders import ELLIPSES, has_leader, leader_spans, without_leaders
from renderers.pdf.blocks import Block, Table
from renderers.pdf.entries import LEADER
from renderers.pdf.rows import WIDE, Word
from renderers.roles import CODE

DOT = 0.5
ELLIPSIS = 2.0
"""Widths of signs as a share of that of other characters, about as in the usual fonts."""
NEAR = 5
"""Blocks before and after one that show whether it is of an index."""
MIN_ENTRIES = 1 / 3
"""Share of those with words that lead to page numbers. Of the 1,249 entries in a typewriter font on
1,068 pages of 129 manuals 1,242 have more; 532 rows between them are taken along, of which 90 were
looked at: none is of a program."""


def blocks_without_leaders(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, with a space for each leader; rows of programs keep their dots. Words are without
    leaders, too; boxes of rows and blocks still hold them.

    Rows and blocks that were only dots are left out.
    """
    found = (_without_leaders(block) for block in blocks)
    return [block for block in found if block.rows]


def of_indexes(blocks: Sequence[Block]) -> frozenset[int]:
    """The places of blocks in a typewriter font that are of an index and no program.

    Every row in such a font is a block, and a program or a list of options may have one that ends
    with dots and a number. Of an index there are more, with its letters, further numbers, and names
    whose dots are in the next row between them.
    """
    texts = [block.rows[-1].text for block in blocks]
    entries = [LEADER.search(text) is not None and text[-1].isdigit() for text in texts]
    if sum(entries) < 2:
        return frozenset()
    return frozenset(
        i
        for i, block in enumerate(blocks)
        if block.monospaced and block.table is None and _is_of_index(i, texts, entries)
    )


def _is_of_index(at: int, texts: Sequence[str], entries: Sequence[bool]) -> bool:
    """Whether a row is an entry or between two, and there are many near it."""
    start, end = max(0, at - NEAR), at + NEAR + 1
    if not (entries[at] or (any(entries[start:at]) and any(entries[at + 1 : end]))):
        return False
    near = list(zip(texts[start:end], entries[start:end], strict=True))
    words = sum(entry or sum(map(str.isalpha, text)) > 1 for text, entry in near)
    count = sum(entries[start:end])
    # an operator has fewer dots: `f . 3`
    dotted = any(entry and has_leader(text) for text, entry in near)
    return count > max(1, MIN_ENTRIES * words) and dotted


def _without_leaders(block: Block) -> Block:
    texts = [row.text for row in block.rows]
    if block.role == CODE or not any(map(has_leader, texts)):
        return block
    rows = [
        replace(
            row,
            text=without_leaders(row.text),
            marked=without_leaders(row.marked, markdown=True),
            words=_words(row.words, row.text, row.monospaced),
        )
        for row in block.rows
    ]
    table = _table(block.table, block.monospaced) if block.table else None
    if table and not table.cells:
        rows = []
    return replace(block, rows=tuple(row for row in rows if row.text), table=table)


def _table(table: Table, monospaced: bool) -> Table:
    """The table without leaders in its cells, and without rows that have only leaders."""
    cells = [tuple(map(without_leaders, row)) for row in table.cells]
    kept = [i for i, row in enumerate(cells) if any(row) or not any(table.cells[i])]
    marked = [tuple(without_leaders(c, markdown=True) for c in row) for row in table.marked]
    return replace(
        table,
        cells=tuple(cells[i] for i in kept),
        marked=tuple(marked[i] for i in kept) if marked else (),
        words=tuple(
            tuple(
                _words(*cell, monospaced)
                for cell in zip(table.words[i], table.cells[i], strict=True)
            )
            for i in kept
        )
        if table.words
        else (),
        headers=sum(i < table.headers for i in kept),
    )


def _words(words: Sequence[Word], text: str, monospaced: bool) -> tuple[Word, ...]:
    """The words of a text with leaders, without these; a word around one becomes two."""
    spans = list(leader_spans(text))
    dotted = {i for start, end in spans for i in range(start, end)}
    found: list[Word] = []
    at = 0
    for word in words:
        start = text.find(word.text, at)
        if start < 0:
            found.append(word)
            continue
        at = start + len(word.text)
        if dotted.isdisjoint(range(start, at)):
            found.append(word)
        else:
            even = monospaced or WIDE.match(word.text) is not None
            found += _beside(word, [start + i in dotted for i in range(len(word.text))], even)
    return tuple(found)


def _beside(word: Word, dotted: Sequence[bool], even: bool) -> Iterator[Word]:
    """The parts of a word before, between and after its dots; in an `even` one, such as a run of
    Chinese characters, all signs have one width."""
    x0, y0, x1, y1 = word.box
    widths = [
        1.0 if even or not dot else ELLIPSIS if sign in ELLIPSES else DOT
        for sign, dot in zip(word.text, dotted, strict=True)
    ]
    places = [0.0, *accumulate(widths)]
    step = (x1 - x0) / places[-1]
    at = 0
    for dot, group in groupby(dotted):
        start, at = at, at + len(list(group))
        if not dot:
            box = (x0 + step * places[start], y0, x0 + step * places[at], y1)
            yield Word(word.text[start:at], box)
