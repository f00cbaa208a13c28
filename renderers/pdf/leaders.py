"""The leaders of a page: its blocks without them, and those that are an index by them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from renderers.leaders import has_leader, without_leaders
from renderers.pdf.blocks import Block, Table
from renderers.pdf.paragraphs import LEADER
from renderers.roles import CODE


def blocks_without_leaders(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, with a space for each leader; rows of programs keep their dots.

    Rows and blocks that were only dots are left out.
    """
    found = (_without_leaders(block) for block in blocks)
    return [block for block in found if block.rows]


def of_indexes(blocks: Sequence[Block]) -> frozenset[int]:
    """The places of blocks in a typewriter font that are an index and no program.

    Every row in such a font is a block. Those that follow each other are judged together: a program
    or a list of options may have a row that ends with dots and a number.
    """
    found: set[int] = set()
    for typewriter, group in groupby(range(len(blocks)), lambda i: _is_typewriter(blocks[i])):
        places = list(group)
        if typewriter and _is_index([row.text for i in places for row in blocks[i].rows]):
            found.update(places)
    return frozenset(found)


def _is_typewriter(block: Block) -> bool:
    return block.monospaced and block.table is None


def _is_index(rows: Sequence[str]) -> bool:
    """Whether most rows lead to a page number, one of them by more dots than an operator has
    (`f . 3`)."""
    entries = [row for row in rows if LEADER.search(row) and row[-1].isdigit()]
    return 2 * len(entries) > len(rows) and any(map(has_leader, entries))


def _without_leaders(block: Block) -> Block:
    texts = [row.text for row in block.rows]
    if block.role == CODE or not any(map(has_leader, texts)):
        return block
    rows = [
        replace(
            row,
            text=without_leaders(row.text),
            marked=without_leaders(row.marked, markdown=True),
        )
        for row in block.rows
    ]
    table = _table(block.table) if block.table else None
    if table and not table.cells:
        rows = []
    return replace(block, rows=tuple(row for row in rows if row.text), table=table)


def _table(table: Table) -> Table:
    """The table without leaders in its cells, and without rows that have only leaders."""
    cells = [tuple(map(without_leaders, row)) for row in table.cells]
    kept = [i for i, row in enumerate(cells) if any(row) or not any(table.cells[i])]
    marked = [tuple(without_leaders(c, markdown=True) for c in row) for row in table.marked]
    return replace(
        table,
        cells=tuple(cells[i] for i in kept),
        marked=tuple(marked[i] for i in kept) if marked else (),
        words=tuple(table.words[i] for i in kept) if table.words else (),
        headers=sum(i < table.headers for i in kept),
    )
